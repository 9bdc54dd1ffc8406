//! A file: its namespace, what it opens, its types, and its top-level statements.

use tree_sitter::Node as Tree;

use crate::ir::{Closure, Node, Param, ParamKind, RoutineKind};
use crate::text::{SmolStr, Source, Span};

use super::{Lowering, MAIN, names, tree};

/// Namespaces that projects open by themselves (`ImplicitUsings`).
const IMPLICIT: &[&str] = &[
    "System",
    "System.Collections.Generic",
    "System.IO",
    "System.Linq",
    "System.Net.Http",
    "System.Net.Http.Json",
    "System.Threading",
    "System.Threading.Tasks",
    "Microsoft.AspNetCore.Builder",
    "Microsoft.AspNetCore.Hosting",
    "Microsoft.AspNetCore.Http",
    "Microsoft.AspNetCore.Routing",
    "Microsoft.Extensions.Configuration",
    "Microsoft.Extensions.DependencyInjection",
    "Microsoft.Extensions.Hosting",
    "Microsoft.Extensions.Logging",
];

/// Whether a node declares a type that is a class of the graph.
pub(super) fn is_type(kind: &str) -> bool {
    matches!(
        kind,
        "class_declaration"
            | "struct_declaration"
            | "record_declaration"
            | "interface_declaration"
            | "enum_declaration"
    )
}

/// The names that a file declares at its top: types, aliases, and its top-level statements.
pub(super) fn declared(root: Tree<'_>, source: &Source) -> Vec<SmolStr> {
    let mut names = vec![];
    tree::walk(root, &mut |node| {
        let kind = node.kind();
        if is_type(kind) || kind == "using_directive" {
            names.extend(tree::field(node, "name").map(|name| SmolStr::from(tree::text(name, source))));
        }
        if kind == "global_statement" {
            names.push(MAIN.into());
        }
        matches!(kind, "compilation_unit" | "namespace_declaration" | "declaration_list" | "preproc_if")
            || kind.starts_with("preproc_el")
    });
    if main_class(root, source).is_some() {
        names.push(MAIN.into());
    }
    names
}

/// The type at the top of a file whose static `Main` starts the program.
fn main_class(root: Tree<'_>, source: &Source) -> Option<SmolStr> {
    let mut found = None;
    tree::walk(root, &mut |node| {
        if node.kind() == "method_declaration"
            && tree::field(node, "name").is_some_and(|name| tree::text(name, source) == MAIN)
            && tree::named(node).iter().any(|part| tree::text(*part, source) == "static")
        {
            let class =
                node.parent().and_then(|body| body.parent()).and_then(|class| tree::field(class, "name"));
            found = found.take().or_else(|| class.map(|class| SmolStr::from(tree::text(class, source))));
        }
        node.kind() != "block"
    });
    found
}

impl<'s> Lowering<'s> {
    /// The whole file.
    pub(super) fn unit(&mut self, root: Tree<'s>) {
        self.find_namespace(root);
        let namespace = self.namespace.clone();
        self.builder.namespace(namespace.clone());
        // The namespaces around are open too.
        let mut around = Some(namespace.as_str());
        while let Some(name) = around.filter(|name| !name.is_empty()) {
            self.builder.import(name.into(), 0, Some("*".into()), Span::default());
            around = name.rsplit_once('.').map(|(outer, _)| outer);
        }
        self.builder.import(SmolStr::default(), 0, Some("*".into()), Span::default());
        let mut types = vec![];
        let mut statements = vec![];
        self.collect(root, &mut types, &mut statements);
        for name in IMPLICIT {
            self.builder.import((*name).into(), 0, Some("*".into()), Span::default());
        }
        self.name_spaces_in_paths(root);
        for declaration in types {
            self.type_declaration(declaration);
        }
        if !statements.is_empty() {
            self.main(&statements);
        } else if let Some(class) = main_class(root, self.source) {
            let at = Span::default();
            let class = self.builder.read(&class, at);
            let value = self.builder.node(Node::Member(class, MAIN.into()), at);
            self.builder.assign(MAIN, value, at);
        }
    }

    /// The namespace that the first of the file's types is in. One that differs is said.
    fn find_namespace(&mut self, root: Tree<'s>) {
        let mut found: Vec<(SmolStr, Span)> = vec![];
        self.namespaces_of(root, "", &mut found);
        if let Some((first, _)) = found.first() {
            self.namespace = first.clone();
        }
        for (name, at) in &found {
            if *name != self.namespace {
                let message = format!(
                    "the types of the namespace `{name}` are taken for those of `{}`, with which it shares the file",
                    self.namespace
                );
                self.builder.problem(*at, message);
            }
        }
    }

