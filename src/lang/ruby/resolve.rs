//! Which files a file requires, and what handler settings mean.

use std::sync::OnceLock;

use regex::Regex;
use rustc_hash::FxHashSet;

use crate::ir::{Import, Module, Routine, RoutineId};
use crate::text::{SmolStr, paths};

use super::super::{ModulePath, ReadText};

/// The folders in which the content of layers stands where a function runs.
const LAYERS: [&str; 2] = ["/opt/ruby/lib/", "/opt/"];
/// What files end in that say which application answers requests.
pub(super) const RACKUP: &str = ".ru";
/// How many files one function may require.
const MAX_FILES: usize = 2000;

/// Where a required file may lie: beside the file, below a root, or in a folder `lib` of one.
pub(super) fn candidates(import: &Import, from: &str, roots: &[String]) -> Vec<ModulePath> {
    let single = |path: String| ModulePath { chain: vec![path], member: None };
    if import.member.is_some() {
        return vec![];
    }
    if import.module.starts_with('.') {
        let beside = paths::climb(paths::folder(from), &import.module);
        return beside.map(single).into_iter().collect();
    }
    let folders = roots.iter().flat_map(|root| [root.clone(), paths::join(root, "lib")]);
    folders.map(|folder| single(paths::join(&folder, &import.module))).collect()
}

pub(super) fn files(path: &str) -> Vec<String> {
    if path.ends_with(RACKUP) { vec![path.to_owned()] } else { vec![format!("{path}.rb")] }
}

/// `file.method` and `folder/file.Module::Class.method`.
pub(super) fn handler(setting: &str) -> Vec<(String, SmolStr)> {
    let name = setting.rfind('/').map_or(0, |slash| slash + 1);
    let dot = setting.get(name..).and_then(|rest| rest.find('.'));
    let parts = dot.and_then(|dot| Some((setting.get(..name + dot)?, setting.get(name + dot + 1..)?)));
    parts.map(|(file, symbol)| (file.to_owned(), dotted(symbol))).into_iter().collect()
}

/// `Module::Class.method` as a path of names.
fn dotted(symbol: &str) -> SmolStr {
    symbol.replace("::", ".").into()
}

/// What a name that a person gives means: a method, `Class.method`, `Module::Class.method`, `Class#method`.
pub(super) fn symbol(module: &Module, spelled: &str) -> SmolStr {
    let spelled = dotted(&spelled.replace('#', "."));
    if module.export(&spelled).is_some() || spelled.contains('.') {
        return spelled;
    }
    let named = |routine: &&Routine| routine.name == spelled && routine.class.is_some();
    let found = module.routines.iter().find(named).and_then(|routine| path_of(module, routine));
    found.unwrap_or(spelled)
}

/// The way from a module's exports to a method of one of its classes.
pub(super) fn path_of(module: &Module, routine: &Routine) -> Option<SmolStr> {
    let mut parts = vec![routine.name.clone()];
    let mut class = routine.class;
    while let Some(id) = class {
        let known = module.class(id)?;
        parts.push(known.name.clone());
        let outer = module.routine(known.body)?.outer?;
        class = module.classes.iter().position(|other| other.body == outer).and_then(|index| {
            (outer != RoutineId::BODY).then_some(crate::ir::ClassId(u32::try_from(index).ok()?))
        });
    }
    parts.reverse();
    Some(parts.join(".").into())
}

pub(super) fn installed(_: &str) -> Option<&str> {
    None
}

pub(super) fn installed_names(_: &str) -> Vec<String> {
    vec![]
}

/// The files that a file requires, by its own or their statements.
pub(super) fn required(path: &str, all: &[String], read: &ReadText<'_>) -> Vec<String> {
    let known: FxHashSet<&str> = all.iter().map(String::as_str).collect();
    let mut found = vec![path.to_owned()];
    let mut done = 0;
    while let Some(file) = found.get(done).cloned() {
        done += 1;
        for required in read(&file).iter().flat_map(|text| statements(text)) {
            if let Some(file) = locate(&required, &file, path, &known)
                && !found.contains(&file)
                && found.len() < MAX_FILES
            {
                found.push(file);
            }
        }
    }
    found
}

