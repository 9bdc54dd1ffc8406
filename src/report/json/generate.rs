//! `generate --format json`: policy documents ready for upload.

use serde::Serialize;
use serde_json::{Map, Value};

use super::parts::{self, Blind, Place, Tool};
use super::{SCHEMA_VERSION, print};
use crate::decide::{FunctionAnalysis, Synthesis};
use crate::policy::{Document, Effect, Patterns, Statement};
use crate::report::{Context, Generate};
use crate::text::TemplateString;

#[derive(Serialize)]
struct Answer<'a> {
    schema_version: u32,
    tool: Tool<'a>,
    functions: Vec<Function<'a>>,
}

#[derive(Serialize)]
struct Function<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    complete: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    warnings: &'a [String],
    blind_spots: Vec<Blind<'a>>,
    policies: Vec<Policy<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    kept: Vec<KeptStatement<'a>>,
}

/// A statement of the policies that was written by hand.
#[derive(Serialize)]
struct KeptStatement<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
    #[serde(flatten)]
    place: Option<Place<'a>>,
    needed: bool,
}

#[derive(Serialize)]
struct Policy<'a> {
    name: &'a str,
    kind: &'static str,
    document: Value,
}

/// The answer of `generate`; with `bare`, the first document alone.
pub(super) fn generate(context: &Context<'_>, generate: &Generate<'_>) -> String {
    if generate.bare {
        let first = generate.functions.first().and_then(|(_, synthesis)| synthesis.policies.first());
        return print(
            &first.map_or_else(|| document(&Document::default()), |policy| document(&policy.document)),
        );
    }
    let functions = generate.functions.iter().map(|(each, made)| function(context, each, made)).collect();
    print(&Answer { schema_version: SCHEMA_VERSION, tool: parts::tool(context), functions })
}

fn function<'a>(
    context: &Context<'a>,
    function: &'a FunctionAnalysis,
    synthesis: &'a Synthesis,
) -> Function<'a> {
    let policies = synthesis.policies.iter().map(|policy| Policy {
        name: &policy.name,
        kind: policy.kind.name(),
        document: document(&policy.document),
    });
    let kept = synthesis.kept.iter().map(|kept| KeptStatement {
        sid: kept.sid.as_deref(),
        place: kept.site.map(|site| parts::place(context, site)),
        needed: kept.is_needed,
    });
    Function {
        name: &function.name,
        kind: parts::kind(function),
        complete: synthesis.complete,
        warnings: &synthesis.warnings,
        blind_spots: parts::blind_spots(context, &function.blind_spots),
        policies: policies.collect(),
        kept: kept.collect(),
    }
}

/// A policy document as JSON, its members in the order that people expect.
pub(in crate::report) fn document(document: &Document) -> Value {
    let version = document.version.as_deref().unwrap_or("2012-10-17");
    let statements: Vec<Value> = document.statements.iter().map(statement).collect();
    let mut map = Map::new();
    map.insert("Version".to_owned(), Value::from(version));
    map.insert("Statement".to_owned(), Value::from(statements));
    Value::Object(map)
}

fn statement(statement: &Statement) -> Value {
    let mut map = Map::new();
    if let Some(sid) = &statement.sid {
        map.insert("Sid".to_owned(), Value::from(sid.as_str()));
    }
    let effect = match statement.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    map.insert("Effect".to_owned(), Value::from(effect));
    insert_patterns(&mut map, ["Action", "NotAction"], &statement.actions);
    insert_patterns(&mut map, ["Resource", "NotResource"], &statement.resources);
    if !statement.conditions.is_empty() {
        map.insert("Condition".to_owned(), conditions(statement));
    }
    Value::Object(map)
}

fn insert_patterns(map: &mut Map<String, Value>, [plain, negated]: [&str; 2], patterns: &Patterns) {
    let name = if patterns.negated { negated } else { plain };
    map.insert(name.to_owned(), one_or_many(patterns.list.iter().map(|pattern| &pattern.text)));
}

fn conditions(statement: &Statement) -> Value {
    let mut operators = Map::new();
    for condition in &statement.conditions {
        let keys = operators.entry(condition.operator.as_str()).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(keys) = keys {
            keys.insert(condition.key.to_string(), one_or_many(condition.values.iter()));
        }
    }
    Value::Object(operators)
}

fn one_or_many<'a>(texts: impl Iterator<Item = &'a TemplateString>) -> Value {
    let mut texts: Vec<Value> = texts.map(|text| Value::String(text.to_string())).collect();
    match texts.pop() {
        Some(only) if texts.is_empty() => only,
        Some(last) => {
            texts.push(last);
            Value::Array(texts)
        }
        None => Value::Array(texts),
    }
}
