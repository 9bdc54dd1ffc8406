//! A run from one entry: its API calls and blind spots.

use crate::ir::RoutineId;
use crate::text::{Site, SmolStr};

use super::binding::{Arguments, Binding, World};
use super::machine::{Machine, START, Served};
use super::model::{ApiCall, BlindKind, BlindSpot, Confidence, Record};
use super::program::Program;
use super::shape::{Atom, Shape, UnitId, Why};

/// What the platform enters.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The module that the platform loads.
    pub unit: UnitId,
    /// What it calls there, by its dotted name; `None` for the module's body alone.
    pub symbol: Option<SmolStr>,
    /// What the platform calls there for other functions: code outside that is handed it does not call it for this one.
    pub others: Vec<SmolStr>,
    /// The member of a library's class that the platform calls, where that finds the entry by itself.
    pub adapter: Option<SmolStr>,
    /// Whether the platform calls it of itself, without the program that may stand beside it being run.
    pub alone: bool,
}

/// What a run found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// The API calls, sorted by place.
    pub calls: Vec<ApiCall>,
    /// What may have been missed, sorted by place.
    pub blind_spots: Vec<BlindSpot>,
    /// Whether the module has what the entry names.
    pub found: bool,
    /// Where the entry's routine stands; `None` where the module has nothing of that name.
    pub entry: Option<Site>,
    /// The name of that routine, where the program itself hands it to the platform.
    pub handed: Option<SmolStr>,
}

/// Runs a program from an entry.
pub fn run(program: &Program, binding: &dyn Binding, world: &dyn World, entry: &Entry) -> Findings {
    let mut machine = Machine::new(program, binding, world);
    machine.others = machine.routines_at_top(entry.unit, &entry.others);
    let mut found = None;
    let mut handed = None;
    let mut is_there = entry.symbol.is_none();
    machine.settle(|machine| {
        machine.load(entry.unit);
        let Some(symbol) = &entry.symbol else { return };
        let symbol = &SmolStr::from(symbol.replace("::", "."));
        machine.here = START;
        if let Some(member) = entry.adapter.as_deref().and_then(|path| machine.adapter(entry.unit, path)) {
            is_there = true;
            found = machine.written_in_class(entry.unit, symbol);
            member.atoms().iter().for_each(|atom| machine.enter_handler(atom, None));
            return;
        }
        machine.start(entry.unit, symbol);
        let mut outcome = Outcome { site: found, handed: handed.take() };
        if !entry.alone && machine.enter_handed(entry.unit, symbol, &mut outcome) {
            is_there = true;
            (found, handed) = (outcome.site, outcome.handed);
            return;
        }
        (found, handed) = (outcome.site, outcome.handed);
        machine.here = START;
        let Some(target) = machine.symbol(entry.unit, symbol) else { return };
        is_there = true;
        let written = machine.written_at(entry.unit, symbol);
        found = written.or_else(|| machine.entered_at(entry.unit, &target, symbol)).or(found);
        found = found.or_else(|| machine.written_in_class(entry.unit, symbol));
        target.atoms().iter().for_each(|atom| machine.enter_handler(atom, None));
    });
    let calls = machine.calls();
    // Where several clients meet several names, what one lacks another has.
    let is_answered = |spot: &&BlindSpot| {
        spot.kind == BlindKind::UnknownOperation && calls.iter().any(|call| Some(call.site) == spot.site)
    };
    let mut blind_spots: Vec<BlindSpot> =
        machine.blind.keys().filter(|spot| !is_answered(spot)).cloned().collect();
    blind_spots.sort();
    Findings { calls, blind_spots, found: is_there, entry: found, handed }
}

