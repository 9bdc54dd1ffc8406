//! What a declared class of the project stands for where nothing is known of the value: objects of the classes that derive from it.

use crate::ir::{ClassKind, Intrinsic, Managed, Module, Node, NodeId, Routine, Typing};
use crate::text::SmolStr;

use super::binding::Arguments;
use super::heap::{ObjectKind, number};
use super::machine::{Machine, START};
use super::shape::{Atom, ObjectId, Shape, TypeId, Why};

impl Machine<'_> {
    /// The objects that a declared class stands for: those that the program makes or registers, else one of each class that derives from
    /// it, made as a container makes it: once, and with whatever its constructor declares.
    pub(super) fn instances(&mut self, class: TypeId) -> Shape {
        match self.kind_of(class) {
            ClassKind::Plain => {}
            ClassKind::Interface => return self.implementations(class),
            ClassKind::Name => return Shape::nothing(),
        }
        let mut found = Shape::nothing();
        for other in (0..number(self.heap.types.len())).map(TypeId) {
            let made: Vec<ObjectId> = self.heap.instances.get(&other).cloned().unwrap_or_default();
            let stands = |id: &ObjectId| !self.injected.contains(id) || self.registered.contains(id);
            let mut own = made.into_iter().filter(stands).peekable();
            if own.peek().is_some() && self.derives(other, class, 0) {
                found.join(&own.map(Atom::Object).collect());
            }
        }
        if !found.is_nothing() {
            return found;
        }
        let mut classes = self.deriving(class);
        if classes.is_empty() {
            classes.push(class);
        }
        classes.into_iter().map(|class| self.inject(class)).collect()
    }

    /// The only object of a class that a container makes.
    fn inject(&mut self, class: TypeId) -> Shape {
        let before = self.here;
        self.here = START;
        let object = self.object_of(class);
        if !self.injecting.contains(&class) {
            self.injecting.push(class);
            self.injected.insert(object);
            self.initialise(class, object, &Arguments::unknown());
            self.complete(class, object);
            self.injecting.pop();
            let is_open = self.fields_are_members() && self.is_abstract(class);
            if let Some(object) = self.heap.object_mut(object) {
                object.open |= is_open;
            }
        }
        self.here = before;
        Atom::Object(object).into()
    }

    /// The classes that derive from one and of which there are objects. Their files are loaded for that.
    fn deriving(&mut self, class: TypeId) -> Vec<TypeId> {
        let mut names: Vec<SmolStr> = self.class_name(class).into_iter().collect();
        let mut done = 0;
        while let Some(name) = names.get(done).cloned() {
            done += 1;
            let program = self.program;
            for (unit, derived) in program.deriving(&name) {
                self.load(*unit);
                if !names.contains(derived) {
                    names.push(derived.clone());
                }
            }
        }
        let all = (0..number(self.heap.types.len())).map(TypeId);
        all.filter(|other| self.derives(*other, class, 0) && !self.is_abstract(*other)).collect()
    }

    fn class_name(&self, class: TypeId) -> Option<SmolStr> {
        let value = self.heap.type_value(class)?;
        Some(self.module(value.unit)?.class(value.class)?.name.clone())
    }

    fn is_abstract(&self, class: TypeId) -> bool {
        let value = self.heap.type_value(class);
        let declared = value.and_then(|value| self.module(value.unit)?.class(value.class));
        declared.is_some_and(|class| class.is_abstract)
    }

    /// Whether objects of a class are declared to hold a field.
    pub(super) fn declares_field(&mut self, class: TypeId, name: &str, depth: u32) -> bool {
        let value = self.heap.type_value(class);
        let declared = value.and_then(|value| self.module(value.unit)?.class(value.class));
        if declared.is_some_and(|class| class.fields.iter().any(|field| field == name)) {
            return true;
        }
        depth < 12
            && self.class_bases(class).into_iter().any(|base| self.declares_field(base, name, depth + 1))
    }

    /// Whether the language of the current routine declares what objects hold and which class each is of.
    pub(super) fn is_nominal(&self) -> bool {
        self.dialect().is_some_and(|dialect| dialect.typing == Typing::Nominal)
    }

    /// Whether data is read by methods in the language of the current routine.
    pub(super) fn has_getters(&self) -> bool {
        self.dialect().is_some_and(|dialect| !dialect.getter.is_empty())
    }

    /// Any method of a routine, in a language in which it stands for an object that has one only.
    pub(super) fn method_of_routine(&self, routine: &Atom) -> Shape {
        if !self.is_nominal() {
            return Shape::any(Why::Dynamic);
        }
        Atom::Native(Intrinsic::CallReceiver, Some(Box::new(routine.clone().into()))).into()
    }

    /// Hands the methods of objects to code outside where that declares a base of their class.
    pub(super) fn escape_objects(&mut self, shape: &Shape) {
        for atom in shape.atoms() {
            let Atom::Object(id) = atom else { continue };
            let Some(ObjectKind::Instance(class)) = self.heap.object(*id).map(|object| object.kind) else {
                continue;
            };
            let bases = self.heap.type_value(class).map(|value| value.bases.as_slice()).unwrap_or_default();
            let is_outside = |atom: &Atom| matches!(atom, Atom::External(_) | Atom::Native(..));
            if bases.iter().any(|base| base.peek().atoms().iter().any(is_outside)) {
                self.escape_overrides(class, atom);
            }
        }
    }

    /// Hands the methods of objects, or of what is made of a class, to code outside where that calls them.
    pub(super) fn escape_exposed(&mut self, shape: &Shape) {
        for atom in shape.atoms() {
            let (class, objects) = match atom {
                Atom::Object(id) => match self.heap.object(*id).map(|object| object.kind) {
                    Some(ObjectKind::Instance(class)) => (class, Shape::from(atom.clone())),
                    _ => continue,
                },
                Atom::Class(class) if self.exposes(*class) => (*class, self.instances(*class)),
                _ => continue,
            };
            if !self.exposes(class) {
                continue;
            }
            for name in self.member_names(class) {
                let own = self.own_member(class, &name).unwrap_or_default();
                let routines = own.filter(|atom| self.is_exposed(atom));
                for object in objects.atoms() {
                    let bound = self.bind_routines(&routines, object);
                    self.escape_routines(&bound);
                }
            }
        }
    }

    /// Whether code outside calls a routine of a class.
    pub(super) fn exposes(&self, class: TypeId) -> bool {
        let Some(value) = self.heap.type_value(class) else { return false };
        let routines = self.module(value.unit).map(|module| module.routines.as_slice());
        routines
            .unwrap_or_default()
            .iter()
            .any(|routine| routine.managed == Managed::Exposed && routine.class == Some(value.class))
    }

    fn is_exposed(&self, atom: &Atom) -> bool {
        let Atom::Routine(closure) = atom else { return false };
        let closure = self.heap.closure(*closure);
        let routine = closure.and_then(|closure| self.module(closure.unit)?.routine(closure.routine));
        routine.is_some_and(|routine| routine.managed == Managed::Exposed)
    }

    /// Hands every method of a class to code outside: its base lies there.
    pub(super) fn escape_overrides(&mut self, class: TypeId, receiver: &Atom) {
        let mut classes = vec![class];
        if let Atom::Object(id) = receiver
            && self.is_nominal()
            && let Some(ObjectKind::Instance(own)) = self.heap.object(*id).map(|object| object.kind)
        {
            // Classes in between override it too.
            classes = vec![own];
            let mut done = 0;
            while let Some(next) = classes.get(done).copied() {
                done += 1;
                let above = self.class_bases(next);
                classes.extend(above.into_iter().filter(|base| self.derives(*base, class, 0)));
            }
        }
        for class in classes {
            for name in self.member_names(class) {
                if let Some(shape) = self.own_member(class, &name) {
                    let routines = shape.filter(|atom| matches!(atom, Atom::Routine(_)));
                    let bound = self.bind_routines(&routines, receiver);
                    let open = bound.filter(|atom| !self.is_private(atom));
                    self.escape_routines(&open);
                }
            }
        }
    }

    fn is_private(&self, atom: &Atom) -> bool {
        let (Atom::Routine(closure) | Atom::Bound(closure, _)) = atom else { return false };
        let closure = self.heap.closure(*closure);
        let routine = closure.and_then(|closure| self.module(closure.unit)?.routine(closure.routine));
        routine.is_some_and(|routine| routine.private)
    }

    /// Whether a class derives from another, or is that class.
    pub(super) fn derives(&self, class: TypeId, from: TypeId, depth: u32) -> bool {
        let bases = || self.heap.type_value(class).into_iter().flat_map(|value| &value.bases);
        class == from
            || depth < 16
                && bases().flat_map(|base| base.peek().atoms()).any(|atom| match atom {
                    Atom::Class(base) => self.derives(*base, from, depth + 1),
                    _ => false,
                })
    }
}

/// The classes of a module that derive from others: the name of each with those of its bases, as the source spells them.
pub(super) fn derivations(module: &Module) -> Vec<(SmolStr, Vec<SmolStr>)> {
    let mut found = vec![];
    for routine in &module.routines {
        for node in &routine.nodes {
            let Node::Class(class, bases) = node else { continue };
            let names: Vec<SmolStr> =
                bases.iter().filter_map(|base| spelled(module, routine, *base)).collect();
            if let Some(class) = module.class(*class).filter(|_| !names.is_empty()) {
                found.push((class.name.clone(), names));
            }
        }
    }
    found
}

/// The last name of what a node refers to.
fn spelled(module: &Module, routine: &Routine, node: NodeId) -> Option<SmolStr> {
    match routine.node(node)? {
        Node::Free(name) | Node::Member(_, name) => Some(name.clone()),
        Node::Generic(base, _) => spelled(module, routine, *base),
        Node::Import(import) => module.import(*import)?.member.clone(),
        Node::Read(variable) => {
            let owner = module.routine(variable.routine)?;
            owner.variables.get(variable.index as usize).map(|variable| variable.name.clone())
        }
        Node::Class(class, _) => module.class(*class).map(|class| class.name.clone()),
        _ => None,
    }
}
