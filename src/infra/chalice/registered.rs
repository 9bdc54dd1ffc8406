//! What the program of an application registers: the decorators of its routines, as the graph of the program has them.

use indexmap::IndexMap;

use super::super::Settings;
use super::super::facts::{Registration, chalice};
use crate::ir::{Argument, Call, Module, Node, NodeId, Routine, RoutineId};
use crate::lang;
use crate::text::{FileId, SmolStr, Source, TemplateString, paths};

/// The package that makes applications.
const PACKAGE: &str = "chalice";
/// The folder with the modules of an application.
const LIBRARY: &str = "chalicelib";

/// A routine that is registered.
pub(super) struct Registered {
    /// The member of the application that registers it.
    pub(super) by: SmolStr,
    pub(super) facts: &'static Registration,
    /// The module, seen from the folder of the program, with dots.
    pub(super) module: String,
    /// The routine.
    pub(super) routine: SmolStr,
    /// The arguments that are text, by name.
    pub(super) arguments: IndexMap<SmolStr, TemplateString>,
}

/// What the files of an application register. `variable` gives what the settings say of the environment.
pub(super) fn registered(
    folder: &str,
    file: FileId,
    settings: &Settings<'_>,
    variable: &dyn Fn(&str) -> Option<TemplateString>,
) -> Vec<Registered> {
    let mut found = vec![];
    for path in files(folder, settings) {
        let Some(language) = lang::language_of(&path) else { continue };
        let Some(text) = (settings.sibling)(&path) else { continue };
        let inside = path.strip_prefix(folder).unwrap_or(&path).trim_start_matches('/');
        let module = inside.rsplit_once('.').map_or(inside, |(stem, _)| stem).replace('/', ".");
        let module = module.strip_suffix(".__init__").unwrap_or(&module).to_owned();
        let graph = (language.lower)(&Source::new(path.as_str(), text), file);
        found.extend(Reader { graph: &graph, variable }.registered(&module));
    }
    found
}

/// The program and the modules beside it.
fn files(folder: &str, settings: &Settings<'_>) -> Vec<String> {
    let mut files: Vec<String> = vec![paths::join(folder, "app.py")];
    let library = paths::join(folder, LIBRARY);
    files.extend((settings.listing)(&library).iter().map(|name| paths::join(&library, name)));
    files
}

/// A program as it is searched.
struct Reader<'a> {
    graph: &'a Module,
    variable: &'a dyn Fn(&str) -> Option<TemplateString>,
}

impl<'a> Reader<'a> {
    fn body(&self) -> Option<&'a Routine> {
        self.graph.routine(RoutineId::BODY)
    }

    fn node(&self, id: NodeId) -> Option<&'a Node> {
        self.body()?.node(id)
    }

    fn registered(&self, module: &str) -> Vec<Registered> {
        let nodes = self.body().map(|body| body.nodes.as_slice()).unwrap_or_default();
        nodes.iter().filter_map(|node| self.decorated(node, module)).collect()
    }

    /// A routine that the decorator of an application is called with.
    fn decorated(&self, node: &Node, module: &str) -> Option<Registered> {
        let Node::Call(decorating) = node else { return None };
        let [Argument::Plain(routine)] = decorating.arguments.as_slice() else { return None };
        let Node::Routine(closure) = self.node(*routine)? else { return None };
        let Node::Call(making) = self.node(decorating.callee)? else { return None };
        let Node::Member(application, member) = self.node(making.callee)? else { return None };
        let facts = chalice().registration.get(member.as_str())?;
        if !self.is_application(*application, 0) {
            return None;
        }
        Some(Registered {
            by: member.clone(),
            facts,
            module: module.to_owned(),
            routine: self.graph.routine(closure.routine)?.name.clone(),
            arguments: self.arguments(making, facts),
        })
    }

    /// Whether a value is made by the package.
    fn is_application(&self, id: NodeId, depth: u32) -> bool {
        match self.node(id) {
            Some(Node::Call(call) | Node::New(call)) => {
                depth < 4 && self.is_application(call.callee, depth + 1)
            }
            Some(Node::Member(of, _)) => depth < 4 && self.is_application(*of, depth + 1),
            Some(Node::Import(import)) => self
                .graph
                .import(*import)
                .is_some_and(|import| import.level == 0 && import.module.split('.').next() == Some(PACKAGE)),
            Some(Node::Read(variable)) => {
                let nodes = self.body().map(|body| body.nodes.as_slice()).unwrap_or_default();
                let written = nodes.iter().find_map(|node| match node {
                    Node::Write(written, value) if written == variable => Some(*value),
                    _ => None,
                });
                depth < 4 && written.is_some_and(|value| self.is_application(value, depth + 1))
            }
            _ => false,
        }
    }

    fn arguments(&self, call: &Call, facts: &Registration) -> IndexMap<SmolStr, TemplateString> {
        let mut names = facts.parameters.iter();
        let mut arguments = IndexMap::new();
        for argument in &call.arguments {
            let (name, value) = match argument {
                Argument::Plain(value) => (names.next().map(SmolStr::from), *value),
                Argument::Named(name, value) => (Some(name.clone()), *value),
                Argument::Spread(_) | Argument::NamedSpread(_) => continue,
            };
            if let Some((name, text)) = name.zip(self.text(value, 0)) {
                arguments.insert(name, text);
            }
        }
        arguments
    }

    /// The text of a value: written out, put together, or taken out of the environment.
    fn text(&self, id: NodeId, depth: u32) -> Option<TemplateString> {
        if depth > 8 {
            return None;
        }
        match self.node(id)? {
            Node::Text(text) => Some(text.as_str().into()),
            Node::Concat(parts) => {
                let mut whole = TemplateString::new();
                for part in parts {
                    whole.push(&self.text(*part, depth + 1)?);
                }
                Some(whole)
            }
            Node::Index(of, key) if self.is_environment(*of) => self.variable(*key, depth),
            Node::Call(call) => {
                let Node::Member(of, member) = self.node(call.callee)? else { return None };
                let first = call.arguments.first()?.value();
                let reads = member == "getenv" || member == "get" && self.is_environment(*of);
                if reads { self.variable(first, depth) } else { None }
            }
            _ => None,
        }
    }

    fn variable(&self, key: NodeId, depth: u32) -> Option<TemplateString> {
        let name = self.text(key, depth + 1)?;
        (self.variable)(name.as_literal()?)
    }

    /// Whether a value is the environment (`os.environ`).
    fn is_environment(&self, id: NodeId) -> bool {
        match self.node(id) {
            Some(Node::Member(_, member)) => member == "environ",
            Some(Node::Import(import)) => {
                self.graph.import(*import).is_some_and(|import| import.member.as_deref() == Some("environ"))
            }
            _ => false,
        }
    }
}
