//! Policy variables where they stand.

use super::super::{Lint, Text};
use crate::text::{Hole, SmolStr};

/// The texts in which variables may stand: resources and values of conditions.
pub(super) fn places<'a>(lint: &Lint<'a>) -> impl Iterator<Item = &'a Text> {
    lint.resources().chain(lint.tests().flat_map(|test| &test.values))
}

/// The names of the variables in a text.
pub(super) fn keys(text: &Text) -> Vec<SmolStr> {
    let names = text.text.holes().filter_map(|hole| match hole {
        Hole::PolicyVariable(name) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}
