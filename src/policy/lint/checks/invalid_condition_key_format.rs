//! A condition key has no service in front.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "invalid-condition-key-format",
    severity: Severity::High,
    title: "A condition key has no service in front",
    why: "No request has such a key.",
    help: "Write the whole key: `s3:prefix`, `aws:SourceIp`.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"prefix": "x"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"s3:prefix": "x"}}}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for test in lint.tests() {
        let is_whole =
            test.key.split_once(':').is_some_and(|(service, name)| !service.is_empty() && !name.is_empty());
        if !is_whole {
            report.add(test.site, format!("`{}` is not of the form `service:name`", test.key));
        }
    }
}
