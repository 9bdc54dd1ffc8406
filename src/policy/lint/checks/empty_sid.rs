//! A `Sid` is empty.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "empty-sid",
    severity: Severity::Note,
    title: "A `Sid` is empty",
    why: "It names nothing.",
    help: "Leave it out, or say what the statement is for.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Sid": ""}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Sid": "Read"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for sid in lint.policy.statements.iter().filter_map(|statement| statement.sid.as_ref()) {
        if sid.raw.is_empty() {
            report.add(sid.site, "the `Sid` is empty");
        }
    }
}
