//! Does what is held grant what is needed? For requests of which action, resource and conditions are known in part.

use super::arn::{contains, held_glob, overlaps};
use super::condition::implied;
use super::model::{Condition, Document, Effect, Statement};
use crate::text::{Glob, TemplateString, Verdict};

/// A held statement, ready for questions.
#[derive(Debug)]
pub struct Grant<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// The number of its document among those given.
    pub document: usize,
    actions: Vec<Glob>,
    resources: Vec<Glob>,
}

/// All that the policies of a role hold.
#[derive(Debug, Default)]
pub struct Grants<'a> {
    grants: Vec<Grant<'a>>,
}

/// What is asked for: one action on one resource.
#[derive(Clone, Copy, Debug)]
pub struct Need<'a> {
    /// The action.
    pub action: &'a str,
    /// The resource pattern; unknown holes in it act as `*`.
    pub resource: &'a TemplateString,
    /// What is known of the request's condition keys.
    pub facts: &'a [Condition],
}

/// Why it is not known whether a need is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// The statement has a condition that nothing is known of.
    Condition,
    /// The texts of the resources are not known well enough.
    Resource,
    /// A statement may deny it.
    Deny,
}

/// Whether a need is granted.
#[derive(Clone, Debug, PartialEq)]
pub struct Coverage<'a> {
    /// Whether it is.
    pub verdict: Verdict,
    /// Why that is not known.
    pub doubt: Option<Doubt>,
    /// The statements that grant it, may grant it, or deny it.
    pub statements: Vec<&'a Statement>,
}

impl<'a> Grant<'a> {
    fn new(statement: &'a Statement, document: usize) -> Self {
        let actions = statement.actions.list.iter().map(|pattern| Glob::held(&pattern.text).ignoring_case());
        let resources = statement.resources.list.iter().map(|pattern| held_glob(&pattern.text));
        Self { statement, document, actions: actions.collect(), resources: resources.collect() }
    }

    /// Whether the statement is about the action.
    pub fn has_action(&self, action: &str) -> Verdict {
        let any = Verdict::any(self.actions.iter().map(|glob| glob.matches(action)));
        if self.statement.actions.negated { any.negate() } else { any }
    }

    /// Whether the statement's resources include all of this one.
    pub fn has_resource(&self, resource: &TemplateString) -> Verdict {
        if self.statement.resources.negated {
            return Verdict::any(self.each_overlap(resource)).negate();
        }
        let single = Verdict::any(self.patterns().map(|pattern| contains(pattern, resource)));
        if single.is_yes() || self.resources.len() < 2 {
            return single;
        }
        let union: Vec<&Glob> = self.resources.iter().collect();
        single.or(Glob::pattern(resource).covered_by(&union))
    }

    /// Whether the statement's resources include a part of this one.
    pub fn meets_resource(&self, resource: &TemplateString) -> Verdict {
        if self.statement.resources.negated {
            return Verdict::any(self.patterns().map(|pattern| contains(pattern, resource))).negate();
        }
        Verdict::any(self.each_overlap(resource))
    }

    /// Whether its conditions hold for all requests with those facts.
    pub fn has_conditions(&self, facts: &[Condition]) -> Verdict {
        Verdict::all(self.statement.conditions.iter().map(|condition| implied(condition, facts)))
    }

    /// The numbers of the listed action patterns that match the action.
    pub fn matching_actions(&self, action: &str) -> Vec<usize> {
        positions(self.actions.iter().map(|glob| glob.matches(action)))
    }

    /// The numbers of the listed resource patterns that include all of this one.
    pub fn including_resources(&self, resource: &TemplateString) -> Vec<usize> {
        positions(self.patterns().map(|pattern| contains(pattern, resource)))
    }

    fn patterns(&self) -> impl Iterator<Item = &'a TemplateString> + use<'a> {
        self.statement.resources.list.iter().map(|pattern| &pattern.text)
    }

