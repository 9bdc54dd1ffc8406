//! A public address is compared with private ones only.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "private-ip",
    severity: Severity::High,
    title: "A public address is compared with private ones only",
    why: "Requests reach AWS from public addresses, or through an endpoint without this key: no request has such a value.",
    help: "Use the public addresses, or `aws:VpcSourceIp` with `aws:SourceVpc`.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}"#,
    run,
};

use crate::policy::condition::Comparison;
use crate::policy::literal::addresses;

/// What no address of the internet lies in.
const PRIVATE: &[&str] =
    &["10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let is_public =
        |key: &str| lint.facts.iam().public_address_keys.iter().any(|name| name.eq_ignore_ascii_case(key));
    for test in lint.tests().filter(|test| is_public(&test.key)) {
        let is_positive = test
            .operator
            .is_some_and(|operator| operator.comparison == Comparison::Address && !operator.negated);
        let is_private = |text: &str| {
            let Some((six, first, last)) = addresses(text) else { return false };
            PRIVATE
                .iter()
                .filter_map(|range| addresses(range))
                .any(|(of_six, low, high)| six == of_six && low <= first && last <= high)
        };
        let all = test.values.iter().all(|value| value.raw.as_literal().is_some_and(is_private));
        if is_positive && all && !test.values.is_empty() {
            report.add(test.site, format!("`{}` never is a private address", test.key));
        }
    }
}
