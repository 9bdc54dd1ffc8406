//! Where the texts of a call lead: from the environment into the deployment, and from its resources to their names.

use crate::catalog::is_same_name;
use crate::flow::World;
use crate::infra::{Deployment, EventPart, Function, Trigger, trigger};
use crate::text::{Hole, SmolStr, TemplateString};

use super::super::Resolution;

/// A function in its deployment, as far as there is one.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The deployment.
    pub deployment: Option<&'a Deployment>,
    /// The function.
    pub function: Option<&'a Function>,
    /// Variables of the environment that the platform sets.
    pub platform: &'a [(SmolStr, TemplateString)],
}

impl World for Names<'_> {
    fn variable(&self, name: &str) -> Option<TemplateString> {
        let declared = self.function.and_then(|function| function.environment.get(name));
        let platform = || self.platform.iter().find(|(known, _)| known == name).map(|(_, text)| text);
        declared.or_else(platform).cloned()
    }

    fn environment_is_known(&self) -> bool {
        self.function.is_some()
    }

    fn expand(&self, _hole: &Hole) -> Option<TemplateString> {
        None
    }
}

impl Names<'_> {
    /// A text with the environment's variables replaced by what the deployment sets.
    pub(super) fn resolve(&self, text: &TemplateString) -> TemplateString {
        text.fill(|hole| match hole {
            Hole::Environment(name) => self.variable(name),
            _ => None,
        })
    }

    /// The texts that a text comes to: the environment's variables replaced by what the deployment sets, parts of the
    /// event by what the triggers say of them, one text for each trigger.
    pub(super) fn alternatives(&self, text: &TemplateString) -> Vec<TemplateString> {
        let resolved = self.resolve(text);
        if !resolved.holes().any(|hole| matches!(hole, Hole::Event(_))) {
            return vec![resolved];
        }
        let triggers = self.function.map(|function| function.triggers.as_slice()).unwrap_or_default();
        let by_trigger = |trigger: &Trigger| {
            let filled = resolved.fill(|hole| match hole {
                Hole::Event(path) => of_event(trigger, path),
                _ => None,
            });
            (filled != resolved).then_some(filled)
        };
        let mut texts: Vec<TemplateString> = triggers.iter().filter_map(by_trigger).collect();
        texts.dedup();
        if texts.is_empty() { vec![resolved] } else { texts }
    }

    /// Where a text came from, seen from its holes before anything is filled in.
    pub(super) fn origin(&self, text: &TemplateString) -> Resolution {
        let of = |hole: &Hole| match hole {
            Hole::Environment(name) => match self.variable(name) {
                Some(text) => self.origin(&text).max(Resolution::Template),
                None => Resolution::Environment,
            },
            Hole::Parameter(_) | Hole::Resource { .. } => Resolution::Template,
            Hole::Event(_) => Resolution::Event,
            Hole::Unknown => Resolution::Partial,
            Hole::Account | Hole::Region | Hole::Partition | Hole::PolicyVariable(_) => Resolution::Literal,
        };
        text.holes().map(of).max().unwrap_or(Resolution::Literal)
    }
}

/// What a trigger says of a part of the event.
fn of_event(by: &Trigger, path: &str) -> Option<TemplateString> {
    let source = by.source.as_ref()?;
    // A language may spell the parts of an event in its own way.
    let mut known = trigger(&by.kind)?.event.iter();
    match known.find(|(known, _)| is_same_name(known, path)).map(|(_, part)| part)? {
        EventPart::Arn => Some(source.clone()),
        EventPart::Name => source.split(':').pop()?.split('/').pop(),
    }
}
