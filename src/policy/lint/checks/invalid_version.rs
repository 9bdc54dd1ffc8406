//! The version of the policy language does not exist.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "invalid-version",
    severity: Severity::High,
    title: "The version of the policy language does not exist",
    why: "IAM rejects the document. There are two versions: `2012-10-17` and the old `2008-10-17`.",
    help: r#"Write `"Version": "2012-10-17"`."#,
    bad: r#"{"Version": "2012-10-18", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}"#,
    good: r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let Some(version) = &lint.policy.version else { return };
    if let Some(text) = version.raw.as_literal()
        && !matches!(text, "2012-10-17" | "2008-10-17")
    {
        report.add(version.site, format!("there is no version `{text}` of the policy language"));
    }
}
