//! Intrinsics of languages whose library takes routines: over elements, promises, and routines bound beforehand.

use rustc_hash::FxHashSet;

use crate::ir::Intrinsic;

use super::binding::Arguments;
use super::heap::ObjectKind;
use super::machine::Machine;
use super::shape::{Atom, ObjectId, Shape, Why};
use crate::text::Hole;

/// How deep records are searched for routines.
const MAX_HOLD: u32 = 3;

impl Machine<'_> {
    /// The result of an intrinsic that calls routines or chooses between values.
    pub(super) fn intrinsic_with_callbacks(
        &mut self,
        which: Intrinsic,
        receiver: Option<&Shape>,
        first: &Shape,
        arguments: &Arguments,
    ) -> Shape {
        use Intrinsic as I;
        match which {
            I::Either => {
                let second = arguments.positional.get(1).cloned().unwrap_or_default();
                self.either(first, &second)
            }
            I::Lookup => self.lookup(first, arguments),
            I::Default => first.atoms().iter().map(|atom| self.default_of(atom)).collect(),
            I::Assign => self.assign(first, arguments),
            I::MakeMap => self.make_map(first, ObjectKind::Record),
            I::MakeTable => self.make_map(first, ObjectKind::Map),
            I::Put => self.put_pair(receiver, arguments),
            I::Push => {
                for value in arguments.all() {
                    for atom in first.atoms() {
                        if let Atom::Object(id) = atom {
                            self.put_element(*id, value);
                        }
                    }
                }
                Shape::some_number()
            }
            I::MapEach | I::FilterEach | I::FindEach | I::VisitEach | I::Fold => {
                self.over_elements(which, receiver, arguments)
            }
            I::VisitAll => {
                let (_, behind) = arguments.positional.split_first().unwrap_or((first, &[]));
                let is_routine = |shape: &&Shape| {
                    shape.atoms().iter().any(|atom| matches!(atom, Atom::Routine(_) | Atom::Bound(..)))
                };
                let positional = behind.iter().filter(is_routine).cloned().collect();
                let handed = Arguments { positional, ..Arguments::default() };
                self.over_elements(I::VisitEach, Some(first), &handed)
            }
            I::Then | I::Caught => self.when_settled(which, first, arguments),
            I::Promise => self.promise(first),
            I::Bind | I::CallOn | I::ApplyOn | I::Chain => self.on_routine(which, receiver, arguments),
            I::CallReceiver => match receiver {
                Some(routine) => self.call(routine, arguments),
                None => Shape::any(Why::Dynamic),
            },
            I::InvokeLater | I::FlatMapEach | I::VisitPairs | I::ElementOr | I::Compute => {
                self.held(which, first, receiver.is_some(), arguments)
            }
            I::MakePair | I::MakeAlternately | I::PairKey | I::PairValue => {
                self.pair(which, first, arguments)
            }
            _ if super::properties::is_of_members(which) => self.property_intrinsic(which, first, arguments),
            _ => self.intrinsic_on_any(which, first, arguments),
        }
    }

    /// An element that stands left of what is taken in its place: under a key that is not known there may be none.
    fn lookup(&mut self, of: &Shape, arguments: &Arguments) -> Shape {
        let key = arguments.positional.get(1).cloned().unwrap_or_default();
        let mut found = self.index(of, &key);
        let is_open = |atom: &Atom| super::objects::literal_key(atom).is_none();
        if of.atoms().iter().any(|atom| matches!(atom, Atom::Object(_))) && key.atoms().iter().any(is_open) {
            found.add(Atom::Nil);
        }
        found
    }

    /// The first value where it is sure to be there, the second where it is sure not to be, else both.
    pub(super) fn either(&self, first: &Shape, second: &Shape) -> Shape {
        let mut shape = Shape::nothing();
        let mut second_too = first.is_nothing() && self.pass > 1;
        for atom in first.atoms() {
            let (there, absent) = match atom {
                Atom::Nil | Atom::Flag(false) => (false, true),
                Atom::Text(text) => match text.as_hole() {
                    Some(Hole::Environment(name)) => {
                        let set = self.world.variable(name).is_some();
                        (set || !self.world.environment_is_known(), !set)
                    }
                    _ => (!text.is_empty(), text.is_empty() || text.as_literal().is_none()),
                },
                Atom::Any(_) | Atom::Member(_) | Atom::Event(_) | Atom::Number(_) | Atom::External(_) => {
                    (true, true)
                }
                Atom::Sdk(value) => (true, self.binding.is_data(value)),
                _ => (true, false),
            };
            if there {
                shape.add(atom.clone());
            }
            second_too |= absent;
        }
        if second_too {
            shape.join(second);
        }
        shape
    }

    /// What a module gives as its default: the field of that name, else all of it.
    fn default_of(&mut self, module: &Atom) -> Shape {
        if let Atom::Object(id) = module {
            let field = self.field(*id, "default");
            if !field.is_nothing() {
                return field;
            }
        }
        module.clone().into()
    }

    fn assign(&mut self, target: &Shape, arguments: &Arguments) -> Shape {
        for atom in target.atoms() {
            let given = arguments.positional.iter().skip(1).chain(&arguments.rest);
            match atom {
                Atom::Object(id) => {
                    let parts: Vec<_> = given.map(|other| (None, other.clone())).collect();
                    self.put_in_order(*id, &parts);
                }
                Atom::Routine(closure) | Atom::Bound(closure, _) => {
                    let id = self.properties_of(*closure);
                    given.for_each(|other| self.merge(id, other, false));
                }
                _ => {}
            }
        }
        target.clone()
    }

    fn make_map(&mut self, pairs: &Shape, kind: ObjectKind) -> Shape {
        let (frame, node) = self.here;
        let id = self.heap.object_at(frame, node, 320, kind);
        let pairs = pairs.filter(|atom| !matches!(atom, Atom::Nil));
        let elements = if pairs.is_nothing() { Shape::nothing() } else { self.element(&pairs) };
        for atom in elements.atoms() {
            let Atom::Object(pair) = atom else {
                self.put_element(id, &Shape::any(Why::Dynamic));
                continue;
            };
            let (key, value) = (self.field(*pair, "0"), self.field(*pair, "1"));
            self.put_keyed(id, &key, &value, true);
        }
        Atom::Object(id).into()
    }

    fn put_pair(&mut self, receiver: Option<&Shape>, arguments: &Arguments) -> Shape {
        let [key, value, ..] = arguments.positional.as_slice() else { return Shape::any(Why::Dynamic) };
        for atom in receiver.map(Shape::atoms).unwrap_or_default() {
            if let Atom::Object(id) = atom {
                self.put_keyed(*id, key, value, false);
            }
        }
        receiver.cloned().unwrap_or_else(|| Shape::any(Why::Dynamic))
    }

    fn over_elements(&mut self, which: Intrinsic, receiver: Option<&Shape>, arguments: &Arguments) -> Shape {
        use Intrinsic as I;
        let mut given = arguments.positional.iter();
        let list = receiver.or_else(|| given.next()).cloned().unwrap_or_default();
        let element = self.values_of(&list);
        let Some(callee) = given.next() else {
            return if which == I::MapEach { self.new_list(321, &element) } else { element };
        };
        let number = Shape::some_number();
        if which == I::Fold {
            let before = given.next().cloned().unwrap_or_else(|| element.clone());
            return self.fold(callee, before, &[element, number, list]);
        }
        let handed = Arguments { positional: vec![element.clone(), number, list], ..Arguments::default() };
        let result = self.call(callee, &handed);
        match which {
            I::MapEach => {
                // Results that are lists may be put one behind the other.
                self.new_list(321, &result)
            }
            I::FilterEach => self.new_list(321, &element),
            I::FindEach => element,
            _ => {
                // Some take a second routine for the case that there is no element.
                given.for_each(|other| self.escape_routines(other));
                Shape::any(Why::Dynamic)
            }
        }
    }

    /// Calls a routine with what it gave before, twice: what it makes of its own result is like what it made first.
    pub(super) fn fold(&mut self, callee: &Shape, before: Shape, others: &[Shape]) -> Shape {
        let mut so_far = before;
        for _ in 0..2 {
            let positional = std::iter::once(&so_far).chain(others).cloned().collect();
            let result = self.call(callee, &Arguments { positional, ..Arguments::default() });
            so_far.join(&result);
        }
        so_far
    }

    /// What a routine gets that is called for each element: of a record what its fields hold.
    fn values_of(&mut self, list: &Shape) -> Shape {
        let records = list.filter(|atom| matches!(atom, Atom::Object(_)));
        let mut values = self.element(&list.filter(|atom| !matches!(atom, Atom::Object(_))));
        for atom in records.atoms() {
            if let Atom::Object(id) = atom {
                values.join(&self.elements_of(*id));
            }
        }
        values
    }

    fn when_settled(&mut self, which: Intrinsic, promise: &Shape, arguments: &Arguments) -> Shape {
        let mut value = promise.clone();
        if value.is_nothing() && self.pass > 1 {
            value = Atom::Nil.into();
        }
        let failure = Arguments { rest: Some(Shape::any(Why::External)), open: true, ..Arguments::default() };
        if which == Intrinsic::Caught {
            if let Some(callee) = arguments.positional.get(1) {
                value.join(&self.call(callee, &failure));
            }
            return value;
        }
        let mut result = Shape::nothing();
        if let Some(callee) = arguments.positional.get(1) {
            let handed = Arguments { positional: vec![value], ..Arguments::default() };
            result = self.call(callee, &handed);
        }
        if let Some(callee) = arguments.positional.get(2) {
            result.join(&self.call(callee, &failure));
        }
        result
    }

    /// A promise is what it comes to: its executor puts that into a list that nobody else sees.
    fn promise(&mut self, executor: &Shape) -> Shape {
        let cell = self.new_list(323, &Shape::nothing());
        let resolve = Atom::Native(Intrinsic::Append, Some(Box::new(cell.clone())));
        let reject = Atom::Native(Intrinsic::Ignore, None);
        let handed = Arguments { positional: vec![resolve.into(), reject.into()], ..Arguments::default() };
        self.call(executor, &handed);
        self.element(&cell)
    }

    fn on_routine(&mut self, which: Intrinsic, receiver: Option<&Shape>, arguments: &Arguments) -> Shape {
        use Intrinsic as I;
        let Some(routine) = receiver.cloned() else {
            if which == I::Chain {
                return self.chained(Shape::any(Why::External), arguments);
            }
            self.hand_over(arguments, "a value that is not known", true);
            return Shape::any(Why::Dynamic);
        };
        match which {
            I::Chain => self.chained(routine, arguments),
            I::Bind if arguments.positional.len() < 2 => self.rebound(&routine, arguments.positional.first()),
            I::Bind => {
                let mut all = arguments.clone();
                if let Some(object) = all.positional.first_mut() {
                    *object = self.rebound(&routine, Some(object));
                }
                self.intrinsic(I::Partial, None, &all)
            }
            I::CallOn => {
                let routine = self.rebound(&routine, arguments.positional.first());
                let positional = arguments.positional.iter().skip(1).cloned().collect();
                self.call(&routine, &Arguments { positional, ..arguments.clone() })
            }
            _ => {
                let routine = self.rebound(&routine, arguments.positional.first());
                let mut handed = Arguments::default();
                if let Some(list) = arguments.positional.get(1) {
                    self.spread(list, &mut handed);
                }
                self.call(&routine, &handed)
            }
        }
    }

    /// Hands the routines in records and lists to code outside; what is in a record may be changed there.
    pub(super) fn escape_contents(
        &mut self,
        shape: &Shape,
        surely: bool,
        seen: &mut FxHashSet<ObjectId>,
        depth: u32,
    ) {
        for atom in shape.atoms() {
            let Atom::Object(id) = atom else { continue };
            let kind = self.heap.object(*id).map(|object| object.kind);
            let is_data = matches!(kind, Some(ObjectKind::Record | ObjectKind::Map | ObjectKind::List));
            if !is_data || depth >= MAX_HOLD || !seen.insert(*id) {
                continue;
            }
            let (fields, elements, _) = self.contents(*id);
            for value in fields.into_iter().map(|(_, value, _)| value).chain([elements]) {
                let value = self.own(*id, value);
                self.escape(&value, surely);
                self.escape_contents(&value, surely, seen, depth + 1);
            }
        }
    }

    /// A call's arguments by name, where the only one is a record.
    pub(super) fn by_name(&mut self, arguments: &Arguments) -> Option<Arguments> {
        let [Atom::Object(id)] = arguments.positional.first()?.atoms() else { return None };
        let is_record = self.heap.object(*id).is_some_and(|object| object.kind == ObjectKind::Record);
        let (named, _, open) = self.contents(*id);
        is_record.then(|| Arguments { named, open, ..Arguments::default() })
    }
}

/// Whether a function of a module made the decorator of a routine (`@retry(times=3)`): it puts something around the routine.
/// Members of objects (`@app.route("/")`) register what they decorate; what a class made is such an object.
pub(super) fn is_decorated(path: &str, arguments: &Arguments) -> bool {
    let is_function = |maker: &str| {
        let name = maker.rsplit('.').next().unwrap_or(maker);
        !maker.contains("()") && !name.starts_with(char::is_uppercase)
    };
    path.strip_suffix("()").is_some_and(is_function)
        && arguments.all().all(|shape| shape.atoms().iter().all(super::properties::is_routine))
}
