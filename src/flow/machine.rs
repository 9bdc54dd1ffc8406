//! The run itself: passes over the reachable routines until nothing new is learned.

use indexmap::IndexMap;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::ir::{Intrinsic, Module, NodeId, RoutineId};
use crate::text::{Site, SmolStr, Span};

use super::binding::{Arguments, Binding, Request, World};
use super::heap::{Cell, ClosureValue, Frame, FrameId, FrameKey, Heap, number};
use super::model::{BlindKind, BlindSpot, Principal};
use super::program::Program;
use super::shape::{Atom, ClosureId, ObjectId, Shape, TypeId, UnitId, Why};

/// How often the whole is repeated. Real programs settle in two to five passes.
const MAX_PASSES: u32 = 16;
/// How many evaluations one routine gets before further ones share one.
const MAX_CONTEXTS: u32 = 40;
/// How many it gets that are handed what it made itself, so that each makes something new for the next.
const MAX_OWN: u32 = 8;
/// How many evaluations there may be before every routine gets one only.
const MAX_FRAMES: usize = 12_000;
/// How deep calls are followed.
const MAX_DEPTH: u32 = 1200;
/// How many nodes are evaluated before the run gives up.
const MAX_STEPS: u64 = 2_500_000;

/// The place of what the platform itself does: no call stands at a module's first node.
pub(super) const START: (FrameId, NodeId) = (FrameId(0), NodeId(0));

/// What tells one request from another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct RequestKey {
    pub(super) place: (FrameId, NodeId),
    pub(super) service: SmolStr,
    pub(super) operation: SmolStr,
    pub(super) principal: Principal,
    pub(super) arguments: ObjectId,
    pub(super) client: Option<ObjectId>,
}

/// A handler that the program handed to the platform.
#[derive(Clone, Debug)]
pub(super) struct Served {
    /// Where.
    pub(super) place: (FrameId, NodeId),
    /// What it is handed, where that is not the event and the context.
    pub(super) event: Option<Shape>,
}

/// How something was handed to code outside.
#[derive(Clone, Debug)]
struct Escape {
    /// Where.
    place: (FrameId, NodeId),
    /// Whether that code calls it whoever else does.
    surely: bool,
    /// What that code gave for it: where the program exports that, whoever imports it calls it.
    gave: Option<Atom>,
}

/// A run from one entry.
pub(super) struct Machine<'a> {
    pub(super) program: &'a Program,
    pub(super) binding: &'a dyn Binding,
    pub(super) world: &'a dyn World,
    pub(super) heap: Heap,
    pub(super) pass: u32,
    /// Whether something that was read in this pass grew afterwards.
    pub(super) dirty: bool,
    /// The node that is being evaluated.
    pub(super) here: (FrameId, NodeId),
    pub(super) requests: IndexMap<RequestKey, Request>,
    pub(super) blind: IndexMap<BlindSpot, ()>,
    contexts: FxHashMap<(UnitId, RoutineId), u32>,
    /// The first scope that each routine was called in.
    scopes: FxHashMap<(UnitId, RoutineId), FrameId>,
    bodies: IndexMap<UnitId, FrameId>,
    /// What the files opened.
    pub(super) opened: FxHashMap<UnitId, Cell>,
    /// Methods of types that stand elsewhere, by name.
    pub(super) extensions: FxHashMap<SmolStr, Cell>,
    /// Objects that the program does not make itself, but a container for it.
    pub(super) injected: FxHashSet<ObjectId>,
    /// Those of them that the program registers with it.
    pub(super) registered: FxHashSet<ObjectId>,
    /// The classes of which such an object is being made.
    pub(super) injecting: Vec<TypeId>,
    /// The methods that a container is calling for what they give.
    pub(super) providing: Vec<ClosureId>,
    /// Modules whose star imports are being searched.
    pub(super) searched: Vec<UnitId>,
    /// What was handed to code outside.
    escaped: IndexMap<Atom, Escape>,
    /// What the code outside gives that is being handed something.
    pub(super) deferring: Option<Atom>,
    /// Routines that are the entries of other functions.
    pub(super) others: Vec<(UnitId, RoutineId)>,
    /// Routines that something of the project called in this pass.
    called: FxHashSet<(UnitId, RoutineId)>,
    depth: u32,
    /// How many values of a member of a request were told.
    pub(super) told: std::cell::Cell<u32>,
    /// Whether something of a request was not told.
    pub(super) untold: std::cell::Cell<bool>,
    /// How many objects within objects are being searched for a member.
    pub(super) delegation: u32,
    /// What was handed to the platform as the handler, and where.
    pub(super) served: IndexMap<Atom, Served>,
    /// Where the program hands the platform a handler that nobody knows.
    pub(super) unserved: Option<Site>,
    /// What libraries keep for the whole program, by its token.
    pub(super) kept: IndexMap<SmolStr, Cell>,
    /// Work done so far: nodes evaluated, and possibilities looked at where there are several.
    pub(super) steps: u64,
}

