//! Conditions that a policy may ask for, because all that the function sends meets them.

use indexmap::IndexMap;

use super::blind::Blindness;
use super::model::FunctionAnalysis;
use crate::cloud::{Requirement, Resource};
use crate::policy::{ActionFacts, Condition, arn};
use crate::text::TemplateString;

/// What a function needs, under the conditions that every use of an action on a resource meets: possible uses count too, and
/// where some use may be hidden, none is asked for.
pub fn narrowed(function: &FunctionAnalysis, facts: &dyn ActionFacts) -> Vec<Requirement> {
    let blind = Blindness::new(&[function], facts);
    let needs = &function.requirements;
    needs.iter().flat_map(|need| parted(need, needs, &blind)).collect()
}

/// The requirement, its resources apart by what may be asked for.
fn parted(need: &Requirement, all: &[Requirement], blind: &Blindness<'_>) -> Vec<Requirement> {
    if need.carried.is_empty() || blind.hiding(std::slice::from_ref(&need.action)).is_some() {
        return vec![need.clone()];
    }
    let mut parts: IndexMap<Vec<Condition>, Vec<Resource>> = IndexMap::new();
    for resource in &need.resources {
        let carried = need.carried.iter().filter(|carried| carried.arn == resource.arn);
        let asked = carried.map(|carried| &carried.condition).filter(|condition| {
            all.iter().all(|other| other.action != need.action || meets(other, &resource.arn, &condition.key))
        });
        let mut conditions: Vec<Condition> = need.conditions.iter().chain(asked).cloned().collect();
        conditions.sort();
        parts.entry(conditions).or_default().push(resource.clone());
    }
    let part = |(conditions, resources)| Requirement { resources, conditions, ..need.clone() };
    parts.into_iter().map(part).collect()
}

/// Whether every request behind the requirement that may be for the resource has constants for the key.
fn meets(need: &Requirement, resource: &TemplateString, key: &str) -> bool {
    let mut touched = need.resources.iter().filter(|own| !arn::overlaps(&own.arn, resource).is_no());
    touched
        .all(|own| need.carried.iter().any(|carried| carried.arn == own.arn && carried.condition.key == key))
}
