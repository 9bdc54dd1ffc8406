//! A statement names no resource.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "missing-resource",
    severity: Severity::High,
    title: "A statement names no resource",
    why: "IAM rejects a policy of a role, user or group without one.",
    help: "Add a `Resource`; `*` where the action takes none.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    if !matches!(lint.policy.kind, Kind::Identity | Kind::ServiceControl) {
        return;
    }
    for statement in &lint.policy.statements {
        if !statement.has("Resource") && !statement.has("NotResource") {
            report.add(statement.site, "the statement has neither `Resource` nor `NotResource`");
        }
    }
}
