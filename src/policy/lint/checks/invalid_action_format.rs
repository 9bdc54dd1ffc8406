//! An action is not of the form `service:Name`.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "invalid-action-format",
    severity: Severity::High,
    title: "An action is not of the form `service:Name`",
    why: "IAM rejects it.",
    help: "Write the service in front: `s3:GetObject`.",
    bad: r#"{"Effect": "Allow", "Action": "GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for action in lint.actions() {
        let Some(text) = action.raw.as_literal() else { continue };
        let is_whole = match text.split_once(':') {
            Some((service, name)) => {
                let is_plain = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
                is_plain(service) && is_plain(name) && !name.contains(':')
            }
            None => text == "*",
        };
        if !is_whole && !text.contains("${") {
            report.add(action.site, format!("`{text}` is not of the form `service:Name`"));
        }
    }
}
