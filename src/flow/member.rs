//! Members, elements and slices of values.

use crate::ir::{Dialect, Intrinsic};
use crate::text::{Hole, SmolStr, TemplateString};

use super::binding::SdkValue;
use super::heap::ObjectKind;
use super::machine::Machine;
use super::objects::literal_key;
use super::shape::{Atom, ObjectId, Shape, TypeId, UnitId, Why};

/// How deep paths into the event are told apart.
const MAX_PATH: usize = 160;
/// How many parts such a path has.
const MAX_PARTS: usize = 8;
/// How many classes above one another are searched for a member.
const MAX_BASES: u32 = 24;

/// A table of the dialect.
type Table = fn(&'static Dialect) -> &'static [(&'static str, Intrinsic)];

impl Machine<'_> {
    /// A member of whatever a value may be.
    pub(super) fn member(&mut self, base: &Shape, name: &str) -> Shape {
        self.steps += base.atoms().len() as u64;
        base.atoms()
            .iter()
            .map(|atom| match self.extended(atom, name) {
                Some(shape) => shape,
                None if self.is_transparent(atom, name) => atom.clone().into(),
                None => self.name_of(atom, name).unwrap_or_else(|| self.member_of(atom, name)),
            })
            .collect()
    }

    /// The language of the routine that is being evaluated.
    pub(super) fn dialect(&self) -> Option<&'static Dialect> {
        let unit = self.heap.frame(self.here.0)?.unit;
        Some(self.module(unit)?.dialect)
    }

    /// A member that the language's own library gives a kind of value.
    pub(super) fn native(
        &self,
        table: impl Fn(&'static Dialect) -> &'static [(&'static str, Intrinsic)],
        name: &str,
        receiver: &Atom,
    ) -> Option<Shape> {
        let intrinsic = Dialect::find(table(self.dialect()?), name)?;
        Some(Atom::Native(intrinsic, Some(Box::new(receiver.clone().into()))).into())
    }

    fn member_of(&mut self, atom: &Atom, name: &str) -> Shape {
        match atom {
            Atom::Native(Intrinsic::Printed, _) => self.member_of(&Atom::Text(Hole::Unknown.into()), name),
            Atom::Object(id) => self.member_of_object(*id, atom, name),
            Atom::Class(class) => {
                self.member_of_class(*class, name, atom).unwrap_or_else(|| Atom::Member(name.into()).into())
            }
            Atom::Super(class, receiver) => self.member_of_super(*class, name, receiver),
            Atom::Unit(unit) => self.member_of_unit(*unit, name),
            Atom::Sdk(value) => self.member_of_sdk(&value.clone(), name, atom),
            Atom::Text(_) => {
                let member = self.native(|dialect| dialect.text, name, atom);
                member.or_else(|| self.property(name, atom)).unwrap_or_else(|| Shape::any(Why::Dynamic))
            }
            Atom::Environment => match self.dialect().and_then(|dialect| dialect.of_record(name)) {
                Some(Intrinsic::Get | Intrinsic::SetDefault) => {
                    Atom::Native(Intrinsic::EnvironmentGet, None).into()
                }
                Some(_) => Atom::Environment.into(),
                None => variable(name),
            },
            Atom::Event(path) => self.member_of_event(path, name, atom),
            Atom::External(path) => {
                let Some(unit) = self.heap.frame(self.here.0).map(|frame| frame.unit) else {
                    return Shape::nothing();
                };
                if path.len() > MAX_PATH {
                    atom.clone().into()
                } else {
                    self.outside(unit, &format!("{}.{name}", made_outside(path)))
                }
            }
            Atom::Routine(closure) | Atom::Bound(closure, _) if self.has_property(*closure, name) => {
                let id = self.properties_of(*closure);
                self.field(id, name)
            }
            Atom::Routine(_) | Atom::Bound(..) | Atom::Native(..) => {
                let member = self.native(|dialect| dialect.other, name, atom);
                member.unwrap_or_else(|| self.method_of_routine(atom))
            }
            Atom::Nil => Shape::nothing(),
            Atom::Flag(_) | Atom::Number(_) => {
                self.property(name, atom).unwrap_or_else(|| Shape::any(Why::Dynamic))
            }
            Atom::Any(_) | Atom::Member(_) => Atom::Member(name.into()).into(),
        }
    }

    fn member_of_sdk(&mut self, value: &SdkValue, name: &str, atom: &Atom) -> Shape {
        let binding = self.binding;
        let own = match binding.is_data(value) {
            true => self.member_of_data(name, atom),
            false if binding.is_bound_call(value) => self.native(|dialect| dialect.other, name, atom),
            false => None,
        };
        own.unwrap_or_else(|| binding.member(value, name, self))
    }

    /// Something of a module, or a module inside a folder.
    fn member_of_unit(&mut self, unit: UnitId, name: &str) -> Shape {
        let Some(child) = self.program.child(unit, name) else {
            return self.export(unit, name).unwrap_or_else(|| Shape::any(Why::Dynamic));
        };
        if let Some(shape) = self.export(unit, name).filter(|shape| !shape.is_nothing()) {
            return shape;
        }
        self.load(child);
        Atom::Unit(child).into()
    }

    /// A member of a plain value that is read, not called.
    fn property(&mut self, name: &str, atom: &Atom) -> Option<Shape> {
        let intrinsic = Dialect::find(self.dialect()?.properties, name)?;
        Some(self.intrinsic(intrinsic, Some(&atom.clone().into()), &super::binding::Arguments::default()))
    }

    fn member_of_event(&mut self, path: &str, name: &str, atom: &Atom) -> Shape {
        if let Some(native) = self.member_of_data(name, atom) {
            return native;
        }
        let getter = self.dialect().map_or("", |dialect| dialect.getter);
        let data = name.strip_prefix(getter).filter(|rest| !getter.is_empty() && !rest.is_empty());
        event(path, data.unwrap_or(name))
    }

    /// A member that the language gives to records and texts, of which data from outside is made.
    fn member_of_data(&self, name: &str, atom: &Atom) -> Option<Shape> {
        let tables: [Table; 3] = [|dialect| dialect.record, |dialect| dialect.both, |dialect| dialect.text];
        tables.into_iter().find_map(|table| self.native(table, name, atom))
    }

    fn member_of_object(&mut self, id: ObjectId, atom: &Atom, name: &str) -> Shape {
        let Some(kind) = self.heap.object(id).map(|object| object.kind) else { return Shape::nothing() };
        let fields = self.fields_are_members();
        match kind {
            ObjectKind::Instance(class) => self.member_of_instance(id, class, atom, name),
            ObjectKind::Record if fields => {
                let field = self.field(id, name);
                if !field.is_nothing() {
                    return field;
                }
                self.native(|dialect| dialect.record, name, atom).unwrap_or_else(|| self.missing(id, name))
            }
            ObjectKind::Map => {
                self.native(|dialect| dialect.record, name, atom).unwrap_or_else(|| self.absent())
            }
            ObjectKind::Record | ObjectKind::Partial => {
                let member = self.native(|dialect| dialect.record, name, atom);
                match member.or_else(|| self.native(|dialect| dialect.both, name, atom)) {
                    Some(shape) => shape,
                    None => self.field_or_absent(id, name),
                }
            }
            ObjectKind::List => self
                .native(|dialect| dialect.list, name, atom)
                .or_else(|| self.property(name, atom))
                .or_else(|| self.native(|dialect| dialect.both, name, atom))
                .unwrap_or_else(|| self.field_or_absent(id, name)),
            ObjectKind::Results => {
                let first = self.field(id, "0");
                self.member(&first, name)
            }
            ObjectKind::Generator => {
                let step = self.native(|dialect| dialect.iterator, name, atom);
                if let Some(shape) = step.or_else(|| self.native(|dialect| dialect.other, name, atom)) {
                    return shape;
                }
                let elements = self.elements_of(id);
                self.member(&elements, name)
            }
        }
    }

    fn member_of_instance(&mut self, id: ObjectId, class: TypeId, atom: &Atom, name: &str) -> Shape {
        let mut shape = self.typed_field(id, class, name);
        if self.declares_field(class, name, 0) {
            return if shape.is_nothing() { self.absent() } else { shape };
        }
        if let Some(inherited) = self.member_of_class(class, name, atom) {
            // Where fields and methods are told apart, this is a field.
            let apart = self.fields_are_apart();
            shape.join(&inherited.filter(|atom| !(apart && matches!(atom, Atom::Bound(..)))));
        }
        if !shape.is_nothing() {
            return shape;
        }
        if let Some(delegated) = self.delegated(id, class, name) {
            return delegated;
        }
        let fallback = self.dialect().map_or("", |dialect| dialect.missing_member);
        if let Some(fallback) = self.member_of_class(class, fallback, atom) {
            let bound = fallback.filter(|atom| matches!(atom, Atom::Bound(..)));
            let arguments =
                super::binding::Arguments { positional: vec![Shape::text(name)], ..Default::default() };
            let found = self.call(&bound, &arguments);
            if !found.is_nothing() {
                return found;
            }
        }
        let open = self.heap.object(id).is_some_and(|object| object.open);
        if open { Atom::Member(name.into()).into() } else { self.absent() }
    }

    /// A member of a class or of the classes above it, bound to `receiver`.
    pub(super) fn member_of_class(&mut self, class: TypeId, name: &str, receiver: &Atom) -> Option<Shape> {
        self.search(class, name, receiver, 0)
    }

    fn search(&mut self, class: TypeId, name: &str, receiver: &Atom, depth: u32) -> Option<Shape> {
        if depth > MAX_BASES {
            return None;
        }
        if let Some(mut shape) = self.own_member(class, name) {
            let above = self.overloads_above(class, name, &shape, depth);
            shape.join(&above);
            let bound = self.bind(&shape, receiver);
            if !bound.is_nothing() || shape.is_nothing() {
                return Some(bound);
            }
        }
        self.search_bases(class, name, receiver, depth)
    }

    fn search_bases(&mut self, class: TypeId, name: &str, receiver: &Atom, depth: u32) -> Option<Shape> {
        let pass = self.pass;
        let bases: Vec<Shape> =
            self.heap.types.get_mut(class.0 as usize)?.bases.iter_mut().map(|base| base.get(pass)).collect();
        for base in bases {
            for atom in base.atoms() {
                let found = match atom {
                    Atom::Class(base) => self.search(*base, name, receiver, depth + 1),
                    Atom::Sdk(value) => self.member_of_described(value.clone(), name, receiver),
                    Atom::External(path) => {
                        // Code outside may call whatever the class overrides.
                        if let Atom::Object(_) = receiver {
                            self.escape_overrides(class, receiver);
                        }
                        Some(Atom::External(format!("{path}.{name}").into()).into())
                    }
                    // A class of the language's own library calls what is overridden too (`threading.Thread`).
                    Atom::Native(intrinsic, _) if *intrinsic != Intrinsic::Ignore => {
                        if let Atom::Object(_) = receiver {
                            self.escape_overrides(class, receiver);
                        }
                        None
                    }
                    _ => None,
                };
                if found.is_some() {
                    return found;
                }
            }
        }
        let described = self.reopened(class)?;
        self.member_of_described(described, name, receiver)
    }

    /// A member that a described class gives a class of the project.
    fn member_of_described(&mut self, mut class: SdkValue, name: &str, receiver: &Atom) -> Option<Shape> {
        let data = self.heap.object_at(self.here.0, self.here.1, 60_000, ObjectKind::Record);
        self.put(data, "", &receiver.clone().into(), true);
        class.data = class.data.or(Some(data));
        let binding = self.binding;
        Some(binding.member(&class, name, self)).filter(|shape| !shape.is_nothing())
    }

    /// What is described under the path of a class that the project only adds to.
    fn reopened(&self, class: TypeId) -> Option<SdkValue> {
        let value = self.heap.type_value(class)?;
        let module = self.module(value.unit)?;
        let is_partial = module.class(value.class)?.partial;
        let path = is_partial.then(|| module.class_path(value.class))?;
        self.binding.import(module.dialect.language, &path)
    }

    /// The names of what a class itself declares.
    pub(super) fn member_names(&self, class: TypeId) -> Vec<SmolStr> {
        let Some(value) = self.heap.type_value(class) else { return vec![] };
        let Some(module) = self.module(value.unit) else { return vec![] };
        let body = module.class(value.class).and_then(|class| module.routine(class.body));
        let declared = body.into_iter().flat_map(|body| body.variables.iter().map(|variable| &variable.name));
        declared.chain(value.added.keys()).cloned().collect()
    }

    /// What a part of a class declares under a name.
    pub(super) fn own_part(&mut self, class: TypeId, name: &str) -> Option<Shape> {
        let pass = self.pass;
        if let Some(added) = self.added_member(class, name) {
            return Some(added);
        }
        let (unit, body) = self.heap.type_value(class).map(|value| (value.unit, value.body))?;
        let frame = self.heap.frame(body)?;
        let routine = self.module(unit)?.routine(frame.routine)?;
        let place = routine.variables.iter().position(|variable| variable.name == name)?;
        let shape = self.heap.frame_mut(body)?.cells.get_mut(place)?.get(pass);
        // It may still get a value.
        self.dirty |= pass == 1 && shape.is_nothing();
        Some(shape)
    }

    fn member_of_super(&mut self, class: TypeId, name: &str, receiver: &Atom) -> Shape {
        if let Some(found) = self.search_bases(class, name, receiver, 0) {
            return found;
        }
        if self.dialect().is_some_and(|dialect| dialect.allocate_member == name) {
            return Atom::Native(Intrinsic::Allocate, None).into();
        }
        Shape::any(Why::External)
    }

    /// A field of an object; nothing where there is none.
    pub(super) fn field(&mut self, id: ObjectId, name: &str) -> Shape {
        let pass = self.pass;
        let Some(object) = self.heap.object_mut(id) else { return Shape::nothing() };
        let mut shape = match object.fields.get_mut(name) {
            Some(field) => field.cell.get(pass),
            None => {
                // A later write must be noticed even where nothing was there to read.
                object.fields.entry(name.into()).or_default().cell.get(pass)
            }
        };
        let elements = object.elements.get(pass);
        shape.join(&elements);
        self.own(id, shape)
    }

    /// What a field gives that a record does not have, in a language where that is nothing.
    fn missing(&mut self, id: ObjectId, name: &str) -> Shape {
        let pass = self.pass;
        let rest = self.heap.object_mut(id).map(|object| object.rest.get(pass)).unwrap_or_default();
        if !rest.is_nothing() {
            return self.member(&rest, name);
        }
        let open = self.heap.object(id).is_none_or(|object| object.open);
        if open || self.pass == 1 { self.absent() } else { Atom::Nil.into() }
    }

    pub(super) fn fields_are_members(&self) -> bool {
        self.dialect().is_some_and(|dialect| dialect.fields_are_members)
    }

    /// Whether fields and methods are told apart, so that a member that is read is no method.
    pub(super) fn fields_are_apart(&self) -> bool {
        self.dialect().is_some_and(|dialect| !dialect.any.is_empty() && !dialect.members_are_names)
    }

    pub(super) fn records_are_lists(&self) -> bool {
        self.dialect().is_some_and(|dialect| dialect.records_are_lists)
    }

    fn field_or_absent(&mut self, id: ObjectId, name: &str) -> Shape {
        let shape = self.field(id, name);
        if shape.is_nothing() { self.absent() } else { shape }
    }

    /// Everything that an object may hold.
    pub(super) fn elements_of(&mut self, id: ObjectId) -> Shape {
        let (fields, mut elements, open) = self.contents(id);
        for (_, value, _) in fields {
            elements.join(&value);
        }
        if open {
            elements.add(Atom::Any(Why::Dynamic));
        }
        self.own(id, elements)
    }

    /// An element by its index or key.
    pub(super) fn index(&mut self, base: &Shape, index: &Shape) -> Shape {
        self.steps += (base.atoms().len() * index.atoms().len()) as u64;
        let mut found = Shape::nothing();
        for atom in base.atoms() {
            for key in index.atoms() {
                let shape = self.index_of(atom, key);
                found.join(&shape);
            }
        }
        found
    }

    fn index_of(&mut self, atom: &Atom, key: &Atom) -> Shape {
        let literal = literal_key(key);
        match atom {
            Atom::Object(id) => self.index_of_object(*id, literal.as_deref(), atom, key),
            Atom::Environment => match &literal {
                Some(name) => variable(name),
                None => Shape::some_text(),
            },
            Atom::Event(path) => match (&literal, key) {
                (Some(name), Atom::Text(_)) => event(path, name),
                _ => event_element(path),
            },
            Atom::Sdk(value) => {
                let (binding, value) = (self.binding, value.clone());
                let name = literal.as_deref().filter(|_| !matches!(key, Atom::Number(_)));
                match name.filter(|_| self.fields_are_members()) {
                    Some(name) => self.member_of(atom, name),
                    None if self.fields_are_members() && binding.reach(&value).is_some() => {
                        let mut shape = Shape::nothing();
                        self.unknown_member(&atom.clone().into(), &mut shape);
                        shape
                    }
                    None => binding.index(&value, literal.as_deref(), self),
                }
            }
            Atom::Class(_) if self.fields_are_members() && literal.is_some() => {
                self.member_of(atom, literal.as_deref().unwrap_or_default())
            }
            Atom::Text(_) => Shape::some_text(),
            Atom::Class(class) => match &literal {
                Some(name) => self.own_member(*class, name).unwrap_or_else(|| atom.clone().into()),
                None => atom.clone().into(),
            },
            Atom::External(path) => element_outside(path),
            Atom::Nil | Atom::Flag(_) => Shape::nothing(),
            // Types for the places of a generic routine.
            Atom::Routine(_) | Atom::Bound(..) | Atom::Native(..) => atom.clone().into(),
            _ => Shape::any(Why::Dynamic),
        }
    }

    fn index_of_object(&mut self, id: ObjectId, literal: Option<&str>, atom: &Atom, key: &Atom) -> Shape {
        let Some(kind) = self.heap.object(id).map(|object| object.kind) else { return Shape::nothing() };
        if let ObjectKind::Instance(class) = kind {
            if self.fields_are_members() {
                if let Some(name) = literal {
                    return self.member_of_instance(id, class, atom, name);
                }
                let mut shape = self.elements_of(id);
                self.unknown_member(&atom.clone().into(), &mut shape);
                return shape;
            }
            if let Some(getter) =
                self.member_of_class(class, self.dialect().map_or("", |dialect| dialect.index_member), atom)
            {
                let arguments =
                    super::binding::Arguments { positional: vec![key.clone().into()], ..Default::default() };
                return self.call(&getter, &arguments);
            }
            return Shape::any(Why::Dynamic);
        }
        match literal {
            Some(name) if kind == ObjectKind::List && name.starts_with('-') => {
                let place = self.heap.object(id).and_then(|object| {
                    let back: usize = name.get(1..)?.parse().ok()?;
                    object.elements.peek().is_nothing().then_some(object.fields.len().checked_sub(back)?)
                });
                match place {
                    Some(place) => self.field_or_absent(id, &place.to_string()),
                    None => self.elements_of(id),
                }
            }
            Some(name) => {
                let shape = self.field(id, name);
                let open = self.heap.object(id).is_some_and(|object| object.open);
                if !shape.is_nothing() {
                    shape
                } else if open {
                    Shape::any(Why::Dynamic)
                } else if matches!(kind, ObjectKind::Record | ObjectKind::List) && self.fields_are_members() {
                    self.missing(id, name)
                } else {
                    self.absent()
                }
            }
            None => self.elements_of(id),
        }
    }

    /// A part of a list or text.
    pub(super) fn slice(&mut self, base: &Shape) -> Shape {
        let mut shape = Shape::nothing();
        let mut elements = Shape::nothing();
        for atom in base.atoms() {
            match atom {
                Atom::Object(id) => elements.join(&self.elements_of(*id)),
                Atom::Text(_) => shape.join(&Shape::some_text()),
                other => shape.add(other.clone()),
            }
        }
        if !elements.is_nothing() {
            let list = self.new_list(1, &elements);
            shape.join(&list);
        }
        shape
    }

    /// What an iteration over a value gives.
    pub(super) fn element(&mut self, base: &Shape) -> Shape {
        let mut shape = Shape::nothing();
        for atom in base.atoms() {
            let element = match atom {
                Atom::Object(id) => self.element_of_object(*id),
                Atom::Event(path) => event_element(path),
                Atom::Sdk(value) => {
                    let (binding, value) = (self.binding, value.clone());
                    binding.element(&value, self)
                }
                Atom::Text(_) | Atom::Environment => Shape::some_text(),
                Atom::External(path) => element_outside(path),
                Atom::Nil => Shape::nothing(),
                Atom::Class(class) => self.constants(*class),
                _ => Shape::any(Why::Dynamic),
            };
            shape.join(&element);
        }
        shape
    }

    fn element_of_object(&mut self, id: ObjectId) -> Shape {
        match self.heap.object(id).map(|object| object.kind) {
            // A record gives its keys, or the pairs of a map.
            Some(ObjectKind::Record | ObjectKind::Map) if self.fields_are_members() => {
                if let Some(elements) = self.iterated(id) {
                    return elements;
                }
                let pairs = self.pairs(&Atom::Object(id).into());
                self.element(&pairs)
            }
            Some(ObjectKind::Record) if self.records_are_lists() => self.elements_of(id),
            Some(ObjectKind::Record | ObjectKind::Map) => match self.dialect().map(|dialect| dialect.entry) {
                Some(("", _)) | None => self.keys_of(id),
                Some(entry) => self.entry_of(id, entry),
            },
            Some(ObjectKind::Instance(_)) => self.iterated(id).unwrap_or_else(|| Shape::any(Why::Dynamic)),
            _ => self.elements_of(id),
        }
    }

    /// The names of a record's fields as texts.
    pub(super) fn keys_of(&mut self, id: ObjectId) -> Shape {
        let (fields, elements, open) = self.contents(id);
        let mut keys: Shape = fields
            .into_iter()
            .filter(|(_, value, _)| !value.is_nothing())
            .map(|(name, _, _)| Atom::Text(name.as_str().into()))
            .collect();
        if open || !elements.is_nothing() {
            keys.join(&Shape::some_text());
        }
        // Classes and routines may be keys, too.
        let pass = self.pass;
        let others = self.heap.object_mut(id).map(|object| object.keys.get(pass)).unwrap_or_default();
        keys.join(&others.filter(|atom| !matches!(atom, Atom::Text(_))));
        keys
    }
}

/// The path of what something outside gives, without what was done to that: a chain of calls ends where it began, however
/// often a loop goes on with it.
pub(super) fn made_outside(path: &str) -> &str {
    path.find("()").and_then(|end| path.get(..end + 2)).unwrap_or(path)
}

/// An element of something outside.
fn element_outside(path: &str) -> Shape {
    let made = made_outside(path);
    let is_whole = made.len() < path.len() || path.ends_with("()") || path.ends_with("[][]");
    let path = if is_whole { made.into() } else { format!("{path}[]") };
    Atom::External(path.into()).into()
}

/// A variable of the environment.
pub(super) fn variable(name: &str) -> Shape {
    Atom::Text(TemplateString::hole(Hole::Environment(name.into()))).into()
}

/// A field of the event.
fn event(path: &str, name: &str) -> Shape {
    let path = match path {
        "" => name.to_owned(),
        _ if path.len() > MAX_PATH || path.split('.').count() >= MAX_PARTS => path.to_owned(),
        _ => format!("{path}.{name}"),
    };
    Atom::Event(path.into()).into()
}

/// An element of a list in the event.
pub(super) fn event_element(path: &str) -> Shape {
    let path = if path.ends_with("[][]") { path.to_owned() } else { format!("{path}[]") };
    Atom::Event(path.into()).into()
}
