//! What the tests of policies share: documents from JSON, text with holes.

use indexmap::IndexMap;
use leastwise::policy::{Document, parse};
use leastwise::text::tree::{Entry, Node, Value};
use leastwise::text::{FileId, Hole, Problem, Span, TemplateString};

/// Text in which `{env:X}`, `{param:X}`, `{event:X}`, `{account}`, `{region}`, `{partition}`, `{?}` and `{Name}` (the
/// name of a resource) are holes.
pub(crate) fn template(text: &str) -> TemplateString {
    let mut template = TemplateString::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{').filter(|(before, _)| !before.ends_with('$')) {
        let Some((name, after)) = behind.split_once('}') else { break };
        template.push_str(before);
        template.push_hole(hole(name));
        rest = after;
    }
    template.push_str(rest);
    template
}

fn hole(name: &str) -> Hole {
    match name.split_once(':') {
        Some(("env", name)) => Hole::Environment(name.into()),
        Some(("param", name)) => Hole::Parameter(name.into()),
        Some(("event", path)) => Hole::Event(path.into()),
        _ => match name {
            "account" => Hole::Account,
            "region" => Hole::Region,
            "partition" => Hole::Partition,
            "?" => Hole::Unknown,
            id => Hole::Resource { id: id.into(), attribute: "".into() },
        },
    }
}

/// A tree of the JSON value; its parts have no places.
pub(crate) fn node(value: &serde_json::Value) -> Node {
    let value = match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Flag(*flag),
        serde_json::Value::Number(number) => Value::Number(number.to_string().into()),
        serde_json::Value::String(text) => Value::Text(template(text)),
        serde_json::Value::Array(list) => Value::List(list.iter().map(node).collect()),
        serde_json::Value::Object(map) => {
            let entries = map
                .iter()
                .map(|(key, value)| (key.as_str().into(), Entry { key: Span::default(), node: node(value) }));
            Value::Map(entries.collect::<IndexMap<_, _>>())
        }
    };
    Node::new(Span::default(), value)
}

/// The document and what could not be read of it.
pub(crate) fn read(value: serde_json::Value) -> (Document, Vec<Problem>) {
    parse(&node(&value), FileId(0))
}

/// The document of these statements, which must be readable.
pub(crate) fn policy(statements: serde_json::Value) -> Document {
    let (document, problems) = read(serde_json::json!({"Version": "2012-10-17", "Statement": statements}));
    assert_eq!(problems, []);
    document
}
