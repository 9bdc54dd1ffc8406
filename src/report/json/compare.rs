//! `compare --format json`: two policies by meaning.

use serde::Serialize;

use super::diff::{self, Row};
use super::parts::{self, Tool};
use super::{SCHEMA_VERSION, print};
use crate::decide::PolicyRow;
use crate::policy::algebra::Standing;
use crate::report::{Compare, Context};

#[derive(Serialize)]
struct Answer<'a> {
    schema_version: u32,
    tool: Tool<'a>,
    relation: &'static str,
    only_in_old: Vec<Row<'a>>,
    only_in_new: Vec<Row<'a>>,
    undecided: Vec<Row<'a>>,
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

fn rows<'a>(context: &Context<'a>, rows: &'a [PolicyRow]) -> Vec<Row<'a>> {
    rows.iter().map(|each| diff::row(context, &each.row)).collect()
}
