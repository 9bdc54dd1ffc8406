//! Actions of a kind that are allowed on everything.

use super::super::{Lint, Text};

/// The members of `Action` that allow actions of a kind on everything without a condition, each with those actions.
pub(super) fn on_everything<'a>(
    lint: &'a Lint<'_>,
    is_meant: impl Fn(&str) -> bool,
) -> Vec<(&'a Text, Vec<String>)> {
    let mut found = vec![];
    for sentence in lint.granting().filter(|each| each.statement.tests.is_empty()) {
        if sentence.statement.everything().is_none() {
            continue;
        }
        for (action, expanded) in sentence.actions() {
            let names = expanded.iter().filter(|name| is_meant(name)).map(|name| format!("`{name}`"));
            let names: Vec<String> = names.collect();
            if !names.is_empty() {
                found.push((action, names));
            }
        }
    }
    found
}
