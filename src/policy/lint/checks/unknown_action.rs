//! An action does not exist.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "unknown-action",
    severity: Severity::High,
    title: "An action does not exist",
    why: "It stands for nothing: what it was meant to allow is not allowed.",
    help: "Correct the name. Actions are not always called like the operations of an SDK.",
    bad: r#"{"Effect": "Allow", "Action": ["iam:ListUsers", "iam:List"], "Resource": "*"}"#,
    good: r#"{"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (action, expanded) in
        lint.statements.iter().flat_map(|each| each.statement.all_actions().iter().zip(&each.expanded))
    {
        let Some(text) = action.raw.as_literal() else { continue };
        let Some((service, name)) = text.split_once(':') else { continue };
        let is_name = !name.is_empty() && !text.contains(['*', '?', '$', ' ']) && !name.contains(':');
        let is_known = !expanded.is_empty() || lint.facts.iam().unlisted.has_action(text);
        if is_name && !is_known && lint.facts.is_service(service) {
            report.add(action.site, format!("`{service}` has no action `{name}`"));
        }
    }
}
