//! Policy documents of data sources.

use hcl_edit::Span as _;
use hcl_edit::structure::Block;
use indexmap::IndexMap;

use super::super::documents::{map, text};
use super::scopes::Placed;
use super::values::{In, place};
use crate::text::tree::{Entry, Node, Value};
use crate::text::{SmolStr, Span};

/// The arguments of a statement and what they are in a document.
const NAMES: &[(&str, &str)] = &[
    ("sid", "Sid"),
    ("effect", "Effect"),
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
    ("principals", "Principal"),
];

impl<'a> In<'_, 'a> {
    /// A policy document of a data source, with those that it takes in.
    pub(super) fn document(self, block: Placed<'a, Block>, span: Span) -> Node {
        let body = self.body(&block.part.body, block.base, place(block.part.span(), block.base));
        let mut statements: Vec<Node> = vec![];
        let mut open: Vec<Node> = vec![];
        let mut take = |documents: Option<&Node>| {
            for document in documents.map(Node::one_or_many).unwrap_or_default() {
                match parsed(document, span) {
                    Some(document) => {
                        let inner = document.get("Statement").map(Node::one_or_many).unwrap_or_default();
                        statements.extend(inner.iter().cloned());
                    }
                    None => open.push(document.clone()),
                }
            }
        };
        take(body.get("source_policy_documents"));
        take(body.get("source_json"));
        take(body.get("override_policy_documents"));
        take(body.get("override_json"));
        let own = body.get("statement").map(Node::one_or_many).unwrap_or_default();
        statements.extend(own.iter().map(statement));
        if statements.is_empty()
            && let Some(open) = open.pop()
        {
            // Nothing of it is known.
            return open;
        }
        let version = text("2012-10-17".into(), span);
        map(vec![("Version", version), ("Statement", Node::new(span, Value::List(statements)))], span)
    }
}

/// A document that is written out, or as text.
fn parsed(document: &Node, span: Span) -> Option<Node> {
    if document.get("Statement").is_some() {
        return Some(document.clone());
    }
    super::super::documents::from_text(&document.as_template()?, crate::text::FileId(0), span)
}

/// A statement, from a block or from a map with the same names.
pub(super) fn statement(body: &Node) -> Node {
    let at = body.span;
    let part = |(from, to): &(&str, &'static str)| Some((*to, body.get(from)?.clone()));
    let mut parts: Vec<(&str, Node)> = NAMES.iter().filter_map(part).collect();
    parts.retain(|(name, node)| *name != "Principal" && node.value != Value::Null);
    if !parts.iter().any(|(name, _)| *name == "Effect") {
        parts.insert(0, ("Effect", text("Allow".into(), at)));
    }
    if let Some(principals) = principals(body) {
        parts.push(("Principal", principals));
    }
    let mut operators: IndexMap<SmolStr, Entry> = IndexMap::new();
    let conditions = body.get("condition").or_else(|| body.get("conditions")).map(Node::one_or_many);
    for condition in conditions.unwrap_or_default() {
        let word = |name: &str| condition.get(name).and_then(Node::as_str).map(SmolStr::from);
        let (Some(test), Some(key), Some(values)) = (word("test"), word("variable"), condition.get("values"))
        else {
            continue;
        };
        let operator = operators
            .entry(test)
            .or_insert_with(|| Entry { key: at, node: Node::new(at, Value::Map(IndexMap::new())) });
        if let Value::Map(keys) = &mut operator.node.value {
            keys.insert(key, Entry { key: at, node: values.clone() });
        }
    }
    if !operators.is_empty() {
        parts.push(("Condition", Node::new(at, Value::Map(operators))));
    }
    map(parts, at)
}

/// The principals of a statement of a resource's policy.
fn principals(body: &Node) -> Option<Node> {
    let blocks = body.get("principals")?.one_or_many();
    let pair =
        |block: &Node| Some((block.get("type")?.as_str()?.to_owned(), block.get("identifiers")?.clone()));
    let pairs: Vec<(String, Node)> = blocks.iter().filter_map(pair).collect();
    (!pairs.is_empty()).then(|| map(pairs, body.span))
}
