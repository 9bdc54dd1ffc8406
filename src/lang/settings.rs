//! Settings files that are documents: what their maps hold, by dotted name.

use crate::text::tree::{Node, Value};
use crate::text::{FileId, SmolStr, Source, yaml};

/// How deep maps are looked into.
const MAX_DEPTH: u32 = 32;

/// What the maps of a file in YAML or JSON hold.
pub(super) fn of_document(path: &str, text: String, found: &mut Vec<(SmolStr, SmolStr)>) {
    let (documents, _) = yaml::parse_all(&Source::new(path, text), FileId(0));
    for document in &documents {
        of_map(document, "", 0, found);
    }
}

fn of_map(node: &Node, name: &str, depth: u32, found: &mut Vec<(SmolStr, SmolStr)>) {
    match &node.value {
        Value::Map(entries) if depth < MAX_DEPTH => {
            for (key, entry) in entries {
                let inner = if name.is_empty() { key.to_string() } else { format!("{name}.{key}") };
                of_map(&entry.node, &inner, depth + 1, found);
            }
        }
        Value::Text(text) => found.extend(text.as_literal().map(|text| (name.into(), text.into()))),
        Value::Number(number) => found.push((name.into(), number.clone())),
        Value::Flag(flag) => found.push((name.into(), flag.to_string().into())),
        _ => {}
    }
}
