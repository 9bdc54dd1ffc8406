//! What policies that are there anyway grant already.

use crate::cloud::{Requirement, Resource};
use crate::policy::{Document, Grants, Need};

/// The requirements without the resources on which the documents grant them.
pub fn ungranted<'a>(
    requirements: &[Requirement],
    documents: impl Iterator<Item = &'a Document>,
) -> Vec<Requirement> {
    let grants = Grants::new(documents);
    let rest = requirements.iter().map(|requirement| {
        let is_granted = |resource: &Resource| {
            let texts = std::iter::once(&resource.arn).chain(&resource.reference);
            texts.into_iter().any(|text| {
                let need =
                    Need { action: &requirement.action, resource: text, facts: &requirement.conditions };
                grants.coverage(need).verdict.is_yes()
            })
        };
        let resources = requirement.resources.iter().filter(|resource| !is_granted(resource)).cloned();
        Requirement { resources: resources.collect(), ..requirement.clone() }
    });
    rest.filter(|requirement| !requirement.resources.is_empty()).collect()
}
