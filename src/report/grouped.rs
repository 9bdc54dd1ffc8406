//! Rows that say the same of different actions are one thing to read.

use crate::decide::Row;
use crate::text::SmolStr;

/// The rows in groups, in the order of the first of each.
pub(super) fn together<'a, T>(
    rows: impl IntoIterator<Item = &'a T>,
    alike: impl Fn(&T, &T) -> bool,
) -> Vec<Vec<&'a T>> {
    let mut groups: Vec<Vec<&T>> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| alike(first, row))) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups
}

/// Whether two rows of a difference say the same of different actions: one line grants both, and the same needs them.
pub(super) fn are_alike(a: &Row, b: &Row) -> bool {
    let is_single = |row: &Row| row.except.is_empty() && row.held_by.is_some();
    is_single(a)
        && is_single(b)
        && a.severity == b.severity
        && a.held_by == b.held_by
        && a.held_resources == b.held_resources
        && a.resources == b.resources
        && a.conditions == b.conditions
        && functions(a).eq(functions(b))
        && a.evidence == b.evidence
}

/// The functions that need the row, where several share the role.
fn functions(row: &Row) -> impl Iterator<Item = &str> {
    row.needed_by.iter().map(|part| part.function.as_str())
}

/// Who needs what of rows that are alike: the functions, each with all of its actions.
pub(super) fn needed_by<'r>(alike: &[&'r Row]) -> Vec<(&'r str, Vec<&'r str>)> {
    let Some(first) = alike.first() else { return Vec::new() };
    let own = |function: &'r str| {
        let parts = alike.iter().flat_map(|row| &row.needed_by).filter(|part| part.function == function);
        parts.flat_map(|part| &part.actions).map(SmolStr::as_str).collect()
    };
    functions(first).map(|function| (function, own(function))).collect()
}
