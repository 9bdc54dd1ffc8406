//! Stacks inside others, by a path of the project: what a template is called with, and what those return that it calls.
//!
//! Each template is a deployment of its own. What one says of another counts where it can be said there too: names that are
//! written out, and ARNs of the deployment's own account.

use indexmap::IndexMap;

use super::super::Settings;
use super::super::paths::join;
use super::super::sam;
use super::intrinsics::Evaluator;
use super::{declare, include, long_forms};
use crate::text::paths::folder;
use crate::text::tree::{Entry, Node};
use crate::text::{FileId, Hole, SmolStr, Source, TemplateString, yaml};

/// How deep stacks stand in one another.
const DEPTH: usize = 6;
/// How many templates are read for one.
const MOST: usize = 200;
/// Types of resource that are stacks, and where they say which template they are made of.
const STACKS: &[(&str, &str)] =
    &[("AWS::CloudFormation::Stack", "TemplateURL"), ("AWS::Serverless::Application", "Location")];

/// Whether a template has stacks in it, by its text.
pub fn has_stacks(text: &str) -> bool {
    STACKS.iter().any(|(kind, _)| text.contains(kind))
}

/// Values by name.
type Values = IndexMap<SmolStr, TemplateString>;

/// A template in long forms, with what it includes, its loops written out and its profile applied.
pub(super) fn template(source: &Source, file: FileId, settings: &Settings<'_>) -> super::Template {
    let (node, mut problems) = yaml::parse(source, file);
    let node = long_forms::expand(node);
    let mut node = include::included(node, source, file, settings, &mut problems);
    let profile = sam::profile(source, settings);
    if let Some(profile) = &profile {
        profile.apply(&mut node);
    }
    super::Template { node, problems, environment: profile.map(|profile| profile.environment) }
}

/// Gives the parameters of a template the values that the stacks of the project call it with, where all agree.
pub(super) fn called_with(path: &str, settings: &Settings<'_>) -> Values {
    given(path, settings, &mut vec![], &mut 0)
}

fn given(path: &str, settings: &Settings<'_>, open: &mut Vec<String>, count: &mut usize) -> Values {
    let mut found: Option<Values> = None;
    *count += 1;
    if open.len() >= DEPTH || *count > MOST || open.iter().any(|known| known == path) {
        return Values::new();
    }
    open.push(path.to_owned());
    for file in (settings.callers)(path) {
        let Some(source) = settings.sources.get(file).filter(|source| source.path() != path) else {
            continue;
        };
        let template = template(source, file, settings);
        let mut evaluator = Evaluator::new(file, &template.node, settings.parameters);
        evaluator.give(given(source.path(), settings, open, count));
        declare(&template.node, &mut evaluator);
        for (_, call) in
            calls(&evaluator).into_iter().filter(|(child, _)| joined(source, child).as_deref() == Some(path))
        {
            let values = arguments(&evaluator, &call);
            found = Some(match found {
                None => values,
                Some(known) => {
                    known.into_iter().filter(|(name, value)| values.get(name) == Some(value)).collect()
                }
            });
        }
    }
    open.pop();
    found.unwrap_or_default()
}

/// What the stacks return that a template calls: `Stack.Outputs.Name`.
pub(super) fn returned(evaluator: &Evaluator<'_>, source: &Source, settings: &Settings<'_>) -> Values {
    let mut outputs = Values::new();
    let mut open = vec![source.path().to_owned()];
    collect(evaluator, source, settings, (&mut open, &mut 0), &mut outputs);
    outputs
}

fn collect(
    evaluator: &Evaluator<'_>,
    source: &Source,
    settings: &Settings<'_>,
    (open, count): (&mut Vec<String>, &mut usize),
    outputs: &mut Values,
) {
    for (id, declared) in &evaluator.resources {
        let Some((child, call)) = call(evaluator, &declared.kind, &declared.node) else { continue };
        let span = declared.site.span;
        let Some(path) = joined(source, &child) else { continue };
        *count += 1;
        if open.len() >= DEPTH || *count > MOST || open.contains(&path) {
            let shown = child.escape_debug();
            evaluator.problem(span, format!("the stack of `{shown}` leads in a circle, or to too many"));
            continue;
        }
        let Some(text) = (settings.sibling)(&path) else {
            if !super::super::formats::is_built(&path) {
                let shown = child.escape_debug();
                evaluator.problem(span, format!("there is no file `{shown}` for this stack"));
            }
            continue;
        };
        let inner = Source::new(path.as_str(), text);
        let template = template(&inner, evaluator.file, settings);
        let mut own = Evaluator::new(evaluator.file, &template.node, settings.parameters);
        own.give(arguments(evaluator, &call));
        declare(&template.node, &mut own);
        open.push(path);
        let mut below = Values::new();
        collect(&own, &inner, settings, (open, count), &mut below);
        open.pop();
        own.outputs = below;
        let stated = texts(evaluator, &call);
        for (name, entry) in template.node.get("Outputs").and_then(Node::as_map).into_iter().flatten() {
            let value = entry.node.get("Value").and_then(|value| own.text(value));
            if let Some(value) = value.and_then(|value| own.returned(&value, &stated)) {
                outputs.insert([id.as_str(), ".Outputs.", name].concat().into(), value);
            }
        }
    }
}

