//! What the run knows of a value: a small set of possibilities.

use smallvec::SmallVec;

use crate::ir::Intrinsic;
use crate::text::{Hole, Piece, SmolStr, TemplateString};

use super::binding::SdkValue;

/// How many texts a value may be before it is only known to be text.
const MAX_TEXTS: usize = 48;
/// How many other possibilities a value may have before nothing is known of it.
const MAX_ATOMS: usize = 160;
/// How many things outside the project a value may be before it is only known to come from there. Loops that feed the
/// answers of a library back to it bring ever new paths, of which none says more than the first.
const MAX_OUTSIDE: usize = 16;

/// An object of the heap: a record, a list or an instance of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId(pub(super) u32);

impl ObjectId {
    /// Its number within the run.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// A routine with the scope that it was made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClosureId(pub(super) u32);

/// A class with the scope that it was made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub(super) u32);

/// A module of the program, or a folder that holds modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitId(pub u32);

/// Why nothing is known of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// It comes from the answer to a request.
    Response,
    /// It comes from code outside the project.
    External,
    /// The graph does not follow what makes it.
    Dynamic,
    /// A limit was reached.
    Limit,
}

/// One thing that a value may be.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Atom {
    /// Text.
    Text(TemplateString),
    /// `true` or `false`.
    Flag(bool),
    /// A number as it is spelled; empty where it is not known.
    Number(SmolStr),
    /// Nothing.
    Nil,
    /// A record, a list or an instance.
    Object(ObjectId),
    /// A routine.
    Routine(ClosureId),
    /// A routine bound to what its first parameter gets.
    Bound(ClosureId, Box<Self>),
    /// A class.
    Class(TypeId),
    /// The bases of a class, bound to an object or class.
    Super(TypeId, Box<Self>),
    /// A module or folder.
    Unit(UnitId),
    /// Something of the language's own library, with what it is a member of.
    Native(Intrinsic, Option<Box<Shape>>),
    /// Something of the SDK or of a library that calls it.
    Sdk(SdkValue),
    /// The environment.
    Environment,
    /// A part of the invocation event, by its path.
    Event(SmolStr),
    /// Something outside the project, by its dotted path.
    External(SmolStr),
    /// A member, by its name, of something of which nothing is known.
    Member(SmolStr),
    /// Nothing is known.
    Any(Why),
}

impl Atom {
    /// The record or list that a text is written out of, where it is known to be one.
    pub fn written_out(&self) -> Option<&Shape> {
        match self {
            Self::Native(Intrinsic::Printed, Some(value)) => Some(value),
            _ => None,
        }
    }
}

/// What a value may be: a sorted set of possibilities. The empty set is a value that never comes about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Shape {
    atoms: SmallVec<[Atom; 1]>,
}

impl Shape {
    /// The value that never comes about.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// A value of which nothing is known.
    pub fn any(why: Why) -> Self {
        Atom::Any(why).into()
    }

    /// Text that is known.
    pub fn text(text: &str) -> Self {
        Atom::Text(text.into()).into()
    }

    /// Text of which nothing is known but that it is text.
    pub fn some_text() -> Self {
        Atom::Text(Hole::Unknown.into()).into()
    }

    /// A number of which nothing is known.
    pub fn some_number() -> Self {
        Atom::Number(SmolStr::default()).into()
    }

    /// The possibilities.
    pub fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// Whether the value never comes about.
    pub fn is_nothing(&self) -> bool {
        self.atoms.is_empty()
    }

    /// Whether every possibility of this one is one of `other`.
    pub fn within(&self, other: &Self) -> bool {
        self.atoms.iter().all(|atom| other.has(atom))
    }

    /// Whether the value may be this.
    pub fn has(&self, atom: &Atom) -> bool {
        self.atoms.binary_search(atom).is_ok() || self.stands_for(atom)
    }

    /// Whether the value was too much to be told apart and stands for everything of this kind.
    fn stands_for(&self, atom: &Atom) -> bool {
        let all = match atom {
            Atom::Text(_) => Atom::Text(Hole::Unknown.into()),
            Atom::External(_) | Atom::Member(_) => Atom::Any(Why::External),
            _ => return false,
        };
        let there = |atom: &Atom| self.atoms.binary_search(atom).is_ok();
        there(&Atom::Any(Why::Limit)) && there(&all)
    }

    /// What all texts begin with; no longer than `known`, where that is given.
    pub(super) fn common_stem(&self, known: Option<&str>) -> SmolStr {
        let front = |atom: &Atom| match atom {
            Atom::Text(text) => Some(match text.pieces().first() {
                Some(Piece::Text(front)) => front.clone(),
                _ => SmolStr::default(),
            }),
            _ => None,
        };
        let mut fronts = self.atoms.iter().filter_map(front).chain(known.map(SmolStr::from));
        let first = fronts.next().unwrap_or_default();
        fronts.fold(first, |stem, front| {
            let same = stem.chars().zip(front.chars()).take_while(|(one, other)| one == other);
            same.map(|(letter, _)| letter).collect::<String>().into()
        })
    }

