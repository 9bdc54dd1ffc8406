//! A key stands twice in one map.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "duplicate-json-key",
    severity: Severity::High,
    title: "A key stands twice in one map",
    why: "IAM rejects it; programs that read JSON keep one of the two and do not say which.",
    help: "Join the two values in one list, or remove one.",
    bad: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"}]}"#,
    good: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::b/*"}]}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for problem in &lint.policy.repeated {
        report.add(problem.site, problem.message.clone());
    }
}
