//! Where Python looks for a module, and what a handler setting means.

use crate::ir::Import;
use crate::text::{SmolStr, paths};

use super::super::ModulePath;
use super::standard::is_standard;

/// Where an imported module may lie: beside the importing package for a relative import, else below each root. Builds put
/// modules beside a function that the project keeps elsewhere, mostly in a folder above: those come last.
pub(super) fn candidates(import: &Import, from: &str, roots: &[String]) -> Vec<ModulePath> {
    let folder = paths::folder(from);
    if import.level > 0 {
        let mut base = Some(folder);
        for _ in 1..import.level {
            base = base.filter(|folder| !folder.is_empty()).map(paths::folder);
        }
        return base.map(|base| below(base, import)).into_iter().collect();
    }
    let mut found: Vec<ModulePath> = roots.iter().map(|root| below(root, import)).collect();
    let beside = [folder].into_iter();
    let above = paths::up(folder).skip(1).filter(|_| !is_standard(&import.module));
    for place in beside.chain(above).map(|folder| below(folder, import)) {
        if !found.contains(&place) {
            found.push(place);
        }
    }
    found
}

/// The files that may hold the module at a path: a package comes before a file of its name.
pub(super) fn files(path: &str) -> Vec<String> {
    vec![format!("{path}/__init__.py"), format!("{path}.py")]
}

fn below(root: &str, import: &Import) -> ModulePath {
    let mut chain = vec![];
    let mut path = root.to_owned();
    for part in import.module.split('.').filter(|part| !part.is_empty()) {
        path = paths::join(&path, part);
        chain.push(path.clone());
    }
    if chain.is_empty() {
        chain.push(path.clone());
    }
    let member =
        import.member.as_ref().filter(|member| *member != "*").map(|member| paths::join(&path, member));
    ModulePath { chain, member }
}

/// `folder.module.symbol` and `folder/module.symbol`.
pub(super) fn handler(setting: &str) -> Vec<(String, SmolStr)> {
    let Some((module, symbol)) = setting.rsplit_once('.') else { return vec![] };
    vec![(module.replace('.', "/"), symbol.into())]
}

/// The folder beside `name-1.0.dist-info/RECORD`, the list that installers leave behind.
pub(super) fn installed(file: &str) -> Option<&str> {
    let folder = file.strip_suffix("/RECORD")?.strip_suffix(".dist-info")?;
    Some(paths::folder(folder))
}

/// The modules at the top of an installed package: the first parts of the paths in its list.
pub(super) fn installed_names(manifest: &str) -> Vec<String> {
    let first = |line: &str| -> Option<String> {
        let path = line.split(',').next()?;
        let name = match path.split_once('/') {
            Some((folder, _)) => folder,
            None => path.strip_suffix(".py")?,
        };
        let is_module =
            !name.is_empty() && !name.contains(['.', '-']) && name != "bin" && name != "__pycache__";
        is_module.then(|| name.to_owned())
    };
    let mut names: Vec<String> = manifest.lines().filter_map(first).collect();
    names.sort();
    names.dedup();
    names
}
