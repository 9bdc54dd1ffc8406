//! A range of addresses has digits that do not count.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "improve-ip-range",
    severity: Severity::Note,
    title: "A range of addresses has digits that do not count",
    why: "`203.0.113.7/24` is the whole of `203.0.113.0/24`; who reads it may take it for one address.",
    help: "Write the range with zeros, or `/32` for one address.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.7/24"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}"#,
    run,
};

use super::values::of_kind;
use crate::policy::condition::Comparison;
use crate::policy::literal::addresses;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for value in of_kind(lint, |comparison| comparison == Comparison::Address) {
        let Some(text) = value.raw.as_literal() else { continue };
        let own = text.split_once('/').and_then(|(address, _)| addresses(address));
        let (Some((_, address, _)), Some((_, first, last))) = (own, addresses(text)) else { continue };
        if address != first && first != last {
            report.add(value.site, format!("`{text}` does not begin where its range does"));
        }
    }
}
