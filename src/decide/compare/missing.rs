//! Needed, not granted.

use std::slice::from_ref;

use indexmap::IndexMap;

use super::{Question, extend, list, request_facts, spellings};
use crate::cloud::{Certainty, Requirement, Resource};
use crate::decide::model::{Difference, FunctionAnalysis, HeldBy, Row, Severity};
use crate::flow::{BlindKind, BlindSpot};
use crate::infra::HeldPolicy;
use crate::policy::{Coverage, Doubt, Effect, Grant, Need, Statement};
use crate::text::{SmolStr, TemplateString, Verdict};

/// What the policies say to a needed resource.
enum Answer<'a> {
    Granted,
    /// The policy of a resource gives it, no statement of the role.
    Given(&'a HeldPolicy),
    /// No statement grants it.
    Missing,
    /// A statement denies it.
    Denied(&'a Statement),
    /// The policy of a resource denies it.
    Refused(&'a HeldPolicy),
    /// The policy of a resource may deny it.
    PerhapsRefused(&'a HeldPolicy),
    /// What limits the role does not allow it.
    Limited(&'a HeldPolicy),
    /// It depends on what is not known.
    Doubtful(Option<Doubt>, Option<&'a Statement>),
}

pub(super) fn find(question: &Question<'_>, function: &FunctionAnalysis, difference: &mut Difference) {
    let mut rows: IndexMap<_, Row> = IndexMap::new();
    let mut hidden: Vec<SmolStr> = Vec::new();
    for requirement in &function.requirements {
        for resource in &requirement.resources {
            let answer = answer(question, requirement, resource);
            let may_be_elsewhere = !question.role.unknown.is_empty()
                && !matches!(answer, Answer::Denied(_) | Answer::Refused(_) | Answer::Limited(_));
            let Some(mut row) = row(question, requirement, resource, &answer) else { continue };
            if may_be_elsewhere {
                hidden.push(requirement.action.clone());
                continue;
            }
            let is_given = matches!(answer, Answer::Given(_));
            if !question.shower.missing(&mut row, requirement, is_given) {
                continue;
            }
            let key = (row.action.clone(), row.severity, row.conditions.clone(), row.message.clone());
            match rows.get_mut(&key) {
                Some(known) => extend(known, row),
                None => drop(rows.insert(key, row)),
            }
        }
    }
    difference.missing = rows.into_values().collect();
    report_unknown_policies(question, hidden, difference);
}

/// Says which policies nobody has read, and what they would have to grant.
fn report_unknown_policies(question: &Question<'_>, mut hidden: Vec<SmolStr>, difference: &mut Difference) {
    hidden.sort();
    hidden.dedup();
    for (policy, site) in &question.role.unknown {
        let consequence = if hidden.is_empty() {
            String::new()
        } else {
            format!("; it may grant {}, which the known policies do not", list(&hidden))
        };
        difference.blind_spots.push(BlindSpot {
            kind: BlindKind::UnreadFile,
            site: Some(*site),
            services: Vec::new(),
            message: format!("the statements of the attached policy `{policy}` are not known{consequence}"),
        });
    }
}

fn answer<'a>(question: &Question<'a>, requirement: &Requirement, resource: &Resource) -> Answer<'a> {
    let answer = own_answer(question, requirement, resource);
    match refused(question, requirement, resource) {
        Some((policy, Verdict::Yes)) => Answer::Refused(policy),
        Some((policy, _)) if matches!(answer, Answer::Granted | Answer::Given(_)) => {
            Answer::PerhapsRefused(policy)
        }
        _ => answer,
    }
}

/// The policy of a resource that denies what is needed, or may.
fn refused<'a>(
    question: &Question<'a>,
    requirement: &Requirement,
    resource: &Resource,
) -> Option<(&'a HeldPolicy, Verdict)> {
    let facts = request_facts(requirement, from_ref(resource));
    let denies = |grant: &&Grant<'a>| {
        let meets = Verdict::any(spellings(resource).map(|text| grant.meets_resource(text)));
        grant.has_action(&requirement.action).and(grant.has_conditions(&facts)).and(meets)
    };
    let worst = question.refused.denying().max_by_key(denies)?;
    let policy = question.role.refused.get(worst.document)?;
    let verdict = denies(&worst);
    (!verdict.is_no()).then_some((policy, verdict))
}

/// What the role's own policies, and what limits them, say.
fn own_answer<'a>(question: &Question<'a>, requirement: &Requirement, resource: &Resource) -> Answer<'a> {
    let facts = request_facts(requirement, from_ref(resource));
    let coverages = spellings(resource).map(|text| {
        question.grants.coverage(Need { action: &requirement.action, resource: text, facts: &facts })
    });
    let Some(best) = coverages.reduce(|best, next| if next.verdict > best.verdict { next } else { best })
    else {
        return Answer::Granted;
    };
    let Coverage { verdict, doubt, statements } = best;
    let first = statements.first().copied();
    match (verdict, first) {
        (Verdict::Yes, _) => limited(question, requirement, resource).unwrap_or(Answer::Granted),
        (Verdict::Unknown, statement) => Answer::Doubtful(doubt, statement),
        (Verdict::No, Some(statement)) if statement.effect == Effect::Deny => Answer::Denied(statement),
        // A resource that is known in part may be among those that are granted.
        (Verdict::No, _) => match granted_in_part(question, requirement, resource) {
            Some(statement) if is_vague(question, requirement, resource) => {
                Answer::Doubtful(Some(Doubt::Resource), Some(statement))
            }
            _ => given(question, requirement, resource).map_or(Answer::Missing, Answer::Given),
        },
    }
}

