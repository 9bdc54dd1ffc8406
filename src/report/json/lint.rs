//! `lint --format json`: what the checks of policies found, and the checks themselves.

use serde::Serialize;

use super::parts::{self, Tool};
use super::{SCHEMA_VERSION, print};
use crate::policy::lint::Check;
use crate::report::{Context, Issue, Linted};

#[derive(Serialize)]
struct Answer<'a> {
    schema_version: u32,
    tool: Tool<'a>,
    findings: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Found<'a> {
    rule: &'static str,
    severity: &'static str,
    message: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
    help: &'static str,
}

#[derive(Serialize)]
struct Listing<'a> {
    schema_version: u32,
    tool: Tool<'a>,
    rules: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    rule: &'static str,
    severity: &'static str,
    title: &'static str,
    why: &'static str,
    help: &'static str,
}

/// The answer of `lint`.
pub(super) fn lint(context: &Context<'_>, linted: &Linted<'_>) -> String {
    print(&Answer {
        schema_version: SCHEMA_VERSION,
        tool: parts::tool(context),
        findings: linted.issues.iter().map(found).collect(),
    })
}

/// The answer of `lint --rules`.
pub(super) fn rules(context: &Context<'_>, checks: &&[&Check]) -> String {
    let entry = |check: &&Check| Entry {
        rule: check.id,
        severity: check.severity.name(),
        title: check.title,
        why: check.why,
        help: check.help,
    };
    let rules = checks.iter().map(entry).collect();
    print(&Listing { schema_version: SCHEMA_VERSION, tool: parts::tool(context), rules })
}

fn found(issue: &Issue) -> Found<'_> {
    Found {
        rule: issue.rule,
        severity: issue.severity.name(),
        message: &issue.message,
        file: &issue.file,
        line: issue.start.line,
        column: issue.start.column,
        help: issue.help,
    }
}
