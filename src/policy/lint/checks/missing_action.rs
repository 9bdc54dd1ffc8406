//! A statement names no action.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "missing-action",
    severity: Severity::High,
    title: "A statement names no action",
    why: "IAM rejects the document.",
    help: "Add an `Action`.",
    bad: r#"{"Effect": "Allow", "Resource": "arn:aws:s3:::b/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for statement in &lint.policy.statements {
        if !statement.has("Action") && !statement.has("NotAction") {
            report.add(statement.site, "the statement has neither `Action` nor `NotAction`");
        }
    }
}
