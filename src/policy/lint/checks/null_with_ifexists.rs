//! `Null` cannot be combined with `IfExists`.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "null-with-ifexists",
    severity: Severity::High,
    title: "`Null` cannot be combined with `IfExists`",
    why: "IAM rejects the document: `Null` itself asks whether the key exists.",
    help: "Write `Null`.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"NullIfExists": {"s3:prefix": "true"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"Null": {"s3:prefix": "true"}}}"#,
    run,
};

use crate::policy::condition::Comparison;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for test in lint.tests() {
        if test.operator.is_some_and(|operator| operator.comparison == Comparison::Null && operator.if_exists)
        {
            report.add(test.operator_site, "`Null` cannot be combined with `IfExists`");
        }
    }
}
