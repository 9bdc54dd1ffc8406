//! PHP 7 and 8 on tree-sitter. What does not fit the grammar is a problem of the module; the rest of the file is read.
//!
//! A file's module holds its classes, functions and constants under their names, and the variables of its top level under
//! theirs, with the sign in front (`$client`): no routine sees those. What the file gives to whoever requires it, which may be
//! the handler, is the variable [`GIVEN`]. A class is a class whose body holds its methods and constants, and static
//! properties with the sign in front. Names of classes stand with their namespace, of which the parts are joined by dots.

mod assign;
mod call;
mod class;
mod composer;
mod dialect;
mod expression;
mod names;
mod resolve;
mod routine;
mod statement;
mod strings;
mod types;

use tree_sitter::Node as Part;

use crate::ir::{Argument, Builder, Module, Node, NodeId, Receiver, RoutineId, RoutineKind};
use crate::text::{FileId, SmolStr, Source, Span};

use super::tree::{self, span};
use super::{Language, Scope};

/// The language table's entry.
pub(super) const LANGUAGE: Language = Language {
    name: "php",
    family: "php",
    extensions: &["php"],
    data: &[],
    runtimes: &["php"],
    layer: "php",
    scope: Scope::Namespace(resolve::compiled_together, super::built_alone),
    lower,
    candidates: resolve::candidates,
    files: resolve::files,
    own: |_| false,
    single_files: false,
    handler: resolve::handler,
    find: Some(resolve::find),
    installed: resolve::installed,
    installed_names: resolve::installed_names,
    likely_handlers,
    exported,
    symbol: resolve::symbol,
    manifests: None,
    programs: None,
    settings: None,
    shared: None,
};

/// The variable that holds what a file gives to whoever requires it.
const GIVEN: &str = "return";
/// The parameter of a method that holds the object or class.
const THIS: &str = "$this";
/// The method that makes an object ready.
const CONSTRUCTOR: &str = "__construct";
/// The method that the platform calls where a handler is an object or a class.
const HANDLER_METHOD: &str = "handle";
/// The method that is called when an object is.
const CALL_METHOD: &str = "__invoke";

fn lower(source: &Source, file: FileId) -> Module {
    let Some(parsed) = tree::parse(&tree_sitter_php::LANGUAGE_PHP.into(), source) else {
        let mut builder = Builder::new(file, &dialect::DIALECT, []);
        builder.problem(Span::default(), "the file cannot be parsed, nothing of it is read");
        return builder.finish();
    };
    let root = parsed.root_node();
    let declared = names::of_file(root, source);
    let mut variables = declared.clone();
    variables.push(GIVEN.into());
    variables.extend(names::written(root, source));
    let mut lowering = Lowering {
        builder: Builder::new(file, &dialect::DIALECT, variables),
        source,
        seen: types::Seen::default(),
        declared,
        appended: names::appended(root, source),
        classes: vec![],
        is_static: false,
        depth: 0,
        unnamed: 0,
    };
    lowering.file(root);
    tree::problems(&parsed, &mut lowering.builder);
    lowering.builder.finish()
}

/// A class that code stands in.
#[derive(Clone, Debug)]
struct Around {
    /// Its name in the graph.
    name: SmolStr,
    /// Whether it is known in the file under that name.
    is_named: bool,
    /// What it derives from, as the first base is spelled.
    above: Option<SmolStr>,
}

/// Walks the tree and writes the graph.
struct Lowering<'s> {
    builder: Builder,
    source: &'s Source,
    /// What names stand for where the code is.
    seen: types::Seen,
    /// The classes, functions and constants of the file.
    declared: Vec<SmolStr>,
    /// What is appended to somewhere in the file (`$items[] = …`), as it is spelled: that is a list.
    appended: Vec<SmolStr>,
    /// The classes around, outermost first.
    classes: Vec<Around>,
    /// Whether the method around is one of the class itself.
    is_static: bool,
    /// How many routines are around.
    depth: u32,
    /// How many classes were made that have no name in the source.
    unnamed: u32,
}

impl<'s> Lowering<'s> {
    fn file(&mut self, root: Part<'s>) {
        let statements = tree::named(root);
        let given = self.nil(Span::default());
        self.builder.assign(GIVEN, given, Span::default());
        self.open_namespace("");
        let stated = statements.iter().find(|part| part.kind() == "namespace_definition");
        let name = stated.and_then(|part| tree::field(*part, "name")).map(|name| self.text(name));
        let name = types::dotted(name.unwrap_or_default());
        self.builder.namespace(name.clone());
        if !name.is_empty() {
            self.open_namespace(&name);
        }
        self.statements(&statements);
    }

    /// A file sees what its namespace has, in whatever files.
    fn open_namespace(&mut self, name: &str) {
        self.builder.import_of(name.into(), "*".into(), Span::default());
    }

    fn text(&self, part: Part<'_>) -> &'s str {
        tree::text(part, self.source)
    }

    /// Lowers an expression one level deeper; too deep a one is not followed.
    fn nested(&mut self, expression: Part<'s>) -> NodeId {
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

    /// Calls something of the language's own library.
    fn call_native(&mut self, name: &str, values: Vec<NodeId>, at: Span) -> NodeId {
        let callee = self.native(name, at);
        let arguments = values.into_iter().map(Argument::Plain).collect();
        self.builder.call(callee, arguments, at)
    }

    fn nil(&mut self, at: Span) -> NodeId {
        self.builder.node(Node::Nil, at)
    }
}

/// What a file gives, where that is a routine or an object; the methods of classes that a runtime calls.
fn likely_handlers(module: &Module) -> Vec<SmolStr> {
    let body = module.routine(RoutineId::BODY);
    let given = module.export(GIVEN);
    let gives = |node: &Node| match node {
        Node::Write(variable, value) if Some(variable.index) == given => {
            let value = body.and_then(|body| body.node(*value));
            matches!(value, Some(Node::Routine(_) | Node::New(_) | Node::Call(_) | Node::OneOf(_)))
        }
        _ => false,
    };
    let has_handler = body.is_some_and(|body| body.nodes.iter().any(gives));
    if has_handler { vec![GIVEN.into()] } else { vec![] }
}

/// The functions at the top of a file, the methods of its classes, and the file itself where it does something.
fn exported(module: &Module) -> Vec<SmolStr> {
    let mut found = vec![];
    let at_top = |routine: RoutineId| routine == RoutineId::BODY;
    for routine in &module.routines {
        if routine.kind == RoutineKind::Module || routine.kind == RoutineKind::ClassBody {
            continue;
        }
        match routine.class.and_then(|class| module.class(class)) {
            Some(class) => {
                let outer = module.routine(class.body).and_then(|body| body.outer);
                if outer.is_some_and(at_top) && !class.is_abstract && !routine.name.starts_with(['<', '_']) {
                    found.push(format!("{}.{}", class.name, routine.name).into());
                }
            }
            None if routine.outer == Some(RoutineId::BODY) && !routine.name.starts_with('<') => {
                found.push(routine.name.clone());
            }
            None => {}
        }
    }
    let body = module.routine(RoutineId::BODY);
    let acts = |node: &Node| matches!(node, Node::Call(_) | Node::New(_));
    if found.is_empty() || body.is_some_and(|body| body.nodes.iter().any(acts)) {
        found.push(GIVEN.into());
    }
    found.sort();
    found.dedup();
    found
}

/// How a method is bound.
const fn receiver_of(is_static: bool) -> Receiver {
    if is_static { Receiver::Class } else { Receiver::Object }
}
