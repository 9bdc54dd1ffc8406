//! A key with several values is compared like one with a single value.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "missing-qualifier",
    severity: Severity::High,
    title: "A key with several values is compared like one with a single value",
    why: "A request may have several values under the key, and such a test does not match then.",
    help: "Write `ForAnyValue:` or `ForAllValues:` in front of the operator.",
    bad: r#"{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "arn:aws:ec2:us-east-1:123456789012:instance/*", "Condition": {"StringEquals": {"aws:TagKeys": "a"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "arn:aws:ec2:us-east-1:123456789012:instance/*", "Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": "a"}}}"#,
    run,
};

use crate::policy::condition::{Comparison, Quantifier};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for test in lint.tests() {
        let is_plain = test.operator.is_some_and(|operator| {
            operator.quantifier == Quantifier::One && operator.comparison != Comparison::Null
        });
        if is_plain && lint.has_many(&test.key) == Some(true) {
            report.add(test.operator_site, format!("a request may have several values of `{}`", test.key));
        }
    }
}
