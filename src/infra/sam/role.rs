//! The role that the transform makes for a function, with what `Policies` asks for and what the transform adds.

use indexmap::IndexMap;

use super::super::cloudformation::Attachments;
use super::super::documents::{Allowed, document};
use super::super::facts::{PolicyTemplate, policy_template};
use super::super::model::{Function, Role};
use super::added::added;
use super::{FUNCTION, MACHINE};
use crate::text::tree::Node;
use crate::text::{Hole, SmolStr};

/// The id of the role that the transform makes for a resource.
pub(crate) fn role_id(kind: &str, id: &str) -> Option<SmolStr> {
    matches!(kind, FUNCTION | MACHINE).then(|| [id, "Role"].concat().into())
}

/// Fills the role that the transform makes for a function.
pub(in crate::infra) fn fill_role(
    attachments: &Attachments<'_>,
    function: &Function,
    roles: &mut IndexMap<SmolStr, Role>,
) {
    let Some(resource) = attachments.deployment.resources.get(&function.id) else { return };
    // A role that the template declares itself may well have the name that the transform would give.
    if resource.properties.get("Role").and_then(Node::as_template).is_some() {
        return;
    }
    let Some(id) = role_id(&resource.kind, &function.id).filter(|id| function.role.as_ref() == Some(id))
    else {
        return;
    };
    let policies = resource.properties.get("Policies");
    let mut role = Attachments::bare(resource.site, &resource.properties);
    for policy in policies.map(Node::one_or_many).unwrap_or_default() {
        asked_for(attachments, &mut role, policy, &function.id);
    }
    let asked = role.policies.len();
    added(attachments, &mut role, function, resource);
    role.policies.iter_mut().skip(asked).for_each(|policy| policy.implied = true);
    if let Some(policies) = policies {
        role.site.span = policies.span;
    }
    roles.insert(id, role);
}

/// An item of `Policies`: a managed policy, a document, or a policy template.
fn asked_for(attachments: &Attachments<'_>, role: &mut Role, policy: &Node, function: &str) {
    if let Some(named) = policy.as_template() {
        return attachments.managed(role, &named, policy.span);
    }
    if policy.get("Statement").is_some() {
        let name = format!("{function}RolePolicy{}", role.policies.len());
        return attachments.inline(role, &name.as_str().into(), policy, policy.span);
    }
    for (name, entry) in policy.as_map().into_iter().flatten() {
        let Some(template) = policy_template(name) else {
            role.unknown.push((name.as_str().into(), attachments.reading.evaluator.site(entry.key)));
            continue;
        };
        let document = document(instance(template, &entry.node), entry.key);
        attachments.inline(role, &name.as_str().into(), &document, entry.key);
    }
}

/// The statements of a policy template with its parameters in place. A parameter that is not given is unknown.
fn instance(template: &PolicyTemplate, arguments: &Node) -> Vec<Allowed> {
    let place = |word: &str| {
        if template.parameters.iter().any(|parameter| parameter == word) {
            let argument = arguments.get(word).and_then(Node::as_template);
            argument.unwrap_or_else(|| Hole::Unknown.into())
        } else {
            Hole::Parameter(word.into()).into()
        }
    };
    template.statements.iter().map(|statement| statement.allowed(&place)).collect()
}