impl<'a> Machine<'a> {
    pub(super) fn new(program: &'a Program, binding: &'a dyn Binding, world: &'a dyn World) -> Self {
        Self {
            program,
            binding,
            world,
            heap: Heap::default(),
            pass: 0,
            dirty: false,
            here: START,
            requests: IndexMap::default(),
            blind: IndexMap::default(),
            contexts: FxHashMap::default(),
            scopes: FxHashMap::default(),
            bodies: IndexMap::default(),
            opened: FxHashMap::default(),
            extensions: FxHashMap::default(),
            injected: FxHashSet::default(),
            registered: FxHashSet::default(),
            injecting: vec![],
            providing: vec![],
            searched: vec![],
            escaped: IndexMap::default(),
            others: vec![],
            deferring: None,
            called: FxHashSet::default(),
            depth: 0,
            told: std::cell::Cell::default(),
            untold: std::cell::Cell::default(),
            delegation: 0,
            served: IndexMap::default(),
            unserved: None,
            kept: IndexMap::default(),
            steps: 0,
        }
    }

    /// Repeats `start` until a pass learns nothing new.
    pub(super) fn settle(&mut self, mut start: impl FnMut(&mut Self)) {
        loop {
            self.pass += 1;
            self.dirty = false;
            let before = std::mem::take(&mut self.requests);
            self.blind.clear();
            self.escaped.clear();
            self.called.clear();
            self.served.clear();
            self.unserved = None;
            self.here = START;
            start(self);
            self.call_handed();
            if !self.dirty {
                return;
            }
            if self.pass >= MAX_PASSES || self.steps >= MAX_STEPS {
                // A pass that was cut short does not come by all that the one before saw.
                for (key, request) in before {
                    self.requests.entry(key).or_insert(request);
                }
                self.note(
                    BlindKind::Limit,
                    vec![],
                    None,
                    "the program did not settle within the limits of the analysis",
                );
                return;
            }
        }
    }

    /// Calls what was handed to code outside, and the handlers that this in turn hands to the platform, where the program
    /// handed it none itself.
    fn call_handed(&mut self) {
        let handed = self.served.len();
        let (mut called, mut entered) = (0, handed);
        self.call_escaped(&mut called);
        while handed == 0
            && let Some((atom, served)) = self.served.get_index(entered)
        {
            let (atom, served) = (atom.clone(), served.clone());
            entered += 1;
            self.here = START;
            self.enter_handler(&atom, served.event);
            self.call_escaped(&mut called);
        }
        // A handler from outside may call what was handed there; where nothing was, nobody knows what it does.
        let is_routine = |atom: &Atom| matches!(atom, Atom::Routine(_) | Atom::Bound(..));
        if self.unserved.is_some() && self.served.is_empty() && !self.escaped.keys().any(is_routine) {
            let message = "the handler that is handed to the platform is not known";
            self.note(BlindKind::NoEntry, vec![], self.unserved, message);
        }
    }

    /// Calls what was handed to code outside the project and is called by nothing else, from the given one on.
    fn call_escaped(&mut self, done: &mut usize) {
        let exported = if self.escaped.is_empty() { FxHashSet::default() } else { self.exported() };
        while let Some((atom, Escape { place, surely, gave })) =
            self.escaped.get_index(*done).map(|(atom, escape)| (atom.clone(), escape.clone()))
        {
            *done += 1;
            let given = gave.is_some_and(|gave| exported.contains(&gave));
            if given || (!surely && exported.contains(&atom)) {
                continue;
            }
            let closure = match &atom {
                Atom::Routine(closure) | Atom::Bound(closure, _) => self.heap.closure(*closure),
                _ => None,
            };
            let is_called =
                closure.is_some_and(|closure| self.called.contains(&(closure.unit, closure.routine)));
            let is_other =
                closure.is_some_and(|closure| self.others.contains(&(closure.unit, closure.routine)));
            if (is_called && !surely) || is_other {
                continue;
            }
            self.here = place;
            match atom {
                Atom::Class(class) => self.call_members(class),
                Atom::Sdk(value) if self.binding.is_handed(&value) => {
                    let binding = self.binding;
                    binding.hand_over(&value, self);
                }
                atom => {
                    let arguments = Arguments {
                        rest: Some(Shape::any(Why::External)),
                        open: true,
                        ..Arguments::default()
                    };
                    self.call(&atom.into(), &arguments);
                }
            }
        }
    }

