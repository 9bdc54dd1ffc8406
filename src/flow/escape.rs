//! What leaves the project: values that code outside gets its hands on, and what it can send requests with then.

use rustc_hash::FxHashSet;

use crate::text::{Hole, Piece, SmolStr, TemplateString};

use super::binding::Arguments;
use super::machine::Machine;
use super::model::BlindKind;
use super::shape::{Atom, ObjectId, Shape};

/// How deep records are searched for clients.
const MAX_HOLD: u32 = 3;

/// How many records are searched for clients.
const MAX_HELD: usize = 64;

/// What a value can send requests to.
#[derive(Default)]
struct Reached {
    services: Vec<SmolStr>,
    /// Whether it makes clients of any service, or is credentials.
    any: bool,
}

impl Machine<'_> {
    /// What code outside the project gets its hands on. `surely`: it calls routines with arguments of its own, whoever
    /// else calls them.
    pub(super) fn hand_over(&mut self, arguments: &Arguments, to: &str, surely: bool) {
        let shapes: Vec<Shape> = arguments.all().cloned().collect();
        let deep = self.dialect().is_some_and(|dialect| dialect.fields_are_members);
        for shape in &shapes {
            self.escape(shape, surely);
            if self.is_nominal() {
                self.escape_objects(shape);
            }
            self.escape_exposed(shape);
            if deep {
                self.escape_contents(shape, surely, &mut FxHashSet::default(), 0);
            }
            let mut reached = Reached::default();
            let (binding, mut described) = (self.binding, vec![]);
            for atom in shape.atoms() {
                let Atom::Sdk(value) = atom else { continue };
                if binding.is_handed(value) && self.deferring.is_some() {
                    self.escape_later(atom);
                    described.push(atom.clone());
                } else if binding.hand_over(value, self) {
                    described.push(atom.clone());
                }
            }
            let others = shape.filter(|atom| !described.contains(atom));
            self.reachable(&others, &mut reached, &mut FxHashSet::default(), 0);
            self.note_escape(reached, to);
        }
    }

    fn note_escape(&mut self, reached: Reached, to: &str) {
        let names: Vec<&str> = reached.services.iter().map(SmolStr::as_str).collect();
        if !names.is_empty() {
            let clients = names.join(", ");
            let message =
                format!("a client of {clients} is handed to `{to}`, which is not part of the project");
            self.note_here(BlindKind::EscapedClient, &names, message);
        }
        if reached.any {
            let message = format!(
                "what requests of any service can be sent with is handed to `{to}`, which is not part of the project"
            );
            self.note_here(BlindKind::EscapedClient, &[], message);
        }
    }

    /// What can send requests in a value or in what it holds.
    fn reachable(&self, shape: &Shape, reached: &mut Reached, seen: &mut FxHashSet<ObjectId>, depth: u32) {
        for atom in shape.atoms() {
            match atom {
                Atom::Sdk(value) => {
                    let Some(services) = self.binding.reach(value) else { continue };
                    reached.any |= services.is_empty();
                    reached.services.extend(services.into_iter().filter(|service| !service.is_empty()));
                }
                Atom::Text(text) => reached.any |= self.holds_key(text),
                Atom::Object(id) if depth < MAX_HOLD && seen.len() < MAX_HELD && seen.insert(*id) => {
                    let Some(object) = self.heap.object(*id) else { continue };
                    for field in object.fields.values() {
                        self.reachable(field.cell.peek(), reached, seen, depth + 1);
                    }
                    self.reachable(object.elements.peek(), reached, seen, depth + 1);
                }
                _ => {}
            }
        }
        reached.services.sort();
        reached.services.dedup();
    }

    /// Whether a text comes out of an environment variable that holds the key of the program's own requests.
    fn holds_key(&self, text: &TemplateString) -> bool {
        text.pieces().iter().any(|piece| match piece {
            Piece::Hole(Hole::Environment(name)) => self.binding.is_secret_key(name),
            _ => false,
        })
    }
}
