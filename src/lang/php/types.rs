//! What names stand for: namespaces, what a file uses, and the types of declarations.

use rustc_hash::FxHashMap;
use tree_sitter::Node as Part;

use crate::ir::{Node, NodeId};
use crate::text::{SmolStr, Span};

use super::tree::{field, has_token, named, part_of_kind, span};
use super::{Lowering, THIS};

/// What names stand for in a part of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// The namespace, with dots.
    pub namespace: String,
    /// Classes and namespaces that are used, by their names here in lower case.
    classes: FxHashMap<String, String>,
    /// Functions and constants that are used.
    others: FxHashMap<String, String>,
}

/// A name with dots between its parts.
pub(super) fn dotted(name: &str) -> String {
    name.split('\\').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
}

impl Seen {
    /// The whole path of a class.
    pub(super) fn class(&self, spelled: &str) -> String {
        if spelled.starts_with('\\') {
            return dotted(spelled);
        }
        if let Some(rest) = spelled.strip_prefix("namespace\\") {
            return self.inside(&dotted(rest));
        }
        let path = dotted(spelled);
        let (first, rest) = path.split_once('.').map_or((path.as_str(), None), |(a, b)| (a, Some(b)));
        match (self.classes.get(&first.to_lowercase()), rest) {
            (Some(used), Some(rest)) => format!("{used}.{rest}"),
            (Some(used), None) => used.clone(),
            (None, _) => self.inside(&path),
        }
    }

    /// The whole path of a function or constant; `None` for one that the namespace or the language may have.
    pub(super) fn other(&self, spelled: &str) -> Option<String> {
        if spelled.contains('\\') {
            return Some(self.class(spelled));
        }
        self.others.get(spelled).cloned()
    }

    fn inside(&self, path: &str) -> String {
        if self.namespace.is_empty() { path.to_owned() } else { format!("{}.{path}", self.namespace) }
    }
}

impl<'s> Lowering<'s> {
    /// `namespace A\B;`, or such a block.
    pub(super) fn namespace(&mut self, part: Part<'s>) {
        let name = field(part, "name").map(|name| self.text(name)).unwrap_or_default();
        let around = std::mem::replace(&mut self.seen, Seen { namespace: dotted(name), ..Seen::default() });
        if let Some(body) = field(part, "body") {
            self.statements(&named(body));
            self.seen = around;
        }
    }

    /// `use A\B\C as D, E\{F, G}`.
    pub(super) fn uses(&mut self, part: Part<'s>) {
        let prefix = part_of_kind(part, "namespace_name").map(|name| self.text(name)).unwrap_or_default();
        let of_all = has_token(part, "function") || has_token(part, "const");
        let group = field(part, "body").map_or(part, |body| body);
        for clause in named(group).into_iter().filter(|part| part.kind() == "namespace_use_clause") {
            let is_other = of_all || has_token(clause, "function") || has_token(clause, "const");
            let is_name = |part: &Part<'_>| matches!(part.kind(), "name" | "qualified_name");
            let Some(name) = named(clause).into_iter().find(is_name) else { continue };
            let path = dotted(&format!("{prefix}\\{}", self.text(name)));
            let last = path.rsplit('.').next().unwrap_or(&path);
            let alias = field(clause, "alias").map_or(last, |alias| self.text(alias));
            if is_other {
                self.seen.others.insert(alias.to_owned(), path.clone());
            } else {
                self.seen.classes.insert(alias.to_lowercase(), path.clone());
            }
        }
    }

    /// A class as a value, by its name in the source.
    pub(super) fn class_named(&mut self, spelled: &str, at: Span) -> NodeId {
        match spelled.to_ascii_lowercase().as_str() {
            "self" => self.class_around(at),
            "static" => self.class_of_this(at),
            "parent" => match self.classes.last().and_then(|class| class.above.clone()) {
                Some(above) => self.class_named(&above, at),
                None => self.builder.unknown(at),
            },
            _ => {
                let path = self.seen.class(spelled);
                self.path_value(&path, at)
            }
        }
    }

    /// The class that the code stands in.
    pub(super) fn class_around(&mut self, at: Span) -> NodeId {
        match self.classes.last().cloned() {
            Some(class) if class.is_named => self.builder.read(&class.name, at),
            Some(_) => self.class_of_this(at),
            None => self.builder.unknown(at),
        }
    }

    /// The class of the object whose method the code stands in.
    pub(super) fn class_of_this(&mut self, at: Span) -> NodeId {
        if !self.builder.declares(THIS) {
            return self.builder.unknown(at);
        }
        let this = self.builder.read(THIS, at);
        if self.is_static { this } else { self.call_native("get_class", vec![this], at) }
    }

    /// What a whole path stands for: something of this file, of the language, or of another file or package.
    pub(super) fn path_value(&mut self, path: &str, at: Span) -> NodeId {
        let (namespace, name) = path.rsplit_once('.').unwrap_or(("", path));
        let is_here = namespace == self.seen.namespace && self.declared.iter().any(|known| known == name);
        if is_here && !self.builder.is_local(name) {
            return self.builder.read(name, at);
        }
        if namespace.is_empty() {
            return self.native(name, at);
        }
        let id = self.builder.import_of(namespace.into(), name.into(), at);
        self.builder.node(Node::Import(id), at)
    }

    /// The class that a type names; nothing for one that names none worth following.
    pub(super) fn type_value(&mut self, part: Part<'s>) -> Option<NodeId> {
        match part.kind() {
            "named_type" => {
                let name = self.text(part);
                let is_plain =
                    matches!(name, "Closure" | "Generator" | "Traversable" | "Iterator" | "ArrayAccess");
                (!is_plain).then(|| self.class_named(name, span(part)))
            }
            "optional_type"
            | "union_type"
            | "intersection_type"
            | "disjunctive_normal_form_type"
            | "type" => {
                let kinds: Vec<NodeId> =
                    named(part).into_iter().filter_map(|inner| self.type_value(inner)).collect();
                (!kinds.is_empty()).then(|| self.builder.one_of(kinds, span(part)))
            }
            _ => None,
        }
    }

    /// The names that a clause lists (`extends A, B`).
    pub(super) fn listed(&self, clause: Part<'s>) -> Vec<(SmolStr, Span)> {
        let names = named(clause).into_iter();
        let is_name = |part: &Part<'_>| matches!(part.kind(), "name" | "qualified_name" | "relative_name");
        names.filter(is_name).map(|name| (self.text(name).into(), span(name))).collect()
    }
}
