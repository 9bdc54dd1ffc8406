//! Any role may be handed to a service.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "passrole-star",
    severity: Severity::Medium,
    title: "Any role may be handed to a service",
    why: "Whoever holds the role can have a service act with a stronger one.",
    help: "Name the roles, or say to which services: a condition on `iam:PassedToService`.",
    bad: r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}"#,
    good: r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::123456789012:role/task"}"#,
    run,
};

use crate::policy::arn::held_glob;
use crate::text::Glob;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let passing = &lint.facts.escalations().passing;
    let types = lint.facts.resource_types(&passing.action).unwrap_or_default();
    for sentence in lint.granting_a_part().filter(|each| !each.statement.tests_key(&passing.key)) {
        let Some(action) = sentence.action(&passing.action) else { continue };
        let is_any = |resource: &&crate::policy::lint::Text| {
            let held = held_glob(&resource.text);
            let in_one_partition = |template: &crate::text::SmolStr| {
                template.replace("${Partition}", "aws").replace("${Account}", "123456789012")
            };
            types
                .iter()
                .any(|template| held.contains(&Glob::resource_type(&in_one_partition(template))).is_yes())
        };
        if sentence.statement.on().iter().any(|resource| is_any(&resource)) {
            let name = &passing.action;
            let own = action.raw.as_literal().unwrap_or_default();
            let message = if own.eq_ignore_ascii_case(name) {
                format!("`{own}` is allowed on any role")
            } else {
                format!("`{}` allows `{name}` on any role", action.raw)
            };
            report.add(action.site, message);
        }
    }
}
