//! A value is no date.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "type-mismatch-date",
    severity: Severity::Low,
    title: "A value is no date",
    why: "Nothing can be compared with it: the test never passes, or always where it is negated.",
    help: "Write a date.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"DateGreaterThan": {"aws:CurrentTime": "tomorrow"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}}"#,
    run,
};

use super::values::unreadable;
use crate::policy::condition::Comparison;
use crate::policy::literal::date;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let is_kind = |comparison| matches!(comparison, Comparison::Date(_));
    for (value, text) in unreadable(lint, is_kind, |text| date(text).is_some()) {
        report.add(value.site, format!("`{text}` is not a date"));
    }
}
