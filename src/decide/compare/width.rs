//! Needed, but granted on more than is needed.

use indexmap::IndexMap;

use super::witness::listed;
use super::{Question, spellings};
use crate::cloud::{Requirement, Resource};
use crate::decide::model::{Row, Severity};
use crate::decide::risk::{self, Width};
use crate::infra::HeldPolicy;
use crate::policy::{ActionFacts, Condition, Grant, Statement, arn};
use crate::text::{Glob, Hole, SmolStr, TemplateString};

/// The resources of a held statement.
pub(super) struct Resources {
    pub(super) patterns: Vec<TemplateString>,
}

/// How far a held pattern reaches beyond what is needed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// Not at all, as far as can be seen.
    Within,
    /// To the same resources in other regions or accounts.
    OtherPlaces,
    /// To other resources.
    Beyond,
}

impl Resources {
    /// The patterns of the statement; a negated list grants everything, less some.
    pub(super) fn of(statement: &Statement) -> Self {
        let patterns = if statement.resources.negated {
            vec!["*".into()]
        } else {
            statement.resources.list.iter().map(|pattern| pattern.text.clone()).collect()
        };
        Self { patterns }
    }

    pub(super) fn width(&self, facts: &dyn ActionFacts) -> Width {
        self.patterns.iter().map(|pattern| risk::width(pattern, facts)).max().unwrap_or(Width::Named)
    }

    /// Whether some of them can be a resource of the action.
    pub(super) fn concern(&self, action: &str, facts: &dyn ActionFacts) -> bool {
        self.patterns.iter().any(|pattern| concerns(action, pattern, facts))
    }
}

/// Whether a pattern includes a resource of a type that the action acts on. An ARN that belongs to a more specific
/// type (an index of a table) is no resource of an action that acts on the wider one only (the table).
fn concerns(action: &str, pattern: &TemplateString, facts: &dyn ActionFacts) -> bool {
    let Some(types) = facts.resource_types(action).filter(|types| !types.is_empty()) else { return true };
    let Some(parts) = arn::parts(pattern) else { return true };
    let types = of_service(types, parts.get(2).and_then(TemplateString::as_literal));
    // A name stands for one that has no separators in it.
    let named = pattern.fill(|hole| Some(if *hole == Hole::Unknown { "*".into() } else { "x".into() }));
    let named = Glob::pattern(&named);
    let met: Vec<Glob> = types
        .iter()
        .map(|kind| Glob::resource_type(kind))
        .filter(|kind| !kind.overlaps(&named).is_no())
        .collect();
    if met.is_empty() {
        return false;
    }
    let prefix = action.split(':').next().unwrap_or("");
    let belongs_elsewhere =
        facts.service_types(prefix).iter().filter(|kind| !types.contains(kind)).any(|kind| {
            let other = Glob::resource_type(kind);
            other.contains(&named).is_yes() && met.iter().all(|own| own.contains(&other).is_yes())
        });
    !belongs_elsewhere
}

/// The types whose ARNs may name that service.
fn of_service(mut types: Vec<SmolStr>, service: Option<&str>) -> Vec<SmolStr> {
    if let Some(service) = service.filter(|service| !service.contains(['*', '?'])) {
        types.retain(|kind| kind.split(':').nth(2).is_none_or(|own| own == service || own.contains('$')));
    }
    types
}

/// The rows of one statement: one for each action that is needed on less than it is granted on.
pub(super) fn find<'a>(
    question: &Question<'a>,
    grant: &Grant<'a>,
    policy: &HeldPolicy,
    served: &[&'a Requirement],
) -> Vec<Row> {
    let mut by_action: IndexMap<&SmolStr, Vec<&Requirement>> = IndexMap::new();
    for requirement in served {
        by_action.entry(&requirement.action).or_default().push(requirement);
    }
    by_action.sort_keys();
    by_action.iter().filter_map(|(action, needs)| row(question, grant, policy, action, needs)).collect()
}

