//! A condition key should not be used any more.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "deprecated-condition-key",
    severity: Severity::Low,
    title: "A condition key should not be used any more",
    why: "Another one has taken its place.",
    help: "Use the new key.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringLike": {"aws:ARN": "arn:aws:iam::123456789012:role/*"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::123456789012:role/*"}}}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for test in lint.tests() {
        let mut known = lint.facts.iam().deprecated_keys.iter();
        if let Some((_, new)) = known.find(|(old, _)| old.eq_ignore_ascii_case(&test.key)) {
            report.add(test.site, format!("`{new}` has taken the place of `{}`", test.key));
        }
    }
}
