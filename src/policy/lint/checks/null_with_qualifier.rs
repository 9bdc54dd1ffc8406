//! `Null` needs no qualifier.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "null-with-qualifier",
    severity: Severity::Note,
    title: "`Null` needs no qualifier",
    why: "`Null` asks whether the key exists, whatever the number of its values.",
    help: "Write `Null`.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"ForAllValues:Null": {"aws:TagKeys": "true"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"Null": {"aws:TagKeys": "true"}}}"#,
    run,
};

use crate::policy::condition::{Comparison, Quantifier};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for test in lint.tests() {
        let is_counted = |operator: crate::policy::Operator| {
            operator.comparison == Comparison::Null && operator.quantifier != Quantifier::One
        };
        if test.operator.is_some_and(is_counted) {
            report.add(test.operator_site, format!("`{}` says no more than `Null`", test.spelled));
        }
    }
}
