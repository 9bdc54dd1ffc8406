//! Events of a function: what invokes it, what the framework declares for that, and what it adds to the role.

use indexmap::IndexMap;

use super::super::cloudformation::{Reading, on_failure};
use super::super::documents::{map, text};
use super::super::facts::{ServerlessEvent, framework, trigger};
use super::super::model::{Function, Trigger};
use super::super::sam::{merge, source_arn};
use super::function::destination;
use super::role::allow;
use super::service::{Declared, Service, alphanumeric, resource};
use super::{fill, is_reference};
use crate::text::tree::{Entry, Node, Value};
use crate::text::{Hole, SmolStr, Span, TemplateString};

/// An event as the service has it.
struct Event<'a> {
    key: &'a str,
    body: &'a Node,
    span: Span,
}

/// What stands behind an event that is only named.
static NOTHING: Node = Node { span: Span { start: 0, end: 0 }, tag: None, value: Value::Null };

/// The events of a function.
fn events(function: &Declared) -> Vec<Event<'_>> {
    let list = function.node.get("events").map(Node::one_or_many).unwrap_or_default();
    let mut found = vec![];
    for item in list {
        if let Some((key, entry)) = item.as_map().and_then(IndexMap::first) {
            found.push(Event { key, body: &entry.node, span: entry.key });
        } else if let Some(key) = item.as_str() {
            found.push(Event { key, body: &NOTHING, span: item.span });
        }
    }
    found
}

impl Event<'_> {
    /// What the catalog knows of it. Its type, the way in which it is made, or the service of its source may decide.
    fn facts(&self) -> Option<&'static ServerlessEvent> {
        let known = &framework().event;
        let word = |key: &str| self.body.get(key).and_then(Node::as_str).map(str::to_owned);
        let own = self.own_source("arn").and_then(Node::as_template);
        let service = own.and_then(|arn| arn.split(':').get(2)?.as_literal().map(str::to_owned));
        let schedule = self.body.get("schedule").map(|_| "schedule".to_owned());
        let variants = [word("type"), word("method"), service, schedule];
        let variant = |variant: String| known.get(&[self.key, ":", &variant].concat());
        variants.into_iter().flatten().find_map(variant).or_else(|| known.get(self.key))
    }

    /// What the event itself says of its source.
    fn own_source(&self, key: &str) -> Option<&Node> {
        let is_source = self.body.as_template().is_some() || is_reference(self.body);
        if is_source { Some(self.body) } else { self.body.get(key) }
    }

    /// What triggers, as a part of the template.
    fn source(&self, service: &Service<'_>, facts: &ServerlessEvent) -> Option<Node> {
        let stated: Vec<&str> = facts.stated.as_deref().unwrap_or_default().split('.').collect();
        let Some(key) = facts.source.as_deref() else {
            let stated = facts.stated.as_ref().and_then(|_| service.provider(&stated));
            let implied = || {
                let id = text(facts.resource.as_ref()?.id.as_str().into(), self.span);
                Some(map(vec![("Ref", id)], self.span))
            };
            return stated.cloned().or_else(implied);
        };
        let property = facts.resource.as_ref().and_then(|resource| resource.name.as_deref());
        let named = self.own_source(key).or_else(|| self.body.get(&decapitalized(property?)))?;
        // The provider may know the name behind a word.
        let behind = named.as_str().and_then(|word| service.provider(&[stated.first()?, word]));
        Some(behind.and_then(|behind| behind.get("name")).unwrap_or(named).clone())
    }

    /// Secrets and networks that the source is reached with: the type and the URIs of each.
    fn accesses(&self, facts: &'static ServerlessEvent) -> Vec<(&'static str, Node)> {
        let mut found = vec![];
        for (path, kind) in &facts.access {
            let path: Vec<&str> = path.split('.').collect();
            let Some(node) = self.body.at(&path) else { continue };
            found.extend(node.one_or_many().iter().map(|uri| (kind.as_str(), uri.clone())));
        }
        found
    }

    /// The event's properties with those that the catalog asks for, as a template spells them.
    fn properties(&self, facts: &'static ServerlessEvent) -> Node {
        let span = self.span;
        let mut parts = vec![];
        let accesses = self.accesses(facts).into_iter();
        let accesses: Vec<Node> = accesses
            .map(|(kind, uri)| map(vec![("Type", text(kind.into(), span)), ("URI", uri)], span))
            .collect();
        if !accesses.is_empty() {
            parts.push(("SourceAccessConfigurations", Node::new(span, Value::List(accesses))));
        }
        if let Some(node) = self.body.at(&["destinations", "onFailure"]) {
            let (service, target) = destination(node);
            let kind = text(service.as_str().into(), node.span);
            let place = map(vec![("Destination", target), ("Type", kind)], node.span);
            parts.push(("DestinationConfig", map(vec![("OnFailure", place)], node.span)));
        }
        let parts = map(parts, span);
        if self.body.as_map().is_some() && !is_reference(self.body) {
            merge(self.body, &parts)
        } else {
            parts
        }
    }
}

