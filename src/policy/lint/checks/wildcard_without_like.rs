//! A wildcard stands in a value that is compared letter by letter.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "wildcard-without-like",
    severity: Severity::Low,
    title: "A wildcard stands in a value that is compared letter by letter",
    why: "`*` and `?` are plain characters there, and no request has them.",
    help: "Use `StringLike` or `StringNotLike`.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"s3:prefix": "home/*"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringLike": {"s3:prefix": "home/*"}}}"#,
    run,
};

use super::values::of_kind;
use crate::policy::condition::Comparison;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let is_exact = |comparison| matches!(comparison, Comparison::Text | Comparison::TextIgnoringCase);
    for value in of_kind(lint, is_exact) {
        if has_wildcard(&value.text) {
            report.add(value.site, format!("the wildcard in `{}` is a plain character here", value.raw));
        }
    }
}
