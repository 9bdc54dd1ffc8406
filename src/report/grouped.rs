//! Rows that say the same of different actions are one thing to read.

use crate::decide::Row;

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
        && a.evidence == b.evidence
}
