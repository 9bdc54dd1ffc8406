//! A resource is included in another one of its statement.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "redundant-resource",
    severity: Severity::Note,
    title: "A resource is included in another one of its statement",
    why: "It changes nothing.",
    help: "Remove it, or the pattern that is wider.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::b/*", "arn:aws:s3:::b/logs/*"]}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["arn:aws:s3:::b/a/*", "arn:aws:s3:::b/b/*"]}"#,
    run,
};

use super::texts::{Pattern, contained, included};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for list in lint.policy.statements.iter().filter_map(|statement| statement.resources.as_ref()) {
        for (inner, outer) in contained(list, Pattern::resource) {
            report.add(inner.site, included(outer, inner));
        }
    }
}
