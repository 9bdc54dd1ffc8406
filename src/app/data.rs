//! Programs that state data: what they export is a document.

use indexmap::IndexMap;
use rayon::prelude::*;

use super::code::{Code, Start};
use super::functions::folders_above;
use super::settings::Scope;
use crate::cloud::aws::cdk::Cdk;
use crate::flow::{self, World};
use crate::infra::Places;
use crate::ir::PROJECT_FOLDER;
use crate::lang;
use crate::text::tree::Node;
use crate::text::{FileId, Hole, SmolStr, Source, Sources, TemplateString};

/// What a program exports.
pub(super) struct Document {
    /// The program.
    pub file: FileId,
    /// The document.
    pub node: Node,
    /// The files that its places are in.
    pub places: Places,
}

/// Runs programs of the project and takes what they export, by their paths. One that exports no data is left out.
pub(super) fn read(
    paths: &[String],
    scope: &Scope,
    code: &mut Code<'_>,
    sources: &mut Sources,
) -> IndexMap<String, Document> {
    let is_program = |path: &&String| code.has(path) && lang::language_of(path).is_some();
    let start = |path: &String| Start { file: path.clone(), roots: folders_above(path) };
    let starts: Vec<Start> = paths.iter().filter(is_program).map(start).collect();
    code.read(&starts, sources);
    let (code, sources) = (&*code, &*sources);
    let document = |start: &Start| {
        let folder = crate::text::paths::folder(&start.file);
        let world = Environment { given: &scope.parameters, folder };
        let (program, unit) = code.program(start)?;
        let (file, _) = code.module(&start.file)?;
        let modules = program.units().filter_map(|(_, unit)| unit.module.as_ref());
        let files: Vec<(FileId, &Source)> =
            modules.filter_map(|module| Some((module.file, sources.get(module.file)?))).collect();
        let places = Places::new(&files);
        let binding = Cdk::new(IndexMap::new(), "");
        let node =
            flow::exported(&program, &binding, &world, unit, &["default"], &|site| places.place(site))?;
        Some((start.file.clone(), Document { file, node, places }))
    };
    starts.par_iter().filter_map(document).collect::<Vec<_>>().into_iter().collect()
}

/// The programs of the project that a text takes values of, seen from a folder (`file(./names.js)`).
pub(super) fn mentioned(text: &str, folder: &str) -> Vec<String> {
    let calls = text.split("file(").skip(1).filter_map(|rest| rest.split(')').next());
    let paths = calls.map(|path| path.trim().trim_matches(['\'', '"']));
    let programs = paths.filter(|path| lang::language_of(path).is_some());
    programs.filter_map(|path| crate::text::paths::climb(folder, path)).collect()
}

/// Where such programs run: what was given by hand is known of the environment.
struct Environment<'a> {
    given: &'a IndexMap<SmolStr, SmolStr>,
    folder: &'a str,
}

impl World for Environment<'_> {
    fn variable(&self, name: &str) -> Option<TemplateString> {
        self.given.get(["env:", name].concat().as_str()).map(|value| value.as_str().into())
    }

    fn environment_is_known(&self) -> bool {
        false
    }

    fn folder(&self) -> String {
        [PROJECT_FOLDER, if self.folder.is_empty() { "" } else { "/" }, self.folder].concat()
    }

    fn expand(&self, _hole: &Hole) -> Option<TemplateString> {
        None
    }
}
