//! The structs that several answers share.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Map, Value};

use super::argument;
use crate::cloud::{self, Requirement};
use crate::decide::{Finding, FunctionAnalysis};
use crate::flow::{self, ApiCall, BlindSpot, Principal};
use crate::infra::FunctionKind;
use crate::policy::Condition;
use crate::report::{Context, lookup};
use crate::text::{Site, SmolStr};

/// Values by operator and key, as a policy spells them.
pub(super) type Conditions<'a> = IndexMap<&'a str, IndexMap<&'a str, Vec<String>>>;

#[derive(Serialize)]
pub(super) struct Tool<'a> {
    name: &'static str,
    version: &'a str,
    catalog: &'a str,
}

#[derive(Serialize)]
pub(super) struct Place<'a> {
    pub(super) file: &'a str,
    pub(super) line: u32,
}

#[derive(Serialize)]
pub(super) struct Evidence<'a> {
    file: &'a str,
    line: u32,
    what: &'a str,
}

#[derive(Serialize)]
pub(super) struct Call<'a> {
    service: &'a str,
    operation: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
    route: Vec<Step<'a>>,
    arguments: Map<String, Value>,
    principal: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    principal_detail: Option<String>,
    confidence: &'static str,
    certainty: &'static str,
}

#[derive(Serialize)]
struct Step<'a> {
    file: &'a str,
    line: u32,
    routine: &'a str,
}

#[derive(Serialize)]
pub(super) struct Needed<'a> {
    action: &'a str,
    certainty: &'static str,
    source: &'static str,
    confidence: &'static str,
    resources: Vec<Resource<'a>>,
    conditions: Conditions<'a>,
    evidence: Vec<Evidence<'a>>,
}

#[derive(Serialize)]
pub(super) struct Resource<'a> {
    arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(rename = "type")]
    kind: &'a str,
    resolution: &'static str,
}

#[derive(Serialize)]
pub(super) struct Blind<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "<[SmolStr]>::is_empty")]
    services: &'a [SmolStr],
    message: &'a str,
}

#[derive(Serialize)]
pub(super) struct Found<'a> {
    rule: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<&'a str>,
}

/// What a function is, where it is no program.
pub(super) fn kind(function: &FunctionAnalysis) -> Option<&'static str> {
    (function.kind != FunctionKind::Function).then(|| function.kind.name())
}

pub(super) fn tool<'a>(context: &Context<'a>) -> Tool<'a> {
    Tool { name: "leastwise", version: context.version, catalog: context.catalog }
}

pub(super) fn place<'a>(context: &Context<'a>, site: Site) -> Place<'a> {
    Place { file: context.sources.path(site.file), line: context.sources.position(site).line }
}

pub(super) fn call<'a>(context: &Context<'a>, call: &'a ApiCall) -> Call<'a> {
    let at = context.sources.position(call.site);
    let (principal, principal_detail) = principal(&call.principal);
    Call {
        service: &call.service,
        operation: &call.operation,
        file: context.sources.path(call.site.file),
        line: at.line,
        column: at.column,
        route: call.route.iter().map(|taken| step(context, taken)).collect(),
        arguments: argument::record(&call.arguments),
        principal,
        principal_detail,
        confidence: lookup::confidence(call.confidence),
        certainty: if call.certain { "certain" } else { "possible" },
    }
}

fn step<'a>(context: &Context<'a>, step: &'a flow::Step) -> Step<'a> {
    let Place { file, line } = place(context, step.site);
    Step { file, line, routine: &step.routine }
}

fn principal(principal: &Principal) -> (&'static str, Option<String>) {
    match principal {
        Principal::ExecutionRole => ("execution-role", None),
        Principal::AssumedRole(role) => ("assumed-role", Some(role.to_string())),
        Principal::Other(what) => ("other", Some(what.to_string())),
    }
}

pub(super) fn requirement<'a>(context: &Context<'a>, needed: &'a Requirement) -> Needed<'a> {
    Needed {
        action: &needed.action,
        certainty: lookup::certainty(needed.certainty),
        source: lookup::origin(needed.origin),
        confidence: lookup::confidence(needed.confidence),
        resources: needed.resources.iter().map(resource).collect(),
        conditions: conditions(&needed.conditions),
        evidence: evidence(context, &needed.evidence),
    }
}

pub(super) fn resource(resource: &cloud::Resource) -> Resource<'_> {
    Resource {
        arn: resource.arn.to_string(),
        reference: resource.reference.as_ref().map(ToString::to_string),
        kind: &resource.kind,
        resolution: match resource.resolution {
            cloud::Resolution::Literal => "literal",
            cloud::Resolution::Template => "template",
            cloud::Resolution::Environment => "environment",
            cloud::Resolution::Event => "event",
            cloud::Resolution::Partial => "partial",
            cloud::Resolution::Any => "any",
        },
    }
}

pub(super) fn conditions(conditions: &[Condition]) -> Conditions<'_> {
    let mut map = Conditions::new();
    for condition in conditions {
        let keys = map.entry(condition.operator.as_str()).or_default();
        let values = keys.entry(condition.key.as_str()).or_default();
        values.extend(condition.values.iter().map(ToString::to_string));
    }
    map
}

pub(super) fn evidence<'a>(context: &Context<'a>, evidence: &'a [cloud::Evidence]) -> Vec<Evidence<'a>> {
    let shown = |evidence: &'a cloud::Evidence| {
        let Place { file, line } = place(context, evidence.site);
        Evidence { file, line, what: &evidence.what }
    };
    evidence.iter().map(shown).collect()
}

pub(super) fn blind_spots<'a>(
    context: &Context<'a>,
    spots: impl IntoIterator<Item = &'a BlindSpot>,
) -> Vec<Blind<'a>> {
    let shown = |spot: &'a BlindSpot| {
        let at = spot.site.map(|site| place(context, site));
        Blind {
            kind: spot.kind.name(),
            file: at.as_ref().map(|at| at.file),
            line: at.as_ref().map(|at| at.line),
            services: &spot.services,
            message: &spot.message,
        }
    };
    spots.into_iter().map(shown).collect()
}

pub(super) fn findings<'a>(context: &Context<'a>, findings: &'a [Finding]) -> Vec<Found<'a>> {
    let shown = |finding: &'a Finding| {
        let at = finding.site.map(|site| context.sources.position(site));
        Found {
            rule: finding.rule,
            severity: finding.severity.name(),
            message: &finding.message,
            file: finding.site.map(|site| context.sources.path(site.file)),
            line: at.map(|at| at.line),
            column: at.map(|at| at.column),
            function: finding.function.as_deref(),
        }
    };
    findings.iter().map(shown).collect()
}
