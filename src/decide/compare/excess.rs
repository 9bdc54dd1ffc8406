//! Granted, needed by nothing: one row for each held pattern.

use std::cmp::Reverse;

use super::width::{self, Resources};
use super::{Question, list};
use crate::cloud::{Requirement, Resolution, Resource};
use crate::decide::model::{Difference, Row, Severity};
use crate::decide::risk::{self, Width};
use crate::infra::HeldPolicy;
use crate::policy::denies_all;
use crate::policy::{Grant, Pattern, Patterns, Statement};
use crate::text::{SmolStr, TemplateString, Verdict};

pub(super) fn find(question: &Question<'_>, difference: &mut Difference) {
    for grant in question.grants.allowing() {
        let Some(policy) = question.policy(grant.document) else { continue };
        let statement = Held { question, grant, policy, served: served(question, grant) };
        let known = (difference.excess.len(), difference.too_wide.len());
        if grant.statement.actions.negated {
            difference.excess.extend(statement.excess_of_all_but());
        } else {
            for pattern in &grant.statement.actions.list {
                difference.excess.extend(statement.excess_of(pattern));
            }
        }
        difference.too_wide.extend(width::find(question, grant, policy, &statement.served));
        if policy.implied {
            let excess = difference.excess.iter_mut().skip(known.0);
            excess.chain(difference.too_wide.iter_mut().skip(known.1)).for_each(soften);
        }
    }
}

/// What the format adds by itself nobody can take out of the role.
fn soften(row: &mut Row) {
    row.severity = Severity::Note;
    row.message.push_str("; the format adds it by itself");
}

/// The requirements that the statement grants in whole or in part.
fn served<'a>(question: &Question<'a>, grant: &Grant<'a>) -> Vec<&'a Requirement> {
    let is_served = |requirement: &&&Requirement| {
        let facts = super::request_facts(requirement, &requirement.resources);
        let applies = grant.has_action(&requirement.action).and(grant.has_conditions(&facts));
        let meets = |resource: &Resource| {
            Verdict::any(super::spellings(resource).map(|text| grant.meets_resource(text)))
        };
        !applies.and(Verdict::any(requirement.resources.iter().map(meets))).is_no()
    };
    question.needs.iter().filter(is_served).copied().collect()
}

/// A held statement that allows.
struct Held<'q, 'a> {
    question: &'q Question<'a>,
    grant: &'q Grant<'a>,
    policy: &'a HeldPolicy,
    served: Vec<&'a Requirement>,
}

impl Held<'_, '_> {
    /// The row of one held pattern, where it grants an action that is not needed.
    fn excess_of(&self, pattern: &Pattern) -> Option<Row> {
        let name = pattern.text.as_literal()?;
        let is_open = name.contains(['*', '?']);
        let mut actions = self.granted(self.question.facts.expand(name));
        let is_known = !actions.is_empty();
        if !is_known && !is_open {
            actions = self.granted(vec![name.into()]);
        }
        let needed = self.needed(&actions, name);
        let held = Resources::of(self.grant.statement);
        let mut unneeded: Vec<SmolStr> =
            actions.into_iter().filter(|action| !contains(&needed, action)).collect();
        if is_open {
            unneeded.retain(|action| held.concern(action, self.question.facts));
        }
        let grants_more = !unneeded.is_empty() || (!is_known && needed.is_empty());
        let (severity, message) = grants_more.then(|| self.judge(name, &needed, &unneeded, &held))?;
        let mut row = self.row(name, pattern, needed, held, severity, message);
        let actions = Patterns { negated: false, list: vec![pattern.clone()] };
        let statement = Statement { actions, ..self.grant.statement.clone() };
        self.show(&mut row, &statement, unneeded);
        Some(row)
    }

    /// The row of a statement that allows everything but a list.
    fn excess_of_all_but(&self) -> Option<Row> {
        let facts = self.question.facts;
        let held = Resources::of(self.grant.statement);
        let is_granted =
            |action: &SmolStr| self.grant.has_action(action).is_yes() && held.concern(action, facts);
        let actions = self.granted(facts.expand("*").into_iter().filter(is_granted).collect());
        let needed = self.needed(&actions, "*");
        let unneeded: Vec<SmolStr> =
            actions.into_iter().filter(|action| !contains(&needed, action)).collect();
        let list_of_all = &self.grant.statement.actions.list;
        let left_out: Vec<SmolStr> =
            list_of_all.iter().map(|pattern| pattern.text.to_string().into()).collect();
        let name = if held.width(self.question.facts) == Width::All { "*" } else { "" };
        let severity = risk::of_pattern(name, &unneeded, held.width(self.question.facts), facts);
        let message = format!("everything but {} is granted", list(&left_out));
        let mut row = self.row("*", list_of_all.first()?, needed, held, severity, message);
        self.show(&mut row, self.grant.statement, unneeded);
        Some(row)
    }

