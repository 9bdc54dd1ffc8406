//! The list of actions is empty.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "empty-action",
    severity: Severity::Note,
    title: "The list of actions is empty",
    why: "The statement says nothing.",
    help: "Add an action, or remove the statement.",
    bad: r#"{"Effect": "Allow", "Action": [], "Resource": "arn:aws:s3:::b/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let lists = lint.policy.statements.iter().filter_map(|statement| statement.actions.as_ref());
    for list in lists.filter(|list| list.members.is_empty()) {
        report.add(list.site, "the list of actions is empty");
    }
}
