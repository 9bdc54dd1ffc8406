//! Bundles in which modules are no functions: their declarations stand one after the other in one file, each module behind a
//! comment with its path. What a package exports under the name of a file is taken as that package's, where it is known.

use indexmap::IndexMap;
use oxc_ast::ast::{Declaration, Program, Statement};
use oxc_span::GetSpan;

use crate::ir::{Argument, Closure, Node, NodeId, Receiver, RoutineKind};
use crate::text::{SmolStr, Span};

use super::bundle::installed;
use super::{Lowering, resolve, span};

/// A file of an installed package that became a part of a bundle.
#[derive(Clone)]
pub(super) struct Part {
    package: SmolStr,
    /// The name of the file without its ending.
    stem: SmolStr,
}

/// The statements of a program that come from files of installed packages, by where they begin.
pub(super) fn parts(program: &Program<'_>) -> IndexMap<u32, Part> {
    let mut parts = IndexMap::default();
    let mut comments = program.comments.iter().peekable();
    let mut part = None;
    let mut end = 0;
    for statement in &program.body {
        let at = statement.span();
        while let Some(comment) = comments.next_if(|comment| comment.span.start < at.start) {
            if comment.span.start < end || !comment.is_line() {
                continue;
            }
            let text = comment.content_span().source_text(program.source_text).trim();
            if let Some(path) = as_path(text) {
                part = part_of(path);
            }
        }
        if let Some(part) = &part {
            parts.insert(at.start, Part::clone(part));
        }
        end = at.end;
    }
    parts
}

/// The path of a module, where a comment is one.
fn as_path(text: &str) -> Option<&str> {
    let is_path = !text.contains(char::is_whitespace) && text.rsplit('/').next()?.contains('.');
    is_path.then_some(text)
}

fn part_of(path: &str) -> Option<Part> {
    let package = installed(path)?;
    let stem = resolve::stem(path.rsplit('/').next()?);
    Some(Part { package: package.as_str().into(), stem: stem.into() })
}

impl Part {
    /// The name that the package exports a declaration under: that of the file, or one that ends as the file's name does. A
    /// bundler puts a number behind a name that is there already.
    fn exported(&self, name: &str) -> Option<SmolStr> {
        let numbered = |rest: &str| rest.chars().all(|letter| letter.is_ascii_digit());
        if name.strip_prefix(self.stem.as_str()).is_some_and(numbered) {
            return Some(self.stem.clone());
        }
        let plain = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let fits = |name: &&str| last_words(name).is_some_and(|words| self.stem.contains(words));
        [name, plain].into_iter().find(fits).map(SmolStr::from)
    }
}

/// The last two words of a name that begins with a small letter.
fn last_words(name: &str) -> Option<&str> {
    if !name.starts_with(|letter: char| letter.is_lowercase()) {
        return None;
    }
    let mut capitals =
        name.char_indices().filter(|(_, letter)| letter.is_uppercase()).map(|(place, _)| place);
    let last = capitals.next_back()?;
    let start = capitals.next_back().unwrap_or(last);
    name.get(start..)
}

impl Lowering {
    /// Lowers a statement that declares one thing of a package as what is known of that; says whether it is such a statement.
    pub(super) fn package_statement(&mut self, statement: &Statement<'_>) -> bool {
        let at = span(statement);
        let Some(part) = self.parts.get(&at.start).cloned() else { return false };
        let Statement::VariableDeclaration(variables) = statement else { return false };
        let [variable] = variables.declarations.as_slice() else { return false };
        let (Some(name), Some(init)) = (variable.id.get_identifier_name(), &variable.init) else {
            return false;
        };
        let Some(exported) = part.exported(&name) else { return false };
        let value = self.named(&name, init);
        self.take(&name, &part.package, &exported, value, at);
        true
    }

    /// Puts what is known of a package in the place of a function or class that a statement declares of it.
    pub(super) fn taken_from_package(&mut self, statement: &Statement<'_>) {
        let at = span(statement);
        let Some(part) = self.parts.get(&at.start).cloned() else { return };
        for name in declared(statement) {
            if let Some(exported) = part.exported(&name) {
                let value = self.builder.read(&name, at);
                self.take(&name, &part.package, &exported, value, at);
            }
        }
    }

    fn take(&mut self, name: &str, package: &str, exported: &str, value: NodeId, at: Span) {
        let own = self.fresh("bundled");
        self.builder.declare(own.clone());
        self.builder.assign(&own, value, at);
        let routine = self.builder.enter("<bundled>".into(), RoutineKind::Plain, vec![], [], at);
        let value = self.builder.read(&own, at);
        self.builder.node(Node::Return(value), at);
        self.builder.leave();
        self.builder.set_receiver(routine, Receiver::None);
        let closure = Closure { routine, defaults: vec![], declared: vec![], result: None };
        let source = self.builder.closure(closure, at);
        let module = self.imported(package, at);
        let known = self.builder.node(Node::Member(module, exported.into()), at);
        let vendored = self.native("vendored", at);
        let arguments = vec![Argument::Plain(known), Argument::Plain(source)];
        let taken = self.builder.call(vendored, arguments, at);
        self.builder.assign(name, taken, at);
    }
}

/// The names that a statement declares.
fn declared(statement: &Statement<'_>) -> Vec<SmolStr> {
    let statement = match statement {
        Statement::ExportDeclaration(export) => return of_declaration(&export.declaration),
        other => other,
    };
    match statement {
        Statement::VariableDeclaration(variables) => {
            let names = variables.declarations.iter().filter_map(|one| one.id.get_identifier_name());
            names.map(|name| name.as_str().into()).collect()
        }
        Statement::ClassDeclaration(class) => class.id.iter().map(|id| id.name.as_str().into()).collect(),
        Statement::FunctionDeclaration(function) => {
            function.id.iter().map(|id| id.name.as_str().into()).collect()
        }
        _ => vec![],
    }
}

fn of_declaration(declaration: &Declaration<'_>) -> Vec<SmolStr> {
    match declaration {
        Declaration::ClassDeclaration(class) => class.id.iter().map(|id| id.name.as_str().into()).collect(),
        Declaration::FunctionDeclaration(function) => {
            function.id.iter().map(|id| id.name.as_str().into()).collect()
        }
        _ => vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exported(path: &str, name: &str) -> Option<String> {
        part_of(path)?.exported(name).map(|name| name.to_string())
    }

    #[test]
    fn a_declaration_is_what_its_file_exports() {
        let folder = "../node_modules/@acme/store/dist-es";
        let of = |file: &str, name: &str| exported(&format!("{folder}/{file}"), name);
        assert_eq!(of("Store.js", "Store").as_deref(), Some("Store"));
        assert_eq!(of("commands/LoadCommand.js", "LoadCommand2").as_deref(), Some("LoadCommand"));
        assert_eq!(
            of("pages/ListItemsPaginator.js", "paginateListItems").as_deref(),
            Some("paginateListItems")
        );
        assert_eq!(
            of("waiters/waitForItemReady.js", "waitUntilItemReady").as_deref(),
            Some("waitUntilItemReady")
        );
        assert_eq!(of("waiters/waitForItemReady.js", "checkState"), None);
        assert_eq!(of("Store.js", "helper"), None);
        assert_eq!(exported("src/Store.js", "Store"), None);
    }
}
