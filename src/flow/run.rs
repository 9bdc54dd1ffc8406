//! A run from one entry: its API calls and blind spots.

use crate::ir::RoutineId;
use crate::text::{Site, SmolStr};

use super::binding::{Arguments, Binding, World};
use super::machine::Machine;
use super::model::{ApiCall, BlindKind, BlindSpot};
use super::program::Program;
use super::shape::{Atom, Shape, UnitId, Why};

/// What the platform enters.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The module that the platform loads.
    pub unit: UnitId,
    /// What it calls there, by its dotted name; `None` for the module's body alone.
    pub symbol: Option<SmolStr>,
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
}

/// Runs a program from an entry.
pub fn run(program: &Program, binding: &dyn Binding, world: &dyn World, entry: &Entry) -> Findings {
    let mut machine = Machine::new(program, binding, world);
    let mut found = None;
    let mut is_there = entry.symbol.is_none();
    machine.settle(|machine| {
        machine.load(entry.unit);
        let Some(symbol) = &entry.symbol else { return };
        machine.here = super::machine::START;
        let Some(target) = machine.symbol(entry.unit, symbol) else { return };
        is_there = true;
        let written = machine.written_at(entry.unit, symbol);
        found = written.or_else(|| machine.declared_at(&target, symbol)).or(found);
        let module = program.unit(entry.unit).and_then(|unit| unit.module.as_ref());
        let language = module.map_or("", |module| module.dialect.language);
        let context =
            binding.context(language).map_or_else(|| Shape::any(Why::External), super::SdkValue::into_shape);
        let event = Shape::from(Atom::Event(SmolStr::default()));
        let arguments = Arguments { positional: vec![event, context], ..Arguments::default() };
        machine.call(&target, &arguments);
    });
    let mut calls: Vec<ApiCall> = vec![];
    for (key, request) in &machine.requests {
        let Some(site) = machine.site_of(key.place) else { continue };
        let call = ApiCall {
            service: request.service.clone(),
            operation: request.operation.clone(),
            arguments: machine.freeze_record(request.arguments, 0),
            client: request.client.map(|client| machine.freeze_record(client, 1)).unwrap_or_default(),
            site,
            route: machine.route(key.place.0),
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
    calls.sort_by(|a, b| (a.site, &a.service, &a.operation).cmp(&(b.site, &b.service, &b.operation)));
    // Where several clients meet several names, what one lacks another has.
    let is_answered = |spot: &&BlindSpot| {
        spot.kind == BlindKind::UnknownOperation && calls.iter().any(|call| Some(call.site) == spot.site)
    };
    let mut blind_spots: Vec<BlindSpot> =
        machine.blind.keys().filter(|spot| !is_answered(spot)).cloned().collect();
    blind_spots.sort();
    Findings { calls, blind_spots, found: is_there, entry: found }
}

impl Machine<'_> {
    /// Where the routine or class of that name is declared, else the first that a value may be.
    fn declared_at(&self, shape: &Shape, symbol: &str) -> Option<Site> {
        let name = symbol.rsplit('.').next().unwrap_or(symbol);
        let declared = |atom: &Atom| match atom {
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
        };
        let found: Vec<(SmolStr, Site)> = shape.atoms().iter().filter_map(declared).collect();
        let named = found.iter().find(|(other, _)| other == name);
        named.or(found.first()).map(|(_, site)| *site)
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
}
