//! Ruby 3.3 to 4.1 on prism, the language's own parser, which keeps what it can of a file with syntax errors.
//!
//! A file's module has the methods, classes, modules and constants of its top level under their names, and what else is
//! seen from everywhere in it: global and class variables, and instance variables outside of classes. A class or module is a
//! class whose body holds its methods and constants. Local variables of bodies, which no method sees, have names in
//! parentheses. Every method of a class takes the object as its first parameter, and a block as an argument of its own
//! ([`BLOCK`]).

mod assign;
mod call;
mod class;
mod control;
mod dialect;
mod expression;
mod names;
mod pattern;
mod resolve;
mod routine;

use ruby_prism::{Location, Node as Tree};

use crate::ir::{BLOCK, Builder, Module, Node, NodeId, Routine, RoutineId, RoutineKind};
use crate::text::{FileId, SmolStr, Source, Span};

use super::{Language, Scope};

/// The language table's entry.
pub(super) const LANGUAGE: Language = Language {
    name: "ruby",
    family: "ruby",
    extensions: &["rb", "ru"],
    data: &[],
    runtimes: &["ruby"],
    layer: "ruby/lib",
    scope: Scope::Namespace(resolve::required, super::built_alone),
    lower,
    candidates: resolve::candidates,
    files: resolve::files,
    own: |_| false,
    single_files: true,
    handler: resolve::handler,
    find: None,
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

/// What every constant and method at the top of a file belongs to.
const OBJECT: &str = "Object";
/// The parameter of a method that holds the object.
const SELF: &str = "self";
/// The method that makes an object ready.
const CONSTRUCTOR: &str = "initialize";
/// The name under which the path of a class stands in its body, where no program spells it.
const CLASS_PATH: &str = "[class]";
/// How many syntax errors of one file are told.
const MAX_ERRORS: usize = 8;

fn lower(source: &Source, file: FileId) -> Module {
    let parsed = ruby_prism::parse(source.text().as_bytes());
    let tree = parsed.node();
    let found = names::of_file(&tree);
    let mut lowering = Lowering {
        builder: Builder::new(file, &dialect::DIALECT, found.module.clone()),
        source: source.text(),
        methods: found.methods,
        places: vec![Place::File],
    };
    lowering.builder.namespace(OBJECT);
    lowering.builder.import(OBJECT.into(), 0, Some("*".into()), Span::default());
    for error in parsed.errors().take(MAX_ERRORS) {
        let message = String::from_utf8_lossy(error.message()).into_owned();
        lowering.builder.problem(span(&error.location()), format!("syntax error: {message}"));
    }
    if let Some(program) = tree.as_program_node() {
        let locals: Vec<SmolStr> =
            program.locals().iter().map(|name| lowering.local(&text(name.as_slice()))).collect();
        for name in locals {
            lowering.builder.declare(name);
        }
        lowering.statements(Some(program.statements()));
    }
    lowering.builder.finish()
}

/// What code stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// The top of the file.
    File,
    /// The body of a class or module.
    Class {
        /// Its name.
        name: SmolStr,
        /// Whether methods are those of the class itself from here on.
        of_class: bool,
    },
    /// A method; where it is one of a class, its name and the names of its parameters are what a bare `super` hands on.
    Method {
        /// Its name.
        name: SmolStr,
        /// Whether it has an object or class.
        has_self: bool,
    },
}

/// Walks prism's tree and writes the graph.
struct Lowering<'s> {
    builder: Builder,
    source: &'s str,
    /// The methods at the top of the file.
    methods: Vec<SmolStr>,
    /// What the code stands in, outermost first.
    places: Vec<Place>,
}

impl Lowering<'_> {
    /// Lowers an expression one level deeper; too deep a one is not followed.
    fn nested(&mut self, tree: &Tree<'_>) -> NodeId {
        let at = span(&tree.location());
        let value = if self.builder.descend(at) { self.expression(tree) } else { self.builder.unknown(at) };
        self.builder.ascend();
        value
    }

    /// The method around, where there is one.
    fn method(&self) -> Option<(&SmolStr, bool)> {
        match self.places.last() {
            Some(Place::Method { name, has_self }) => Some((name, *has_self)),
            _ => None,
        }
    }

    /// The object or class whose method the code stands in.
    fn own_object(&mut self, at: Span) -> Option<NodeId> {
        let (_, has_self) = self.method()?;
        has_self.then(|| self.builder.read(SELF, at))
    }

    /// What `self` is: the object or class, in a body the class or module.
    fn itself(&mut self, at: Span) -> Option<NodeId> {
        match self.places.last() {
            Some(Place::Class { name, .. }) => {
                let name = name.clone();
                Some(self.builder.read(&name, at))
            }
            _ => self.own_object(at),
        }
    }

    /// The name of a local variable in the graph.
    fn local(&self, name: &str) -> SmolStr {
        if self.method().is_some() { name.into() } else { format!("({name})").into() }
    }

    /// Something of the language's own library.
    fn native(&mut self, name: &str, at: Span) -> NodeId {
        self.builder.node(Node::Free(name.into()), at)
    }

    /// Calls something of the language's own library.
    fn call_native(&mut self, name: &str, values: Vec<NodeId>, at: Span) -> NodeId {
        let callee = self.native(name, at);
        let arguments = values.into_iter().map(crate::ir::Argument::Plain).collect();
        self.builder.call(callee, arguments, at)
    }

    fn nil(&mut self, at: Span) -> NodeId {
        self.builder.node(Node::Nil, at)
    }

    /// The text behind a place in the source.
    fn spelled(&self, location: &Location<'_>) -> &str {
        let span = span(location);
        self.source.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

/// The bytes of a part of the tree.
fn span(location: &Location<'_>) -> Span {
    Span::new(location.start(), location.end())
}

/// A name, or the characters of a literal.
fn text(bytes: &[u8]) -> SmolStr {
    String::from_utf8_lossy(bytes).into()
}

/// Methods that take an event and a context by name.
fn likely_handlers(module: &Module) -> Vec<SmolStr> {
    entries(module, |routine| {
        let takes = |name: &str| routine.params.iter().any(|param| param.name == name);
        takes("event") && takes("context")
    })
}

/// Methods at the top and those of classes themselves.
fn exported(module: &Module) -> Vec<SmolStr> {
    entries(module, |_| true)
}

fn entries(module: &Module, is_wanted: impl Fn(&Routine) -> bool) -> Vec<SmolStr> {
    let mut found = vec![];
    for routine in &module.routines {
        if routine.kind != RoutineKind::Plain || routine.name.starts_with('<') || !is_wanted(routine) {
            continue;
        }
        if routine.outer == Some(RoutineId::BODY) && routine.class.is_none() {
            found.push(routine.name.clone());
        } else if routine.receiver == crate::ir::Receiver::Class
            && let Some(path) = resolve::path_of(module, routine)
        {
            found.push(path);
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The name under which what a call in the body of a class states stands in that body: `[set_table_name]`.
fn stated_name(call: &str) -> SmolStr {
    format!("[{call}]").into()
}

/// Whether a name is the one under which a routine gets its block.
fn is_block(name: &str) -> bool {
    name == BLOCK
}
