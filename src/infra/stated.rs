//! Policies wherever they are stated: in a template, whoever they belong to.

use super::documents::from_text;
use super::model::Deployment;
use crate::policy::lint::{Kind, Policy, of_document, of_node};
use crate::text::tree::{Node, Value};
use crate::text::{Site, Span};

/// A policy that is stated somewhere.
#[derive(Clone, Debug)]
pub struct Stated {
    /// The policy as it is written.
    pub policy: Policy,
    /// The id of the role that holds it, where it is held by one.
    pub role: Option<String>,
}

/// The policies that a deployment writes out: those in its resources, and those that its roles hold and that stand in
/// no resource as documents. Policies that are attached by name are somebody else's.
pub fn stated(deployment: &Deployment) -> Vec<Stated> {
    let mut found = Vec::new();
    for resource in deployment.resources.values() {
        let mut search = Search { resource: &resource.kind, site: resource.site, found: &mut found };
        search.walk(&resource.properties, "");
    }
    for (id, role) in &deployment.roles {
        for held in role.policies.iter().filter(|held| !held.implied) {
            let policy = of_document(&held.document, held.site, Kind::Identity);
            let covered = found.iter().position(|other| covers(&other.policy, &policy));
            match covered.and_then(|index| found.get_mut(index)) {
                Some(known) => known.role = Some(id.to_string()),
                None if is_written_out(&policy) => {
                    found.push(Stated { policy, role: Some(id.to_string()) });
                }
                None => {}
            }
        }
    }
    found
}

/// The policies of each role of a deployment that holds several, those attached by name among them.
pub fn held_together(deployment: &Deployment) -> Vec<Vec<Policy>> {
    let several = deployment.roles.values().filter(|role| role.policies.len() > 1);
    let policies = several.map(|role| {
        let of_held = |held: &super::HeldPolicy| of_document(&held.document, held.site, Kind::Identity);
        role.policies.iter().map(of_held).collect()
    });
    policies.collect()
}

fn covers(outer: &Policy, inner: &Policy) -> bool {
    let within = |site: Site| {
        site.file == outer.site.file
            && outer.site.span.start <= site.span.start
            && site.span.end <= outer.site.span.end
    };
    !inner.statements.is_empty() && inner.statements.iter().all(|statement| within(statement.site))
}

/// Whether the parts of a policy stand at places of their own. Those of one that is only named all stand at the name.
fn is_written_out(policy: &Policy) -> bool {
    let parts = |statement: &crate::policy::lint::Statement| {
        statement
            .all_actions()
            .iter()
            .chain(statement.all_resources())
            .any(|text| text.site != statement.site)
    };
    policy.statements.iter().any(parts)
}

struct Search<'a> {
    resource: &'a str,
    site: Site,
    found: &'a mut Vec<Stated>,
}

impl Search<'_> {
    /// Looks for documents in the properties of a resource; `key` is what they stand under.
    fn walk(&mut self, node: &Node, key: &str) {
        if self.is_document(node, key) {
            let policy = of_node(node, self.site.file, self.kind(key));
            self.found.push(Stated { policy, role: None });
            return;
        }
        match &node.value {
            Value::Map(map) => map.iter().for_each(|(key, entry)| self.walk(&entry.node, key)),
            Value::List(list) => list.iter().for_each(|item| self.walk(item, key)),
            Value::Text(text) if is_named(key) => {
                let written = from_text(text, self.site.file, node.span);
                if let Some(document) = written.filter(|document| self.is_document(document, key)) {
                    let policy = of_node(&document, self.site.file, self.kind(key));
                    self.found.push(Stated { policy, role: None });
                }
            }
            _ => {}
        }
    }

    fn is_document(&self, node: &Node, key: &str) -> bool {
        // What a transform implies has no place in the template.
        let is_placed = node.span != Span::default() && node.span != self.site.span;
        let has_statements = node.get("Statement").is_some_and(|statements| {
            statements
                .one_or_many()
                .iter()
                .any(|each| each.get("Effect").is_some() || each.get("Action").is_some())
        });
        is_named(key) && has_statements && is_placed
    }

    fn kind(&self, key: &str) -> Kind {
        let key = key.to_ascii_lowercase();
        let is_of = |words: &[&str]| words.iter().any(|word| self.resource.contains(word));
        if key.starts_with("assume") {
            Kind::Trust
        } else if is_of(&["::Organizations::", "aws_organizations"]) {
            Kind::ServiceControl
        } else if is_of(&["::IAM::", "aws_iam_", "::SSO::", "aws_ssoadmin"]) || key == "policies" {
            Kind::Identity
        } else {
            Kind::Resource
        }
    }
}

/// Whether policies stand under keys of that name.
fn is_named(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["policy", "policies", "policydocument", "content", "inlinepolicy"].iter().any(|word| key.ends_with(word))
}
