//! What a snippet says, before it is written in YAML or JSON.

use crate::infra::{Deployment, Dialect, Part};
use crate::policy::{Condition, Document, Effect, Patterns, Statement};
use crate::text::TemplateString;

/// A part of a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tree {
    /// Text.
    Text(String),
    /// An intrinsic function with its argument, in the words of the short form (`GetAtt`, `Orders.Arn`).
    Call(&'static str, String),
    /// A list.
    List(Vec<Self>),
    /// A map.
    Map(Vec<(String, Self)>),
}

impl Tree {
    /// A map of these pairs.
    pub(crate) fn map<const N: usize>(pairs: [(&str, Self); N]) -> Self {
        Self::Map(pairs.into_iter().map(|(key, tree)| (key.to_owned(), tree)).collect())
    }

    /// Text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The part at the end of a path of keys.
    pub(crate) fn below(self, path: &[&str]) -> Self {
        path.iter().rev().fold(self, |tree, key| Self::map([(key, tree)]))
    }

    /// Both maps in one, the parts of `other` behind those of `self`.
    pub(crate) fn merged(self, other: Self) -> Self {
        match (self, other) {
            (Self::Map(mut own), Self::Map(others)) => {
                for (key, tree) in others {
                    match own.iter().position(|(known, _)| *known == key) {
                        Some(at) => {
                            let (key, known) = own.remove(at);
                            own.insert(at, (key, known.merged(tree)));
                        }
                        None => own.push((key, tree)),
                    }
                }
                Self::Map(own)
            }
            (Self::List(own), Self::List(others)) => Self::List(own.into_iter().chain(others).collect()),
            (_, other) => other,
        }
    }
}

/// Writes texts with the references of `CloudFormation`.
pub(crate) struct Speller<'a> {
    /// The deployment that the texts refer to.
    pub(crate) deployment: &'a Deployment,
    /// The dialect.
    pub(crate) dialect: Dialect,
}

impl Speller<'_> {
    /// A text: plain, one reference, or a substitution.
    pub(crate) fn text(&self, text: &TemplateString) -> Tree {
        let parts = self.deployment.parts(text, self.dialect);
        if let [part] = parts.as_slice()
            && let Some(call) = self.reference(part)
        {
            return call;
        }
        let is_plain = |part: &Part| matches!(part, Part::Text(_)) || self.variable(part).is_some();
        if parts.iter().all(is_plain) {
            return Tree::Text(parts.iter().map(|part| self.plain(part)).collect());
        }
        Tree::Call("Sub", parts.iter().map(|part| self.within(part)).collect())
    }

    /// The framework's own variable that a part is.
    fn variable(&self, part: &Part) -> Option<String> {
        match part {
            Part::Parameter(name) if self.dialect == Dialect::Serverless && name.contains(':') => {
                Some(format!("${{{name}}}"))
            }
            _ => None,
        }
    }

    fn plain(&self, part: &Part) -> String {
        match part {
            Part::Text(text) => text.to_string(),
            other => self.variable(other).unwrap_or_default(),
        }
    }

    /// A part that is a reference.
    fn reference(&self, part: &Part) -> Option<Tree> {
        if self.variable(part).is_some() {
            return None;
        }
        Some(match part {
            Part::Attribute { id, attribute } if attribute.is_empty() => Tree::Call("Ref", id.to_string()),
            Part::Attribute { id, attribute } => Tree::Call("GetAtt", format!("{id}.{attribute}")),
            Part::Parameter(name) => Tree::Call("Ref", name.to_string()),
            Part::Account => Tree::Call("Ref", "AWS::AccountId".to_owned()),
            Part::Region => Tree::Call("Ref", "AWS::Region".to_owned()),
            Part::Partition => Tree::Call("Ref", "AWS::Partition".to_owned()),
            Part::Text(_) | Part::Variable(_) => return None,
        })
    }

    /// A part within a substitution.
    fn within(&self, part: &Part) -> String {
        if let Some(variable) = self.variable(part) {
            return variable;
        }
        match part {
            Part::Text(text) => text.replace("${", "${!"),
            Part::Variable(name) => format!("${{!{name}}}"),
            Part::Attribute { id, attribute } if attribute.is_empty() => format!("${{{id}}}"),
            Part::Attribute { id, attribute } => format!("${{{id}.{attribute}}}"),
            Part::Parameter(name) => format!("${{{name}}}"),
            Part::Account => "${AWS::AccountId}".to_owned(),
            Part::Region => "${AWS::Region}".to_owned(),
            Part::Partition => "${AWS::Partition}".to_owned(),
        }
    }

    /// A policy document.
    pub(crate) fn document(&self, document: &Document) -> Tree {
        let version = document.version.as_deref().unwrap_or("2012-10-17");
        Tree::map([("Version", Tree::text(version)), ("Statement", self.statements(document))])
    }

    /// The statements of a document.
    pub(crate) fn statements(&self, document: &Document) -> Tree {
        Tree::List(document.statements.iter().map(|statement| self.statement(statement)).collect())
    }

    fn statement(&self, statement: &Statement) -> Tree {
        let mut pairs = vec![];
        if let Some(sid) = &statement.sid {
            pairs.push(("Sid".to_owned(), Tree::text(sid.as_str())));
        }
        let effect = match statement.effect {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        };
        pairs.push(("Effect".to_owned(), Tree::text(effect)));
        pairs.push(self.patterns(["Action", "NotAction"], &statement.actions));
        pairs.push(self.patterns(["Resource", "NotResource"], &statement.resources));
        if !statement.conditions.is_empty() {
            pairs.push(("Condition".to_owned(), self.conditions(&statement.conditions)));
        }
        Tree::Map(pairs)
    }

    fn patterns(&self, [plain, negated]: [&str; 2], patterns: &Patterns) -> (String, Tree) {
        let name = if patterns.negated { negated } else { plain };
        (name.to_owned(), self.one_or_many(patterns.list.iter().map(|pattern| &pattern.text)))
    }

    fn conditions(&self, conditions: &[Condition]) -> Tree {
        conditions.iter().fold(Tree::Map(vec![]), |tree, condition| {
            let values = self.one_or_many(condition.values.iter());
            tree.merged(values.below(&[&condition.operator, &condition.key]))
        })
    }

    fn one_or_many<'t>(&self, texts: impl Iterator<Item = &'t TemplateString>) -> Tree {
        let mut texts: Vec<Tree> = texts.map(|text| self.text(text)).collect();
        match texts.pop() {
            Some(only) if texts.is_empty() => only,
            Some(last) => {
                texts.push(last);
                Tree::List(texts)
            }
            None => Tree::List(texts),
        }
    }
}
