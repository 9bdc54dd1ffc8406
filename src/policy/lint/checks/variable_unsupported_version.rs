//! A policy variable stands in a document of the old version.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "variable-unsupported-version",
    severity: Severity::High,
    title: "A policy variable stands in a document of the old version",
    why: r#"Without `"Version": "2012-10-17"` it is plain text, and no resource has such a name."#,
    help: r#"Write `"Version": "2012-10-17"`."#,
    bad: r#"{"Version": "2008-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*"}}"#,
    good: r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*"}}"#,
    run,
};

use super::variables::{keys, places};
use crate::policy::VERSION;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    if lint.policy.version.as_ref().is_some_and(|version| version.raw.as_literal() == Some(VERSION)) {
        return;
    }
    for text in places(lint) {
        if let Some(key) = keys(text).first() {
            report.add(text.site, format!("`${{{key}}}` is plain text without version {VERSION}"));
        }
    }
}