    fn each_overlap(&self, resource: &TemplateString) -> impl Iterator<Item = Verdict> {
        self.patterns().map(move |pattern| overlaps(pattern, resource))
    }
}

/// Where the answer is yes.
fn positions(verdicts: impl Iterator<Item = Verdict>) -> Vec<usize> {
    verdicts.enumerate().filter_map(|(index, verdict)| verdict.is_yes().then_some(index)).collect()
}

impl<'a> Grants<'a> {
    /// All statements of the documents.
    pub fn new(documents: impl IntoIterator<Item = &'a Document>) -> Self {
        let numbered = documents.into_iter().enumerate();
        let grants = numbered.flat_map(|(number, document)| {
            document.statements.iter().map(move |statement| Grant::new(statement, number))
        });
        Self { grants: grants.collect() }
    }

    /// The statements that allow.
    pub fn allowing(&self) -> impl Iterator<Item = &Grant<'a>> {
        self.grants.iter().filter(|grant| grant.statement.effect == Effect::Allow)
    }

    /// The statements that deny.
    pub fn denying(&self) -> impl Iterator<Item = &Grant<'a>> {
        self.grants.iter().filter(|grant| grant.statement.effect == Effect::Deny)
    }

    /// The grant of that statement.
    pub fn of(&self, statement: &Statement) -> Option<&Grant<'a>> {
        self.grants.iter().find(|grant| std::ptr::eq(grant.statement, statement))
    }

    /// Whether the need is granted: all of it, by the statements together.
    pub fn coverage(&self, need: Need<'_>) -> Coverage<'a> {
        let allowed = self.allowed(need);
        if allowed.verdict.is_no() {
            return allowed;
        }
        for grant in self.denying() {
            let conditions = grant.has_conditions(need.facts);
            let denies =
                grant.has_action(need.action).and(grant.meets_resource(need.resource)).and(conditions);
            match denies {
                Verdict::No => {}
                Verdict::Yes => {
                    return Coverage { verdict: Verdict::No, doubt: None, statements: vec![grant.statement] };
                }
                Verdict::Unknown => {
                    let statements = vec![grant.statement];
                    return Coverage { verdict: Verdict::Unknown, doubt: Some(Doubt::Deny), statements };
                }
            }
        }
        allowed
    }

    fn allowed(&self, need: Need<'_>) -> Coverage<'a> {
        let mut coverage = Coverage { verdict: Verdict::No, doubt: None, statements: Vec::new() };
        let mut certain: Vec<&Grant<'a>> = Vec::new();
        for grant in self.allowing() {
            let action = grant.has_action(need.action);
            let conditions = grant.has_conditions(need.facts);
            if action.is_no() || conditions.is_no() {
                continue;
            }
            let resource = grant.has_resource(need.resource);
            let verdict = action.and(conditions).and(resource);
            if action.and(conditions).is_yes() && !grant.statement.resources.negated {
                certain.push(grant);
            }
            if verdict > coverage.verdict {
                coverage = Coverage { verdict, doubt: None, statements: Vec::new() };
            }
            if verdict == coverage.verdict && !verdict.is_no() {
                coverage.statements.push(grant.statement);
            }
            if coverage.verdict == Verdict::Unknown && coverage.doubt.is_none() {
                let is_condition = conditions == Verdict::Unknown;
                coverage.doubt = Some(if is_condition { Doubt::Condition } else { Doubt::Resource });
            }
        }
        if !coverage.verdict.is_yes() && certain.len() > 1 && covered_together(&certain, need) {
            let statements = certain.iter().map(|grant| grant.statement).collect();
            return Coverage { verdict: Verdict::Yes, doubt: None, statements };
        }
        coverage
    }
}

/// Whether the resources of several statements include the need where those of none do.
fn covered_together(grants: &[&Grant<'_>], need: Need<'_>) -> bool {
    let union: Vec<&Glob> = grants.iter().flat_map(|grant| &grant.resources).collect();
    Glob::pattern(need.resource).covered_by(&union).is_yes()
}
