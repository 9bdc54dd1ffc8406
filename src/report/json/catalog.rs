//! `catalog show`, `search` and `coverage --format json`, and the catalog's rules inside `explain`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::parts::{self, Tool};
use super::{SCHEMA_VERSION, print};
use crate::catalog::{Action, Authorization, Coverage, Operation, Service, Tally};
use crate::report::{ActionRule, Context, OperationRules, Search, lookup};

#[derive(Serialize)]
pub(super) struct Rules<'a> {
    service: &'a str,
    operation: &'a str,
    actions: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    action: &'a str,
    class: &'static str,
    certainty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<&'a str>,
    resources: &'a [String],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    conditions: BTreeMap<&'a str, &'a str>,
    provenance: &'a str,
    confidence: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'a str,
}

#[derive(Serialize)]
struct Shown<'a> {
    schema_version: u32,
    tool: Tool<'a>,
    #[serde(flatten)]
    rules: Rules<'a>,
}

#[derive(Serialize)]
struct Described<'a> {
    schema_version: u32,
    tool: Tool<'a>,
    service: &'a str,
    service_id: &'a str,
    prefix: &'a str,
    operations: Vec<Named>,
}

#[derive(Serialize)]
struct Named {
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'static str>,
    operation: &'static str,
    authorization: &'static str,
    actions: Vec<&'static str>,
}

#[derive(Serialize)]
struct Searched<'a> {
    schema_version: u32,
    tool: Tool<'a>,
    text: &'a str,
    totals: Totals,
    operations: Vec<Named>,
    actions: Vec<FoundAction>,
    condition_keys: Vec<FoundKey>,
}

#[derive(Serialize)]
struct Totals {
    operations: usize,
    actions: usize,
    condition_keys: usize,
}

#[derive(Serialize)]
struct FoundAction {
    action: String,
    access_level: &'static str,
    resource_types: Vec<&'static str>,
    condition_keys: Vec<&'static str>,
}

#[derive(Serialize)]
struct FoundKey {
    key: &'static str,
    actions: usize,
}

#[derive(Serialize)]
struct Covered<'a> {
    schema_version: u32,
    tool: Tool<'a>,
    #[serde(flatten)]
    counts: Counts,
    share: f64,
    services: Vec<CoveredService>,
}

#[derive(Serialize)]
struct Counts {
    total: u32,
    mapped: u32,
    not_authorized: u32,
    unverified: u32,
    unmapped: u32,
}

#[derive(Serialize)]
struct CoveredService {
    service: &'static str,
    #[serde(flatten)]
    counts: Counts,
    open: Vec<Open>,
}

#[derive(Serialize)]
struct Open {
    operation: &'static str,
    reason: &'static str,
}

/// The answer of `catalog show`.
pub(super) fn show(context: &Context<'_>, operation: &OperationRules) -> String {
    let tool = parts::tool(context);
    print(&Shown { schema_version: SCHEMA_VERSION, tool, rules: rules(operation) })
}

/// The answer of `catalog show` for a service.
pub(super) fn service(context: &Context<'_>, service: &Service) -> String {
    print(&Described {
        schema_version: SCHEMA_VERSION,
        tool: parts::tool(context),
        service: service.name(),
        service_id: service.service_id(),
        prefix: service.prefix(),
        operations: service.operations().map(|operation| named(operation, false)).collect(),
    })
}

/// The answer of `catalog search`.
pub(super) fn search(context: &Context<'_>, search: &Search<'_>) -> String {
    let found = &search.found;
    let action = |action: &Action| FoundAction {
        action: action.to_string(),
        access_level: action.access_level().name(),
        resource_types: action.resource_types().map(|(kind, _)| kind.name()).collect(),
        condition_keys: action.condition_keys().collect(),
    };
    print(&Searched {
        schema_version: SCHEMA_VERSION,
        tool: parts::tool(context),
        text: search.text,
        totals: Totals {
            operations: found.operations.len(),
            actions: found.actions.len(),
            condition_keys: found.condition_keys.len(),
        },
        operations: search.shown(&found.operations).iter().map(|each| named(*each, true)).collect(),
        actions: search.shown(&found.actions).iter().map(action).collect(),
        condition_keys: search
            .shown(&found.condition_keys)
            .iter()
            .map(|(key, actions)| FoundKey { key, actions: *actions })
            .collect(),
    })
}

/// The answer of `catalog coverage`.
pub(super) fn coverage(context: &Context<'_>, coverage: &Coverage) -> String {
    let open = |operation: Operation| Open {
        operation: operation.name(),
        reason: match operation.authorization() {
            Authorization::Unmapped => "unknown-service",
            _ => "newer-operation",
        },
    };
    let service = |(service, tally): &(Service, Tally)| CoveredService {
        service: service.name(),
        counts: counts(*tally),
        open: Coverage::open(*service).map(open).collect(),
    };
    print(&Covered {
        schema_version: SCHEMA_VERSION,
        tool: parts::tool(context),
        counts: counts(coverage.all),
        share: f64::from(coverage.all.share()) / 10_000.0,
        services: coverage.services.iter().map(service).collect(),
    })
}

fn counts(tally: Tally) -> Counts {
    Counts {
        total: tally.total(),
        mapped: tally.mapped,
        not_authorized: tally.not_authorized,
        unverified: tally.unverified,
        unmapped: tally.unmapped,
    }
}

fn named(operation: Operation, with_service: bool) -> Named {
    let actions = match operation.authorization() {
        Authorization::NotAuthorized => vec![],
        _ => lookup::actions(operation),
    };
    Named {
        service: with_service.then(|| operation.service().name()),
        operation: operation.name(),
        authorization: operation.authorization().name(),
        actions,
    }
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
        class: rule.class.name(),
        certainty: lookup::certainty(rule.certainty),
        when: rule.when.as_deref(),
        resources: &rule.resources,
        conditions: rule.conditions.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect(),
        provenance: &rule.provenance,
        confidence: rule.confidence.name(),
        note: &rule.note,
    }
}
