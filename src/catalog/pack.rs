//! Services and prefixes → table, for the build step and for the overlays of a user.

use std::error::Error;

use indexmap::IndexMap;

use super::facts::{Action, Operation, Prefix, Rule, Service};
use super::layout::Section;
use super::writer::Writer;

pub(crate) type Outcome<T> = Result<T, Box<dyn Error>>;

/// Adds services and prefixes, both sorted by name.
pub(crate) fn pack(writer: &mut Writer, services: &[Service], prefixes: &[Prefix]) -> Outcome<()> {
    for (index, service) in (0..).zip(services) {
        pack_service(writer, index, service)
            .map_err(|error| format!("service `{}`: {error}", service.name))?;
    }
    for (index, prefix) in (0..).zip(prefixes) {
        pack_prefix(writer, index, prefix).map_err(|error| format!("prefix `{}`: {error}", prefix.name))?;
    }
    Ok(())
}

fn pack_service(writer: &mut Writer, index: u32, service: &Service) -> Outcome<()> {
    let first = writer.count(Section::Operations)?;
    for (name, operation) in &service.operations {
        pack_operation(writer, index, name, operation).map_err(|error| format!("`{name}`: {error}"))?;
    }
    let place = |name: &String| position(&service.operations, name).map(|found| first + found);
    let paginators = service.paginators.iter().map(place).collect::<Outcome<Vec<_>>>()?;
    let mut waiters = Vec::new();
    for (name, operation) in &service.waiters {
        waiters.extend([writer.text(name)?, place(operation)?]);
    }
    let names = [writer.text(&service.name)?, writer.text(&service.prefix)?, writer.text(&service.id)?];
    let operations = [first, u32::try_from(service.operations.len())?];
    let paginators = writer.run(Section::Words, paginators)?;
    let [waiter, words] = writer.run(Section::Words, waiters)?;
    let record = [&names[..], &operations[..], &paginators[..], &[waiter, words / 2][..]].concat();
    writer.push(Section::Services, &record);
    Ok(())
}

/// The place of a name in a map.
fn position<T>(map: &IndexMap<String, T>, name: &str) -> Outcome<u32> {
    let found = map.get_index_of(name).ok_or_else(|| format!("`{name}` is not there"))?;
    Ok(u32::try_from(found)?)
}

fn pack_operation(writer: &mut Writer, service: u32, name: &str, operation: &Operation) -> Outcome<()> {
    let authorization = match operation.authorization.as_deref() {
        None | Some("actions") => 0,
        Some("none") => 1,
        Some("unverified") => 2,
        Some("unmapped") => 3,
        Some(other) => return Err(format!("no such authorization: {other}").into()),
    };
    let parameters = writer.texts(&operation.parameters)?;
    let mut rules = Vec::new();
    for rule in &operation.rules {
        rules.extend(rule_record(writer, rule).map_err(|error| format!("`{}`: {error}", rule.action))?);
    }
    let rules = writer.run(Section::Rules, rules)?;
    let head = [writer.text(name)?, service, authorization];
    writer.push(Section::Operations, &[&head[..], &parameters[..], &rules[..]].concat());
    Ok(())
}

fn rule_record(writer: &mut Writer, rule: &Rule) -> Outcome<Vec<u32>> {
    let class = match rule.class.as_deref() {
        None | Some("always") => 0,
        Some("conditional") => 1,
        Some("pass-role") => 2,
        Some("state") => 3,
        Some("optional") => 4,
        Some("forward") => 5,
        Some(other) => return Err(format!("no such class: {other}").into()),
    };
    let confidence = match rule.confidence.as_deref() {
        Some("low") => 0,
        Some("medium") => 1,
        None | Some("high") => 2,
        Some(other) => return Err(format!("no such confidence: {other}").into()),
    };
    let mut resources = Vec::new();
    for resource in &rule.resources {
        let mut parts = resource.iter();
        for _ in 0..Section::Resources.width() {
            resources.push(writer.text(parts.next().map_or("", String::as_str))?);
        }
    }
    let mut conditions = Vec::new();
    for (list, narrows) in [(&rule.conditions, 0), (&rule.narrowing, 1)] {
        for (key, value) in list {
            conditions.extend([writer.text(key)?, writer.text(value)?, narrows]);
        }
    }
    let resources = writer.run(Section::Resources, resources)?;
    let conditions = writer.run(Section::Conditions, conditions)?;
    let provenance = rule.provenance.as_deref().unwrap_or("identity");
    let texts = [writer.text(&rule.action)?, class | (confidence << 8), writer.text(&rule.when)?];
    let remarks = [writer.text(provenance)?, writer.text(&rule.note)?];
    Ok([&texts[..], &remarks[..], &resources[..], &conditions[..]].concat())
}

fn pack_prefix(writer: &mut Writer, index: u32, prefix: &Prefix) -> Outcome<()> {
    let first_type = writer.count(Section::ResourceTypes)?;
    for (name, kind) in &prefix.resource_types {
        let head = [writer.text(name)?];
        let patterns = writer.texts(&kind.arn)?;
        let keys = writer.texts(&kind.condition_keys)?;
        writer.push(Section::ResourceTypes, &[&head[..], &patterns[..], &keys[..]].concat());
    }
    let first = writer.count(Section::Actions)?;
    for (name, action) in &prefix.actions {
        let record = action_record(writer, prefix, first_type, action)
            .map_err(|error| format!("`{name}`: {error}"))?;
        let head = [index, writer.text(name)?];
        writer.push(Section::Actions, &[&head[..], &record[..]].concat());
    }
    let name = writer.text(&prefix.name)?;
    let actions = u32::try_from(prefix.actions.len())?;
    let types = u32::try_from(prefix.resource_types.len())?;
    writer.push(Section::Prefixes, &[name, first, actions, first_type, types]);
    Ok(())
}

/// Everything of an action behind its prefix and name.
fn action_record(
    writer: &mut Writer,
    prefix: &Prefix,
    first_type: u32,
    action: &Action,
) -> Outcome<Vec<u32>> {
    let level = match action.access.as_str() {
        "List" => 0,
        "Read" => 1,
        "Tagging" => 2,
        "Write" => 3,
        "Permissions management" => 4,
        other => return Err(format!("no such access level: {other}").into()),
    };
    let mut types = Vec::new();
    for name in &action.resource_types {
        let plain = name.trim_end_matches('*');
        types.extend([first_type + position(&prefix.resource_types, plain)?, u32::from(plain != name)]);
    }
    let [first, words] = writer.run(Section::Words, types)?;
    let keys = writer.texts(&action.condition_keys)?;
    let dependents = writer.texts(&action.dependents)?;
    Ok([&[level, first, words / 2][..], &keys[..], &dependents[..]].concat())
}
