//! What types bring: objects made of their fields, members from outside a class's body, embedded objects, interfaces.

use crate::ir::{ClassKind, NodeId};
use crate::text::SmolStr;

use super::heap::{FrameId, ObjectKind, number};
use super::machine::Machine;
use super::shape::{Atom, ObjectId, Shape, TypeId, Why};

/// How deep objects within objects are searched for a member.
const MAX_DELEGATES: u32 = 8;
/// The first slot of the objects that are made of a type; one for each class follows.
const MADE: u16 = 2000;

impl Machine<'_> {
    /// Several results of a routine.
    pub(super) fn results(&mut self, frame: FrameId, values: &[NodeId]) -> Shape {
        let values: Vec<Shape> = values.iter().map(|value| self.value(frame, *value)).collect();
        let fields = values.into_iter().enumerate().map(|(place, value)| (place.to_string().into(), value));
        self.new_object(0, ObjectKind::Results, fields.collect())
    }

    /// One of several results.
    pub(super) fn result(&mut self, of: &Shape, place: u32) -> Shape {
        let mut shape = Shape::nothing();
        for atom in of.atoms() {
            match atom {
                Atom::Object(id) if self.is_bundle(*id) => {
                    let field = self.field(*id, &place.to_string());
                    shape.join(&field);
                }
                atom if place == 0 => shape.add(atom.clone()),
                _ => shape.add(Atom::Any(Why::External)),
            }
        }
        shape
    }

    fn is_bundle(&self, id: ObjectId) -> bool {
        self.heap.object(id).is_some_and(|object| object.kind == ObjectKind::Results)
    }

    /// The parts of the results of a call that are handed on as the arguments of another.
    pub(super) fn bundled(&mut self, given: &[Shape]) -> Option<Vec<Shape>> {
        let [only] = given else { return None };
        let count = only.atoms().iter().map(|atom| match atom {
            Atom::Object(id) if self.is_bundle(*id) => {
                self.heap.object(*id).map_or(0, |object| object.fields.len())
            }
            _ => 0,
        });
        let count = count.max().filter(|count| *count > 1)?;
        Some((0..number(count)).map(|place| self.result(only, place)).collect())
    }

    /// An object of a type with the given fields.
    pub(super) fn make_of(
        &mut self,
        frame: FrameId,
        kind: NodeId,
        fields: &[(Option<SmolStr>, NodeId)],
    ) -> Shape {
        let kinds = self.value(frame, kind);
        let fields: Vec<(Option<SmolStr>, Shape)> =
            fields.iter().map(|(name, value)| (name.clone(), self.value(frame, *value))).collect();
        let mut made = Shape::nothing();
        for atom in kinds.atoms() {
            match atom {
                Atom::Class(class) if self.kind_of(*class) == ClassKind::Plain => {
                    made.join(&self.make_instance(*class, &fields));
                }
                Atom::Class(class) if self.kind_of(*class) == ClassKind::Interface => {}
                Atom::Sdk(value) => {
                    let (binding, value) = (self.binding, value.clone());
                    let object = if binding.is_class(&value) {
                        let named = fields
                            .iter()
                            .filter_map(|(name, value)| Some((name.clone()?, value.clone(), true)));
                        let arguments = super::Arguments { named: named.collect(), ..Default::default() };
                        binding.call(&value, &arguments, self)
                    } else if fields.is_empty() && !binding.instance(&value, self).is_nothing() {
                        // A client that nobody has made yet.
                        Shape::nothing()
                    } else {
                        self.make_data(&fields)
                    };
                    made.join(&object);
                }
                _ => made.join(&self.make_data(&fields)),
            }
        }
        made
    }

    /// A record, or a list where no field has a name.
    fn make_data(&mut self, fields: &[(Option<SmolStr>, Shape)]) -> Shape {
        let is_list = !fields.is_empty() && fields.iter().all(|(name, _)| name.is_none());
        let kind = if is_list { ObjectKind::List } else { ObjectKind::Record };
        let name = |place: usize, name: &Option<SmolStr>| {
            name.clone().unwrap_or_else(|| SmolStr::from(place.to_string()))
        };
        let fields = fields.iter().enumerate().map(|(place, (key, value))| (name(place, key), value.clone()));
        self.new_object(u16::from(is_list), kind, fields.collect())
    }

    fn make_instance(&mut self, class: TypeId, fields: &[(Option<SmolStr>, Shape)]) -> Shape {
        let (frame, node) = self.here;
        let slot = MADE + u16::try_from(class.0 % 1000).unwrap_or(0);
        let id = self.heap.object_at(frame, node, slot, ObjectKind::Instance(class));
        let declared: Vec<SmolStr> = self
            .heap
            .type_value(class)
            .map(|class| class.fields.keys().cloned().collect())
            .unwrap_or_default();
        for (place, (name, value)) in fields.iter().enumerate() {
            if let Some(name) = name.as_ref().or_else(|| declared.get(place)) {
                self.put(id, name, value, true);
            }
        }
        Atom::Object(id).into()
    }

    /// What a class is.
    pub(super) fn kind_of(&self, class: TypeId) -> ClassKind {
        let declared =
            self.heap.type_value(class).and_then(|value| self.module(value.unit)?.class(value.class));
        declared.map(|class| class.kind).unwrap_or_default()
    }

    /// The declared type of a field, said in the body of its class.
    pub(super) fn declare_field(&mut self, frame: FrameId, name: &SmolStr, kind: NodeId, is_part: bool) {
        let kind = self.value(frame, kind);
        let pass = self.pass;
        if let Some(class) = self.heap.types.iter_mut().find(|class| class.body == frame) {
            let field = class.fields.entry(name.clone()).or_default();
            field.is_part = is_part;
            self.dirty |= field.kind.add(&kind, pass);
        }
    }

    /// Adds a member to a class from outside of its body.
    pub(super) fn add_member(&mut self, class: TypeId, name: &str, value: &Shape) {
        let pass = self.pass;
        if let Some(class) = self.heap.types.get_mut(class.0 as usize) {
            self.dirty |= class.added.entry(name.into()).or_default().add(value, pass);
        }
    }

    /// A member that was added to a class from outside of its body.
    pub(super) fn added_member(&mut self, class: TypeId, name: &str) -> Option<Shape> {
        let pass = self.pass;
        Some(self.heap.types.get_mut(class.0 as usize)?.added.get_mut(name)?.get(pass))
    }

    /// What is stored in a field of an object; where nobody knows, what the declared type brings.
    pub(super) fn typed_field(&mut self, id: ObjectId, class: TypeId, name: &str) -> Shape {
        let stored = self.field(id, name);
        let pass = self.pass;
        let class = self.field_owner(class, name, 0).unwrap_or(class);
        let Some(fields) = self.heap.types.get_mut(class.0 as usize).map(|class| &mut class.fields) else {
            return stored;
        };
        let place = fields.get_index_of(name);
        let Some(declared) = fields.get_mut(name) else { return stored };
        let (kind, is_part) = (declared.kind.get(pass), declared.is_part);
        if is_part && stored.is_nothing() {
            let part = self.part(id, place.unwrap_or(0), &kind);
            if !part.is_nothing() {
                self.put(id, name, &part, false);
                return part;
            }
        }
        self.cast(&stored, &kind)
    }

    /// The class, or the first above it, that declares what a field holds.
    fn field_owner(&self, class: TypeId, name: &str, depth: u32) -> Option<TypeId> {
        let value = self.heap.type_value(class)?;
        if value.fields.contains_key(name) {
            return Some(class);
        }
        let bases = value.bases.iter().flat_map(|base| base.peek().atoms());
        let above = bases.filter_map(|atom| match atom {
            Atom::Class(base) => Some(*base),
            _ => None,
        });
        let mut above = above.filter(|_| depth < MAX_DELEGATES);
        above.find_map(|base| self.field_owner(base, name, depth + 1))
    }

    /// The object that an object has as a part from the beginning, in the field of that number.
    fn part(&mut self, of: ObjectId, place: usize, kind: &Shape) -> Shape {
        let Some(maker) = self.heap.object(of).map(|object| object.maker) else { return Shape::nothing() };
        let mut parts = Shape::nothing();
        for atom in kind.atoms() {
            let Atom::Class(class) = atom else { continue };
            if self.kind_of(*class) == ClassKind::Plain {
                // No routine has so many nodes that one of them could have this number.
                let node = NodeId(u32::MAX - of.0);
                let slot = u16::try_from(place).unwrap_or(u16::MAX);
                parts.add(Atom::Object(self.heap.object_at(maker, node, slot, ObjectKind::Instance(*class))));
            }
        }
        parts
    }

    /// A member of one of the objects within an object whose members it has too. Classes of the project come before
    /// clients and what is outside, which may seem to have any member.
    pub(super) fn delegated(&mut self, id: ObjectId, class: TypeId, name: &str) -> Option<Shape> {
        let declared =
            self.heap.type_value(class).and_then(|value| self.module(value.unit)?.class(value.class))?;
        if declared.delegates.is_empty() || self.delegation >= MAX_DELEGATES {
            return None;
        }
        self.delegation += 1;
        let mut own = Shape::nothing();
        let mut other = Shape::nothing();
        for field in &declared.delegates {
            let within = self.typed_field(id, class, field);
            for atom in within.atoms() {
                let member = match atom {
                    Atom::Object(inner) => self.member_within(*inner, atom, name),
                    Atom::Nil => None,
                    atom => {
                        let member = self.member(&atom.clone().into(), name);
                        other.join(&member);
                        None
                    }
                };
                own.join(&member.unwrap_or_default());
            }
        }
        self.delegation -= 1;
        let found = if own.is_nothing() { other } else { own };
        (!found.is_nothing()).then_some(found)
    }

    /// A member that an object surely has.
    fn member_within(&mut self, id: ObjectId, atom: &Atom, name: &str) -> Option<Shape> {
        let Some(ObjectKind::Instance(class)) = self.heap.object(id).map(|object| object.kind) else {
            return Some(self.field(id, name)).filter(|shape| !shape.is_nothing());
        };
        let mut shape = self.typed_field(id, class, name);
        if let Some(member) = self.member_of_class(class, name, atom) {
            shape.join(&member);
        }
        if shape.is_nothing() { self.delegated(id, class, name) } else { Some(shape) }
    }

    /// The objects of the program that have what an interface asks for; where there are none, a client that has it.
    pub(super) fn implementations(&mut self, interface: TypeId) -> Shape {
        let mut members = vec![];
        self.required(interface, &mut members, 0);
        if members.is_empty() {
            return Shape::nothing();
        }
        let classes: Vec<TypeId> = (0..number(self.heap.types.len()))
            .map(TypeId)
            .filter(|class| self.kind_of(*class) == ClassKind::Plain)
            .collect();
        let mut implementing = vec![];
        for class in classes {
            if members.iter().all(|(name, _)| self.has_method(class, name, 0)) {
                implementing.push(class);
            }
        }
        if !implementing.is_empty() {
            let made =
                implementing.iter().flat_map(|class| self.heap.instances.get(class).into_iter().flatten());
            let made: Shape = made.map(|id| Atom::Object(*id)).collect();
            // Where none is made that is seen, each may be made where nobody looks.
            return if made.is_nothing() {
                implementing.iter().map(|class| self.instances(*class)).collect()
            } else {
                made
            };
        }
        let binding = self.binding;
        binding.stands_for(&members, self)
    }

    /// The members that an interface asks for, with the types in their signatures.
    fn required(&mut self, interface: TypeId, members: &mut Vec<(SmolStr, Shape)>, depth: u32) {
        let pass = self.pass;
        for name in self.member_names(interface) {
            let types = self.own_member(interface, &name).unwrap_or_default();
            let types = self.element(&types);
            members.push((name, types));
        }
        let Some(value) = self.heap.types.get_mut(interface.0 as usize).filter(|_| depth < MAX_DELEGATES)
        else {
            return;
        };
        let bases: Vec<Shape> = value.bases.iter_mut().map(|base| base.get(pass)).collect();
        for atom in bases.iter().flat_map(Shape::atoms) {
            if let Atom::Class(base) = atom {
                self.required(*base, members, depth + 1);
            }
        }
    }

    /// Whether objects of a class have a method of that name, of their own or through an object within.
    fn has_method(&mut self, class: TypeId, name: &str, depth: u32) -> bool {
        let is_there = |shape: &Shape| shape.atoms().iter().any(|atom| matches!(atom, Atom::Routine(_)));
        if self.own_member(class, name).is_some_and(|shape| is_there(&shape)) {
            return true;
        }
        let declared =
            self.heap.type_value(class).and_then(|value| self.module(value.unit)?.class(value.class));
        let Some(declared) = declared.filter(|_| depth < MAX_DELEGATES) else { return false };
        let pass = self.pass;
        for field in &declared.delegates {
            let known = self.heap.types.get_mut(class.0 as usize);
            let kinds = known.and_then(|known| known.fields.get_mut(field)).map(|field| field.kind.get(pass));
            for atom in kinds.unwrap_or_default().atoms() {
                let has = match atom {
                    Atom::Class(within) if self.kind_of(*within) == ClassKind::Interface => {
                        self.member_names(*within).iter().any(|member| member == name)
                    }
                    Atom::Class(within) => self.has_method(*within, name, depth + 1),
                    _ => false,
                };
                if has {
                    return true;
                }
            }
        }
        false
    }
}
