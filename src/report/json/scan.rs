//! `scan --format json`: calls and requirements with their evidence.

use serde::Serialize;

use super::parts::{self, Blind, Call, Found, Needed, Place, Tool};
use super::{SCHEMA_VERSION, print};
use crate::decide::FunctionAnalysis;
use crate::report::{Context, Scan};

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
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    runtime: Option<&'a str>,
    entry: Option<Entry<'a>>,
    template: Option<Place<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<Environment<'a>>,
    calls: Vec<Call<'a>>,
    requirements: Vec<Needed<'a>>,
    blind_spots: Vec<Blind<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    file: &'a str,
    symbol: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct Environment<'a> {
    name: &'a str,
    chosen: bool,
}

/// The answer of `scan`.
pub(super) fn scan(context: &Context<'_>, scan: &Scan<'_>) -> String {
    print(&Answer {
        schema_version: SCHEMA_VERSION,
        tool: parts::tool(context),
        functions: scan.functions.iter().map(|each| function(context, each)).collect(),
        findings: parts::findings(context, scan.findings),
    })
}

fn function<'a>(context: &Context<'a>, function: &'a FunctionAnalysis) -> Function<'a> {
    let entry = function.entry.as_ref().map(|entry| {
        let Place { file, line } = parts::place(context, entry.site);
        Entry { file, symbol: &entry.symbol, line }
    });
    Function {
        name: &function.name,
        kind: parts::kind(function),
        language: &function.language,
        runtime: function.runtime.as_deref(),
        entry,
        template: function.template.map(|site| parts::place(context, site)),
        environment: function
            .environment
            .as_ref()
            .map(|environment| Environment { name: &environment.name, chosen: environment.chosen }),
        calls: function.calls.iter().map(|each| parts::call(context, each)).collect(),
        requirements: function.requirements.iter().map(|each| parts::requirement(context, each)).collect(),
        blind_spots: parts::blind_spots(context, &function.blind_spots),
    }
}
