//! Lists of patterns: which of them are included in others.

use super::super::{List, Text};
use crate::policy::arn::held_glob;
use crate::text::{Glob, Piece, TemplateString};

/// A pattern with what can be told of it at a glance: lists are long, and nearly all pairs have nothing in common.
pub(super) struct Pattern {
    glob: Glob,
    /// What it begins with, in front of the first wildcard or reference.
    prefix: String,
    /// The text, where it is no pattern.
    exact: Option<String>,
}

impl Pattern {
    /// A pattern of actions, whose case does not count.
    pub(super) fn action(text: &TemplateString) -> Self {
        Self::new(text, Glob::held(text).ignoring_case(), true)
    }

    /// A pattern of resources.
    pub(super) fn resource(text: &TemplateString) -> Self {
        Self::new(text, held_glob(text), false)
    }

    fn new(text: &TemplateString, glob: Glob, ignores_case: bool) -> Self {
        let first = match text.pieces().first() {
            Some(Piece::Text(first)) => first.as_str(),
            _ => "",
        };
        let spelled = |text: &str| if ignores_case { text.to_ascii_lowercase() } else { text.to_owned() };
        let prefix = spelled(first.split(['*', '?']).next().unwrap_or(""));
        let exact = text.as_literal().filter(|_| glob.is_exact()).map(spelled);
        Self { glob, prefix, exact }
    }

    /// Whether everything of the other one is in this one.
    pub(super) fn includes(&self, inner: &Self) -> bool {
        match (&self.exact, &inner.exact) {
            (Some(own), Some(other)) => own == other,
            _ if !inner.prefix.starts_with(self.prefix.as_str()) => false,
            (None, Some(text)) => self.glob.matches(text).is_yes(),
            _ => self.glob.contains(&inner.glob).is_yes(),
        }
    }

    /// Whether the two may have something in common.
    pub(super) fn may_meet(&self, other: &Self) -> bool {
        let begins_alike =
            self.prefix.starts_with(other.prefix.as_str()) || other.prefix.starts_with(self.prefix.as_str());
        begins_alike && !self.glob.overlaps(&other.glob).is_no()
    }
}

/// The members of a list as patterns.
pub(super) fn patterns(list: &List, pattern: fn(&TemplateString) -> Pattern) -> Vec<Pattern> {
    list.members.iter().map(|member| pattern(&member.text)).collect()
}

/// The members that another member includes, each with that one. Of two that include each other the first stays.
pub(super) fn contained(list: &List, pattern: fn(&TemplateString) -> Pattern) -> Vec<(&Text, &Text)> {
    let patterns = patterns(list, pattern);
    let mut found = vec![];
    for (index, (inner, member)) in patterns.iter().zip(&list.members).enumerate() {
        let outer = patterns.iter().zip(&list.members).enumerate().find(|(other, (outer, _))| {
            *other != index && outer.includes(inner) && (*other < index || !inner.includes(outer))
        });
        if let Some((_, (_, outer))) = outer {
            found.push((member, outer));
        }
    }
    found
}

/// What is wrong with a member that another one includes.
pub(super) fn included(outer: &Text, inner: &Text) -> String {
    if outer.raw == inner.raw {
        format!("`{}` stands there twice", inner.raw)
    } else {
        format!("`{}` includes `{}`", outer.raw, inner.raw)
    }
}

/// A part of an ARN template, by its place.
pub(super) fn template_part(template: &str, place: usize) -> &str {
    template.splitn(6, ':').nth(place).unwrap_or("")
}

/// How many names are listed of one thing.
const SHOWN: usize = 3;

/// The first of a list of names, and how many more there are.
pub(super) fn first(names: &[String]) -> (String, String) {
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    let more = names.len().saturating_sub(SHOWN);
    (shown, if more == 0 { String::new() } else { format!(" and {more} more") })
}
