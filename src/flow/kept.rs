//! Values that a library keeps for the whole program under a token: what containers are told, and settings that hold everywhere.

use crate::text::SmolStr;

use super::machine::Machine;
use super::shape::{Atom, Shape};

impl Machine<'_> {
    /// Keeps a value under each token that a shape may be.
    pub(super) fn keep_under(&mut self, token: &Shape, value: &Shape) {
        let pass = self.pass;
        for atom in token.atoms() {
            if let Some(token) = spelled(atom) {
                self.dirty |= self.kept.entry(token).or_default().add(value, pass);
            }
        }
    }

    /// What is kept under a token.
    pub(super) fn kept_under(&mut self, token: &Shape) -> Shape {
        let pass = self.pass;
        let mut found = Shape::nothing();
        for atom in token.atoms() {
            if let Some(token) = spelled(atom) {
                // A cell that nobody filled yet remembers that it was asked for.
                found.join(&self.kept.entry(token).or_default().get(pass));
            }
        }
        found
    }
}

/// How a value is spelled where it is a token: a text, a class of the project, something of a library or an object of it.
fn spelled(atom: &Atom) -> Option<SmolStr> {
    let name = match atom {
        Atom::Text(text) => format!("text {}", text.as_literal()?),
        Atom::Class(class) => format!("class {}", class.0),
        Atom::Sdk(value) => match value.data {
            Some(object) => format!("object {} {}", value.name, object.0),
            None => format!("path {}", value.name),
        },
        Atom::External(path) => format!("path {path}"),
        _ => return None,
    };
    Some(name.into())
}
