//! Values of a program → parts of the template.

use indexmap::IndexMap;

use crate::flow::Argument;
use crate::infra;
use crate::text::tree::{Entry, Node, Value};
use crate::text::{Hole, Piece, SmolStr, Span, TemplateString};

use super::expression::{PROJECT, Scope};
use super::facts::Attribute;
use super::template::Writer;
use super::trace::{Call, reference};

/// How deep values are written.
const MAX_DEPTH: u32 = 16;

impl Writer<'_> {
    /// A value as a part of the template; `None` for one that is left out.
    pub(super) fn node(&self, value: &Argument, span: Span) -> Option<Node> {
        self.node_within(value, span, 0)
    }

    fn node_within(&self, value: &Argument, span: Span, depth: u32) -> Option<Node> {
        if depth > MAX_DEPTH {
            return Some(text(Hole::Unknown.into(), span));
        }
        Some(match value {
            Argument::Nil => return None,
            Argument::Flag(flag) => Node::new(span, Value::Flag(*flag)),
            Argument::Number(number) if !number.is_empty() => Node::new(span, Value::Number(number.clone())),
            Argument::Number(_) | Argument::Unknown(_) => text(Hole::Unknown.into(), span),
            Argument::List(items) => {
                let items = items.iter().filter_map(|item| self.node_within(item, span, depth + 1));
                let flat = items.flat_map(|item| match item.value {
                    Value::List(inner) => inner,
                    _ => vec![item],
                });
                list(flat.collect(), span)
            }
            Argument::Record(record) => {
                let field = |(name, field): (&SmolStr, &crate::flow::Field)| {
                    Some((name.clone(), self.node_within(&field.value, span, depth + 1)?))
                };
                map(record.fields.iter().filter_map(field).collect(), span)
            }
            Argument::OneOf(several) => {
                let nodes = several.iter().filter_map(|one| self.node_within(one, span, depth + 1));
                let nodes: Vec<Node> = nodes.collect();
                let known = nodes.iter().find(|node| node.as_template().is_none_or(|text| is_known(&text)));
                known.or(nodes.first())?.clone()
            }
            Argument::Text(texts) => match texts.as_slice() {
                [only] => match reference(only) {
                    Some((key, path)) if path.is_empty() => self.made(&key, span, depth)?,
                    _ => self.rendered(&self.program.text(value)?, span),
                },
                _ => self.rendered(&self.program.text(&Argument::Text(texts.clone()))?, span),
            },
        })
    }

    /// What a call gave, where it stands in a property.
    fn made(&self, key: &str, span: Span, depth: u32) -> Option<Node> {
        let call = self.program.trace.get(key)?;
        let described = self.program.facts.described(&call.callee);
        let scope = Scope { key, call, extra: &[] };
        let own = self.span(call);
        if let Some(known) = described.filter(|known| !known.gives.is_empty()) {
            let field = |(name, value): (&String, &String)| {
                let value = self.program.value(value, scope)?;
                Some((name.clone(), self.node_within(&value, own, depth + 1)?))
            };
            return Some(map(known.gives.iter().filter_map(field).collect(), own));
        }
        if let Some(function) = described.and_then(|known| known.call.as_ref()) {
            return Some(self.function(function, call, own, depth));
        }
        if described.is_some_and(|known| known.text.is_some()) {
            let text = self.program.text(&super::trace::referring(key, ""))?;
            return Some(self.rendered(&text, span));
        }
        if let Some(id) = self.ids.get(key) {
            return Some(map(vec![("Ref", text(id.as_str().into(), span))], span));
        }
        let field = |(name, value): (&SmolStr, &Argument)| {
            Some((name.clone(), self.node_within(value, own, depth + 1)?))
        };
        Some(map(call.named.iter().filter_map(field).collect(), own))
    }

    /// A function of the template.
    fn function(&self, name: &str, call: &Call, span: Span, depth: u32) -> Node {
        let arguments = call.named.values().chain(&call.rest);
        let mut arguments: Vec<Node> =
            arguments.filter_map(|value| self.node_within(value, span, depth + 1)).collect();
        let single = arguments.len() == 1 && matches!(name, "Ref" | "Fn::Sub");
        let argument = if single { arguments.swap_remove(0) } else { list(arguments, span) };
        map(vec![(name, argument)], span)
    }

    /// A text with places of the program as functions of the template.
    fn rendered(&self, made: &TemplateString, span: Span) -> Node {
        let known = made.as_literal().and_then(|path| path.strip_prefix(PROJECT));
        if let Some(path) = known {
            let depth = self.around.folder.split('/').filter(|part| !part.is_empty() && *part != ".").count();
            let path = ["../".repeat(depth).as_str(), path.trim_start_matches('/')].concat();
            return text(if path.is_empty() { ".".into() } else { path.as_str().into() }, span);
        }
        let mut parts: Vec<Node> = made.pieces().iter().map(|piece| self.piece(piece, span)).collect();
        if parts.len() == 1 {
            return parts.swap_remove(0);
        }
        if !super::expression::is_symbolic(made) {
            let plain = made.fill(own_hole);
            return text(plain, span);
        }
        let joined = list(vec![text("".into(), span), list(parts, span)], span);
        map(vec![("Fn::Join", joined)], span)
    }

    fn piece(&self, piece: &Piece, span: Span) -> Node {
        match piece {
            Piece::Text(known) => text(known.as_str().into(), span),
            Piece::Hole(Hole::Resource { id, attribute }) if id.starts_with('@') => {
                self.referred(id, attribute, span)
            }
            Piece::Hole(hole) => text(own_hole(hole).unwrap_or_else(|| hole.clone().into()), span),
        }
    }

    /// A reference to a resource or to an attribute of it.
    fn referred(&self, key: &str, path: &str, span: Span) -> Node {
        let unknown = || text(Hole::Unknown.into(), span);
        let Some(call) = self.program.trace.get(key) else { return unknown() };
        // What a function of the template gives, as a part of a longer text.
        let function = self.program.facts.described(&call.callee).and_then(|known| known.call.as_ref());
        if let Some(function) = function.filter(|_| path.is_empty()) {
            return self.function(function, call, span, 0);
        }
        let Some(id) = self.ids.get(key) else { return unknown() };
        let word = |word: &str| text(word.into(), span);
        let reference = || map(vec![("Ref", word(id))], span);
        let attribute = |name: &str| map(vec![("Fn::GetAtt", list(vec![word(id), word(name)], span))], span);
        if path.is_empty() {
            return reference();
        }
        match self.program.facts.attribute(&self.program.class_of(call), path) {
            Some(Attribute::Text(name)) if name == "Ref" => return reference(),
            Some(Attribute::Text(name)) if !name.contains('{') => return attribute(name),
            _ => {}
        }
        if path == "ref" {
            return reference();
        }
        if let Some(name) = path.strip_prefix("attr").filter(|name| name.starts_with(char::is_uppercase)) {
            return attribute(name);
        }
        if path.contains('.') { unknown() } else { attribute(path) }
    }

    /// The properties of a resource that the program states in the template's own words.
    pub(super) fn own_properties(&self, call: &Call, span: Span) -> Node {
        let given = call.named.iter().filter(|(name, _)| !matches!(name.as_str(), "scope" | "id"));
        let field = |(name, value): (&SmolStr, &Argument)| Some((capital(name), self.node(value, span)?));
        let node: Vec<(String, Node)> = given.filter_map(field).collect();
        let mut node = map(node, span);
        capitalise(&mut node, 0);
        node
    }
}

