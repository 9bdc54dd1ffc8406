//! Whom a trust policy lets take a role on, and whether the service that a function runs in is among them.

use super::facts::type_facts;
use super::model::Role;
use crate::text::tree::{Node, Value};
use crate::text::{Glob, TemplateString};

/// What takes a role on for a service.
const TAKES_ON: &str = "sts:AssumeRole";

/// The services that the statements of a trust policy let in. `None` where it has no statements, or lets in what it does not
/// name.
pub(crate) fn trusted(document: &Node) -> Option<Vec<TemplateString>> {
    let statements = document.get("Statement").map(Node::one_or_many).unwrap_or_default();
    let allows = |statement: &&Node| {
        let effect = statement.get("Effect").and_then(Node::as_str);
        effect == Some("Allow") && statement.get("Action").is_some_and(takes_on)
    };
    let mut services = Vec::new();
    for statement in statements.iter().filter(allows) {
        let named = statement.get("Principal")?.as_map()?.get("Service").map(|entry| &entry.node);
        let named = named.map(Node::one_or_many).unwrap_or_default();
        for service in named {
            services.push(service.as_template()?);
        }
    }
    (!statements.is_empty()).then_some(services)
}

/// Whether an `Action` may be about taking a role on. One that cannot be read may.
fn takes_on(actions: &Node) -> bool {
    let is_meant = |action: &Node| match &action.value {
        Value::Text(text) => !Glob::held(text).ignoring_case().matches(TAKES_ON).is_no(),
        _ => true,
    };
    actions.one_or_many().iter().any(is_meant)
}

/// The service that resources of the type run in, where the role's trust policy surely does not let it in.
pub fn stranger(role: &Role, kind: &str) -> Option<&'static str> {
    let service = type_facts(kind)?.service.as_deref()?;
    let trusted = role.trusted.as_ref()?;
    let is_in = |name: &TemplateString| !Glob::held(name).matches(service).is_no();
    (!trusted.iter().any(is_in)).then_some(service)
}
