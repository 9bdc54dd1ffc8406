//! The document is not valid JSON.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "json-syntax",
    severity: Severity::High,
    title: "The document is not valid JSON",
    why: "IAM rejects it.",
    help: "Correct the text at the place shown.",
    bad: r#"{"Version": "2012-10-17", "Statement": [],}"#,
    good: r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for problem in &lint.policy.syntax {
        report.add(problem.site, problem.message.clone());
    }
}
