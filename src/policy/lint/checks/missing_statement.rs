//! The document has no statement.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "missing-statement",
    severity: Severity::High,
    title: "The document has no statement",
    why: "IAM rejects it.",
    help: "Add a `Statement`.",
    bad: r#"{"Version": "2012-10-17"}"#,
    good: r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let has = lint.policy.elements.iter().any(|element| element.name == "Statement");
    if !has || (lint.policy.statements.is_empty() && lint.policy.wrong_types.is_empty()) {
        report.add(lint.policy.site, "the document has no statement");
    }
}
