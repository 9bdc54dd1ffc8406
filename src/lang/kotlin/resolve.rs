//! Where the classes of a program lie, and what handler settings mean.

use crate::ir::{Import, Module, RoutineId};
use crate::text::{SmolStr, paths};

use super::super::java::resolve;
use super::super::{ModulePath, ReadText};
use super::HANDLER_METHOD;

/// Where an imported package lies is asked of the files themselves.
pub(super) fn candidates(_: &Import, _: &str, _: &[String]) -> Vec<ModulePath> {
    vec![]
}

pub(super) fn files(path: &str) -> Vec<String> {
    vec![format!("{path}.kt")]
}

pub(super) fn installed(_: &str) -> Option<&str> {
    None
}

pub(super) fn installed_names(_: &str) -> Vec<String> {
    vec![]
}

/// `a.b.Class::method`, `a.b.Class`: the file may have the name of the class.
pub(super) fn handler(setting: &str) -> Vec<(String, SmolStr)> {
    let entry = Entry::of(setting);
    vec![(entry.class.replace('.', "/"), entry.symbol())]
}

/// A class and one of its methods.
struct Entry<'a> {
    class: &'a str,
    method: &'a str,
}

impl<'a> Entry<'a> {
    fn of(setting: &'a str) -> Self {
        let (class, method) = setting.split_once("::").unwrap_or((setting, HANDLER_METHOD));
        Self { class, method }
    }

    /// The name of the class without its package.
    fn simple(&self) -> &'a str {
        self.class.rsplit('.').next().unwrap_or(self.class)
    }

    fn symbol(&self) -> SmolStr {
        format!("{}.{}", self.simple(), self.method).into()
    }

    /// Whether a text declares the class in its package.
    fn is_in(&self, text: &str) -> bool {
        let package = self.class.rsplit_once('.').map_or("", |(package, _)| package);
        let stated = text.lines().find_map(|line| line.trim().strip_prefix("package "));
        let stated = stated.unwrap_or_default().trim().trim_end_matches(';').replace('`', "");
        let declares = |keyword: &str| {
            let wanted = format!("{keyword} {}", self.simple());
            text.match_indices(&wanted).any(|(at, _)| {
                let behind = text.get(at + wanted.len()..).and_then(|rest| rest.chars().next());
                !behind.is_some_and(|next| next.is_alphanumeric() || next == '_')
            })
        };
        stated == package && (declares("class") || declares("object"))
    }
}

/// Finds the file that declares the class of a handler setting below a folder.
pub(super) fn find(
    setting: &str,
    folder: &str,
    all: &[String],
    read: &ReadText<'_>,
) -> Option<(String, SmolStr)> {
    let entry = Entry::of(setting);
    let named = format!("/{}.kt", entry.simple());
    let mut files: Vec<&String> =
        all.iter().filter(|file| is_program(file) && paths::is_below(file, folder)).collect();
    // The likely ones are looked at first.
    files.sort_by_key(|file| (!format!("/{file}").ends_with(&named), file.len()));
    let file = files.into_iter().find(|file| read(file).is_some_and(|text| entry.is_in(&text)))?;
    Some((file.clone(), entry.symbol()))
}

/// `a.b.Class::method`, `Class.method`, `Class`, or `method` alone, as a path from what the file declares.
pub(super) fn symbol(module: &Module, name: &str) -> SmolStr {
    let name = name.replace("::", ".").replace('$', ".");
    let inside = name.strip_prefix(module.namespace.as_str()).and_then(|rest| rest.strip_prefix('.'));
    let inside = inside.unwrap_or(&name);
    let first = inside.split('.').next().unwrap_or(inside);
    if module.export(first).is_some() {
        let last = inside.rsplit('.').next().unwrap_or(inside);
        let is_class = last.starts_with(char::is_uppercase);
        return if is_class { format!("{inside}.{HANDLER_METHOD}").into() } else { inside.into() };
    }
    let mut methods = module.routines.iter().filter(|routine| routine.name == inside);
    let class = methods.find_map(|routine| {
        let class = module.class(routine.class?)?;
        (module.routine(class.body)?.outer == Some(RoutineId::BODY)).then_some(&class.name)
    });
    class.map_or_else(|| inside.into(), |class| format!("{class}.{inside}").into())
}

/// The files that are compiled together with one: those that are packed with it, as Java's are.
pub(super) fn compiled_together(path: &str, listing: &[String], read: &ReadText<'_>) -> Vec<String> {
    resolve::packed_with(path, listing, read, is_program).into_iter().cloned().collect()
}

fn is_program(file: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, ending)| ending == "kt")
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn settings_say_class_and_method() {
        assert_eq!(handler("a.b.Orders::list"), [("a/b/Orders".to_owned(), "Orders.list".into())]);
        assert_eq!(handler("a.b.Orders"), [("a/b/Orders".to_owned(), "Orders.handleRequest".into())]);
    }

    #[test]
    fn a_class_is_found_in_whatever_file_declares_it() {
        let texts = [
            ("app/src/main/kotlin/All.kt", "package a.b\n\nclass OrdersPage\nclass Orders : Handler {}\n"),
            ("app/src/main/kotlin/Orders.kt", "package c\nclass Orders\n"),
        ];
        let all: Vec<String> = texts.iter().map(|(path, _)| (*path).to_owned()).collect();
        let read =
            |path: &str| texts.iter().find(|(known, _)| *known == path).map(|(_, text)| (*text).to_owned());
        let found = find("a.b.Orders", "app", &all, &read);
        assert_eq!(found, Some(("app/src/main/kotlin/All.kt".to_owned(), "Orders.handleRequest".into())));
        assert_eq!(find("a.b.Other", "app", &all, &read), None);
    }
}
