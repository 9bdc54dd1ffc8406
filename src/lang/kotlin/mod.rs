//! Kotlin on tree-sitter. What does not fit the grammar is a problem of the module; the rest of the file is read.
//!
//! A file's module holds its classes, objects, functions and properties. A class is a class whose body holds its methods, its
//! accessors and what its companion has; properties are fields that its constructor fills. A lambda that names no parameter
//! takes one, which is both `it` and what it is run with as its receiver.

mod call;
mod class;
mod dialect;
mod expression;
mod lambda;
mod names;
mod resolve;
mod routine;
mod statement;
mod strings;

use rustc_hash::FxHashMap;
use tree_sitter::Node as Part;

use crate::ir::{Argument, Builder, Module, Node, NodeId, Routine, RoutineId, RoutineKind};
use crate::text::{FileId, SmolStr, Source, Span};

use super::tree::{self, named, part_of_kind, span};
use super::{Language, Scope};

/// The language table's entry.
pub(super) const LANGUAGE: Language = Language {
    name: "kotlin",
    family: "java",
    extensions: &["kt"],
    data: &[],
    runtimes: &[],
    layer: "java",
    scope: Scope::Namespace(resolve::compiled_together, super::java::resolve::build_of),
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
    settings: Some(super::java::settings::settings),
    shared: None,
};

/// The parameter of a method that holds the object.
const THIS: &str = "this";
/// The member that makes an object ready.
const CONSTRUCTOR: &str = "<init>";
/// The name of a companion that states none.
const COMPANION: &str = "Companion";
/// The method that the platform calls where a handler names a class alone.
const HANDLER_METHOD: &str = "handleRequest";

fn lower(source: &Source, file: FileId) -> Module {
    let Some(parsed) = tree::parse(&tree_sitter_kotlin_sg::LANGUAGE.into(), source) else {
        let mut builder = Builder::new(file, &dialect::DIALECT, []);
        builder.problem(Span::default(), "the file cannot be parsed, nothing of it is read");
        return builder.finish();
    };
    let root = parsed.root_node();
    let mut lowering = Lowering {
        builder: Builder::new(file, &dialect::DIALECT, names::declared(root, source)),
        source,
        imports: FxHashMap::default(),
        classes: vec![],
        variables: vec![],
        receivers: vec![],
        unnamed: 0,
    };
    lowering.file(root);
    tree::problems(&parsed, &mut lowering.builder);
    lowering.builder.finish()
}

/// What a name that is imported stands for.
#[derive(Clone, Debug)]
struct Imported {
    package: SmolStr,
    /// The names of classes, one in the other, and of what is taken out of them.
    path: Vec<SmolStr>,
}

/// Whose members code may use without saying of what.
#[derive(Clone, Debug)]
enum Receiver {
    /// The object of the class that the method belongs to, or the class itself in a companion.
    This,
    /// What a lambda is run with, under the name of its parameter.
    Lambda(SmolStr, With),
    /// Nothing more than what is around: a lambda with parameters of its own.
    None,
}

/// How surely a lambda is run with something as its receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum With {
    /// It fills it whatever happens, as one that stands behind a request's name does.
    Filled,
    /// It is.
    Receiver,
    /// That depends on who runs it.
    Perhaps,
    /// It is not: what the language's own library runs takes at most an argument.
    Nothing,
}

/// Walks the tree and writes the graph.
struct Lowering<'s> {
    builder: Builder,
    source: &'s Source,
    imports: FxHashMap<SmolStr, Imported>,
    /// What the classes around declare, outermost first.
    classes: Vec<Vec<SmolStr>>,
    /// The same of properties that something may be assigned to behind their making.
    variables: Vec<Vec<SmolStr>>,
    /// The receivers around, innermost last.
    receivers: Vec<Receiver>,
    /// How many classes were made that have no name in the source.
    unnamed: u32,
}

impl<'s> Lowering<'s> {
    fn file(&mut self, root: Part<'s>) {
        for part in named(root) {
            match part.kind() {
                "package_header" => self.package(part),
                "import_list" => named(part).into_iter().for_each(|import| self.import(import)),
                _ => {}
            }
        }
        for part in named(root) {
            if !matches!(part.kind(), "package_header" | "import_list" | "file_annotation" | "shebang_line") {
                self.statement(part);
            }
        }
    }

    fn package(&mut self, part: Part<'s>) {
        let name = part_of_kind(part, "identifier").map_or("", |name| self.text(name));
        self.builder.namespace(name);
        // A file sees its own package.
        self.builder.import_of(name.into(), "*".into(), span(part));
    }

