//! Actions of a kind that are allowed on everything.

use super::super::{Lint, Text};

/// The members of `Action` that allow actions of a kind on everything without a condition, each with the sentence that
/// says so.
pub(super) fn on_everything<'a>(
    lint: &'a Lint<'_>,
    is_meant: impl Fn(&str) -> bool,
) -> Vec<(&'a Text, String)> {
    let mut found = vec![];
    for sentence in lint.granting_a_part().filter(|each| each.statement.tests.is_empty()) {
        if sentence.statement.everything().is_none() {
            continue;
        }
        for (action, expanded) in sentence.actions() {
            let names = expanded.iter().filter(|name| is_meant(name)).map(|name| format!("`{name}`"));
            let names: Vec<String> = names.collect();
            if !names.is_empty() {
                found.push((action, on_what(action, &names)));
            }
        }
    }
    found
}

fn on_what(action: &Text, names: &[String]) -> String {
    let own = format!("`{}`", action.raw);
    match names {
        [only] if only.eq_ignore_ascii_case(&own) => format!("{own} is allowed on everything"),
        _ => {
            let (shown, more) = super::texts::first(names);
            format!("{own} allows {shown}{more} on everything")
        }
    }
}
