//! The identity-policy language as data. Positions are kept so that a finding can point at the line to change.

use crate::text::{Site, SmolStr, TemplateString};

/// A policy document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// The version of the language; `None` where the document states none (then 2008-10-17 holds).
    pub version: Option<SmolStr>,
    /// The statements, in the order of the document.
    pub statements: Vec<Statement>,
}

/// Whether a statement allows or denies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// `Allow`
    Allow,
    /// `Deny`
    Deny,
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Its `Sid`.
    pub sid: Option<SmolStr>,
    /// Its `Effect`.
    pub effect: Effect,
    /// `Action` or `NotAction`. Actions are text in nearly every policy; a template may leave holes.
    pub actions: Patterns,
    /// `Resource` or `NotResource`.
    pub resources: Patterns,
    /// `Condition`: one entry for each operator and key.
    pub conditions: Vec<Condition>,
    /// Where the statement stands; `None` for one that was made here.
    pub site: Option<Site>,
}

/// A list of patterns, or everything outside it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patterns {
    /// Whether the element is `NotAction` or `NotResource`.
    pub negated: bool,
    /// The patterns.
    pub list: Vec<Pattern>,
}

/// One pattern: text in which `*` stands for any run of characters and `?` for one.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// The text. A hole stands for text that is the same wherever the same hole stands.
    pub text: TemplateString,
    /// Where it stands; `None` for one that was made here.
    pub site: Option<Site>,
}

/// One operator on one key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Condition {
    /// The operator as it is spelled (`StringEquals`, `ForAnyValue:StringLike`, `ArnLikeIfExists`).
    pub operator: SmolStr,
    /// The condition key (`iam:PassedToService`).
    pub key: SmolStr,
    /// The values.
    pub values: Vec<TemplateString>,
}