/// What is sent by something of which nothing is known is sent by what it is known to be on another path.
fn leave_out_doubles(calls: &mut Vec<ApiCall>) {
    let is_proven = |call: &ApiCall| call.confidence == Confidence::Proven;
    let proven: Vec<ApiCall> = calls.iter().filter(|call| is_proven(call)).cloned().collect();
    let is_same = |one: &ApiCall, other: &ApiCall| {
        one.site == other.site
            && one.operation == other.operation
            && one.service == other.service
            && one.arguments == other.arguments
            && one.principal == other.principal
    };
    calls.retain(|call| {
        let is_known = is_proven(call) || call.client != Record::default();
        is_known || !proven.iter().any(|known| is_same(known, call))
    });
}

/// What came of running the program that hands its handler to the platform.
struct Ran {
    /// Whether the entry is the program itself.
    is_main: bool,
    /// Whether something that was handed over has the name of the entry.
    is_named: bool,
}

impl Ran {
    const fn is_entered(&self) -> bool {
        self.is_main || self.is_named
    }
}

/// Where the entry was found, and under which name the program handed it over.
struct Outcome {
    site: Option<Site>,
    handed: Option<SmolStr>,
}

impl Machine<'_> {
    /// The requests as plain data, sorted by place.
    fn calls(&mut self) -> Vec<ApiCall> {
        let mut calls: Vec<ApiCall> = vec![];
        let mut cut: Vec<(Site, SmolStr)> = vec![];
        for (key, request) in &self.requests {
            let Some(site) = self.site_of(key.place) else { continue };
            let (arguments, is_whole) = self.freeze_request(request.arguments);
            if !is_whole {
                cut.push((site, request.service.clone()));
            }
            let call = ApiCall {
                service: request.service.clone(),
                operation: request.operation.clone(),
                arguments,
                client: request.client.map(|client| self.freeze_record(client, 1)).unwrap_or_default(),
                site,
                route: self.route(key.place.0),
                principal: request.principal.clone(),
                confidence: request.confidence,
                certain: request.certain,
            };
            let known = calls.iter_mut().find(|known| {
                known.site == call.site
                    && known.operation == call.operation
                    && known.service == call.service
                    && known.arguments == call.arguments
                    && known.principal == call.principal
                    && known.client == call.client
            });
            match known {
                Some(known) => known.certain |= call.certain,
                None => calls.push(call),
            }
        }
        for (site, service) in cut {
            let message = "the request holds more than the analysis tells";
            self.note(BlindKind::Limit, vec![service], Some(site), message);
        }
        leave_out_doubles(&mut calls);
        calls.sort_by(|a, b| (a.site, &a.service, &a.operation).cmp(&(b.site, &b.service, &b.operation)));
        calls
    }

    /// Runs the program, and what it hands to the platform under the name of the entry; `false` where there is nothing.
    fn enter_handed(&mut self, unit: UnitId, symbol: &str, outcome: &mut Outcome) -> bool {
        let Some(ran) = self.run_main(unit, symbol) else { return false };
        let all = !ran.is_entered();
        let served: Vec<(Atom, Served)> = self
            .served
            .iter()
            .filter(|(atom, _)| all || self.is_meant(atom, symbol, &ran))
            .map(|(atom, served)| (atom.clone(), served.clone()))
            .collect();
        if all {
            // The entry may be what a handler without a name calls.
            self.enter_served(served);
            let is_called = self.is_called(unit, symbol);
            let early = self.pass == 1 && !is_called && !self.served.is_empty();
            self.dirty |= early;
            outcome.site = self.written_at(unit, symbol).or(outcome.site);
            return is_called || early;
        }
        let single = if let [(only, _)] = served.as_slice() { self.declared(only) } else { None };
        // What is handed over may be declared in another file: the entry is where the program hands it over then.
        let file = self.module(unit).map(|module| module.file);
        let place = served.first().and_then(|(_, served)| self.site_of(served.place));
        if let Some((name, site)) = single {
            let site = if Some(site.file) == file { Some(site) } else { place.or(Some(site)) };
            outcome.site = site;
            outcome.handed = (!name.starts_with('<')).then_some(name);
        } else {
            outcome.site = self.written_at(unit, symbol).or(outcome.site);
        }
        self.enter_served(served);
        true
    }

    fn enter_served(&mut self, served: Vec<(Atom, Served)>) {
        for (atom, served) in served {
            self.here = START;
            self.enter_handler(&atom, served.event);
        }
    }

    /// Whether the program called the routine of that name.
    fn is_called(&mut self, unit: UnitId, symbol: &str) -> bool {
        let mut parts = symbol.split('.');
        let mut shape = parts.next().and_then(|first| self.export(unit, first)).unwrap_or_default();
        for part in parts {
            let member = |machine: &mut Self, atom: &Atom| match atom {
                Atom::Class(class) => machine.member_of_class(*class, part, atom).unwrap_or_default(),
                _ => Shape::nothing(),
            };
            shape = shape.atoms().iter().map(|atom| member(self, atom)).collect();
        }
        shape.atoms().iter().any(|atom| match atom {
            Atom::Routine(closure) | Atom::Bound(closure, _) => self.was_called(*closure),
            _ => false,
        })
    }

    /// Runs the program in a language where it is the program that hands its handler to the platform.
    fn run_main(&mut self, unit: UnitId, symbol: &str) -> Option<Ran> {
        let main = self.module(unit)?.dialect.main;
        let routine = if main.is_empty() { None } else { self.export(unit, main) }?;
        self.call(&routine, &Arguments::default());
        let is_main = symbol == main;
        let named = |(name, _): (SmolStr, Site)| name == last_part(symbol);
        let served: Vec<Atom> = self.served.keys().cloned().collect();
        let is_named = !is_main && served.iter().filter_map(|atom| self.declared(atom)).any(named);
        Some(Ran { is_main, is_named })
    }

    /// Whether something that was handed to the platform is the entry.
    fn is_meant(&self, atom: &Atom, symbol: &str, ran: &Ran) -> bool {
        let is_named = || self.declared(atom).is_some_and(|(name, _)| name == last_part(symbol));
        ran.is_main || is_named()
    }

    /// Calls a handler as the platform does: with an event that nobody knows, and the context.
    pub(super) fn enter_handler(&mut self, handler: &Atom, handed: Option<Shape>) {
        let module = self.module_of(handler);
        let dialect =
            module.or_else(|| self.heap.frame(self.here.0).and_then(|frame| self.module(frame.unit)));
        let language = dialect.map_or("", |module| module.dialect.language);
        let context = self
            .binding
            .context(language)
            .map_or_else(|| Shape::any(Why::External), super::SdkValue::into_shape);
        let event = Shape::from(Atom::Event(SmolStr::default()));
        let kind = self.binding.context_type(language);
        let (event_name, context_name) = dialect.map_or(("", ""), |module| module.dialect.handed);
        let mut named = vec![];
        let positional = if let Some(handed) = handed {
            vec![handed]
        } else if !event_name.is_empty() {
            named.push((event_name.into(), event, true));
            named.push((context_name.into(), context, true));
            vec![]
        } else if kind.is_empty() {
            vec![event, context]
        } else {
            let takes_context = self.takes_of(handler, kind);
            let first = takes_context.iter().position(|takes| !takes);
            let handed = |(place, takes): (usize, &bool)| match takes {
                true => context.clone(),
                false if Some(place) == first => event.clone(),
                false => Shape::any(Why::External),
            };
            takes_context.iter().enumerate().map(handed).collect()
        };
        let handler = self.handling(handler);
        let arguments = Arguments { positional, named, ..Arguments::default() };
        let result = self.call(&handler, &arguments);
        self.enter_made(&result, &arguments);
    }

    /// Calls the handler that a routine makes, where the platform may be handed one that does.
    fn enter_made(&mut self, made: &Shape, arguments: &Arguments) {
        if self.dialect().is_none_or(|dialect| dialect.handler_member.is_empty()) {
            return;
        }
        for atom in made.atoms() {
            let callable = match atom {
                Atom::Object(_) => self.handling(atom).filter(|atom| !matches!(atom, Atom::Object(_))),
                Atom::Routine(_) | Atom::Bound(..) => atom.clone().into(),
                _ => continue,
            };
            self.call(&callable, arguments);
        }
    }

    /// What the platform calls of a handler: of an object the member that the language gives it for that.
    fn handling(&mut self, handler: &Atom) -> Shape {
        let own = Shape::from(handler.clone());
        let name = self.dialect().map_or("", |dialect| dialect.handler_member);
        if name.is_empty() || !matches!(handler, Atom::Object(_)) {
            return own;
        }
        let callable = |atom: &Atom| matches!(atom, Atom::Bound(..) | Atom::Sdk(_));
        let member = self.method(&own, name).filter(callable);
        if member.is_nothing() { own } else { member }
    }

    /// For each parameter of what the platform calls of a handler, whether it is declared with a type from outside.
    fn takes_of(&mut self, handler: &Atom, kind: &str) -> Vec<bool> {
        let dialect = self.dialect();
        if dialect.is_none_or(|dialect| dialect.handler_member.is_empty()) {
            return self.takes(handler, kind);
        }
        match self.handling(handler).atoms() {
            [method @ (Atom::Routine(_) | Atom::Bound(..))] => self.takes(method, kind),
            // What a library's class takes comes in the order of the platform.
            _ => vec![false, true],
        }
    }

    /// For each parameter of a handler, whether it is declared with a type from outside.
    fn takes(&mut self, handler: &Atom, kind: &str) -> Vec<bool> {
        let (closure, skipped) = match handler {
            Atom::Routine(closure) => (*closure, 0),
            Atom::Bound(closure, _) => (*closure, 1),
            _ => return vec![true, false],
        };
        let pass = self.pass;
        let Some(value) = self.heap.closures.get_mut(closure.0 as usize) else { return vec![] };
        let (unit, routine) = (value.unit, value.routine);
        let declared: Vec<(u32, Shape)> =
            value.declared.iter_mut().map(|(place, cell)| (*place, cell.get(pass))).collect();
        let count = self.module(unit).and_then(|module| module.routine(routine));
        let count = count.map_or(0, |routine| routine.params.len());
        let is_kind = |atom: &Atom| matches!(atom, Atom::External(path) if path == kind);
        let takes = |place: usize| {
            let known = declared.iter().find(|(declared, _)| *declared as usize == place);
            known.is_some_and(|(_, shape)| shape.atoms().iter().any(is_kind))
        };
        (skipped..count).map(takes).collect()
    }

    fn module_of(&self, handler: &Atom) -> Option<&crate::ir::Module> {
        let (Atom::Routine(closure) | Atom::Bound(closure, _)) = handler else { return None };
        self.module(self.heap.closure(*closure)?.unit)
    }

    /// The name of a routine or class, and where it is declared.
    fn declared(&self, atom: &Atom) -> Option<(SmolStr, Site)> {
        match atom {
            Atom::Routine(closure) | Atom::Bound(closure, _) => {
                let closure = self.heap.closure(*closure)?;
                let module = self.module(closure.unit)?;
                let routine = module.routine(closure.routine)?;
                Some((routine.name.clone(), Site { file: module.file, span: routine.span }))
            }
            Atom::Class(class) => {
                let class = self.heap.type_value(*class)?;
                let module = self.module(class.unit)?;
                let declared = module.class(class.class)?;
                Some((declared.name.clone(), Site { file: module.file, span: declared.span }))
            }
            _ => None,
        }
    }

    /// Where the routine or class of that name is declared, else the first that a value may be.
    fn declared_at(&self, shape: &Shape, symbol: &str) -> Option<Site> {
        let name = last_part(symbol);
        let found: Vec<(SmolStr, Site)> =
            shape.atoms().iter().filter_map(|atom| self.declared(atom)).collect();
        let named = found.iter().find(|(other, _)| other == name);
        named.or(found.first()).map(|(_, site)| *site)
    }

    /// Where a handler is declared: a method that the class inherits stands for the class.
    fn entered_at(&self, unit: UnitId, target: &Shape, symbol: &str) -> Option<Site> {
        let site = self.declared_at(target, symbol);
        self.inheriting(unit, symbol, site).or(site)
    }

    /// Where a module declares the class of a method that another file declares.
    fn inheriting(&self, unit: UnitId, symbol: &str, declared: Option<Site>) -> Option<Site> {
        let module = self.module(unit)?;
        let (class, _) = symbol.split_once('.')?;
        let class = module.classes.iter().find(|known| known.name == class)?;
        let is_elsewhere = declared.is_some_and(|site| site.file != module.file);
        is_elsewhere.then_some(Site { file: module.file, span: class.span })
    }

    /// The routines of those names that a module declares at its top.
    fn routines_at_top(&self, unit: UnitId, names: &[SmolStr]) -> Vec<(UnitId, RoutineId)> {
        let routines = self.module(unit).map(|module| module.routines.as_slice()).unwrap_or_default();
        let is_meant = |routine: &&crate::ir::Routine| {
            names.contains(&routine.name) && routine.outer == Some(RoutineId::BODY) && routine.class.is_none()
        };
        let numbered = routines.iter().zip(0..);
        numbered.filter(|(routine, _)| is_meant(routine)).map(|(_, id)| (unit, RoutineId(id))).collect()
    }

    /// Where a module declares a routine of that name at its top: what a decorator may have wrapped.
    fn written_at(&self, unit: UnitId, symbol: &str) -> Option<Site> {
        let module = self.module(unit)?;
        let is_it = |routine: &&crate::ir::Routine| {
            routine.name == symbol && routine.outer == Some(RoutineId::BODY) && routine.class.is_none()
        };
        let routine = module.routines.iter().find(is_it)?;
        Some(Site { file: module.file, span: routine.span })
    }

    /// Whether objects of classes can be made without saying anything: every parameter has a default.
    fn needs_nothing(&mut self, classes: &Shape) -> bool {
        let mut found = false;
        for atom in classes.atoms() {
            let Atom::Class(class) = atom else { return false };
            let declared =
                self.heap.type_value(*class).and_then(|value| self.module(value.unit)?.class(value.class));
            let Some(name) = declared.map(|class| class.constructor.clone()) else { return false };
            for atom in self.own_member(*class, &name).unwrap_or_default().atoms() {
                let Atom::Routine(closure) = atom else { return false };
                let Some(closure) = self.heap.closure(*closure) else { return false };
                let params = self.module(closure.unit).and_then(|module| module.routine(closure.routine));
                let count = params.map_or(0, |routine| routine.params.len());
                found = !closure.defaults.is_empty() && closure.defaults.len() + 1 == count;
                if !found {
                    return false;
                }
            }
        }
        found
    }

    /// The routine behind an entry's symbol: a dotted path from the module's exports.
    fn symbol(&mut self, unit: UnitId, symbol: &str) -> Option<Shape> {
        let mut parts = symbol.split('.').peekable();
        let mut shape = self.export(unit, parts.next()?)?;
        // A method of the class itself needs no object.
        let of_classes = self.module(unit).is_some_and(|module| module.dialect.class_methods_are_apart);
        while let Some(part) = parts.next() {
            let is_class = |atom: &Atom| matches!(atom, Atom::Class(_));
            shape = match shape.atoms() {
                atoms
                    if parts.peek().is_none()
                        && !of_classes
                        && !atoms.is_empty()
                        && atoms.iter().all(is_class) =>
                {
                    let plain = self.needs_nothing(&shape);
                    let arguments = if plain { Arguments::default() } else { Arguments::unknown() };
                    let object = self.call(&shape, &arguments);
                    if self.fields_are_apart() {
                        self.method(&object, part)
                    } else {
                        self.member(&object, part)
                    }
                }
                _ => self.member(&shape, part),
            };
        }
        Some(shape)
    }
}

/// The last part of a dotted name.
fn last_part(symbol: &str) -> &str {
    symbol.rsplit('.').next().unwrap_or(symbol)
}