    /// Adds a request of the action that matters most.
    fn show(&self, row: &mut Row, statement: &Statement, mut unneeded: Vec<SmolStr>) {
        let (question, width) = (self.question, Resources::of(statement).width(self.question.facts));
        unneeded.sort_by_cached_key(|action| Reverse(risk::of_action(action, width, question.facts)));
        question.shower.held(row, statement, &unneeded);
    }

    /// The actions less those that another statement denies on everything granted here.
    fn granted(&self, actions: Vec<SmolStr>) -> Vec<SmolStr> {
        let is_denied = |action: &SmolStr| {
            self.question.grants.denying().any(|deny| denies_all(deny, self.grant, action, &[]))
        };
        actions.into_iter().filter(|action| !is_denied(action)).collect()
    }

    /// The actions among these, and those that the catalog does not know but the pattern matches, that are needed on
    /// a resource of the statement.
    fn needed(&self, actions: &[SmolStr], pattern: &str) -> Vec<SmolStr> {
        let glob = crate::text::Glob::pattern(&pattern.into()).ignoring_case();
        let matches = |action: &SmolStr| contains(actions, action) || glob.matches(action).is_yes();
        let mut needed: Vec<SmolStr> =
            self.served.iter().map(|requirement| requirement.action.clone()).filter(matches).collect();
        needed.sort();
        needed.dedup();
        needed
    }

    fn row(
        &self,
        name: &str,
        pattern: &Pattern,
        needed: Vec<SmolStr>,
        held: Resources,
        severity: Severity,
        message: String,
    ) -> Row {
        let needed_by = self.question.needed_by(&needed, &self.served);
        Row {
            action: name.into(),
            except: needed,
            resources: held.patterns.iter().map(held_resource).collect(),
            held_resources: held.patterns,
            conditions: self.grant.statement.conditions.clone(),
            severity,
            message,
            evidence: Vec::new(),
            held_by: Some(super::held_by(self.grant.statement, Some(pattern), Some(self.policy))),
            witness: None,
            needed_by,
        }
    }

    fn judge(
        &self,
        name: &str,
        needed: &[SmolStr],
        unneeded: &[SmolStr],
        held: &Resources,
    ) -> (Severity, String) {
        let width = held.width(self.question.facts);
        let mut severity = risk::of_pattern(name, unneeded, width, self.question.facts);
        let everything = if width == Width::All { " on all resources" } else { "" };
        let mut message = if !needed.is_empty() {
            format!("of `{name}`, granted{everything}, only {} is needed", list(needed))
        } else if self.is_needed_elsewhere(name) {
            format!("`{name}` is granted on resources on which nothing needs it")
        } else {
            format!("`{name}` is granted{everything}, but nothing needs it")
        };
        let subject = if unneeded.is_empty() { vec![name.into()] } else { unneeded.to_vec() };
        if !unneeded.is_empty() && unneeded.iter().all(|action| !held.concern(action, self.question.facts)) {
            severity = Severity::Note;
            message =
                format!("`{name}` is granted on resources that it does not act on, so that it has no effect");
        } else if let Some(spot) = self.question.blind.hiding(&subject) {
            severity = Severity::Note;
            message.push_str("; the analysis could not see everything: ");
            message.push_str(&spot.message);
        }
        (severity, message)
    }

    fn is_needed_elsewhere(&self, name: &str) -> bool {
        self.question.needs.iter().any(|need| need.action.eq_ignore_ascii_case(name))
    }
}

fn contains(actions: &[SmolStr], action: &SmolStr) -> bool {
    actions.iter().any(|other| other.eq_ignore_ascii_case(action))
}

fn held_resource(pattern: &TemplateString) -> Resource {
    let resolution =
        if pattern.holes().next().is_some() { Resolution::Template } else { Resolution::Literal };
    Resource { arn: pattern.clone(), reference: None, kind: "*".into(), resolution }
}
