//! The program text that functions reach: files read and lowered once, in parallel, and linked for each entry.

use std::sync::{Arc, OnceLock};

use indexmap::{IndexMap, IndexSet};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::disk::Disk;
use super::installed::Installed;
use super::layers::Layers;
use super::packages::Packages;
use super::shared::SharedPackages;
use crate::catalog::Overlay;
use crate::cloud::aws::{cdk, is_described};
use crate::flow::{Link, Program, Unit, UnitId};
use crate::ir::{Import, ImportId, Module};
use crate::lang::{self, Language, ModulePath, ProgramFile, Scope, SharedText};
use crate::text::{FileId, SmolStr, Source, Sources, paths};

/// Where a function's code begins.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Start {
    /// The file that the platform loads.
    pub file: String,
    /// The folders that absolute imports begin in.
    pub roots: Vec<String>,
}

/// A file of the program.
#[derive(Clone, Debug)]
struct Lowered {
    file: FileId,
    module: Arc<Module>,
}

/// The files that functions reach.
pub(super) struct Code<'a> {
    disk: &'a dyn Disk,
    listing: &'a [String],
    /// Copies of code, which are read where a function leads to them and looked for nowhere else.
    copies: FxHashSet<&'a str>,
    files: FxHashSet<&'a str>,
    folders: FxHashSet<&'a str>,
    /// The files of each folder.
    beside: FxHashMap<&'a str, Vec<&'a str>>,
    /// The files that are compiled together with one, by its path.
    compiled: FxHashMap<String, Arc<[String]>>,
    /// The same for what files are built as, by language.
    builds: FxHashMap<(&'static str, String), Arc<[String]>>,
    installed: Installed,
    packages: Packages,
    layers: Layers,
    shared: OnceLock<SharedPackages>,
    /// What the files of a language share before they are lowered, by the language's name.
    texts: FxHashMap<&'static str, Vec<SharedText>>,
    lowered: FxHashMap<String, Option<Lowered>>,
    /// Files that could not be read, with the reason.
    pub(super) unread: IndexMap<String, String>,
}

/// A module in the project: a file, a folder with modules in it, or files that share their names (by their folder or
/// namespace).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Place {
    File(String),
    Folder(String),
    Package(String),
}

/// Where an import leads.
#[derive(Default)]
struct Target {
    /// The packages on the way and the module itself.
    chain: Vec<Place>,
    member: Option<Place>,
}

impl<'a> Code<'a> {
    pub(super) fn new(
        disk: &'a dyn Disk,
        listing: &'a [String],
        copies: &'a [String],
        overlay: &Overlay,
    ) -> Self {
        let all = || listing.iter().chain(copies);
        let files: FxHashSet<&str> = all().map(String::as_str).collect();
        let folders = all().flat_map(|file| ancestors(file)).collect();
        let mut beside: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
        for file in all() {
            beside.entry(paths::folder(file)).or_default().push(file);
        }
        let installed = Installed::find(disk, listing, overlay);
        Self {
            disk,
            listing,
            copies: copies.iter().map(String::as_str).collect(),
            files,
            folders,
            beside,
            compiled: FxHashMap::default(),
            builds: FxHashMap::default(),
            installed,
            packages: Packages::find(disk, listing),
            layers: Layers::find(listing),
            shared: OnceLock::new(),
            texts: FxHashMap::default(),
            lowered: FxHashMap::default(),
            unread: IndexMap::default(),
        }
    }

    /// Whether the project has a file of that path.
    pub(super) fn has(&self, path: &str) -> bool {
        self.files.contains(path)
    }

    /// Whether a file is a copy that a tool made.
    pub(super) fn is_copy(&self, path: &str) -> bool {
        self.copies.contains(path)
    }

