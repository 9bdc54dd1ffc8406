//! An action and the resources of its statement cannot meet.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "resource-mismatch",
    severity: Severity::Low,
    title: "An action and the resources of its statement cannot meet",
    why: "The action acts on other kinds of resources, or on none: the statement does not allow it at all.",
    help: "Name a resource that the action acts on; `*` for an action that takes none.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

use crate::policy::lint::Sentence;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for sentence in lint.statements.iter().filter(|each| !each.statement.on().is_empty()) {
        let resources = sentence.statement.on();
        if resources.iter().any(|resource| lint.is_short(&resource.raw)) {
            continue;
        }
        let meets = |action: &str| resources.iter().any(|resource| lint.may_act_on(action, &resource.text));
        let mut all_met = true;
        for (action, expanded) in sentence.actions() {
            if expanded.is_empty() || expanded.iter().any(|action| meets(action)) {
                continue;
            }
            all_met = false;
            report.add(action.site, message(lint, &action.raw.to_string(), expanded));
        }
        if all_met && sentence.statement.everything().is_none() {
            unused(lint, sentence, report);
        }
    }
}

fn message(lint: &Lint<'_>, action: &str, expanded: &[crate::text::SmolStr]) -> String {
    let takes_none = |action: &crate::text::SmolStr| {
        lint.facts.resource_types(action).is_some_and(|types| types.is_empty())
    };
    if expanded.iter().all(takes_none) {
        format!("`{action}` takes no resource and is only allowed on `*`")
    } else {
        format!("`{action}` acts on none of the resources of its statement")
    }
}

/// A resource on which none of the statement's actions acts.
fn unused(lint: &Lint<'_>, sentence: &Sentence<'_>, report: &mut Report<'_>) {
    let actions: Vec<_> = sentence.actions().flat_map(|(_, expanded)| expanded).collect();
    if actions.is_empty() {
        return;
    }
    for resource in sentence.statement.on() {
        if !actions.iter().any(|action| lint.may_act_on(action, &resource.text)) {
            report.add(resource.site, format!("no action of the statement acts on `{}`", resource.raw));
        }
    }
}
