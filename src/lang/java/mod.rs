//! Java on tree-sitter. A class is a class of the graph, its methods are members of it; names are resolved here as the
//! language does, from the innermost scope outwards, since a class sees its own and its outer classes' members.

mod annotations;
mod call;
mod class;
mod dialect;
mod entries;
mod expression;
mod fields;
mod literal;
mod names;
pub(super) mod resolve;
mod routine;
mod scope;
pub(super) mod settings;
mod statement;
mod switch;
mod types;

use rustc_hash::FxHashMap;
use tree_sitter::Node as Part;

use crate::ir::{Builder, ImportId, Module, Node, NodeId};
use crate::text::{FileId, SmolStr, Source, Span};

use super::tree::{self, field, named, span};
use super::{Language, Scope};

use scope::Frame;

/// The language table's entry.
pub(super) const LANGUAGE: Language = Language {
    name: "java",
    family: "java",
    extensions: &["java"],
    data: &[],
    runtimes: &["java"],
    layer: "java",
    scope: Scope::Namespace(resolve::compiled_together, resolve::build_of),
    lower,
    candidates: resolve::candidates,
    files: resolve::files,
    own: |_| false,
    single_files: false,
    handler: resolve::handler,
    installed: resolve::installed,
    installed_names: resolve::installed_names,
    likely_handlers: entries::likely_handlers,
    exported: entries::exported,
    find: None,
    symbol: entries::symbol,
    manifests: None,
    programs: None,
    settings: Some(settings::settings),
    shared: None,
};

fn lower(source: &Source, file: FileId) -> Module {
    let Some(parsed) = tree::parse(&tree_sitter_java::LANGUAGE.into(), source) else {
        let mut builder = Builder::new(file, &dialect::DIALECT, []);
        builder.problem(Span::default(), "the file cannot be parsed");
        return builder.finish();
    };
    let root = parsed.root_node();
    let types: Vec<SmolStr> = named(root)
        .into_iter()
        .filter(|part| class::is_type(*part))
        .filter_map(|part| field(part, "name"))
        .map(|name| tree::text(name, source).into())
        .collect();
    let mut lowering = Lowering {
        source,
        builder: Builder::new(file, &dialect::DIALECT, types.clone()),
        types,
        imports: FxHashMap::default(),
        static_imports: FxHashMap::default(),
        static_stars: vec![],
        import_ids: FxHashMap::default(),
        frames: vec![],
        texts: vec![],
        yields: vec![],
        statics: vec![],
        unnamed: 0,
    };
    tree::problems(&parsed, &mut lowering.builder);
    lowering.program(root);
    lowering.builder.finish()
}

/// Walks the tree and writes the graph.
struct Lowering<'s> {
    source: &'s Source,
    builder: Builder,
    /// The classes at the top of the file.
    types: Vec<SmolStr>,
    /// Imported classes: the simple name to package and the names of the class.
    imports: FxHashMap<SmolStr, ClassPath>,
    /// Members that static imports name: the class that they are taken out of.
    static_imports: FxHashMap<SmolStr, ClassPath>,
    /// Classes whose static members are all imported.
    static_stars: Vec<ClassPath>,
    import_ids: FxHashMap<(SmolStr, SmolStr), ImportId>,
    /// What is visible, outermost first.
    frames: Vec<Frame>,
    /// Variables that hold text which grows in place, for each routine.
    texts: Vec<Vec<SmolStr>>,
    /// The values of the `switch` expressions around.
    yields: Vec<Vec<NodeId>>,
    /// For each class around, whether the code stands in a static member.
    statics: Vec<bool>,
    /// How many variables were made that have no name in the source.
    unnamed: u32,
}

/// A class by its package and, outermost first, its names.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ClassPath {
    package: SmolStr,
    names: Vec<SmolStr>,
}

impl ClassPath {
    /// `a.b.Outer.Inner`: by convention, classes begin with capital letters.
    fn of(path: &str) -> Self {
        let parts: Vec<&str> = path.split('.').collect();
        let is_class = |part: &&str| part.starts_with(char::is_uppercase);
        let place = parts.iter().position(is_class).unwrap_or(parts.len().saturating_sub(1));
        let (package, names) = parts.split_at(place);
        Self { package: package.join(".").into(), names: names.iter().map(|name| (*name).into()).collect() }
    }

