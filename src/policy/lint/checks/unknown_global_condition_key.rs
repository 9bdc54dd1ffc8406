//! A condition key of all services does not exist.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "unknown-global-condition-key",
    severity: Severity::High,
    title: "A condition key of all services does not exist",
    why: "No request has it: what is to be equal to it never is, and what is to differ always does.",
    help: "Correct the key.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"aws:SourceRegion2": "x"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for test in lint.tests() {
        let Some((service, name)) = test.key.split_once(':') else { continue };
        // A key of tags without the tag's name is the business of another check.
        let is_whole = !name.is_empty() && !name.ends_with('/');
        if service.eq_ignore_ascii_case("aws") && is_whole && !lint.facts.is_global_key(&test.key) {
            report.add(test.site, format!("there is no condition key `{}`", test.key));
        }
    }
}
