//! An action is included in another one of its statement.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "redundant-action",
    severity: Severity::Note,
    title: "An action is included in another one of its statement",
    why: "It changes nothing.",
    help: "Remove it, or the pattern that is wider.",
    bad: r#"{"Effect": "Allow", "Action": ["s3:GetObject*", "s3:GetObject"], "Resource": "arn:aws:s3:::b/*"}"#,
    good: r#"{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

use super::texts::{Pattern, contained, included};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for list in lint.policy.statements.iter().filter_map(|statement| statement.actions.as_ref()) {
        for (inner, outer) in contained(list, Pattern::action) {
            report.add(inner.site, included(outer, inner));
        }
    }
}
