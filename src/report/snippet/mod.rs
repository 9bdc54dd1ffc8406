//! `generate` in the language of a deployment: what to put into the template, with the template's own references.
//!
//! One file a format. A snippet is as a person would write it: it goes into the template as it stands, and `diff` has
//! nothing to say behind it.

mod cdk;
mod cloudformation;
pub(crate) mod edit;
mod hcl;
mod sam;
mod serverless;
mod terraform;
mod tree;
pub(crate) mod write;
mod yaml;

pub(super) use cdk::{PYTHON as CDK_PYTHON, TYPESCRIPT as CDK};
pub(super) use cloudformation::FORMAT as CLOUDFORMATION;
pub(super) use sam::FORMAT as SAM;
pub(super) use serverless::FORMAT as SERVERLESS;
pub(super) use terraform::FORMAT as TERRAFORM;

use super::{Context, Generate, escape};
use crate::decide::{FunctionAnalysis, NamedPolicy, Synthesis};
use crate::infra::{Deployment, Dialect, Function};
use crate::policy::Document;

/// A function with its policies and the deployment that it belongs to.
pub(crate) struct Made<'a> {
    /// The function as it was analysed.
    pub(crate) function: &'a FunctionAnalysis,
    /// Its policies.
    pub(crate) synthesis: &'a Synthesis,
    /// Its deployment; an empty one where none declares it.
    pub(crate) deployment: &'a Deployment,
    /// The function as the deployment declares it.
    pub(crate) declared: Option<&'a Function>,
}

impl Made<'_> {
    /// The id of the role, where the deployment declares it and the dialect can refer to it.
    pub(crate) fn role(&self, dialect: Dialect) -> Option<&str> {
        let declared = self.declared.filter(|_| dialect.speaks(self.deployment.dialect))?;
        declared.role.as_deref().filter(|role| self.deployment.roles.contains_key(*role))
    }

    /// Whether the role is the one that the serverless transform makes.
    pub(crate) fn has_own_role(&self) -> bool {
        self.declared.is_some_and(|declared| self.deployment.makes_role(declared))
    }

    /// Whether there is anything to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.synthesis.policies.is_empty() && self.synthesis.templates.is_empty()
    }

    /// The letters and digits of the name.
    pub(crate) fn identifier(&self) -> String {
        let name: String = self.function.name.chars().filter(char::is_ascii_alphanumeric).collect();
        let starts = name.starts_with(|character: char| character.is_ascii_alphabetic());
        if starts { name } else { format!("Function{name}") }
    }

    /// What a reader should know, as comments behind `mark`.
    fn notes(&self, context: &Context<'_>, mark: &str, dialect: Dialect) -> String {
        let mut lines = vec![];
        let place = self.function.template.map(|site| format!("  {}", context.place(site)));
        lines.push(format!("{}{}", self.function.name, place.unwrap_or_default()));
        if self.is_empty() {
            lines.push("no permissions needed beside those that the format adds by itself".to_owned());
        }
        lines.extend(self.synthesis.warnings.iter().filter(|line| says_more(line)).cloned());
        if !self.synthesis.complete {
            lines.push("incomplete: a blind spot may hide a permission that is missing here".to_owned());
        }
        if self.declared.is_some() && self.role(dialect).is_none() && !self.is_empty() {
            lines.push("the role is declared elsewhere: attach this to it".to_owned());
        }
        let lines: Vec<String> = lines.iter().map(|line| format!("{mark} {}\n", one_line(line))).collect();
        lines.concat()
    }
}

/// Whether a warning shows a change: a value of the event looks like `*` from the beginning.
pub(crate) fn says_more(warning: &str) -> bool {
    warning.split_once(" became ").is_none_or(|(from, to)| from.trim_end() != to.trim_end())
}

/// Text that stays within a comment.
fn one_line(text: &str) -> String {
    let text: String =
        text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    escape::terminal(&text).into_owned()
}

/// The functions of an answer with their deployments.
pub(crate) fn made<'a>(generate: &Generate<'a>, nothing: &'a Deployment) -> Vec<Made<'a>> {
    let with_home = |(function, synthesis): &(&'a FunctionAnalysis, &'a Synthesis)| {
        let declared = |deployment: &'a Deployment| {
            Some((deployment, deployment.function_at(function.template, &function.name)?))
        };
        let home = generate.deployments.iter().find_map(declared);
        Made {
            function,
            synthesis,
            deployment: home.map_or(nothing, |(deployment, _)| deployment),
            declared: home.map(|(_, declared)| declared),
        }
    };
    generate.functions.iter().map(with_home).collect()
}

/// The policy split into statements that do not mention the function itself and those that do: where the function
/// waits for its role, what is in the role cannot refer to it.
pub(crate) fn without_itself(made: &Made<'_>, policy: &NamedPolicy) -> (Document, Document) {
    let mentions = |statement: &crate::policy::Statement| {
        made.declared.is_some_and(|declared| {
            let texts = statement.resources.list.iter().map(|pattern| &pattern.text);
            let values = statement.conditions.iter().flat_map(|condition| &condition.values);
            texts.chain(values).any(|text| {
                text.holes()
                    .any(|hole| matches!(hole, crate::text::Hole::Resource { id, .. } if *id == declared.id))
            })
        })
    };
    let (with, without): (Vec<_>, Vec<_>) = policy.document.statements.iter().cloned().partition(mentions);
    let version = policy.document.version.clone();
    (Document { version: version.clone(), statements: without }, Document { version, statements: with })
}
