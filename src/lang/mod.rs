//! Program text → the value graph, one room a language. Knows no SDK and no deployment format.

mod csharp;
mod data;
mod go;
mod java;
mod javascript;
mod kotlin;
mod php;
mod python;
mod ruby;
mod rust;
mod settings;
mod tree;

use crate::ir::{Import, Module, RoutineId};
use crate::text::{FileId, SmolStr, Source};

/// What the analysis needs of a language.
#[derive(Debug)]
pub struct Language {
    /// Its name in the JSON contract.
    pub name: &'static str,
    /// The language for which libraries and the platform are described.
    pub family: &'static str,
    /// The endings of its files, without the dot.
    pub extensions: &'static [&'static str],
    /// The endings of data files that programs import as modules.
    pub data: &'static [&'static str],
    /// The beginnings of the platform's runtimes for it (`python`).
    pub runtimes: &'static [&'static str],
    /// The folder inside a layer that its modules lie in.
    pub layer: &'static str,
    /// Which files see each other's names.
    pub scope: Scope,
    /// Parses and lowers one file. Never fails; what could not be read is in [`Module::problems`].
    pub lower: fn(&Source, FileId) -> Module,
    /// The places at which an imported module may lie, the likeliest first, as paths without ending. `from` is the
    /// importing file, `roots` the folders that absolute imports begin in.
    pub candidates: fn(import: &Import, from: &str, roots: &[String]) -> Vec<ModulePath>,
    /// The files that may hold the module at a path, the likeliest first.
    pub files: fn(path: &str) -> Vec<String>,
    /// Whether a module comes with the language itself.
    pub own: fn(module: &str) -> bool,
    /// Whether the name of a module may be that of a single file: a build puts files of any folder where they are found.
    pub single_files: bool,
    /// The files (without ending, relative to the code) and the symbol that a handler setting may mean, the likeliest first.
    pub handler: fn(setting: &str) -> Vec<(String, SmolStr)>,
    /// The file and the symbol that a handler setting means below a folder, in a language whose files are not named after
    /// what they declare. Gets all paths of the project.
    pub find: Option<FindHandler>,
    /// The folder that packages were installed into, where the file is the manifest of an installed package.
    pub installed: fn(file: &str) -> Option<&str>,
    /// The modules that such a manifest lists: those at the top, without ending.
    pub installed_names: fn(manifest: &str) -> Vec<String>,
    /// What a module exports that looks like a handler, by name, where no deployment says which.
    pub likely_handlers: fn(&Module) -> Vec<SmolStr>,
    /// The routines and classes that a module exports, by name.
    pub exported: fn(&Module) -> Vec<SmolStr>,
    /// What a name that a person gives may mean in a module, as a dotted path from its exports.
    pub symbol: fn(&Module, &str) -> SmolStr,
    /// The build files that give packages of the project a path of their own, where the language has such.
    pub manifests: Option<Manifests>,
    /// The programs of the project, in a language where the platform runs a program. Gets all paths of the project.
    pub programs: Option<FindPrograms>,
    /// What the settings files say that are packed with a program, by dotted name; what counts more comes first.
    pub settings: Option<FindSettings>,
    /// What the files of the project share before any is lowered, in a language where files define parts of its syntax.
    pub shared: Option<Shared>,
}

/// What files share before they are lowered.
#[derive(Clone, Copy, Debug)]
pub struct Shared {
    /// Finds it among all paths of the project.
    pub find: fn(&[String], &ReadText<'_>) -> Vec<SharedText>,
    /// As [`Language::lower`], with what was found.
    pub lower: fn(&Source, FileId, &[SharedText]) -> Module,
}

/// A text that files share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedText {
    /// The file or folder that has it.
    pub file: String,
    /// Its name.
    pub name: SmolStr,
    /// The text.
    pub text: String,
}

/// Build files that say under which path the packages below a folder are imported.
#[derive(Clone, Copy, Debug)]
pub struct Manifests {
    /// Whether a file of that name is one (`go.mod`).
    pub is: fn(name: &str) -> bool,
    /// The paths that one states. Gets the folder that the file is in, and its text.
    pub read: fn(folder: &str, text: &str) -> Vec<StatedPath>,
    /// The build files whose paths hold beside one's own, as it names them: relative to it, or in a package.
    pub extends: fn(text: &str) -> Vec<String>,
}

/// The path that stands for the folder of a build file itself, for those who import that.
pub const OWN_FOLDER: &str = "./";

