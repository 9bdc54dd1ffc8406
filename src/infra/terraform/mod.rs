//! Terraform: the files of one folder are one deployment.
//!
//! Resources are put in the terms of CloudFormation, by a table, and the template that comes of it is read as any other.
//! What calls, loops and other modules come to stays open.

mod places;
mod values;

use hcl_edit::Span as _;
use hcl_edit::parser::parse_body;
use hcl_edit::structure::{Block, BlockLabel, Body};
use indexmap::IndexMap;

use self::places::Places;
use self::values::{Placed, Values, place};
use super::Settings;
use super::cloudformation::deployment;
use super::documents::{map, text};
use super::facts::{TerraformType, terraform_type};
use super::model::Deployment;
use super::paths::{folder, join};
use super::references::Dialect;
use crate::text::tree::{Entry, Node, Value};
use crate::text::{FileId, Hole, Problem, Site, SmolStr, Source, Span};

/// The files with values for variables, which are read without being named.
const VALUES: &[&str] = &["terraform.tfvars"];

/// Reads the files of a folder.
pub(super) fn read(files: &[(FileId, &Source)], settings: &Settings<'_>) -> Deployment {
    let Some((first, source)) = files.first() else { return Deployment::default() };
    let places = Places::new(files);
    let mut problems = vec![];
    let mut bodies: Vec<(usize, Body)> = vec![];
    for ((_, source), base) in files.iter().zip(places.bases()) {
        match parse_body(source.text()) {
            Ok(body) => bodies.push((base, body)),
            Err(error) => {
                let at = error.location().offset();
                let site = Site { file: *first, span: place(Some(at..at), base) };
                problems
                    .push(Problem { site, message: format!("this is not valid HCL: {}", error.message()) });
            }
        }
    }
    let given = given(source, settings);
    let values = names(&bodies);
    let template = template(&bodies, &values, given.as_ref());
    if values.is_spent() {
        let site = Site { file: *first, span: Span::default() };
        let message = "the values of these files grow without end: the rest of them stays open".to_owned();
        problems.push(Problem { site, message });
    }
    let mut deployment = deployment(source, *first, settings, &template, problems, &|_, _| {});
    deployment.dialect = Dialect::Terraform;
    deployment.own_names = own_names(&values);
    for function in &mut deployment.functions {
        let name = function.id.rsplit('.').next().unwrap_or_default();
        function.label = name.into();
    }
    places.put_back(&mut deployment);
    deployment
}

/// The values that stand beside the program.
fn given(source: &Source, settings: &Settings<'_>) -> Option<Body> {
    let path = |name: &&str| join(folder(source.path()), name);
    let text = VALUES.iter().filter_map(path).find_map(|path| (settings.sibling)(&path))?;
    text.parse().ok()
}

/// What the blocks of a folder name.
fn names(bodies: &[(usize, Body)]) -> Values<'_> {
    let mut values = Values::default();
    for (base, block) in blocks(bodies) {
        let placed = Placed { part: block, base };
        match (block.ident.value().as_str(), labels(block).as_slice()) {
            ("locals", _) => {
                for local in block.body.attributes() {
                    values.locals.insert(local.key.value().as_str(), Placed { part: &local.value, base });
                }
            }
            ("variable", [name]) => drop(values.variables.insert(name, placed)),
            ("data", [kind, name]) | ("resource", [kind @ "archive_file", name]) => {
                values.data.insert((kind, name), placed);
            }
            ("module", [name]) => {
                let source = block.body.get_attribute("source").and_then(|source| source.value.as_str());
                values.modules.insert(name, source.unwrap_or_default().to_owned());
            }
            _ => {}
        }
    }
    values
}

/// What the folder calls the account, region and partition.
fn own_names(values: &Values<'_>) -> IndexMap<SmolStr, SmolStr> {
    let mut names = IndexMap::new();
    for (kind, name) in values.data.keys() {
        let own = match *kind {
            "aws_caller_identity" => ("account", "account_id"),
            "aws_region" => ("region", "name"),
            "aws_partition" => ("partition", "partition"),
            _ => continue,
        };
        names.entry(own.0.into()).or_insert_with(|| ["data.", kind, ".", name, ".", own.1].concat().into());
    }
    names
}

