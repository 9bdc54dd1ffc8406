//! Customer keys: which ones a call uses, where the deployment declares everything that the call touches.

use crate::catalog::{Class, Operation, Rule, is_arn};
use crate::text::TemplateString;

use super::super::{Resolution, Resource};
use super::resource::Filler;

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