    /// The files of the project.
    pub(super) fn files(&self) -> impl Iterator<Item = &'a str> {
        self.listing.iter().map(String::as_str)
    }

    /// The programs of the project in a language where the platform runs a program.
    pub(super) fn programs(&self, language: &Language) -> Vec<ProgramFile> {
        let find = language.programs.map(|find| find(self.listing, &|path| self.text(path)));
        find.unwrap_or_default()
    }

    /// The paths of the project.
    pub(super) fn listing(&self) -> &'a [String] {
        self.listing
    }

    /// The text of a file of the project.
    pub(super) fn text(&self, path: &str) -> Option<String> {
        let bytes = self.disk.read(path).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Whether the project has a folder of that path.
    pub(super) fn is_folder(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        matches!(path, "" | ".") || self.folders.contains(path)
    }

    /// What the settings files say of the program that a file belongs to.
    pub(super) fn settings(&self, file: &str) -> Vec<(SmolStr, SmolStr)> {
        let find = lang::language_of(file).and_then(|language| language.settings);
        find.map(|find| find(file, self.listing, &|path| self.text(path))).unwrap_or_default()
    }

    /// The graph of a file that was read.
    pub(super) fn module(&self, path: &str) -> Option<(FileId, &Arc<Module>)> {
        let lowered = self.lowered.get(path)?.as_ref()?;
        Some((lowered.file, &lowered.module))
    }

    /// Takes in a program that stands in a template, under a path of its own.
    pub(super) fn add_inline(&mut self, path: String, source: Source, sources: &mut Sources) {
        let Some(language) = lang::language_of(&path) else { return };
        let file = sources.add(source);
        let module = sources.get(file).map(|source| Arc::new((language.lower)(source, file)));
        self.lowered.insert(path, module.map(|module| Lowered { file, module }));
    }

    /// Reads everything that the starts reach, a wave of files at a time.
    pub(super) fn read(&mut self, starts: &[Start], sources: &mut Sources) {
        for start in starts {
            self.compile(&start.file);
        }
        let mut queues: Vec<Vec<String>> = starts.iter().map(|start| self.beginning(start)).collect();
        let mut seen: Vec<FxHashSet<String>> =
            queues.iter().map(|queue| queue.iter().cloned().collect()).collect();
        while queues.iter().any(|queue| !queue.is_empty()) {
            let mut wave: Vec<&String> =
                queues.iter().flatten().filter(|path| !self.lowered.contains_key(*path)).collect();
            wave.sort_unstable();
            wave.dedup();
            let wave: Vec<String> = wave.into_iter().cloned().collect();
            self.lower(&wave, sources);
            for ((start, queue), seen) in starts.iter().zip(&mut queues).zip(&mut seen) {
                let mut next = vec![];
                for path in queue.drain(..) {
                    let places = self.imports(&path, &start.roots);
                    for file in places.iter().flat_map(|place| self.files_of(place)) {
                        if seen.insert(file.clone()) {
                            next.push(file);
                        }
                    }
                }
                *queue = next;
            }
        }
    }

    /// Finds the files that are compiled together with one, in a language where that decides what it sees.
    fn compile(&mut self, path: &str) {
        let Some(language) = lang::language_of(path) else { return };
        let Scope::Namespace(together, built_as) = language.scope else { return };
        if self.compiled.contains_key(path) {
            return;
        }
        let build = built_as(path, self.listing).map(|build| (language.name, build));
        let known = build.as_ref().and_then(|build| self.builds.get(build)).cloned();
        let files = known.unwrap_or_else(|| together(path, self.listing, &|path| self.text(path)).into());
        if let Some(build) = build {
            self.builds.insert(build, Arc::clone(&files));
        }
        self.compiled.insert(path.to_owned(), files);
    }

    /// The files that are compiled together with a file, in a language where that decides what it sees.
    fn compiled(&self, path: &str) -> &[String] {
        self.compiled.get(path).map(AsRef::as_ref).unwrap_or_default()
    }

    /// The files that are read whatever they import.
    pub(super) fn beginning(&self, start: &Start) -> Vec<String> {
        let others = self.compiled(&start.file).iter().filter(|file| **file != start.file);
        std::iter::once(&start.file).chain(others).cloned().collect()
    }

    /// The files behind a place that an import leads to.
    fn files_of(&self, place: &Place) -> Vec<String> {
        match place {
            Place::File(file) => vec![file.clone()],
            Place::Folder(_) => vec![],
            Place::Package(folder) => self.package_files(folder),
        }
    }

    /// The files of a folder that are one module.
    fn package_files(&self, folder: &str) -> Vec<String> {
        let files = self.beside.get(folder).map(Vec::as_slice).unwrap_or_default();
        let belongs = |file: &&&str| {
            let scope = lang::language_of(file).map(|language| language.scope);
            matches!(scope, Some(Scope::Folder(belongs)) if belongs(file))
        };
        files.iter().filter(belongs).map(|file| (*file).to_owned()).collect()
    }

    fn lower(&mut self, wave: &[String], sources: &mut Sources) {
        let disk = self.disk;
        let read = |path: &String| disk.read(path).map(|bytes| Source::from_bytes(path.clone(), bytes));
        let read: Vec<_> = wave.par_iter().map(read).collect();
        let mut numbered = vec![];
        for (path, result) in wave.iter().zip(read) {
            match result {
                Ok(source) => {
                    if source.is_lossy() {
                        self.unread.insert(path.clone(), "some of its bytes are not UTF-8".into());
                    }
                    let file = sources.add(source);
                    numbered.push((path, file));
                }
                Err(error) => {
                    self.unread.insert(path.clone(), error.to_string());
                    self.lowered.insert(path.clone(), None);
                }
            }
        }
        let sources = &*sources;
        self.share(wave);
        let texts = &self.texts;
        let lower = |(path, file): &(&String, FileId)| {
            let source = sources.get(*file)?;
            let language = lang::reader_of(path)?;
            let module = match (language.shared, texts.get(language.name)) {
                (Some(shared), Some(texts)) => (shared.lower)(source, *file, texts),
                _ => (language.lower)(source, *file),
            };
            Some(Lowered { file: *file, module: Arc::new(module) })
        };
        let lowered: Vec<_> = numbered.par_iter().map(lower).collect();
        for ((path, _), lowered) in numbered.into_iter().zip(lowered) {
            self.lowered.insert(path.clone(), lowered);
        }
    }

    /// Finds what the files of a wave's languages share, once.
    fn share(&mut self, wave: &[String]) {
        for language in wave.iter().filter_map(|path| lang::reader_of(path)) {
            if let Some(shared) = language.shared.filter(|_| !self.texts.contains_key(language.name)) {
                let found = (shared.find)(self.listing, &|path| self.text(path));
                self.texts.insert(language.name, found);
            }
        }
    }

    /// Every place that a file's imports lead to.
    fn imports(&self, path: &str, roots: &[String]) -> Vec<Place> {
        let Some((_, module)) = self.module(path) else { return vec![] };
        let Some(language) = lang::reader_of(path) else { return vec![] };
        if matches!(language.scope, Scope::Namespace(..)) {
            return vec![];
        }
        let targets = module.imports.iter().map(|import| self.target(language, import, path, roots));
        targets.flat_map(|target| target.chain.into_iter().chain(target.member)).collect()
    }

    fn target(&self, language: &Language, import: &Import, from: &str, roots: &[String]) -> Target {
        let mut candidates = vec![];
        if import.level == 0 {
            candidates.extend(self.packages.candidates(language, &import.module, from));
        }
        candidates.extend((language.candidates)(import, from, roots));
        let is_known =
            || is_described(language.family, &import.module) || cdk::is_construct_library(&import.module);
        if import.level == 0 && is_known() {
            // A copy of a package that the catalog describes is not read; a file that only has its name is.
            let mut own = candidates.iter().filter_map(|candidate| self.reach(language, candidate, false));
            return own.find(is_single_file).unwrap_or_default();
        }
        let files = candidates.iter().find_map(|candidate| self.reach(language, candidate, false));
        files
            .or_else(|| candidates.iter().find_map(|candidate| self.reach(language, candidate, true)))
            .or_else(|| self.in_layer(language, import, from))
            .or_else(|| self.in_shared(language, import, from))
            .unwrap_or_default()
    }

    /// A module of a layer that nothing says the function has: without it the function would not load.
    fn in_layer(&self, language: &Language, import: &Import, from: &str) -> Option<Target> {
        let text = |path: &str| self.text(path);
        let folder = self.layers.holding(language, &import.module, &text).filter(|_| import.level == 0)?;
        self.below(language, import, from, folder)
    }

    /// A module of a package that the project has in one place alone, wherever that is.
    fn in_shared(&self, language: &Language, import: &Import, from: &str) -> Option<Target> {
        if import.level > 0 || !matches!(language.scope, Scope::File) || (language.own)(&import.module) {
            return None;
        }
        let text = |path: &str| self.text(path);
        let shared = self.shared.get_or_init(|| SharedPackages::find(self.listing));
        let folder = shared.holding(language, &import.module, self.listing, &text)?;
        self.below(language, import, from, folder)
    }

    /// Where an import leads that begins in a folder.
    fn below(&self, language: &Language, import: &Import, from: &str, folder: &str) -> Option<Target> {
        let candidates = (language.candidates)(import, from, &[folder.to_owned()]);
        candidates.iter().find_map(|candidate| self.reach(language, candidate, false))
    }

    /// The places of a candidate, where its last is there; folders without code count only where nothing else is found.
    fn reach(&self, language: &Language, candidate: &ModulePath, folders: bool) -> Option<Target> {
        let last = self.place(language, candidate.chain.last()?)?;
        let member = candidate.member.as_ref().and_then(|path| self.place(language, path));
        if matches!(last, Place::Folder(_)) && !folders && member.is_none() {
            return None;
        }
        let chain =
            candidate.chain.iter().map(|path| self.place(language, path)).collect::<Option<Vec<_>>>()?;
        Some(Target { chain, member })
    }

    fn place(&self, language: &Language, path: &str) -> Option<Place> {
        if self.installed.holds(path) {
            return None;
        }
        let mains = self.packages.of_folder(language, path);
        let mut names = mains.iter().map(String::as_str).chain([path]).flat_map(language.files);
        if let Some(file) = names.find(|file| self.files.contains(file.as_str())) {
            return Some(Place::File(file));
        }
        if matches!(language.scope, Scope::Folder(_)) {
            return (!self.package_files(path).is_empty()).then(|| Place::Package(path.to_owned()));
        }
        self.folders.contains(path).then(|| Place::Folder(path.to_owned()))
    }

    /// The modules that a start reaches, linked. `None` where its file could not be read.
    pub(super) fn program(&self, start: &Start) -> Option<(Program, UnitId)> {
        self.module(&start.file)?;
        let mut linker = Linker {
            code: self,
            start,
            program: Program::default(),
            units: IndexMap::default(),
            namespaces: self.namespaces(start),
        };
        let entry = linker.begin();
        let mut done = 0;
        while let Some((place, unit)) =
            linker.units.get_index(done).map(|(place, unit)| (place.clone(), *unit))
        {
            done += 1;
            if let Place::File(path) = place {
                linker.link(&path, unit);
            }
        }
        Some((linker.program, entry))
    }

    /// What could not be read of the files that a start reaches.
    pub(super) fn reached(&self, start: &Start) -> IndexSet<String> {
        let mut reached: IndexSet<String> = self.beginning(start).into_iter().collect();
        let mut done = 0;
        while let Some(path) = reached.get_index(done).cloned() {
            done += 1;
            for place in self.imports(&path, &start.roots) {
                reached.extend(self.files_of(&place));
            }
        }
        reached
    }

    /// The namespaces of the files that are compiled with a start.
    fn namespaces(&self, start: &Start) -> FxHashMap<SmolStr, Vec<String>> {
        let mut namespaces: FxHashMap<SmolStr, Vec<String>> = FxHashMap::default();
        if !self.compiled(&start.file).is_empty() {
            for file in self.beginning(start) {
                if let Some((_, module)) = self.module(&file) {
                    namespaces.entry(module.namespace.clone()).or_default().push(file);
                }
            }
        }
        namespaces
    }
}

