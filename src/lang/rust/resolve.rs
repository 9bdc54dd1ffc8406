//! Where a module or crate lies.

use crate::ir::Import;
use crate::text::{SmolStr, paths};

use super::super::ModulePath;
use super::path::OWN_CRATES;

/// Files whose folder is that of their own modules.
const ROOTS: [&str; 3] = ["main", "lib", "mod"];

/// The files that may hold a module.
pub(super) fn files(path: &str) -> Vec<String> {
    vec![format!("{path}.rs"), format!("{path}/mod.rs")]
}

/// Where an imported module may lie, seen from the importing file.
pub(super) fn candidates(import: &Import, from: &str, _: &[String]) -> Vec<ModulePath> {
    let mut parts = import.module.split('.');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    if let Some(stated) = import.module.strip_prefix("./") {
        let path = stated.strip_suffix(".rs").unwrap_or(stated);
        return paths::climb(paths::folder(from), path).into_iter().map(alone).collect();
    }
    match first {
        "self" if rest.is_empty() => vec![alone(without_ending(from))],
        "self" => vec![alone(paths::join(&own_folder(from), &rest.join("/")))],
        "super" => above(from, import.level, &rest),
        "crate" => crate_roots(from, &rest),
        "" => vec![],
        _ if OWN_CRATES.contains(&first) => vec![],
        _ => crates(first, from, &rest),
    }
}

/// The folder in which the modules of a file lie.
fn own_folder(file: &str) -> String {
    let folder = paths::folder(file);
    let stem = stem(file);
    let is_program = folder == "src/bin" || folder.ends_with("/src/bin");
    if ROOTS.contains(&stem) || is_program || folder.is_empty() && stem == "build" {
        folder.to_owned()
    } else {
        paths::join(folder, stem)
    }
}

/// `super`, some levels up. A module's file stands beside its folder, or in it.
fn above(from: &str, levels: u32, rest: &[&str]) -> Vec<ModulePath> {
    let mut folder = own_folder(from);
    for _ in 0..levels {
        paths::folder(&folder).to_owned().clone_into(&mut folder);
    }
    if !rest.is_empty() {
        return vec![alone(paths::join(&folder, &rest.join("/")))];
    }
    let files = ["lib", "main", "mod"].map(|file| paths::join(&folder, file));
    std::iter::once(folder.clone()).filter(|folder| !folder.is_empty()).chain(files).map(alone).collect()
}

/// `crate`: the program or library whose folder is around the file.
fn crate_roots(from: &str, rest: &[&str]) -> Vec<ModulePath> {
    let mut found = vec![];
    if matches!(stem(from), "main" | "lib") && rest.is_empty() {
        found.push(without_ending(from));
    }
    for folder in paths::up(paths::folder(from)) {
        if rest.is_empty() {
            found.extend(["lib", "main"].map(|file| paths::join(folder, file)));
        } else {
            found.push(paths::join(folder, &rest.join("/")));
        }
    }
    // A program of one file is its own crate.
    if rest.is_empty() {
        found.push(without_ending(from));
    }
    found.into_iter().map(alone).collect()
}

/// Another crate of the project, by the folder that it usually has.
fn crates(name: &str, from: &str, rest: &[&str]) -> Vec<ModulePath> {
    let mut found = vec![];
    for folder in paths::up(paths::folder(from)) {
        for spelled in [name.to_owned(), name.replace('_', "-")] {
            for inside in ["", "crates", "libs", "lib", "packages", "shared"] {
                let member = paths::join(&paths::join(folder, inside), &spelled);
                found.push(paths::join(&paths::join(&member, "src"), &library(rest)));
            }
        }
    }
    found.dedup();
    found.into_iter().map(alone).collect()
}

/// The file of a library, or of a module in it.
fn library(rest: &[&str]) -> String {
    if rest.is_empty() { "lib".to_owned() } else { rest.join("/") }
}

/// A program has no handler setting that names a file: `src/main` and its `main` by convention.
pub(super) fn handler(setting: &str) -> Vec<(String, SmolStr)> {
    let program = |path: String| (path, SmolStr::from("main"));
    if setting.is_empty() || setting.contains('.') {
        return vec![];
    }
    [
        "src/main".to_owned(),
        format!("src/bin/{setting}"),
        format!("src/bin/{setting}/main"),
        "main".to_owned(),
    ]
    .map(program)
    .to_vec()
}

/// Dependencies are not copied into a project.
pub(super) fn installed(_: &str) -> Option<&str> {
    None
}

/// See [`installed`].
pub(super) fn installed_names(_: &str) -> Vec<String> {
    vec![]
}

fn alone(path: String) -> ModulePath {
    ModulePath { chain: vec![path], member: None }
}

fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".rs").unwrap_or(name)
}

fn without_ending(file: &str) -> String {
    file.strip_suffix(".rs").unwrap_or(file).to_owned()
}
