//! The run as a binding sees it.

use crate::text::{Hole, SmolStr, TemplateString};

use super::binding::{Arguments, Host, Request};
use super::heap::ObjectKind;
use super::machine::{Machine, RequestKey, Served};
use super::model::BlindKind;
use super::shape::{Atom, ObjectId, Shape, Why};

/// Where a binding's records begin among those of one place.
const FIRST_SLOT: u16 = 20_000;
/// Where copies of records begin among those of one place.
const COPY_SLOT: u16 = 36_000;
/// How many copies of one place are told apart.
const COPIES: u32 = 20_000;
/// Where records begin that stand beside others, and how many of one place are told apart.
const BESIDE_SLOT: u16 = 56_000;
const BESIDE: u32 = 3_900;
/// How far back a copy is traced.
const MAX_COPIES: usize = 400;

impl Host for Machine<'_> {
    fn record(&mut self, slot: u16, fields: Vec<(SmolStr, Shape, bool)>) -> ObjectId {
        let (frame, node) = self.here;
        let id = self.heap.object_at(frame, node, FIRST_SLOT + slot, ObjectKind::Record);
        for (name, value, always) in fields {
            self.put(id, &name, &value, always);
        }
        id
    }

    fn record_for(&mut self, of: ObjectId, fields: Vec<(SmolStr, Shape, bool)>) -> ObjectId {
        let slot = u16::try_from(of.0 % BESIDE).unwrap_or(0);
        self.record(BESIDE_SLOT - FIRST_SLOT + slot, fields)
    }

    fn open(&mut self, record: ObjectId) {
        if let Some(object) = self.heap.object_mut(record) {
            object.open = true;
        }
    }

    fn put(&mut self, record: ObjectId, key: &Shape, value: &Shape) {
        self.put_keyed(record, key, value, true);
    }

    fn set(&mut self, record: ObjectId, name: &str, value: &Shape, always: bool) {
        Machine::put(self, record, name, value, always);
    }

    fn copy(&mut self, record: ObjectId, without: &str) -> ObjectId {
        let known = self.copied_here(record);
        let (frame, node) = self.here;
        let slot = COPY_SLOT + u16::try_from(record.0 % COPIES).unwrap_or(0);
        let id = known.unwrap_or_else(|| self.heap.object_at(frame, node, slot, ObjectKind::Record));
        if id == record {
            return id;
        }
        let (fields, elements, open) = self.contents(record);
        let made = self.heap.object(record).map(|object| object.made);
        if let Some(object) = self.heap.object_mut(id) {
            object.open |= open;
            if known.is_none() {
                object.copy = Some((record, (frame, node)));
                object.made = made.unwrap_or(object.made);
            }
        }
        for (name, value, always) in fields {
            if name != without && !value.is_nothing() {
                Machine::put(self, id, &name, &value, always && known.is_none());
            }
        }
        self.put_element(id, &elements);
        id
    }

    fn fields(&mut self, record: ObjectId) -> (Vec<(SmolStr, Shape, bool)>, bool) {
        let (mut fields, elements, open) = self.contents(record);
        fields.retain(|(_, value, _)| !value.is_nothing());
        (fields, open || !elements.is_nothing())
    }

    fn field(&mut self, record: ObjectId, name: &str) -> Shape {
        Machine::field(self, record, name)
    }

    fn member(&mut self, of: &Shape, name: &str) -> Shape {
        let apart = self.dialect().is_some_and(|dialect| !dialect.any.is_empty());
        let objects = of.filter(|atom| apart && matches!(atom, Atom::Object(_)));
        let methods = self.method(&objects, name).filter(|atom| matches!(atom, Atom::Bound(..)));
        if methods.is_nothing() { Machine::member(self, of, name) } else { methods }
    }

    fn index(&mut self, of: &Shape, key: &str) -> Shape {
        Machine::index(self, of, &Shape::text(key))
    }

    fn elements(&mut self, of: &Shape) -> Shape {
        self.element(of)
    }

    fn list(&mut self, slot: u16, elements: Shape) -> Shape {
        self.new_list(FIRST_SLOT + slot, &elements)
    }

    fn texts(&self, of: &Shape) -> Vec<TemplateString> {
        let text = |atom: &Atom| match atom {
            Atom::Text(text) => Some(self.expand(text)),
            Atom::Event(path) => Some(Hole::Event(path.clone()).into()),
            _ => None,
        };
        of.atoms().iter().filter_map(text).collect()
    }

    fn standing_at(&mut self, object: ObjectId, act: &mut dyn FnMut(&mut dyn Host)) {
        let before = self.here;
        if let Some(object) = self.heap.object(object) {
            self.here = object.made;
        }
        act(self);
        self.here = before;
    }

    fn request(&mut self, request: Request) {
        let key = RequestKey {
            place: self.here,
            service: request.service.clone(),
            operation: request.operation.clone(),
            principal: request.principal.clone(),
            arguments: request.arguments,
            client: request.client,
        };
        self.requests.insert(key, request);
    }

    fn blind(&mut self, kind: BlindKind, services: &[&str], message: String) {
        self.note_here(kind, services, message);
    }

    fn instance(&mut self, of: &Shape) -> Shape {
        let made = self.cast(&Shape::any(Why::External), of);
        made.filter(|atom| !matches!(atom, Atom::Any(_)))
    }

    fn bound(&mut self, of: &Shape, marks: &[SmolStr], section: Option<&str>) -> Shape {
        let classes = of.filter(|atom| matches!(atom, Atom::Class(_)));
        let mut objects = of.filter(|atom| matches!(atom, Atom::Object(_)));
        if !classes.is_nothing() {
            objects.join(&Host::instance(self, &classes));
        }
        self.bind_environment(&objects, marks, section);
        objects
    }

    fn register(&mut self, of: &Shape) {
        self.registered.extend(of.atoms().iter().filter_map(|atom| match atom {
            Atom::Object(id) => Some(*id),
            _ => None,
        }));
    }

    fn setting(&self, name: &str) -> Option<TemplateString> {
        self.world.setting(name)
    }

    fn invoke(&mut self, callee: &Shape, arguments: Arguments) -> Shape {
        self.call(callee, &arguments)
    }

    fn states_records(&self) -> bool {
        self.fields_are_members()
    }

    fn keep(&mut self, token: &Shape, value: &Shape) {
        self.keep_under(token, value);
    }

    fn kept(&mut self, token: &Shape) -> Shape {
        self.kept_under(token)
    }

    fn enter(&mut self, entries: &crate::catalog::Entries) {
        self.enter_marked(entries);
    }

    fn known(&self, text: &TemplateString) -> TemplateString {
        text.fill(|hole| match hole {
            Hole::Environment(name) => self.world.variable(name),
            _ => None,
        })
    }

    fn escape(&mut self, of: &Shape) {
        self.escape_routines(of);
    }

    fn serve(&mut self, of: &Shape, event: Option<Shape>) -> bool {
        let mut found = false;
        for atom in of.atoms() {
            let is_call = match atom {
                Atom::Routine(_) | Atom::Bound(..) => true,
                Atom::Sdk(value) => {
                    // What a library is by itself calls what was handed to it.
                    found = true;
                    self.binding.is_bound_call(value)
                }
                _ => false,
            };
            if is_call {
                found = true;
                let place = self.here;
                let event = event.clone();
                self.served.entry(atom.clone()).or_insert(Served { place, event });
            }
        }
        found
    }

    fn note_unserved(&mut self) {
        self.unserved = self.site();
    }
}

