//! Everything but some actions is allowed.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "allow-notaction",
    severity: Severity::Medium,
    title: "Everything but some actions is allowed",
    why: "A list of what is left out grows stale: new services and actions come in by themselves.",
    help: "Name what is allowed in `Action`.",
    bad: r#"{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for sentence in lint.granting() {
        if let Some(actions) = sentence.statement.actions.as_ref().filter(|list| list.negated) {
            report.add(actions.site, "the statement allows every action but those listed");
        }
    }
}
