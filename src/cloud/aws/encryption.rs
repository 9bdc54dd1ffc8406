//! Customer keys: which ones a call uses, where the deployment declares everything that the call touches.

use std::sync::OnceLock;

use indexmap::IndexMap;

use crate::catalog::{Class, Operation, Rule, is_arn};
use crate::policy::{Condition, arn};
use crate::text::{Hole, TemplateString};

use super::super::{Resolution, Resource};
use super::resource::Filler;

/// The condition key that says through which service a key is used.
const VIA: &str = "kms:ViaService";

/// The services that use keys for those who ask them, with the host that the condition key names.
fn hosts() -> &'static IndexMap<String, String> {
    static HOSTS: OnceLock<IndexMap<String, String>> = OnceLock::new();
    HOSTS.get_or_init(|| {
        toml::from_str(include_str!("../../../catalogs/aws/via_services.toml")).unwrap_or_default()
    })
}

/// That a key is used through a service in the key's own region, which is so of every request where the service is one
/// that says so.
pub(super) fn via(service: &str, key: &Resource) -> Vec<Condition> {
    let host = hosts().get(service);
    let region = arn::parts(&key.arn).and_then(|parts| parts.into_iter().nth(3));
    let (Some(host), Some(region)) = (host, region.filter(is_one_region)) else { return Vec::new() };
    let mut value = TemplateString::from(format!("{host}.").as_str());
    value.push(&region);
    value.push_str(".amazonaws.com");
    vec![Condition { operator: "StringEquals".into(), key: VIA.into(), values: vec![value] }]
}

fn is_one_region(region: &TemplateString) -> bool {
    match region.as_literal() {
        Some(name) => !name.is_empty() && !name.contains(['*', '?']) && !name.starts_with("cn-"),
        None => region.as_hole() == Some(&Hole::Region),
    }
}

/// The action prefix of keys.
const KEYS: &str = "kms:";

/// Whether a rule depends on what key the resources are encrypted with.
pub(super) fn is_about_keys(rule: Rule) -> bool {
    rule.class() == Class::State && rule.action().starts_with(KEYS)
}

/// The keys of what a call touches; none where the deployment declares all of it without a key. `None` where something
/// is touched that the deployment does not declare, or a key is named in a way that does not give its ARN.
pub(super) fn keys(operation: Operation, filler: &Filler<'_>) -> Option<Vec<Resource>> {
    let deployment = filler.names.deployment?;
    let touched =
        operation.rules().filter(|rule| rule.class() == Class::Always || rule.class() == Class::Conditional);
    let mut keys: Vec<Resource> = vec![];
    let mut touches = false;
    for resource in touched.flat_map(|rule| filler.of_rule(rule)) {
        let reference = resource.reference.as_ref().unwrap_or(&resource.arn);
        let (_, declared) = deployment.resource_of(reference)?;
        touches = true;
        let Some(key) = &declared.key else { continue };
        keys.push(named(key).filter(|key| is_arn(&key.arn))?);
    }
    touches.then(|| {
        keys.sort();
        keys.dedup();
        keys
    })
}

fn named(key: &TemplateString) -> Option<Resource> {
    let is_alias = key
        .pieces()
        .iter()
        .any(|piece| matches!(piece, crate::text::Piece::Text(text) if text.contains("alias/")));
    (!is_alias).then(|| Resource {
        arn: key.clone(),
        reference: None,
        kind: "key".into(),
        resolution: Resolution::Template,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn hosts_are_those_of_services() {
        assert!(hosts().len() > 5 && hosts().keys().is_sorted());
        assert!(hosts().keys().all(|service| Catalog::embedded().service(service).is_some()));
    }
}
