//! Conditions in expressions: decided only where the world says that what its environment decides is decided.

use crate::text::{Hole, SmolStr};

use super::binding::Arguments;
use super::machine::Machine;
use super::shape::{Atom, Shape};

impl Machine<'_> {
    /// The second argument where the first is true, the third where it is false, else both.
    pub(super) fn choose(&mut self, arguments: &Arguments) -> Shape {
        let [condition, yes, no] = arguments.positional.as_slice() else { return Shape::nothing() };
        if self.world.decides() {
            match condition.atoms() {
                [] => return self.absent(),
                [Atom::Flag(true)] => return yes.clone(),
                [Atom::Flag(false) | Atom::Nil] => return no.clone(),
                _ => {}
            }
        }
        let mut both = yes.clone();
        both.join(no);
        both
    }

    /// Whether two values are the same, where that is known.
    pub(super) fn compare(&mut self, arguments: &Arguments, same: bool) -> Shape {
        let known = match arguments.positional.as_slice() {
            [left, right] if self.world.decides() => {
                if left.is_nothing() || right.is_nothing() {
                    return self.absent();
                }
                self.known(left).zip(self.known(right)).map(|(left, right)| left == right)
            }
            _ => None,
        };
        match known {
            Some(equal) => Atom::Flag(equal == same).into(),
            None => [Atom::Flag(false), Atom::Flag(true)].into_iter().collect(),
        }
    }

    /// The one thing that a value is, in a spelling of its own; nothing in it is open. What the environment lacks is nothing.
    fn known(&self, shape: &Shape) -> Option<(u8, SmolStr)> {
        match shape.atoms() {
            [Atom::Nil] => Some((0, SmolStr::default())),
            [Atom::Flag(flag)] => Some((1, if *flag { "true" } else { "false" }.into())),
            [Atom::Number(number)] if !number.is_empty() => Some((2, number.clone())),
            [Atom::Text(text)] => match text.as_hole() {
                Some(Hole::Environment(name)) if self.world.variable(name).is_none() => {
                    Some((0, SmolStr::default()))
                }
                _ => self.expand(text).as_literal().map(|text| (3, SmolStr::from(text))),
            },
            _ => None,
        }
    }
}
