//! What the transform adds by itself to the role that it makes for a function. The facts are those of
//! `catalogs/aws/sam_transform.toml`.

use super::super::cloudformation::{Attachments, says_something};
use super::super::documents::{Allowed, document};
use super::super::facts::{EventStatements, sam_transform, trigger};
use super::super::model::{Function, Resource, Role, Setting, Trigger};
use super::super::paths::walk;
use crate::text::TemplateString;
use crate::text::tree::Node;

/// Gives the role what the transform adds.
pub(super) fn added(
    attachments: &Attachments<'_>,
    role: &mut Role,
    function: &Function,
    resource: &Resource,
) {
    managed(attachments, role, function, resource);
    for setting in &function.settings {
        if let Some((name, statements)) = destination(setting) {
            let document = document(statements, setting.site.span);
            attachments.inline(role, &name.into(), &document, setting.site.span);
        }
    }
    for event in &function.triggers {
        // Only the function's own events: what other resources declare is not the transform's.
        let events = walk(&resource.properties, "Events.*");
        if events.iter().any(|own| own.get("Properties") == Some(&event.properties)) {
            reads(attachments, role, event);
        }
    }
}

/// The managed policies that properties of the function ask for.
fn managed(attachments: &Attachments<'_>, role: &mut Role, function: &Function, resource: &Resource) {
    let properties = &resource.properties;
    let mut groups: Vec<&str> = Vec::new();
    for row in sam_transform().managed.iter().filter(|row| row.kind == *resource.kind) {
        let stated = row.property.as_deref().map(|path| walk(properties, path).first().copied());
        let asks = |node: &&Node| {
            let value = node.as_template().and_then(|text| attachments.reading.evaluator.literal(&text));
            let is_off = row.without.is_some() && value.as_deref() == row.without.as_deref();
            says_something(node) && !is_off && node.as_flag() != Some(false)
        };
        let span = match stated {
            None => function.site.span,
            Some(node) => match node.filter(asks) {
                Some(node) => node.span,
                None => continue,
            },
        };
        let group = row.group.as_deref();
        if group.is_some_and(|group| groups.contains(&group)) {
            continue;
        }
        groups.extend(group);
        attachments.managed(role, &row.policy.as_str().into(), span);
    }
}

/// What the transform allows for a destination whose type the template states.
fn destination(setting: &Setting) -> Option<(&'static str, Vec<Allowed>)> {
    let target = setting.target.clone().filter(|_| setting.certain)?;
    let name = sam_transform().names.get(setting.kind.as_str())?;
    let row = sam_transform().destinations.get(setting.properties.get("Type")?.as_str()?)?;
    let place = |_: &str| target.clone();
    Some((name, row.statements.iter().map(|statement| statement.allowed(&place)).collect()))
}

/// What the transform allows for an event source that Lambda reads.
fn reads(attachments: &Attachments<'_>, role: &mut Role, event: &Trigger) {
    let span = event.site.span;
    if sam_transform().polled.iter().any(|polled| *polled == *event.kind) {
        let managed = trigger(&event.kind).and_then(|row| row.managed_policy.as_deref());
        if let Some(managed) = managed {
            attachments.managed(role, &managed.into(), span);
        }
    }
    let rows = sam_transform().events.iter();
    let rows = rows.filter(|row| row.triggers.iter().any(|known| *known == *event.kind));
    let statements: Vec<Allowed> = rows.flat_map(|row| of_event(row, event)).collect();
    if !statements.is_empty() {
        let name = format!("{}ExecutionRolePolicy", event.kind);
        attachments.inline(role, &name.as_str().into(), &document(statements, span), span);
    }
}

/// The statements that a row gives for an event.
fn of_event(row: &EventStatements, event: &Trigger) -> Vec<Allowed> {
    let filled = |place: &dyn Fn(&str) -> TemplateString| {
        row.statements.iter().map(|statement| statement.allowed(place)).collect::<Vec<Allowed>>()
    };
    if !row.access.is_empty() || row.list.is_some() {
        let mut accesses = accesses(row, event);
        accesses.truncate(if row.once { 1 } else { accesses.len() });
        return accesses.iter().flat_map(|access| filled(&|_| access.clone())).collect();
    }
    let named = match &row.property {
        Some(property) => walk(&event.properties, property).first().and_then(|node| node.as_template()),
        None => event.source.clone(),
    };
    let counts = |named: &TemplateString| row.starts.as_deref().is_none_or(|start| named.starts_with(start));
    let place = |named: TemplateString| {
        let name = || named.splitn(2, '/').pop().unwrap_or_default();
        filled(&|word| if word == "Property.Name" { name() } else { named.clone() })
    };
    named.filter(counts).map(place).unwrap_or_default()
}

/// What the accesses that the row is about name.
fn accesses(row: &EventStatements, event: &Trigger) -> Vec<TemplateString> {
    let list = row.list.as_deref().unwrap_or("SourceAccessConfigurations[]");
    let configurations = walk(&event.properties, list);
    let uri = |configuration: &&Node| {
        let kind = configuration.get("Type").and_then(Node::as_str);
        if !row.access.is_empty() && !row.access.iter().any(|known| Some(known.as_str()) == kind) {
            return None;
        }
        configuration.get("URI")?.as_template()
    };
    configurations.iter().filter_map(uri).collect()
}
