//! The policy language → JSON, in one canonical form: elements in the order of the reference, single members as
//! scalars.

use serde_json::{Map, Value, json};

use super::model::{Condition, Document, Effect, Patterns, Statement};
use crate::text::TemplateString;

/// How text is written. The caller decides what becomes of holes: a format's own references, or their names.
pub type Render<'a> = &'a dyn Fn(&TemplateString) -> Value;

/// Text with every hole by its name (`${Orders}`), as the reports spell it.
pub fn by_name(text: &TemplateString) -> Value {
    Value::String(text.to_string())
}

/// The document as a JSON value.
pub fn to_json(document: &Document, render: Render<'_>) -> Value {
    let mut map = Map::new();
    if let Some(version) = &document.version {
        map.insert("Version".into(), json!(version));
    }
    let statements = document.statements.iter().map(|statement| statement_to_json(statement, render));
    map.insert("Statement".into(), statements.collect());
    Value::Object(map)
}

/// One statement as a JSON value.
pub fn statement_to_json(statement: &Statement, render: Render<'_>) -> Value {
    let mut map = Map::new();
    if let Some(sid) = &statement.sid {
        map.insert("Sid".into(), json!(sid));
    }
    let effect = match statement.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    map.insert("Effect".into(), json!(effect));
    insert_patterns(&mut map, "Action", &statement.actions, render);
    insert_patterns(&mut map, "Resource", &statement.resources, render);
    if !statement.conditions.is_empty() {
        map.insert("Condition".into(), conditions_to_json(&statement.conditions, render));
    }
    Value::Object(map)
}

/// Conditions as the JSON value of a `Condition` element.
pub fn conditions_to_json(conditions: &[Condition], render: Render<'_>) -> Value {
    let mut operators = Map::new();
    for condition in conditions {
        let keys = operators.entry(condition.operator.as_str()).or_insert_with(|| json!({}));
        if let Some(keys) = keys.as_object_mut() {
            let values = condition.values.iter().map(render);
            keys.insert(condition.key.to_string(), one_or_many(values.collect()));
        }
    }
    Value::Object(operators)
}

/// The text of a JSON value, indented by two spaces, without a final line end.
pub fn pretty(value: &Value) -> String {
    format!("{value:#}")
}

fn insert_patterns(map: &mut Map<String, Value>, name: &str, patterns: &Patterns, render: Render<'_>) {
    let name = if patterns.negated { format!("Not{name}") } else { name.to_owned() };
    let texts = patterns.list.iter().map(|pattern| render(&pattern.text));
    map.insert(name, one_or_many(texts.collect()));
}

fn one_or_many(mut values: Vec<Value>) -> Value {
    match (values.len(), values.pop()) {
        (1, Some(only)) => only,
        (_, Some(last)) => {
            values.push(last);
            Value::Array(values)
        }
        (_, None) => json!([]),
    }
}