struct Linker<'a> {
    code: &'a Code<'a>,
    start: &'a Start,
    program: Program,
    units: IndexMap<Place, UnitId>,
    namespaces: FxHashMap<SmolStr, Vec<String>>,
}

impl Linker<'_> {
    /// The unit of the start, after those that are there with it.
    fn begin(&mut self) -> UnitId {
        let file = &self.start.file;
        let language = lang::language_of(file);
        if matches!(language.map(|language| language.scope), Some(Scope::Folder(_))) {
            self.package(paths::folder(file));
        }
        let entry = self.unit(Place::File(file.clone()), &[]);
        for file in self.code.compiled(file) {
            self.unit(Place::File(file.clone()), &[]);
        }
        entry
    }

    /// The files of a folder as one module.
    fn package(&mut self, folder: &str) -> UnitId {
        let place = Place::Package(folder.to_owned());
        if let Some(unit) = self.units.get(&place) {
            return *unit;
        }
        let package = self.program.add(Unit { loads_whole: true, ..Unit::default() });
        self.units.insert(place, package);
        for file in self.code.package_files(folder) {
            let part = self.unit(Place::File(file), &[package]);
            self.program.join(package, part);
        }
        package
    }

    /// The files of a namespace; `None` for one that the project does not have.
    fn namespace(&mut self, name: &str) -> Option<UnitId> {
        let place = Place::Package(name.to_owned());
        if let Some(unit) = self.units.get(&place) {
            return Some(*unit);
        }
        let files = self.namespaces.get(name)?.clone();
        let package = self.program.add(Unit::default());
        self.units.insert(place, package);
        self.program.name(name.into(), package);
        if let Some((outer, own)) = name.rsplit_once('.')
            && let Some(around) = self.namespace(outer)
        {
            self.program.nest(around, own.into(), package);
        }
        for file in files {
            let part = self.unit(Place::File(file), &[]);
            self.program.join(package, part);
        }
        Some(package)
    }

    /// The files of a namespace that is spelled in another one, from there or from one around it on.
    fn namespace_seen_from(&mut self, from: &str, name: &str) -> Option<UnitId> {
        if let Some(package) = self.namespace(name) {
            return Some(package);
        }
        let around =
            std::iter::successors(Some(from), |inner| inner.rsplit_once('.').map(|(outer, _)| outer));
        let mut whole = around.filter(|outer| !outer.is_empty() && !name.is_empty());
        let package = whole.find_map(|outer| self.namespace(&format!("{outer}.{name}")))?;
        self.program.name(name.into(), package);
        Some(package)
    }

    fn unit(&mut self, place: Place, parents: &[UnitId]) -> UnitId {
        if let Some(unit) = self.units.get(&place) {
            return *unit;
        }
        let module = match &place {
            Place::File(path) => self.code.module(path).map(|(_, module)| Arc::clone(module)),
            Place::Package(folder) => return self.package(folder),
            Place::Folder(_) => None,
        };
        let unit = self.program.add(Unit { module, parents: parents.to_vec(), ..Unit::default() });
        self.units.insert(place, unit);
        unit
    }

    fn link(&mut self, path: &str, unit: UnitId) {
        let Some((_, module)) = self.code.module(path) else { return };
        let Some(language) = lang::reader_of(path) else { return };
        let module = Arc::clone(module);
        for (import, id) in module.imports.iter().zip(0..) {
            if matches!(language.scope, Scope::Namespace(..))
                && let Some(package) = self.namespace_seen_from(&module.namespace, &import.module)
            {
                let link = Link { module: Some(package), member: None };
                self.program.link(unit, ImportId(id), link);
                continue;
            }
            let target = self.code.target(language, import, path, &self.start.roots);
            let mut chain: Vec<UnitId> = vec![];
            for place in target.chain {
                let child = self.unit(place.clone(), &chain);
                if let Some(parent) = chain.last().filter(|parent| **parent != child) {
                    self.program.nest(*parent, name_of(&place), child);
                }
                chain.push(child);
            }
            let member = target.member.map(|place| {
                let name = name_of(&place);
                let child = self.unit(place, &chain);
                if let Some(parent) = chain.last().filter(|parent| **parent != child) {
                    self.program.nest(*parent, name, child);
                }
                child
            });
            // `import a.b` alone names `a`, whose part `b` is found through it.
            let module = chain.last().copied();
            if let Some(module) = module {
                self.program.name(import.module.clone(), module);
                self.program.link(unit, ImportId(id), Link { module: Some(module), member });
            }
        }
    }
}

/// Whether a module is one file and no package.
fn is_single_file(target: &Target) -> bool {
    let is_package = |path: &str| ["/__init__.", "/lib."].iter().any(|name| path.contains(name));
    matches!(target.chain.as_slice(), [Place::File(path)] if !is_package(path))
}

/// The name of a module in its package: that of its file or folder without ending.
fn name_of(place: &Place) -> SmolStr {
    let (Place::File(path) | Place::Folder(path) | Place::Package(path)) = place;
    let mut parts = path.rsplit('/');
    let last = parts.next().unwrap_or(path);
    let stem = last.split('.').next().unwrap_or(last);
    if stem == "__init__" { parts.next().unwrap_or(stem).into() } else { stem.into() }
}

fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(path.rsplit_once('/').map(|(folder, _)| folder), |folder| {
        folder.rsplit_once('/').map(|(folder, _)| folder)
    })
}
