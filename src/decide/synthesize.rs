//! Requirements → the smallest policy that grants them and can be read by people.
//!
//! Resources that need exactly the same actions under the same conditions share a statement; nothing is merged that
//! would grant an action on a resource which does not need it.

use indexmap::{IndexMap, IndexSet};

use super::name::name_statements;
use super::target::Target;
use crate::cloud::{Certainty, Requirement};
use crate::policy::{
    Access, ActionFacts, Condition, Document, Effect, Pattern, Patterns, Statement, VERSION, implied,
};
use crate::text::{Glob, SmolStr, TemplateString};

/// Which requirements a policy grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Include {
    /// Those that are certain.
    Certain,
    /// Those that are possible too.
    Possible,
}

impl Include {
    /// Whether the policy grants the requirement.
    pub fn grants(self, requirement: &Requirement) -> bool {
        self == Self::Possible || requirement.certainty == Certainty::Certain
    }
}

/// One action on one resource under conditions.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Cell {
    pub(super) action: SmolStr,
    pub(super) resource: TemplateString,
    pub(super) conditions: Vec<Condition>,
}

/// The policy that grants the requirements, and no more. Without requirements it has no statements.
pub fn synthesize(
    requirements: &[Requirement],
    include: Include,
    target: &Target<'_>,
    facts: &dyn ActionFacts,
) -> Document {
    // Before values are joined too: what one of them includes needs no condition with both.
    let own = without_contained(cells(requirements, include, target, facts));
    let cells = without_contained(merge_values(own));
    let mut statements = group(cells, facts);
    name_statements(&mut statements, facts);
    Document { version: Some(VERSION.into()), statements }
}

/// Everything that the policy must grant, as it reads in the target.
pub(super) fn cells(
    requirements: &[Requirement],
    include: Include,
    target: &Target<'_>,
    facts: &dyn ActionFacts,
) -> Vec<Cell> {
    let mut cells = Vec::new();
    for requirement in requirements.iter().filter(|requirement| include.grants(requirement)) {
        let conditions = conditions(requirement, target);
        for resource in &requirement.resources {
            cells.push(Cell {
                action: requirement.action.clone(),
                resource: target.resource(&requirement.action, &target.spelled(resource), facts),
                conditions: conditions.clone(),
            });
        }
    }
    cells.sort();
    cells.dedup();
    cells
}

/// The conditions as they read in the target, in one order. One with a value that is not known is left out: it would
/// deny what is needed.
fn conditions(requirement: &Requirement, target: &Target<'_>) -> Vec<Condition> {
    let mut conditions: Vec<Condition> = requirement
        .conditions
        .iter()
        .filter_map(|condition| {
            let values: Option<IndexSet<_>> =
                condition.values.iter().map(|value| target.value(value)).collect();
            let mut values: Vec<TemplateString> = values?.into_iter().collect();
            values.sort();
            Some(Condition { values, ..condition.clone() })
        })
        .collect();
    conditions.sort();
    conditions.dedup();
    conditions
}

/// The same action on the same resource under the same test of the same key: one condition with all values.
fn merge_values(cells: Vec<Cell>) -> Vec<Cell> {
    let mut merged: IndexMap<_, Cell> = IndexMap::new();
    for cell in cells {
        let [condition] = cell.conditions.as_slice() else {
            let key = (cell.action.clone(), cell.resource.clone(), Err(cell.conditions.clone()));
            merged.insert(key, cell);
            continue;
        };
        let test = (condition.operator.clone(), condition.key.clone());
        let is_alternative =
            ["StringEquals", "StringLike", "ArnEquals", "ArnLike"].contains(&test.0.as_str());
        let test = if is_alternative { Ok(test) } else { Err(cell.conditions.clone()) };
        let key = (cell.action.clone(), cell.resource.clone(), test);
        let Some(known) = merged.get_mut(&key) else {
            merged.insert(key, cell);
            continue;
        };
        if let (Some(own), [other]) = (known.conditions.first_mut(), cell.conditions.as_slice()) {
            own.values.extend(other.values.iter().cloned());
            own.values.sort();
            own.values.dedup();
        }
    }
    merged.into_values().collect()
}

/// The cells that no other cell includes.
fn without_contained(cells: Vec<Cell>) -> Vec<Cell> {
    let cells: Vec<(Glob, Cell)> =
        cells.into_iter().map(|cell| (Glob::pattern(&cell.resource), cell)).collect();
    let is_included = |index: usize, cell: &(Glob, Cell)| {
        cells.iter().enumerate().any(|(other_index, other)| {
            // Of two that include each other, the first stays.
            other_index != index && includes(other, cell) && (other_index < index || !includes(cell, other))
        })
    };
    let kept = cells.iter().enumerate().filter(|(index, cell)| !is_included(*index, cell));
    kept.map(|(_, (_, cell))| cell.clone()).collect()
}

/// Whether everything that `inner` grants is granted by `outer`.
fn includes((outer_glob, outer): &(Glob, Cell), (inner_glob, inner): &(Glob, Cell)) -> bool {
    outer.action == inner.action
        && outer.conditions.iter().all(|condition| implied(condition, &inner.conditions).is_yes())
        && outer_glob.contains(inner_glob).is_yes()
}

/// What the statements are sorted by: service, access, first action.
type Order = (SmolStr, Option<Access>, SmolStr);

/// Statements: for each service and conditions, the resources that need the same actions together.
fn group(cells: Vec<Cell>, facts: &dyn ActionFacts) -> Vec<Statement> {
    let mut actions_of: IndexMap<_, IndexSet<SmolStr>> = IndexMap::new();
    for cell in cells {
        let service = cell.action.split(':').next().unwrap_or("").to_owned();
        actions_of.entry((service, cell.conditions, cell.resource)).or_default().insert(cell.action);
    }
    let mut resources_of: IndexMap<_, Vec<TemplateString>> = IndexMap::new();
    for ((service, conditions, resource), actions) in actions_of {
        let mut actions: Vec<SmolStr> = actions.into_iter().collect();
        actions.sort();
        resources_of.entry((service, conditions, actions)).or_default().push(resource);
    }
    let mut statements: Vec<(Order, Statement)> = resources_of
        .into_iter()
        .map(|((service, conditions, actions), resources)| {
            let access = actions.iter().filter_map(|action| facts.access(action)).min();
            let first = actions.first().cloned().unwrap_or_default();
            let statement = statement(actions, resources, conditions);
            ((service.into(), access, first), statement)
        })
        .collect();
    statements.sort_by(|(left, a), (right, b)| {
        let key = |statement: &Statement| {
            let first = statement.resources.list.first().map(|pattern| pattern.text.clone());
            (first, statement.conditions.clone())
        };
        left.cmp(right).then_with(|| key(a).cmp(&key(b)))
    });
    statements.into_iter().map(|(_, statement)| statement).collect()
}

fn statement(
    actions: Vec<SmolStr>,
    mut resources: Vec<TemplateString>,
    conditions: Vec<Condition>,
) -> Statement {
    resources.sort();
    let actions = actions.iter().map(|action| TemplateString::from(action.as_str())).collect();
    Statement {
        sid: None,
        effect: Effect::Allow,
        actions: patterns(actions),
        resources: patterns(resources),
        conditions,
        site: None,
    }
}

fn patterns(texts: Vec<TemplateString>) -> Patterns {
    Patterns { negated: false, list: texts.into_iter().map(|text| Pattern { text, site: None }).collect() }
}