/// What a policy that limits the role says against what the role grants.
fn limited<'a>(
    question: &Question<'a>,
    requirement: &Requirement,
    resource: &Resource,
) -> Option<Answer<'a>> {
    let facts = request_facts(requirement, from_ref(resource));
    question.limits.iter().find_map(|(grants, policy)| {
        let coverages = spellings(resource)
            .map(|text| grants.coverage(Need { action: &requirement.action, resource: text, facts: &facts }));
        let best = coverages.reduce(|best, next| if next.verdict > best.verdict { next } else { best })?;
        match best.verdict {
            Verdict::Yes => None,
            Verdict::No => Some(Answer::Limited(policy)),
            Verdict::Unknown => Some(Answer::Doubtful(best.doubt, None)),
        }
    })
}

/// The policy of a resource that gives what is needed.
fn given<'a>(
    question: &Question<'a>,
    requirement: &Requirement,
    resource: &Resource,
) -> Option<&'a HeldPolicy> {
    let facts = request_facts(requirement, from_ref(resource));
    let statement = spellings(resource).find_map(|text| {
        let need = Need { action: &requirement.action, resource: text, facts: &facts };
        let coverage = question.given.coverage(need);
        coverage.statements.first().copied().filter(|_| coverage.verdict.is_yes())
    })?;
    question.role.given.get(question.given.of(statement)?.document)
}

/// Whether the resource stands for one that is not known, rather than for all that its pattern matches.
fn is_vague(question: &Question<'_>, requirement: &Requirement, resource: &Resource) -> bool {
    let takes_none = question.facts.resource_types(&requirement.action).is_some_and(|types| types.is_empty());
    !takes_none && (resource.arn.as_literal() == Some("*") || resource.arn.holes().any(is_open))
}

fn is_open(hole: &crate::text::Hole) -> bool {
    use crate::text::Hole;
    matches!(hole, Hole::Unknown | Hole::Environment(_) | Hole::Event(_) | Hole::Parameter(_))
}

