//! JavaScript and TypeScript on oxc's parser. A file that it does not read is a problem of the module as a whole.

mod bundle;
mod call;
mod class;
mod compiled;
mod copy;
mod declared;
mod dialect;
mod expression;
mod flattened;
mod manifest;
mod module;
mod names;
mod namespace;
mod object;
mod pattern;
mod prototype;
mod resolve;
mod routine;
mod statement;
mod types;
mod uses;

use oxc_allocator::Allocator;
use oxc_ast::ast::{Expression, Program};
use oxc_parser::{ParseOptions, Parser};
use oxc_span::{GetSpan, SourceType};

use crate::ir::{Builder, Module, Node, NodeId, PROJECT_FOLDER, RoutineId, RoutineKind};
use crate::text::{FileId, SmolStr, Source, Span, paths};

use super::{Language, Manifests, Scope};

/// The language table's entry for JavaScript.
pub(super) const JAVASCRIPT: Language = Language {
    name: "javascript",
    family: "javascript",
    extensions: &["js", "mjs", "cjs", "jsx"],
    data: &["json"],
    runtimes: &["nodejs"],
    layer: "nodejs",
    scope: Scope::File,
    lower: lower_javascript,
    candidates: resolve::candidates,
    files: resolve::javascript_files,
    own: |_| false,
    single_files: false,
    handler: resolve::handler,
    find: None,
    installed: resolve::installed,
    installed_names: resolve::installed_names,
    likely_handlers,
    exported,
    symbol: super::symbol_as_it_is,
    manifests: Some(Manifests {
        is: manifest::is_manifest,
        read: manifest::read,
        extends: manifest::extends,
    }),
    programs: None,
    settings: None,
    shared: None,
};

/// The language table's entry for TypeScript.
pub(super) const TYPESCRIPT: Language = Language {
    name: "typescript",
    extensions: &["ts", "mts", "cts", "tsx"],
    runtimes: &[],
    lower: lower_typescript,
    files: resolve::typescript_files,
    own: |_| false,
    ..JAVASCRIPT
};

/// The variable of a module's body that holds what the module exports: an object, unless the program puts something
/// else there.
const EXPORTS: &str = "module.exports";
/// How many syntax errors of one file are told.
const MAX_ERRORS: usize = 8;

fn lower_javascript(source: &Source, file: FileId) -> Module {
    if resolve::is_data(source.path()) {
        return super::data::lower(source, file, &dialect::DIALECT, EXPORTS);
    }
    lower(source, file, &[SourceType::mjs().with_jsx(true), SourceType::cjs().with_jsx(true)])
}

fn lower_typescript(source: &Source, file: FileId) -> Module {
    let jsx = source.path().rsplit_once('.').is_some_and(|(_, ending)| ending == "tsx");
    lower(source, file, &[SourceType::ts().with_jsx(jsx)])
}

fn lower(source: &Source, file: FileId, types: &[SourceType]) -> Module {
    let allocator = Allocator::default();
    let mut errors = vec![];
    for kind in types {
        let options = ParseOptions {
            allow_return_outside_function: true,
            preserve_parens: false,
            ..ParseOptions::default()
        };
        let parsed = Parser::new(&allocator, source.text(), *kind).with_options(options).parse();
        if !parsed.panicked {
            return lower_program(&parsed.program, source.path(), file);
        }
        errors = parsed.diagnostics.iter().map(ToString::to_string).collect();
    }
    let mut builder = Builder::new(file, &dialect::DIALECT, []);
    for error in errors.iter().take(MAX_ERRORS) {
        builder.problem(Span::default(), format!("syntax error, nothing of the file is read: {error}"));
    }
    builder.finish()
}

fn lower_program(program: &Program<'_>, path: &str, file: FileId) -> Module {
    let mut names = names::of_body(&program.body);
    names.push(EXPORTS.into());
    let mut lowering = Lowering {
        builder: Builder::new(file, &dialect::DIALECT, names),
        this: vec![This::Variable(EXPORTS.into())],
        unnamed: 0,
        name: None,
        exports: vec![],
        makers: prototype::Makers::of(program),
        bundle: bundle::Bundle::of(program),
        parts: flattened::parts(program),
        path: format!("{PROJECT_FOLDER}/{path}").into(),
        awaiting: false,
        waits: vec![],
        keys: vec![],
        machines: vec![],
    };
    lowering.program(program);
    lowering.builder.finish()
}

/// What `this` means at a place.
#[derive(Clone)]
enum This {
    /// Nobody knows.
    Unknown,
    /// What a variable holds.
    Variable(SmolStr),
}

/// Walks oxc's tree and writes the graph.
struct Lowering {
    builder: Builder,
    this: Vec<This>,
    /// How many variables were made that have no name in the source.
    unnamed: u32,
    /// The name that the next function or class without one of its own gets.
    name: Option<SmolStr>,
    /// What the module's declarations export: name outside, name inside.
    exports: Vec<(SmolStr, SmolStr)>,
    /// The functions that make objects.
    makers: prototype::Makers,
    /// The helpers of a bundle.
    bundle: bundle::Bundle,
    /// The statements that a bundler took from files of installed packages, by where they begin.
    parts: indexmap::IndexMap<u32, flattened::Part>,
    /// The path of the file as the program knows it.
    path: SmolStr,
    /// Whether the next generator is a function that waits where it yields, as a compiler writes it.
    awaiting: bool,
    /// For each function around, whether it is one that waits where it yields.
    waits: Vec<bool>,
    /// The variables that go through keys.
    keys: Vec<SmolStr>,
    /// The state machines around: the parameter that holds the state, and the variable for what was waited for.
    machines: Vec<(SmolStr, SmolStr)>,
}

