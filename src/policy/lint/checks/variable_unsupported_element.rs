//! A policy variable stands where it is not replaced.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "variable-unsupported-element",
    severity: Severity::High,
    title: "A policy variable stands where it is not replaced",
    why: "Variables are replaced in resources and in values of conditions. Elsewhere they are plain text, which IAM rejects.",
    help: "Write the text out.",
    bad: r#"{"Effect": "Allow", "Action": "${aws:PrincipalTag/service}:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

use super::variables::keys;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for action in lint.actions() {
        if let Some(key) = keys(action).first() {
            report.add(action.site, format!("`${{{key}}}` is not replaced in an action"));
        }
    }
}
