//! An action names a service that does not exist.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "unknown-service",
    severity: Severity::High,
    title: "An action names a service that does not exist",
    why: "The action stands for nothing.",
    help: "Correct the name of the service.",
    bad: r#"{"Effect": "Allow", "Action": "s33:GetObject", "Resource": "*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for action in lint.actions() {
        let Some((service, _)) = action.raw.as_literal().and_then(|text| text.split_once(':')) else {
            continue;
        };
        let is_name = !service.is_empty() && !service.contains(['*', '?', '$']);
        if is_name && !lint.facts.is_service(service) {
            report.add(action.site, format!("there is no service `{service}`"));
        }
    }
}