/// A path of modules that a build file states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedPath {
    /// The path that programs import; what follows it lies below the place. Empty for all paths.
    pub path: SmolStr,
    /// The folder or file (without ending) that it stands for.
    pub place: String,
    /// Whether programs elsewhere in the project import it too, and not only those below the build file.
    pub everywhere: bool,
}

/// Finds the programs among all paths of the project.
pub type FindPrograms = fn(&[String], &ReadText<'_>) -> Vec<ProgramFile>;

/// Finds the settings of the program that a file belongs to. Gets the file, all paths of the project and how to read a text.
pub type FindSettings = fn(&str, &[String], &ReadText<'_>) -> Vec<(SmolStr, SmolStr)>;

/// A program of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramFile {
    /// The file that it begins in.
    pub file: String,
    /// The folder that it is built from.
    pub folder: String,
    /// The routine that it begins with.
    pub symbol: SmolStr,
    /// What the built program may be called.
    pub names: Vec<SmolStr>,
}

/// Reads the text of a file of the project.
pub type ReadText<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// Finds the handler of a setting below a folder.
pub type FindHandler =
    fn(setting: &str, folder: &str, all: &[String], read: &ReadText<'_>) -> Option<(String, SmolStr)>;

/// Which files see each other's names without importing them. A file says so itself by a star import of its own package:
/// the members of the package are then looked up in all its files.
#[derive(Clone, Copy, Debug)]
pub enum Scope {
    /// None: every file is a scope of its own.
    File,
    /// The files of one folder, which are one module; an import of the folder gives all of them, and they load together.
    /// The function says whether a file (by its path) belongs to what is deployed (`_test.go` does not). A file imports
    /// its own folder as the module `.`.
    Folder(fn(&str) -> bool),
    /// The files that declare the same [`Module::namespace`], whatever folder they are in. The function gives the files
    /// that are compiled together with one: its path, all paths of the project, and how to read a text (a build file). The
    /// second names what a file is built as, where all files of that are compiled with the same files.
    Namespace(CompiledTogether, fn(&str, &[String]) -> Option<String>),
}

/// The files that are compiled together with one.
pub type CompiledTogether = fn(&str, &[String], &ReadText<'_>) -> Vec<String>;

/// For languages in which every file has to be asked what it is compiled with.
fn built_alone(_: &str, _: &[String]) -> Option<String> {
    None
}

/// A place at which a module may lie.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModulePath {
    /// The folders and files from the root of the import, each without ending: `a`, `a/b`, `a/b/c`.
    pub chain: Vec<String>,
    /// Where the name taken out of the module would lie, were it a module itself.
    pub member: Option<String>,
}

/// The languages that are read.
pub const LANGUAGES: &[Language] = &[
    java::LANGUAGE,
    python::LANGUAGE,
    go::LANGUAGE,
    javascript::JAVASCRIPT,
    javascript::TYPESCRIPT,
    rust::LANGUAGE,
    csharp::LANGUAGE,
    ruby::LANGUAGE,
    kotlin::LANGUAGE,
    php::LANGUAGE,
];

/// The language of a file, by the ending of its name.
pub fn language_of(path: &str) -> Option<&'static Language> {
    let extension = path.rsplit('/').next()?.rsplit_once('.')?.1;
    LANGUAGES.iter().find(|language| language.extensions.contains(&extension))
}

/// The language whose programs import a file as a module, be it a program or data.
pub fn reader_of(path: &str) -> Option<&'static Language> {
    let extension = path.rsplit('/').next()?.rsplit_once('.')?.1;
    let reads =
        |language: &&Language| language.extensions.contains(&extension) || language.data.contains(&extension);
    LANGUAGES.iter().find(reads)
}

/// A name that is a path from the module's exports already.
fn symbol_as_it_is(_: &Module, name: &str) -> SmolStr {
    name.into()
}

/// The routines at the top of a module, where the language exports everything there.
fn routines_at_top(module: &Module) -> Vec<SmolStr> {
    let top = module.routines.iter().filter(|routine| {
        routine.outer == Some(RoutineId::BODY)
            && routine.class.is_none()
            && !routine.name.starts_with(['<', '_'])
    });
    top.filter(|routine| module.export(&routine.name).is_some()).map(|routine| routine.name.clone()).collect()
}

/// The language of a platform's runtime (`python3.13`).
pub fn language_of_runtime(runtime: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.runtimes.iter().any(|prefix| runtime.starts_with(prefix)))
}