    /// Calls every method of a class that code outside the project may call.
    fn call_members(&mut self, class: TypeId) {
        let arguments =
            Arguments { rest: Some(Shape::any(Why::External)), open: true, ..Arguments::default() };
        let object = self.call(&Atom::Class(class).into(), &arguments);
        for name in self.member_names(class) {
            let member = self.member(&object, &name);
            let routines = member.filter(|atom| matches!(atom, Atom::Bound(..) | Atom::Routine(_)));
            self.escape_routines(&routines);
        }
    }

    /// Hands a value to code outside, which calls what can be called unless something else does.
    pub(super) fn escape_routines(&mut self, shape: &Shape) {
        self.escape(shape, false);
    }

    /// Hands a value to code outside. `surely`: it calls what can be called, whoever else does.
    pub(super) fn escape(&mut self, shape: &Shape, surely: bool) {
        for atom in shape.atoms() {
            let callable = match atom {
                Atom::Routine(_) | Atom::Bound(..) | Atom::Native(Intrinsic::Deferred, _) => true,
                // Of one that says so itself only what it exposes is called.
                Atom::Class(class) => !self.exposes(*class),
                Atom::Sdk(value) => self.binding.is_bound_call(value),
                _ => false,
            };
            if callable {
                self.escape_one(atom, surely);
            }
        }
    }

    /// Hands an object to code outside that sends requests with it, unless what that gives for it is exported.
    pub(super) fn escape_later(&mut self, atom: &Atom) {
        self.escape_one(atom, true);
    }

    fn escape_one(&mut self, atom: &Atom, surely: bool) {
        let escape = Escape { place: self.here, surely, gave: self.deferring.clone() };
        let known = self.escaped.entry(atom.clone()).or_insert(escape);
        known.surely |= surely && !matches!(atom, Atom::Class(_));
        if known.gave != self.deferring {
            known.gave = None;
        }
    }

    /// What the loaded modules export, in a language where that is a value.
    fn exported(&self) -> FxHashSet<Atom> {
        let mut found = FxHashSet::default();
        for (unit, body) in &self.bodies {
            let Some(module) = self.module(*unit) else { continue };
            let index = module.export(module.dialect.module_value);
            let cell = self.heap.frame(*body).zip(index);
            let value = cell.and_then(|(frame, index)| frame.cells.get(index as usize));
            for atom in value.map(|cell| cell.peek().atoms()).unwrap_or_default() {
                found.insert(atom.clone());
                let Atom::Object(id) = atom else { continue };
                let fields = self.heap.object(*id).map(|object| object.fields.values());
                for field in fields.into_iter().flatten() {
                    found.extend(field.cell.peek().atoms().iter().cloned());
                }
            }
        }
        found
    }

    /// Whether something of the project called a routine in this pass.
    pub(super) fn was_called(&self, closure: ClosureId) -> bool {
        let value = self.heap.closure(closure);
        value.is_some_and(|value| self.called.contains(&(value.unit, value.routine)))
    }

