//! Where Node and its build tools look for a module, and what a handler setting means.

use crate::ir::Import;
use crate::text::{SmolStr, paths};

use super::super::ModulePath;

/// The endings of program files, those of JavaScript first.
const JAVASCRIPT_FIRST: [&str; 8] = ["js", "mjs", "cjs", "jsx", "ts", "tsx", "mts", "cts"];
/// The endings of program files, those of TypeScript first.
const TYPESCRIPT_FIRST: [&str; 8] = ["ts", "tsx", "mts", "cts", "js", "mjs", "cjs", "jsx"];
/// Folders that build tools write to.
pub(super) const BUILT: [&str; 6] = ["dist", "build", "lib", "out", ".build", "bundle"];

/// The files that may hold a module, seen from JavaScript.
pub(super) fn javascript_files(path: &str) -> Vec<String> {
    files(path, &JAVASCRIPT_FIRST)
}

/// The files that may hold a module, seen from TypeScript.
pub(super) fn typescript_files(path: &str) -> Vec<String> {
    files(path, &TYPESCRIPT_FIRST)
}

fn files(path: &str, endings: &[&str]) -> Vec<String> {
    let file = endings.iter().map(|ending| format!("{path}.{ending}"));
    let index = endings.iter().map(|ending| {
        if path.is_empty() { format!("index.{ending}") } else { format!("{path}/index.{ending}") }
    });
    let data = is_data(path).then(|| path.to_owned());
    file.chain(index).chain(data).collect()
}

/// Whether a path is that of a document, which a program may import.
pub(super) fn is_data(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending == "json")
}

/// Where an imported module may lie: beside the importing file for a relative import, else in a layer, or where a build
/// tool's setting lets absolute paths begin.
pub(super) fn candidates(import: &Import, from: &str, roots: &[String]) -> Vec<ModulePath> {
    let name = import.module.as_str();
    let folder = paths::folder(from);
    let mut paths = vec![];
    if name.starts_with('.') {
        paths.extend(paths::climb(folder, name));
    } else if let Some(layered) = name.strip_prefix("/opt/") {
        let rest = layered.strip_prefix("nodejs/").unwrap_or(layered);
        paths.extend(roots.iter().flat_map(|root| [paths::join(root, layered), paths::join(root, rest)]));
    } else if let Some(rest) = name.strip_prefix("@/").or_else(|| name.strip_prefix("~/")) {
        for above in paths::up(folder) {
            paths.extend([paths::join(&paths::join(above, "src"), rest), paths::join(above, rest)]);
        }
    } else if name.contains('/') && !name.starts_with(['@', '/', '#']) {
        paths.extend(paths::up(folder).map(|above| paths::join(above, name)));
    } else if name.starts_with('@') {
        // `@shared/x` of a setting for paths.
        let inner = name.trim_start_matches('@');
        for above in paths::up(folder) {
            paths.extend([paths::join(above, inner), paths::join(&paths::join(above, "src"), inner)]);
        }
    } else {
        paths.extend(roots.iter().skip(1).map(|root| paths::join(root, name)));
    }
    paths.into_iter().flat_map(with_and_without_ending).map(alone).collect()
}

/// A path as it is, and without the ending of a program file: `./x.js` may be written as `x.ts`.
fn with_and_without_ending(path: String) -> Vec<String> {
    let stem = path.rsplit_once('.').filter(|(_, ending)| JAVASCRIPT_FIRST.contains(ending));
    let stem = stem.map(|(stem, _)| stem.to_owned());
    stem.into_iter().chain([path]).collect()
}

/// A path without the ending of a program file.
pub(super) fn stem(path: &str) -> &str {
    let path = path.strip_suffix(".d.ts").unwrap_or(path);
    match path.rsplit_once('.') {
        Some((stem, ending)) if JAVASCRIPT_FIRST.contains(&ending) => stem,
        _ => path,
    }
}

fn alone(path: String) -> ModulePath {
    ModulePath { chain: vec![path], member: None }
}

/// `folder/module.symbol`; the symbol may have dots. Where the setting names what a build tool wrote, also what it may
/// have been written from.
pub(super) fn handler(setting: &str) -> Vec<(String, SmolStr)> {
    let start = setting.rfind('/').map_or(0, |slash| slash + 1);
    let Some(dot) = setting.get(start..).and_then(|file| file.find('.')) else { return vec![] };
    let (Some(module), Some(symbol)) = (setting.get(..start + dot), setting.get(start + dot + 1..)) else {
        return vec![];
    };
    let module = module.trim_start_matches("./");
    let mut modules = vec![module.to_owned()];
    let parts: Vec<&str> = module.split('/').collect();
    if let Some(place) = parts.iter().position(|part| BUILT.contains(part)) {
        for replacement in [Some("src"), None] {
            let mut parts = parts.clone();
            parts.splice(place..=place, replacement);
            modules.push(parts.join("/"));
        }
    }
    modules.push(paths::join("src", module));
    if let Some((_, name)) = module.rsplit_once('/') {
        modules.extend([name.to_owned(), paths::join("src", name)]);
    }
    modules.dedup();
    modules.into_iter().map(|module| (module, symbol.into())).collect()
}

/// Installed packages lie in `node_modules`, which is never walked.
pub(super) fn installed(_: &str) -> Option<&str> {
    None
}

/// See [`installed`].
pub(super) fn installed_names(_: &str) -> Vec<String> {
    vec![]
}
