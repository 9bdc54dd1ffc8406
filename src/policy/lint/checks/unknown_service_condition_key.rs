//! A condition key of a service does not exist.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "unknown-service-condition-key",
    severity: Severity::High,
    title: "A condition key of a service does not exist",
    why: "No request has it: what is to be equal to it never is, and what is to differ always does.",
    help: "Correct the key.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"s3:prefixx": "x"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"s3:prefix": "x"}}}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for test in lint.tests() {
        let Some((service, name)) = test.key.split_once(':') else { continue };
        // Keys of providers of identities are named by whoever runs them.
        let is_open =
            service.eq_ignore_ascii_case("aws") || service.contains(['.', '/', '$']) || name.is_empty();
        if !is_open && !name.ends_with('/') && lint.key_type(&test.key).is_none() {
            report.add(test.site, format!("there is no condition key `{}`", test.key));
        }
    }
}
