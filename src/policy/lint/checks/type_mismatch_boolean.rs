//! A value is neither `true` nor `false`.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "type-mismatch-boolean",
    severity: Severity::Low,
    title: "A value is neither `true` nor `false`",
    why: "Nothing can be compared with it: the test never passes, or always where it is negated.",
    help: "Write `true` or `false`.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"Bool": {"aws:SecureTransport": "yes"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}"#,
    run,
};

use super::values::unreadable;
use crate::policy::condition::Comparison;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let is_kind = |comparison| matches!(comparison, Comparison::Flag | Comparison::Null);
    for (value, text) in
        unreadable(lint, is_kind, |text| matches!(text.to_ascii_lowercase().as_str(), "true" | "false"))
    {
        report.add(value.site, format!("`{text}` is not `true` or `false`"));
    }
}