/// A property as the framework spells it.
fn decapitalized(property: &str) -> String {
    let mut characters = property.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

/// Adds the resources that the events of a function imply.
pub(super) fn imply(service: &Service<'_>, function: &Declared, made: &mut IndexMap<SmolStr, Entry>) {
    for event in events(function) {
        let Some(facts) = event.facts() else { continue };
        let Some(implied) = &facts.resource else { continue };
        let mut properties: Vec<(&str, Node)> = implied
            .properties
            .iter()
            .map(|(name, value)| (name.as_str(), text(value.as_str().into(), event.span)))
            .collect();
        let source = event.source(service, facts);
        let id = match &implied.name {
            None if source.as_ref().is_some_and(|source| source.get("Ref").is_some()) => implied.id.clone(),
            None => continue,
            Some(property) => {
                let exists = event.body.get("existing").and_then(Node::as_flag) == Some(true);
                let name = source.filter(|_| !exists).and_then(|source| source.as_template());
                let Some(name) = name.filter(|name| !name.starts_with("arn:") && name.as_hole().is_none())
                else {
                    continue;
                };
                let id = [&implied.id, alphanumeric(&name.to_string()).as_str()].concat();
                properties.push((property, text(name, event.span)));
                id
            }
        };
        let resource = resource(&implied.kind, map(properties, event.span), event.span);
        made.entry(id.into()).or_insert(resource);
    }
}

/// The statements that the framework adds to the role for the events of a function.
pub(super) fn grants(service: &Service<'_>, function: &Declared) -> Vec<Node> {
    let mut statements = vec![];
    for event in events(function) {
        let Some(facts) = event.facts() else { continue };
        for grant in &facts.grants {
            let resources = match grant.resource.as_str() {
                "source" => event.source(service, facts).into_iter().collect(),
                "access" => secrets(&event, facts),
                words => vec![text(fill(words, &TemplateString::new()), event.span)],
            };
            if !resources.is_empty() {
                statements.push(allow(&grant.actions, resources, event.span));
            }
        }
        if let Some(node) = event.body.at(&["destinations", "onFailure"]) {
            let (service, target) = destination(node);
            let actions = framework().destination.get(&service);
            statements.extend(actions.map(|actions| allow(actions, vec![target], node.span)));
        }
    }
    statements
}

/// The secrets among what a source is reached with.
fn secrets(event: &Event<'_>, facts: &'static ServerlessEvent) -> Vec<Node> {
    let accesses = event.accesses(facts).into_iter();
    accesses.filter(|(kind, _)| !kind.starts_with('V')).map(|(_, uri)| uri).collect()
}

/// Gives a function the triggers and settings of its events.
pub(super) fn read(
    reading: &Reading<'_>,
    service: &Service<'_>,
    declared: &Declared,
    function: &mut Function,
) {
    for event in events(declared) {
        let site = reading.evaluator.site(event.span);
        let known = event.facts().and_then(|facts| Some((facts, trigger(&facts.trigger)?)));
        let Some((facts, row)) = known else {
            let shown = event.key.escape_debug();
            reading.evaluator.problem(event.span, format!("the event type `{shown}` is not known"));
            continue;
        };
        let named = event.source(service, facts).and_then(|node| reading.evaluator.text(&node));
        let source = named.map(|named| {
            let whole = named.starts_with("arn:") || matches!(named.as_hole(), Some(Hole::Parameter(_)));
            let words = facts.arn.as_deref().filter(|_| !whole);
            source_arn(row, words.map_or(named.clone(), |words| fill(words, &named)))
        });
        let properties = reading.evaluator.resolve(&event.properties(facts));
        function.settings.extend(on_failure(&properties, site.file, true));
        let kind = row.id.as_str().into();
        function.triggers.push(Trigger { kind, source, properties, certain: true, site });
    }
}
