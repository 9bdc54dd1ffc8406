//! An ARN has an account that cannot be one.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "invalid-arn-account",
    severity: Severity::High,
    title: "An ARN has an account that cannot be one",
    why: "An account has twelve digits: the pattern matches nothing.",
    help: "Correct the account.",
    bad: r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:12345678901:q"}"#,
    good: r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:123456789012:q"}"#,
    run,
};

use super::texts::template_part;

/// The place of the account in an ARN.
const PLACE: usize = 4;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (resource, [_, service, _, account, _]) in lint.arns() {
        let Some(known) = account.as_literal() else { continue };
        let is_account = known.len() == 12 && known.bytes().all(|byte| byte.is_ascii_digit());
        if known.is_empty() || known.contains(['*', '?']) || is_account || known == "aws" {
            continue;
        }
        let types = service.as_literal().map(|service| lint.facts.arn_types(service)).unwrap_or_default();
        if !types.iter().any(|template| template_part(template, PLACE) == known) {
            report.add(resource.site, format!("`{known}` is no account: one has twelve digits"));
        }
    }
}
