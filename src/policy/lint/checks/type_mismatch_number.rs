//! A value is no number.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "type-mismatch-number",
    severity: Severity::Low,
    title: "A value is no number",
    why: "Nothing can be compared with it: the test never passes, or always where it is negated.",
    help: "Write a number.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"NumericLessThan": {"s3:max-keys": "ten"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"NumericLessThan": {"s3:max-keys": "10"}}}"#,
    run,
};

use super::values::unreadable;
use crate::policy::condition::Comparison;
use crate::policy::literal::number;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let is_kind = |comparison| matches!(comparison, Comparison::Number(_));
    for (value, text) in unreadable(lint, is_kind, |text| number(text).is_some()) {
        report.add(value.site, format!("`{text}` is not a number"));
    }
}
