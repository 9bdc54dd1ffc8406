//! The templates of a project: found by name and content, read, and those that are not read told.

use std::path::Path;

use indexmap::IndexMap;
use rayon::prelude::*;

use super::assemblies::{self, Assemblies};
use super::code::Code;
use super::data::{self, Document};
use super::disk::Disk;
use super::failure::Failure;
use super::settings::Scope;
use crate::catalog::Catalog;
use crate::infra::{self, Deployment, Dialect, Environment, FORMATS, Format, Function};
use crate::text::{FileId, SmolStr, Source, Sources, paths};

/// What the templates of a project say.
#[derive(Default)]
pub(super) struct Templates {
    /// The deployments, in the order of their files.
    pub deployments: Vec<Deployment>,
    /// Programs that deploy, which are to be run: the file that says so, and whether a person named it.
    pub programs: Vec<(FileId, bool)>,
    /// Templates in a format that is not read: the file and the format's name.
    pub unread: Vec<(String, &'static str)>,
}

impl Templates {
    /// Marks the deployments that stand in assemblies as made.
    pub(super) fn mark(&mut self, assemblies: &Assemblies, sources: &Sources) {
        for deployment in &mut self.deployments {
            let of_assembly = |function: &Function| assemblies.holds(sources.path(function.site.file));
            deployment.made |= deployment.functions.first().is_some_and(of_assembly);
            let stage = deployment
                .functions
                .first()
                .and_then(|function| assemblies::stage(sources.path(function.site.file)).map(SmolStr::from));
            if let Some(name) = stage {
                deployment.environment = Some(Environment { others: vec![name.clone()], name, chosen: true });
            }
        }
    }

