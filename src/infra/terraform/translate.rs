//! Resources in the terms of `CloudFormation`.

use indexmap::IndexMap;

use super::super::documents::{map, text};
use super::super::facts::TerraformType;
use super::values::In;
use crate::text::tree::{Entry, Node, Value};
use crate::text::{Hole, SmolStr, Span};

/// Puts what an archive is made of in its place, where the program makes it.
pub(super) fn unpack(resource: &mut Node, scope: In<'_, '_>) {
    let Value::Map(parts) = &mut resource.value else { return };
    let Some(Value::Map(properties)) = parts.get_mut("Properties").map(|entry| &mut entry.node.value) else {
        return;
    };
    for key in ["Code", "Content"] {
        let Some(entry) = properties.get_mut(key) else { continue };
        let first = first_source(&entry.node).cloned();
        let path = first.as_ref().and_then(Node::as_str);
        let made = path.and_then(|path| scope.made_of(path, entry.node.span));
        if let Some(made) = made.or(first) {
            entry.node = made;
        }
    }
}

/// The folder or file whose content lies at the top of an archive that is made of several.
fn first_source(node: &Node) -> Option<&Node> {
    match &node.value {
        Value::List(parts) => parts.iter().find_map(first_source),
        Value::Map(parts) if parts.contains_key("prefix_in_zip") => None,
        Value::Map(parts) => parts.get("path").map(|entry| &entry.node),
        _ => Some(node),
    }
}

/// A resource in the terms of CloudFormation.
pub(super) fn resource(facts: Option<&TerraformType>, kind: &str, body: &Node, span: Span) -> Entry {
    let mut properties = map(Vec::<(&str, Node)>::new(), span);
    for (from, to) in facts.into_iter().flat_map(|facts| &facts.properties) {
        let (from, to): (Vec<&str>, Vec<&str>) = (from.split('.').collect(), to.split('.').collect());
        put(body, &from, &mut properties, &to);
    }
    let kind = facts.map_or(kind, |facts| facts.kind.as_str());
    let node = map(vec![("Type", text(kind.into(), span)), ("Properties", properties)], span);
    Entry { key: span, node }
}

/// Puts what stands at one path at another. A block that is not repeated is a list of one.
pub(super) fn put(from: &Node, path: &[&str], to: &mut Node, place: &[&str]) {
    let ([first, rest @ ..], [key, behind @ ..]) = (path, place) else { return };
    let (name, repeated) = first.strip_suffix("[]").map_or((*first, false), |name| (name, true));
    let key = key.strip_suffix("[]").unwrap_or(key);
    let Some(node) = from.get(name).filter(|node| node.value != Value::Null) else { return };
    let Value::Map(map_of) = &mut to.value else { return };
    let empty = |value| Entry { key: node.span, node: Node::new(node.span, value) };
    if rest.is_empty() {
        set(node, to, place);
    } else if repeated {
        let list = map_of.entry(key.into()).or_insert_with(|| empty(Value::List(vec![])));
        let Value::List(items) = &mut list.node.value else { return };
        for (index, item) in node.one_or_many().iter().enumerate() {
            if items.len() <= index {
                items.push(Node::new(item.span, Value::Map(IndexMap::new())));
            }
            if let Some(target) = items.get_mut(index) {
                put(item, rest, target, behind);
            }
        }
    } else {
        let inner = node.one_or_many().first().unwrap_or(node);
        let next = map_of.entry(key.into()).or_insert_with(|| empty(Value::Map(IndexMap::new())));
        put(inner, rest, &mut next.node, behind);
    }
}

/// Sets the part at a place.
fn set(node: &Node, to: &mut Node, place: &[&str]) {
    let ([key, behind @ ..], Value::Map(map_of)) = (place, &mut to.value) else { return };
    let key = SmolStr::from(key.strip_suffix("[]").unwrap_or(key));
    if behind.is_empty() {
        map_of.insert(key, Entry { key: node.span, node: node.clone() });
        return;
    }
    let empty = || Entry { key: node.span, node: Node::new(node.span, Value::Map(IndexMap::new())) };
    set(node, &mut map_of.entry(key).or_insert_with(empty).node, behind);
}

/// Gives roles the managed policies that other resources attach to them.
pub(super) fn attach(resources: &mut IndexMap<SmolStr, Entry>) {
    let mut attached: Vec<(SmolStr, Node)> = vec![];
    for entry in resources.values() {
        let properties = entry.node.get("Properties");
        let Some(policy) = properties.and_then(|node| node.get("PolicyArn")) else { continue };
        for role in properties.and_then(|node| node.get("Roles")).map(Node::one_or_many).unwrap_or_default() {
            attached.extend(roles(role, resources).into_iter().map(|id| (id, policy.clone())));
        }
    }
    for (id, policy) in attached {
        let Some(Value::Map(role)) = resources.get_mut(&id).map(|entry| &mut entry.node.value) else {
            continue;
        };
        let Some(Value::Map(properties)) = role.get_mut("Properties").map(|entry| &mut entry.node.value)
        else {
            continue;
        };
        let span = policy.span;
        let list = properties.entry("ManagedPolicyArns".into());
        let list = list.or_insert_with(|| Entry { key: span, node: Node::new(span, Value::List(vec![])) });
        if let Value::List(policies) = &mut list.node.value {
            policies.push(policy);
        }
    }
}

/// The roles that a part names: by reference, else by the name that a role states.
fn roles(role: &Node, resources: &IndexMap<SmolStr, Entry>) -> Vec<SmolStr> {
    let text = role.as_template().unwrap_or_default();
    let mut ids: Vec<SmolStr> = text
        .holes()
        .filter_map(|hole| match hole {
            Hole::Resource { id, .. } => Some(id.clone()),
            _ => None,
        })
        .collect();
    let referred = role.get("Fn::GetAtt").and_then(|path| path.one_or_many().first()?.as_str());
    ids.extend(referred.map(SmolStr::from));
    if let (true, Some(name)) = (ids.is_empty(), text.as_literal().filter(|name| !name.is_empty())) {
        let is_named = |entry: &Entry| {
            entry.node.at(&["Properties", "RoleName"]).and_then(Node::as_str) == Some(name)
                && entry.node.get("Type").and_then(Node::as_str) == Some("AWS::IAM::Role")
        };
        ids.extend(resources.iter().filter(|(_, entry)| is_named(entry)).map(|(id, _)| id.clone()));
    }
    ids
}
