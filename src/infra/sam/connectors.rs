//! Connectors: what the transform grants to the role at one of the ends.

use indexmap::IndexMap;

use super::super::cloudformation::{Attachments, role_of};
use super::super::documents::{Allowed, document, map, text};
use super::super::facts::{ConnectorSide, connector, transformed};
use super::super::model::{Deployment, Role};
use super::super::paths::walk;
use crate::text::tree::Node;
use crate::text::{SmolStr, Span, TemplateString};

/// Gives the roles what the connectors of the template grant. A connector that is not understood is a policy that
/// nobody knows.
pub(in crate::infra) fn connectors(attachments: &Attachments<'_>, roles: &mut IndexMap<SmolStr, Role>) {
    for (id, resource) in &attachments.deployment.resources {
        if resource.kind == "AWS::Serverless::Connector" {
            let source = resource.properties.get("Source");
            let connection =
                Connection { name: id, source, properties: &resource.properties, span: resource.site.span };
            connection.grant(attachments, roles);
        }
        let written = attachments.reading.evaluator.resources.get(id);
        let embedded = written.and_then(|written| written.node.get("Connectors"));
        let embedded = embedded.map(|node| attachments.reading.evaluator.resolve(node));
        for (name, entry) in embedded.as_ref().and_then(Node::as_map).into_iter().flatten() {
            let Some(properties) = entry.node.get("Properties") else { continue };
            let own = text(id.as_str().into(), entry.key);
            let mut parts = vec![("Id", own)];
            let stated = properties.get("SourceReference").and_then(Node::as_map).into_iter().flatten();
            parts.extend(stated.map(|(key, entry)| (key.as_str(), entry.node.clone())));
            let source = map(parts, entry.key);
            let connection = Connection { name, source: Some(&source), properties, span: entry.key };
            connection.grant(attachments, roles);
        }
    }
}

/// A connector as the template has it.
struct Connection<'a> {
    name: &'a str,
    source: Option<&'a Node>,
    properties: &'a Node,
    span: Span,
}

impl Connection<'_> {
    fn grant(&self, attachments: &Attachments<'_>, roles: &mut IndexMap<SmolStr, Role>) {
        let deployment = attachments.deployment;
        let Some(source) = self.source.and_then(|node| End::of(deployment, node)) else { return };
        let destinations = self.properties.get("Destination").map(Node::one_or_many).unwrap_or_default();
        for destination in destinations.iter().filter_map(|node| End::of(deployment, node)) {
            let Some(facts) = connector(&source.kind, &destination.kind) else {
                self.unknown(attachments, &source, roles);
                continue;
            };
            let side = match facts.role {
                ConnectorSide::Source => &source,
                ConnectorSide::Destination => &destination,
                ConnectorSide::None => continue,
            };
            let Some(role) = side.role(deployment, facts.property.as_deref()) else { continue };
            let Some(role) = roles.get_mut(&role) else { continue };
            let place = |word: &str| match word {
                "Source.Arn" => source.arn.clone(),
                "Destination.Name" => destination.name.clone(),
                _ => destination.arn.clone(),
            };
            let asked = self.properties.get("Permissions").map(Node::one_or_many).unwrap_or_default();
            let asked = asked.iter().filter_map(Node::as_str);
            let statements = asked.flat_map(|permission| facts.statements(permission));
            let statements: Vec<Allowed> = statements.map(|statement| statement.allowed(&place)).collect();
            let name = format!("connector {}", self.name);
            attachments.inline(role, &name.as_str().into(), &document(statements, self.span), self.span);
        }
    }

    /// What the connector grants to its source is not known.
    fn unknown(&self, attachments: &Attachments<'_>, source: &End<'_>, roles: &mut IndexMap<SmolStr, Role>) {
        let role = source.role(attachments.deployment, None).and_then(|role| roles.get_mut(&role));
        if let Some(role) = role {
            let name = format!("connector {}", self.name);
            role.unknown.push((name.as_str().into(), attachments.reading.evaluator.site(self.span)));
        }
    }
}

/// An end of a connector.
struct End<'a> {
    id: Option<&'a str>,
    /// The type, as CloudFormation calls it.
    kind: SmolStr,
    arn: TemplateString,
    name: TemplateString,
    /// The name of the role, where the template states it here.
    stated: Option<TemplateString>,
}

impl<'a> End<'a> {
    fn of(deployment: &'a Deployment, node: &'a Node) -> Option<Self> {
        let text = |key: &str| node.get(key).and_then(Node::as_template);
        let id = node.get("Id").and_then(Node::as_str);
        let resource = id.and_then(|id| deployment.resources.get(id));
        let kind = resource.map(|resource| resource.kind.as_str()).or_else(|| node.get("Type")?.as_str())?;
        let arn = text("Arn").or_else(|| resource?.arn.clone()).or_else(|| id.map(TemplateString::resource));
        let name = text("Name").or_else(|| id.map(TemplateString::resource));
        Some(Self {
            id,
            kind: transformed(kind).into(),
            arn: arn.unwrap_or_default(),
            name: name.unwrap_or_default(),
            stated: text("RoleName"),
        })
    }

    /// The id of the role behind it.
    fn role(&self, deployment: &Deployment, property: Option<&str>) -> Option<SmolStr> {
        if let Some(stated) = &self.stated {
            return role_of(deployment, stated);
        }
        let id = self.id?;
        if let Some(function) = deployment.functions.iter().find(|function| function.id == id) {
            return function.role.clone();
        }
        let properties = &deployment.resources.get(id)?.properties;
        let named = walk(properties, property?).into_iter().filter_map(Node::as_template);
        named.into_iter().find_map(|named| role_of(deployment, &named))
    }
}
