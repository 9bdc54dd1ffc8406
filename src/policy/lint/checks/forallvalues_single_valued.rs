//! `ForAllValues` is used on a key with one value.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "forallvalues-single-valued",
    severity: Severity::Medium,
    title: "`ForAllValues` is used on a key with one value",
    why: "Where the key is absent, the test passes: the statement allows what it was meant to leave out.",
    help: "Write the operator without `ForAllValues:`.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"ForAllValues:StringEquals": {"aws:ResourceTag/team": ["a"]}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"StringEquals": {"aws:ResourceTag/team": ["a"]}}}"#,
    run,
};

use super::values::passes_without_key;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for sentence in lint.allowing() {
        for test in &sentence.statement.tests {
            let is_single = lint.has_many(&test.key) == Some(false);
            if is_single && passes_without_key(sentence.statement, test) {
                report.add(
                    test.operator_site,
                    format!("`{}` has one value, and without it the test passes", test.key),
                );
            }
        }
    }
}
