//! `Globals`: properties that every resource of a kind has unless it says otherwise.

use crate::text::tree::{Entry, Node, Value};

/// The resource with the global properties of its type put beneath its own.
pub(in crate::infra) fn with_globals(kind: &str, mut node: Node, globals: Option<&Node>) -> Node {
    let global = kind.strip_prefix("AWS::Serverless::").and_then(|kind| globals?.get(kind));
    let (Some(global), Value::Map(map)) = (global, &mut node.value) else { return node };
    let properties = map.entry("Properties".into()).or_insert_with(|| Entry {
        key: node.span,
        node: Node::new(node.span, Value::Map(indexmap::IndexMap::new())),
    });
    properties.node = merge(global, &properties.node);
    node
}

/// Maps are merged key by key, lists are joined with the global items first, everything else is replaced.
pub(in crate::infra) fn merge(global: &Node, own: &Node) -> Node {
    let value = match (&global.value, &own.value) {
        (Value::Map(globals), Value::Map(owns)) if !is_call(global) && !is_call(own) => {
            let mut merged = globals.clone();
            for (key, entry) in owns {
                let node = match globals.get(key) {
                    Some(global) => merge(&global.node, &entry.node),
                    None => entry.node.clone(),
                };
                merged.insert(key.clone(), Entry { key: entry.key, node });
            }
            Value::Map(merged)
        }
        (Value::List(globals), Value::List(owns)) => {
            Value::List(globals.iter().chain(owns).cloned().collect())
        }
        (_, Value::Null) => return global.clone(),
        _ => return own.clone(),
    };
    Node { span: own.span, tag: None, value }
}

/// Whether a map is a call of an intrinsic function.
fn is_call(node: &Node) -> bool {
    let only = node.as_map().filter(|map| map.len() == 1).and_then(|map| map.first());
    only.is_some_and(|(key, _)| key == "Ref" || key.starts_with("Fn::"))
}
