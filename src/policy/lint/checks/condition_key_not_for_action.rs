//! No action of the statement has the condition key.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "condition-key-not-for-action",
    severity: Severity::High,
    title: "No action of the statement has the condition key",
    why: "The requests never carry the key: what is to be equal to it never is, and what is to differ always does.",
    help: "Use a key that the actions have, or split the statement.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"s3:x-amz-storage-class": "STANDARD"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"s3:prefix": "x"}}}"#,
    run,
};

use crate::catalog::is_same_key;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for sentence in &lint.statements {
        let actions: Vec<&crate::text::SmolStr> =
            sentence.actions().flat_map(|(_, expanded)| expanded).collect();
        if actions.is_empty() {
            continue;
        }
        for test in &sentence.statement.tests {
            let is_known = !test.key.ends_with('/') && lint.key_type(&test.key).is_some();
            if !is_known || lint.facts.is_global_key(&test.key) {
                continue;
            }
            let has = |action: &&crate::text::SmolStr| {
                lint.facts.action_keys(action).iter().any(|name| is_same_key(name, &test.key))
            };
            if !actions.iter().any(has) {
                report.add(
                    test.site,
                    format!("no action of the statement has the condition key `{}`", test.key),
                );
            }
        }
    }
}