fn granted_in_part<'a>(
    question: &Question<'a>,
    requirement: &Requirement,
    resource: &Resource,
) -> Option<&'a Statement> {
    let facts = request_facts(requirement, from_ref(resource));
    let grant = question.grants.allowing().find(|grant| {
        let meets = Verdict::any(spellings(resource).map(|text| grant.meets_resource(text)));
        let applies = grant.has_action(&requirement.action).and(grant.has_conditions(&facts));
        !applies.and(meets).is_no()
    });
    grant.map(|grant| grant.statement)
}

/// How much an answer matters, what it says, and the statement of the role that it is about.
fn said<'a>(action: &str, answer: &Answer<'a>) -> Option<(Severity, String, Option<&'a Statement>)> {
    Some(match answer {
        Answer::Granted => return None,
        Answer::Missing => {
            (Severity::High, format!("`{action}` is needed, but no statement of the role grants it"), None)
        }
        Answer::Given(policy) => {
            let message =
                format!("`{action}` is needed, and given by the policy of a resource: `{}`", policy.name);
            (Severity::Note, message, None)
        }
        Answer::Denied(statement) => (
            Severity::High,
            format!("`{action}` is needed, but a statement of the role denies it"),
            Some(*statement),
        ),
        Answer::Limited(policy) => (
            Severity::High,
            format!(
                "`{action}` is needed and granted, but `{}`, which limits the role, does not allow it",
                policy.name
            ),
            None,
        ),
        Answer::Refused(policy) => (
            Severity::High,
            format!("`{action}` is needed, but the policy of a resource denies it: `{}`", policy.name),
            None,
        ),
        Answer::PerhapsRefused(policy) => {
            let message = format!(
                "`{action}` is needed and granted, but the policy of a resource may deny it: `{}`",
                policy.name
            );
            (Severity::Note, message, None)
        }
        Answer::Doubtful(doubt, statement) => (Severity::Note, doubtful(action, *doubt), *statement),
    })
}

fn row(
    question: &Question<'_>,
    requirement: &Requirement,
    resource: &Resource,
    answer: &Answer<'_>,
) -> Option<Row> {
    let action = &requirement.action;
    let (severity, message, statement) = said(action, answer)?;
    let (severity, message) = match requirement.certainty {
        Certainty::Certain => (severity, message),
        Certainty::Possible => (Severity::Note, message.replace("is needed", "may be needed")),
    };
    let grant = statement.and_then(|statement| question.grants.of(statement));
    let held_by = grant.map(|grant| super::held_by(grant.statement, None, question.policy(grant.document)));
    let by_resource = match answer {
        Answer::Given(policy)
        | Answer::Refused(policy)
        | Answer::PerhapsRefused(policy)
        | Answer::Limited(policy) => {
            Some(HeldBy { site: Some(policy.site), sid: None, policy: policy.name.clone() })
        }
        _ => None,
    };
    let held_by = held_by.or(by_resource);
    Some(Row {
        action: action.clone(),
        except: Vec::new(),
        resources: vec![resource.clone()],
        held_resources: held_resources(statement, held_by.as_ref()),
        conditions: requirement.conditions.clone(),
        severity,
        message,
        evidence: requirement.evidence.clone(),
        held_by,
        witness: None,
        needed_by: Vec::new(),
    })
}

fn held_resources(statement: Option<&Statement>, held_by: Option<&HeldBy>) -> Vec<TemplateString> {
    let patterns = statement.filter(|_| held_by.is_some()).map(|statement| &statement.resources.list);
    patterns.into_iter().flatten().map(|pattern| pattern.text.clone()).collect()
}

fn doubtful(action: &str, doubt: Option<Doubt>) -> String {
    match doubt {
        Some(Doubt::Condition) => {
            format!(
                "`{action}` is needed, and granted only under a condition of which the source says nothing"
            )
        }
        Some(Doubt::Deny) => {
            format!("`{action}` is needed and granted, but a statement of the role may deny it")
        }
        Some(Doubt::Resource) | None => {
            format!("`{action}` is needed; whether the resource is among those granted is not known")
        }
    }
}
