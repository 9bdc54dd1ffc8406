//! Any role but some may be handed to a service.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "passrole-notresource",
    severity: Severity::Medium,
    title: "Any role but some may be handed to a service",
    why: "A list of what is left out grows stale: the next strong role is not on it.",
    help: "Name the roles in `Resource`.",
    bad: r#"{"Effect": "Allow", "Action": "iam:PassRole", "NotResource": "arn:aws:iam::123456789012:role/admin"}"#,
    good: r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/task"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let passing = &lint.facts.escalations().passing.action;
    for sentence in lint.granting() {
        let Some(resources) = sentence.statement.resources.as_ref().filter(|list| list.negated) else {
            continue;
        };
        if sentence.has_action(passing) {
            report.add(resources.site, format!("`{passing}` is allowed on every role but those listed"));
        }
    }
}
