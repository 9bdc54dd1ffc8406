//! What a state hands to the request that it sends, as the catalog's rules ask about it.

use indexmap::IndexMap;

use crate::flow::{Argument, Field, Record};
use crate::text::tree::{Entry, Node, Value};
use crate::text::{Hole, Piece, SmolStr, TemplateString};

/// The definition with everything in place that stands for `${Name}`.
pub(super) fn substituted(node: &Node, substitutions: &IndexMap<SmolStr, TemplateString>) -> Node {
    let value = match &node.value {
        Value::List(list) => Value::List(list.iter().map(|item| substituted(item, substitutions)).collect()),
        Value::Map(map) => {
            let entry = |(key, entry): (&SmolStr, &Entry)| {
                (key.clone(), Entry { key: entry.key, node: substituted(&entry.node, substitutions) })
            };
            Value::Map(map.iter().map(entry).collect())
        }
        Value::Text(text) => Value::Text(filled(text, substitutions)),
        other => other.clone(),
    };
    Node { span: node.span, tag: node.tag.clone(), value }
}

fn filled(text: &TemplateString, substitutions: &IndexMap<SmolStr, TemplateString>) -> TemplateString {
    let mut filled = TemplateString::new();
    for piece in text.pieces() {
        match piece {
            Piece::Hole(hole) => filled.push_hole(hole.clone()),
            Piece::Text(known) => {
                let mut rest = known.as_str();
                while let Some((before, after)) = rest.split_once("${") {
                    let (name, behind) = after.split_once('}').unwrap_or((after, ""));
                    filled.push_str(before);
                    filled.push(substitutions.get(name).unwrap_or(&Hole::Unknown.into()));
                    rest = behind;
                }
                filled.push_str(rest);
            }
        }
    }
    filled
}

/// The fields that a state hands over. What it works out from its input is not known.
pub(super) fn record(node: &Node) -> Record {
    let mut record = Record::default();
    for (name, entry) in node.as_map().into_iter().flatten() {
        let (name, value) = match name.strip_suffix(".$") {
            Some(name) => (name, Argument::Unknown("event".into())),
            None => (name.as_str(), argument(&entry.node)),
        };
        record.fields.insert(name.into(), Field { value, always: true });
    }
    // An expression in the place of all fields may give any.
    record.open = node.as_map().is_none();
    record
}

fn argument(node: &Node) -> Argument {
    match &node.value {
        Value::Null => Argument::Nil,
        Value::Flag(flag) => Argument::Flag(*flag),
        Value::Number(number) => Argument::Number(number.clone()),
        Value::Text(text) if is_expression(text) => Argument::Unknown("event".into()),
        Value::Text(text) => Argument::Text(vec![text.clone()]),
        Value::List(list) => Argument::List(list.iter().map(argument).collect()),
        Value::Map(_) => Argument::Record(record(node)),
    }
}

/// Whether a text is worked out while the state machine runs (`{% $states.input.table %}`).
fn is_expression(text: &TemplateString) -> bool {
    text.starts_with("{%")
}
