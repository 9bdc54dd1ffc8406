//! Classes that a program names as its own and that none of its files declares: what they do is not known, and that is said.

use crate::ir::{Dialect, Import};
use crate::text::SmolStr;

use super::machine::Machine;
use super::model::BlindKind;
use super::shape::{Atom, Shape};

impl Machine<'_> {
    /// What an import out of a package of the program gives that no file of the package declares.
    pub(super) fn undeclared(&mut self, import: &Import) -> Shape {
        let Some(dialect) = self.dialect() else { return self.absent() };
        let Some(member) = import.member.as_ref().filter(|_| self.pass > 1 && !dialect.own_types.is_empty())
        else {
            return self.absent();
        };
        match self.binding.import(dialect.language, member) {
            Some(value) => value.into_shape(),
            None => Atom::External(format!("{}.{member}", import.module).into()).into(),
        }
    }

    /// Says that something of the project is used that no file of it declares.
    pub(super) fn note_missing(&mut self, path: &str) {
        let Some(dialect) = self.dialect().filter(|dialect| !dialect.own_types.is_empty()) else { return };
        // What came out of it is the same doubt.
        if path.contains(['(', '[', '<']) {
            return;
        }
        let parts: Vec<&str> = path.split('.').collect();
        let Some(place) = parts.iter().position(|part| part.starts_with(char::is_uppercase)) else { return };
        let (package, names) = parts.split_at(place);
        let Some(name) = names.first().filter(|name| name.contains(char::is_lowercase)) else { return };
        let is_own = if package.is_empty() {
            !dialect.knows(name)
                && Dialect::find(dialect.types, name).is_none()
                && dialect.own_types.binary_search(name).is_err()
                && !self.sees_more(name)
        } else {
            self.program.named(&SmolStr::from(package.join("."))).is_some()
        };
        if self.pass > 1 && is_own {
            let message =
                format!("no file of the project declares its class `{name}`: what that does is not known");
            self.note_here(BlindKind::UnreadFile, &[], message);
        }
    }

    /// Whether the file may see a class of that name of a package outside the project.
    fn sees_more(&self, name: &str) -> bool {
        let unit = self.heap.frame(self.here.0).map(|frame| frame.unit);
        let Some(module) = unit.and_then(|unit| self.module(unit)) else { return true };
        let is_outside = |import: &Import| {
            matches!(import.member.as_deref(), Some(member) if member == "*" || member == name)
                && import.module != module.namespace
                && self.program.named(&import.module).is_none()
        };
        module.imports.iter().any(is_outside)
    }
}
