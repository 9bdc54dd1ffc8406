//! The modules that an entry reaches, and how their imports lead from one to another.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::ir::{ImportId, Managed, Module, Receiver};
use crate::text::SmolStr;

use super::shape::UnitId;

/// A module, a folder that holds modules and has no code of its own, or a package made of several files.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// The module's graph; `None` for a folder and a package.
    pub module: Option<Arc<Module>>,
    /// The packages around it, outermost first: they load before it does.
    pub parents: Vec<UnitId>,
    /// For a package, the files that share its names.
    pub parts: Vec<UnitId>,
    /// For a package, whether its files load together, and not each when something in it is asked for.
    pub loads_whole: bool,
}

/// Where an import leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// The module.
    pub module: Option<UnitId>,
    /// The member taken out of it, where that is a module itself.
    pub member: Option<UnitId>,
}

/// The modules of one run.
#[derive(Clone, Debug, Default)]
pub struct Program {
    units: Vec<Unit>,
    links: FxHashMap<(UnitId, ImportId), Link>,
    children: FxHashMap<(UnitId, SmolStr), UnitId>,
    names: FxHashMap<SmolStr, UnitId>,
    shared: FxHashMap<(UnitId, SmolStr), Vec<UnitId>>,
    derived: FxHashMap<SmolStr, Vec<(UnitId, SmolStr)>>,
    /// Star imports that hold in every file.
    everywhere: Vec<(UnitId, ImportId)>,
    /// The modules and classes that extend other types by a routine, by its name.
    extensions: FxHashMap<SmolStr, Vec<(UnitId, SmolStr)>>,
    /// The methods that a container calls for what they give: the module, the path of the class, the name.
    providers: Vec<(UnitId, SmolStr, SmolStr)>,
}

impl Program {
    /// Takes in a module or folder.
    pub fn add(&mut self, unit: Unit) -> UnitId {
        let id = UnitId(u32::try_from(self.units.len()).unwrap_or(u32::MAX));
        for (class, bases) in unit.module.iter().flat_map(|module| super::nominal::derivations(module)) {
            for base in bases {
                self.derived.entry(base).or_default().push((id, class.clone()));
            }
        }
        if let Some(module) = &unit.module {
            self.everywhere.extend(module.everywhere.iter().map(|import| (id, *import)));
            for routine in module.routines.iter().filter(|routine| routine.managed == Managed::Provider) {
                let class = routine.class.map(|class| module.class_path(class));
                self.providers.extend(class.map(|class| (id, class, routine.name.clone())));
            }
            for routine in module.routines.iter().filter(|routine| routine.receiver == Receiver::Extension) {
                let class = routine.class.and_then(|class| module.class(class));
                let place = class.map(|class| (id, class.name.clone()));
                self.extensions.entry(routine.name.clone()).or_default().extend(place);
            }
        }
        self.units.push(unit);
        id
    }

    /// The star imports that hold in every file.
    pub fn everywhere(&self) -> &[(UnitId, ImportId)] {
        &self.everywhere
    }

    /// Where routines of that name extend other types: the modules and their classes.
    pub fn extensions(&self, name: &str) -> &[(UnitId, SmolStr)] {
        self.extensions.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The methods that a container calls for what they give: the module, the path of the class, the name.
    pub fn providers(&self) -> &[(UnitId, SmolStr, SmolStr)] {
        &self.providers
    }

    /// Makes a file a part of a package: what it declares is found through the package.
    pub fn join(&mut self, package: UnitId, file: UnitId) {
        let module = self.unit(file).and_then(|unit| unit.module.clone());
        for name in module.iter().flat_map(|module| module.declared()) {
            self.shared.entry((package, name.into())).or_default().push(file);
        }
        if let Some(unit) = self.units.get_mut(package.0 as usize) {
            unit.parts.push(file);
        }
    }

    /// The files of a package that declare a name.
    pub fn declaring(&self, package: UnitId, name: &str) -> &[UnitId] {
        self.shared.get(&(package, SmolStr::from(name))).map(Vec::as_slice).unwrap_or_default()
    }

    /// The classes that derive from one of that name, as the source spells it, with the modules that declare them.
    pub fn deriving(&self, name: &str) -> &[(UnitId, SmolStr)] {
        self.derived.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Says where an import leads.
    pub fn link(&mut self, from: UnitId, import: ImportId, link: Link) {
        self.links.insert((from, import), link);
    }

    /// Says that `parent` holds a module of that name.
    pub fn nest(&mut self, parent: UnitId, name: SmolStr, child: UnitId) {
        self.children.insert((parent, name), child);
    }

    /// Gives a module the name by which the language imports it.
    pub fn name(&mut self, name: SmolStr, unit: UnitId) {
        self.names.entry(name).or_insert(unit);
    }

    /// The module of that name.
    pub fn named(&self, name: &str) -> Option<UnitId> {
        self.names.get(name).copied()
    }

    /// The module or folder of that number.
    pub fn unit(&self, id: UnitId) -> Option<&Unit> {
        self.units.get(id.0 as usize)
    }

    /// Where an import leads; `None` where it leads out of the project.
    pub fn target(&self, from: UnitId, import: ImportId) -> Option<&Link> {
        self.links.get(&(from, import))
    }

    /// The module of that name inside a folder or package.
    pub fn child(&self, parent: UnitId, name: &str) -> Option<UnitId> {
        self.children.get(&(parent, SmolStr::from(name))).copied()
    }

    /// All modules with their numbers.
    pub fn units(&self) -> impl Iterator<Item = (UnitId, &Unit)> {
        self.units.iter().zip(0..).map(|(unit, id)| (UnitId(id), unit))
    }
}
