//! The templates of a project: found by name and content, read, and those that are not read told.

use std::path::Path;

use indexmap::IndexMap;
use rayon::prelude::*;

use super::assemblies::Assemblies;
use super::disk::Disk;
use super::failure::Failure;
use super::settings::Scope;
use crate::catalog::Catalog;
use crate::infra::{self, Deployment, Dialect, FORMATS, Format, Function};
use crate::text::{FileId, Source, Sources, paths};

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
        }
    }
}

/// Reads the template that was named, else every template of the project.
pub(super) fn read(
    scope: &Scope,
    disk: &dyn Disk,
    files: &[String],
    sources: &mut Sources,
) -> Result<Templates, Failure> {
    let mut templates = Templates::default();
    if let Some(path) = &scope.template {
        named(path, scope, disk, files, sources, &mut templates)?;
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
    add(found, scope, disk, files, sources, &mut templates);
    Ok(templates)
}

/// A template that a person named: anything but a readable file is an error, a format that is not read is none.
fn named(
    path: &Path,
    scope: &Scope,
    disk: &dyn Disk,
    files: &[String],
    sources: &mut Sources,
    templates: &mut Templates,
) -> Result<(), Failure> {
    let shown = super::disk::slashes(path);
    let bytes = disk
        .read_given(path)
        .map_err(|error| Failure::new(format!("cannot read the template `{shown}`: {error}")))?;
    let source = Source::from_bytes(in_project(path, &scope.root), bytes);
    match infra::claims(&source) {
        Some(format) => {
            let mut found = beside(&source, format, disk, files);
            found.insert(0, (source, format));
            add(found, scope, disk, files, sources, templates);
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
    let is_below = |folder: &str| {
        folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    };
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
    disk: &dyn Disk,
    listed: &[String],
    sources: &mut Sources,
    templates: &mut Templates,
) {
    let mut admitted: Vec<(Vec<FileId>, &'static Format)> = vec![];
    let mut folders: IndexMap<String, usize> = IndexMap::new();
    let (programs, found): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, format)| format.is_program());
    let by_hand = scope.template.is_some();
    templates.programs.extend(programs.into_iter().map(|(source, _)| (sources.add(source), by_hand)));
    for (source, format) in found {
        if format.is_read() {
            let folder = paths::folder(source.path()).to_owned();
            let file = sources.add(source);
            admit(file, folder, format, &mut admitted, &mut folders);
        } else {
            templates.unread.push((source.path().to_owned(), format.name));
        }
    }
    let sources = &*sources;
    let read = |(files, format): &(Vec<FileId>, &'static Format)| {
        let catalog = Catalog::embedded();
        let managed = |name: &str| catalog.managed_policy(name);
        let sibling = |path: &str| Some(String::from_utf8_lossy(&disk.read(path).ok()?).into_owned());
        let among = |folder: &str| {
            let index = folders.get(folder).filter(|_| format.is_of_folder());
            index.and_then(|index| admitted.get(*index)).map(|(files, _)| files.clone()).unwrap_or_default()
        };
        let listing = |path: &str| {
            let here = listed.iter().filter(|file| paths::folder(file) == path);
            here.map(|file| file.rsplit('/').next().unwrap_or(file).to_owned()).collect()
        };
        let settings = infra::Settings {
            parameters: &scope.parameters,
            managed_policy: &managed,
            sibling: &sibling,
            among: &among,
            sources,
            listing: &listing,
            environment: scope.environment.as_deref(),
        };
        let files: Vec<(FileId, &Source)> =
            files.iter().filter_map(|file| Some((*file, sources.get(*file)?))).collect();
        format.read_together(&files, &settings)
    };
    let read: Vec<(&str, Deployment)> = admitted
        .par_iter()
        .filter_map(|group| {
            let first = group.0.first().and_then(|file| sources.get(*file))?;
            Some((paths::folder(first.path()), read(group)?))
        })
        .collect();
    // What another deployment calls is a part of that one.
    let parts: Vec<String> = read.iter().flat_map(|(_, deployment)| deployment.parts.clone()).collect();
    let is_whole = |(folder, deployment): &(&str, Deployment)| {
        deployment.dialect != Dialect::Terraform || !parts.iter().any(|part| part == folder)
    };
    let whole = read.into_iter().filter(is_whole).map(|(_, deployment)| deployment);
    templates.deployments.extend(whole);
}

/// The path of a file that was named, relative to the project where it lies inside.
fn in_project(path: &Path, root: &Path) -> String {
    let absolute = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (path, root) = (absolute(path), absolute(root));
    super::disk::slashes(path.strip_prefix(&root).unwrap_or(&path))
}
