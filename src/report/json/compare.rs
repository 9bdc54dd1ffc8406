//! `compare --format json`: two policies by meaning.

use indexmap::IndexMap;
use serde::Serialize;

use super::diff::{self, Row};
use super::parts::{self, Tool};
use super::{SCHEMA_VERSION, print};
use crate::decide::PolicyRow;
use crate::policy::algebra::{self, Standing};
use crate::report::{Compare, Context};

#[derive(Serialize)]
struct Answer<'a> {
    schema_version: u32,
    tool: Tool<'a>,
    relation: &'static str,
    only_in_old: Vec<Shown<'a>>,
    only_in_new: Vec<Shown<'a>>,
    undecided: Vec<Shown<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    row: Row<'a>,
    witness: Option<Witness<'a>>,
}

#[derive(Serialize)]
struct Witness<'a> {
    action: &'a str,
    resource: &'a str,
    context: IndexMap<&'a str, &'a [String]>,
}

/// The answer of `compare`.
pub(super) fn compare(context: &Context<'_>, compare: &Compare<'_>) -> String {
    print(&Answer {
        schema_version: SCHEMA_VERSION,
        tool: parts::tool(context),
        relation: relation(compare.difference.standing),
        only_in_old: rows(context, &compare.difference.only_in_old),
        only_in_new: rows(context, &compare.difference.only_in_new),
        undecided: rows(context, &compare.difference.undecided),
    })
}

const fn relation(standing: Standing) -> &'static str {
    match standing {
        Standing::Equal => "equal",
        Standing::Narrower => "narrower",
        Standing::Wider => "wider",
        Standing::Incomparable => "incomparable",
        Standing::Unknown => "unknown",
    }
}

fn rows<'a>(context: &Context<'a>, rows: &'a [PolicyRow]) -> Vec<Shown<'a>> {
    rows.iter().map(|each| shown(context, each)).collect()
}

fn shown<'a>(context: &Context<'a>, each: &'a PolicyRow) -> Shown<'a> {
    Shown { row: diff::row(context, &each.row), witness: each.witness.as_ref().map(witness) }
}

fn witness(witness: &algebra::Witness) -> Witness<'_> {
    let context = witness.context.iter().map(|(key, values)| (key.as_str(), values.as_slice()));
    Witness { action: &witness.action, resource: &witness.resource, context: context.collect() }
}
