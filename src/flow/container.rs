//! What a container does with the classes of a program: it makes objects, calls the methods that give objects, and enters what
//! its framework finds.

use crate::catalog::{Entries, EntryRule};
use crate::ir::{Closure, Managed, Module, Receiver};
use crate::text::{Site, SmolStr, TemplateString};

use super::binding::{Arguments, Host};
use super::heap::{Cell, FrameId};
use super::machine::Machine;
use super::marked::{Marked, asked_for, marked};
use super::shape::{Atom, ClosureId, ObjectId, Shape, TypeId, UnitId};

/// The first slot of the objects that stand for parts of the event.
const READ_SLOT: u16 = 4000;

impl Machine<'_> {
    /// Notes the type of what a method gives that a container calls.
    pub(super) fn declare_provided(&mut self, frame: FrameId, id: ClosureId, closure: &Closure) {
        let unit = self.heap.closure(id).map(|closure| closure.unit);
        let routine = unit.and_then(|unit| self.module(unit)?.routine(closure.routine));
        let provides = routine.is_some_and(|routine| routine.managed == Managed::Provider);
        let Some(result) = closure.result.filter(|_| provides) else { return };
        let value = self.value(frame, result);
        let pass = self.pass;
        if let Some(known) = self.heap.closures.get_mut(id.0 as usize) {
            self.dirty |= known.provides.get_or_insert_with(Cell::default).add(&value, pass);
        }
    }

    /// What methods give that a container calls for objects of a type.
    pub(super) fn provided(&mut self, wanted: &Shape) -> Shape {
        let program = self.program;
        let mut found = Shape::nothing();
        for (unit, class, method) in program.providers() {
            for atom in self.class_at(*unit, class).atoms() {
                let Atom::Class(class) = atom else { continue };
                for routine in self.own_member(*class, method).unwrap_or_default().atoms() {
                    if let Atom::Routine(closure) = routine
                        && self.gives(*closure, wanted)
                    {
                        found.join(&self.provide(*class, *closure));
                    }
                }
            }
        }
        found
    }

    /// Whether a method is declared to give what is wanted.
    fn gives(&mut self, closure: ClosureId, wanted: &Shape) -> bool {
        let pass = self.pass;
        let known = self.heap.closures.get_mut(closure.0 as usize);
        let Some(given) = known.and_then(|known| known.provides.as_mut()).map(|cell| cell.get(pass)) else {
            return false;
        };
        given.atoms().iter().any(|given| {
            wanted.atoms().iter().any(|wanted| match (given, wanted) {
                (Atom::Class(given), Atom::Class(wanted)) => self.derives(*given, *wanted, 0),
                (Atom::Sdk(given), Atom::Sdk(wanted)) => given.name == wanted.name,
                (Atom::External(given), Atom::External(wanted)) => given == wanted && given.contains('.'),
                _ => false,
            })
        })
    }

    fn provide(&mut self, class: TypeId, closure: ClosureId) -> Shape {
        if self.providing.contains(&closure) {
            return Shape::nothing();
        }
        self.providing.push(closure);
        let before = self.here;
        self.here = super::machine::START;
        let callee = if self.receiver(closure) == Receiver::None {
            Atom::Routine(closure).into()
        } else {
            let holders = self.instances(class);
            holders.atoms().iter().map(|holder| Atom::Bound(closure, Box::new(holder.clone()))).collect()
        };
        let given = self.call(&callee, &Arguments::unknown());
        self.here = before;
        self.providing.pop();
        given
    }

    /// A setting of the configuration; a variable of the environment where nobody says more.
    pub(super) fn setting_get(&mut self, arguments: &Arguments) -> Shape {
        let mut shape = Shape::nothing();
        for atom in arguments.positional.first().map(Shape::atoms).unwrap_or_default() {
            let Atom::Text(text) = atom else { continue };
            let Some(name) = text.as_literal() else { continue };
            if let Some(text) = self.world.setting(name) {
                shape.add(Atom::Text(text));
                continue;
            }
            let default = arguments.positional.get(1);
            if default.is_none() || !self.world.environment_is_known() {
                let variable: String = name.chars().map(variable_letter).collect();
                shape.join(&super::member::variable(&variable));
            }
            shape.join(&default.cloned().unwrap_or_default());
        }
        if shape.is_nothing() { Shape::some_text() } else { shape }
    }

    /// Parts of the event as objects of a declared class, in a language where data is read by methods: what such objects hold
    /// is read out of the event.
    pub(super) fn read_event(&mut self, value: &Shape, declared: &Shape) -> Option<Shape> {
        let is_event = |atom: &Atom| matches!(atom, Atom::Event(_));
        if !self.has_getters() || !value.atoms().iter().any(is_event) {
            return None;
        }
        let classes: Vec<TypeId> =
            declared.atoms().iter().filter_map(|atom| self.is_data_class(atom)).collect();
        let mut shape = value.filter(|atom| !is_event(atom));
        for class in &classes {
            let fields = self.heap.type_value(*class).and_then(|value| {
                self.module(value.unit)?.class(value.class).map(|class| class.fields.clone())
            });
            for atom in value.atoms() {
                let Atom::Event(path) = atom else { continue };
                let id = self.read_object(*class, path);
                for field in fields.iter().flatten() {
                    let part = self.member(&atom.clone().into(), field.trim_matches(['<', '>']));
                    self.put(id, field, &part, true);
                }
                shape.add(Atom::Object(id));
            }
        }
        (!classes.is_empty()).then_some(shape)
    }

    /// A class of the project of which objects are made.
    fn is_data_class(&self, atom: &Atom) -> Option<TypeId> {
        let Atom::Class(class) = atom else { return None };
        let value = self.heap.type_value(*class)?;
        let declared = self.module(value.unit)?.class(value.class)?;
        let is_plain = declared.kind == crate::ir::ClassKind::Plain && !declared.is_abstract;
        is_plain.then_some(*class)
    }

    /// The object of a class that stands for a part of the event.
    fn read_object(&mut self, class: TypeId, path: &str) -> ObjectId {
        let (frame, node) = self.here;
        let parts = path.split('.').count() + class.0 as usize * 7;
        let slot = READ_SLOT + u16::try_from(parts % 1000).unwrap_or(0);
        self.heap.object_at(frame, node, slot, super::heap::ObjectKind::Instance(class))
    }

    /// Calls what a container calls when an object that it made is complete.
    pub(super) fn complete(&mut self, class: TypeId, object: ObjectId) {
        let Some(value) = self.heap.type_value(class) else { return };
        let Some(module) = self.module(value.unit) else { return };
        if module.dialect.completing.is_empty() {
            return;
        }
        let path = module.class_path(value.class);
        let is_one = |mark: &&crate::ir::Mark| {
            mark.class == path && module.dialect.completing.contains(&mark.name.as_str())
        };
        let names: Vec<SmolStr> =
            module.marks.iter().filter(is_one).filter_map(|mark| mark.member.clone()).collect();
        for name in names {
            let member = self.member(&Atom::Object(object).into(), &name);
            self.call(&member, &Arguments::unknown());
        }
    }

    /// Enters what a framework finds in the program, after it made what it makes when it starts.
    pub(super) fn enter_marked(&mut self, entries: &Entries) {
        self.make_marked(&entries.made);
        let setting = if entries.named.is_empty() { None } else { self.world.setting(&entries.named) };
        let setting = setting.map(|setting| Host::known(self, &setting));
        for (unit, entry) in self.marked_in_program(&entries.found, setting.as_ref()) {
            self.enter_one(unit, &entry);
        }
    }

    /// Makes what a framework makes when it starts, and calls what it calls of that.
    fn make_marked(&mut self, rules: &[EntryRule]) {
        for (unit, made) in self.marked_in_program(rules, None) {
            let objects = self.objects_at(unit, &made.class);
            if let Some(member) = &made.member {
                let callee = self.member(&objects, member);
                self.call(&callee, &Arguments::unknown());
            }
        }
    }

    /// What rules mean in the modules of the program; what a setting asks for, where it does.
    fn marked_in_program(
        &self,
        rules: &[EntryRule],
        setting: Option<&TemplateString>,
    ) -> Vec<(UnitId, Marked)> {
        let of_program: Vec<(UnitId, &Module)> =
            self.program.units().filter_map(|(id, unit)| Some((id, unit.module.as_deref()?))).collect();
        let modules: Vec<&Module> = of_program.iter().map(|(_, module)| *module).collect();
        let with_unit = |marked: Marked| Some((of_program.get(marked.module)?.0, marked));
        asked_for(marked(&modules, rules), setting).into_iter().filter_map(with_unit).collect()
    }

    /// Starts what the platform starts before a handler that it finds by what this is marked with.
    pub(super) fn start(&mut self, unit: UnitId, symbol: &str) {
        let Some(module) = self.module(unit) else { return };
        for rule in self.binding.handlers(module.dialect.language) {
            let is_entered = |rule: &EntryRule| {
                marked(&[module], std::slice::from_ref(rule)).iter().any(|entry| entry.symbol() == symbol)
            };
            if !rule.starts.is_empty() && is_entered(&rule) {
                self.make_marked(&rule.starts);
            }
        }
    }

    fn enter_one(&mut self, unit: UnitId, entry: &Marked) {
        let objects = self.objects_at(unit, &entry.class);
        let Some(member) = &entry.member else { return };
        let callee = self.member(&objects, member);
        if !entry.given.is_empty() {
            for given in self.call(&callee, &Arguments::unknown()).atoms() {
                self.enter_given(given, &entry.given);
            }
        } else if entry.by_mark {
            let event = Shape::from(Atom::Event(SmolStr::default()));
            let arguments = Arguments { rest: Some(event), open: true, ..Arguments::default() };
            self.call(&callee, &arguments);
        } else {
            callee.atoms().iter().for_each(|atom| self.enter_handler(atom, None));
        }
    }

    /// Enters what a method gave: a routine, or an object by one of its members.
    fn enter_given(&mut self, given: &Atom, members: &[SmolStr]) {
        let Atom::Object(id) = given else {
            self.enter_handler(given, None);
            return;
        };
        let class = self.heap.object(*id).map(|object| object.kind);
        let Some(super::heap::ObjectKind::Instance(class)) = class else { return };
        for name in members {
            let member = self.member_of_class(class, name, given).unwrap_or_default();
            let bound = member.filter(|atom| matches!(atom, Atom::Bound(..)));
            bound.atoms().iter().for_each(|atom| self.enter_handler(atom, None));
        }
    }

    fn objects_at(&mut self, unit: UnitId, class: &str) -> Shape {
        let classes = self.class_at(unit, class);
        let ids = classes.atoms().iter().filter_map(|atom| match atom {
            Atom::Class(class) => Some(*class),
            _ => None,
        });
        let ids: Vec<TypeId> = ids.collect();
        ids.into_iter().map(|class| self.instances(class)).collect()
    }

    /// A class by its dotted path from the top of a file.
    fn class_at(&mut self, unit: UnitId, path: &str) -> Shape {
        let mut parts = path.split('.');
        let first = parts.next().unwrap_or_default();
        let mut shape = self.export(unit, first).unwrap_or_default();
        if shape.is_nothing() {
            shape = self.declared_class(unit, first);
        }
        for part in parts {
            let inner = |machine: &mut Self, atom: &Atom| match atom {
                Atom::Class(class) => machine.own_member(*class, part).unwrap_or_default(),
                _ => Shape::nothing(),
            };
            shape = shape.atoms().iter().map(|atom| inner(self, atom)).collect();
        }
        shape
    }

    /// A class that a module declares for itself.
    fn declared_class(&self, unit: UnitId, name: &str) -> Shape {
        let types = self.heap.types.iter().zip(0..);
        let is_it = |value: &&super::heap::TypeValue| {
            let declared = self.module(unit).and_then(|module| module.class(value.class));
            value.unit == unit && declared.is_some_and(|class| class.name == name)
        };
        types.filter(|(value, _)| is_it(value)).map(|(_, id)| Atom::Class(TypeId(id))).collect()
    }

    /// The member of a described class that the platform calls, on an object that it makes.
    pub(super) fn adapter(&mut self, unit: UnitId, path: &str) -> Option<Shape> {
        let (class, member) = path.rsplit_once('.')?;
        let class = self.outside(unit, class);
        let object = self.call(&class, &Arguments::default());
        let member = self.member(&object, member);
        (!member.is_nothing()).then_some(member)
    }

    /// Where a member, or a class, is written that is known by its dotted path.
    pub(super) fn written_in_class(&self, unit: UnitId, symbol: &str) -> Option<Site> {
        let module = self.module(unit)?;
        let (class, member) = symbol.rsplit_once('.').unwrap_or((symbol, ""));
        let is_it = |routine: &&crate::ir::Routine| {
            routine.name == member && routine.class.is_some_and(|of| module.class_path(of) == class)
        };
        let routine = module.routines.iter().find(is_it).map(|routine| routine.span);
        let first = symbol.split('.').next();
        let span = routine.or_else(|| {
            module.classes.iter().find(|known| Some(known.name.as_str()) == first).map(|known| known.span)
        })?;
        Some(Site { file: module.file, span })
    }
}

/// A letter of a setting's name as it stands in that of the variable that sets it.
fn variable_letter(letter: char) -> char {
    match letter {
        '.' | '-' | '[' | ']' => '_',
        other => other.to_ascii_uppercase(),
    }
}
