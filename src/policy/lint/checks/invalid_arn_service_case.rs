//! The service of an ARN is not in small letters.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "invalid-arn-service-case",
    severity: Severity::High,
    title: "The service of an ARN is not in small letters",
    why: "The parts of an ARN are compared letter by letter: the pattern matches nothing.",
    help: "Write the service in small letters.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:S3:::b/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (resource, [_, service, ..]) in lint.arns() {
        let Some(known) = service.as_literal() else { continue };
        if known.chars().any(|character| character.is_ascii_uppercase()) {
            report.add(resource.site, format!("the service `{known}` is not in small letters"));
        }
    }
}
