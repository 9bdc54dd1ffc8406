//! Statements that people wrote by hand, in one policy with those that are generated.

use super::model::Kept;
use super::synthesize::{Include, cells};
use super::target::Target;
use crate::cloud::Requirement;
use crate::policy::{ActionFacts, Document, Effect, Grants, Need, Statement};
use crate::text::SmolStr;

/// Adds the statements of the documents behind those that were generated; where both have a name, the generated one gets
/// another.
pub fn with_kept(mut document: Document, kept: &[&Document]) -> Document {
    let statements = || kept.iter().flat_map(|document| &document.statements);
    let is_taken = |sid: &SmolStr| statements().any(|statement| statement.sid.as_ref() == Some(sid));
    let own: Vec<SmolStr> =
        document.statements.iter().filter_map(|statement| statement.sid.clone()).collect();
    for statement in &mut document.statements {
        if let Some(sid) = statement.sid.as_mut().filter(|sid| is_taken(sid)) {
            let mut numbered = (2..).map(|number| SmolStr::from(format!("{sid}{number}")));
            if let Some(free) = numbered.find(|name| !is_taken(name) && !own.contains(name)) {
                *sid = free;
            }
        }
    }
    document.statements.extend(statements().cloned());
    document
}

/// What each of the statements is for.
pub fn kept(documents: &[&Document], requirements: &[Requirement]) -> Vec<Kept> {
    let statements = documents.iter().flat_map(|document| &document.statements);
    statements
        .map(|statement| Kept {
            sid: statement.sid.clone(),
            site: statement.site,
            denies: statement.effect == Effect::Deny,
            is_needed: grants_any(statement, requirements),
        })
        .collect()
}

fn grants_any(statement: &Statement, requirements: &[Requirement]) -> bool {
    let alone = Document { version: None, statements: vec![statement.clone()] };
    let grants = Grants::new([&alone]);
    requirements.iter().any(|requirement| {
        let mut texts = requirement
            .resources
            .iter()
            .flat_map(|resource| std::iter::once(&resource.arn).chain(&resource.reference));
        texts.any(|text| {
            let facts = &requirement.conditions;
            let need = Need { action: &requirement.action, resource: text, facts };
            grants.coverage(need).verdict.is_yes()
        })
    })
}

/// What is needed and yet not surely allowed by the whole policy, as sentences: a statement that was kept denies it.
pub fn denied(
    document: &Document,
    requirements: &[Requirement],
    include: Include,
    target: &Target<'_>,
    facts: &dyn ActionFacts,
) -> Vec<String> {
    let grants = Grants::new([document]);
    let needed = cells(requirements, include, target, facts).into_iter();
    let refused = needed.filter(|cell| {
        let need = Need { action: &cell.action, resource: &cell.resource, facts: &cell.conditions };
        !grants.coverage(need).verdict.is_yes()
    });
    refused
        .map(|cell| {
            format!(
                "`{}` is needed on `{}`, and a kept statement denies it or may deny it",
                cell.action, cell.resource
            )
        })
        .collect()
}
