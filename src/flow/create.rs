//! Objects of classes that nothing describes, types with arguments, and members that are found by what a place sees.

use crate::ir::{Dialect, ImportId, Intrinsic, Receiver, RoutineKind};
use crate::text::SmolStr;

use super::binding::Arguments;
use super::heap::{FrameId, ObjectKind};
use super::machine::Machine;
use super::shape::{Atom, ObjectId, Shape, TypeId, UnitId};

/// The slot of a record that stands for an object of a class outside.
const MADE_SLOT: u16 = 330;
/// The slot of the type arguments of a type.
const GENERIC_SLOT: u16 = 331;
/// How many classes above one another are searched for a declaration.
const MAX_BASES: u32 = 24;

impl Machine<'_> {
    /// Makes an object of whatever a class may be.
    pub(super) fn create(&mut self, class: &Shape, arguments: &Arguments) -> Shape {
        let is_outside = |atom: &Atom| matches!(atom, Atom::External(_) | Atom::Any(_) | Atom::Member(_));
        let mut made = self.call(&class.filter(|atom| !is_outside(atom)), arguments);
        let outside = class.atoms().iter().find(|atom| is_outside(atom));
        if let Some(outside) = outside {
            let name = match outside {
                Atom::External(path) | Atom::Member(path) => path.clone(),
                _ => "a value that is not known".into(),
            };
            self.hand_over(arguments, &name, true);
            let (frame, node) = self.here;
            let id = self.heap.object_at(frame, node, MADE_SLOT, ObjectKind::Record);
            let given = arguments.all().next().is_some();
            if let Some(object) = self.heap.object_mut(id) {
                object.open |= given;
            }
            made.add(Atom::Object(id));
        }
        made
    }

    /// A type with type arguments: what the binding knows of keeps them.
    pub(super) fn generic(&mut self, base: &Shape, arguments: &[Shape]) -> Shape {
        let (frame, node) = self.here;
        let mut shape = Shape::nothing();
        for atom in base.atoms() {
            let Atom::Sdk(value) = atom else {
                shape.add(atom.clone());
                continue;
            };
            let data = self.heap.object_at(frame, node, GENERIC_SLOT, ObjectKind::Record);
            for (place, argument) in arguments.iter().enumerate() {
                self.put(data, &format!("<{place}>"), argument, true);
            }
            let mut value = value.clone();
            value.data = value.data.or(Some(data));
            shape.add(Atom::Sdk(value));
        }
        shape
    }

    /// The member that a name means in a language where the members of the object and of the classes around need no
    /// more than their name.
    pub(super) fn member_around(&mut self, frame: FrameId, name: &str) -> Option<Shape> {
        let mut object: Option<Shape> = None;
        let mut next = Some(frame);
        while let Some(id) = next {
            let value = self.heap.frame(id)?;
            next = value.parent;
            let routine = self.module(value.unit)?.routine(value.routine)?;
            if routine.kind != RoutineKind::ClassBody {
                if routine.class.is_some() {
                    let bound =
                        matches!(routine.receiver, Receiver::Object | Receiver::Getter | Receiver::Setter);
                    object = value.arguments.first().filter(|_| bound).cloned();
                }
                continue;
            }
            let class = self.heap.types_of_bodies.get(&id).copied();
            if let Some(class) = class {
                self.other_parts(class);
            }
            if let Some(class) = class
                && self.declares(class, name, 0)
            {
                let base = object.unwrap_or_else(|| Atom::Class(class).into());
                return Some(self.member(&base, name));
            }
            object = None;
        }
        None
    }

    /// A name that a star import brought in.
    pub(super) fn starred(&mut self, unit: UnitId, name: &str) -> Option<Shape> {
        // Modules may import everything of each other.
        if self.searched.contains(&unit) {
            return None;
        }
        self.searched.push(unit);
        let found = self.search_stars(unit, name).or_else(|| self.opened_name(unit, name));
        self.searched.pop();
        found
    }

    fn search_stars(&mut self, unit: UnitId, name: &str) -> Option<Shape> {
        let module = self.module(unit)?;
        let program = self.program;
        let stars =
            module.imports.iter().zip(0..).filter(|(import, _)| import.member.as_deref() == Some("*"));
        let own = stars.map(|(_, id)| (unit, ImportId(id)));
        let mut likely = None;
        for (from, import) in own.chain(program.everywhere().iter().copied()) {
            let Some(shape) = self.opened(from, import, name) else { continue };
            let is_certain =
                |atom: &Atom| !matches!(atom, Atom::Sdk(value) if !self.binding.is_certain(value));
            if shape.atoms().iter().all(is_certain) {
                return Some(shape);
            }
            likely.get_or_insert(shape);
        }
        likely
    }

    /// A name in what a star import opens: a module or package of the project, the static members of one of its classes,
    /// or something outside.
    fn opened(&mut self, unit: UnitId, id: ImportId, name: &str) -> Option<Shape> {
        let module = self.module(unit)?;
        let import = module.import(id)?;
        let target = self.program.target(unit, id).and_then(|link| link.module);
        if let Some(target) = target {
            return if target == unit { None } else { self.export(target, name) };
        }
        let path = format!("{}.{name}", import.module);
        if module.dialect.members_are_names {
            for atom in self.qualified(&import.module).unwrap_or_default().atoms() {
                if let Atom::Class(class) = atom
                    && self.declares(*class, name, 0)
                {
                    return self.member_of_class(*class, name, atom);
                }
            }
            match Dialect::find(module.dialect.functions, &path) {
                Some(Intrinsic::Environment) => return Some(Atom::Environment.into()),
                Some(intrinsic) => return Some(Atom::Native(intrinsic, None).into()),
                None => {}
            }
        }
        // A package that follows a pattern seems to have every name, also those of the language.
        if module.dialect.knows(name) {
            return None;
        }
        self.binding.import(module.dialect.language, &path).map(super::SdkValue::into_shape)
    }

    /// What a class declares beside routines: the members of an enumeration.
    pub(super) fn constants(&mut self, class: TypeId) -> Shape {
        let names = self.member_names(class);
        let members: Shape = names.iter().filter_map(|name| self.own_member(class, name)).collect();
        let constants = members.filter(|atom| !matches!(atom, Atom::Routine(_)));
        if constants.is_nothing() { Atom::Class(class).into() } else { constants }
    }

    /// Whether a class or one above it declares a name.
    pub(super) fn declares(&self, class: TypeId, name: &str, depth: u32) -> bool {
        let has = |class| self.member_names(class).iter().any(|member| member == name);
        let own = || has(class) || self.known_parts(class).into_iter().any(has);
        let bases = || self.heap.type_value(class).into_iter().flat_map(|value| &value.bases);
        let above = |atom: &Atom| matches!(atom, Atom::Class(base) if self.declares(*base, name, depth + 1));
        depth < MAX_BASES && (own() || bases().any(|base| base.peek().atoms().iter().any(above)))
    }

    /// What a class itself declares under a name, in whatever files.
    pub(super) fn own_member(&mut self, class: TypeId, name: &str) -> Option<Shape> {
        let mut found = self.own_part(class, name);
        for part in self.other_parts(class) {
            if let Some(shape) = self.own_part(part, name) {
                found.get_or_insert_default().join(&shape);
            }
        }
        found
    }

    /// The other parts of a class that several files declare. Their files are loaded for that.
    pub(super) fn other_parts(&mut self, class: TypeId) -> Vec<TypeId> {
        for unit in self.units_of_parts(class) {
            self.load(unit);
        }
        self.known_parts(class)
    }

    /// The other modules that declare a class that several files declare.
    fn units_of_parts(&self, class: TypeId) -> Vec<UnitId> {
        let Some(value) = self.heap.type_value(class) else { return vec![] };
        let Some(module) = self.module(value.unit) else { return vec![] };
        let Some(declared) = module.class(value.class).filter(|class| class.partial) else { return vec![] };
        let Some(package) = self.program.named(&module.namespace) else { return vec![] };
        let units = self.program.declaring(package, &declared.name);
        units.iter().copied().filter(|unit| *unit != value.unit).collect()
    }

    /// The other parts of a class, as far as their files are loaded.
    fn known_parts(&self, class: TypeId) -> Vec<TypeId> {
        let units = self.units_of_parts(class);
        if units.is_empty() {
            return vec![];
        }
        let name = |value: &super::heap::TypeValue| {
            let class = self.module(value.unit).and_then(|module| module.class(value.class));
            class.filter(|class| class.partial).map(|class| class.name.clone())
        };
        let own = self.heap.type_value(class).and_then(name);
        let types = self.heap.types.iter().zip(0..).map(|(value, id)| (TypeId(id), value));
        let parts =
            types.filter(|(_, other)| units.contains(&other.unit) && own.is_some() && name(other) == own);
        parts.map(|(id, _)| id).collect()
    }

    /// A member that a static routine of the project gives to values that have none of that name.
    pub(super) fn extended(&mut self, atom: &Atom, name: &str) -> Option<Shape> {
        let program = self.program;
        let places = program.extensions(name);
        if places.is_empty() || self.has_member(atom, name) {
            return None;
        }
        let mut found = Shape::nothing();
        for (unit, class) in places {
            let Some(classes) = self.export(*unit, class) else { continue };
            for class in classes.atoms() {
                let Atom::Class(class) = class else { continue };
                for routine in self.own_member(*class, name).unwrap_or_default().atoms() {
                    if let Atom::Routine(closure) = routine
                        && self.receiver(*closure) == Receiver::Extension
                    {
                        found.add(Atom::Bound(*closure, Box::new(atom.clone())));
                    }
                }
            }
        }
        (!found.is_nothing()).then_some(found)
    }

    /// Whether a value has a member of its own of that name, as far as that is known.
    fn has_member(&self, atom: &Atom, name: &str) -> bool {
        let Some(dialect) = self.dialect() else { return true };
        let native = |table| Dialect::find(table, name).is_some();
        match atom {
            Atom::Object(id) => match self.heap.object(*id).map(|object| object.kind) {
                Some(ObjectKind::Instance(class)) => {
                    self.declares(class, name, 0) || self.has_field(*id, name)
                }
                Some(ObjectKind::List) => native(dialect.list) || native(dialect.data),
                Some(ObjectKind::Record) => {
                    native(dialect.record) || native(dialect.data) || self.has_field(*id, name)
                }
                _ => false,
            },
            Atom::Class(_) | Atom::Unit(_) | Atom::Super(..) | Atom::Environment => true,
            Atom::Sdk(value) => self.binding.has(value, name),
            Atom::Text(_) => native(dialect.text) || native(dialect.data),
            _ => false,
        }
    }

    fn has_field(&self, id: ObjectId, name: &str) -> bool {
        let field = self.heap.object(id).and_then(|object| object.fields.get(name));
        field.is_some_and(|field| !field.cell.peek().is_nothing())
    }

    /// The name of a routine, a class or an operation, where that is what a member is in the language.
    pub(super) fn name_of(&self, atom: &Atom, member: &str) -> Option<Shape> {
        if self.dialect()?.name_member != member || member.is_empty() {
            return None;
        }
        let name = match atom {
            Atom::Routine(closure) | Atom::Bound(closure, _) => {
                let closure = self.heap.closure(*closure)?;
                self.module(closure.unit)?.routine(closure.routine)?.name.clone()
            }
            Atom::Class(class) => {
                let class = self.heap.type_value(*class)?;
                self.module(class.unit)?.class(class.class)?.name.clone()
            }
            Atom::Sdk(value) => self.binding.called(value)?,
            _ => return None,
        };
        Some(Shape::text(&name))
    }

    /// Whether a member of a value is the value itself: what stands for a value that comes later is taken for that.
    pub(super) fn is_transparent(&self, atom: &Atom, name: &str) -> bool {
        let Some(dialect) = self.dialect() else { return false };
        if dialect.transparent.binary_search(&name).is_err() {
            return false;
        }
        match atom {
            Atom::Object(id) => match self.heap.object(*id).map(|object| object.kind) {
                Some(ObjectKind::Instance(class)) => {
                    !self.declares(class, name, 0) && !self.has_field(*id, name)
                }
                _ => !self.has_field(*id, name),
            },
            Atom::Event(_) | Atom::Unit(_) | Atom::Class(_) | Atom::Super(..) | Atom::Environment => false,
            Atom::Sdk(value) => self.binding.is_data(value) || !self.binding.has(value, name),
            _ => true,
        }
    }

    /// Calls what a class does when a member is written; `false` where it only keeps the value.
    pub(super) fn set_member(&mut self, receiver: &Atom, class: TypeId, name: &str, value: &Shape) -> bool {
        let setters: Vec<_> = self
            .declared_member(class, name, 0)
            .atoms()
            .iter()
            .filter_map(|atom| match atom {
                Atom::Routine(closure) => Some((*closure, self.receiver(*closure))),
                _ => None,
            })
            .filter(|(_, receiver)| matches!(receiver, Receiver::Setter | Receiver::ClassSetter))
            .collect();
        let arguments = Arguments { positional: vec![value.clone()], ..Arguments::default() };
        for (closure, kind) in &setters {
            let callee = match kind {
                Receiver::Setter => Atom::Bound(*closure, Box::new(receiver.clone())),
                _ => Atom::Routine(*closure),
            };
            self.call(&callee.into(), &arguments);
        }
        !setters.is_empty()
    }

    /// What a class or the first above it declares under a name, bound to nothing.
    fn declared_member(&mut self, class: TypeId, name: &str, depth: u32) -> Shape {
        if depth > MAX_BASES {
            return Shape::nothing();
        }
        if let Some(own) = self.own_member(class, name) {
            return own;
        }
        let bases: Vec<Shape> = self
            .heap
            .type_value(class)
            .map(|value| value.bases.iter().map(|base| base.peek().clone()).collect())
            .unwrap_or_default();
        let classes = bases.iter().flat_map(Shape::atoms).filter_map(|atom| match atom {
            Atom::Class(base) => Some(*base),
            _ => None,
        });
        let classes: Vec<TypeId> = classes.collect();
        for base in classes {
            let found = self.declared_member(base, name, depth + 1);
            if !found.is_nothing() {
                return found;
            }
        }
        Shape::nothing()
    }

    /// Sets the members of objects from the variables of the environment that marks give them, or that have their names.
    pub(super) fn bind_environment(&mut self, objects: &Shape, marks: &[SmolStr], section: Option<&str>) {
        for atom in objects.atoms() {
            let Atom::Object(id) = atom else { continue };
            let Some(ObjectKind::Instance(class)) = self.heap.object(*id).map(|object| object.kind) else {
                continue;
            };
            let names = self.member_names(class);
            let mut given: Vec<&str> = vec![];
            for name in &names {
                let marked = name.strip_prefix('[').and_then(|marked| marked.split_once(']'));
                let Some((_, field)) = marked.filter(|(mark, _)| marks.iter().any(|known| known == mark))
                else {
                    continue;
                };
                let key = self.own_member(class, name).and_then(|key| self.literal(Some(&key)));
                if let Some(key) = key.filter(|_| !field.is_empty()) {
                    let set = self.bound_value(&key, section);
                    self.put(*id, field, &set.unwrap_or_else(|| super::member::variable(&key)), false);
                    given.push(field);
                }
            }
            let is_plain =
                |name: &&SmolStr| !name.starts_with(['.', '[', '<']) && !given.contains(&name.as_str());
            for name in names.iter().filter(is_plain) {
                if let Some(set) = self.bound_value(name, section) {
                    self.put(*id, name, &set, false);
                }
            }
        }
    }

    /// What the environment, or a section of the configuration, sets under a name.
    fn bound_value(&self, name: &str, section: Option<&str>) -> Option<Shape> {
        match section {
            Some(section) => {
                self.world.setting(&format!("{section}:{name}")).map(|text| Atom::Text(text).into())
            }
            None => self.world.variable(name).map(|_| super::member::variable(name)),
        }
    }

    /// An entry of a record, as an iteration over it gives it.
    pub(super) fn entry_of(&mut self, id: ObjectId, (key, value): (&str, &str)) -> Shape {
        let (keys, values) = (self.keys_of(id), self.elements_of(id));
        let fields: Vec<(SmolStr, Shape)> = vec![
            (key.into(), keys.clone()),
            (value.into(), values.clone()),
            ("0".into(), keys),
            ("1".into(), values),
        ];
        self.new_object(332, ObjectKind::Record, fields)
    }
}