    fn import(&mut self, part: Part<'s>) {
        let Some(path) = part_of_kind(part, "identifier").map(|name| self.text(name)) else { return };
        if part_of_kind(part, "wildcard_import").is_some() {
            if !is_native(path) {
                self.builder.import_of(path.into(), "*".into(), span(part));
            }
            return;
        }
        let alias = part_of_kind(part, "import_alias").and_then(|alias| named(alias).first().copied());
        let parts: Vec<&str> = path.split('.').collect();
        let is_class = |part: &&str| part.starts_with(char::is_uppercase);
        let place = parts.iter().position(is_class).unwrap_or(parts.len().saturating_sub(1));
        let (package, names) = parts.split_at(place);
        let Some(last) = names.last() else { return };
        let name = alias.map_or(*last, |alias| self.text(alias));
        let path = names.iter().map(|name| SmolStr::from(*name)).collect();
        self.imports.insert(name.into(), Imported { package: package.join(".").into(), path });
    }

    fn text(&self, part: Part<'_>) -> &'s str {
        tree::text(part, self.source)
    }

    fn name(&self, part: Part<'_>) -> SmolStr {
        self.text(part).trim_matches('`').into()
    }

    /// The name in a part, without those in parts of that.
    fn own_name(&self, part: Part<'_>) -> Option<SmolStr> {
        let is_name = |part: &Part<'_>| matches!(part.kind(), "simple_identifier" | "type_identifier");
        named(part).into_iter().find(is_name).map(|name| self.name(name))
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

    /// What a name means: a variable, what is imported, a member of what the code is run with, or of what is around.
    fn named_value(&mut self, name: &SmolStr, at: Span) -> NodeId {
        if self.builder.declares(name) {
            return self.builder.read(name, at);
        }
        if let Some(imported) = self.imports.get(name).cloned() {
            return self.imported(&imported, at);
        }
        if self.classes.iter().any(|names| names.contains(name)) {
            return self.native(name, at);
        }
        if dialect::DIALECT.knows(name) || name.starts_with(char::is_uppercase) {
            return self.native(name, at);
        }
        self.of_receivers(name, Node::Member, at)
    }

    /// A member of what the code is run with, innermost first, or what the name means around that.
    fn of_receivers(&mut self, name: &SmolStr, member: fn(NodeId, SmolStr) -> Node, at: Span) -> NodeId {
        let of = |receiver: &Receiver| match receiver {
            Receiver::Lambda(name, with) => Some((name.clone(), *with)),
            _ => None,
        };
        let lambdas = self.receivers.iter().rev().take_while(|receiver| !matches!(receiver, Receiver::This));
        let mut receivers: Vec<(SmolStr, With)> = lambdas.filter_map(of).collect();
        receivers.dedup_by(|one, other| one.0 == other.0);
        let mut value = self.native(name, at);
        for (receiver, with) in receivers.into_iter().rev() {
            let object = self.builder.read(&receiver, at);
            let own = self.builder.node(member(object, name.clone()), at);
            // What is filled has whatever name, and is hardly ever read.
            let (first, second) = if with == With::Filled { (value, own) } else { (own, value) };
            value = self.builder.node(Node::Within(first, second), at);
        }
        value
    }

    /// What the innermost lambda is run with, where it has no parameter of its own.
    fn lambda_receiver(&mut self, at: Span) -> Option<NodeId> {
        match self.receivers.last() {
            Some(Receiver::Lambda(name, _)) => {
                let name = name.clone();
                Some(self.builder.read(&name, at))
            }
            _ => None,
        }
    }

    fn imported(&mut self, imported: &Imported, at: Span) -> NodeId {
        let mut names = imported.path.iter();
        let Some(first) = names.next() else { return self.builder.unknown(at) };
        let mut value = if is_native(&imported.package) || imported.package.is_empty() {
            self.native(first, at)
        } else {
            let id = self.builder.import_of(imported.package.clone(), first.clone(), at);
            self.builder.node(Node::Import(id), at)
        };
        // What a companion has, the class has.
        for name in names.filter(|name| *name != COMPANION) {
            value = self.builder.node(Node::Member(value, name.clone()), at);
        }
        value
    }
}

/// Whether a package belongs to the language's own library, whose names the dialect spells without it.
fn is_native(package: &str) -> bool {
    let first = package.split('.').next().unwrap_or(package);
    matches!(first, "java" | "javax" | "kotlin" | "kotlinx")
}

/// The methods that the platform calls by convention.
fn likely_handlers(module: &Module) -> Vec<SmolStr> {
    methods(module, |routine| routine.name == HANDLER_METHOD)
}

/// Every method of the classes at the top of a file, and its functions.
fn exported(module: &Module) -> Vec<SmolStr> {
    methods(module, |_| true)
}

fn methods(module: &Module, is_wanted: impl Fn(&Routine) -> bool) -> Vec<SmolStr> {
    let mut found = vec![];
    for routine in &module.routines {
        if routine.kind != RoutineKind::Plain || routine.name.starts_with('<') || !is_wanted(routine) {
            continue;
        }
        let class = routine.class.and_then(|class| module.class(class));
        match class {
            Some(class) => {
                let at_top =
                    module.routine(class.body).is_some_and(|body| body.outer == Some(RoutineId::BODY));
                if at_top {
                    found.push(format!("{}.{}", class.name, routine.name).into());
                }
            }
            None if routine.outer == Some(RoutineId::BODY) => found.push(routine.name.clone()),
            None => {}
        }
    }
    found.sort();
    found.dedup();
    found
}
