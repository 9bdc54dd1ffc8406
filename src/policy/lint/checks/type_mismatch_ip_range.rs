//! A value is no range of addresses.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "type-mismatch-ip-range",
    severity: Severity::Low,
    title: "A value is no range of addresses",
    why: "Nothing can be compared with it: the test never passes, or always where it is negated.",
    help: "Write an address or a range of them.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}"#,
    run,
};

use super::values::unreadable;
use crate::policy::condition::Comparison;
use crate::policy::literal::addresses;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let is_kind = |comparison| matches!(comparison, Comparison::Address);
    for (value, text) in unreadable(lint, is_kind, |text| addresses(text).is_some()) {
        report.add(value.site, format!("`{text}` is not an address or a range of them"));
    }
}