    /// Whether it belongs to the language's own library, whose names the dialect spells without package.
    fn is_native(&self) -> bool {
        self.package.starts_with("java.") || self.package.starts_with("javax.")
    }
}

impl<'s> Lowering<'s> {
    fn program(&mut self, root: Part<'_>) {
        let parts = named(root);
        for part in &parts {
            match part.kind() {
                "package_declaration" => {
                    if let Some(name) = named(*part).last() {
                        let name = self.text(*name).to_owned();
                        self.builder.namespace(name.as_str());
                        // A file sees its own package.
                        self.builder.import_of(name.into(), "*".into(), span(*part));
                    }
                }
                "import_declaration" => self.import_declaration(*part),
                _ => {}
            }
        }
        for part in parts {
            if class::is_type(part) {
                self.type_declaration(part);
            }
        }
    }

    fn import_declaration(&mut self, part: Part<'_>) {
        let all = named(part);
        let Some(name) = all.first().map(|name| self.text(*name).to_owned()) else { return };
        let is_star = all.iter().any(|part| part.kind() == "asterisk");
        let at = span(part);
        match (tree::has_token(part, "static"), is_star) {
            (true, true) => self.static_stars.push(ClassPath::of(&name)),
            (true, false) => {
                if let Some((class, member)) = name.rsplit_once('.') {
                    self.static_imports.insert(member.into(), ClassPath::of(class));
                }
            }
            (false, true) => {
                self.builder.import_of(name.as_str().into(), "*".into(), at);
            }
            (false, false) => {
                let simple: SmolStr = name.rsplit('.').next().unwrap_or(&name).into();
                let path = ClassPath::of(&name);
                if path.is_native() {
                    // Nothing refers to it: it says that the name is not one of the project's.
                    self.builder.import_of(path.package.clone(), SmolStr::clone(&simple), at);
                }
                self.imports.insert(simple, path);
            }
        }
    }

    /// The text of a part.
    fn text(&self, part: Part<'_>) -> &'s str {
        tree::text(part, self.source)
    }

    fn name(&self, part: Part<'_>) -> SmolStr {
        self.text(part).into()
    }

    /// The text in a field of a part.
    fn field_text(&self, part: Part<'_>, name: &str) -> Option<SmolStr> {
        field(part, name).map(|part| self.name(part))
    }

    /// A name for a variable that has none in the source. No program spells it.
    fn fresh(&mut self, what: &str) -> SmolStr {
        self.unnamed += 1;
        format!("<{what} {}>", self.unnamed).into()
    }

    /// Something of the language's own library.
    fn native(&mut self, name: &str, at: Span) -> NodeId {
        self.builder.node(Node::Free(name.into()), at)
    }

    /// Says that a name is one of the language's own library, which is spelled with its package where it is used.
    fn seen(&mut self, path: &ClassPath, name: &SmolStr, at: Span) {
        let key = (path.package.clone(), name.clone());
        if path.is_native() && !self.import_ids.contains_key(&key) {
            let id = self.builder.import_of(key.0.clone(), key.1.clone(), at);
            self.import_ids.insert(key, id);
        }
    }

    /// An imported class as a value, at the place where it is used.
    fn imported(&mut self, path: &ClassPath, at: Span) -> NodeId {
        let mut names = path.names.iter();
        let Some(first) = names.next() else { return self.builder.unknown(at) };
        let mut value = if path.is_native() || path.package.is_empty() {
            self.seen(path, first, at);
            self.native(first, at)
        } else {
            let key = (path.package.clone(), first.clone());
            let id = match self.import_ids.get(&key) {
                Some(id) => *id,
                None => {
                    let id = self.builder.import_of(key.0.clone(), key.1.clone(), at);
                    self.import_ids.insert(key, id);
                    id
                }
            };
            self.builder.node(Node::Import(id), at)
        };
        for name in names {
            value = self.builder.node(Node::Member(value, name.clone()), at);
        }
        value
    }
}
