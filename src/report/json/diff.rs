//! `diff --format json`: requirements against the policy in force.

use indexmap::IndexMap;
use serde::Serialize;

use super::parts::{self, Blind, Conditions, Evidence, Found, Place, Resource, Tool};
use super::{SCHEMA_VERSION, print};
use crate::decide::{self, Difference, FunctionAnalysis};
use crate::policy::algebra;
use crate::report::{Context, Diff};
use crate::text::SmolStr;

#[derive(Serialize)]
struct Answer<'a> {
    schema_version: u32,
    tool: Tool<'a>,
    functions: Vec<Function<'a>>,
    findings: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Function<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    held: Option<Vec<Held<'a>>>,
    shared_with: &'a [SmolStr],
    missing: Vec<Row<'a>>,
    excess: Vec<Row<'a>>,
    too_wide: Vec<Row<'a>>,
    blind_spots: Vec<Blind<'a>>,
}

#[derive(Serialize)]
struct Held<'a> {
    file: &'a str,
    line: u32,
    name: &'a str,
}

#[derive(Serialize)]
pub(super) struct Row<'a> {
    action: &'a str,
    except: &'a [SmolStr],
    resources: Vec<Resource<'a>>,
    held_resources: Vec<String>,
    conditions: Conditions<'a>,
    severity: &'static str,
    message: &'a str,
    evidence: Vec<Evidence<'a>>,
    held_by: Option<HeldBy<'a>>,
    witness: Option<Witness<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    needed_by: Vec<NeededBy<'a>>,
}

#[derive(Serialize)]
struct NeededBy<'a> {
    function: &'a str,
    actions: &'a [SmolStr],
}

#[derive(Serialize)]
struct Witness<'a> {
    action: &'a str,
    resource: &'a str,
    context: IndexMap<&'a str, &'a [String]>,
}

#[derive(Serialize)]
struct HeldBy<'a> {
    file: Option<&'a str>,
    line: Option<u32>,
    sid: Option<&'a str>,
    policy: &'a str,
}

/// The answer of `diff`.
pub(super) fn diff(context: &Context<'_>, diff: &Diff<'_>) -> String {
    let functions = diff.functions.iter().map(|(each, difference)| function(context, each, difference));
    print(&Answer {
        schema_version: SCHEMA_VERSION,
        tool: parts::tool(context),
        functions: functions.collect(),
        findings: parts::findings(context, diff.findings),
    })
}

fn function<'a>(
    context: &Context<'a>,
    function: &'a FunctionAnalysis,
    difference: &'a Difference,
) -> Function<'a> {
    let rows = |rows: &'a [decide::Row]| rows.iter().map(|each| row(context, each)).collect();
    let held = function.held.as_ref().map(|role| {
        let policies = role.policies.iter().map(|policy| {
            let Place { file, line } = parts::place(context, policy.site);
            Held { file, line, name: &policy.name }
        });
        policies.collect()
    });
    Function {
        name: &function.name,
        kind: parts::kind(function),
        held,
        shared_with: &difference.shared_with,
        missing: rows(&difference.missing),
        excess: rows(&difference.excess),
        too_wide: rows(&difference.too_wide),
        blind_spots: parts::blind_spots(context, function.blind_spots.iter().chain(&difference.blind_spots)),
    }
}

/// A row of a difference.
pub(super) fn row<'a>(context: &Context<'a>, row: &'a decide::Row) -> Row<'a> {
    Row {
        action: &row.action,
        except: &row.except,
        resources: row.resources.iter().map(parts::resource).collect(),
        held_resources: row.held_resources.iter().map(ToString::to_string).collect(),
        conditions: parts::conditions(&row.conditions),
        severity: row.severity.name(),
        message: &row.message,
        evidence: parts::evidence(context, &row.evidence),
        held_by: row.held_by.as_ref().map(|held| held_by(context, held)),
        witness: row.witness.as_ref().map(witness),
        needed_by: row.needed_by.iter().map(needed_by).collect(),
    }
}

fn needed_by(part: &decide::NeededBy) -> NeededBy<'_> {
    NeededBy { function: &part.function, actions: &part.actions }
}

fn witness(witness: &algebra::Witness) -> Witness<'_> {
    let context = witness.context.iter().map(|(key, values)| (key.as_str(), values.as_slice()));
    Witness { action: &witness.action, resource: &witness.resource, context: context.collect() }
}

fn held_by<'a>(context: &Context<'a>, held: &'a decide::HeldBy) -> HeldBy<'a> {
    let place = held.site.map(|site| parts::place(context, site));
    HeldBy {
        file: place.as_ref().map(|place| place.file),
        line: place.as_ref().map(|place| place.line),
        sid: held.sid.as_deref(),
        policy: &held.policy,
    }
}
