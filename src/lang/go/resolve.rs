//! Where Go looks for a package, and the programs of a project.

use crate::ir::Import;
use crate::text::{SmolStr, paths};

use super::super::{Manifests, ModulePath, ProgramFile, ReadText, StatedPath};
use super::{MAIN, constraint};

/// The build file that says under which path the packages below it are imported.
pub(super) const MANIFESTS: Manifests =
    Manifests { is: |name| name == "go.mod", read: modules, extends: |_| vec![] };

/// Where an imported package may lie, as far as its path says by itself: beside the file, among the packages that were
/// copied into the project, or, without a build file, below the repository's own path.
pub(super) fn candidates(import: &Import, from: &str, _roots: &[String]) -> Vec<ModulePath> {
    let folder = paths::folder(from);
    let path = import.module.as_str();
    let place = |path: String| ModulePath { chain: vec![path], member: None };
    if path == "." {
        return vec![place(folder.to_owned())];
    }
    if path.starts_with("./") || path.starts_with("../") {
        return paths::climb(folder, path).map(place).into_iter().collect();
    }
    let mut folders = vec![folder];
    while let Some(next) =
        folders.last().filter(|folder| !folder.is_empty()).map(|folder| paths::folder(folder))
    {
        folders.push(next);
    }
    let mut found: Vec<ModulePath> =
        folders.iter().map(|folder| place(paths::join(&paths::join(folder, "vendor"), path))).collect();
    // `host/owner/repository/a/b`: the repository may be the project or a folder of it.
    let parts: Vec<&str> = path.split('/').collect();
    if parts.first().is_some_and(|host| host.contains('.')) {
        for skipped in 3..parts.len() {
            let rest = parts.get(skipped..).unwrap_or_default().join("/");
            found.extend(folders.iter().map(|folder| place(paths::join(folder, &rest))));
        }
    }
    found
}

/// The path of the module in a folder, and those that it replaces by folders.
fn modules(folder: &str, text: &str) -> Vec<StatedPath> {
    let stated = |path: &str, place: String| StatedPath { path: path.into(), place, everywhere: true };
    let mut found = vec![];
    let mut block = String::new();
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default().trim();
        if let Some(word) = line.strip_suffix('(') {
            word.trim().clone_into(&mut block);
            continue;
        }
        if line == ")" {
            block.clear();
            continue;
        }
        let line = if block.is_empty() { line.to_owned() } else { format!("{block} {line}") };
        let words: Vec<&str> = line.split_whitespace().map(|word| word.trim_matches(['"', '`'])).collect();
        match words.as_slice() {
            ["module", path] => found.push(stated(path, folder.to_owned())),
            ["replace", path, rest @ ..] => {
                let target = rest.iter().skip_while(|word| **word != "=>").nth(1);
                let target = target.filter(|target| target.starts_with('.'));
                let target = target.and_then(|target| paths::climb(folder, target));
                found.extend(target.map(|target| stated(path, target)));
            }
            _ => {}
        }
    }
    found
}

/// The folder of copied packages, where the file is the list of them.
pub(super) fn installed(file: &str) -> Option<&str> {
    let folder = file.strip_suffix("/modules.txt")?;
    (folder == "vendor" || folder.ends_with("/vendor")).then_some(folder)
}

/// The packages in such a list.
pub(super) fn installed_names(manifest: &str) -> Vec<String> {
    let is_package = |line: &&str| !line.is_empty() && !line.starts_with('#');
    manifest.lines().map(str::trim).filter(is_package).map(str::to_owned).collect()
}

/// The programs of the project: folders with a `main` package that has a routine `main`.
pub(super) fn programs(files: &[String], read: &ReadText<'_>) -> Vec<ProgramFile> {
    let sources = files.iter().filter(|file| constraint::belongs(file) && !is_copied(file));
    let mut found: Vec<(ProgramFile, bool)> = vec![];
    for file in sources {
        let Some(text) = read(file) else { continue };
        if !begins_program(&text) {
            continue;
        }
        let folder = paths::folder(file).to_owned();
        let name = |path: &str| SmolStr::from(path.rsplit('/').next().unwrap_or(path));
        let stem = file.strip_suffix(".go").unwrap_or(file);
        let names = vec![name(&folder), name(stem)];
        let program = ProgramFile { file: file.clone(), folder, symbol: MAIN.into(), names };
        found.push((program, text.contains(".Start")));
    }
    // Tools beside the programs that are deployed start nothing.
    let starts = found.iter().any(|(_, starts)| *starts);
    found.into_iter().filter(|(_, own)| *own || !starts).map(|(program, _)| program).collect()
}

fn is_copied(file: &str) -> bool {
    file.starts_with("vendor/") || file.contains("/vendor/")
}

fn begins_program(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_end);
    let is_main = |line: &str| {
        line.strip_prefix("package main")
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ';', '/']))
    };
    lines.any(is_main)
        && text.lines().any(|line| line.starts_with("func main()"))
        && constraint::is_built(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_file_names_its_module_and_what_it_replaces() {
        let text = "module example.org/shop // ours\n\nreplace example.org/log v1.0.0 => ../log\nreplace (\n\texample.org/a => ./inner/a\n\texample.org/b => example.org/c v1.2.3\n\texample.org/d => ../../../out\n)\n";
        let found = modules("services/shop", text);
        let found: Vec<(&str, &str)> =
            found.iter().map(|stated| (stated.path.as_str(), stated.place.as_str())).collect();
        let wanted = [
            ("example.org/shop", "services/shop"),
            ("example.org/log", "services/log"),
            ("example.org/a", "services/shop/inner/a"),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn programs_begin_in_main_packages() {
        assert!(begins_program("// x\npackage main\n\nfunc main() {\n}\n"));
        assert!(!begins_program("package mainly\n\nfunc main() {}\n"));
        assert!(!begins_program("//go:build ignore\n\npackage main\n\nfunc main() {}\n"));
    }
}
