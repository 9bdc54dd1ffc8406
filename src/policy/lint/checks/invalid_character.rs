//! The document has a character that no policy may have.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "invalid-character",
    severity: Severity::High,
    title: "The document has a character that no policy may have",
    why: "IAM takes tab, line ends and the characters of Latin-1 (U+0020 to U+00FF), and rejects others.",
    help: "Use `?` or `*` in its place, or a name without it.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/你/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.policy.forbidden {
        report.add(*site, "the text has characters outside of U+0020 to U+00FF");
    }
}
