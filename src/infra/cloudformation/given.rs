//! What the policies of declared resources give to roles: within an account, a resource that names a role lets it in
//! without a policy of the role's own.

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

/// Gives every role what resources allow it by name.
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
                for role in principals(deployment, statement) {
                    let Some(role) = roles.get_mut(&role) else { continue };
                    let (document, _) = policy::parse(&own, file);
                    let site = reading.evaluator.site(statement.span);
                    role.given.push(HeldPolicy { name: id.clone(), document, implied: false, site });
                }
            }
        }
    }
}

/// The roles of the deployment that a statement names.
fn principals(deployment: &Deployment, statement: &Node) -> Vec<SmolStr> {
    let named = statement.at(&["Principal", "AWS"]).map(Node::one_or_many).unwrap_or_default();
    named.iter().filter_map(|principal| role_of(deployment, &principal.as_template()?)).collect()
}

/// The statement as a policy of a role would have it, in a document of its own; none where it does not allow.
fn without_principal(statement: &Node, resource: &Resource, of_itself: bool) -> Option<Node> {
    if statement.get("Effect").and_then(Node::as_str) != Some("Allow") {
        return None;
    }
    let mut own = statement.clone();
    let Value::Map(parts) = &mut own.value else { return None };
    parts.shift_remove("Principal")?;
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
