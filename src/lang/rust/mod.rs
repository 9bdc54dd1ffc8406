//! Rust on syn. A file that syn does not read is a problem of the module as a whole.

mod call;
mod cargo;
mod class;
mod control;
mod dialect;
mod expansion;
mod expression;
mod format;
mod item;
mod macros;
mod names;
mod path;
mod pattern;
mod resolve;
mod routine;
mod tokens;
mod types;

use rustc_hash::FxHashMap;
use syn::spanned::Spanned;

use crate::ir::{Builder, Module, Node, NodeId, RoutineId};
use crate::text::{FileId, SmolStr, Source, Span};

use super::{Language, Manifests, Scope, Shared, SharedText};
use expansion::Macros;
use names::Item;

/// The language table's entry.
pub(super) const LANGUAGE: Language = Language {
    name: "rust",
    family: "rust",
    extensions: &["rs"],
    runtimes: &["rust"],
    layer: "",
    scope: Scope::File,
    lower,
    candidates: resolve::candidates,
    files: resolve::files,
    own: |_| false,
    single_files: false,
    handler: resolve::handler,
    find: None,
    installed: resolve::installed,
    installed_names: resolve::installed_names,
    likely_handlers,
    symbol: super::symbol_as_it_is,
    exported: super::routines_at_top,
    data: &[],
    manifests: Some(Manifests {
        is: |name| name == cargo::MANIFEST,
        read: cargo::libraries,
        extends: |_| vec![],
    }),
    programs: Some(cargo::programs),
    settings: None,
    shared: Some(Shared { find: expansion::shared, lower: lower_with }),
};

fn lower(source: &Source, file: FileId) -> Module {
    lower_with(source, file, &[])
}

fn lower_with(source: &Source, file: FileId, shared: &[SharedText]) -> Module {
    // The parser keeps every text that it was given until it is told that nobody asks for places in it any more.
    proc_macro2::extra::invalidate_current_thread_spans();
    match tokens::parse(source.text()) {
        Ok((tokens, parsed)) => {
            let mut macros = Macros::new(source.path(), &tokens, shared);
            let written = expansion::expand_items(parsed.items, &mut macros);
            let items = names::of_module(&written);
            let names = items.keys().cloned();
            let mut lowering = Lowering {
                builder: Builder::new(file, &dialect::DIALECT, names),
                items,
                macros,
                modules: vec![],
                own: vec![],
                exposing: false,
                generics: vec![],
                left: false,
                breaks: vec![],
            };
            lowering.module(&written);
            lowering.builder.finish()
        }
        Err((span, error)) => {
            let mut builder = Builder::new(file, &dialect::DIALECT, []);
            builder.problem(span, format!("syntax error, nothing of the file is read: {error}"));
            builder.finish()
        }
    }
}

/// What `Self` means.
#[derive(Clone)]
enum Own {
    /// A type of this file, by the name of its variable.
    Variable(SmolStr),
    /// A type that stands elsewhere.
    Type(Box<syn::Type>),
}

/// Walks syn's tree and writes the graph.
struct Lowering {
    builder: Builder,
    /// What the file declares, under the names of its modules and its own: `inner::Order`.
    items: FxHashMap<SmolStr, Item>,
    /// The project's own macros.
    macros: Macros,
    /// The modules written into the file that are around the current place.
    modules: Vec<SmolStr>,
    /// The types whose members are being written, innermost last.
    own: Vec<Own>,
    /// Whether a macro from outside takes up the implementation that is being written.
    exposing: bool,
    /// Type parameters and what they must be, innermost last.
    generics: Vec<(SmolStr, Vec<syn::Path>)>,
    /// Whether the path has left the routine.
    left: bool,
    /// What the loops around give.
    breaks: Vec<Vec<NodeId>>,
}

impl Lowering {
    /// Lowers an expression one level deeper; too deep a one is not followed.
    fn nested(&mut self, expression: &syn::Expr) -> NodeId {
        let at = span(expression);
        let value =
            if self.builder.descend(at) { self.expression(expression) } else { self.builder.unknown(at) };
        self.builder.ascend();
        value
    }

    /// Something of the language's own library.
    fn native(&mut self, name: &str, at: Span) -> NodeId {
        self.builder.node(Node::Free(name.into()), at)
    }

    fn nil(&mut self, at: Span) -> NodeId {
        self.builder.node(Node::Nil, at)
    }

    /// A value that never comes about.
    fn never(&mut self, at: Span) -> NodeId {
        self.builder.node(Node::OneOf(vec![]), at)
    }
}

/// The bytes of a part of the tree.
fn span(part: &impl Spanned) -> Span {
    span_of(part.span())
}

fn span_of(span: proc_macro2::Span) -> Span {
    let range = span.byte_range();
    let place = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span::new(place(range.start), place(range.end))
}

/// The name of an identifier, without the mark of one that is also a keyword.
fn name(ident: &proc_macro2::Ident) -> SmolStr {
    let text = ident.to_string();
    text.strip_prefix("r#").unwrap_or(&text).into()
}

/// The program's start, or what is usually handed to the runtime.
fn likely_handlers(module: &Module) -> Vec<SmolStr> {
    let declares = |name: &str| {
        module.routines.iter().any(|routine| {
            routine.name == name && routine.outer == Some(RoutineId::BODY) && routine.class.is_none()
        })
    };
    let usual = ["main", "function_handler", "handler", "func"];
    usual.into_iter().find(|name| declares(name)).map(SmolStr::from).into_iter().collect()
}
