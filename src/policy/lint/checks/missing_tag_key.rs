//! A condition key for tags lacks the name of the tag.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "missing-tag-key",
    severity: Severity::High,
    title: "A condition key for tags lacks the name of the tag",
    why: "No request has such a key.",
    help: "Write the name of the tag behind the `/`.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"aws:ResourceTag/": "x"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"aws:ResourceTag/team": "x"}}}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for test in lint.tests().filter(|test| test.key.ends_with('/')) {
        report.add(test.site, format!("`{}` lacks the name of the tag", test.key));
    }
}
