//! Languages whose calls hand over a block beside the arguments: who takes it, and what the language's own library calls
//! with elements.

use crate::ir::{BLOCK, Intrinsic, ParamKind, Routine};
use crate::text::SmolStr;

use super::binding::Arguments;
use super::heap::{ObjectKind, number};
use super::machine::Machine;
use super::shape::{Atom, Shape, Why};

impl Machine<'_> {
    /// The arguments as something takes them that is no routine of the project; `None` where they are so already.
    pub(super) fn without_block(&mut self, callee: &Atom, arguments: &Arguments) -> Option<Arguments> {
        let mut handed = arguments.with_block_last()?;
        // What such a block gives stands for what is not there.
        let gives_default = matches!(
            callee,
            Atom::Native(Intrinsic::Get | Intrinsic::SetDefault | Intrinsic::EnvironmentGet, _)
        );
        if gives_default && let Some(block) = handed.positional.pop() {
            let key = handed.positional.first().cloned();
            let default = self.call(&block, &Arguments::of(key));
            handed.positional.push(default);
        }
        Some(handed)
    }

    /// The parts of a list that is handed alone to a routine which takes it apart.
    pub(super) fn unpacked(&mut self, routine: &Routine, arguments: &Arguments) -> Option<Vec<Shape>> {
        let plain = routine.params.iter().filter(|param| param.kind == ParamKind::Plain).count();
        let [only] = arguments.positional.as_slice() else { return None };
        if !routine.unpacks || plain < 2 {
            return None;
        }
        let part = |place| Atom::Number(SmolStr::from(number(place).to_string())).into();
        Some((0..plain).map(|place| self.index(only, &part(place))).collect())
    }

    /// Arguments by name as one record, for a routine that takes none by name.
    pub(super) fn named_as_record(&mut self, routine: &Routine, arguments: &Arguments) -> Option<Arguments> {
        let is_wanted = self.dialect().is_some_and(|dialect| dialect.named_make_a_record);
        let named = || arguments.named.iter().filter(|(name, _, _)| name != BLOCK);
        if !is_wanted || named().next().is_none() && !arguments.open {
            return None;
        }
        let takes_names = routine.params.iter().any(|param| match param.kind {
            ParamKind::Named => param.name != BLOCK,
            ParamKind::NamedRest => true,
            ParamKind::Plain | ParamKind::Rest => named().any(|(name, _, _)| *name == param.name),
        });
        if takes_names {
            return None;
        }
        let record = self.rest_record(80, &[BLOCK.into()], arguments);
        let mut handed = Arguments { positional: arguments.positional.clone(), ..Arguments::default() };
        handed.positional.push(record);
        handed.named = arguments.named.iter().filter(|(name, _, _)| name == BLOCK).cloned().collect();
        handed.rest.clone_from(&arguments.rest);
        Some(handed)
    }

    /// The result of an intrinsic of languages with blocks.
    pub(super) fn with_block(&mut self, which: Intrinsic, of: &Shape, arguments: &Arguments) -> Shape {
        use Intrinsic as I;
        match which {
            I::VisitElements
            | I::MapElements
            | I::FlatMapElements
            | I::FindElement
            | I::FoldElements
            | I::FoldInto
            | I::MapNumbered
            | I::MapChunks
            | I::GroupElements
            | I::ToRecord => self.over_each(which, of, arguments),
            I::Repeat => {
                self.call(of, &Arguments::default());
                Shape::any(Why::Dynamic)
            }
            _ => of.clone(),
        }
    }

    /// The result of an intrinsic that calls its last argument with elements.
    fn over_each(&mut self, which: Intrinsic, of: &Shape, arguments: &Arguments) -> Shape {
        use Intrinsic as I;
        let is_callable = |shape: &&Shape| {
            shape.atoms().iter().any(|atom| {
                matches!(atom, Atom::Routine(_) | Atom::Bound(..) | Atom::Native(..) | Atom::Sdk(_))
            })
        };
        let callee = arguments.positional.last().filter(is_callable).cloned();
        let element = self.each_of(of);
        match which {
            I::MapChunks => {
                let chunk = self.new_list(340, &element);
                let results = self.called(callee.as_ref(), [chunk.clone()]);
                self.new_list(341, &results.unwrap_or(chunk))
            }
            I::MapNumbered => {
                let numbers = Shape::some_number();
                let results = self.called(callee.as_ref(), [element.clone(), numbers.clone()]);
                let results = results.unwrap_or_else(|| {
                    self.new_object(342, ObjectKind::List, vec![("0".into(), element), ("1".into(), numbers)])
                });
                self.new_list(343, &results)
            }
            I::FoldElements => {
                let before = arguments.positional.iter().rev().nth(1).cloned();
                match callee {
                    Some(callee) => self.fold(&callee, before.unwrap_or_else(|| element.clone()), &[element]),
                    None => Shape::any(Why::Dynamic),
                }
            }
            I::FoldInto => {
                let into = arguments.positional.first().cloned().unwrap_or_default();
                self.called(callee.as_ref(), [element, into.clone()]);
                into
            }
            _ => {
                let results = self.called(callee.as_ref(), [element.clone()]);
                self.of_results(which, of, element, results)
            }
        }
    }

    /// What comes of the results of a routine that was called with each element, where there is one.
    fn of_results(&mut self, which: Intrinsic, of: &Shape, element: Shape, results: Option<Shape>) -> Shape {
        use Intrinsic as I;
        match which {
            I::VisitElements => of.clone(),
            I::MapElements => self.new_list(344, &results.unwrap_or(element)),
            I::FlatMapElements => {
                let elements = self.each_of(&results.unwrap_or(element));
                self.new_list(345, &elements)
            }
            I::GroupElements => {
                let group = self.new_list(346, &element);
                let (frame, node) = self.here;
                let id = self.heap.object_at(frame, node, 347, ObjectKind::Record);
                self.put_element(id, &group);
                Atom::Object(id).into()
            }
            I::ToRecord => {
                let records = of.filter(|atom| match atom {
                    Atom::Object(id) => {
                        self.heap.object(*id).is_some_and(|object| object.kind == ObjectKind::Record)
                    }
                    Atom::Event(_) | Atom::Sdk(_) | Atom::Environment => true,
                    _ => false,
                });
                if results.is_none() && !records.is_nothing() {
                    return records;
                }
                let pairs = self.new_list(348, &results.unwrap_or(element));
                self.intrinsic(I::MakeMap, Some(&pairs), &Arguments::default())
            }
            _ => element,
        }
    }

    fn called<const N: usize>(&mut self, callee: Option<&Shape>, handed: [Shape; N]) -> Option<Shape> {
        callee.map(|callee| self.call(callee, &Arguments::of(handed)))
    }
}
