//! Two elements exclude each other.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "unsupported-element-combination",
    severity: Severity::High,
    title: "Two elements exclude each other",
    why: "IAM rejects a statement with an element and its `Not` form.",
    help: "Keep one of the two.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "NotAction": "s3:PutObject"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for statement in &lint.policy.statements {
        for name in ["Action", "Resource", "Principal"] {
            if statement.has(name) && statement.has(&format!("Not{name}")) {
                report.add(statement.site, format!("`{name}` and `Not{name}` exclude each other"));
            }
        }
    }
}
