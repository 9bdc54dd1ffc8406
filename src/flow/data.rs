//! What a module exports, as a document: programs that state data and send nothing.

use indexmap::IndexMap;

use crate::text::tree::{Entry, Node, Value};
use crate::text::{Site, SmolStr, Span, TemplateString};

use super::binding::{Arguments, Binding, World};
use super::heap::ObjectKind;
use super::machine::{Machine, START};
use super::program::Program;
use super::shape::{Atom, ObjectId, Shape, UnitId};

/// How deep a document nests.
const MAX_DEPTH: u32 = 32;
/// How many parts a document has.
const MAX_PARTS: u32 = 200_000;

/// What a module exports: under the first of these names that it has, else as a whole. A routine stands for what it
/// returns. `place` gives the bytes in which what is made at a site is to stand. `None` where nothing is known of it.
pub fn exported(
    program: &Program,
    binding: &dyn Binding,
    world: &dyn World,
    unit: UnitId,
    names: &[&str],
    place: &dyn Fn(Site) -> Span,
) -> Option<Node> {
    let mut machine = Machine::new(program, binding, world);
    let mut found = Shape::nothing();
    machine.settle(|machine| {
        machine.load(unit);
        machine.here = START;
        let whole = machine.module_value(unit);
        let named = names.iter().find_map(|name| {
            machine.export(unit, name).filter(|value| value.atoms().iter().any(says_something))
        });
        let value = named.or(whole).unwrap_or_default();
        let is_routine = |atom: &Atom| !matches!(atom, Atom::Object(_) | Atom::Text(_) | Atom::Nil);
        let all = !value.is_nothing() && value.atoms().iter().all(is_routine);
        found = if all { machine.call(&value, &Arguments::default()) } else { value };
    });
    let mut reader = Reader { machine: &machine, place, left: MAX_PARTS };
    let node = reader.node(&found, Span::default(), 0);
    (node.as_map().is_some_and(|map| !map.is_empty())).then_some(node)
}

fn says_something(atom: &Atom) -> bool {
    !matches!(atom, Atom::Nil | Atom::Any(_))
}

struct Reader<'a, 'm> {
    machine: &'a Machine<'m>,
    place: &'a dyn Fn(Site) -> Span,
    left: u32,
}

impl Reader<'_, '_> {
    /// A value as a part of a document. Of several the first that says something, written out before open.
    fn node(&mut self, shape: &Shape, at: Span, depth: u32) -> Node {
        let Some(left) = self.left.checked_sub(1).filter(|_| depth < MAX_DEPTH) else {
            return open(at);
        };
        self.left = left;
        let atoms = shape.atoms();
        let known = |atom: &&Atom| match atom {
            Atom::Text(text) => text.as_literal().is_some(),
            Atom::Object(_) | Atom::Flag(_) => true,
            Atom::Number(number) => !number.is_empty(),
            _ => false,
        };
        let best = atoms.iter().find(known).or_else(|| atoms.iter().find(|atom| says_something(atom)));
        let value = match best.or(atoms.first()) {
            None | Some(Atom::Nil) => Value::Null,
            Some(Atom::Text(text)) => Value::Text(text.clone()),
            Some(Atom::Flag(flag)) => Value::Flag(*flag),
            Some(Atom::Number(number)) if !number.is_empty() => Value::Number(number.clone()),
            Some(Atom::Object(id)) => return self.object(*id, at, depth),
            Some(_) => return open(at),
        };
        Node::new(at, value)
    }

    fn object(&mut self, id: ObjectId, at: Span, depth: u32) -> Node {
        let machine = self.machine;
        let Some(object) = machine.heap.object(id) else { return open(at) };
        let here = machine.site_of(object.made).map_or(at, |site| (self.place)(site));
        let here = if here == Span::default() { at } else { here };
        if object.kind == ObjectKind::List {
            let mut items = vec![];
            let fields = object.fields.values().map(|field| field.cell.peek());
            for shape in fields.chain([object.elements.peek()]).filter(|shape| !shape.is_nothing()) {
                items.push(self.node(shape, here, depth + 1));
            }
            return Node::new(here, Value::List(items));
        }
        let mut map: IndexMap<SmolStr, Entry> = IndexMap::new();
        for (name, field) in &object.fields {
            let value = field.cell.peek();
            if !value.is_nothing() && !name.starts_with('<') {
                let node = self.node(value, here, depth + 1);
                map.insert(name.clone(), Entry { key: node.span, node });
            }
        }
        Node::new(here, Value::Map(map))
    }
}

fn open(at: Span) -> Node {
    Node::new(at, Value::Text(TemplateString::hole(crate::text::Hole::Unknown)))
}
