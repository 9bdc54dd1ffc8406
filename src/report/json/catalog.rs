//! `catalog show --format json`, and the catalog's rules inside `explain`.

use serde::Serialize;

use super::print;
use crate::report::{ActionRule, Context, OperationRules, lookup};

#[derive(Serialize)]
pub(super) struct Rules<'a> {
    service: &'a str,
    operation: &'a str,
    actions: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    action: &'a str,
    certainty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<&'a str>,
    resources: &'a [String],
    provenance: &'a str,
}

/// The answer of `catalog show`.
pub(super) fn show(_: &Context<'_>, operation: &OperationRules) -> String {
    print(&rules(operation))
}

/// What an operation needs.
pub(super) fn rules(operation: &OperationRules) -> Rules<'_> {
    Rules {
        service: &operation.service,
        operation: &operation.operation,
        actions: operation.actions.iter().map(rule).collect(),
    }
}

fn rule(rule: &ActionRule) -> Rule<'_> {
    Rule {
        action: &rule.action,
        certainty: lookup::certainty(rule.certainty),
        when: rule.when.as_deref(),
        resources: &rule.resources,
        provenance: &rule.provenance,
    }
}
