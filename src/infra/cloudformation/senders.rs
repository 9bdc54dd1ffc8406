//! Requests that a service sends with a role of the template, for whoever comes to it: integrations of APIs, targets of
//! rules, schedules and pipes.

use indexmap::IndexMap;

use super::super::documents::{map, said, text};
use super::super::facts::{Sender, integrations, triggers};
use super::super::model::{Code, Deployment, Function, Integration, Resource, Trigger};
use super::super::paths::walk;
use super::functions::role_of;
use super::intrinsics::null;
use crate::text::tree::Node;
use crate::text::{Site, SmolStr, TemplateString};

/// What is sent with one role.
#[derive(Default)]
struct Sent {
    requests: Vec<Integration>,
    triggers: Vec<Trigger>,
}

/// The senders of a template: one for each role of each resource.
pub(super) fn read(deployment: &Deployment) -> Vec<Function> {
    let mut found = Vec::new();
    for (id, resource) in &deployment.resources {
        let mut roles: IndexMap<SmolStr, Sent> = IndexMap::new();
        for row in integrations().source.iter().filter(|row| row.kind == *resource.kind) {
            read_row(deployment, resource, row, &mut roles);
        }
        let several = roles.len() > 1;
        for (role, sent) in roles {
            let label = if several { format!("{id} as {role}").into() } else { id.clone() };
            found.push(sender(id, label, resource, role, sent));
        }
    }
    found
}

fn read_row(deployment: &Deployment, resource: &Resource, row: &Sender, roles: &mut IndexMap<SmolStr, Sent>) {
    let properties = &resource.properties;
    let own = row.own_role.as_deref().and_then(|path| first(properties, path));
    let file = resource.site.file;
    for request in walk(properties, &row.requests) {
        let stated = row.role.iter().find_map(|path| first(request, path)).or(own);
        let role = stated.and_then(Node::as_template).and_then(|role| role_of(deployment, &role));
        let target = row.target.iter().find_map(|path| first(request, path));
        let (Some(role), Some(target)) = (role, target) else { continue };
        let Some(asked) = target.as_template() else { continue };
        let sent = roles.entry(role).or_default();
        let site = Site { file, span: target.span };
        sent.requests.push(Integration { target: asked, properties: carried(request, row), site });
        sent.triggers.extend(row.reads.as_deref().and_then(|path| read_from(resource, path)));
    }
}

/// What a role reads from is polled as it is for a function.
fn read_from(resource: &Resource, path: &str) -> Option<Trigger> {
    let node = first(&resource.properties, path)?;
    let source = node.as_template()?;
    let service = source.split(':').into_iter().nth(2)?;
    let service = service.as_literal()?;
    let row = triggers().iter().find(|row| row.services.iter().any(|known| known == service))?;
    let site = Site { file: resource.site.file, span: node.span };
    Some(Trigger {
        kind: row.id.as_str().into(),
        source: Some(source),
        properties: null(),
        certain: true,
        site,
    })
}

fn first<'a>(node: &'a Node, path: &str) -> Option<&'a Node> {
    walk(node, path).into_iter().next()
}

/// What a request carries, as far as the template says it: the method, and parameters by their names.
fn carried(request: &Node, row: &Sender) -> Node {
    let mut parts: IndexMap<SmolStr, TemplateString> = IndexMap::new();
    for template in row.templates.iter().flat_map(|path| walk(request, path)) {
        if let Some(written) = template.as_template() {
            parts.extend(said(&written));
        }
    }
    for node in row.parameters.iter().flat_map(|path| walk(request, path)) {
        for (name, entry) in node.as_map().into_iter().flatten() {
            let Some(value) = entry.node.as_template() else { continue };
            let name = name.rsplit('.').next().unwrap_or(name);
            // A constant stands in quotation marks; anything else comes out of what was sent.
            let constant = value.strip_prefix("'").map(|rest| rest.splitn(2, '\'').swap_remove(0));
            let open =
                value.starts_with("$") || value.starts_with("method.") || value.starts_with("context.");
            match constant {
                Some(constant) => parts.insert(name.into(), constant),
                None if !open => parts.insert(name.into(), value),
                None => None,
            };
        }
    }
    let mut all: Vec<(SmolStr, Node)> =
        parts.into_iter().map(|(name, value)| (name, text(value, request.span))).collect();
    let method = row.methods.iter().find_map(|path| first(request, path)).and_then(Node::as_template);
    all.extend(method.map(|method| ("$method".into(), text(method, request.span))));
    map(all, request.span)
}

fn sender(id: &SmolStr, label: SmolStr, resource: &Resource, role: SmolStr, sent: Sent) -> Function {
    Function {
        id: id.clone(),
        label,
        name: resource.name.clone(),
        runtime: None,
        handler: None,
        code: Code::Integrations(sent.requests),
        layers: Vec::new(),
        build: null(),
        environment: IndexMap::new(),
        triggers: sent.triggers,
        settings: Vec::new(),
        role: Some(role),
        site: resource.site,
    }
}
