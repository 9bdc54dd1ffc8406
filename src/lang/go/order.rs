//! The order in which a package's variables get their values: what a variable is made of comes before it, whatever the
//! order of the declarations.

use gosyn::ast::{Declaration, File, VarSpec};
use rustc_hash::{FxHashMap, FxHashSet};

use super::visit::{self, Visit};

/// The names and members that a part of the file uses.
#[derive(Default)]
struct Uses(FxHashSet<String>);

impl Visit for Uses {
    fn name(&mut self, name: &str) {
        self.0.insert(name.to_owned());
    }

    fn member(&mut self, _of: Option<&str>, name: &str) {
        self.0.insert(name.to_owned());
    }
}

/// The variables of a file in the order in which they get their values.
pub(super) fn variables(file: &File) -> Vec<&VarSpec> {
    let specs: Vec<&VarSpec> = file
        .decl
        .iter()
        .filter_map(|declaration| match declaration {
            Declaration::Variable(variables) => Some(&variables.specs),
            _ => None,
        })
        .flatten()
        .collect();
    let mut routines: FxHashMap<&str, Uses> = FxHashMap::default();
    for declaration in &file.decl {
        if let Declaration::Function(routine) = declaration
            && let Some(body) = &routine.body
        {
            let uses = routines.entry(&routine.name.name).or_default();
            visit::statements(uses, &body.list);
        }
    }
    let mut owners: FxHashMap<&str, usize> = FxHashMap::default();
    for (place, spec) in specs.iter().enumerate() {
        owners.extend(spec.name.iter().map(|name| (name.name.as_str(), place)));
    }
    let mut ordering =
        Ordering { specs: &specs, routines, owners, done: vec![false; specs.len()], order: vec![] };
    (0..specs.len()).for_each(|place| ordering.add(place));
    ordering.order.iter().filter_map(|place| specs.get(*place).copied()).collect()
}

struct Ordering<'a> {
    specs: &'a [&'a VarSpec],
    routines: FxHashMap<&'a str, Uses>,
    owners: FxHashMap<&'a str, usize>,
    done: Vec<bool>,
    order: Vec<usize>,
}

impl Ordering<'_> {
    fn add(&mut self, place: usize) {
        let mut waiting = vec![(place, false)];
        while let Some((place, ready)) = waiting.pop() {
            if ready {
                self.order.push(place);
                continue;
            }
            let Some(done) = self.done.get_mut(place).filter(|done| !**done) else { continue };
            *done = true;
            waiting.push((place, true));
            let mut needed = self.needed(place);
            needed.sort_unstable();
            waiting.extend(needed.into_iter().rev().map(|place| (place, false)));
        }
    }

    /// The variables that one is made of, through the routines that are called for it.
    fn needed(&self, place: usize) -> Vec<usize> {
        let mut uses = Uses::default();
        for value in self.specs.get(place).iter().flat_map(|spec| &spec.values) {
            visit::expression(&mut uses, value);
        }
        let mut open: Vec<String> = uses.0.iter().cloned().collect();
        while let Some(name) = open.pop() {
            let within = self.routines.get(name.as_str()).map(|uses| &uses.0);
            for inner in within.into_iter().flatten() {
                if uses.0.insert(inner.clone()) {
                    open.push(inner.clone());
                }
            }
        }
        self.owners.iter().filter(|(name, _)| uses.0.contains(**name)).map(|(_, place)| *place).collect()
    }
}
