//! A policy variable is compared where it is not replaced.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "variable-unsupported-operator",
    severity: Severity::High,
    title: "A policy variable is compared where it is not replaced",
    why: "Variables are replaced where text, ARNs and flags are compared, not with numbers, dates, addresses and `Null`.",
    help: "Write the value out.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"NumericLessThan": {"s3:max-keys": "${aws:PrincipalTag/max}"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"s3:prefix": "${aws:username}"}}}"#,
    run,
};

use super::values::of_kind;
use super::variables::keys;
use crate::policy::condition::Comparison;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let is_plain = |comparison| {
        matches!(
            comparison,
            Comparison::Number(_) | Comparison::Date(_) | Comparison::Address | Comparison::Null
        )
    };
    for value in of_kind(lint, is_plain) {
        if let Some(key) = keys(value).first() {
            report.add(value.site, format!("`${{{key}}}` is not replaced for this operator"));
        }
    }
}
