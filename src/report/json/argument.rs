//! The values of a request as JSON.
//!
//! Known values are themselves. What JSON cannot say is an object with a key in `$`, which no API parameter begins
//! with: `{"$one_of": […]}`, `{"$unknown": why}`, and in records `"$sometimes": [names]` for fields that are not there
//! on every path and `"$open": true` where there may be others.

use serde_json::{Map, Number, Value, json};

use crate::flow::{Argument, Record};

/// How deep values are shown. What lies deeper is `{"$unknown": "depth"}`.
const MAX_DEPTH: usize = 24;

/// The fields of a request.
pub(super) fn record(record: &Record) -> Map<String, Value> {
    record_at(record, 0)
}

fn record_at(record: &Record, depth: usize) -> Map<String, Value> {
    let mut map: Map<String, Value> = record
        .fields
        .iter()
        .map(|(name, field)| (name.to_string(), value(&field.value, depth + 1)))
        .collect();
    let sometimes: Vec<&str> =
        record.fields.iter().filter(|(_, field)| !field.always).map(|(name, _)| name.as_str()).collect();
    if !sometimes.is_empty() {
        map.insert("$sometimes".to_owned(), json!(sometimes));
    }
    if record.open {
        map.insert("$open".to_owned(), Value::Bool(true));
    }
    map
}

fn value(argument: &Argument, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return unknown("depth");
    }
    match argument {
        Argument::Text(texts) => match texts.as_slice() {
            [text] => Value::String(text.to_string()),
            texts => one_of(texts.iter().map(|text| Value::String(text.to_string()))),
        },
        Argument::Flag(flag) => Value::Bool(*flag),
        Argument::Number(text) => number(text),
        Argument::Nil => Value::Null,
        Argument::List(list) => list.iter().map(|item| value(item, depth + 1)).collect(),
        Argument::Record(record) => Value::Object(record_at(record, depth)),
        Argument::OneOf(shapes) => one_of(shapes.iter().map(|shape| value(shape, depth + 1))),
        Argument::Unknown(why) => unknown(why),
    }
}

fn one_of(values: impl Iterator<Item = Value>) -> Value {
    json!({ "$one_of": values.collect::<Vec<_>>() })
}

fn unknown(why: &str) -> Value {
    json!({ "$unknown": why })
}

fn number(text: &str) -> Value {
    if text.is_empty() {
        return unknown("number");
    }
    let whole = text.parse::<i64>().ok().map(Number::from);
    whole
        .or_else(|| text.parse::<f64>().ok().and_then(Number::from_f64))
        .map_or_else(|| Value::String(text.to_owned()), Value::Number)
}
