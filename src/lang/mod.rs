//! Program text → the value graph, one room a language. Knows no SDK and no deployment format.

mod python;

use crate::ir::{Import, Module, RoutineId};
use crate::text::{FileId, SmolStr, Source};

/// What the analysis needs of a language.
#[derive(Debug)]
pub struct Language {
    /// Its name in the JSON contract.
    pub name: &'static str,
    /// The endings of its files, without the dot.
    pub extensions: &'static [&'static str],
    /// The beginnings of the platform's runtimes for it (`python`).
    pub runtimes: &'static [&'static str],
    /// The folder inside a layer that its modules lie in.
    pub layer: &'static str,
    /// Parses and lowers one file. Never fails; what could not be read is in [`Module::problems`].
    pub lower: fn(&Source, FileId) -> Module,
    /// The places at which an imported module may lie, the likeliest first, as paths without ending. `from` is the
    /// importing file, `roots` the folders that absolute imports begin in.
    pub candidates: fn(import: &Import, from: &str, roots: &[String]) -> Vec<ModulePath>,
    /// The files (without ending, relative to the code) and the symbol that a handler setting may mean, the likeliest first.
    pub handler: fn(setting: &str) -> Vec<(String, SmolStr)>,
    /// The folder that packages were installed into, where the file is the manifest of an installed package.
    pub installed: fn(file: &str) -> Option<&str>,
    /// The modules that such a manifest lists: those at the top, without ending.
    pub installed_names: fn(manifest: &str) -> Vec<String>,
    /// The routines of a module that look like handlers where no deployment says which.
    pub likely_handlers: fn(&Module) -> Vec<RoutineId>,
}

/// A place at which a module may lie.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModulePath {
    /// The folders and files from the root of the import, each without ending: `a`, `a/b`, `a/b/c`.
    pub chain: Vec<String>,
    /// Where the name taken out of the module would lie, were it a module itself.
    pub member: Option<String>,
}

impl Language {
    /// The files that may hold the module at `path`, the likeliest first.
    pub fn files(&self, path: &str) -> impl Iterator<Item = String> {
        let file = self.extensions.iter().map(move |extension| format!("{path}.{extension}"));
        let package = self.extensions.iter().map(move |extension| format!("{path}/__init__.{extension}"));
        package.chain(file).collect::<Vec<_>>().into_iter()
    }
}

/// The languages that are read.
pub const LANGUAGES: &[Language] = &[python::LANGUAGE];

/// The language of a file, by the ending of its name.
pub fn language_of(path: &str) -> Option<&'static Language> {
    let extension = path.rsplit('/').next()?.rsplit_once('.')?.1;
    LANGUAGES.iter().find(|language| language.extensions.contains(&extension))
}

/// The language of a platform's runtime (`python3.13`).
pub fn language_of_runtime(runtime: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.runtimes.iter().any(|prefix| runtime.starts_with(prefix)))
}