/// The stacks that a template calls: the path as it is written, and the parameters.
fn calls(evaluator: &Evaluator<'_>) -> Vec<(String, Node)> {
    evaluator
        .resources
        .values()
        .filter_map(|declared| call(evaluator, &declared.kind, &declared.node))
        .collect()
}

fn call(evaluator: &Evaluator<'_>, kind: &str, node: &Node) -> Option<(String, Node)> {
    let (_, key) = STACKS.iter().find(|(known, _)| *known == kind)?;
    let asset = node.at(&["Metadata", "aws:asset:path"]).and_then(Node::as_str).map(SmolStr::from);
    let stated = || evaluator.literal(&evaluator.text(node.at(&["Properties", key])?)?);
    let path = asset.or_else(stated).filter(|path| !path.contains("://"))?;
    let parameters = node.at(&["Properties", "Parameters"]).cloned();
    Some((path.to_string(), parameters.unwrap_or_else(super::null)))
}

fn joined(source: &Source, path: &str) -> Option<String> {
    join(folder(source.path()), path)
}

/// What a stack is called with, as the calling template says it.
fn texts(evaluator: &Evaluator<'_>, call: &Node) -> Values {
    let value = |(name, entry): (&SmolStr, &Entry)| Some((name.clone(), evaluator.text(&entry.node)?));
    call.as_map().into_iter().flatten().filter_map(value).collect()
}

/// What a stack is called with, as far as it can be said in its own template.
fn arguments(evaluator: &Evaluator<'_>, call: &Node) -> Values {
    let portable = |(name, text): (SmolStr, TemplateString)| Some((name, evaluator.portable(&text)?));
    texts(evaluator, call).into_iter().filter_map(portable).collect()
}

impl Evaluator<'_> {
    /// Gives parameters values that count before their defaults.
    pub(super) fn give(&mut self, values: Values) {
        for (name, value) in values {
            if let Some(parameter) = self.parameters.get_mut(&name) {
                parameter.default = Some(value);
            }
        }
    }

    /// The text as any template of the deployment's account could write it; `None` where it is not known in full.
    fn portable(&self, text: &TemplateString) -> Option<TemplateString> {
        let mut known = text.clone();
        for _ in 0..DEPTH {
            known = self.fill(&self.spelled_out(&known));
        }
        (!known.holes().any(is_own) && !known.is_empty()).then_some(known)
    }

    /// What is returned to a template that calls this one with `stated`, in the words of that one.
    fn returned(&self, text: &TemplateString, stated: &Values) -> Option<TemplateString> {
        let mut known = text.clone();
        for _ in 0..DEPTH {
            known = self.spelled_out(&known);
        }
        let is_open = |hole: &Hole| match hole {
            Hole::Parameter(name) => !stated.contains_key(name) && self.parameter_value(name).is_none(),
            other => is_own(other),
        };
        if known.is_empty() || known.holes().any(is_open) {
            return None;
        }
        Some(known.fill(|hole| match hole {
            Hole::Parameter(name) => stated.get(name).cloned().or_else(|| self.parameter_value(name)),
            _ => None,
        }))
    }

    /// The text with the names of resources that state theirs.
    fn spelled_out(&self, text: &TemplateString) -> TemplateString {
        text.fill(|hole| match hole {
            Hole::Resource { id, attribute } if attribute.is_empty() => {
                let properties = self.resources.get(id)?.node.get("Properties")?;
                self.stated_name(id, &self.resolve(properties))
            }
            _ => None,
        })
    }
}

/// Whether only the template that has it knows what a hole stands for.
fn is_own(hole: &Hole) -> bool {
    !matches!(hole, Hole::Account | Hole::Region | Hole::Partition)
}
