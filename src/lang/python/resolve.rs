//! Where Python looks for a module, and what a handler setting means.

use crate::ir::Import;
use crate::text::SmolStr;

use super::super::ModulePath;

/// Where an imported module may lie: beside the importing package for a relative import, else below each root.
pub(super) fn candidates(import: &Import, from: &str, roots: &[String]) -> Vec<ModulePath> {
    let folder = parent(from);
    if import.level > 0 {
        let mut base = Some(folder);
        for _ in 1..import.level {
            base = base.filter(|folder| !folder.is_empty()).map(parent);
        }
        return base.map(|base| below(base, import)).into_iter().collect();
    }
    let mut found: Vec<ModulePath> = roots.iter().map(|root| below(root, import)).collect();
    let beside = below(folder, import);
    if !found.contains(&beside) {
        found.push(beside);
    }
    found
}

fn below(root: &str, import: &Import) -> ModulePath {
    let mut chain = vec![];
    let mut path = root.to_owned();
    for part in import.module.split('.').filter(|part| !part.is_empty()) {
        path = join(&path, part);
        chain.push(path.clone());
    }
    if chain.is_empty() {
        chain.push(path.clone());
    }
    let member = import.member.as_ref().filter(|member| *member != "*").map(|member| join(&path, member));
    ModulePath { chain, member }
}

/// `folder.module.symbol` and `folder/module.symbol`.
pub(super) fn handler(setting: &str) -> Vec<(String, SmolStr)> {
    let Some((module, symbol)) = setting.rsplit_once('.') else { return vec![] };
    vec![(module.replace('.', "/"), symbol.into())]
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() || folder == "." { name.to_owned() } else { format!("{folder}/{name}") }
}