/// What the environment of whoever deploys says is a parameter of the deployment.
fn own_hole(hole: &Hole) -> Option<TemplateString> {
    match hole {
        Hole::Environment(name) => Some(Hole::Parameter(name.clone()).into()),
        Hole::Event(_) => Some(Hole::Unknown.into()),
        _ => None,
    }
}

/// The type of a class that is the template's own (`CfnTable`).
pub(super) fn own_type(callee: &str) -> Option<String> {
    let (module, class) = callee.split_once('.')?;
    let resource = class.strip_prefix("Cfn").filter(|rest| rest.starts_with(char::is_uppercase))?;
    let service = module.strip_prefix("aws")?;
    if resource.contains('.') {
        return None;
    }
    let known = known_type(callee).map(str::to_owned);
    Some(known.unwrap_or_else(|| format!("AWS::{}::{resource}", capital(service))))
}

/// That type, where the catalog knows it.
pub(super) fn known_type(callee: &str) -> Option<&'static str> {
    let (module, class) = callee.split_once('.')?;
    infra::resource_type(module.strip_prefix("aws")?, class.strip_prefix("Cfn")?)
}

/// Gives keys their capitals, but for those that are data.
fn capitalise(node: &mut Node, depth: u32) {
    match &mut node.value {
        Value::Map(entries) if depth < MAX_DEPTH => {
            let is_function =
                entries.len() == 1 && entries.keys().all(|key| key.starts_with("Fn::") || key == "Ref");
            if is_function {
                return;
            }
            let old = std::mem::take(entries);
            for (key, mut entry) in old {
                let key = capital(&key);
                if key != "Variables" {
                    capitalise(&mut entry.node, depth + 1);
                }
                entries.insert(key.into(), entry);
            }
        }
        Value::List(items) if depth < MAX_DEPTH => {
            for item in items {
                capitalise(item, depth + 1);
            }
        }
        _ => {}
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

/// Whether more is known of a text than that it is one.
fn is_known(text: &TemplateString) -> bool {
    text.as_hole() != Some(&Hole::Unknown)
}

/// Text at a place.
pub(super) fn text(text: TemplateString, span: Span) -> Node {
    Node::new(span, Value::Text(text))
}

/// A list at a place.
pub(super) fn list(items: Vec<Node>, span: Span) -> Node {
    Node::new(span, Value::List(items))
}

/// A map at a place.
pub(super) fn map(parts: Vec<(impl AsRef<str>, Node)>, span: Span) -> Node {
    let entry = |(key, node): (_, Node)| (SmolStr::from(AsRef::as_ref(&key)), Entry { key: span, node });
    Node::new(span, Value::Map(parts.into_iter().map(entry).collect()))
}

/// Puts a part at a path of keys; `[]` behind a key makes a list of one there.
pub(super) fn set(to: &mut Node, path: &str, node: Node) {
    let (key, rest) = if path.starts_with("aws:") {
        (path, None)
    } else {
        path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)))
    };
    let (key, repeated) = key.strip_suffix("[]").map_or((key, false), |key| (key, true));
    let Value::Map(entries) = &mut to.value else { return };
    let span = node.span;
    let Some(rest) = rest else {
        entries.insert(key.into(), Entry { key: span, node });
        return;
    };
    let empty = || Node::new(span, Value::Map(IndexMap::new()));
    let fresh = || Entry { key: span, node: if repeated { list(vec![empty()], span) } else { empty() } };
    let next = entries.entry(key.into()).or_insert_with(fresh);
    match &mut next.node.value {
        Value::List(items) => {
            if let Some(first) = items.first_mut() {
                set(first, rest, node);
            }
        }
        _ => set(&mut next.node, rest, node),
    }
}
