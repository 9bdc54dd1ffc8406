//! Lists of patterns: which of them are included in others.

use super::super::Text;
use crate::text::{Glob, TemplateString};

/// The members that another member includes, each with that one. Of two that include each other the first stays.
pub(super) fn contained(members: &[Text], glob: impl Fn(&TemplateString) -> Glob) -> Vec<(&Text, &Text)> {
    let globs: Vec<(Glob, &Text)> = members.iter().map(|member| (glob(&member.text), member)).collect();
    let includes = |outer: &Glob, inner: &Glob| outer.contains(inner).is_yes();
    let mut found = vec![];
    for (index, (inner, member)) in globs.iter().enumerate() {
        let outer = globs.iter().enumerate().find(|(other, (outer, _))| {
            *other != index && includes(outer, inner) && (*other < index || !includes(inner, outer))
        });
        if let Some((_, (_, outer))) = outer {
            found.push((*member, *outer));
        }
    }
    found
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