fn blocks(bodies: &[(usize, Body)]) -> impl Iterator<Item = (usize, &Block)> {
    bodies.iter().flat_map(|(base, body)| body.blocks().map(|block| (*base, block)))
}

fn labels(block: &Block) -> Vec<&str> {
    block.labels.iter().map(BlockLabel::as_str).collect()
}

/// The template that the resources and modules of a folder come to.
fn template(bodies: &[(usize, Body)], values: &Values<'_>, given: Option<&Body>) -> Node {
    let (mut parameters, mut resources) = (IndexMap::new(), IndexMap::new());
    for (base, block) in blocks(bodies) {
        let span = place(block.span(), base);
        let labels = labels(block);
        match (block.ident.value().as_str(), labels.as_slice()) {
            ("variable", [name]) => {
                let own = given.and_then(|given| given.get_attribute(name)).map(|given| (&given.value, 0));
                let default = || Some((&block.body.get_attribute("default")?.value, base));
                let value = own.or_else(default).map(|(value, base)| values.value(value, base));
                let parts = value.into_iter().filter(|value| value.as_template().is_some());
                let parts = parts.map(|value| ("Default", value)).collect();
                parameters.insert(SmolStr::from(*name), Entry { key: span, node: map(parts, span) });
            }
            ("resource", [kind, name]) => {
                let body = values.body(&block.body, base, span);
                let mut entry = resource(terraform_type(kind), kind, &body, span);
                unpack(&mut entry.node, values);
                resources.insert(SmolStr::from([kind, ".", name].concat()), entry);
            }
            ("module", [name]) => {
                let source = values.modules.get(name).map(String::as_str).unwrap_or_default();
                let Some(facts) = terraform_type(source) else { continue };
                let body = values.body(&block.body, base, span);
                let entry = resource(Some(facts), source, &body, span);
                resources.insert(SmolStr::from(["module.", name].concat()), entry);
            }
            _ => {}
        }
    }
    attach(&mut resources);
    let whole = Span::default();
    let parts = [("Parameters", parameters), ("Resources", resources)];
    map(parts.into_iter().map(|(name, part)| (name, Node::new(whole, Value::Map(part)))).collect(), whole)
}

/// Puts what an archive is made of in its place, where the program makes it.
fn unpack(resource: &mut Node, values: &Values<'_>) {
    let Value::Map(parts) = &mut resource.value else { return };
    let Some(Value::Map(properties)) = parts.get_mut("Properties").map(|entry| &mut entry.node.value) else {
        return;
    };
    for key in ["Code", "Content"] {
        let Some(entry) = properties.get_mut(key) else { continue };
        let made = entry.node.as_str().and_then(|path| values.made_of(path, entry.node.span));
        if let Some(made) = made {
            entry.node = made;
        }
    }
}

/// A resource in the terms of CloudFormation.
fn resource(facts: Option<&TerraformType>, kind: &str, body: &Node, span: Span) -> Entry {
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
fn put(from: &Node, path: &[&str], to: &mut Node, place: &[&str]) {
    let ([first, rest @ ..], [key, behind @ ..]) = (path, place) else { return };
    let (name, repeated) = first.strip_suffix("[]").map_or((*first, false), |name| (name, true));
    let key = key.strip_suffix("[]").unwrap_or(key);
    let Some(node) = from.get(name).filter(|node| node.value != Value::Null) else { return };
    let Value::Map(map_of) = &mut to.value else { return };
    let empty = |value| Entry { key: node.span, node: Node::new(node.span, value) };
    if rest.is_empty() && behind.is_empty() {
        map_of.insert(key.into(), Entry { key: node.span, node: node.clone() });
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

/// Gives roles the managed policies that other resources attach to them.
fn attach(resources: &mut IndexMap<SmolStr, Entry>) {
    let mut attached: Vec<(SmolStr, Node)> = vec![];
    for entry in resources.values() {
        let properties = entry.node.get("Properties");
        let Some(policy) = properties.and_then(|node| node.get("PolicyArn")) else { continue };
        for role in properties.and_then(|node| node.get("Roles")).map(Node::one_or_many).unwrap_or_default() {
            let text = role.as_template().unwrap_or_default();
            let ids = text.holes().filter_map(|hole| match hole {
                Hole::Resource { id, .. } => Some(id.clone()),
                _ => None,
            });
            attached.extend(ids.map(|id| (id, policy.clone())));
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
