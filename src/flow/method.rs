//! Methods, in languages that tell them from fields: optional values, results and what is shared or locked are looked
//! through, so that a value is the same with and without what the language wraps around it.

use crate::ir::{Dialect, Intrinsic};
use crate::text::SmolStr;

use super::binding::Arguments;
use super::heap::{Cell, ObjectKind};
use super::machine::Machine;
use super::shape::{Atom, Shape, TypeId, Why};

/// A table of the dialect.
type Table = fn(&'static Dialect) -> &'static [(&'static str, Intrinsic)];

const ANY: Table = |dialect| dialect.any;
const DATA: Table = |dialect| dialect.data;

impl Machine<'_> {
    /// A method of whatever a value may be.
    pub(super) fn method(&mut self, base: &Shape, name: &str) -> Shape {
        self.steps += base.atoms().len() as u64;
        base.atoms().iter().map(|atom| self.method_of(atom, name)).collect()
    }

    fn method_of(&mut self, atom: &Atom, name: &str) -> Shape {
        if let Some(extension) = self.extended(atom, name) {
            return extension;
        }
        let own: &[Table] = match atom {
            Atom::Object(id) => match self.heap.object(*id).map(|object| object.kind) {
                Some(ObjectKind::Instance(class)) => {
                    let member = self.member_of_class(class, name, atom);
                    if let Some(member) = member.filter(|member| !member.is_nothing()) {
                        return member;
                    }
                    &[ANY, DATA]
                }
                Some(ObjectKind::List) => &[|dialect| dialect.list, ANY, DATA],
                Some(ObjectKind::Record) => &[|dialect| dialect.record, ANY, DATA],
                _ => &[ANY, DATA],
            },
            Atom::Text(_) => &[|dialect| dialect.text, ANY, DATA],
            Atom::Sdk(value) => {
                let has = !self.binding.is_data(value) && self.binding.has(value, name);
                if has { &[ANY] } else { &[ANY, DATA] }
            }
            Atom::Event(_) => &[ANY, DATA, |dialect| dialect.text],
            // A function of the language's own library by its path.
            Atom::External(path) if self.is_function(path, name) => &[],
            Atom::Class(_) | Atom::Super(..) | Atom::Unit(_) => &[],
            Atom::Routine(_) | Atom::Bound(..) | Atom::Native(..) => &[|dialect| dialect.other, ANY, DATA],
            _ => &[ANY, DATA],
        };
        let lacks = match atom {
            Atom::Sdk(value) => !self.binding.has(value, name),
            _ => true,
        };
        if let Some(mut extension) = self.extension(atom, name) {
            // Which of two methods of one name is meant, only the declared type of the receiver says.
            if matches!(atom, Atom::Sdk(_)) && !lacks {
                extension.join(&self.member(&atom.clone().into(), name));
            }
            return extension;
        }
        let found = own.iter().find_map(|table| self.native(table, name, atom));
        found.unwrap_or_else(|| match atom {
            Atom::Nil => Shape::nothing(),
            _ => self.member(&atom.clone().into(), name),
        })
    }

    /// Gives a type a method from outside of it.
    pub(super) fn extend(&mut self, types: &Shape, name: &SmolStr, value: &Shape) {
        let classes = types.filter(|atom| matches!(atom, Atom::Class(_)));
        self.store(&classes, name, value, false);
        if classes.is_nothing() {
            let pass = self.pass;
            self.dirty |= self.extensions.entry(name.clone()).or_default().add(value, pass);
        }
    }

    /// Gives a class a base from outside of it.
    pub(super) fn implement(&mut self, types: &Shape, base: &Shape) {
        let pass = self.pass;
        for atom in types.atoms() {
            let Atom::Class(class) = atom else { continue };
            let is_above = |atom: &Atom| matches!(atom, Atom::Class(base) if self.derives(*base, *class, 0));
            let base = &base.filter(|atom| !is_above(atom));
            let Some(value) = self.heap.types.get_mut(class.0 as usize) else { continue };
            if value.bases.iter().any(|known| base.within(known.peek())) {
                continue;
            }
            let mut cell = Cell::default();
            cell.add(base, pass);
            value.bases.push(cell);
            self.dirty = true;
        }
    }

    /// A method that the program gives to values of a type that stands elsewhere.
    fn extension(&mut self, receiver: &Atom, name: &str) -> Option<Shape> {
        let pass = self.pass;
        let routines = self.extensions.get_mut(name)?.get(pass);
        let bound = |atom: &Atom| match atom {
            Atom::Routine(closure) => Atom::Bound(*closure, Box::new(receiver.clone())),
            other => other.clone(),
        };
        Some(routines.atoms().iter().map(bound).collect())
    }

    fn is_function(&self, path: &str, name: &str) -> bool {
        let functions = self.dialect().map_or(&[][..], |dialect| dialect.functions);
        Dialect::find(functions, &format!("{path}.{name}")).is_some()
    }

    /// The result of an intrinsic of any value.
    pub(super) fn intrinsic_on_any(
        &mut self,
        which: Intrinsic,
        value: &Shape,
        arguments: &Arguments,
    ) -> Shape {
        use Intrinsic as I;
        let given = |place: usize| arguments.positional.get(place).cloned().unwrap_or_default();
        match which {
            I::Iterate => {
                let elements = self.each_of(value);
                self.iterator(330, &elements)
            }
            I::Chunks => {
                let elements = self.each_of(value);
                let chunk = self.new_list(331, &elements);
                self.iterator(332, &chunk)
            }
            I::Collect => self.collect(value),
            I::Single => {
                // A part of the event that has a first element is a list.
                let is_list = |atom: &Atom| self.is_list(atom) || matches!(atom, Atom::Event(_));
                let mut found = value.filter(|atom| !is_list(atom));
                let lists = value.filter(is_list);
                found.join(&self.element(&lists));
                found
            }
            I::Or => self.either(value, &given(0)),
            I::OrElse => {
                let other = self.call(&given(0), &unknown());
                self.either(value, &other)
            }
            I::Failing => {
                self.call(&given(0), &unknown());
                value.clone()
            }
            I::Apply | I::ApplyFlat | I::ApplyOr | I::Visit => self.apply(which, value, arguments),
            I::FoldFrom => {
                let element = self.each_of(value);
                self.fold(&given(1), given(0), &[element])
            }
            I::Chained => {
                let mut elements = self.each_of(value);
                elements.join(&self.each_of(&given(0)));
                self.iterator(333, &elements)
            }
            I::Pair => {
                let fields = vec![("0".into(), self.each_of(value)), ("1".into(), self.each_of(&given(0)))];
                let pair = self.new_object(334, ObjectKind::List, fields);
                self.iterator(335, &pair)
            }
            I::Find => {
                let found = self.each_of(value);
                self.call(&given(0), &Arguments { positional: vec![found.clone()], ..Arguments::default() });
                found
            }
            I::Never => Shape::nothing(),
            I::EmptyText => Shape::text(""),
            I::Narrow => self.narrow(value, &given(1)),
            I::Payload => {
                let one = |machine: &mut Self, atom: &Atom| machine.payload(atom);
                value.atoms().iter().map(|atom| one(self, atom)).collect()
            }
            I::Once => self.once(value, &given(0)),
            _ => self.with_block(which, value, arguments),
        }
    }

    fn apply(&mut self, which: Intrinsic, value: &Shape, arguments: &Arguments) -> Shape {
        let Some((callee, others)) = arguments.positional.split_last() else { return value.clone() };
        let is_iterator = |atom: &Atom| match atom {
            Atom::Object(id) => {
                self.heap.object(*id).is_some_and(|object| object.kind == ObjectKind::Generator)
            }
            _ => false,
        };
        let iterators = value.filter(is_iterator);
        let single = value.filter(|atom| !is_iterator(atom) && !matches!(atom, Atom::Nil));
        let mut result = value.filter(|atom| matches!(atom, Atom::Nil));
        if !single.is_nothing() {
            let handed = Arguments { positional: vec![single], ..Arguments::default() };
            result.join(&self.call(callee, &handed));
        }
        if !iterators.is_nothing() {
            let element = self.element(&iterators);
            let handed = Arguments { positional: vec![element], ..Arguments::default() };
            let mut each = self.call(callee, &handed);
            if which == Intrinsic::ApplyFlat {
                each = self.each_of(&each);
            }
            result.join(&self.iterator(336, &each));
        }
        match (which, others.first()) {
            (Intrinsic::Visit, _) => value.clone(),
            (Intrinsic::ApplyOr, Some(default)) => {
                let is_routine = |atom: &Atom| matches!(atom, Atom::Routine(_) | Atom::Bound(..));
                let called = self.call(&default.filter(is_routine), &unknown());
                result.join(&called);
                result.join(&default.filter(|atom| !is_routine(atom)));
                result.filter(|atom| !matches!(atom, Atom::Nil))
            }
            _ => result,
        }
    }

    /// An iterator made at the current place.
    fn iterator(&mut self, slot: u16, elements: &Shape) -> Shape {
        let (frame, node) = self.here;
        let id = self.heap.object_at(frame, node, slot, ObjectKind::Generator);
        self.put_element(id, elements);
        Atom::Object(id).into()
    }

    fn is_list(&self, atom: &Atom) -> bool {
        let Atom::Object(id) = atom else { return false };
        let kind = self.heap.object(*id).map(|object| object.kind);
        matches!(kind, Some(ObjectKind::List | ObjectKind::Generator))
    }

    /// What an iteration gives: elements, the pairs of a record, any other value alone.
    pub(super) fn each_of(&mut self, value: &Shape) -> Shape {
        let mut found = Shape::nothing();
        for atom in value.atoms() {
            let one = Shape::from(atom.clone());
            let kind = match atom {
                Atom::Object(id) => self.heap.object(*id).map(|object| object.kind),
                _ => None,
            };
            let elements = match (atom, kind) {
                (_, Some(ObjectKind::Record | ObjectKind::Map)) if !self.records_are_lists() => {
                    let pairs = self.pairs(&one);
                    self.element(&pairs)
                }
                (Atom::Event(_) | Atom::External(_) | Atom::Sdk(_) | Atom::Environment, _)
                | (
                    _,
                    Some(ObjectKind::List | ObjectKind::Generator | ObjectKind::Record | ObjectKind::Map),
                ) => self.element(&one),
                (Atom::Nil, _) => Shape::nothing(),
                _ => one,
            };
            found.join(&elements);
        }
        found
    }

    fn collect(&mut self, value: &Shape) -> Shape {
        let is_iterator = |atom: &Atom| self.is_list(atom);
        let mut found = value.filter(|atom| !is_iterator(atom));
        let iterators = value.filter(is_iterator);
        if !iterators.is_nothing() {
            let elements = self.element(&iterators);
            found.join(&self.new_list(337, &elements));
        }
        found
    }

    /// The objects of a class among what a value may be, and what is no object.
    fn narrow(&self, value: &Shape, classes: &Shape) -> Shape {
        let wanted: Vec<TypeId> = classes
            .atoms()
            .iter()
            .filter_map(|atom| match atom {
                Atom::Class(class) => Some(*class),
                _ => None,
            })
            .collect();
        let fits = |atom: &Atom| match atom {
            Atom::Object(id) => match self.heap.object(*id).map(|object| object.kind) {
                Some(ObjectKind::Instance(class)) => {
                    wanted.iter().any(|wanted| self.derives(class, *wanted, 0))
                }
                _ => true,
            },
            _ => true,
        };
        if wanted.is_empty() { value.clone() } else { value.filter(fits) }
    }

    fn payload(&mut self, atom: &Atom) -> Shape {
        let Atom::Object(id) = atom else { return atom.clone().into() };
        let is_instance =
            self.heap.object(*id).is_some_and(|object| matches!(object.kind, ObjectKind::Instance(_)));
        let field = if is_instance { self.field(*id, "0") } else { Shape::nothing() };
        if field.is_nothing() { atom.clone().into() } else { field }
    }

    /// What a place that is filled once holds.
    fn once(&mut self, cells: &Shape, fill: &Shape) -> Shape {
        let made = self.call(fill, &Arguments::default());
        for atom in cells.atoms() {
            if let Atom::Object(id) = atom {
                self.put_element(*id, &made);
            }
        }
        let lists = cells.filter(|atom| self.is_list(atom));
        let mut found = self.element(&lists);
        found.join(&made);
        found
    }
}

/// Arguments of which nothing is known.
fn unknown() -> Arguments {
    Arguments { rest: Some(Shape::any(Why::External)), open: true, ..Arguments::default() }
}
