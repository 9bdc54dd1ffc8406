//! Policy documents that no template writes out: those of policy templates, of transforms and of managed policies.

use indexmap::IndexMap;

use crate::text::tree::{Entry, Node, Value};
use crate::text::{FileId, Hole, Piece, SmolStr, Source, Span, TemplateString, yaml};

/// A statement that allows.
pub(crate) struct Allowed {
    /// The actions.
    pub(crate) actions: Vec<TemplateString>,
    /// The resources.
    pub(crate) resources: Vec<TemplateString>,
    /// The conditions: operator, key, values.
    pub(crate) conditions: Vec<(String, String, Vec<TemplateString>)>,
}

/// A document of statements that allow, all of them standing at `span`.
pub(crate) fn document(statements: Vec<Allowed>, span: Span) -> Node {
    let statements = statements.into_iter().map(|statement| self::statement(statement, span)).collect();
    let version = text("2012-10-17".into(), span);
    map(vec![("Version", version), ("Statement", Node::new(span, Value::List(statements)))], span)
}

fn statement(allowed: Allowed, span: Span) -> Node {
    let mut parts = vec![
        ("Effect", text("Allow".into(), span)),
        ("Action", list(allowed.actions, span)),
        ("Resource", list(allowed.resources, span)),
    ];
    if !allowed.conditions.is_empty() {
        let mut operators: IndexMap<String, Vec<(String, Node)>> = IndexMap::new();
        for (operator, key, values) in allowed.conditions {
            operators.entry(operator).or_default().push((key, list(values, span)));
        }
        let operators = operators.into_iter().map(|(operator, keys)| (operator, map(keys, span))).collect();
        parts.push(("Condition", map(operators, span)));
    }
    map(parts, span)
}

/// Text at a place.
pub(crate) fn text(text: TemplateString, span: Span) -> Node {
    Node::new(span, Value::Text(text))
}

/// A list of texts at a place.
pub(crate) fn list(texts: Vec<TemplateString>, span: Span) -> Node {
    Node::new(span, Value::List(texts.into_iter().map(|item| text(item, span)).collect()))
}

/// A map at a place.
pub(crate) fn map(parts: Vec<(impl AsRef<str>, Node)>, span: Span) -> Node {
    let entry = |(key, node): (_, Node)| {
        let key: &str = AsRef::as_ref(&key);
        (key.into(), Entry { key: span, node })
    };
    Node::new(span, Value::Map(parts.into_iter().map(entry).collect()))
}

/// A document from somewhere else, all of it standing at `span`. `None` where the text holds none.
pub(crate) fn foreign(json: &str, file: FileId, span: Span) -> Option<Node> {
    let (node, problems) = yaml::parse(&Source::new("", json), file);
    (problems.is_empty() && node.as_map().is_some()).then(|| moved(node, span))
}

/// A document that the template has as text with holes. `None` where the text holds none.
pub(crate) fn from_text(text: &TemplateString, file: FileId, span: Span) -> Option<Node> {
    if text.pieces().iter().any(|piece| matches!(piece, Piece::Text(known) if known.contains(HOLE))) {
        return None;
    }
    let (json, holes) = marked(text);
    Some(with_holes(foreign(&json, file, span)?, &holes))
}

/// The text with a mark for each of its holes: a hole cannot be told from text once it is parsed.
fn marked(text: &TemplateString) -> (String, Vec<Hole>) {
    let mut written = String::new();
    let mut holes: Vec<Hole> = Vec::new();
    for piece in text.pieces() {
        match piece {
            Piece::Text(known) => written.push_str(known),
            Piece::Hole(hole) => {
                written.extend([String::from(HOLE), holes.len().to_string(), String::from(HOLE)]);
                holes.push(hole.clone());
            }
        }
    }
    (written, holes)
}

/// Stands for a hole while text is parsed: a private-use character.
const HOLE: char = '\u{f8ff}';

fn with_holes(node: Node, holes: &[Hole]) -> Node {
    let value = match node.value {
        Value::List(list) => Value::List(list.into_iter().map(|item| with_holes(item, holes)).collect()),
        Value::Map(map) => {
            let entry = |(key, entry): (_, Entry)| {
                (key, Entry { key: entry.key, node: with_holes(entry.node, holes) })
            };
            Value::Map(map.into_iter().map(entry).collect())
        }
        Value::Text(text) => {
            Value::Text(text.as_literal().map_or_else(|| text.clone(), |text| put_back(text, holes)))
        }
        other => other,
    };
    Node { value, ..node }
}

fn put_back(text: &str, holes: &[Hole]) -> TemplateString {
    let mut result = TemplateString::new();
    for (index, part) in text.split(HOLE).enumerate() {
        let hole =
            if index % 2 == 1 { part.parse().ok().and_then(|index: usize| holes.get(index)) } else { None };
        match hole {
            Some(hole) => result.push_hole(hole.clone()),
            None => result.push_str(part),
        }
    }
    result
}

/// The fields with plain text that a template of a request says: `"Name": "text"` of one in JSON, `Name=text` of a form.
/// What the request's own language works out is left out.
pub(crate) fn said(text: &TemplateString) -> Vec<(SmolStr, TemplateString)> {
    let (written, holes) = marked(text);
    let is_plain = |value: &str| !value.contains(['$', '#', '\\', '{']) && !value.is_empty();
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    let mut found = Vec::new();
    if !written.contains('"') {
        let pairs = written.split('&').filter_map(|pair| pair.split_once('='));
        let pairs = pairs.map(|(name, value)| (name.trim(), encoded(value.trim())));
        let pairs = pairs.filter(|(name, value)| is_name(name) && is_plain(value));
        found.extend(pairs.map(|(name, value)| (name.into(), put_back(value, &holes))));
        return found;
    }
    let parts: Vec<&str> = written.split('"').collect();
    for part in parts.windows(4).filter(|part| part.get(2).is_some_and(|colon| colon.trim() == ":")) {
        let [_, name, _, value] = part else { continue };
        if is_name(name) && is_plain(value) {
            found.push(((*name).into(), put_back(value, &holes)));
        }
    }
    found
}

/// The text that a form encodes, where it is plain.
fn encoded(value: &str) -> &str {
    let inner = value.strip_prefix("$util.urlEncode('").and_then(|rest| rest.strip_suffix("')"));
    inner.unwrap_or(value)
}

/// The part as if all of it stood at `span`.
pub(crate) fn moved(node: Node, span: Span) -> Node {
    let value = match node.value {
        Value::List(list) => Value::List(list.into_iter().map(|item| moved(item, span)).collect()),
        Value::Map(map) => {
            let entry = |(key, entry): (_, Entry)| (key, Entry { key: span, node: moved(entry.node, span) });
            Value::Map(map.into_iter().map(entry).collect())
        }
        other => other,
    };
    Node { span, tag: node.tag, value }
}
