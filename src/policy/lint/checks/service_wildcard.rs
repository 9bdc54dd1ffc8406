//! All actions of a service are allowed.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "service-wildcard",
    severity: Severity::Medium,
    title: "All actions of a service are allowed",
    why: "Deleting and handing on access are among them, and actions that the service gets later.",
    help: "Name the actions.",
    bad: r#"{"Effect": "Allow", "Action": "dynamodb:*", "Resource": "arn:aws:dynamodb:us-east-1:123456789012:table/t"}"#,
    good: r#"{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:us-east-1:123456789012:table/t"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (action, _) in lint.granting().flat_map(super::super::Sentence::actions) {
        let Some(text) = action.raw.as_literal() else { continue };
        if text.split_once(':').is_some_and(|(service, name)| name == "*" && !service.contains('*')) {
            report.add(action.site, format!("`{text}` is every action of the service"));
        }
    }
}
