//! Calls: what is handed over to which parameter, and what happens to what leaves the project.

use crate::ir::{self, ClassKind, ParamKind};
use crate::text::SmolStr;

use super::binding::Arguments;
use super::callbacks::is_decorated;
use super::heap::{FrameId, ObjectKind, number};
use super::machine::Machine;
use super::model::BlindKind;
use super::shape::{Atom, ClosureId, ObjectId, Shape, TypeId, Why};

impl Machine<'_> {
    /// The arguments of a call with spreads resolved.
    pub(super) fn arguments(&mut self, frame: FrameId, arguments: &[ir::Argument]) -> Arguments {
        let mut resolved = Arguments::default();
        for argument in arguments {
            let value = self.value(frame, argument.value());
            match argument {
                ir::Argument::Plain(_) if resolved.rest.is_some() => {
                    resolved.rest.get_or_insert_default().join(&value);
                }
                ir::Argument::Plain(_) => resolved.positional.push(value),
                ir::Argument::Named(name, _) => resolved.named.push((name.clone(), value, true)),
                ir::Argument::Spread(_) => self.spread(&value, &mut resolved),
                ir::Argument::NamedSpread(_) => self.spread_named(&value, &mut resolved),
            }
        }
        resolved
    }

    pub(super) fn spread(&mut self, value: &Shape, into: &mut Arguments) {
        if let [Atom::Object(id)] = value.atoms()
            && self.heap.object(*id).is_some_and(|object| object.kind == ObjectKind::List)
            && into.rest.is_none()
        {
            let (fields, elements, open) = self.contents(*id);
            if elements.is_nothing() && !open {
                into.positional.extend(fields.into_iter().map(|(_, value, _)| value));
                return;
            }
        }
        let elements = self.element(value);
        into.rest.get_or_insert_default().join(&elements);
    }

    fn spread_named(&mut self, value: &Shape, into: &mut Arguments) {
        let single = value.atoms().len() == 1;
        for atom in value.atoms() {
            let Atom::Object(id) = atom else {
                into.open |= !matches!(atom, Atom::Nil);
                continue;
            };
            let (fields, elements, open) = self.contents(*id);
            into.open |= open || !elements.is_nothing();
            for (name, value, always) in fields {
                if value.is_nothing() {
                    continue;
                }
                match into.named.iter_mut().find(|(known, _, _)| *known == name) {
                    Some((_, known, _)) => known.join(&value),
                    None => into.named.push((name, value, always && single)),
                }
            }
        }
    }

    /// Calls whatever a value may be.
    pub(super) fn call(&mut self, callee: &Shape, arguments: &Arguments) -> Shape {
        let fitting = self.fitting(callee, arguments);
        let callee = fitting.as_ref().unwrap_or(callee);
        self.steps += callee.atoms().len() as u64;
        callee.atoms().iter().map(|atom| self.call_one(atom, arguments)).collect()
    }

    fn call_one(&mut self, callee: &Atom, arguments: &Arguments) -> Shape {
        match callee {
            Atom::Routine(closure) => self.call_routine(*closure, None, arguments),
            Atom::Bound(closure, receiver) => self.call_bound(*closure, receiver, arguments),
            Atom::Class(class) => self.construct(*class, arguments),
            Atom::Super(..) | Atom::Object(_) => self.call_other(callee, arguments),
            other => match self.without_block(other, arguments) {
                Some(arguments) => self.call_other(other, &arguments),
                None => self.call_other(other, arguments),
            },
        }
    }

    fn call_other(&mut self, callee: &Atom, arguments: &Arguments) -> Shape {
        match callee {
            Atom::Super(class, receiver) => {
                let member = self.member(
                    &Atom::Super(*class, receiver.clone()).into(),
                    self.dialect().map_or("", |dialect| dialect.call_member),
                );
                self.call(&member, arguments)
            }
            Atom::Native(intrinsic, receiver) if arguments.has_types() => {
                self.intrinsic(*intrinsic, receiver.as_deref(), &arguments.without_types())
            }
            Atom::Native(intrinsic, receiver) => self.intrinsic(*intrinsic, receiver.as_deref(), arguments),
            Atom::Sdk(value) => {
                let (binding, value) = (self.binding, value.clone());
                binding.call(&value, arguments, self)
            }
            Atom::Object(id) => self.call_object(*id, callee, arguments),
            Atom::External(path) => self.call_outside(path, arguments),
            Atom::Member(name) => self.call_unknown(name, arguments),
            Atom::Nil if self.fields_are_members() => Shape::nothing(),
            // A method that only hands out data.
            Atom::Event(_) if arguments.positional.is_empty() && self.has_getters() => callee.clone().into(),
            Atom::Any(_) | Atom::Event(_) => {
                self.hand_over(arguments, "a value that is not known", true);
                Shape::any(Why::Dynamic)
            }
            _ => Shape::any(Why::Dynamic),
        }
    }

    pub(super) fn call_bound(&mut self, closure: ClosureId, receiver: &Atom, arguments: &Arguments) -> Shape {
        self.call_routine(closure, Some(receiver), arguments)
    }

    fn call_routine(&mut self, closure: ClosureId, receiver: Option<&Atom>, arguments: &Arguments) -> Shape {
        // Where routines are no members, what is called on nothing still has its place for the object.
        let nobody = Atom::Any(Why::Dynamic);
        let receiver = receiver.or_else(|| self.awaits_object(closure).then_some(&nobody));
        let shapes = self.parameters(closure, receiver, arguments);
        self.run_routine(closure, shapes)
    }

    /// What each parameter of a routine gets.
    fn parameters(
        &mut self,
        closure: ClosureId,
        receiver: Option<&Atom>,
        arguments: &Arguments,
    ) -> Vec<Shape> {
        let Some(value) = self.heap.closure(closure) else { return vec![] };
        let Some(routine) = self.module(value.unit).and_then(|module| module.routine(value.routine)) else {
            return vec![];
        };
        let recorded = self.named_as_record(routine, arguments);
        let arguments = recorded.as_ref().unwrap_or(arguments);
        let shift = usize::from(receiver.is_some());
        let given = if routine.params.len() > shift + 1 { self.bundled(&arguments.positional) } else { None };
        let given = given.or_else(|| self.unpacked(routine, arguments));
        let positional: Vec<Shape> = receiver
            .map(|receiver| receiver.clone().into())
            .into_iter()
            .chain(given.unwrap_or_else(|| arguments.positional.clone()))
            .collect();
        let plain = routine.params.iter().filter(|param| param.kind == ParamKind::Plain).count();
        let mut shapes = vec![];
        let mut place = 0;
        for (index, param) in routine.params.iter().enumerate() {
            let shape = match param.kind {
                ParamKind::Plain => {
                    let given = positional.get(place).cloned();
                    place += 1;
                    let named = if place > shift { arguments.named(&param.name).cloned() } else { None };
                    given.or(named).or_else(|| unnamed_rest(arguments))
                }
                ParamKind::Named => arguments
                    .named(&param.name)
                    .cloned()
                    .or_else(|| arguments.open.then(|| Shape::any(Why::Dynamic))),
                ParamKind::Rest => {
                    let extra: Vec<Shape> = positional.iter().skip(plain).cloned().collect();
                    Some(self.rest_list(number(index), extra, arguments.rest.as_ref()))
                }
                ParamKind::NamedRest => {
                    let known: Vec<SmolStr> = routine.params.iter().map(|param| param.name.clone()).collect();
                    Some(self.rest_record(number(index), &known, arguments))
                }
            };
            let partly = param.kind != ParamKind::Rest
                && arguments.named.iter().any(|(name, _, always)| *name == param.name && !always);
            shapes.push(self.parameter(closure, number(index), shape, partly));
        }
        shapes
    }

    /// A parameter's value: what is handed over, else the default; with what the declared type adds.
    fn parameter(&mut self, closure: ClosureId, index: u32, given: Option<Shape>, partly: bool) -> Shape {
        let pass = self.pass;
        let mut read = |declared: bool| {
            let value = self.heap.closures.get_mut(closure.0 as usize)?;
            let cells = if declared { &mut value.declared } else { &mut value.defaults };
            cells.iter_mut().find(|(known, _)| *known == index).map(|(_, cell)| cell.get(pass))
        };
        let (default, declared) = (read(false), read(true));
        let mut shape = match (given, default) {
            (Some(mut given), Some(default)) if partly => {
                given.join(&default);
                given
            }
            (Some(given), _) => given,
            (None, Some(default)) => default,
            (None, None) if self.lacks_are_nothing(closure) => Atom::Nil.into(),
            (None, None) => Shape::any(Why::Dynamic),
        };
        if let Some(declared) = declared {
            shape = self.cast(&shape, &declared);
        }
        shape
    }

    fn rest_list(&mut self, index: u32, extra: Vec<Shape>, rest: Option<&Shape>) -> Shape {
        let slot = 100 + u16::try_from(index).unwrap_or(0);
        let fields = extra
            .into_iter()
            .enumerate()
            .map(|(place, value)| (SmolStr::from(place.to_string()), value))
            .collect();
        let list = self.new_object(slot, ObjectKind::List, fields);
        if let (Some(rest), [Atom::Object(id)]) = (rest, list.atoms()) {
            self.put_element(*id, rest);
        }
        list
    }

    pub(super) fn rest_record(&mut self, index: u32, known: &[SmolStr], arguments: &Arguments) -> Shape {
        let (frame, node) = self.here;
        let id =
            self.heap.object_at(frame, node, 100 + u16::try_from(index).unwrap_or(0), ObjectKind::Record);
        for (name, value, always) in &arguments.named {
            if !known.contains(name) {
                self.put(id, name, value, *always);
            }
        }
        if arguments.open
            && let Some(object) = self.heap.object_mut(id)
        {
            object.open = true;
        }
        Atom::Object(id).into()
    }

    /// Makes an object of a class and runs its constructor.
    fn construct(&mut self, class: TypeId, arguments: &Arguments) -> Shape {
        if self.kind_of(class) != ClassKind::Plain {
            return arguments.get("", 0).cloned().unwrap_or_default();
        }
        if let Some(made) = self.allocated(class, arguments) {
            for atom in made.atoms() {
                if let Atom::Object(id) = atom {
                    self.initialise(class, *id, arguments);
                }
            }
            return made;
        }
        let id = self.object_of(class);
        self.initialise(class, id, arguments);
        Atom::Object(id).into()
    }

    /// The object of a class that is made at the current place.
    pub(super) fn object_of(&mut self, class: TypeId) -> ObjectId {
        let (frame, node) = self.here;
        let slot = u16::try_from(class.0 % 1000).unwrap_or(0) + 1000;
        self.heap.object_at(frame, node, slot, ObjectKind::Instance(class))
    }

    /// What a class of the project makes of itself before the constructor runs, where it does.
    fn allocated(&mut self, class: TypeId, arguments: &Arguments) -> Option<Shape> {
        let name = self.dialect().map_or("", |dialect| dialect.allocate_member);
        if name.is_empty() && self.is_nominal() {
            return None;
        }
        let member = self.member_of_class(class, name, &Atom::Class(class))?;
        let allocator = member.filter(|atom| matches!(atom, Atom::Bound(..)));
        let made = self.call(&allocator, arguments).filter(|atom| matches!(atom, Atom::Object(_)));
        (!made.is_nothing()).then_some(made)
    }

    /// An object of a class whose constructor does not run.
    pub(super) fn allocate(&mut self, classes: &Shape) -> Shape {
        let mut made = Shape::nothing();
        for atom in classes.atoms() {
            if let Atom::Class(class) = atom {
                made.add(Atom::Object(self.object_of(*class)));
            }
        }
        made
    }

    pub(super) fn initialise(&mut self, class: TypeId, id: ObjectId, arguments: &Arguments) {
        let receiver = Atom::Object(id);
        let name = self
            .heap
            .type_value(class)
            .and_then(|value| self.module(value.unit)?.class(value.class))
            .map(|class| class.constructor.clone());
        let constructor = name.and_then(|name| self.member_of_class(class, &name, &receiver));
        match constructor {
            Some(constructor) if constructor.atoms().iter().any(|atom| self.is_constructor(atom)) => {
                self.call(&constructor, arguments);
            }
            _ => self.fill_fields(class, id, arguments),
        }
        let completed = self.dialect().map_or("", |dialect| dialect.completed_member);
        if completed.is_empty() && self.is_nominal() {
            return;
        }
        if let Some(after) = self.member_of_class(class, completed, &receiver) {
            let bound = after.filter(|atom| matches!(atom, Atom::Bound(..)));
            self.call(&bound, &Arguments::default());
        }
    }

    fn is_constructor(&self, atom: &Atom) -> bool {
        match atom {
            Atom::Bound(..) => true,
            Atom::Sdk(value) => self.binding.constructs(value),
            _ => false,
        }
    }

    /// A class without a constructor of its own: arguments fill the fields that it declares.
    fn fill_fields(&mut self, class: TypeId, id: ObjectId, arguments: &Arguments) {
        for (name, value, always) in &arguments.named {
            self.put(id, name, value, *always);
        }
        let names = self.member_names(class);
        for (name, value) in names.iter().zip(&arguments.positional) {
            self.put(id, name, value, true);
        }
        if arguments.open
            && let Some(object) = self.heap.object_mut(id)
        {
            object.open = true;
        }
    }

    fn call_object(&mut self, id: ObjectId, callee: &Atom, arguments: &Arguments) -> Shape {
        match self.heap.object(id).map(|object| object.kind) {
            Some(ObjectKind::Partial) => self.call_partial(id, arguments),
            Some(ObjectKind::Instance(class)) => match self.call_member(class, callee) {
                Some(member) => self.call(&member, arguments),
                None if self.is_nominal() => {
                    self.escape_overrides(class, callee);
                    Shape::any(Why::Dynamic)
                }
                None => Shape::any(Why::Dynamic),
            },
            _ => Shape::any(Why::Dynamic),
        }
    }

    /// The member that the language calls when an object of a class is called.
    fn call_member(&mut self, class: TypeId, object: &Atom) -> Option<Shape> {
        let name = self.dialect().map_or("", |dialect| dialect.call_member);
        if name.is_empty() && self.is_nominal() { None } else { self.member_of_class(class, name, object) }
    }

    fn call_partial(&mut self, id: ObjectId, arguments: &Arguments) -> Shape {
        let (fields, _, open) = self.contents(id);
        let mut all = arguments.clone();
        let mut callee = Shape::nothing();
        let mut place = 0;
        for (name, value, always) in fields {
            if name.is_empty() {
                callee = value;
            } else if name.parse::<usize>().is_ok() {
                all.positional.insert(place, value);
                place += 1;
            } else if all.named(&name).is_none() {
                all.named.push((name, value, always));
            }
        }
        all.open |= open;
        self.call(&callee, &all)
    }

    /// A call of something outside the project: routines handed to it are assumed to be called, clients may be used.
    fn call_outside(&mut self, path: &str, arguments: &Arguments) -> Shape {
        let name = path.rsplit('.').next().unwrap_or(path);
        self.note_missing(path);
        if path.contains("()")
            && let Some(result) = self.call_by_name(name, arguments)
        {
            return result;
        }
        if path.contains('.') {
            self.note_look_alike(name, arguments);
        }
        // What wraps a single routine gives something that behaves like it, and is called as that is called.
        let wraps = arguments.positional.len() == 1 && arguments.named.is_empty();
        let deferred = self.deferred(arguments);
        if !wraps || !is_decorated(path, arguments) {
            let outer = std::mem::replace(&mut self.deferring, deferred.clone());
            self.hand_over(arguments, path, !wraps);
            self.deferring = outer;
        }
        let mut result = Shape::from(Atom::External(match super::member::made_outside(path) {
            made if made.len() < path.len() => made.into(),
            _ if path.ends_with("()") => path.into(),
            _ => format!("{path}()").into(),
        }));
        if let [first] = arguments.positional.as_slice() {
            result.join(
                &first.filter(|atom| matches!(atom, Atom::Routine(_) | Atom::Bound(..) | Atom::Class(_))),
            );
        }
        if let Some(deferred) = deferred.filter(|_| !wraps) {
            result.add(deferred);
        }
        result
    }

    /// A member that calls its arguments, whatever it is a member of (`submit`).
    fn call_by_name(&mut self, name: &str, arguments: &Arguments) -> Option<Shape> {
        let intrinsic = ir::Dialect::find(self.dialect()?.other, name)?;
        Some(self.intrinsic(intrinsic, None, arguments))
    }

    /// A call of a member of something of which nothing is known.
    fn call_unknown(&mut self, name: &str, arguments: &Arguments) -> Shape {
        if let Some(result) = self.call_by_name(name, arguments) {
            return result;
        }
        self.hand_over(arguments, name, true);
        self.note_look_alike(name, arguments);
        Shape::any(Why::Dynamic)
    }

    /// Notes a call that looks like an operation of a service. In the first pass more may still become known.
    fn note_look_alike(&mut self, name: &str, arguments: &Arguments) {
        let mut services = self.binding.looks_like(name, arguments);
        if self.dialect().is_some_and(|dialect| dialect.fields_are_members)
            && let Some(arguments) = self.by_name(arguments)
        {
            services.extend(self.binding.looks_like(name, &arguments));
        }
        if services.is_empty() {
            return;
        }
        if self.pass == 1 {
            self.dirty = true;
            return;
        }
        let names: Vec<&str> = services.iter().map(SmolStr::as_str).collect();
        let message = format!(
            "`{name}` looks like an operation of {}, but what it is called on is not known",
            names.join(" or ")
        );
        self.note_here(BlindKind::UnknownService, &names, message);
    }

    /// Calls a member that the language calls by itself, where a class of the project has it.
    pub(super) fn protocol(&mut self, value: &Shape, name: &str) -> Shape {
        let mut shape = Shape::nothing();
        for atom in value.atoms() {
            let class = match atom {
                Atom::Object(id) => match self.heap.object(*id).map(|object| object.kind) {
                    Some(ObjectKind::Instance(class)) => Some(class),
                    _ => None,
                },
                _ => None,
            };
            let member = class.and_then(|class| self.member_of_class(class, name, atom));
            let bound =
                member.map(|member| member.filter(|atom| matches!(atom, Atom::Bound(..) | Atom::Routine(_))));
            match bound.filter(|bound| !bound.is_nothing()) {
                Some(bound) => {
                    let arguments =
                        Arguments { rest: Some(Shape::any(Why::Dynamic)), ..Arguments::default() };
                    let result = self.call(&bound, &arguments);
                    shape.join(&result);
                }
                None => shape.add(atom.clone()),
            }
        }
        shape
    }
}

/// What a parameter gets that no argument names, where arguments of unknown number or name are handed over.
fn unnamed_rest(arguments: &Arguments) -> Option<Shape> {
    arguments.rest.clone().or_else(|| arguments.open.then(|| Shape::any(Why::Dynamic)))
}
