//! A statement has no `Effect`.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "missing-effect",
    severity: Severity::High,
    title: "A statement has no `Effect`",
    why: "IAM rejects the document.",
    help: r#"Say `"Effect": "Allow"` or `"Effect": "Deny"`."#,
    bad: r#"{"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for statement in lint.policy.statements.iter().filter(|statement| !statement.has("Effect")) {
        report.add(statement.site, "the statement has no `Effect`");
    }
}