impl Machine<'_> {
    /// Objects of the binding behind a call of one of their members: the copies that it gave in the place of what they are
    /// copies of.
    pub(super) fn changed(&self, before: &Shape, given: &Shape) -> Shape {
        let data = |atom: &Atom| match atom {
            Atom::Sdk(value) => value.data,
            _ => None,
        };
        let copies: Vec<(&Atom, ObjectId)> =
            given.atoms().iter().filter_map(|atom| Some((atom, data(atom)?))).collect();
        let behind = |atom: &Atom| -> Shape {
            let of = |copy: ObjectId| data(atom).is_some_and(|object| self.is_copy_of(copy, object));
            let found: Shape =
                copies.iter().filter(|(_, copy)| of(*copy)).map(|(given, _)| (*given).clone()).collect();
            if found.is_nothing() { atom.clone().into() } else { found }
        };
        if copies.is_empty() { before.clone() } else { before.atoms().iter().map(behind).collect() }
    }

    /// Whether a record was copied from another, over however many steps.
    fn is_copy_of(&self, copy: ObjectId, record: ObjectId) -> bool {
        let mut next = Some(copy);
        for _ in 0..MAX_COPIES {
            let Some(from) = next.and_then(|one| self.heap.object(one)?.copy).map(|(from, _)| from) else {
                return false;
            };
            if from == record {
                return true;
            }
            next = Some(from);
        }
        false
    }

    /// The record itself or what it is a copy of, where that was copied at the current place.
    fn copied_here(&self, record: ObjectId) -> Option<ObjectId> {
        let mut next = Some(record);
        for _ in 0..MAX_COPIES {
            let record = next?;
            let (from, place) = self.heap.object(record)?.copy?;
            if place == self.here {
                return Some(record);
            }
            next = Some(from);
        }
        next
    }
}
