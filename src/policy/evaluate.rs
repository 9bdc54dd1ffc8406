//! Is this request allowed? The plain rules, for a request that is known in whole.

use super::arn::held_glob;
use super::condition::Context;
use super::model::{Document, Effect, Patterns, Statement};
use crate::text::{Glob, TemplateString, Verdict};

/// A request.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The action (`s3:GetObject`).
    pub action: &'a str,
    /// The ARN, or `*` for an action that takes no resource.
    pub resource: &'a str,
    /// The condition keys.
    pub context: &'a Context,
}

/// What the policies say to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decision {
    /// A statement allows it and none denies it.
    Allowed,
    /// A statement denies it.
    Denied,
    /// No statement says anything about it, which denies it too.
    NotMentioned,
    /// It depends on text that is not known.
    Unknown,
}

/// What the policies, taken together, say to a request.
pub fn evaluate<'a>(documents: impl IntoIterator<Item = &'a Document>, request: &Request<'_>) -> Decision {
    evaluate_statements(documents.into_iter().flat_map(|document| &document.statements), request)
}

/// What statements, taken together, say to a request.
pub(super) fn evaluate_statements<'a>(
    statements: impl IntoIterator<Item = &'a Statement>,
    request: &Request<'_>,
) -> Decision {
    decide(statements, |statement| applies(statement, request))
}

/// What statements say that are known to be about the action of the request.
pub(super) fn evaluate_resource<'a>(
    statements: impl IntoIterator<Item = &'a Statement>,
    request: &Request<'_>,
) -> Decision {
    decide(statements, |statement| applies_to_resource(statement, request))
}

fn decide<'a>(
    statements: impl IntoIterator<Item = &'a Statement>,
    applies: impl Fn(&Statement) -> Verdict,
) -> Decision {
    let (mut allowed, mut denied) = (Verdict::No, Verdict::No);
    for statement in statements {
        let applies = applies(statement);
        match statement.effect {
            Effect::Allow => allowed = allowed.or(applies),
            Effect::Deny => denied = denied.or(applies),
        }
    }
    match (denied, allowed) {
        (Verdict::Yes, _) => Decision::Denied,
        (_, Verdict::No) => Decision::NotMentioned,
        (Verdict::No, Verdict::Yes) => Decision::Allowed,
        _ => Decision::Unknown,
    }
}

fn applies(statement: &Statement, request: &Request<'_>) -> Verdict {
    let action = listed(&statement.actions, |text| Glob::held(text).ignoring_case().matches(request.action));
    // Most statements are about other actions, which is seen soonest.
    if action.is_no() { action } else { action.and(applies_to_resource(statement, request)) }
}

fn applies_to_resource(statement: &Statement, request: &Request<'_>) -> Verdict {
    let resource = listed(&statement.resources, |text| {
        request
            .context
            .substitute(text)
            .map_or(Verdict::No, |text| held_glob(&text).matches(request.resource))
    });
    let conditions = statement.conditions.iter().map(|condition| condition.holds(request.context));
    resource.and(Verdict::all(conditions))
}

fn listed(patterns: &Patterns, matches: impl Fn(&TemplateString) -> Verdict) -> Verdict {
    let any = Verdict::any(patterns.list.iter().map(|pattern| matches(&pattern.text)));
    if patterns.negated { any.negate() } else { any }
}
