//! A condition operator does not exist.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "invalid-condition-operator",
    severity: Severity::High,
    title: "A condition operator does not exist",
    why: "IAM rejects the document.",
    help: "Correct the operator.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringMatches": {"s3:prefix": "x"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"s3:prefix": "x"}}}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for test in lint.tests().filter(|test| test.operator.is_none()) {
        report.add(test.operator_site, format!("there is no condition operator `{}`", test.spelled));
    }
}
