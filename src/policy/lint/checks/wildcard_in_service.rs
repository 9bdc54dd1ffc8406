//! The service of an action has a wildcard.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "wildcard-in-service",
    severity: Severity::Note,
    title: "The service of an action has a wildcard",
    why: "Which services are meant cannot be read, and new ones come in by themselves.",
    help: "Name the services.",
    bad: r#"{"Effect": "Allow", "Action": "s*:Get*", "Resource": "*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for action in lint.actions() {
        let Some(text) = action.raw.as_literal() else { continue };
        if text.split_once(':').is_some_and(|(service, _)| service.contains(['*', '?'])) {
            report.add(action.site, format!("the service of `{text}` has a wildcard"));
        }
    }
}