impl Lowering {
    /// Lowers an expression one level deeper; too deep a one is not followed.
    fn nested(&mut self, expression: &Expression<'_>) -> NodeId {
        let at = span(expression);
        let value =
            if self.builder.descend(at) { self.expression(expression) } else { self.builder.unknown(at) };
        self.builder.ascend();
        value
    }

    /// Lowers an expression that gives a name to a function or class without one.
    fn named(&mut self, name: &str, expression: &Expression<'_>) -> NodeId {
        if let Expression::FunctionExpression(function) = expression
            && function.id.is_none()
            && self.makers.has(name)
        {
            return self.maker(function, name, span(function.as_ref()));
        }
        self.name = Some(name.into());
        let value = self.nested(expression);
        self.name = None;
        value
    }

    /// A name for a variable that has none in the source. No program spells it.
    fn fresh(&mut self, what: &str) -> SmolStr {
        self.unnamed += 1;
        format!("<{what} {}>", self.unnamed).into()
    }

    /// The value of `this`.
    fn this(&mut self, at: Span) -> NodeId {
        match self.this.last().cloned() {
            Some(This::Variable(name)) => self.builder.read(&name, at),
            _ => self.builder.unknown(at),
        }
    }

    /// Something of the language's own library.
    fn native(&mut self, name: &str, at: Span) -> NodeId {
        self.builder.node(Node::Free(name.into()), at)
    }

    /// The folder of the file.
    fn folder(&mut self, at: Span) -> NodeId {
        let folder = paths::folder(&self.path);
        self.builder.node(Node::Text(folder.into()), at)
    }

    /// The file itself.
    fn own_path(&mut self, at: Span) -> NodeId {
        self.builder.node(Node::Text(self.path.clone()), at)
    }

    /// `module` as a value: a record with what the module exports.
    fn own_module(&mut self, at: Span) -> NodeId {
        let key = self.builder.text("exports", at);
        let exports = self.builder.read(EXPORTS, at);
        self.builder.node(Node::Record(vec![(Some(key), exports)]), at)
    }

    fn nil(&mut self, at: Span) -> NodeId {
        self.builder.node(Node::Nil, at)
    }
}

/// The bytes of a part of the tree.
fn span(part: &impl GetSpan) -> Span {
    span_of(part.span())
}

fn span_of(span: oxc_span::Span) -> Span {
    Span::new(span.start, span.end)
}

/// What a module exports under the names that handlers usually have, or whose routine takes an event and a context.
fn likely_handlers(module: &Module) -> Vec<SmolStr> {
    let mut found = export_names(module);
    found.retain(|name| is_likely(module, name));
    found
}

/// The routines and classes that a module exports.
fn exported(module: &Module) -> Vec<SmolStr> {
    let mut found = export_names(module);
    let callable = |name: &SmolStr| {
        module.routines.iter().any(|routine| routine.name == *name)
            || module.classes.iter().any(|class| class.name == *name)
            || name == "default"
    };
    found.retain(callable);
    found
}

/// The names that a module exports, sorted.
fn export_names(module: &Module) -> Vec<SmolStr> {
    let Some(body) = module.routine(RoutineId::BODY) else { return vec![] };
    let variable = module.export(EXPORTS);
    let written = body.nodes.iter().filter_map(|node| match node {
        Node::Write(to, value) if Some(to.index) == variable && to.routine == RoutineId::BODY => Some(*value),
        _ => None,
    });
    let whole: Vec<NodeId> = written.collect();
    let exported = body.nodes.iter().zip(0..).filter_map(|(node, id)| match node {
        Node::Store { base, field, .. } if whole.contains(base) => Some(vec![field.clone()]),
        Node::Record(pairs) if whole.contains(&NodeId(id)) => {
            let text = |key: &Option<NodeId>| match body.node((*key)?)? {
                Node::Text(text) => Some(text.clone()),
                _ => None,
            };
            Some(pairs.iter().filter_map(|(key, _)| text(key)).collect())
        }
        _ => None,
    });
    let mut found: Vec<SmolStr> = exported.flatten().collect();
    found.sort();
    found.dedup();
    found
}

fn is_likely(module: &Module, name: &str) -> bool {
    if matches!(name, "handler" | "lambdaHandler" | "lambda_handler") {
        return true;
    }
    module.routines.iter().any(|routine| {
        let mut params = routine.params.iter().map(|param| param.name.as_str());
        routine.name == name
            && routine.kind == RoutineKind::Plain
            && matches!(params.next(), Some("event" | "_event"))
            && matches!(params.next(), Some("context" | "_context" | "ctx" | "_"))
    })
}
