//! The proof that a policy grants what is needed and that nothing can be taken out of it.

use super::synthesize::{Cell, Include, cells};
use super::target::Target;
use crate::cloud::Requirement;
use crate::policy::{ActionFacts, Document, Effect, Grant, Grants, Need};
use crate::text::{SmolStr, TemplateString};

/// What is wrong with a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Defect {
    /// A requirement is not granted.
    NotGranted {
        /// The action.
        action: SmolStr,
        /// The resource.
        resource: TemplateString,
    },
    /// A statement can be dropped: everything needed is granted without it.
    Statement {
        /// The number of the statement, from 0.
        statement: usize,
    },
    /// An action of a statement can be dropped.
    Action {
        /// The number of the statement, from 0.
        statement: usize,
        /// The action.
        action: TemplateString,
    },
    /// A resource of a statement can be dropped.
    Resource {
        /// The number of the statement, from 0.
        statement: usize,
        /// The resource.
        resource: TemplateString,
    },
}

/// Everything that keeps the policy from being the smallest that grants the requirements; empty for a sound policy.
pub fn prove(
    document: &Document,
    requirements: &[Requirement],
    include: Include,
    target: &Target<'_>,
    facts: &dyn ActionFacts,
) -> Vec<Defect> {
    let cells = cells(requirements, include, target, facts);
    let mut defects = not_granted(document, &cells);
    let support = Support::new(document, &cells);
    for (number, statement) in document.statements.iter().enumerate() {
        if statement.effect == Effect::Deny {
            continue;
        }
        if !support.needs(|place| place.statement == number) {
            defects.push(Defect::Statement { statement: number });
            continue;
        }
        for (index, pattern) in statement.actions.list.iter().enumerate() {
            if !support.needs(|place| place.statement == number && place.action == index) {
                defects.push(Defect::Action { statement: number, action: pattern.text.clone() });
            }
        }
        for (index, pattern) in statement.resources.list.iter().enumerate() {
            if !support.needs(|place| place.statement == number && place.resource == index) {
                defects.push(Defect::Resource { statement: number, resource: pattern.text.clone() });
            }
        }
    }
    defects
}

fn not_granted(document: &Document, cells: &[Cell]) -> Vec<Defect> {
    let grants = Grants::new([document]);
    let missing = cells.iter().filter(|cell| {
        let need = Need { action: &cell.action, resource: &cell.resource, facts: &cell.conditions };
        !grants.coverage(need).verdict.is_yes()
    });
    missing
        .map(|cell| Defect::NotGranted { action: cell.action.clone(), resource: cell.resource.clone() })
        .collect()
}

/// An action and a resource of a statement.
struct Place {
    statement: usize,
    action: usize,
    resource: usize,
}

/// For everything needed, the places that grant all of it alone.
struct Support {
    places: Vec<Vec<Place>>,
}

impl Support {
    fn new(document: &Document, cells: &[Cell]) -> Self {
        let grants = Grants::new([document]);
        let places = cells.iter().map(|cell| {
            let mut places = Vec::new();
            for (number, statement) in document.statements.iter().enumerate() {
                if let Some(grant) = grants.of(statement) {
                    places.extend(places_of(grant, number, cell));
                }
            }
            places
        });
        Self { places: places.collect() }
    }

    /// Whether something needed is granted by the places of `dropped` only.
    fn needs(&self, dropped: impl Fn(&Place) -> bool) -> bool {
        self.places.iter().any(|places| !places.is_empty() && places.iter().all(&dropped))
    }
}

fn places_of(grant: &Grant<'_>, number: usize, cell: &Cell) -> Vec<Place> {
    if grant.statement.effect == Effect::Deny || !grant.has_conditions(&cell.conditions).is_yes() {
        return Vec::new();
    }
    let actions = grant.matching_actions(&cell.action);
    let resources = grant.including_resources(&cell.resource);
    actions
        .iter()
        .flat_map(|action| {
            resources.iter().map(|resource| Place { statement: number, action: *action, resource: *resource })
        })
        .collect()
}
