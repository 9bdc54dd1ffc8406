//! A run from one entry: its API calls and blind spots.

use crate::text::{Site, SmolStr};

use super::binding::{Arguments, Binding, World};
use super::machine::Machine;
use super::model::{ApiCall, BlindSpot};
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
        found = machine.declared_at(&target).or(found);
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
        });
        match known {
            Some(known) => known.certain |= call.certain,
            None => calls.push(call),
        }
    }
    calls.sort_by(|a, b| (a.site, &a.service, &a.operation).cmp(&(b.site, &b.service, &b.operation)));
    let mut blind_spots: Vec<BlindSpot> = machine.blind.keys().cloned().collect();
    blind_spots.sort();
    Findings { calls, blind_spots, found: is_there, entry: found }
}

impl Machine<'_> {
    /// Where the first routine that a value may be is declared.
    fn declared_at(&self, shape: &Shape) -> Option<Site> {
        shape.atoms().iter().find_map(|atom| match atom {
            Atom::Routine(closure) | Atom::Bound(closure, _) => {
                let closure = self.heap.closure(*closure)?;
                let module = self.module(closure.unit)?;
                Some(Site { file: module.file, span: module.routine(closure.routine)?.span })
            }
            Atom::Class(class) => {
                let class = self.heap.type_value(*class)?;
                let module = self.module(class.unit)?;
                Some(Site { file: module.file, span: module.class(class.class)?.span })
            }
            _ => None,
        })
    }
}
