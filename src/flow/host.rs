//! The run as a binding sees it.

use crate::text::{Hole, SmolStr, TemplateString};

use super::binding::{Arguments, Host, Request};
use super::heap::ObjectKind;
use super::machine::{Machine, RequestKey};
use super::model::BlindKind;
use super::shape::{Atom, ObjectId, Shape};

/// Where a binding's records begin among those of one place.
const FIRST_SLOT: u16 = 20_000;

impl Host for Machine<'_> {
    fn record(&mut self, slot: u16, fields: Vec<(SmolStr, Shape, bool)>) -> ObjectId {
        let (frame, node) = self.here;
        let id = self.heap.object_at(frame, node, FIRST_SLOT + slot, ObjectKind::Record);
        for (name, value, always) in fields {
            self.put(id, &name, &value, always);
        }
        id
    }

    fn open(&mut self, record: ObjectId) {
        if let Some(object) = self.heap.object_mut(record) {
            object.open = true;
        }
    }

    fn put(&mut self, record: ObjectId, key: &Shape, value: &Shape) {
        self.put_keyed(record, key, value, true);
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
        Machine::member(self, of, name)
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
            self.here = (object.maker, object.made_by);
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

    fn invoke(&mut self, callee: &Shape, arguments: Arguments) -> Shape {
        self.call(callee, &arguments)
    }

    fn escape(&mut self, of: &Shape) {
        self.escape_routines(of);
    }
}
