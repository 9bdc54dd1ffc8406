//! Making objects and putting things into them.

use indexmap::IndexMap;

use crate::ir::NodeId;
use crate::text::SmolStr;

use super::heap::{FieldCell, FrameId, FrameKey, ObjectKind};
use super::machine::Machine;
use super::shape::{Atom, ObjectId, Shape, UnitId, Why};

/// How many fields an object has before their names are no longer told apart.
const MAX_FIELDS: usize = 2000;

impl Machine<'_> {
    /// An object made at the current place with the given fields, each there on every path.
    pub(super) fn new_object(&mut self, slot: u16, kind: ObjectKind, fields: Vec<(SmolStr, Shape)>) -> Shape {
        let (frame, node) = self.here;
        let id = self.heap.object_at(frame, node, slot, kind);
        for (name, value) in fields {
            self.put(id, &name, &value, true);
        }
        Atom::Object(id).into()
    }

    /// A list made at the current place, of which only what its elements may be is known.
    pub(super) fn new_list(&mut self, slot: u16, elements: &Shape) -> Shape {
        let (frame, node) = self.here;
        let id = self.heap.object_at(frame, node, slot, ObjectKind::List);
        self.put_element(id, elements);
        Atom::Object(id).into()
    }

    /// What a call of a generator gives.
    pub(super) fn generator(&mut self, frame: FrameId, yields: &Shape) -> Shape {
        let id = self.heap.object_at(frame, NodeId(0), u16::MAX, ObjectKind::Generator);
        self.put_element(id, yields);
        Atom::Object(id).into()
    }

    /// Puts a value under a name.
    pub(super) fn put(&mut self, id: ObjectId, name: &str, value: &Shape, always: bool) {
        let pass = self.pass;
        let Some(object) = self.heap.object_mut(id) else { return };
        if object.fields.len() >= MAX_FIELDS && !object.fields.contains_key(name) {
            self.put_element(id, value);
            return;
        }
        let field = object.fields.entry(name.into()).or_insert_with(FieldCell::default);
        field.always |= always;
        self.dirty |= field.cell.add(value, pass);
    }

    /// Puts a value under a key that is not known.
    pub(super) fn put_element(&mut self, id: ObjectId, value: &Shape) {
        let pass = self.pass;
        if let Some(object) = self.heap.object_mut(id) {
            self.dirty |= object.elements.add(value, pass);
        }
    }

    /// Puts a value under whatever texts or numbers the key may be.
    pub(super) fn put_keyed(&mut self, id: ObjectId, key: &Shape, value: &Shape, always: bool) {
        let single = key.atoms().len() == 1;
        for atom in key.atoms() {
            match literal_key(atom) {
                Some(name) => self.put(id, &name, value, always && single),
                None => {
                    let pass = self.pass;
                    if let Some(object) = self.heap.object_mut(id) {
                        self.dirty |= object.keys.add(&atom.clone().into(), pass);
                    }
                    self.put_element(id, value);
                }
            }
        }
    }

    /// Takes the fields of another record into a record.
    pub(super) fn merge(&mut self, into: ObjectId, from: &Shape, always: bool) {
        let single = from.atoms().len() == 1;
        for atom in from.atoms() {
            let Atom::Object(other) = atom else {
                self.merge_other(into, atom);
                continue;
            };
            if *other == into {
                continue;
            }
            for (name, value, there) in self.contents(*other).0 {
                self.put(into, &name, &value, always && there && single);
            }
            self.merge_others(into, *other);
        }
    }

    /// Puts values under keys and takes over what is in records, of which what comes later takes the place of what was there.
    pub(super) fn put_in_order(&mut self, id: ObjectId, parts: &[(Option<Shape>, Shape)]) {
        let mut known: IndexMap<SmolStr, (Shape, bool)> = IndexMap::default();
        for (key, value) in parts {
            match key.as_ref().map(|key| (key, key.atoms())) {
                Some((_, [atom])) if literal_key(atom).is_some() => {
                    let name = literal_key(atom).unwrap_or_default();
                    known.insert(name, (value.clone(), true));
                }
                Some((key, _)) => self.put_keyed(id, key, value, true),
                None => self.take_over(id, value, &mut known),
            }
        }
        for (name, (value, always)) in known {
            self.put(id, &name, &value, always);
        }
    }

    fn take_over(&mut self, id: ObjectId, from: &Shape, known: &mut IndexMap<SmolStr, (Shape, bool)>) {
        let [Atom::Object(other)] = from.atoms() else {
            self.merge(id, from, true);
            // What was there may still be there.
            return;
        };
        if *other == id {
            return;
        }
        let (fields, _, _) = self.contents(*other);
        for (name, value, always) in fields.into_iter().filter(|(_, value, _)| !value.is_nothing()) {
            match known.get_mut(&name) {
                Some((before, there)) if !always => {
                    before.join(&value);
                    *there |= always;
                }
                _ => {
                    known.insert(name, (value, always));
                }
            }
        }
        self.merge_others(id, *other);
    }

    /// Takes over what a record has beside fields.
    fn merge_others(&mut self, into: ObjectId, from: ObjectId) {
        let (_, elements, open) = self.contents(from);
        if !elements.is_nothing() {
            self.put_element(into, &elements);
        }
        let pass = self.pass;
        let rest = self.heap.object_mut(from).map(|object| object.rest.get(pass)).unwrap_or_default();
        if let Some(object) = self.heap.object_mut(into) {
            object.open |= open;
            self.dirty |= object.rest.add(&rest, pass);
        }
    }

    /// Takes the members of what is no record into one.
    fn merge_other(&mut self, into: ObjectId, other: &Atom) {
        let is_data = matches!(other, Atom::Sdk(value) if self.binding.is_data(value));
        let unknown = matches!(other, Atom::Any(_) | Atom::Event(_) | Atom::External(_) | Atom::Member(_));
        let has_members = matches!(other, Atom::Sdk(_) | Atom::Unit(_) | Atom::Class(_));
        let pass = self.pass;
        let are_fields = self.fields_are_members();
        if let Some(object) = self.heap.object_mut(into) {
            object.open |= unknown || (is_data && are_fields);
            if has_members && are_fields {
                self.dirty |= object.rest.add(&other.clone().into(), pass);
            }
        }
    }

    /// The fields of an object with whether each is always there, what stands under unknown keys, and whether there
    /// may be more.
    pub(super) fn contents(&mut self, id: ObjectId) -> (Vec<(SmolStr, Shape, bool)>, Shape, bool) {
        let pass = self.pass;
        let Some(object) = self.heap.object_mut(id) else { return (vec![], Shape::nothing(), false) };
        self.steps += object.fields.len() as u64;
        let fields = object
            .fields
            .iter_mut()
            .map(|(name, field)| (name.clone(), field.cell.get(pass), field.always))
            .collect();
        (fields, object.elements.get(pass), object.open)
    }

    /// A store to a member.
    pub(super) fn store(&mut self, base: &Shape, field: &str, value: &Shape, definite: bool) {
        for atom in base.atoms() {
            match atom {
                Atom::Object(id) => {
                    let class = match self.heap.object(*id).map(|object| object.kind) {
                        Some(ObjectKind::Instance(class)) => Some(class),
                        _ => None,
                    };
                    if !class.is_some_and(|class| self.set_member(atom, class, field, value)) {
                        self.put(*id, field, value, definite);
                    }
                }
                Atom::Class(class) => {
                    if self.set_member(atom, *class, field, value) {
                        continue;
                    }
                    let Some(body) = self.heap.type_value(*class).map(|class| class.body) else { continue };
                    if !self.put_variable(body, field, value) {
                        self.add_member(*class, field, value);
                    }
                }
                Atom::Unit(unit) => {
                    let program = self.program;
                    let parts = program.declaring(*unit, field);
                    for part in parts.iter().chain(std::iter::once(unit).filter(|_| parts.is_empty())) {
                        if let Some(body) = self.load(*part) {
                            self.put_variable(body, field, value);
                        }
                    }
                }
                Atom::Routine(closure) | Atom::Bound(closure, _) if self.fields_are_members() => {
                    let id = self.properties_of(*closure);
                    self.put(id, field, value, definite);
                }
                // Handing a routine or a client to something outside: it may be called or used there.
                Atom::External(_) => self.escape_routines(value),
                Atom::Sdk(token) => {
                    self.escape_routines(value);
                    let (binding, token) = (self.binding, token.clone());
                    binding.store(&token, field, value, definite, self);
                }
                _ => {}
            }
        }
    }

    /// A store to an element.
    pub(super) fn store_index(&mut self, base: &Shape, index: &Shape, value: &Shape, definite: bool) {
        for atom in base.atoms() {
            if let Atom::Object(id) = atom {
                self.put_keyed(*id, index, value, definite);
            }
        }
    }

    /// Writes a variable of a module's or class's body; `false` where it has none of that name.
    fn put_variable(&mut self, body: FrameId, name: &str, value: &Shape) -> bool {
        let pass = self.pass;
        let Some(frame) = self.heap.frame(body) else { return false };
        let Some(routine) = self.module(frame.unit).and_then(|module| module.routine(frame.routine)) else {
            return false;
        };
        let place = routine.variables.iter().position(|variable| variable.name == name);
        if let Some(place) = place
            && let Some(cell) = self.heap.frame_mut(body).and_then(|frame| frame.cells.get_mut(place))
        {
            self.dirty |= cell.add(value, pass);
        }
        place.is_some()
    }

    /// The frame of a class's body, made once for each scope that the class stands in.
    pub(super) fn body_frame(
        &mut self,
        unit: UnitId,
        routine: crate::ir::RoutineId,
        parent: FrameId,
    ) -> FrameId {
        let key = FrameKey { unit, routine, parent: Some(parent), arguments: Some(vec![]) };
        match self.heap.frame_ids.get(&key) {
            Some(frame) => *frame,
            None => self.new_frame(key, vec![]),
        }
    }

    /// Whether objects of a declared type send requests.
    fn is_sender(&mut self, declared: &Shape) -> bool {
        let binding = self.binding;
        let sends = |atom: &Atom| matches!(atom, Atom::Sdk(value) if binding.reach(value).is_some());
        declared.atoms().iter().any(|atom| match atom {
            Atom::Sdk(token) => sends(atom) || binding.instance(token, self).atoms().iter().any(sends),
            _ => false,
        })
    }

    /// A value with what its declared type adds where nothing is known of it.
    pub(super) fn cast(&mut self, value: &Shape, declared: &Shape) -> Shape {
        if let Some(read) = self.read_event(value, declared) {
            return read;
        }
        // In the first pass what is handed over may be still to come.
        let early = value.is_nothing() && self.pass == 1;
        self.dirty |= early;
        // What sends requests is no part of an event.
        let is_event = |atom: &Atom| matches!(atom, Atom::Event(_));
        let sends = value.atoms().iter().any(is_event) && self.is_sender(declared);
        let value = &value.filter(|atom| !sends || !is_event(atom));
        let unknown = value.is_nothing()
            || value
                .atoms()
                .iter()
                .any(|atom| matches!(atom, Atom::Any(_) | Atom::External(_) | Atom::Member(_)));
        if !unknown || early {
            return value.clone();
        }
        // What a container was told comes before what it would make by itself.
        let types = declared.filter(|atom| !matches!(atom, Atom::Text(_)));
        let kept = self.kept_under(&types).filter(|atom| !matches!(atom, Atom::Nil));
        if !kept.is_nothing() {
            return kept;
        }
        let mut shape = self.provided(declared);
        if !shape.is_nothing() {
            return shape;
        }
        shape.join(value);
        for atom in declared.atoms() {
            match atom {
                Atom::External(path) => self.note_missing(path),
                // What stands in the place of a type is the value.
                Atom::Text(_) | Atom::Object(_) => shape.add(atom.clone()),
                Atom::Sdk(token) => {
                    let (binding, token) = (self.binding, token.clone());
                    let instance = binding.instance(&token, self);
                    if instance.is_nothing() && binding.reach(&token).is_some() {
                        shape.add(atom.clone());
                    }
                    shape.join(&instance);
                }
                Atom::Class(class) => shape.join(&self.instances(*class)),
                _ => {}
            }
        }
        if shape.atoms().iter().any(|atom| matches!(atom, Atom::Sdk(_) | Atom::Object(_) | Atom::Text(_))) {
            shape = shape.filter(|atom| {
                !matches!(atom, Atom::Any(Why::External | Why::Dynamic) | Atom::External(_) | Atom::Member(_))
            });
        }
        shape
    }
}

/// The name of a field that a key of one possibility means.
pub(super) fn literal_key(atom: &Atom) -> Option<SmolStr> {
    match atom {
        Atom::Text(text) => text.as_literal().map(SmolStr::from),
        Atom::Number(number) if !number.is_empty() => Some(number.clone()),
        Atom::Flag(flag) => Some(if *flag { "true" } else { "false" }.into()),
        _ => None,
    }
}