/// The paths that the statements of a text require; those that are relative to the file begin with a dot.
fn statements(text: &str) -> Vec<String> {
    static REQUIRE: OnceLock<Option<Regex>> = OnceLock::new();
    // An application is read from its file by `Rack::Builder.parse_file("#{__dir__}/config.ru")`.
    let pattern = r##"(?m)(?:^\s*(?:(require_relative)|require|load|autoload\s*\(?\s*:\w+\s*,)|parse_file)\s*\(?\s*['"](?:#\{__dir__\}/)?([^'"#]+)['"]"##;
    let Some(pattern) = REQUIRE.get_or_init(|| Regex::new(pattern).ok()) else { return vec![] };
    let spelled = pattern.captures_iter(text).filter_map(|found| {
        let path = found.get(2)?.as_str();
        let path = path.strip_suffix(".rb").unwrap_or(path);
        Some(if found.get(1).is_some() { format!("./{path}") } else { path.to_owned() })
    });
    spelled.collect()
}

/// The file of the project that a statement means: beside the file, else below the folders around the first one.
fn locate(required: &str, from: &str, first: &str, known: &FxHashSet<&str>) -> Option<String> {
    let is_known = |path: &String| known.contains(path.as_str());
    let file = |path: String| files(&path).into_iter().find(is_known);
    if required.starts_with('.') {
        return paths::climb(paths::folder(from), required).and_then(file);
    }
    if let Some(inside) = LAYERS.iter().find_map(|layer| required.strip_prefix(layer)) {
        return in_layer(inside, known);
    }
    let mut folder = Some(paths::folder(first));
    while let Some(around) = folder {
        for base in [around.to_owned(), paths::join(around, "lib")] {
            if let Some(file) = file(paths::join(&base, required)) {
                return Some(file);
            }
        }
        folder = (!around.is_empty()).then(|| paths::folder(around));
    }
    None
}

/// The only file of the project that can be what a layer brings under a path.
fn in_layer(path: &str, known: &FxHashSet<&str>) -> Option<String> {
    let end = format!("/{path}.rb");
    let mut files = known.iter().filter(|file| file.ends_with(&end) && !paths::is_of_tests(file));
    let only = files.next()?;
    files.next().is_none().then(|| (*only).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn settings_say_file_and_method() {
        let wanted = |file: &str, symbol: &str| vec![(file.to_owned(), SmolStr::from(symbol))];
        assert_eq!(handler("function.lambda_handler"), wanted("function", "lambda_handler"));
        assert_eq!(handler("src/app.Orders::Handler.process"), wanted("src/app", "Orders.Handler.process"));
        assert_eq!(handler("nothing"), vec![]);
    }

    #[test]
    fn a_file_sees_what_it_requires_and_what_that_requires() {
        let texts = [
            (
                "app/main.rb",
                "require 'json'\nrequire_relative '../lib/store'\nrequire_relative \"missing\"\n",
            ),
            ("lib/store.rb", "require_relative 'store/table'\nrequire 'config'\n"),
            ("lib/store/table.rb", "require_relative '../store'\n"),
            ("lib/config.rb", ""),
            ("lib/other.rb", ""),
        ];
        let all: Vec<String> = texts.iter().map(|(path, _)| (*path).to_owned()).collect();
        let read =
            |path: &str| texts.iter().find(|(known, _)| *known == path).map(|(_, text)| (*text).to_owned());
        let found = required("app/main.rb", &all, &read);
        assert_eq!(found, ["app/main.rb", "lib/store.rb", "lib/store/table.rb", "lib/config.rb"]);
    }
}
