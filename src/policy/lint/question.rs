//! A policy ready for the checks: its action patterns expanded once, and what several checks ask of it.

use super::super::arn;
use super::facts::LintFacts;
use super::model::{Kind, Policy, Statement, Text};
use super::{Check, Found};
use crate::catalog::KeyType;
use crate::policy::{Effect, Severity};
use crate::text::{Glob, Site, SmolStr, TemplateString};

/// A policy under its checks.
pub struct Lint<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// What is known.
    pub facts: &'a dyn LintFacts,
    /// Its statements.
    pub statements: Vec<Sentence<'a>>,
}

/// A statement with what its action patterns stand for.
pub struct Sentence<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// For each member of `Action` or `NotAction`, the actions that it stands for.
    pub expanded: Vec<Vec<SmolStr>>,
}

impl<'a> Lint<'a> {
    /// Prepares a policy.
    pub fn new(policy: &'a Policy, facts: &'a dyn LintFacts) -> Self {
        let expand =
            |action: &Text| action.raw.as_literal().map(|text| facts.expand(text)).unwrap_or_default();
        let statements = policy.statements.iter().map(|statement| Sentence {
            statement,
            expanded: statement.all_actions().iter().map(expand).collect(),
        });
        Self { policy, facts, statements: statements.collect() }
    }

    /// The statements that allow something to who holds the policy. Other policies than those of identities say who
    /// may reach one thing, or set a limit.
    pub fn granting(&self) -> impl Iterator<Item = &Sentence<'a>> {
        let is_held = self.policy.kind == Kind::Identity;
        self.allowing().filter(move |_| is_held)
    }

    /// The statements that allow.
    pub fn allowing(&self) -> impl Iterator<Item = &Sentence<'a>> {
        self.statements.iter().filter(|sentence| sentence.statement.allows())
    }

    /// The tests of all statements.
    pub fn tests(&self) -> impl Iterator<Item = &'a super::model::Test> {
        self.policy.statements.iter().flat_map(|statement| &statement.tests)
    }

    /// The members of `Resource` and `NotResource` of all statements.
    pub fn resources(&self) -> impl Iterator<Item = &'a Text> {
        self.policy.statements.iter().flat_map(Statement::all_resources)
    }

    /// The members of `Action` and `NotAction` of all statements.
    pub fn actions(&self) -> impl Iterator<Item = &'a Text> {
        self.policy.statements.iter().flat_map(Statement::all_actions)
    }

    /// The type of a test's key.
    pub fn key_type(&self, key: &str) -> Option<KeyType> {
        self.facts.key_type(key)
    }

    /// Whether a request may have several values under the key; `None` where it depends on the action, or is not known.
    pub fn has_many(&self, key: &str) -> Option<bool> {
        let depends = self.facts.iam().one_or_many_keys.iter().any(|other| other.eq_ignore_ascii_case(key));
        self.key_type(key).filter(|_| !depends).map(|kind| kind.is_many)
    }

    /// The statements that allow something to who holds the policy, but for those that allow everything on everything: what
    /// is wrong with these is said once.
    pub fn granting_a_part(&self) -> impl Iterator<Item = &Sentence<'a>> {
        self.granting().filter(|sentence| !sentence.allows_everything())
    }

    /// The parts of the resources that are ARNs: partition, service, region, account, name.
    pub fn arns(&self) -> impl Iterator<Item = (&'a Text, [TemplateString; 5])> {
        self.resources().filter_map(|resource| {
            let [_, partition, service, region, account, name] = arn::parts(&resource.text)?;
            Some((resource, [partition, service, region, account, name]))
        })
    }

    /// The ARN templates that a resource may be of, by service and name; partition, region and account do not count.
    pub fn types_of(&self, service: &TemplateString, name: &TemplateString) -> Vec<SmolStr> {
        let types = service.as_literal().map(|service| self.facts.arn_types(service)).unwrap_or_default();
        types.into_iter().filter(|template| self.may_be(template, name)).collect()
    }

    /// Whether the resource is in the short form that policies of some resources take.
    pub fn is_short(&self, resource: &TemplateString) -> bool {
        let mut forms = self.facts.iam().short_resources.iter();
        self.policy.kind == Kind::Resource && forms.any(|form| resource.starts_with(form))
    }

    /// Whether the name in an ARN may be that of a resource of an ARN template.
    pub fn may_be(&self, template: &str, name: &TemplateString) -> bool {
        let own = template.splitn(6, ':').nth(5).unwrap_or("");
        !Glob::resource_type(own).overlaps(&Glob::held(name)).is_no()
    }

    /// Whether a resource may be one that the action acts on.
    pub fn may_act_on(&self, action: &str, resource: &TemplateString) -> bool {
        let Some(types) = self.facts.resource_types(action) else { return true };
        if resource.as_literal() == Some("*") {
            return true;
        }
        let held = arn::held_glob(resource);
        types.iter().any(|template| !Glob::resource_type(template).overlaps(&held).is_no())
    }
}

impl Sentence<'_> {
    /// Whether it allows or denies; `None` where that is not readable.
    pub fn effect(&self) -> Option<Effect> {
        match (self.statement.allows(), self.statement.denies()) {
            (true, _) => Some(Effect::Allow),
            (_, true) => Some(Effect::Deny),
            _ => None,
        }
    }

    /// The members of `Action` with the actions that each stands for; none for `NotAction`.
    pub fn actions(&self) -> impl Iterator<Item = (&Text, &Vec<SmolStr>)> {
        let is_listed = self.statement.actions.as_ref().is_some_and(|actions| !actions.negated);
        self.statement.all_actions().iter().zip(&self.expanded).filter(move |_| is_listed)
    }

    /// The member of `Action` that allows everything on everything.
    pub fn everything(&self) -> Option<&Text> {
        let everywhere = self.statement.everything().is_some() && self.statement.tests.is_empty();
        let all = self.actions().find(|(action, _)| matches!(action.raw.as_literal(), Some("*" | "*:*")));
        all.map(|(action, _)| action).filter(|_| everywhere)
    }

    fn allows_everything(&self) -> bool {
        self.everything().is_some()
    }

    /// The member of `Action` that stands for the action.
    pub fn action(&self, action: &str) -> Option<&Text> {
        self.actions().find(|(_, each)| each.iter().any(|other| other == action)).map(|(text, _)| text)
    }

    /// Whether the statement is about the action, also by `NotAction`.
    pub fn has_action(&self, action: &str) -> bool {
        let listed = self.expanded.iter().any(|each| each.iter().any(|other| other == action));
        listed != self.statement.actions.as_ref().is_some_and(|actions| actions.negated)
    }
}

/// Whether the text is `*`.
pub(super) fn is_everything(text: &TemplateString) -> bool {
    text.as_literal().is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte == b'*'))
}

/// Findings of one check as they gather.
pub struct Report<'a> {
    check: &'static Check,
    found: &'a mut Vec<Found>,
}

impl<'a> Report<'a> {
    /// An empty report of a check, which goes to `found`.
    pub fn new(check: &'static Check, found: &'a mut Vec<Found>) -> Self {
        Self { check, found }
    }

    /// Adds a finding.
    pub fn add(&mut self, site: Site, message: impl Into<String>) {
        self.add_as(self.check.severity, site, message);
    }

    /// Adds a finding that matters more or less than others of its check.
    pub fn add_as(&mut self, severity: Severity, site: Site, message: impl Into<String>) {
        self.found.push(Found { check: self.check, severity, site, message: message.into() });
    }
}
