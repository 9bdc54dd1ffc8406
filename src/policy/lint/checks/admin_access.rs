//! Everything is allowed on everything.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "admin-access",
    severity: Severity::Medium,
    title: "Everything is allowed on everything",
    why: "Whoever holds the role controls the account.",
    help: "Allow what is needed: `leastwise generate` writes it.",
    bad: r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

use super::super::Sentence;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for action in lint.granting().filter_map(Sentence::everything) {
        report.add(action.site, "the statement allows everything on everything");
    }
}
