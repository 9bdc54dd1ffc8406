//! A service with its variables replaced, and the names that the framework gives.

use indexmap::IndexMap;

use super::super::documents::{map, text};
use super::super::facts::framework;
use super::variables::{Variables, construct_name};
use crate::text::tree::{Entry, Node, Value};
use crate::text::{SmolStr, Span, TemplateString};

/// A service.
pub(super) struct Service<'a> {
    pub(super) root: &'a Node,
    /// What the physical names of functions begin with: service and stage.
    pub(super) prefix: TemplateString,
    /// The functions by their keys, and the workers of constructs.
    pub(super) functions: IndexMap<SmolStr, Declared>,
}

/// A function as the service declares it.
pub(super) struct Declared {
    /// Its key.
    pub(super) key: SmolStr,
    /// The id that the framework gives it in the template.
    pub(super) id: SmolStr,
    /// Its settings.
    pub(super) node: Node,
    /// Where its key stands.
    pub(super) span: Span,
}

impl<'a> Service<'a> {
    pub(super) fn new(root: &'a Node, variables: &'a Variables<'a>) -> Self {
        let name = root.get("service").map(|service| service.get("name").unwrap_or(service));
        let mut prefix = name.and_then(Node::as_template).unwrap_or_default();
        prefix.push_str("-");
        prefix.push(&variables.stage(root.span).as_template().unwrap_or_default());
        let mut functions = IndexMap::new();
        for part in root.get("functions").map(Node::one_or_many).unwrap_or_default() {
            for (key, entry) in part.as_map().into_iter().flatten() {
                if entry.node.as_map().is_some() {
                    functions.insert(key.clone(), declared(key, &entry.node, entry.key));
                }
            }
        }
        for (key, entry) in root.get("constructs").and_then(Node::as_map).into_iter().flatten() {
            if let Some(worker) = worker(key, entry) {
                functions.entry(worker.key.clone()).or_insert(worker);
            }
        }
        Self { root, prefix, functions }
    }

    /// A setting of the provider.
    pub(super) fn provider(&self, path: &[&str]) -> Option<&'a Node> {
        self.root.get("provider")?.at(path)
    }

    /// The physical name of a function.
    pub(super) fn physical_name(&self, function: &Declared) -> TemplateString {
        let stated = function.node.get("name").and_then(Node::as_template);
        stated.unwrap_or_else(|| {
            let mut name = self.prefix.clone();
            name.push_str("-");
            name.push_str(&function.key);
            name
        })
    }

    /// Adds the resources of constructs.
    pub(super) fn constructs(&self, made: &mut IndexMap<SmolStr, Entry>) {
        for (id, entry) in self.root.get("constructs").and_then(Node::as_map).into_iter().flatten() {
            let kind = entry.node.get("type").and_then(Node::as_str).unwrap_or_default();
            let declared = framework().construct.get(kind).and_then(|facts| facts.kind.as_deref());
            if let Some(kind) = declared {
                made.insert(
                    id.clone(),
                    resource(kind, map(Vec::<(&str, Node)>::new(), entry.key), entry.key),
                );
            }
        }
    }

    /// Adds the layers that the service declares.
    pub(super) fn layers(&self, made: &mut IndexMap<SmolStr, Entry>) {
        for (key, entry) in self.root.get("layers").and_then(Node::as_map).into_iter().flatten() {
            let span = entry.key;
            let path = entry.node.get("path").cloned().unwrap_or_else(|| text(".".into(), span));
            let properties = map(vec![("ContentUri", path)], span);
            let resource = resource("AWS::Lambda::LayerVersion", properties, span);
            made.insert([&alphanumeric(key), "LambdaLayer"].concat().into(), resource);
        }
    }
}

fn declared(key: &SmolStr, node: &Node, span: Span) -> Declared {
    let id = [&normalized(key), "LambdaFunction"].concat().into();
    Declared { key: key.clone(), id, node: node.clone(), span }
}

/// The function that a construct is worked off by.
fn worker(key: &str, entry: &Entry) -> Option<Declared> {
    let facts = framework().construct.get(entry.node.get("type")?.as_str()?)?;
    let event = facts.worker.as_deref()?;
    let worker = entry.node.get("worker")?;
    let span = entry.key;
    let arn = facts.attributes.values().find(|text| text.starts_with("arn:"))?;
    let arn = super::fill(arn, &construct_name(key, facts));
    let source = map(vec![("arn", text(arn, span))], span);
    let mut node = worker.clone();
    if let Value::Map(settings) = &mut node.value {
        let events = Node::new(span, Value::List(vec![map(vec![(event, source)], span)]));
        settings.insert("events".into(), Entry { key: span, node: events });
    }
    Some(declared(&[key, "Worker"].concat().into(), &node, span))
}

/// A resource of the template.
pub(super) fn resource(kind: &str, properties: Node, span: Span) -> Entry {
    let node = map(vec![("Type", text(kind.into(), span)), ("Properties", properties)], span);
    Entry { key: span, node }
}

/// A key as part of an id: the first letter large, signs spelled out.
pub(super) fn normalized(key: &str) -> String {
    capital(&key.replace('-', "Dash").replace('_', "Underscore"))
}

/// A name as part of an id: the first letter large, signs left out.
pub(super) fn alphanumeric(name: &str) -> String {
    let kept: String = capital(name).chars().filter(char::is_ascii_alphanumeric).collect();
    kept
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}
