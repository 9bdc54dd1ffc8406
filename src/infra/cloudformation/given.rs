//! What the policies of declared resources say of roles: within an account, a resource that names a role lets it in without
//! a policy of the role's own, and what it denies no policy of the role can give.

use indexmap::IndexMap;

use super::super::documents::from_text;
use super::super::facts::type_facts;
use super::super::model::{Deployment, HeldPolicy, Resource, Role};
use super::super::paths::walk;
use super::Reading;
use super::functions::role_of;
use crate::policy;
use crate::text::SmolStr;
use crate::text::tree::{Node, Value};

/// Gives every role what resources allow it, and what they deny it.
pub(super) fn read(reading: &Reading<'_>, deployment: &Deployment, roles: &mut IndexMap<SmolStr, Role>) {
    for (id, resource) in &deployment.resources {
        let Some(facts) = type_facts(&resource.kind) else { continue };
        let Some(path) = &facts.policy else { continue };
        let file = resource.site.file;
        for document in walk(&resource.properties, path) {
            let parsed = document.as_template().and_then(|text| from_text(&text, file, document.span));
            let document = parsed.as_ref().unwrap_or(document);
            for statement in document.get("Statement").map(Node::one_or_many).unwrap_or_default() {
                let itself = resource.arn.as_ref().filter(|_| facts.policy_of_itself);
                let Some(own) = without_principal(statement, resource, itself.is_some()) else { continue };
                let denies = statement.get("Effect").and_then(Node::as_str) == Some("Deny");
                let (document, _) = policy::parse(&own, file);
                let site = reading.evaluator.site(statement.span);
                let held = HeldPolicy { name: id.clone(), document, implied: false, site };
                let principals = Principals::of(deployment, statement);
                for (_, role) in roles.iter_mut().filter(|(role, _)| principals.include(role)) {
                    let list = if denies { &mut role.refused } else { &mut role.given };
                    list.push(held.clone());
                }
            }
        }
    }
}

/// Whom a statement is about.
struct Principals {
    /// Whether it is about all others.
    negated: bool,
    /// Whether everybody is among them.
    everybody: bool,
    /// The roles of the deployment among them.
    roles: Vec<SmolStr>,
}

impl Principals {
    fn of(deployment: &Deployment, statement: &Node) -> Self {
        let (stated, negated) = match statement.get("Principal") {
            Some(stated) => (Some(stated), false),
            None => (statement.get("NotPrincipal"), true),
        };
        let named =
            stated.and_then(|stated| stated.get("AWS")).or(stated.filter(|stated| stated.as_map().is_none()));
        let named = named.map(Node::one_or_many).unwrap_or_default();
        let everybody = named.iter().any(|principal| principal.as_str() == Some("*"));
        let roles = named.iter().filter_map(|principal| role_of(deployment, &principal.as_template()?));
        Self { negated, everybody, roles: roles.collect() }
    }

    fn include(&self, role: &SmolStr) -> bool {
        (self.everybody || self.roles.contains(role)) != self.negated
    }
}

/// The statement as a policy of a role would have it, in a document of its own. None for one that lets in all but some,
/// which IAM does not take for the others' permission.
fn without_principal(statement: &Node, resource: &Resource, of_itself: bool) -> Option<Node> {
    let mut own = statement.clone();
    let allows = statement.get("Effect").and_then(Node::as_str) == Some("Allow");
    let Value::Map(parts) = &mut own.value else { return None };
    let stated = parts.shift_remove("Principal");
    let others = parts.shift_remove("NotPrincipal").filter(|_| !allows);
    stated.or(others)?;
    if of_itself
        && let Some(entry) = parts.get_mut("Resource")
        && let Some(arn) = &resource.arn
    {
        entry.node.value = Value::Text(arn.clone());
    }
    let span = statement.span;
    let statements = Node::new(span, Value::List(vec![own]));
    Some(super::super::documents::map(vec![("Statement", statements)], span))
}