    /// The module of a frame.
    pub(super) fn module(&self, unit: UnitId) -> Option<&'a Module> {
        self.program.unit(unit)?.module.as_deref()
    }

    /// Runs a module's body, once a pass, after those of the packages around it.
    pub(super) fn load(&mut self, unit: UnitId) -> Option<FrameId> {
        let parents = self.program.unit(unit)?.parents.clone();
        for parent in parents {
            if parent != unit {
                self.load(parent);
            }
        }
        let package = self.program.unit(unit)?;
        if package.loads_whole {
            for part in &package.parts {
                self.load_module(*part);
            }
        }
        self.load_module(unit)
    }

    fn load_module(&mut self, unit: UnitId) -> Option<FrameId> {
        self.module(unit)?;
        let frame = match self.bodies.get(&unit) {
            Some(frame) => *frame,
            None => {
                let key = FrameKey { unit, routine: RoutineId::BODY, parent: None, arguments: Some(vec![]) };
                let frame = self.new_frame(key, vec![]);
                self.bodies.insert(unit, frame);
                frame
            }
        };
        self.enter(frame, Some(self.here));
        Some(frame)
    }

    /// Evaluates a routine for the given values of its parameters.
    pub(super) fn run_routine(&mut self, closure: ClosureId, arguments: Vec<Shape>) -> Shape {
        let Some(ClosureValue { unit, routine, parent, .. }) = self.heap.closure(closure) else {
            return Shape::nothing();
        };
        let (unit, routine, parent) = (*unit, *routine, *parent);
        self.called.insert((unit, routine));
        let frame = self.frame_for(unit, routine, parent, arguments);
        let pass = self.pass;
        if self.depth >= MAX_DEPTH {
            self.note_here(BlindKind::Limit, &[], "calls nest deeper than the analysis follows".into());
        } else {
            self.enter(frame, Some(self.here));
        }
        let generator = self.module(unit).and_then(|module| module.routine(routine));
        let is_generator = generator.is_some_and(|routine| routine.kind == crate::ir::RoutineKind::Generator);
        let Some(frame_value) = self.heap.frame_mut(frame) else { return Shape::nothing() };
        let result = frame_value.result.get(pass);
        if !is_generator {
            return result;
        }
        let yields = frame_value.yields.get(pass);
        self.generator(frame, &yields)
    }

    fn frame_for(
        &mut self,
        unit: UnitId,
        routine: RoutineId,
        parent: FrameId,
        arguments: Vec<Shape>,
    ) -> FrameId {
        let mut key = FrameKey { unit, routine, parent: Some(parent), arguments: Some(arguments) };
        if let Some(frame) = self.heap.frame_ids.get(&key) {
            return *frame;
        }
        self.scopes.entry((unit, routine)).or_insert(parent);
        let contexts = self.contexts.entry((unit, routine)).or_default();
        *contexts += 1;
        let arguments = key.arguments.clone().unwrap_or_default();
        let made_here = |atom: &Atom| match atom {
            Atom::Object(id) => self.heap.object(*id).is_some_and(|object| {
                let maker = self.heap.frame(object.maker);
                maker.is_some_and(|maker| maker.unit == unit && maker.routine == routine)
            }),
            _ => false,
        };
        let feeds_itself = arguments.iter().any(|shape| shape.atoms().iter().any(made_here));
        let limit = if feeds_itself { MAX_OWN } else { MAX_CONTEXTS };
        if *contexts <= limit && self.heap.frames.len() < MAX_FRAMES {
            return self.new_frame(key, arguments);
        }
        key.arguments = None;
        // Scopes are folded together too where even they are too many.
        if *contexts > MAX_CONTEXTS * 4 || self.heap.frames.len() >= MAX_FRAMES {
            key.parent = self.scopes.get(&(unit, routine)).copied();
        }
        let Some(frame) = self.heap.frame_ids.get(&key).copied() else {
            return self.new_frame(key, arguments);
        };
        let pass = self.pass;
        let mut grew = false;
        if let Some(frame) = self.heap.frame_mut(frame) {
            for (known, new) in frame.arguments.iter_mut().zip(&arguments) {
                grew |= frame.pass == pass && !new.within(known) && known.grows_by(new);
                known.join(new);
            }
        }
        self.dirty |= grew;
        frame
    }

    pub(super) fn new_frame(&mut self, key: FrameKey, arguments: Vec<Shape>) -> FrameId {
        let id = FrameId(number(self.heap.frames.len()));
        let routine = self.module(key.unit).and_then(|module| module.routine(key.routine));
        let variables = routine.map_or(0, |routine| routine.variables.len());
        self.heap.frames.push(Frame {
            unit: key.unit,
            routine: key.routine,
            parent: key.parent,
            arguments,
            values: vec![],
            cells: std::iter::repeat_with(Default::default).take(variables).collect(),
            result: Cell::default(),
            yields: Cell::default(),
            pass: 0,
            caller: None,
        });
        self.heap.frame_ids.insert(key, id);
        id
    }

    /// Evaluates a frame unless this pass already did or is about to.
    pub(super) fn enter(&mut self, frame: FrameId, caller: Option<(FrameId, NodeId)>) {
        let pass = self.pass;
        let Some(value) = self.heap.frame_mut(frame) else { return };
        if value.pass == pass || self.steps >= MAX_STEPS {
            return;
        }
        value.pass = pass;
        value.caller = caller.filter(|place| place.0 != frame && *place != START);
        let (unit, routine) = (value.unit, value.routine);
        let Some(routine) = self.module(unit).and_then(|module| module.routine(routine)) else { return };
        let before = self.here;
        self.depth += 1;
        self.steps += routine.nodes.len() as u64;
        self.evaluate(frame, routine);
        self.depth -= 1;
        self.here = before;
    }

    /// The place of the node that is being evaluated.
    pub(super) fn site(&self) -> Option<Site> {
        self.site_of(self.here)
    }

    /// The place of a node.
    pub(super) fn site_of(&self, (frame, node): (FrameId, NodeId)) -> Option<Site> {
        let frame = self.heap.frame(frame)?;
        let module = self.module(frame.unit)?;
        let span: Span = module.routine(frame.routine)?.span_of(node);
        Some(Site { file: module.file, span })
    }

    /// Notes a blind spot at the node that is being evaluated.
    pub(super) fn note_here(&mut self, kind: BlindKind, services: &[&str], message: String) {
        let services = services.iter().map(|service| SmolStr::from(*service)).collect();
        self.note(kind, services, self.site(), &message);
    }

    pub(super) fn note(
        &mut self,
        kind: BlindKind,
        services: Vec<SmolStr>,
        site: Option<Site>,
        message: &str,
    ) {
        self.blind.insert(BlindSpot { kind, site, services, message: message.to_owned() }, ());
    }
}
