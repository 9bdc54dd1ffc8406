//! Python 3.8 to 3.14 on ruff's parser, which keeps what it can of a file with syntax errors.

mod dialect;
mod expression;
mod names;
mod resolve;
mod routine;
mod standard;
mod statement;

use ruff_python_ast::Expr;
use ruff_python_parser::{ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextRange};

use crate::ir::{Builder, Module, NodeId, PROJECT_FOLDER, RoutineId, RoutineKind};
use crate::text::{FileId, SmolStr, Source, Span};

use super::{Language, Scope};

/// The language table's entry.
pub(super) const LANGUAGE: Language = Language {
    name: "python",
    family: "python",
    extensions: &["py"],
    data: &[],
    runtimes: &["python"],
    layer: "python",
    scope: Scope::File,
    lower,
    candidates: resolve::candidates,
    files: resolve::files,
    own: standard::is_standard,
    single_files: true,
    handler: resolve::handler,
    find: None,
    installed: resolve::installed,
    installed_names: resolve::installed_names,
    likely_handlers,
    exported: super::routines_at_top,
    symbol: super::symbol_as_it_is,
    manifests: None,
    programs: None,
    settings: None,
    shared: None,
};

/// How many syntax errors of one file are told.
const MAX_ERRORS: usize = 8;

fn lower(source: &Source, file: FileId) -> Module {
    let options = ParseOptions::from(ruff_python_parser::Mode::Module);
    let parsed = parse_unchecked(source.text(), options);
    let body = match parsed.syntax() {
        ruff_python_ast::Mod::Module(module) => module.body.as_slice(),
        ruff_python_ast::Mod::Expression(_) => &[],
    };
    let builder = Builder::new(file, &dialect::DIALECT, names::assigned(body).own);
    let mut lowering = Lowering { builder, path: format!("{PROJECT_FOLDER}/{}", source.path()).into() };
    for error in parsed.errors().iter().take(MAX_ERRORS) {
        lowering.builder.problem(span(error), format!("syntax error: {}", error.error));
    }
    lowering.body(body);
    lowering.builder.finish()
}

/// Walks ruff's tree and writes the graph.
struct Lowering {
    builder: Builder,
    /// The path of the file as the program knows it.
    path: SmolStr,
}

impl Lowering {
    /// Lowers an expression one level deeper; too deep a one is not followed.
    fn nested(&mut self, expression: &Expr) -> NodeId {
        let at = span(expression);
        let value =
            if self.builder.descend(at) { self.expression(expression) } else { self.builder.unknown(at) };
        self.builder.ascend();
        value
    }
}

/// The bytes of a part of the tree.
fn span(ranged: &impl Ranged) -> Span {
    span_of(ranged.range())
}

fn span_of(range: TextRange) -> Span {
    Span::new(range.start().into(), range.end().into())
}

/// Routines of the module's top level that take an event and a context, or are named as handlers usually are.
fn likely_handlers(module: &Module) -> Vec<SmolStr> {
    let candidates = module.routines.iter().filter(|routine| {
        routine.outer == Some(RoutineId::BODY)
            && routine.class.is_none()
            && matches!(routine.kind, RoutineKind::Plain | RoutineKind::Generator)
    });
    let looks_like = |name: &SmolStr, params: &[&str]| {
        let named = matches!(name.as_str(), "lambda_handler" | "handler" | "main_handler" | "on_event");
        named && params.len() >= 2
            || matches!(params, ["event" | "_event", "context" | "_context" | "ctx" | "_"])
    };
    candidates
        .filter(|routine| {
            let params: Vec<&str> = routine.params.iter().map(|param| param.name.as_str()).collect();
            looks_like(&routine.name, &params)
        })
        .map(|routine| routine.name.clone())
        .collect()
}
