//! What the run knows of a value, taken out of its heap as plain data.

use crate::text::{Hole, SmolStr, TemplateString};

use super::binding::BASE;
use super::heap::{FrameId, ObjectKind};
use super::machine::Machine;
use super::model::{Argument, Field, Record, Step};
use super::shape::{Atom, ObjectId, Shape, Why};
use crate::ir::NodeId;

/// How deep records inside records are told.
const MAX_DEPTH: u32 = 8;
/// How many values are told of one member of a request: what objects share is told again in each.
const MAX_TOLD: u32 = 10_000;
/// How many calls a route tells.
const MAX_ROUTE: usize = 64;

impl Machine<'_> {
    /// The members of a request, and whether all that they hold is told.
    pub(super) fn freeze_request(&self, id: ObjectId) -> (Record, bool) {
        self.untold.set(false);
        let record = self.freeze_record(id, 0);
        self.told.set(0);
        (record, !self.untold.get())
    }

    /// The fields of a record.
    pub(super) fn freeze_record(&self, id: ObjectId, depth: u32) -> Record {
        let Some(object) = self.heap.object(id) else { return Record::default() };
        if depth > MAX_DEPTH {
            return Record { open: true, ..Record::default() };
        }
        let fields = object.fields.iter().filter(|(_, field)| !field.cell.peek().is_nothing());
        let freeze = |(name, field): (&SmolStr, &super::heap::FieldCell)| {
            if depth == 0 {
                self.told.set(0);
            }
            let value = self.freeze(field.cell.peek(), depth + 1);
            (name.clone(), Field { value, always: field.always })
        };
        Record {
            fields: fields.map(freeze).collect(),
            keys: if object.keys.peek().is_nothing() {
                vec![]
            } else {
                super::texts::as_texts(object.keys.peek())
            },
            open: object.open || !object.elements.peek().is_nothing(),
        }
    }

    fn freeze(&self, shape: &Shape, depth: u32) -> Argument {
        let mut texts: Vec<TemplateString> = vec![];
        let mut others: Vec<Argument> = vec![];
        for atom in shape.atoms() {
            if self.told.get() >= MAX_TOLD {
                self.untold.set(true);
                others.push(Argument::Unknown("limit".into()));
                break;
            }
            self.told.set(self.told.get() + 1);
            let value = match atom {
                Atom::Text(text) => {
                    texts.push(text.clone());
                    continue;
                }
                Atom::Event(path) => {
                    texts.push(Hole::Event(path.clone()).into());
                    continue;
                }
                atom if atom.written_out().is_some() => {
                    texts.push(Hole::Unknown.into());
                    continue;
                }
                Atom::Sdk(value) => match self.binding.shown(value) {
                    Some(text) => {
                        texts.push(text);
                        continue;
                    }
                    None => self.freeze_atom(atom, depth),
                },
                other => self.freeze_atom(other, depth),
            };
            if !others.contains(&value) {
                others.push(value);
            }
        }
        if !texts.is_empty() {
            others.insert(0, Argument::Text(texts));
        }
        if others.len() == 1 { others.swap_remove(0) } else { Argument::OneOf(others) }
    }

    fn freeze_atom(&self, atom: &Atom, depth: u32) -> Argument {
        match atom {
            Atom::Flag(flag) => Argument::Flag(*flag),
            Atom::Number(number) => Argument::Number(number.clone()),
            Atom::Nil => Argument::Nil,
            Atom::Object(id) => self.freeze_object(*id, depth),
            Atom::Sdk(value) => match self.binding.record(value) {
                Some(_) if depth > MAX_DEPTH => Argument::Unknown("unknown".into()),
                Some(record) => Argument::Record(self.freeze_record(record, depth)),
                None => Argument::Unknown("unknown".into()),
            },
            Atom::Any(why) => Argument::Unknown(
                match why {
                    Why::Response => "response",
                    Why::External => "external",
                    Why::Dynamic => "unknown",
                    Why::Limit => "limit",
                }
                .into(),
            ),
            _ => Argument::Unknown("unknown".into()),
        }
    }

    fn freeze_object(&self, id: ObjectId, depth: u32) -> Argument {
        let Some(object) = self.heap.object(id) else { return Argument::Nil };
        if depth > MAX_DEPTH {
            return Argument::Unknown("unknown".into());
        }
        match object.kind {
            ObjectKind::List | ObjectKind::Generator => {
                let mut elements: Vec<Argument> = vec![];
                let fields = object.fields.values().map(|field| field.cell.peek());
                for shape in fields.chain([object.elements.peek()]).filter(|shape| !shape.is_nothing()) {
                    let element = self.freeze(shape, depth + 1);
                    if !elements.contains(&element) {
                        elements.push(element);
                    }
                }
                if object.open {
                    elements.push(Argument::Unknown("unknown".into()));
                }
                Argument::List(elements)
            }
            ObjectKind::Record | ObjectKind::Map => {
                let mut record = self.freeze_record(id, depth);
                if !object.elements.peek().is_nothing() {
                    let value = self.freeze(object.elements.peek(), depth + 1);
                    record.fields.insert("*".into(), Field { value, always: false });
                }
                Argument::Record(record)
            }
            ObjectKind::Results => object
                .fields
                .get("0")
                .map_or(Argument::Nil, |field| self.freeze(field.cell.peek(), depth + 1)),
            ObjectKind::Instance(_) => match object.fields.get(BASE) {
                Some(base) => self.freeze(base.cell.peek(), depth + 1),
                None => Argument::Unknown("unknown".into()),
            },
            ObjectKind::Partial => Argument::Unknown("unknown".into()),
        }
    }

    /// The calls that led to a frame in this pass, outermost first.
    pub(super) fn route(&self, frame: FrameId) -> Vec<Step> {
        let mut steps = vec![];
        let mut seen = vec![frame];
        let mut place = self.heap.frame(frame).and_then(|frame| frame.caller);
        while let Some((caller, node)) = place {
            if seen.contains(&caller) || steps.len() >= MAX_ROUTE {
                break;
            }
            seen.push(caller);
            steps.extend(self.step(caller, node));
            place = self.heap.frame(caller).and_then(|frame| frame.caller);
        }
        steps.reverse();
        steps
    }

    fn step(&self, frame: FrameId, node: NodeId) -> Option<Step> {
        let site = self.site_of((frame, node))?;
        let frame = self.heap.frame(frame)?;
        let routine = self.module(frame.unit)?.routine(frame.routine)?.name.clone();
        Some(Step { site, routine })
    }
}
