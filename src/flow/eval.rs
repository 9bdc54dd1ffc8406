//! What each node of a routine comes to.

use indexmap::IndexMap;

use crate::ir::{Argument, Closure, ImportId, Intrinsic, Node, NodeId, Routine, VariableRef};
use crate::text::SmolStr;

use super::binding::Arguments;
use super::heap::{Cell, ClosureValue, FrameId, ObjectKind, TypeValue, number};
use super::machine::Machine;
use super::shape::{Atom, ClosureId, Shape, TypeId, UnitId, Why};

/// How often a routine with loops is repeated before the next pass goes on with it.
const MAX_ROUNDS: u32 = 6;
/// The round from which texts that a loop still makes longer are cut to what they begin with.
const SETTLING_ROUND: u32 = 4;

impl Machine<'_> {
    /// Evaluates every node of a frame in order, again where a loop brought something new to its head.
    pub(super) fn evaluate(&mut self, frame: FrameId, routine: &Routine) {
        self.set_values(frame, vec![Shape::nothing(); routine.nodes.len()]);
        self.rounds(frame, routine);
        // What a node came to is of no use to anybody once the routine is left: what lasts is in the heap.
        self.set_values(frame, vec![]);
    }

    fn set_values(&mut self, frame: FrameId, values: Vec<Shape>) {
        if let Some(frame) = self.heap.frame_mut(frame) {
            frame.values = values;
        }
    }

    fn rounds(&mut self, frame: FrameId, routine: &Routine) {
        for round in 1..=MAX_ROUNDS {
            let mut loops = vec![];
            for (node, id) in routine.nodes.iter().zip(0..) {
                let id = NodeId(id);
                self.here = (frame, id);
                let mut value = self.node(frame, node);
                if let Node::OneOf(values) = node
                    && values.iter().any(|value| *value > id)
                {
                    if round >= SETTLING_ROUND {
                        value = value.without_growth(&self.value(frame, id));
                    }
                    loops.push((id, values));
                }
                self.set(frame, id, value);
            }
            let grew = loops.iter().any(|(id, values)| {
                let known = self.value(frame, *id);
                values.iter().any(|value| {
                    let value = self.value(frame, *value);
                    !value.within_but_for_texts(&known, round >= SETTLING_ROUND) && known.grows_by(&value)
                })
            });
            if !grew {
                return;
            }
            self.dirty |= round == MAX_ROUNDS;
        }
    }

    /// What a node of a frame came to last.
    pub(super) fn value(&self, frame: FrameId, node: NodeId) -> Shape {
        let frame = self.heap.frame(frame);
        frame.and_then(|frame| frame.values.get(node.0 as usize)).cloned().unwrap_or_default()
    }

    fn set(&mut self, frame: FrameId, node: NodeId, value: Shape) {
        // What may be a great many things costs as much at each step that it takes.
        self.steps += value.atoms().len() as u64 / 2;
        if let Some(slot) = self.heap.frame_mut(frame).and_then(|frame| frame.values.get_mut(node.0 as usize))
        {
            *slot = value;
        }
    }

    fn node(&mut self, frame: FrameId, node: &Node) -> Shape {
        match node {
            Node::Text(text) => Shape::text(text),
            Node::Number(number) => Atom::Number(number.clone()).into(),
            Node::Flag(flag) => Atom::Flag(*flag).into(),
            Node::Nil => Atom::Nil.into(),
            Node::Unknown => Shape::any(Why::Dynamic),
            Node::Param(index) => self.param(frame, *index),
            Node::Read(variable) => self.read(frame, *variable),
            Node::Write(variable, value) => {
                let value = self.value(frame, *value);
                self.write(frame, *variable, &value);
                Shape::nothing()
            }
            Node::Free(name) => self.free(frame, name),
            Node::Import(import) => self.import(frame, *import),
            Node::Member(base, name) => {
                let base = self.value(frame, *base);
                self.member(&base, name)
            }
            Node::Method(base, name) => {
                let base = self.value(frame, *base);
                self.method(&base, name)
            }
            Node::Index(base, index) => {
                let (base, index) = (self.value(frame, *base), self.value(frame, *index));
                self.index(&base, &index)
            }
            Node::Slice(base) => {
                let base = self.value(frame, *base);
                self.slice(&base)
            }
            Node::Element(base) => {
                let base = self.value(frame, *base);
                self.element(&base)
            }
            Node::Call(call) => {
                let callee = self.value(frame, call.callee);
                let arguments = self.arguments(frame, &call.arguments);
                self.call(&callee, &arguments)
            }
            Node::New(call) => {
                let class = self.value(frame, call.callee);
                let arguments = self.arguments(frame, &call.arguments);
                self.create(&class, &arguments)
            }
            Node::Generic(base, arguments) => {
                let base = self.value(frame, *base);
                let arguments: Vec<Shape> = arguments.iter().map(|one| self.value(frame, *one)).collect();
                self.generic(&base, &arguments)
            }
            Node::Protocol(value, name) => {
                let value = self.value(frame, *value);
                self.protocol(&value, name)
            }
            other => self.make(frame, other),
        }
    }

    /// Nodes that make something.
    fn make(&mut self, frame: FrameId, node: &Node) -> Shape {
        match node {
            Node::Routine(closure) => self.closure(frame, closure),
            Node::Class(class, bases) => self.class(frame, *class, bases),
            Node::Super => self.super_of(frame),
            Node::Concat(parts) => self.concat(frame, parts),
            Node::Operation(_) => {
                [Atom::Number(SmolStr::default()), Atom::Any(Why::Dynamic)].into_iter().collect()
            }
            Node::List(elements) => self.list_node(frame, elements),
            Node::Record(pairs) => self.record_node(frame, pairs),
            Node::OneOf(values) => values.iter().map(|value| self.value(frame, *value)).collect(),
            Node::Cast(value, declared) => {
                let (value, declared) = (self.value(frame, *value), self.value(frame, *declared));
                self.cast(&value, &declared)
            }
            Node::Within(first, second) => within(self.value(frame, *first), self.value(frame, *second)),
            Node::Changed(object, given) => {
                let (object, given) = (self.value(frame, *object), self.value(frame, *given));
                self.changed(&object, &given)
            }
            Node::Results(values) => self.results(frame, values),
            Node::Result(value, place) => {
                let value = self.value(frame, *value);
                self.result(&value, *place)
            }
            Node::Make(kind, fields) => self.make_of(frame, *kind, fields),
            Node::Field(name, kind) | Node::Part(name, kind) => {
                self.declare_field(frame, name, *kind, matches!(node, Node::Part(..)));
                Shape::nothing()
            }
            other => self.put_somewhere(frame, other),
        }
    }

    /// Nodes that put something somewhere.
    fn put_somewhere(&mut self, frame: FrameId, node: &Node) -> Shape {
        match node {
            Node::Store { base, field, value, definite } => {
                let (base, value) = (self.value(frame, *base), self.value(frame, *value));
                self.store(&base, field, &value, *definite);
                Shape::nothing()
            }
            Node::Extend { base, field, value } => {
                let (base, value) = (self.value(frame, *base), self.value(frame, *value));
                self.extend(&base, field, &value);
                Shape::nothing()
            }
            Node::Open(value) => {
                let value = self.value(frame, *value);
                self.open_names(frame, &value);
                Shape::nothing()
            }
            Node::Implement(class, base) => {
                let (class, base) = (self.value(frame, *class), self.value(frame, *base));
                self.implement(&class, &base);
                Shape::nothing()
            }
            Node::StoreIndex { base, index, value, definite } => {
                let (base, index) = (self.value(frame, *base), self.value(frame, *index));
                let value = self.value(frame, *value);
                self.store_index(&base, &index, &value, *definite);
                Shape::nothing()
            }
            Node::Return(value) => {
                let value = self.value(frame, *value);
                self.remember(frame, &value, |frame| &mut frame.result);
                Shape::nothing()
            }
            Node::Yield(value) => {
                let value = self.value(frame, *value);
                self.remember(frame, &value, |frame| &mut frame.yields);
                Shape::nothing()
            }
            Node::YieldFrom(value) => {
                let value = self.value(frame, *value);
                let elements = self.element(&value);
                self.remember(frame, &elements, |frame| &mut frame.yields);
                Shape::nothing()
            }
            _ => Shape::nothing(),
        }
    }

    fn remember(
        &mut self,
        frame: FrameId,
        value: &Shape,
        cell: impl Fn(&mut super::heap::Frame) -> &mut Cell,
    ) {
        let pass = self.pass;
        if let Some(frame) = self.heap.frame_mut(frame) {
            self.dirty |= cell(frame).add(value, pass);
        }
    }

    fn param(&self, frame: FrameId, index: u32) -> Shape {
        let frame = self.heap.frame(frame);
        frame.and_then(|frame| frame.arguments.get(index as usize)).cloned().unwrap_or_default()
    }

    /// The frame that holds a variable, seen from a frame inside it.
    fn holder(&self, mut frame: FrameId, variable: VariableRef) -> Option<FrameId> {
        loop {
            let value = self.heap.frame(frame)?;
            if value.routine == variable.routine {
                return Some(frame);
            }
            frame = value.parent?;
        }
    }

    fn read(&mut self, frame: FrameId, variable: VariableRef) -> Shape {
        let pass = self.pass;
        let Some(holder) = self.holder(frame, variable) else { return Shape::any(Why::Dynamic) };
        let cell = self.heap.frame_mut(holder).and_then(|frame| frame.cells.get_mut(variable.index as usize));
        let value = cell.map(|cell| cell.get(pass)).unwrap_or_default();
        if value.is_nothing() { self.absent() } else { value }
    }

    fn write(&mut self, frame: FrameId, variable: VariableRef, value: &Shape) {
        let Some(holder) = self.holder(frame, variable) else { return };
        let pass = self.pass;
        let cell = self.heap.frame_mut(holder).and_then(|frame| frame.cells.get_mut(variable.index as usize));
        if let Some(cell) = cell {
            self.dirty |= cell.add(value, pass);
        }
    }

    /// What a read gives that found nothing: in the first pass the writer may be still to come.
    pub(super) fn absent(&mut self) -> Shape {
        if self.pass > 1 {
            return Shape::any(Why::Dynamic);
        }
        self.dirty = true;
        Shape::nothing()
    }

    fn free(&mut self, frame: FrameId, name: &str) -> Shape {
        let Some(unit) = self.heap.frame(frame).map(|frame| frame.unit) else { return Shape::nothing() };
        if self.module(unit).is_some_and(|module| module.dialect.members_are_names)
            && let Some(shape) = self.member_around(frame, name)
        {
            return shape;
        }
        if let Some(shape) = self.starred(unit, name) {
            return shape;
        }
        let found = self.outside(unit, name);
        let is_outside = found.atoms().iter().all(|atom| matches!(atom, Atom::External(_)));
        // In the first pass what was opened may be still to come.
        if self.pass == 1 && is_outside && self.opened.contains_key(&unit) { self.absent() } else { found }
    }

    fn open_names(&mut self, frame: FrameId, value: &Shape) {
        let Some(unit) = self.heap.frame(frame).map(|frame| frame.unit) else { return };
        let pass = self.pass;
        self.dirty |= self.opened.entry(unit).or_default().add(value, pass);
    }

    /// A name in something that was opened.
    pub(super) fn opened_name(&mut self, unit: UnitId, name: &str) -> Option<Shape> {
        let pass = self.pass;
        let opened = self.opened.get_mut(&unit)?.get(pass);
        for atom in opened.atoms() {
            let found = match atom {
                Atom::Unit(other) if *other != unit => self.export(*other, name),
                Atom::Class(class) => self.member_of_class(*class, name, atom),
                Atom::Sdk(value) => {
                    let (binding, value) = (self.binding, value.clone());
                    Some(binding.member(&value, name, self).filter(|atom| matches!(atom, Atom::Sdk(_))))
                }
                _ => None,
            };
            if let Some(found) = found.filter(|found| !found.is_nothing()) {
                return Some(found);
            }
        }
        None
    }

    /// Something outside the project by its dotted path.
    pub(super) fn outside(&mut self, unit: UnitId, path: &str) -> Shape {
        let Some(module) = self.module(unit) else { return Shape::any(Why::External) };
        match crate::ir::Dialect::find(module.dialect.functions, path) {
            Some(Intrinsic::Environment) => return Atom::Environment.into(),
            Some(intrinsic) => return Atom::Native(intrinsic, None).into(),
            None => {}
        }
        if let Some(shape) = self.qualified(path) {
            return shape;
        }
        match self.binding.import(module.dialect.language, path) {
            Some(value) => value.into_shape(),
            None => Atom::External(path.into()).into(),
        }
    }

    /// A package of the project, or what it has, by the whole path.
    pub(super) fn qualified(&mut self, path: &str) -> Option<Shape> {
        let is_package = |unit: &UnitId| {
            self.program.unit(*unit).is_some_and(|unit| !unit.parts.is_empty() && !unit.loads_whole)
        };
        if let Some(unit) = self.program.named(path).filter(is_package) {
            return Some(Atom::Unit(unit).into());
        }
        let (package, name) = path.rsplit_once('.')?;
        let unit = self.program.named(package).filter(is_package)?;
        self.export(unit, name)
    }

    fn import(&mut self, frame: FrameId, id: ImportId) -> Shape {
        let Some(unit) = self.heap.frame(frame).map(|frame| frame.unit) else { return Shape::nothing() };
        let Some(import) = self.module(unit).and_then(|module| module.import(id)) else {
            return Shape::nothing();
        };
        let link = self.program.target(unit, id).cloned().unwrap_or_default();
        if let Some(target) = link.module {
            self.load(target);
            if import.member.as_deref() == Some("*") {
                return Shape::nothing();
            }
            let Some(member) = &import.member else {
                return self.module_value(target).unwrap_or_else(|| Atom::Unit(target).into());
            };
            if let Some(shape) = self.export(target, member) {
                return shape;
            }
        }
        if let Some(target) = link.member {
            self.load(target);
            return Atom::Unit(target).into();
        }
        if link.module.is_some() {
            return self.undeclared(import);
        }
        if import.member.is_none()
            && self.opened.contains_key(&unit)
            && let Some(shape) = self.starred(unit, &import.module)
        {
            return shape;
        }
        match &import.member {
            Some(member) if import.module.is_empty() => self.outside(unit, member),
            Some(member) => self.outside(unit, &format!("{}.{member}", import.module)),
            None => self.outside(unit, &import.module),
        }
    }

    /// What an import of a whole module gives, in a language where that is a value of its own.
    pub(super) fn module_value(&mut self, unit: UnitId) -> Option<Shape> {
        let module = self.module(unit)?;
        let name = module.dialect.module_value;
        let index = module.export(name).filter(|_| !name.is_empty())?;
        let frame = self.load(unit)?;
        let pass = self.pass;
        let value = self.heap.frame_mut(frame)?.cells.get_mut(index as usize)?.get(pass);
        Some(if value.is_nothing() { self.absent() } else { value })
    }

    /// A part of what an import of a whole module gives.
    fn part_of_module(&mut self, value: &Shape, name: &str) -> Option<Shape> {
        let mut shape = Shape::nothing();
        for atom in value.atoms() {
            match atom {
                Atom::Object(id) => {
                    let field = self.field(*id, name);
                    shape.join(&field);
                    if field.is_nothing() && self.heap.object(*id).is_some_and(|object| object.open) {
                        shape.add(Atom::Any(Why::External));
                    }
                }
                Atom::Class(_) | Atom::External(_) | Atom::Sdk(_) => {
                    let member = self.member(&atom.clone().into(), name);
                    shape.join(&member);
                }
                _ => {}
            }
        }
        (!shape.is_nothing()).then_some(shape)
    }

    /// What a module exports under a name.
    pub(super) fn export(&mut self, unit: UnitId, name: &str) -> Option<Shape> {
        let program = self.program;
        if !program.unit(unit)?.parts.is_empty() {
            let declaring = program.declaring(unit, name);
            let values = declaring.iter().filter_map(|part| self.own_export(*part, name));
            return values.reduce(|mut all, value| {
                all.join(&value);
                all
            });
        }
        if let Some(value) = self.module_value(unit) {
            return self.part_of_module(&value, name);
        }
        self.load(unit)?;
        self.own_export(unit, name).or_else(|| self.starred(unit, name))
    }

    /// What a module itself has under a name.
    fn own_export(&mut self, unit: UnitId, name: &str) -> Option<Shape> {
        let index = self.module(unit)?.export(name)?;
        let frame = self.load(unit)?;
        let pass = self.pass;
        let value = self.heap.frame_mut(frame)?.cells.get_mut(index as usize)?.get(pass);
        Some(if value.is_nothing() { self.absent() } else { value })
    }

    fn closure(&mut self, frame: FrameId, closure: &Closure) -> Shape {
        let pass = self.pass;
        let Some(unit) = self.heap.frame(frame).map(|frame| frame.unit) else { return Shape::nothing() };
        let here = self.here;
        let id = *self.heap.closure_ids.entry(here).or_insert_with(|| {
            let id = ClosureId(number(self.heap.closures.len()));
            let empty =
                |pairs: &[(u32, NodeId)]| pairs.iter().map(|(index, _)| (*index, Cell::default())).collect();
            self.heap.closures.push(ClosureValue {
                unit,
                routine: closure.routine,
                parent: frame,
                defaults: empty(&closure.defaults),
                declared: empty(&closure.declared),
                provides: None,
            });
            id
        });
        self.declare_provided(frame, id, closure);
        for (source, is_default) in [(&closure.defaults, true), (&closure.declared, false)] {
            for (place, (_, node)) in source.iter().enumerate() {
                let value = self.value(frame, *node);
                let Some(known) = self.heap.closures.get_mut(id.0 as usize) else { continue };
                let cells = if is_default { &mut known.defaults } else { &mut known.declared };
                if let Some((_, cell)) = cells.get_mut(place) {
                    self.dirty |= cell.add(&value, pass);
                }
            }
        }
        Atom::Routine(id).into()
    }

    fn class(&mut self, frame: FrameId, class: crate::ir::ClassId, bases: &[NodeId]) -> Shape {
        let pass = self.pass;
        let Some(unit) = self.heap.frame(frame).map(|frame| frame.unit) else { return Shape::nothing() };
        let here = self.here;
        let known = self.heap.type_ids.get(&here).copied();
        let id = match known {
            Some(id) => id,
            None => {
                let Some(body) =
                    self.module(unit).and_then(|module| module.class(class)).map(|class| class.body)
                else {
                    return Shape::nothing();
                };
                let body = self.body_frame(unit, body, frame);
                let id = TypeId(number(self.heap.types.len()));
                let bases = bases.iter().map(|_| Cell::default()).collect();
                self.heap.types_of_bodies.insert(body, id);
                self.heap.types.push(TypeValue {
                    unit,
                    class,
                    body,
                    bases,
                    fields: IndexMap::default(),
                    added: IndexMap::default(),
                });
                self.heap.type_ids.insert(here, id);
                id
            }
        };
        for (place, base) in bases.iter().enumerate() {
            // A class that is above itself adds nothing.
            let is_above = |atom: &Atom| matches!(atom, Atom::Class(base) if self.derives(*base, id, 0));
            let value = self.value(frame, *base).filter(|atom| !is_above(atom));
            if let Some(cell) =
                self.heap.types.get_mut(id.0 as usize).and_then(|class| class.bases.get_mut(place))
            {
                self.dirty |= cell.add(&value, pass);
            }
        }
        if let Some(body) = self.heap.type_value(id).map(|class| class.body) {
            self.enter(body, Some(here));
            self.here = here;
        }
        Atom::Class(id).into()
    }

    fn super_of(&mut self, frame: FrameId) -> Shape {
        let Some(value) = self.heap.frame(frame) else { return Shape::nothing() };
        let class = self
            .module(value.unit)
            .and_then(|module| module.routine(value.routine))
            .and_then(|routine| routine.class);
        let unit = value.unit;
        let receiver = value.arguments.first().cloned().unwrap_or_default();
        let found = self.heap.types.iter().position(|known| known.unit == unit && Some(known.class) == class);
        let Some(class) = found.map(|index| TypeId(number(index))) else { return Shape::any(Why::Dynamic) };
        receiver.atoms().iter().map(|atom| Atom::Super(class, Box::new(atom.clone()))).collect()
    }

    fn concat(&mut self, frame: FrameId, parts: &[NodeId]) -> Shape {
        let shapes: Vec<Shape> = parts.iter().map(|part| self.value(frame, *part)).collect();
        if shapes.iter().any(Shape::is_nothing) {
            return Shape::nothing();
        }
        let is_list = |atom: &Atom| matches!(atom, Atom::Object(_));
        if shapes.iter().any(|shape| shape.atoms().iter().any(is_list)) {
            let elements = shapes.iter().map(|shape| self.element(shape)).collect();
            return self.new_list(0, &elements);
        }
        let is_number = |shape: &Shape| shape.atoms().iter().all(|atom| matches!(atom, Atom::Number(_)));
        if parts.len() > 1 && (shapes.iter().all(is_number) || self.adds_numbers(&shapes)) {
            return Shape::some_number();
        }
        super::texts::join_texts(&shapes)
    }

    fn list_node(&mut self, frame: FrameId, elements: &[Argument]) -> Shape {
        let mut all = Arguments::default();
        for element in elements {
            let value = self.value(frame, element.value());
            match element {
                Argument::Spread(_) | Argument::NamedSpread(_) => self.spread(&value, &mut all),
                _ if all.rest.is_some() => all.rest.get_or_insert_default().join(&value),
                _ => all.positional.push(value),
            }
        }
        let places = (0..all.positional.len()).map(|place| SmolStr::from(place.to_string()));
        let fields = places.zip(all.positional).collect();
        let list = self.new_object(0, ObjectKind::List, fields);
        if let (Some(rest), [Atom::Object(id)]) = (&all.rest, list.atoms()) {
            self.put_element(*id, rest);
        }
        list
    }

    fn record_node(&mut self, frame: FrameId, pairs: &[(Option<NodeId>, NodeId)]) -> Shape {
        let (owner, node) = self.here;
        let id = self.heap.object_at(owner, node, 0, ObjectKind::Record);
        let mut parts = vec![];
        for (key, value) in pairs {
            let key = key.map(|key| self.value(frame, key));
            parts.push((key, self.value(frame, *value)));
        }
        self.put_in_order(id, &parts);
        Atom::Object(id).into()
    }
}

/// What the first of two ways to look a name up finds, else what the second does.
fn within(first: Shape, second: Shape) -> Shape {
    let is_dark =
        |atom: &Atom| matches!(atom, Atom::Any(_) | Atom::External(_) | Atom::Member(_) | Atom::Nil);
    let is_known = |shape: &Shape| !shape.atoms().iter().all(is_dark);
    if is_known(&first) {
        first
    } else if is_known(&second) {
        second
    } else {
        [first, second].into_iter().collect()
    }
}
