//! The conditions of a statement exclude each other.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "statement-never-matches",
    severity: Severity::Low,
    title: "The conditions of a statement exclude each other",
    why: "No request passes all of them: the statement says nothing.",
    help: "Correct the conditions, or remove the statement.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}, "DateLessThan": {"aws:CurrentTime": "2025-01-01T00:00:00Z"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"DateGreaterThan": {"aws:CurrentTime": "2025-01-01T00:00:00Z"}, "DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}}"#,
    run,
};

use super::values::contradiction;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for statement in &lint.policy.statements {
        if let Some(test) = contradiction(&statement.tests) {
            report
                .add(test.site, format!("no value of `{}` passes all conditions of the statement", test.key));
        }
    }
}
