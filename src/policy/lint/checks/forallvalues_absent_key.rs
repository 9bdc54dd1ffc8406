//! `ForAllValues` allows requests without the key.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "forallvalues-absent-key",
    severity: Severity::Medium,
    title: "`ForAllValues` allows requests without the key",
    why: "Where the key is absent, all of its values pass: the statement allows what it was meant to leave out.",
    help: r#"Add `"Null": {"<key>": "false"}`, or use the test in a statement that denies."#,
    bad: r#"{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:us-east-1:123456789012:table/t", "Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id"]}}}"#,
    good: r#"{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:us-east-1:123456789012:table/t", "Condition": {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id"]}, "Null": {"dynamodb:Attributes": "false"}}}"#,
    run,
};

use super::values::passes_without_key;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for sentence in lint.allowing() {
        for test in &sentence.statement.tests {
            let is_single = lint.key_type(&test.key).is_some_and(|kind| !kind.is_many);
            if !is_single && passes_without_key(sentence.statement, test) {
                let is_harmless = |name: &crate::text::SmolStr| name.eq_ignore_ascii_case(&test.key);
                let harmless = lint.facts.iam().harmless_when_absent.iter().any(is_harmless);
                let severity = if harmless { Severity::Note } else { CHECK.severity };
                report.add_as(
                    severity,
                    test.operator_site,
                    format!("a request without `{}` passes", test.key),
                );
            }
        }
    }
}