fn row(
    question: &Question<'_>,
    grant: &Grant<'_>,
    policy: &HeldPolicy,
    action: &SmolStr,
    needs: &[&Requirement],
) -> Option<Row> {
    let facts = question.facts;
    if facts.resource_types(action).is_some_and(|types| types.is_empty()) {
        return None;
    }
    let held: Vec<TemplateString> = Resources::of(grant.statement)
        .patterns
        .into_iter()
        .filter(|pattern| concerns(action, pattern, facts))
        .collect();
    let mut needed: Vec<Resource> = needs.iter().flat_map(|need| &need.resources).cloned().collect();
    needed.sort();
    needed.dedup();
    let reach = held.iter().map(|pattern| reach(pattern, &needed)).max().unwrap_or(Reach::Within);
    let conditions = lacking_conditions(grant.statement, needs);
    let (severity, message) = judge(question, action, reach, &held, &conditions)?;
    let mut evidence: Vec<_> = needs.iter().flat_map(|need| &need.evidence).cloned().collect();
    evidence.sort();
    evidence.dedup();
    let mut row = Row {
        action: action.clone(),
        except: Vec::new(),
        resources: needed,
        held_resources: held,
        conditions,
        severity,
        message,
        evidence,
        held_by: Some(super::held_by(grant.statement, None, Some(policy))),
        witness: None,
        needed_by: question.needed_by(std::slice::from_ref(action), needs),
    };
    let statement = Statement { actions: listed(action.clone()), ..grant.statement.clone() };
    question.shower.held(&mut row, &statement, std::slice::from_ref(action));
    Some(row)
}

fn judge(
    question: &Question<'_>,
    action: &str,
    reach: Reach,
    held: &[TemplateString],
    conditions: &[Condition],
) -> Option<(Severity, String)> {
    let width = held.iter().map(|pattern| risk::width(pattern, question.facts)).max();
    let width = width.unwrap_or(Width::Named);
    match reach {
        Reach::Beyond => {
            let severity = risk::of_action(action, width, question.facts);
            Some((severity, format!("`{action}` is granted on more resources than it is needed on")))
        }
        Reach::OtherPlaces => Some((
            Severity::Note,
            format!("`{action}` is granted in more regions or accounts than it is needed in"),
        )),
        Reach::Within if !conditions.is_empty() => Some((
            Severity::Note,
            format!("`{action}` is granted without the condition under which it is needed"),
        )),
        Reach::Within => None,
    }
}

/// The conditions that all needs have in common, where the statement has none.
fn lacking_conditions(statement: &Statement, needs: &[&Requirement]) -> Vec<Condition> {
    let Some((first, rest)) = needs.split_first() else { return Vec::new() };
    let is_shared = |condition: &&Condition| rest.iter().all(|need| need.conditions.contains(condition));
    if statement.conditions.is_empty() {
        first.conditions.iter().filter(is_shared).cloned().collect()
    } else {
        Vec::new()
    }
}

fn reach(held: &TemplateString, needed: &[Resource]) -> Reach {
    let reach_of = |text: &TemplateString| {
        if !beyond(held, text) {
            Reach::Within
        } else if at_place_of(held, text).is_some_and(|held| !beyond(&held, text)) {
            Reach::OtherPlaces
        } else {
            Reach::Beyond
        }
    };
    needed.iter().flat_map(spellings).map(reach_of).min().unwrap_or(Reach::Beyond)
}

/// Whether the held pattern surely includes something that the needed one does not. What the environment or the
/// event may put into the needed one is needed too.
fn beyond(held: &TemplateString, needed: &TemplateString) -> bool {
    let opened = needed.fill(|hole| {
        matches!(hole, Hole::Environment(_) | Hole::Event(_) | Hole::Unknown).then(|| "*".into())
    });
    let (needed, held) = arn::settle(&opened, held);
    Glob::pattern(&needed).contains(&arn::held_glob(&held)).is_no()
}

/// The held pattern with the needed partition, region and account where it leaves them open.
fn at_place_of(held: &TemplateString, needed: &TemplateString) -> Option<TemplateString> {
    let (held, needed) = (arn::parts(held)?, arn::parts(needed)?);
    let mut placed = TemplateString::new();
    for (index, (own, other)) in held.iter().zip(&needed).enumerate() {
        if index > 0 {
            placed.push_str(":");
        }
        let is_open = own.as_literal() == Some("*") && [1, 3, 4].contains(&index);
        placed.push(if is_open { other } else { own });
    }
    Some(placed)
}