    fn namespaces_of(&self, node: Tree<'s>, outer: &str, found: &mut Vec<(SmolStr, Span)>) {
        for part in tree::named(node) {
            match part.kind() {
                "file_scoped_namespace_declaration" => {
                    let inner = self.namespace_name(part, outer);
                    found.push((inner.as_str().into(), tree::span(part)));
                }
                "namespace_declaration" => {
                    let inner = self.namespace_name(part, outer);
                    if let Some(body) = tree::field(part, "body") {
                        if tree::named(body).iter().any(|part| is_type(part.kind())) {
                            let at = tree::field(part, "name").map_or_else(|| tree::span(part), tree::span);
                            found.push((inner.as_str().into(), at));
                        }
                        self.namespaces_of(body, &inner, found);
                    }
                }
                _ => {}
            }
        }
    }

    fn namespace_name(&self, declaration: Tree<'s>, outer: &str) -> String {
        let name = tree::field(declaration, "name").map(|name| self.text(name)).unwrap_or_default();
        let name: String = name.split_whitespace().collect();
        if outer.is_empty() { name } else { format!("{outer}.{name}") }
    }

    /// Takes the file apart; what it opens is opened at once.
    fn collect(&mut self, node: Tree<'s>, types: &mut Vec<Tree<'s>>, statements: &mut Vec<Tree<'s>>) {
        for part in tree::named(node) {
            match part.kind() {
                "using_directive" => self.using(part),
                "namespace_declaration" => {
                    if let Some(body) = tree::field(part, "body") {
                        self.collect(body, types, statements);
                    }
                }
                "global_statement" => statements.extend(tree::named(part)),
                kind if is_type(kind) => types.push(part),
                // What a condition of the build leaves out is not known: all of it is read.
                kind if kind.starts_with("preproc_") => self.collect(part, types, statements),
                _ => {}
            }
        }
    }

    /// `using X;`, `using static X.Y;`, `using A = X.Y;`
    fn using(&mut self, using: Tree<'s>) {
        let at = tree::span(using);
        let everywhere = tree::has_token(using, "global");
        let alias = tree::field(using, "name");
        let is_target = |part: &Tree<'s>| Some(part.id()) != alias.map(|alias| alias.id());
        let Some(target) = tree::named(using).into_iter().rfind(is_target) else { return };
        let path: SmolStr = self.path_text(target).into();
        if let Some(alias) = alias {
            let name = self.identifier(alias);
            let (module, member) = path.rsplit_once('.').unwrap_or(("", &path));
            let value = self.builder.import(module.into(), 0, Some(member.into()), at);
            self.builder.assign(&name, value, at);
            return;
        }
        if tree::has_token(using, "static")
            && let Some((namespace, _)) = path.rsplit_once('.')
        {
            self.builder.import(namespace.into(), 0, None, at);
        }
        if everywhere {
            self.builder.import_everywhere(path, at);
        } else {
            self.builder.import(path, 0, Some("*".into()), at);
        }
    }

    /// The dotted path of a name, without type arguments and `global::`.
    pub(super) fn path_text(&self, name: Tree<'s>) -> String {
        match name.kind() {
            "qualified_name" => {
                let part =
                    |field| tree::field(name, field).map(|part| self.path_text(part)).unwrap_or_default();
                format!("{}.{}", part("qualifier"), part("name"))
            }
            "alias_qualified_name" => {
                tree::field(name, "name").map(|name| self.path_text(name)).unwrap_or_default()
            }
            "generic_name" => tree::part_of_kind(name, "identifier")
                .map(|name| self.text(name).to_owned())
                .unwrap_or_default(),
            _ => self.identifier(name).to_string(),
        }
    }

    /// Makes the namespaces known that types are spelled with in full.
    fn name_spaces_in_paths(&mut self, root: Tree<'s>) {
        let mut paths: Vec<SmolStr> = vec![];
        tree::walk(root, &mut |node| {
            if matches!(node.kind(), "qualified_name" | "member_access_expression") {
                let before = tree::field(node, "qualifier").or_else(|| tree::field(node, "expression"));
                let text = before.map(|before| self.text(before)).unwrap_or_default();
                let is_path = text.len() < 120
                    && text.starts_with(|letter: char| letter.is_ascii_uppercase())
                    && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_'));
                if is_path {
                    paths.push(text.into());
                }
            }
            node.kind() != "using_directive"
        });
        paths.sort();
        paths.dedup();
        for path in paths {
            self.builder.import(path, 0, None, Span::default());
        }
    }

    /// The top-level statements: a routine that the platform starts.
    fn main(&mut self, statements: &[Tree<'s>]) {
        let at = statements.first().map(|first| tree::span(*first)).unwrap_or_default();
        let mut declared: Vec<SmolStr> = vec![];
        for statement in statements {
            declared.extend(names::declared(*statement, self.source));
        }
        let params = vec![Param { name: "args".into(), kind: ParamKind::Plain }];
        self.scopes.enter_routine(declared.iter().cloned().chain(["args".into()]));
        let routine = self.builder.enter(MAIN.into(), RoutineKind::Plain, params, declared, at);
        self.results.push(None);
        self.statements(statements);
        self.results.pop();
        self.builder.leave();
        self.scopes.leave();
        let closure = Closure { routine, defaults: vec![], declared: vec![], result: None };
        let value = self.builder.closure(closure, at);
        self.builder.assign(MAIN, value, at);
    }
}
