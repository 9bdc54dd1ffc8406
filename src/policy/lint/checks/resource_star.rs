//! An action that could be narrowed is allowed on everything.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "resource-star",
    severity: Severity::Low,
    title: "An action that could be narrowed is allowed on everything",
    why: "Whoever holds the role reaches every resource of the account.",
    help: "Name the resources; leave `*` to the actions that take none.",
    bad: r#"{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}"#,
    good: r#"{"Effect": "Allow", "Action": "dynamodb:ListTables", "Resource": "*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for sentence in lint.granting_a_part().filter(|each| each.statement.tests.is_empty()) {
        let Some(everything) = sentence.statement.everything() else { continue };
        let takes_one = |action: &crate::text::SmolStr| {
            lint.facts.resource_types(action).is_some_and(|types| !types.is_empty())
        };
        let narrowable: Vec<String> = sentence
            .actions()
            .filter(|(_, expanded)| expanded.iter().any(takes_one))
            .map(|(action, _)| format!("`{}`", action.raw))
            .collect();
        if !narrowable.is_empty() {
            let (shown, more) = super::texts::first(&narrowable);
            report.add(everything.site, format!("{shown}{more} could be allowed on fewer resources"));
        }
    }
}