    /// Leaves out what is deployed to other environments than the one that was asked for.
    ///
    /// # Errors
    /// No deployment has that environment.
    pub(super) fn choose(&mut self, scope: &Scope) -> Result<(), Failure> {
        let Some(wanted) = scope.environment.as_ref() else { return Ok(()) };
        for environment in self.deployments.iter_mut().filter_map(|each| each.environment.as_mut()) {
            environment.chosen |= environment.name == *wanted;
        }
        let environments =
            || self.deployments.iter().filter_map(|deployment| deployment.environment.as_ref());
        let is_there = environments().any(|environment| environment.name == *wanted);
        if !self.deployments.is_empty() && !is_there {
            let failure = Failure::new(format!("no deployment has an environment `{wanted}`"));
            let mut others: Vec<&SmolStr> = environments().flat_map(|known| &known.others).collect();
            others.sort();
            others.dedup();
            let shown: Vec<String> = others.iter().take(8).map(|name| format!("`{name}`")).collect();
            return Err(if shown.is_empty() {
                failure
            } else {
                failure.help(format!("there are {}", shown.join(", ")))
            });
        }
        let is_other =
            |deployment: &Deployment| deployment.environment.as_ref().is_some_and(|own| own.name != *wanted);
        self.deployments.retain(|deployment| !(deployment.made && is_other(deployment)));
        Ok(())
    }
}

/// Reads the template that was named, else every template of the project.
pub(super) fn read(
    scope: &Scope,
    disk: &dyn Disk,
    files: &[String],
    code: Option<&mut Code<'_>>,
    sources: &mut Sources,
) -> Result<Templates, Failure> {
    let mut templates = Templates::default();
    if let Some(path) = &scope.template {
        named(path, scope, (disk, files), code, sources, &mut templates)?;
        return Ok(templates);
    }
    let manifests: Vec<&str> =
        files.iter().filter(|path| is_manifest(path)).map(|path| paths::folder(path)).collect();
    let open = |path: &String| {
        if !FORMATS.iter().any(|format| format.may_claim(path)) || is_part_of_program(path, &manifests) {
            return None;
        }
        let source = Source::from_bytes(path.clone(), disk.read(path).ok()?);
        let format = infra::claims(&source)?;
        // Of the files of a program, those that make its application are looked at.
        let is_other = format.is_program() && !is_manifest(path) && !source.text().contains("App(");
        (!is_other).then_some((source, format))
    };
    let found: Vec<(Source, &'static Format)> = files.par_iter().filter_map(open).collect();
    add(found, scope, (disk, files), code, sources, &mut templates);
    Ok(templates)
}

/// A template that a person named: anything but a readable file is an error, a format that is not read is none.
fn named(
    path: &Path,
    scope: &Scope,
    (disk, files): (&dyn Disk, &[String]),
    code: Option<&mut Code<'_>>,
    sources: &mut Sources,
    templates: &mut Templates,
) -> Result<(), Failure> {
    let shown = super::disk::slashes(path);
    let bytes = disk
        .read_given(path)
        .map_err(|error| Failure::new(format!("cannot read the template `{shown}`: {error}")))?;
    let source = match in_project(path, &scope.root) {
        Some(inside) => Source::from_bytes(inside, bytes),
        None => Source::from_bytes(shown, bytes).outside(),
    };
    match infra::claims(&source) {
        Some(format) => {
            let mut found = beside(&source, format, disk, files);
            found.insert(0, (source, format));
            add(found, scope, (disk, files), code, sources, templates);
        }
        None => templates.unread.push((source.path().to_owned(), "a format that is not known")),
    }
    Ok(())
}

/// The other files of a deployment that a whole folder is.
fn beside(
    named: &Source,
    format: &'static Format,
    disk: &dyn Disk,
    files: &[String],
) -> Vec<(Source, &'static Format)> {
    let here = |path: &&String| {
        path.as_str() != named.path()
            && paths::folder(path) == paths::folder(named.path())
            && format.may_claim(path)
    };
    let open = |path: &String| Some((Source::from_bytes(path.clone(), disk.read(path).ok()?), format));
    if format.is_of_folder() { files.iter().filter(here).filter_map(open).collect() } else { Vec::new() }
}

/// Whether a file says which program deploys.
fn is_manifest(path: &str) -> bool {
    FORMATS.iter().any(|format| format.is_manifest(path))
}

/// Whether a file is program text below a folder whose manifest says what is run.
fn is_part_of_program(path: &str, manifests: &[&str]) -> bool {
    let is_below = |folder: &str| paths::is_below(path, folder);
    FORMATS.iter().filter(|format| format.may_claim(path)).all(Format::is_program)
        && !is_manifest(path)
        && manifests.iter().any(|folder| is_below(folder))
}

/// Takes in a file: with the others of its folder, where these are one deployment.
fn admit(
    file: FileId,
    folder: String,
    format: &'static Format,
    admitted: &mut Vec<(Vec<FileId>, &'static Format)>,
    folders: &mut IndexMap<String, usize>,
) {
    let known = folders.get(&folder).filter(|_| format.is_of_folder());
    match known.and_then(|index| admitted.get_mut(*index)) {
        Some((files, _)) => files.push(file),
        None => {
            if format.is_of_folder() {
                folders.insert(folder, admitted.len());
            }
            admitted.push((vec![file], format));
        }
    }
}

fn add(
    found: Vec<(Source, &'static Format)>,
    scope: &Scope,
    (disk, listed): (&dyn Disk, &[String]),
    code: Option<&mut Code<'_>>,
    sources: &mut Sources,
    templates: &mut Templates,
) {
    let mut admitted: Vec<(Vec<FileId>, &'static Format)> = vec![];
    let mut folders: IndexMap<String, usize> = IndexMap::new();
    let (programs, found): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, format)| format.is_program());
    let by_hand = scope.template.is_some();
    templates.programs.extend(programs.into_iter().map(|(source, _)| (sources.add(source), by_hand)));
    let (stating, found): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, format)| format.is_data());
    let documents = documents(&stating, &found, scope, code, sources);
    for (source, format) in found {
        if format.is_read() {
            let folder = paths::folder(source.path()).to_owned();
            let file = sources.add(source);
            admit(file, folder, format, &mut admitted, &mut folders);
        } else {
            templates.unread.push((source.path().to_owned(), format.name));
        }
    }
    let calling = |file: &FileId| sources.get(*file).is_some_and(|source| infra::has_stacks(source.text()));
    let calling = admitted.iter().flat_map(|(files, _)| files).copied().filter(calling).collect();
    let (admitted, folders) = (&admitted, &folders);
    let reader = Reader { scope, disk, listed, sources, admitted, folders, documents, calling };
    templates.deployments.extend(reader.whole());
    for (source, format) in stating {
        match reader.stated(source.path(), format) {
            Some(deployment) => templates.deployments.push(deployment),
            None => templates.unread.push((source.path().to_owned(), format.name)),
        }
    }
}

/// What programs state: those that are deployments, and those that the templates take values of.
fn documents(
    stating: &[(Source, &'static Format)],
    found: &[(Source, &'static Format)],
    scope: &Scope,
    code: Option<&mut Code<'_>>,
    sources: &mut Sources,
) -> IndexMap<String, Document> {
    let mentioned = stating
        .iter()
        .chain(found)
        .filter(|(_, format)| format.takes_data())
        .flat_map(|(source, _)| data::mentioned(source.text(), paths::folder(source.path())));
    let paths: Vec<String> =
        stating.iter().map(|(source, _)| source.path().to_owned()).chain(mentioned).collect();
    match code {
        Some(code) if !paths.is_empty() => data::read(&paths, scope, code, sources),
        _ => IndexMap::new(),
    }
}

/// What templates are read with.
struct Reader<'a> {
    scope: &'a Scope,
    disk: &'a dyn Disk,
    listed: &'a [String],
    sources: &'a Sources,
    /// The files that are one deployment, each with its format.
    admitted: &'a [(Vec<FileId>, &'static Format)],
    /// The number of a folder's files among these, where they are one deployment.
    folders: &'a IndexMap<String, usize>,
    documents: IndexMap<String, Document>,
    /// The templates that have stacks in them.
    calling: Vec<FileId>,
}

impl Reader<'_> {
    /// The deployments that are no parts of others.
    fn whole(&self) -> Vec<Deployment> {
        let read = |(files, format): &(Vec<FileId>, &'static Format)| {
            let first = files.first().and_then(|file| self.sources.get(*file))?;
            let of = |file: &FileId| Some((*file, self.sources.get(*file)?));
            let all: Vec<(FileId, &Source)> = files.iter().filter_map(of).collect();
            let deployment = self.with(format, |settings| format.read_together(&all, settings))?;
            Some((paths::folder(first.path()), deployment))
        };
        let read: Vec<(&str, Deployment)> = self.admitted.par_iter().filter_map(read).collect();
        // What another deployment calls is a part of that one.
        let parts: Vec<String> = read.iter().flat_map(|(_, deployment)| deployment.parts.clone()).collect();
        let is_whole = |(folder, deployment): &(&str, Deployment)| {
            deployment.dialect != Dialect::Terraform || !parts.iter().any(|part| part == folder)
        };
        read.into_iter().filter(is_whole).map(|(_, deployment)| deployment).collect()
    }

    /// The deployment that a program states.
    fn stated(&self, path: &str, format: &'static Format) -> Option<Deployment> {
        let document = self.documents.get(path)?;
        let named = (document.file, self.sources.get(document.file)?);
        self.with(format, |settings| format.read_data(&document.node, named, &document.places, settings))
    }

    /// The templates that may call the one at a path.
    fn callers(&self, path: &str) -> Vec<FileId> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let mentions = |file: &&FileId| {
            self.sources
                .get(**file)
                .is_some_and(|source| source.path() != path && source.text().contains(name))
        };
        self.calling.iter().filter(mentions).copied().collect()
    }

