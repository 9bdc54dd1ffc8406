//! What a change of the code adds to the needs of each function, and what it takes away.

use super::compare::compare;
use super::model::{FunctionAnalysis, Row, Severity};
use super::risk;
use crate::cloud::{Certainty, Requirement, Resource};
use crate::policy::ActionFacts;
use crate::text::SmolStr;

/// How one function changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its name, after the change where it is still there.
    pub name: SmolStr,
    /// Its name before, where it had another one.
    pub before: Option<SmolStr>,
    /// What it needs now and did not need before.
    pub added: Vec<Row>,
    /// What it needed before and does not need any more.
    pub removed: Vec<Row>,
}

/// The functions of which the needs change, in the order of `head`, then those that are gone. Evidence of what is added
/// points into the sources of `head`, that of what is removed into those of `base`.
pub fn review(
    base: &[FunctionAnalysis],
    head: &[FunctionAnalysis],
    facts: &dyn ActionFacts,
    place: &dyn Fn(&FunctionAnalysis) -> Option<String>,
) -> Vec<Change> {
    let mut matched: Vec<&SmolStr> = Vec::new();
    let mut changes = Vec::new();
    for function in head {
        let before = counterpart(function, base, head, place);
        matched.extend(before.map(|before| &before.name));
        changes.push(change(before, Some(function), facts));
    }
    for gone in base.iter().filter(|function| !matched.contains(&&function.name)) {
        changes.push(change(Some(gone), None, facts));
    }
    changes.retain(|change| !change.added.is_empty() || !change.removed.is_empty());
    changes
}

/// The function before the change: that of the same name, else one with the same entry whose name is gone.
fn counterpart<'a>(
    function: &FunctionAnalysis,
    base: &'a [FunctionAnalysis],
    head: &[FunctionAnalysis],
    place: &dyn Fn(&FunctionAnalysis) -> Option<String>,
) -> Option<&'a FunctionAnalysis> {
    let own = place(function);
    base.iter().find(|other| other.name == function.name).or_else(|| {
        base.iter().find(|other| {
            let is_gone = head.iter().all(|each| each.name != other.name);
            is_gone && own.is_some() && place(other) == own
        })
    })
}

fn change(
    before: Option<&FunctionAnalysis>,
    after: Option<&FunctionAnalysis>,
    facts: &dyn ActionFacts,
) -> Change {
    let needs = |function: Option<&FunctionAnalysis>| -> Vec<Requirement> {
        let needs = function.map(|function| function.requirements.as_slice()).unwrap_or_default();
        needs.iter().filter(|need| need.certainty == Certainty::Certain).cloned().collect()
    };
    let (old, new) = (needs(before), needs(after));
    let name = after.or(before).map(|function| function.name.clone()).unwrap_or_default();
    let mut added = rows(&new, &old, facts, "is needed now");
    if let Some(function) = after.filter(|function| function.held.is_some() && !added.is_empty()) {
        let missing = compare(function, &[], facts).missing;
        for row in &mut added {
            row.message.push_str(standing(row, &missing));
        }
    }
    Change {
        before: before.map(|before| before.name.clone()).filter(|own| *own != name),
        name,
        added,
        removed: rows(&old, &new, facts, "is not needed any more"),
    }
}

/// What the role says to what is needed now.
fn standing(row: &Row, missing: &[Row]) -> &'static str {
    if missing.iter().any(|each| each.action == row.action) {
        ", and the role does not grant it"
    } else {
        ", and the role grants it already"
    }
}

/// What is needed on one side and not on the other.
fn rows(own: &[Requirement], other: &[Requirement], facts: &dyn ActionFacts, what: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for need in own {
        let alike = |each: &&Requirement| each.action == need.action && each.conditions == need.conditions;
        let known: Vec<&Resource> = other.iter().filter(alike).flat_map(|each| &each.resources).collect();
        let is_new = |resource: &&Resource| !known.iter().any(|known| known.arn == resource.arn);
        let resources: Vec<Resource> = need.resources.iter().filter(is_new).cloned().collect();
        if resources.is_empty() {
            continue;
        }
        let severity = resources
            .iter()
            .map(|resource| risk::of_action(&need.action, risk::width(&resource.arn, facts), facts))
            .max()
            .unwrap_or(Severity::Low);
        let where_new = if known.is_empty() { "" } else { " on more resources" };
        rows.push(Row {
            action: need.action.clone(),
            except: vec![],
            resources,
            held_resources: vec![],
            conditions: need.conditions.clone(),
            severity,
            message: format!("`{}` {what}{where_new}", need.action),
            evidence: need.evidence.clone(),
            held_by: None,
            witness: None,
            needed_by: Vec::new(),
        });
    }
    rows
}
