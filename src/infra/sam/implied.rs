//! Resources that the properties of others imply, and what the transform makes of such properties.

use indexmap::IndexMap;

use super::super::cloudformation::Declared;
use super::super::documents::{map, text};
use super::super::facts::{Implied, sam_transform};
use super::{FUNCTION, MACHINE, role_id};
use crate::text::tree::{Entry, Node, Value};
use crate::text::{SmolStr, Span};

/// Adds the resources that others imply and that the template may refer to.
pub(in crate::infra) fn imply(resources: &mut IndexMap<SmolStr, Declared>) {
    let mut implied: Vec<(SmolStr, Declared)> = Vec::new();
    for (id, declared) in &mut *resources {
        if declared.kind != FUNCTION && declared.kind != MACHINE {
            continue;
        }
        let site = declared.site;
        let mut add = |id: String, kind: &str| {
            let node = Node::new(site.span, Value::Map(IndexMap::new()));
            implied.push((id.into(), Declared { kind: kind.into(), node, site }));
        };
        if let Some(role) = role_id(&declared.kind, id).filter(|_| !names_a_role(declared)) {
            add(role.to_string(), "AWS::IAM::Role");
        }
        if declared.kind == MACHINE {
            continue;
        }
        let events = part(&mut declared.node, &["Properties", "Events"]);
        for (name, event) in events.into_iter().flatten() {
            match event.node.get("Type").and_then(Node::as_str) {
                Some("Api") => add("ServerlessRestApi".to_owned(), "AWS::Serverless::Api"),
                Some("HttpApi") => add("ServerlessHttpApi".to_owned(), "AWS::Serverless::HttpApi"),
                _ => {}
            }
            let prefix = [id.as_str(), name].concat();
            if let Some(queue) = through(&mut event.node, &prefix) {
                add(queue.id, &queue.facts.kind);
            }
        }
        let path = ["Properties", "EventInvokeConfig", "DestinationConfig"];
        for (name, place) in part(&mut declared.node, &path).into_iter().flatten() {
            let prefix = [id.as_str(), "EventInvokeConfig", name].concat();
            if let Some(made) = destination(&mut place.node, &prefix) {
                add(made.id, &made.facts.kind);
            }
        }
    }
    for (id, declared) in implied {
        resources.entry(id).or_insert(declared);
    }
}

/// A map within a node.
fn part<'a>(node: &'a mut Node, path: &[&str]) -> Option<&'a mut IndexMap<SmolStr, Entry>> {
    let Value::Map(map) = &mut node.value else { return None };
    match path.split_first() {
        None => Some(map),
        Some((key, rest)) => part(&mut map.get_mut(*key)?.node, rest),
    }
}

/// A resource that is made for a property.
struct Made {
    id: String,
    facts: &'static Implied,
}

/// An event that reaches the function through a resource which the transform makes, or which is named: the event
/// becomes that of the resource.
fn through(event: &mut Node, prefix: &str) -> Option<Made> {
    let kind = event.get("Type").and_then(Node::as_str)?;
    let row = sam_transform().through.iter().find(|row| row.event == kind)?;
    let stated = event.at(&["Properties", &row.property])?;
    let named = stated.get(&row.source).cloned();
    if stated.as_flag() == Some(false) {
        return None;
    }
    let made =
        named.is_none().then(|| Made { id: [prefix, &row.implied.suffix].concat(), facts: &row.implied });
    let span = stated.span;
    let source = named.or_else(|| Some(arn(made.as_ref()?, span)))?;
    let becomes = text(row.becomes.as_str().into(), span);
    let map = part(event, &[])?;
    map.insert("Type".into(), Entry { key: span, node: becomes });
    let properties = part(event, &["Properties"])?;
    properties.insert(row.names.as_str().into(), Entry { key: span, node: source });
    made
}

/// A destination that states its type alone: the transform makes one.
fn destination(place: &mut Node, prefix: &str) -> Option<Made> {
    let kind = place.get("Type").and_then(Node::as_str)?;
    let facts = sam_transform().destinations.get(kind)?.implied.as_ref()?;
    if place.get("Destination").is_some() {
        return None;
    }
    let made = Made { id: [prefix, &facts.suffix].concat(), facts };
    let span = place.span;
    let node = arn(&made, span);
    part(place, &[])?.insert("Destination".into(), Entry { key: span, node });
    Some(made)
}

/// The reference to the ARN of what is made.
fn arn(made: &Made, span: Span) -> Node {
    let id = text(made.id.as_str().into(), span);
    match &made.facts.attribute {
        Some(attribute) => {
            let parts = vec![id, text(attribute.as_str().into(), span)];
            map(vec![("Fn::GetAtt", Node::new(span, Value::List(parts)))], span)
        }
        None => map(vec![("Ref", id)], span),
    }
}

fn names_a_role(declared: &Declared) -> bool {
    let role = declared.node.at(&["Properties", "Role"]);
    // A role that a condition may take away again leaves the transform's own in its place.
    role.is_some_and(|role| role.get("Fn::If").is_none())
}
