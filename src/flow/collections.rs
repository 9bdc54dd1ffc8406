//! Intrinsics of languages in which what may be there, or will be there, is a list of what it holds, and in which maps are
//! gone through by pairs.

use crate::ir::Intrinsic;
use crate::text::SmolStr;

use super::binding::Arguments;
use super::heap::ObjectKind;
use super::machine::Machine;
use super::shape::{Atom, Shape, Why};

impl Machine<'_> {
    /// The result of an intrinsic over what a value holds.
    pub(super) fn held(
        &mut self,
        which: Intrinsic,
        first: &Shape,
        is_member: bool,
        arguments: &Arguments,
    ) -> Shape {
        use Intrinsic as I;
        let callee = arguments.positional.first().cloned().unwrap_or_default();
        match which {
            I::InvokeLater => {
                let result = self.invoke_first(arguments);
                self.new_list(330, &result)
            }
            I::FlatMapEach => {
                let element = self.element(first);
                let results = self.call(&callee, &Arguments::of([element]));
                let elements = self.element(&results);
                self.new_list(331, &elements)
            }
            I::VisitPairs => {
                self.visit_pairs(first, &callee);
                Shape::any(Why::Dynamic)
            }
            I::ElementOr => {
                let mut element = self.element(first);
                if is_member {
                    let routines = callee.filter(is_callable);
                    element.join(&callee.filter(|atom| !is_callable(atom)));
                    if !routines.is_nothing() {
                        element.join(&self.call(&routines, &Arguments::default()));
                    }
                }
                element
            }
            _ => self.compute(first, arguments),
        }
    }

    fn visit_pairs(&mut self, of: &Shape, callee: &Shape) {
        for atom in of.atoms() {
            let handed = match atom {
                Atom::Object(id) if self.is_record(*id) => [self.keys_of(*id), self.elements_of(*id)],
                other => {
                    let element = self.element(&other.clone().into());
                    [element.clone(), element]
                }
            };
            self.call(callee, &Arguments::of(handed));
        }
    }

    fn compute(&mut self, record: &Shape, arguments: &Arguments) -> Shape {
        let [key, callee, ..] = arguments.positional.as_slice() else { return Shape::any(Why::Dynamic) };
        let made = self.call(callee, &Arguments::of([key.clone()]));
        let mut found = made.clone();
        for atom in record.atoms() {
            if let Atom::Object(id) = atom {
                self.put_keyed(*id, key, &made, false);
                found.join(&self.index(&atom.clone().into(), key));
            }
        }
        found
    }

    /// The result of an intrinsic that makes pairs or takes them apart.
    pub(super) fn pair(&mut self, which: Intrinsic, first: &Shape, arguments: &Arguments) -> Shape {
        match which {
            Intrinsic::MakePair => {
                let places = ["0", "1"].into_iter().map(SmolStr::from);
                let fields = places.zip(arguments.positional.iter().cloned()).collect();
                self.new_object(332, ObjectKind::List, fields)
            }
            Intrinsic::MakeAlternately => self.make_alternately(arguments),
            Intrinsic::PairKey => self.index(first, &Atom::Number("0".into()).into()),
            _ => self.index(first, &Atom::Number("1".into()).into()),
        }
    }

    fn make_alternately(&mut self, arguments: &Arguments) -> Shape {
        let (frame, node) = self.here;
        let id = self.heap.object_at(frame, node, 333, ObjectKind::Record);
        let is_pair = |atom: &Atom| match atom {
            Atom::Object(id) => self.heap.object(*id).is_some_and(|object| object.kind == ObjectKind::List),
            _ => false,
        };
        let pairs = arguments.positional.iter().all(|argument| argument.atoms().iter().all(is_pair));
        if pairs {
            for pair in &arguments.positional {
                let key = self.pair(Intrinsic::PairKey, pair, arguments);
                let value = self.pair(Intrinsic::PairValue, pair, arguments);
                self.put_keyed(id, &key, &value, true);
            }
        } else {
            for pair in arguments.positional.chunks(2) {
                if let [key, value] = pair {
                    self.put_keyed(id, key, value, true);
                }
            }
        }
        Atom::Object(id).into()
    }
}

fn is_callable(atom: &Atom) -> bool {
    matches!(atom, Atom::Routine(_) | Atom::Bound(..))
}
