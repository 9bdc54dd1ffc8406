//! A flag is compared with two values.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "multiple-boolean",
    severity: Severity::High,
    title: "A flag is compared with two values",
    why: "Either the test says nothing, or one of the values was not meant; IAM rejects it.",
    help: "Keep one value.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"Bool": {"aws:SecureTransport": ["true", "false"]}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}"#,
    run,
};

use crate::policy::condition::Comparison;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for test in lint.tests() {
        let is_flag = test
            .operator
            .is_some_and(|operator| matches!(operator.comparison, Comparison::Flag | Comparison::Null));
        if is_flag && test.values.len() > 1 {
            report.add(test.site, format!("`{}` is compared with {} values", test.key, test.values.len()));
        }
    }
}
