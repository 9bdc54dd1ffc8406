//! The document states no version.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "missing-version",
    severity: Severity::Low,
    title: "The document states no version",
    why: "It is then read as of 2008, in which `${aws:username}` is plain text.",
    help: r#"Write `"Version": "2012-10-17"`."#,
    bad: r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}"#,
    good: r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    if !lint.policy.statements.is_empty() && !lint.policy.elements.iter().any(|each| each.name == "Version") {
        report.add(lint.policy.site, "the document states no `Version` and is read as of 2008-10-17");
    }
}
