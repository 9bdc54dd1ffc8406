//! Which names a place sees: locals of the routines around it, members of the types around it.

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node as Tree;

use crate::text::SmolStr;

/// The scopes around a place, innermost last.
#[derive(Default)]
pub(super) struct Scopes<'s> {
    scopes: Vec<Scope<'s>>,
}

enum Scope<'s> {
    Routine(FxHashSet<SmolStr>),
    Type(Members<'s>),
}

/// What a type declares in this file.
#[derive(Default)]
pub(super) struct Members<'s> {
    pub(super) name: SmolStr,
    /// Fields, properties, events and methods of an object, and the type's parameters.
    pub(super) instance: FxHashSet<SmolStr>,
    /// What is `static` or constant.
    pub(super) fixed: FxHashSet<SmolStr>,
    pub(super) types: FxHashSet<SmolStr>,
    pub(super) methods: FxHashSet<SmolStr>,
    /// The declared types of fields and properties.
    pub(super) declared: FxHashMap<SmolStr, Tree<'s>>,
    pub(super) parameters: Vec<SmolStr>,
}

/// What a name means.
pub(super) enum Meaning {
    /// A variable of a routine.
    Local,
    /// A member of the object.
    Instance,
    /// A member of the type around, by its place among the types around.
    Fixed(usize),
    /// None of these.
    Other,
}

impl<'s> Scopes<'s> {
    pub(super) fn enter_routine(&mut self, names: impl IntoIterator<Item = SmolStr>) {
        self.scopes.push(Scope::Routine(names.into_iter().collect()));
    }

    pub(super) fn enter_type(&mut self, members: Members<'s>) {
        self.scopes.push(Scope::Type(members));
    }

    pub(super) fn leave(&mut self) {
        self.scopes.pop();
    }

    /// Whether the innermost scope is the body of a type.
    pub(super) fn in_body(&self) -> bool {
        matches!(self.scopes.last(), Some(Scope::Type(_)))
    }

    /// Whether a routine around has a variable of that name.
    pub(super) fn is_local(&self, name: &str) -> bool {
        let routines = self.scopes.iter().rev().map_while(|scope| match scope {
            Scope::Routine(names) => Some(names),
            Scope::Type(_) => None,
        });
        routines.into_iter().any(|names| names.contains(name))
    }

    pub(super) fn meaning(&self, name: &str) -> Meaning {
        let mut innermost = true;
        for (place, scope) in self.scopes.iter().enumerate().rev() {
            match scope {
                Scope::Routine(names) if innermost && names.contains(name) => return Meaning::Local,
                Scope::Routine(_) => {}
                Scope::Type(members) => {
                    if innermost && members.instance.contains(name) {
                        return Meaning::Instance;
                    }
                    if members.fixed.contains(name) || members.types.contains(name) {
                        return Meaning::Fixed(place);
                    }
                    innermost = false;
                }
            }
        }
        Meaning::Other
    }

    /// The type around that has a type of that name inside.
    pub(super) fn type_around(&self, name: &str) -> Option<usize> {
        self.scopes
            .iter()
            .rposition(|scope| matches!(scope, Scope::Type(members) if members.types.contains(name)))
    }

    /// The names of the types around, from the outermost to the one at a place.
    pub(super) fn path_to(&self, place: usize) -> Vec<SmolStr> {
        let scopes = self.scopes.get(..=place).unwrap_or_default();
        let name = |scope: &Scope<'_>| match scope {
            Scope::Type(members) => Some(members.name.clone()),
            Scope::Routine(_) => None,
        };
        scopes.iter().filter_map(name).collect()
    }

    /// The innermost type around.
    pub(super) fn members(&self) -> Option<&Members<'s>> {
        self.scopes.iter().rev().find_map(|scope| match scope {
            Scope::Type(members) => Some(members),
            Scope::Routine(_) => None,
        })
    }

    /// The place of the innermost type around.
    pub(super) fn innermost_type(&self) -> Option<usize> {
        self.scopes.iter().rposition(|scope| matches!(scope, Scope::Type(_)))
    }

    /// Whether a type around has a type parameter of that name, or a routine around has one.
    pub(super) fn is_type_parameter(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| match scope {
            Scope::Type(members) => members.parameters.iter().any(|parameter| parameter == name),
            Scope::Routine(names) => names.contains(name),
        })
    }
}
