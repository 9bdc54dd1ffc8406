//! Members that are more than what they hold, in languages whose objects are records: routines that see the record they are
//! called on, getters, members that are defined by calls, iteration by a member; and what becomes of routines that code
//! outside or a decorator wraps.

use crate::ir::{Intrinsic, NodeId, Receiver};

use super::binding::Arguments;
use super::heap::{FrameId, ObjectKind};
use super::machine::Machine;
use super::shape::{Atom, ClosureId, ObjectId, Shape, Why};

impl Machine<'_> {
    /// Whether an object is a record, or a map.
    pub(super) fn is_record(&self, id: ObjectId) -> bool {
        let kind = self.heap.object(id).map(|object| object.kind);
        matches!(kind, Some(ObjectKind::Record | ObjectKind::Map))
    }

    /// The values of an object's members as a reader gets them: routines see the object, getters are called.
    pub(super) fn own(&mut self, id: ObjectId, values: Shape) -> Shape {
        let own: Vec<Atom> = values.atoms().iter().filter(|atom| self.is_own(atom)).cloned().collect();
        if own.is_empty() || !self.has_members(id) {
            return values;
        }
        let owner = Atom::Object(id);
        let mut shape = values.filter(|atom| !own.contains(atom));
        for atom in &own {
            match atom {
                Atom::Routine(closure) => shape.add(Atom::Bound(*closure, Box::new(owner.clone()))),
                Atom::Native(_, Some(getter)) => {
                    let getter = self.own(id, getter.as_ref().clone());
                    let value = self.call(&getter, &Arguments::default());
                    shape.join(&value);
                }
                _ => {}
            }
        }
        shape
    }

    fn is_own(&self, atom: &Atom) -> bool {
        match atom {
            Atom::Routine(closure) => self.awaits_object(*closure),
            Atom::Native(Intrinsic::Getter, _) => true,
            _ => false,
        }
    }

    /// The record of what is put on a routine under names.
    pub(super) fn properties_of(&mut self, closure: ClosureId) -> ObjectId {
        if let Some(known) = self.heap.properties.get(&closure) {
            return *known;
        }
        // No routine has so many nodes that one of them could have this number.
        let node = NodeId(u32::MAX / 2 - closure.0);
        let id = self.heap.object_at(FrameId(0), node, 348, ObjectKind::Record);
        self.heap.properties.insert(closure, id);
        id
    }

    /// Whether something is put on a routine under a name.
    pub(super) fn has_property(&self, closure: ClosureId, name: &str) -> bool {
        let record = self.heap.properties.get(&closure).and_then(|id| self.heap.object(*id));
        record.is_some_and(|record| record.fields.contains_key(name))
    }

    /// Whether reading a getter of this calls it: a class has getters of its own where objects are records.
    pub(super) fn is_read_of(&self, owner: &Atom) -> bool {
        matches!(owner, Atom::Object(_)) || matches!(owner, Atom::Class(_)) && self.fields_are_members()
    }

    /// Whether what an object holds are its members.
    fn has_members(&self, id: ObjectId) -> bool {
        let kind = self.heap.object(id).map(|object| object.kind);
        matches!(kind, Some(ObjectKind::Record | ObjectKind::Instance(_)))
    }

    /// Whether a routine's first parameter is the object that it is called on, in a language where any routine may be
    /// called on any object.
    pub(super) fn awaits_object(&self, closure: ClosureId) -> bool {
        let Some(value) = self.heap.closure(closure) else { return false };
        let Some(module) = self.module(value.unit).filter(|module| module.dialect.fields_are_members) else {
            return false;
        };
        let routine = module.routine(value.routine);
        routine.is_some_and(|routine| !matches!(routine.receiver, Receiver::None | Receiver::Extension))
    }

    /// Whether what a routine is not handed is nothing.
    pub(super) fn lacks_are_nothing(&self, closure: ClosureId) -> bool {
        let module = self.heap.closure(closure).and_then(|value| self.module(value.unit));
        module.is_some_and(|module| module.dialect.fields_are_members)
    }

    /// A routine that is called on an object by name.
    pub(super) fn rebound(&self, routine: &Shape, object: Option<&Shape>) -> Shape {
        let known = |atom: &&Atom| !matches!(atom, Atom::Nil | Atom::Any(_) | Atom::Member(_));
        let objects: Vec<&Atom> =
            object.into_iter().flat_map(|object| object.atoms().iter().filter(known)).collect();
        if objects.is_empty() {
            return routine.clone();
        }
        let mut shape = Shape::nothing();
        for atom in routine.atoms() {
            match atom {
                Atom::Routine(closure) | Atom::Bound(closure, _) if self.awaits_object(*closure) => {
                    for object in &objects {
                        shape.add(Atom::Bound(*closure, Box::new((*object).clone())));
                    }
                }
                Atom::Native(which, None) if is_of_list(*which) => {
                    let receiver = object.cloned().map(Box::new);
                    shape.add(Atom::Native(*which, receiver));
                }
                other => shape.add(other.clone()),
            }
        }
        shape
    }

    /// What an iteration over an object gives that says so itself.
    pub(super) fn iterated(&mut self, id: ObjectId) -> Option<Shape> {
        let name = self.dialect()?.iterate_member;
        if name.is_empty() {
            return None;
        }
        let owner = Atom::Object(id);
        let member = match self.heap.object(id)?.kind {
            ObjectKind::Instance(class) => self.member_of_class(class, name, &owner)?,
            _ => self.field(id, name),
        };
        let callable = member.filter(|atom| matches!(atom, Atom::Bound(..) | Atom::Routine(_)));
        if callable.is_nothing() {
            return None;
        }
        let iterator = self.call(&callable, &Arguments::default());
        let mut elements = Shape::nothing();
        for atom in iterator.atoms() {
            let by_hand = match atom {
                Atom::Object(made) if *made != id && self.has_members(*made) => {
                    self.member(&atom.clone().into(), "next")
                }
                _ => Shape::nothing(),
            };
            let steps = by_hand.filter(|atom| matches!(atom, Atom::Bound(..) | Atom::Routine(_)));
            if steps.is_nothing() {
                elements.join(&self.element(&atom.clone().into()));
            } else {
                let step = self.call(&steps, &Arguments::default());
                elements.join(&self.member(&step, "value"));
            }
        }
        Some(elements)
    }

    /// The result of an intrinsic of members and wrappers.
    pub(super) fn property_intrinsic(
        &mut self,
        which: Intrinsic,
        first: &Shape,
        arguments: &Arguments,
    ) -> Shape {
        use Intrinsic as I;
        let given = |place: usize| arguments.positional.get(place).cloned().unwrap_or_default();
        match which {
            I::Getter => Atom::Native(I::Getter, Some(Box::new(first.clone()))).into(),
            I::Define => {
                let value = self.description(&given(2));
                self.define(first, &given(1), &value);
                first.clone()
            }
            I::DefineAll | I::DefineGetters => {
                self.define_all(which, first, &given(1));
                first.clone()
            }
            I::Derive => self.derive_from(first),
            I::Copy => self.copy_of(first),
            I::Promisify => Atom::Native(I::CallBack, Some(Box::new(first.clone()))).into(),
            I::CallBack => self.call_back(first, arguments),
            I::Settled => {
                let element = self.element(first);
                let settled = self.new_object(340, ObjectKind::Record, vec![("value".into(), element)]);
                self.new_list(341, &settled)
            }
            I::Step => {
                let element = self.element(first);
                self.new_object(342, ObjectKind::Record, vec![("value".into(), element)])
            }
            I::Decorate => self.decorated(first, &arguments.positional),
            I::Vendored => {
                let known = first.filter(|atom| matches!(atom, Atom::Sdk(_)));
                let source = given(1);
                let routines = source.filter(is_routine);
                match () {
                    () if !known.is_nothing() => known,
                    () if routines.is_nothing() => source,
                    () => self.call(&routines, &Arguments::default()),
                }
            }
            _ => {
                let handed = Arguments { positional: vec![first.clone()], ..Arguments::default() };
                self.hand_over(&handed, "a wrapper of the handler", true);
                Shape::any(Why::External)
            }
        }
    }

    /// What a description of a member makes of it: its value, or its getter.
    fn description(&mut self, described: &Shape) -> Shape {
        let mut value = Shape::nothing();
        for atom in described.atoms() {
            let Atom::Object(id) = atom else { continue };
            value.join(&self.raw(*id, "value"));
            let getter = self.raw(*id, "get").filter(|atom| !matches!(atom, Atom::Nil));
            if !getter.is_nothing() {
                value.add(Atom::Native(Intrinsic::Getter, Some(Box::new(getter))));
            }
        }
        value
    }

    /// A field as it was put there.
    fn raw(&mut self, id: ObjectId, name: &str) -> Shape {
        let pass = self.pass;
        let field = self.heap.object_mut(id).map(|object| object.fields.entry(name.into()).or_default());
        field.map(|field| field.cell.get(pass)).unwrap_or_default()
    }

    fn define(&mut self, target: &Shape, key: &Shape, value: &Shape) {
        for atom in target.atoms() {
            match atom {
                Atom::Object(id) => self.put_keyed(*id, key, value, false),
                other => {
                    for name in key.atoms().iter().filter_map(super::objects::literal_key) {
                        self.store(&other.clone().into(), &name, value, false);
                    }
                }
            }
        }
    }

    fn define_all(&mut self, which: Intrinsic, target: &Shape, all: &Shape) {
        for atom in all.atoms() {
            let Atom::Object(id) = atom else { continue };
            let (fields, elements, _) = self.contents(*id);
            for (name, described, _) in fields {
                let value = match which {
                    Intrinsic::DefineAll => self.description(&described),
                    _ if described.is_nothing() => continue,
                    _ => Atom::Native(Intrinsic::Getter, Some(Box::new(described))).into(),
                };
                self.define(target, &Shape::text(&name), &value);
            }
            if which == Intrinsic::DefineAll {
                let value = self.description(&elements);
                self.define(target, &Shape::some_text(), &value);
            }
        }
    }

    /// An object that has the members of another: of a class's objects, one of the class.
    fn derive_from(&mut self, from: &Shape) -> Shape {
        let mut made = self.allocate(from);
        let others = from.filter(|atom| !matches!(atom, Atom::Class(_) | Atom::Nil));
        if made.is_nothing() || !others.is_nothing() {
            let (frame, node) = self.here;
            let id = self.heap.object_at(frame, node, 343, ObjectKind::Record);
            self.merge(id, &others, true);
            made.add(Atom::Object(id));
        }
        made
    }

    fn copy_of(&mut self, of: &Shape) -> Shape {
        let objects = of.filter(|atom| matches!(atom, Atom::Object(_)));
        let mut shape = of.filter(|atom| !matches!(atom, Atom::Object(_)));
        if !objects.is_nothing() {
            let (frame, node) = self.here;
            let id = self.heap.object_at(frame, node, 344, ObjectKind::Record);
            self.merge(id, &objects, true);
            shape.add(Atom::Object(id));
        }
        shape
    }

    /// Calls a routine that hands its result to the last of its arguments.
    fn call_back(&mut self, routine: &Shape, arguments: &Arguments) -> Shape {
        let cell = self.new_list(345, &Shape::nothing());
        let last = Atom::Native(Intrinsic::Append, Some(Box::new(cell.clone())));
        let mut handed = arguments.clone();
        handed.positional.push(last.into());
        let result = self.call(routine, &handed);
        let mut given = self.element(&cell);
        given.join(&result.filter(|atom| matches!(atom, Atom::Sdk(_))));
        given
    }

    /// What a decorator makes of a routine or class: what it gives for it, or what it puts in its place.
    fn decorated(&mut self, decorators: &Shape, given: &[Shape]) -> Shape {
        let value = given.last().cloned().unwrap_or_default();
        if value.is_nothing() {
            return value;
        }
        let is_class = value.atoms().iter().all(|atom| matches!(atom, Atom::Class(_)));
        let name = given.get(1).cloned().unwrap_or_default();
        let mut made = Shape::nothing();
        for decorator in decorators.atoms() {
            let one = Shape::from(decorator.clone());
            if is_class {
                let result = self.call(&one, &Arguments::of([value.clone()]));
                made.join(&result.filter(|atom| matches!(atom, Atom::Class(_))));
                continue;
            }
            let is_own = matches!(decorator, Atom::Routine(_) | Atom::Bound(..));
            if is_own && self.parameter_count(decorator) > 2 {
                made.join(&self.redescribed(&one, &name, &value));
            } else if is_own {
                let kind = ("name".into(), name.clone());
                let context = self.new_object(346, ObjectKind::Record, vec![kind]);
                let result = self.call(&one, &Arguments::of([value.clone(), context]));
                made.join(&result.filter(is_routine));
            } else {
                self.call(&one, &Arguments::default());
            }
        }
        if made.is_nothing() { value } else { made }
    }

    /// What a decorator makes of a routine that is handed its description.
    fn redescribed(&mut self, decorator: &Shape, name: &Shape, value: &Shape) -> Shape {
        let described = self.new_object(347, ObjectKind::Record, vec![("value".into(), value.clone())]);
        let handed = [Shape::any(Why::Dynamic), name.clone(), described.clone()];
        let mut results = self.call(decorator, &Arguments::of(handed));
        results.join(&described);
        let mut made = Shape::nothing();
        for atom in results.atoms() {
            if let Atom::Object(id) = atom {
                made.join(&self.raw(*id, "value"));
            }
        }
        made
    }

    fn parameter_count(&self, callee: &Atom) -> usize {
        let (Atom::Routine(closure) | Atom::Bound(closure, _)) = callee else { return 0 };
        let Some(value) = self.heap.closure(*closure) else { return 0 };
        let routine = self.module(value.unit).and_then(|module| module.routine(value.routine));
        let count = routine.map_or(0, |routine| routine.params.len());
        count.saturating_sub(usize::from(self.awaits_object(*closure)))
    }

    /// A routine in a wrapper that more is handed to, which is called by whoever calls the wrapper.
    pub(super) fn chained(&mut self, routine: Shape, arguments: &Arguments) -> Shape {
        let Some(deferred) = self.deferred(arguments) else {
            self.hand_over(arguments, "a wrapper of the handler", true);
            return routine;
        };
        let outer = self.deferring.replace(deferred.clone());
        self.hand_over(arguments, "a wrapper of the handler", true);
        self.deferring = outer;
        let mut shape = routine;
        shape.add(deferred);
        shape
    }

    /// What stands for whatever code outside makes of routines that it is handed: `None` where it is handed none, or
    /// where the language does not tell what a module exports from what it holds.
    pub(super) fn deferred(&self, arguments: &Arguments) -> Option<Atom> {
        let is_handed = |atom: &Atom| match atom {
            Atom::Routine(_) | Atom::Bound(..) | Atom::Native(Intrinsic::Deferred, _) => true,
            Atom::Object(id) => self.is_record(*id),
            Atom::Sdk(value) => self.binding.is_handed(value) || self.binding.is_bound_call(value),
            _ => false,
        };
        let handed: Shape = arguments.all().cloned().collect();
        let handed = handed.filter(is_handed);
        let wraps = self.fields_are_members() && !handed.is_nothing();
        wraps.then(|| Atom::Native(Intrinsic::Deferred, Some(Box::new(handed))))
    }
}

pub(super) fn is_routine(atom: &Atom) -> bool {
    matches!(atom, Atom::Routine(_) | Atom::Bound(..))
}

/// Whether a function of the language's library is one of the lists that it is called on.
const fn is_of_list(which: Intrinsic) -> bool {
    use Intrinsic as I;
    matches!(which, I::MakeList | I::MapEach | I::FilterEach | I::VisitEach | I::Fold | I::Extend | I::Push)
}

/// Whether an intrinsic is one of members, or of what wraps routines.
pub(super) const fn is_of_members(which: Intrinsic) -> bool {
    use Intrinsic as I;
    matches!(
        which,
        I::Getter
            | I::Define
            | I::DefineAll
            | I::DefineGetters
            | I::Derive
            | I::Copy
            | I::Promisify
            | I::CallBack
            | I::Settled
            | I::Step
            | I::Decorate
            | I::Vendored
            | I::Deferred
    )
}
