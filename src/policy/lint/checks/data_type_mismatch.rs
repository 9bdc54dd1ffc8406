//! A value is of the wrong kind.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "data-type-mismatch",
    severity: Severity::High,
    title: "A value is of the wrong kind",
    why: r#"IAM rejects it. Often it is a reference of a template (`{"Fn::Sub": …}`) that nobody replaced."#,
    help: "Write text, or a list of texts; put the reference into the template that deploys the policy.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": [{"Fn::Sub": "arn:aws:s3:::${Name}/*"}]}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for problem in &lint.policy.wrong_types {
        report.add(problem.site, problem.message.clone());
    }
}