    /// The value with texts that `before` does not have cut to what all begin with.
    pub(super) fn without_growth(&self, before: &Self) -> Self {
        let grew = self.atoms.iter().any(|atom| matches!(atom, Atom::Text(_)) && !before.has(atom));
        if !grew {
            return self.clone();
        }
        let mut text = TemplateString::from(self.common_stem(None).as_str());
        text.push_hole(Hole::Unknown);
        let mut cut = self.filter(|atom| !matches!(atom, Atom::Text(_)));
        cut.add(Atom::Text(text));
        cut
    }

    /// As [`Shape::within`]; with `cut`, texts count as within where `other` has a text that is open at its end.
    pub(super) fn within_but_for_texts(&self, other: &Self, cut: bool) -> bool {
        let ends_open = |atom: &Atom| match atom {
            Atom::Text(text) => text.pieces().last() == Some(&Piece::Hole(Hole::Unknown)),
            _ => false,
        };
        let open = cut && other.atoms.iter().any(ends_open);
        self.atoms.iter().all(|atom| other.has(atom) || open && matches!(atom, Atom::Text(_)))
    }

    /// Whether another value adds anything: of what is too much to be told apart, more does not.
    pub(super) fn grows_by(&self, other: &Self) -> bool {
        let mut joined = self.clone();
        joined.join(other);
        joined != *self
    }

    /// Adds a possibility.
    pub fn add(&mut self, atom: Atom) {
        if !self.has(&atom) {
            self.insert(atom);
            self.widen();
        }
    }

    /// Adds all possibilities of another value.
    pub fn join(&mut self, other: &Self) {
        if self.atoms.is_empty() {
            self.atoms.clone_from(&other.atoms);
            return;
        }
        for atom in &other.atoms {
            if let Err(place) = self.atoms.binary_search(atom)
                && !self.stands_for(atom)
            {
                self.atoms.insert(place, atom.clone());
            }
        }
        self.widen();
    }

    /// The possibilities without those that `keep` refuses.
    #[must_use]
    pub fn filter(&self, keep: impl Fn(&Atom) -> bool) -> Self {
        Self { atoms: self.atoms.iter().filter(|atom| keep(atom)).cloned().collect() }
    }

    fn widen(&mut self) {
        if self.atoms.len() <= MAX_OUTSIDE {
            return;
        }
        let is_outside = |atom: &Atom| matches!(atom, Atom::External(_) | Atom::Member(_));
        if self.atoms.iter().filter(|atom| is_outside(atom)).count() > MAX_OUTSIDE {
            self.atoms.retain(|atom| !is_outside(atom));
            self.insert(Atom::Any(Why::External));
            self.insert(Atom::Any(Why::Limit));
        }
        if self.atoms.len() <= MAX_TEXTS {
            return;
        }
        let texts = self.atoms.iter().filter(|atom| matches!(atom, Atom::Text(_))).count();
        if texts > MAX_TEXTS {
            self.atoms.retain(|atom| !matches!(atom, Atom::Text(_)));
            self.insert(Atom::Text(Hole::Unknown.into()));
            self.insert(Atom::Any(Why::Limit));
        }
        if self.atoms.len() > MAX_ATOMS {
            self.atoms.clear();
            self.atoms.push(Atom::Any(Why::Limit));
        }
    }

    fn insert(&mut self, atom: Atom) {
        if let Err(place) = self.atoms.binary_search(&atom) {
            self.atoms.insert(place, atom);
        }
    }
}

impl From<Atom> for Shape {
    fn from(atom: Atom) -> Self {
        Self { atoms: SmallVec::from_buf([atom]) }
    }
}

impl FromIterator<Atom> for Shape {
    fn from_iter<T: IntoIterator<Item = Atom>>(atoms: T) -> Self {
        let mut shape = Self::default();
        for atom in atoms {
            shape.add(atom);
        }
        shape
    }
}

impl FromIterator<Self> for Shape {
    fn from_iter<T: IntoIterator<Item = Self>>(shapes: T) -> Self {
        let mut joined = Self::default();
        for shape in shapes {
            joined.join(&shape);
        }
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_for_every_text_does_not_grow() {
        let text = |number: usize| Shape::text(&number.to_string());
        let mut shape = Shape::nothing();
        (0..=MAX_TEXTS).for_each(|number| shape.join(&text(number)));
        let settled = shape.clone();
        shape.join(&text(MAX_TEXTS + 1));
        assert_eq!(shape, settled);
        assert!(text(1).within(&settled) && !settled.within(&text(1)));
    }
}
