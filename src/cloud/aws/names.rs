//! Where the texts of a call lead: from the environment into the deployment, and from its resources to their names.

use crate::flow::World;
use crate::infra::{Deployment, Function, Trigger};
use crate::text::{Hole, SmolStr, TemplateString};

use super::super::Resolution;

/// How many texts one text may come to by what a trigger says of the event.
const MAX_TEXTS: usize = 32;
/// How many settings may name one another.
const MAX_SETTINGS: u32 = 8;

/// A function in its deployment, as far as there is one.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The deployment.
    pub deployment: Option<&'a Deployment>,
    /// The function.
    pub function: Option<&'a Function>,
    /// Variables of the environment that the platform sets.
    pub platform: &'a [(SmolStr, TemplateString)],
    /// What the settings files of the project say, by dotted name; values may name other settings (`${orders.table:none}`).
    pub settings: &'a [(SmolStr, SmolStr)],
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

    fn setting(&self, name: &str) -> Option<TemplateString> {
        self.setting_within(name, 0)
    }

    fn expand(&self, _hole: &Hole) -> Option<TemplateString> {
        None
    }
}

impl Names<'_> {
    /// A setting: a variable of the environment that is spelled after it, else what the settings files say.
    fn setting_within(&self, name: &str, depth: u32) -> Option<TemplateString> {
        let wanted = setting_key(name);
        let variables = self.function.map(|function| &function.environment);
        let set = variables.into_iter().flatten().find(|(known, _)| setting_key(known) == wanted);
        if let Some((known, _)) = set {
            return Some(TemplateString::hole(Hole::Environment(known.clone())));
        }
        let (_, text) = self.settings.iter().find(|(known, _)| setting_key(known) == wanted)?;
        Some(self.fill_settings(text, depth))
    }

    /// The text of a setting with the settings that it names.
    fn fill_settings(&self, text: &str, depth: u32) -> TemplateString {
        let mut filled = TemplateString::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${") {
            let Some((inside, after)) = behind.split_once('}').filter(|_| depth < MAX_SETTINGS) else {
                break;
            };
            filled.push_str(before);
            let (name, default) =
                inside.split_once(':').map_or((inside, None), |(name, text)| (name, Some(text)));
            let value = self.setting_within(name.trim(), depth + 1);
            let default = default.filter(|_| self.environment_is_known()).map(TemplateString::from);
            let variable = || TemplateString::hole(Hole::Environment(name.trim().into()));
            filled.push(&value.or(default).unwrap_or_else(variable));
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    /// A text with the environment's variables replaced by what the deployment sets.
    pub fn resolve(&self, text: &TemplateString) -> TemplateString {
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
        let mut texts: Vec<TemplateString> = vec![];
        for trigger in triggers {
            for text in self.of_trigger(trigger, &resolved) {
                if text != resolved && !texts.contains(&text) {
                    texts.push(text);
                }
            }
        }
        if texts.is_empty() { vec![resolved] } else { texts }
    }

    /// The texts that a text comes to when one trigger sends the event.
    fn of_trigger(&self, trigger: &Trigger, text: &TemplateString) -> Vec<TemplateString> {
        let Some(deployment) = self.deployment else { return vec![] };
        let mut paths: Vec<&SmolStr> = vec![];
        for hole in text.holes() {
            if let Hole::Event(path) = hole
                && !paths.contains(&path)
            {
                paths.push(path);
            }
        }
        let mut texts = vec![text.clone()];
        for path in paths {
            let parts = deployment.event_part(trigger, path);
            if parts.is_empty() || parts.len().saturating_mul(texts.len()) > MAX_TEXTS {
                continue;
            }
            let with = |part: &TemplateString| {
                let fill = |hole: &Hole| match hole {
                    Hole::Event(known) if known == path => Some(part.clone()),
                    _ => None,
                };
                texts.iter().map(|text| text.fill(fill)).collect::<Vec<_>>()
            };
            texts = parts.iter().flat_map(with).collect();
        }
        texts
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

/// The name of a setting without case and signs: `orders.table-name` is `ORDERS_TABLE_NAME`.
fn setting_key(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}
