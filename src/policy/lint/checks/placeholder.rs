//! A part of the policy is filled in later.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "placeholder",
    severity: Severity::Note,
    title: "A part of the policy is filled in later",
    why: "IAM takes the place for text. What stands there later is not known here, and not checked.",
    help: "Check the policy that comes of it, too.",
    bad: r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:{region}:ACCOUNT_ID:q"}"#,
    good: r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:123456789012:q"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for place in &lint.policy.places {
        report.add(place.site, place.message.clone());
    }
}
