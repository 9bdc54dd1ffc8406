//! A `Sid` has characters that it may not have.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "invalid-sid",
    severity: Severity::High,
    title: "A `Sid` has characters that it may not have",
    why: "IAM rejects a policy of a role, user or group whose `Sid` is not made of letters and digits alone.",
    help: "Use `A-Z`, `a-z` and `0-9`.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Sid": "Read the objects!"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Sid": "ReadObjects"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    // The policies of many resources take any text.
    if lint.policy.kind == Kind::Resource {
        return;
    }
    for sid in lint.policy.statements.iter().filter_map(|statement| statement.sid.as_ref()) {
        if let Some(text) = sid.raw.as_literal()
            && !text.chars().all(|character| character.is_ascii_alphanumeric())
        {
            report.add(sid.site, format!("`{text}` has characters besides letters and digits"));
        }
    }
}
