//! One spelling for what templates spell in two ways, and loops written out.

use indexmap::IndexMap;

use super::super::model::Parameter;
use crate::text::tree::{Entry, Node, Value};
use crate::text::{SmolStr, Span, TemplateString};

/// The tags that stand for functions. Their long names have `Fn::` in front, but for the first two.
const TAGS: &[&str] = &[
    "Ref",
    "Condition",
    "And",
    "Base64",
    "Cidr",
    "Equals",
    "FindInMap",
    "GetAZs",
    "GetAtt",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
];

/// How many resources the loops of one template may make.
const LOOP_LIMIT: usize = 2000;

/// The same document with every tagged call (`!Sub x`) in its long form (`{"Fn::Sub": x}`).
pub(in crate::infra) fn expand(node: Node) -> Node {
    let span = node.span;
    let value = match node.value {
        Value::List(list) => Value::List(list.into_iter().map(expand).collect()),
        Value::Map(map) => Value::Map(
            map.into_iter()
                .map(|(key, entry)| (key, Entry { key: entry.key, node: expand(entry.node) }))
                .collect(),
        ),
        other => other,
    };
    match node.tag {
        Some(tag) if TAGS.contains(&tag.as_str()) => {
            let name = match tag.as_str() {
                "Ref" | "Condition" => tag,
                _ => ["Fn::", tag.as_str()].concat().into(),
            };
            call(name, Node { span, tag: None, value })
        }
        tag => Node { span, tag, value },
    }
}

fn call(name: SmolStr, argument: Node) -> Node {
    let span = argument.span;
    let entry = Entry { key: Span::new(span.start, span.start), node: argument };
    Node::new(span, Value::Map(IndexMap::from([(name, entry)])))
}

/// Writes out `Fn::ForEach::…: [Variable, [values], {"Id${Variable}": {…}}]`; `make` gets id, place and resource.
pub(super) fn write_loop(
    node: &Node,
    parameters: &IndexMap<SmolStr, Parameter>,
    make: &mut dyn FnMut(SmolStr, Span, Node),
) {
    let mut count = 0;
    write_out(node, parameters, &mut count, make);
}

fn write_out(
    node: &Node,
    parameters: &IndexMap<SmolStr, Parameter>,
    count: &mut usize,
    make: &mut dyn FnMut(SmolStr, Span, Node),
) {
    let Some([variable, values, body]) = node.as_list() else { return };
    let (Some(variable), Some(body)) = (variable.as_str(), body.as_map()) else { return };
    for value in loop_values(values, parameters) {
        for (key, entry) in body {
            *count += 1;
            if *count > LOOP_LIMIT {
                return;
            }
            let written = replace(&entry.node, variable, &value);
            if key.starts_with("Fn::ForEach::") {
                write_out(&written, parameters, count, make);
            } else {
                make(replace_in(key, variable, &value).into(), entry.key, written);
            }
        }
    }
}

/// The values of a loop: a list of texts, or a parameter with a default.
fn loop_values(values: &Node, parameters: &IndexMap<SmolStr, Parameter>) -> Vec<SmolStr> {
    if let Some(list) = values.as_list() {
        return list.iter().filter_map(|item| item.as_str().map(SmolStr::from)).collect();
    }
    let default =
        values.get("Ref").and_then(Node::as_str).and_then(|name| parameters.get(name)?.default.as_ref());
    let default = default.and_then(|text| text.as_literal()).unwrap_or_default();
    default.split(',').map(str::trim).filter(|value| !value.is_empty()).map(SmolStr::from).collect()
}

/// The part with the loop's variable replaced, in texts, keys and `Ref`.
fn replace(node: &Node, variable: &str, value: &str) -> Node {
    let replaced = match &node.value {
        Value::Text(text) => match text.as_literal() {
            Some(known) => Value::Text(replace_in(known, variable, value).as_str().into()),
            None => Value::Text(text.clone()),
        },
        Value::List(list) => Value::List(list.iter().map(|item| replace(item, variable, value)).collect()),
        Value::Map(map) => {
            if map.len() == 1 && map.get("Ref").is_some_and(|entry| entry.node.as_str() == Some(variable)) {
                Value::Text(TemplateString::from(value))
            } else {
                let entry = |(key, entry): (&SmolStr, &Entry)| {
                    let node = replace(&entry.node, variable, value);
                    (replace_in(key, variable, value).into(), Entry { key: entry.key, node })
                };
                Value::Map(map.iter().map(entry).collect())
            }
        }
        other => other.clone(),
    };
    Node { span: node.span, tag: node.tag.clone(), value: replaced }
}

fn replace_in(text: &str, variable: &str, value: &str) -> String {
    text.replace(&["${", variable, "}"].concat(), value).replace(&["&{", variable, "}"].concat(), value)
}
