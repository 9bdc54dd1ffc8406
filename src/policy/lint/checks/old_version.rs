//! The document is of the old version.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "old-version",
    severity: Severity::Low,
    title: "The document is of the old version",
    why: "In the version of 2008 `${aws:username}` is plain text.",
    help: r#"Write `"Version": "2012-10-17"`, after a look at every `${` in the document."#,
    bad: r#"{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}"#,
    good: r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let Some(version) = &lint.policy.version else { return };
    if version.raw.as_literal() == Some("2008-10-17") {
        report.add(version.site, "`2008-10-17` is the old version of the policy language");
    }
}
