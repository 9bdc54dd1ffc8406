//! An ARN has a region that cannot be one.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "invalid-arn-region",
    severity: Severity::High,
    title: "An ARN has a region that cannot be one",
    why: "The pattern matches nothing. Often it is an availability zone (`us-east-1a`).",
    help: "Correct the region.",
    bad: r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1a:123456789012:q"}"#,
    good: r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:123456789012:q"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (resource, [_, _, region, _, _]) in lint.arns() {
        let Some(known) = region.as_literal() else { continue };
        if !known.is_empty() && !known.contains(['*', '?']) && !is_region(known) {
            report.add(resource.site, format!("`{known}` is no region"));
        }
    }
}

/// Whether the text has the form of a region: words between `-`, then a number (`us-gov-west-1`).
fn is_region(text: &str) -> bool {
    let Some((words, number)) = text.rsplit_once('-') else { return false };
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    words.contains('-')
        && words.split('-').all(is_word)
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}
