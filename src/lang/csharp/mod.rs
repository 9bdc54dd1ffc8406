//! C# on tree-sitter's grammar. What does not fit the grammar is a problem of the module; the rest of the file is read.
//!
//! A file's module holds its types and, under [`MAIN`], its top-level statements. A type is a class whose body holds what
//! it declares: methods and accessors as routines, static fields with their values, everything else as a name without a value.
//! Attributes stand in the body too, under names that no program spells (`[DynamoDBTable]`).

mod call;
mod class;
mod create;
mod dialect;
mod expression;
mod marks;
mod member;
mod module;
mod names;
mod pattern;
mod query;
mod resolve;
mod routine;
mod scope;
mod settings;
mod statement;
mod strings;
mod types;

use tree_sitter::Node as Tree;

use crate::ir::{Builder, Module, Node, NodeId, Receiver, Routine, RoutineId, RoutineKind};
use crate::text::{FileId, SmolStr, Source, Span};

use super::{Language, Scope, tree};
use scope::Scopes;

/// The routine of a file that has its top-level statements.
const MAIN: &str = "Main";
/// The member that makes an object ready.
const CONSTRUCTOR: &str = ".ctor";
/// The parameter of a method that holds the object.
const THIS: &str = "this";

/// The language table's entry.
pub(super) const LANGUAGE: Language = Language {
    name: "csharp",
    family: "csharp",
    extensions: &["cs"],
    data: &[],
    runtimes: &["dotnet"],
    layer: "dotnet",
    scope: Scope::Namespace(resolve::compiled_with, super::built_alone),
    lower,
    candidates: resolve::candidates,
    files: resolve::files,
    own: |_| false,
    single_files: false,
    handler: resolve::handler,
    find: Some(resolve::find),
    symbol: resolve::symbol,
    installed: resolve::installed,
    installed_names: resolve::installed_names,
    likely_handlers,
    exported,
    manifests: None,
    programs: Some(resolve::programs),
    settings: Some(settings::of_project),
    shared: None,
};

fn lower(source: &Source, file: FileId) -> Module {
    let grammar = tree_sitter_c_sharp::LANGUAGE.into();
    let parsed = tree::parse(&grammar, source);
    let Some(parsed) = parsed else {
        let mut builder = Builder::new(file, &dialect::DIALECT, []);
        builder.problem(Span::default(), "the file cannot be parsed, nothing of it is read");
        return builder.finish();
    };
    let root = parsed.root_node();
    let mut lowering = Lowering {
        builder: Builder::new(file, &dialect::DIALECT, module::declared(root, source)),
        source,
        scopes: Scopes::default(),
        namespace: SmolStr::default(),
        results: vec![],
    };
    lowering.unit(root);
    tree::problems(&parsed, &mut lowering.builder);
    lowering.builder.finish()
}

/// Walks the tree and writes the graph.
struct Lowering<'s> {
    builder: Builder,
    source: &'s Source,
    scopes: Scopes<'s>,
    namespace: SmolStr,
    /// The declared types of the results of the routines around, innermost last.
    results: Vec<Option<Tree<'s>>>,
}

impl<'s> Lowering<'s> {
    fn text(&self, node: Tree<'_>) -> &'s str {
        tree::text(node, self.source)
    }

    /// A name without the sign that lets it be a keyword.
    fn identifier(&self, node: Tree<'_>) -> SmolStr {
        self.text(node).trim_start_matches('@').into()
    }

    /// Lowers an expression one level deeper; too deep a one is not followed.
    fn nested(&mut self, expression: Tree<'s>) -> NodeId {
        self.nested_as(expression, None)
    }

    /// Lowers an expression that is wanted as a declared type.
    fn nested_as(&mut self, expression: Tree<'s>, wanted: Option<Tree<'s>>) -> NodeId {
        let at = tree::span(expression);
        let value = if self.builder.descend(at) {
            self.expression(expression, wanted)
        } else {
            self.builder.unknown(at)
        };
        self.builder.ascend();
        value
    }

    /// Something of the language's own library.
    fn native(&mut self, name: &str, at: Span) -> NodeId {
        self.builder.node(Node::Free(name.into()), at)
    }
}

/// The name under which an attribute of a type, or of one of its members, stands in the body of the type.
fn attribute_name(attribute: &str, member: &str) -> SmolStr {
    let name = attribute.strip_suffix("Attribute").unwrap_or(attribute);
    format!("[{name}]{member}").into()
}

/// The methods that have the name of a handler, or, where a class has none, that take an event and a context; and the
/// top-level statements.
fn likely_handlers(module: &Module) -> Vec<SmolStr> {
    let is_named = |name: &str| name.rsplit('.').next().is_some_and(|method| method.contains("Handler"));
    let mut found = entries(module, |routine| {
        let context =
            routine.params.last().is_some_and(|param| param.name.to_lowercase().contains("context"));
        context || is_named(&routine.name)
    });
    let class = |name: &SmolStr| name.split('.').next().map(SmolStr::from);
    let with_handler: Vec<Option<SmolStr>> = found.iter().filter(|name| is_named(name)).map(class).collect();
    found.retain(|name| is_named(name) || !with_handler.contains(&class(name)));
    found
}

/// Every method, and the top-level statements.
fn exported(module: &Module) -> Vec<SmolStr> {
    entries(module, |_| true)
}

fn entries(module: &Module, is_wanted: impl Fn(&Routine) -> bool) -> Vec<SmolStr> {
    let mut found = vec![];
    for routine in &module.routines {
        let is_method = matches!(routine.receiver, Receiver::Object | Receiver::None);
        let class = routine.class.and_then(|class| module.class(class));
        if routine.outer == Some(RoutineId::BODY) && routine.name == MAIN {
            found.push(SmolStr::from(MAIN));
        } else if let Some(class) = class.filter(|_| is_method && routine.kind != RoutineKind::ClassBody)
            && !routine.name.starts_with(['.', '<'])
            && is_wanted(routine)
        {
            found.push(format!("{}.{}", class.name, routine.name).into());
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The first part of a node that the grammar names.
fn first(node: Tree<'_>) -> Option<Tree<'_>> {
    tree::named(node).into_iter().next()
}
