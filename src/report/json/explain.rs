//! `explain --format json`: why an action is needed, or what a line asks for.

use serde::Serialize;

use super::catalog::{self, Rules};
use super::parts::{self, Blind, Call, Needed, Tool};
use super::{SCHEMA_VERSION, print};
use crate::cloud;
use crate::decide::{Explanation, Question};
use crate::report::{Context, Explain};

#[derive(Serialize)]
struct Answer<'a> {
    schema_version: u32,
    tool: Tool<'a>,
    question: Asked<'a>,
    functions: Vec<Function<'a>>,
    rules: Vec<Rules<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Asked<'a> {
    Action { action: &'a str },
    Place { file: &'a str, line: u32 },
}

#[derive(Serialize)]
struct Function<'a> {
    name: &'a str,
    calls: Vec<Call<'a>>,
    requirements: Vec<Needed<'a>>,
    causes: Vec<Cause<'a>>,
    blind_spots: Vec<Blind<'a>>,
}

/// A trigger or setting on the line.
#[derive(Serialize)]
struct Cause<'a> {
    what: &'a str,
    file: &'a str,
    line: u32,
    asks: bool,
    message: &'a str,
}

/// The answer of `explain`.
pub(super) fn explain(context: &Context<'_>, explain: &Explain<'_>) -> String {
    print(&Answer {
        schema_version: SCHEMA_VERSION,
        tool: parts::tool(context),
        question: match explain.question {
            Question::Action(action) => Asked::Action { action },
            Question::Place { file, line } => Asked::Place { file, line: *line },
        },
        functions: explain.explanations.iter().map(|each| function(context, each)).collect(),
        rules: explain.rules.iter().map(catalog::rules).collect(),
    })
}

fn function<'a>(context: &Context<'a>, explanation: &Explanation<'a>) -> Function<'a> {
    Function {
        name: &explanation.function.name,
        calls: explanation.calls.iter().map(|each| parts::call(context, each)).collect(),
        requirements: explanation.requirements.iter().map(|each| parts::requirement(context, each)).collect(),
        causes: explanation.causes.iter().map(|each| cause(context, each)).collect(),
        blind_spots: parts::blind_spots(context, explanation.blind_spots.iter().copied()),
    }
}

fn cause<'a>(context: &Context<'a>, cause: &'a cloud::Cause) -> Cause<'a> {
    let place = parts::place(context, cause.site);
    Cause { what: &cause.what, file: place.file, line: place.line, asks: cause.asks, message: &cause.why }
}
