//! A policy as its author wrote it, right or wrong: every element with its place, nothing left out.

use super::super::condition::Operator;
use super::super::model::Document;
use crate::text::{Problem, Site, SmolStr, TemplateString};

/// What a policy is attached to, which decides what may stand in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A user, group or role.
    Identity,
    /// A role, to say who may take it on.
    Trust,
    /// A resource.
    Resource,
    /// An account or organizational unit: a service control policy.
    ServiceControl,
}

impl Kind {
    /// What people call such a policy.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity policy",
            Self::Trust => "trust policy",
            Self::Resource => "resource policy",
            Self::ServiceControl => "service control policy",
        }
    }
}

/// A policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// What it is attached to.
    pub kind: Kind,
    /// Where it stands.
    pub site: Site,
    /// The elements of the document.
    pub elements: Vec<Element>,
    /// `Version`.
    pub version: Option<Text>,
    /// The statements.
    pub statements: Vec<Statement>,
    /// What is not valid JSON or YAML.
    pub syntax: Vec<Problem>,
    /// Keys that stand twice in one map.
    pub repeated: Vec<Problem>,
    /// Text with places that are filled in later.
    pub places: Vec<Problem>,
    /// Values of a kind that the language does not have there.
    pub wrong_types: Vec<Problem>,
    /// Text with characters that no policy may have.
    pub forbidden: Vec<Site>,
    /// How many characters it has at least: white space and text that is not known are left out.
    pub size: usize,
    /// How many characters it has with white space.
    pub whole_size: usize,
    /// What could be understood of it.
    pub document: Document,
}

/// A key of a map.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its name.
    pub name: SmolStr,
    /// Where it stands.
    pub site: Site,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Where it stands.
    pub site: Site,
    /// Its elements.
    pub elements: Vec<Element>,
    /// `Sid`.
    pub sid: Option<Text>,
    /// `Effect`.
    pub effect: Option<Text>,
    /// `Action` or `NotAction`.
    pub actions: Option<List>,
    /// `Resource` or `NotResource`.
    pub resources: Option<List>,
    /// `Condition`.
    pub tests: Vec<Test>,
}

/// A list of texts.
#[derive(Clone, Debug)]
pub struct List {
    /// Whether the element is `NotAction` or `NotResource`.
    pub negated: bool,
    /// Where its key stands.
    pub site: Site,
    /// The members.
    pub members: Vec<Text>,
}

/// A text.
#[derive(Clone, Debug)]
pub struct Text {
    /// As it is written.
    pub raw: TemplateString,
    /// With each `${key}` as a policy variable.
    pub text: TemplateString,
    /// Where it stands.
    pub site: Site,
}

/// One operator on one key.
#[derive(Clone, Debug)]
pub struct Test {
    /// The operator as it is spelled.
    pub spelled: SmolStr,
    /// The operator; `None` for one that is not known.
    pub operator: Option<Operator>,
    /// Where the operator stands.
    pub operator_site: Site,
    /// The key.
    pub key: SmolStr,
    /// Where the key stands.
    pub site: Site,
    /// The values.
    pub values: Vec<Text>,
}

impl Statement {
    /// Whether an element of that name stands in it.
    pub fn has(&self, name: &str) -> bool {
        self.elements.iter().any(|element| element.name == name)
    }

    /// Whether it allows.
    pub fn allows(&self) -> bool {
        self.effect.as_ref().is_some_and(|effect| effect.raw.as_literal() == Some("Allow"))
    }

    /// Whether it denies.
    pub fn denies(&self) -> bool {
        self.effect.as_ref().is_some_and(|effect| effect.raw.as_literal() == Some("Deny"))
    }

    /// The resources, where the element is `Resource`.
    pub fn on(&self) -> &[Text] {
        self.resources.as_ref().filter(|list| !list.negated).map_or(&[], |list| &list.members)
    }

    /// The members of `Resource` or `NotResource`.
    pub fn all_resources(&self) -> &[Text] {
        self.resources.as_ref().map_or(&[], |list| &list.members)
    }

    /// The members of `Action` or `NotAction`.
    pub fn all_actions(&self) -> &[Text] {
        self.actions.as_ref().map_or(&[], |list| &list.members)
    }

    /// The member of `Resource` that is `*`.
    pub fn everything(&self) -> Option<&Text> {
        self.on().iter().find(|resource| resource.raw.as_literal() == Some("*"))
    }

    /// Whether a test of that key stands in it.
    pub fn tests_key(&self, key: &str) -> bool {
        self.tests.iter().any(|test| test.key.eq_ignore_ascii_case(key))
    }
}
