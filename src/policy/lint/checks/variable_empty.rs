//! A policy variable has no name.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "variable-empty",
    severity: Severity::High,
    title: "A policy variable has no name",
    why: "IAM rejects the document.",
    help: "Name the condition key between the braces.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${}/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*"}"#,
    run,
};

use super::variables::{keys, places};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for text in places(lint) {
        if keys(text).iter().any(|key| key.trim().is_empty()) {
            report.add(text.site, format!("a variable in `{}` has no name", text.raw));
        }
    }
}