    fn with<T>(&self, format: &Format, read: impl FnOnce(&infra::Settings<'_>) -> T) -> T {
        let catalog = Catalog::embedded();
        let among = |folder: &str| {
            let index = self.folders.get(folder).filter(|_| format.is_of_folder());
            index
                .and_then(|index| self.admitted.get(*index))
                .map(|(files, _)| files.clone())
                .unwrap_or_default()
        };
        let listing = |path: &str| {
            let here = self.listed.iter().filter(|file| paths::folder(file) == path);
            here.map(|file| file.rsplit('/').next().unwrap_or(file).to_owned()).collect()
        };
        read(&infra::Settings {
            parameters: &self.scope.parameters,
            managed_policy: &|name| catalog.managed_policy(name),
            sibling: &|path| Some(String::from_utf8_lossy(&self.disk.read(path).ok()?).into_owned()),
            among: &among,
            callers: &|path| self.callers(path),
            data: &|path| self.documents.get(path).map(|document| document.node.clone()),
            sources: self.sources,
            listing: &listing,
            environment: self.scope.environment.as_deref(),
        })
    }
}

/// The path of a file that was named, relative to the project; `None` where it lies outside.
fn in_project(path: &Path, root: &Path) -> Option<String> {
    let (Ok(whole), Ok(root)) = (std::fs::canonicalize(path), std::fs::canonicalize(root)) else {
        return Some(super::disk::slashes(path));
    };
    whole.strip_prefix(&root).ok().map(super::disk::slashes)
}
