//! Go on gosyn's parser. Files of a folder are one package; what a build leaves out of it is left out here too.

mod call;
mod constraint;
mod declaration;
mod dialect;
mod expression;
mod literal;
mod names;
mod order;
mod parse;
mod resolve;
mod routine;
mod statement;
mod types;
mod visit;

use gosyn::ast::{Expression, File};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::ir::{Builder, Module, Node, NodeId, RoutineId};
use crate::text::{FileId, SmolStr, Source, Span};

use super::{Language, Scope};
use constraint::Build;
use parse::Offsets;

/// The language table's entry.
pub(super) const LANGUAGE: Language = Language {
    name: "go",
    family: "go",
    extensions: &["go"],
    data: &[],
    runtimes: &["go1.x"],
    layer: "",
    scope: Scope::Folder(constraint::belongs),
    lower,
    candidates: resolve::candidates,
    files: |_| vec![],
    own: |_| false,
    single_files: false,
    handler: |_| vec![],
    find: None,
    installed: resolve::installed,
    installed_names: resolve::installed_names,
    likely_handlers,
    symbol: super::symbol_as_it_is,
    exported,
    manifests: Some(resolve::MANIFESTS),
    programs: Some(resolve::programs),
    settings: None,
    shared: None,
};

/// The routine with which a program starts.
const MAIN: &str = "main";

fn lower(source: &Source, file: FileId) -> Module {
    let offsets = Offsets::of(source.text());
    match constraint::build(source.text()) {
        Build::Taken => {}
        Build::LeftOut => return Builder::new(file, &dialect::DIALECT, []).finish(),
        Build::WithTag => {
            let mut builder = Builder::new(file, &dialect::DIALECT, []);
            let message = "the file is built only with a tag, nothing of it is read".to_owned();
            builder.problem(Span::default(), message);
            return builder.finish();
        }
    }
    let parsed = parse::parse(source.text());
    let names = names::of_file(&parsed.file);
    let builder = Builder::new(file, &dialect::DIALECT, names);
    let mut lowering = Lowering {
        builder,
        offsets,
        results: vec![],
        gives_failure: vec![],
        declared: vec![FxHashMap::default()],
        generic: FxHashSet::default(),
    };
    for (at, message) in parsed.problems {
        lowering.builder.problem(at, message);
    }
    lowering.file(&parsed.file);
    lowering.builder.finish()
}

/// Walks gosyn's tree and writes the graph.
struct Lowering {
    builder: Builder,
    offsets: Offsets,
    /// The named results of each routine that is being lowered.
    results: Vec<Vec<SmolStr>>,
    /// Whether the last result of each is an error.
    gives_failure: Vec<bool>,
    /// The types of variables that were declared without a value, a map for each routine around.
    declared: Vec<FxHashMap<SmolStr, Expression>>,
    /// The type parameters of the declaration that is being lowered.
    generic: FxHashSet<SmolStr>,
}

impl Lowering {
    /// The bytes of a name or another token.
    fn token(&self, at: usize, text: &str) -> Span {
        self.offsets.span(at, text.chars().count())
    }

    /// A place in the file.
    fn at(&self, at: usize) -> Span {
        self.offsets.span(at, 1)
    }

    fn file(&mut self, file: &File) {
        let at = self.token(file.pkg_name.pos, &file.pkg_name.name);
        self.builder.namespace(file.pkg_name.name.as_str());
        self.builder.import(".".into(), 0, Some("*".into()), at);
        self.imports(file);
        self.declarations(file);
    }
}

/// The program's start, where something in it is handed to what a module calls `Start`.
fn likely_handlers(module: &Module) -> Vec<SmolStr> {
    let starts = module.routines.iter().any(|routine| {
        routine.nodes.iter().any(|node| match node {
            Node::Call(call) => {
                let callee = routine.node(call.callee);
                matches!(callee, Some(Node::Member(_, name)) if name.starts_with("Start"))
                    && !call.arguments.is_empty()
            }
            _ => false,
        })
    });
    let is_program = module.namespace == MAIN && module.export(MAIN).is_some();
    if is_program && starts { vec![MAIN.into()] } else { vec![] }
}

/// The routines at the top of a file, and the methods that it gives to types.
fn exported(module: &Module) -> Vec<SmolStr> {
    let mut found = super::routines_at_top(module);
    let Some(body) = module.routine(RoutineId::BODY) else { return found };
    let name_of = |class: NodeId| {
        body.nodes.iter().find_map(|node| match node {
            Node::Write(variable, value) if *value == class => body.variables.get(variable.index as usize),
            _ => None,
        })
    };
    for node in &body.nodes {
        if let Node::Store { base, field, .. } = node
            && let Some(class) = name_of(*base)
        {
            found.push(format!("{}.{field}", class.name).into());
        }
    }
    found
}
