//! What policies that are there anyway grant already.

use crate::cloud::{Requirement, Resource};
use crate::policy::{Document, Grants, Need};
use crate::text::TemplateString;

/// The requirements without the resources on which the documents grant them, in one spelling or the other.
pub fn ungranted<'a>(
    requirements: &[Requirement],
    documents: impl Iterator<Item = &'a Document>,
) -> Vec<Requirement> {
    ungranted_as(requirements, documents, |_, resource| {
        std::iter::once(&resource.arn).chain(&resource.reference).cloned().collect()
    })
}

/// The requirements without the resources on which the documents grant them in one of the spellings that `texts` gives.
pub fn ungranted_as<'a>(
    requirements: &[Requirement],
    documents: impl Iterator<Item = &'a Document>,
    texts: impl Fn(&Requirement, &Resource) -> Vec<TemplateString>,
) -> Vec<Requirement> {
    let grants = Grants::new(documents);
    let rest = requirements.iter().map(|requirement| {
        let is_granted = |resource: &Resource| {
            texts(requirement, resource).iter().any(|text| {
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
