//! The library descriptions that come with the program.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use leastwise::catalog::{
    Behaviour, Catalog, FILTERS, LIBRARY_FILES, Library, LibraryCall, LibraryClass, LibraryFile, Responses,
    Value,
};
use leastwise::text::SmolStr;

fn libraries() -> Vec<(&'static str, Library)> {
    let read = |text| Library::parse(text).unwrap();
    LIBRARY_FILES.iter().map(|file| (file.file, read(file.text))).collect()
}

#[test]
fn every_description_reads() {
    for file in LIBRARY_FILES {
        let library = Library::parse(file.text).unwrap_or_else(|error| panic!("{}: {error}", file.file));
        assert_eq!(library.language, file.language, "{}", file.file);
        let is_sourced =
            [&library.package, &library.version, &library.source].iter().all(|text| !text.is_empty());
        assert!(is_sourced, "{} names no package, version or source", file.file);
    }
}

#[test]
fn every_file_is_registered_in_order() {
    let mut files = vec![];
    walk(Path::new("catalogs/aws/libraries"), &mut files);
    files.sort();
    let registered: Vec<&str> = LIBRARY_FILES.iter().map(|file| file.file).collect();
    assert_eq!(registered, files);
}

#[expect(clippy::disallowed_methods, reason = "a test of the folder itself")]
fn walk(folder: &Path, files: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|extension| extension != "md") {
            files.push(path.strip_prefix("catalogs/aws/libraries").unwrap().to_str().unwrap().to_owned());
        }
    }
}

#[test]
fn every_name_is_found_under_its_roots() {
    for file in LIBRARY_FILES {
        let library = Library::parse(file.text).unwrap();
        for name in library.symbols.keys().chain(library.classes.keys()) {
            assert!(file.covers(name), "{}: no root leads to {name}", file.file);
        }
    }
}

/// A name that is described twice would be known by the second description alone.
#[test]
fn no_name_is_described_twice() {
    let twice = |table: &toml::Table| -> Vec<String> {
        let mut seen = BTreeSet::new();
        let names = table.keys().flat_map(|names| names.split('|').map(str::trim));
        names.filter(|name| !seen.insert(*name)).map(str::to_owned).collect()
    };
    let table = |table: &toml::Table, name: &str| {
        table.get(name).and_then(toml::Value::as_table).cloned().unwrap_or_default()
    };
    let is_written = |file: &&LibraryFile| Path::new(file.file).extension().is_some_and(|end| end == "toml");
    for file in LIBRARY_FILES.iter().filter(is_written) {
        let described: toml::Table = file.text.parse().unwrap();
        let classes = table(&described, "classes");
        let mut tables = vec![table(&described, "symbols")];
        tables.extend(classes.values().filter_map(|class| Some(table(class.as_table()?, "members"))));
        tables.push(classes);
        let names: Vec<String> = tables.iter().flat_map(twice).collect();
        assert!(names.is_empty(), "{}: {names:?}", file.file);
    }
}

/// Everything that a description says, visited.
#[derive(Default)]
struct Seen {
    operations: BTreeMap<String, &'static str>,
    classes: BTreeMap<String, &'static str>,
    /// Members of requests: operation and name.
    arguments: BTreeMap<(String, String), &'static str>,
    texts: BTreeMap<String, &'static str>,
}

impl Seen {
    fn all() -> Self {
        let mut seen = Self::default();
        for (file, library) in libraries() {
            library.symbols.values().for_each(|symbol| seen.behaviour(file, symbol));
            library.classes.values().for_each(|class| seen.class(file, class));
            for pattern in &library.patterns {
                pattern.value.iter().for_each(|value| seen.value(file, value));
                pattern.call.iter().for_each(|call| seen.behaviour(file, call));
            }
        }
        seen
    }

    fn class(&mut self, file: &'static str, class: &LibraryClass) {
        for base in &class.bases {
            self.classes.insert(base.to_string(), file);
        }
        let groups = [&class.calls, &class.load, &class.handed];
        groups.into_iter().flatten().for_each(|call| self.call(file, call));
        class.fields.values().for_each(|value| self.value(file, value));
        let parts = [&class.element, &class.index, &class.call, &class.operations];
        parts.into_iter().flatten().chain(class.members.values()).for_each(|part| self.behaviour(file, part));
    }

    fn behaviour(&mut self, file: &'static str, behaviour: &Behaviour) {
        behaviour.calls.iter().for_each(|call| self.call(file, call));
        behaviour
            .returns
            .iter()
            .chain(&behaviour.is)
            .chain(&behaviour.event)
            .chain(&behaviour.makes)
            .for_each(|value| self.value(file, value));
        for keep in &behaviour.keeps {
            self.texts.extend(keep.each.iter().map(|each| (each.to_string(), file)));
            self.value(file, &keep.under);
            self.value(file, &keep.value);
        }
    }

    fn call(&mut self, file: &'static str, call: &LibraryCall) {
        if call.operation.contains('{') {
            self.texts.insert(call.operation.to_string(), file);
        } else {
            self.operations.insert(call.operation.to_string(), file);
            let names = call.arguments.keys().map(|name| (call.operation.to_string(), name.to_string()));
            self.arguments.extend(names.map(|name| (name, file)));
        }
        call.arguments.values().for_each(|value| self.value(file, value));
        for text in call.when.iter().map(|test| &test.value).chain(&call.credentials) {
            self.texts.insert(text.to_string(), file);
        }
    }

    fn value(&mut self, file: &'static str, value: &Value) {
        match value {
            Value::Text(text)
            | Value::Instance { instance: text }
            | Value::Kept { kept: text }
            | Value::Setting { setting: text }
            | Value::Bound { bound: text, .. } => {
                self.texts.insert(text.to_string(), file);
            }
            Value::Object { class, with } => {
                if !class.contains('{') {
                    self.classes.insert(class.to_string(), file);
                }
                with.values().for_each(|value| self.value(file, value));
            }
            Value::Client { members, with, .. } => {
                self.classes.insert(members.to_string(), file);
                with.values().for_each(|value| self.value(file, value));
            }
            Value::Member { member, of, .. } => {
                self.texts.insert(member.to_string(), file);
                self.value(file, of);
            }
            Value::Mapped { mapped, to } => {
                self.texts.insert(mapped.to_string(), file);
                self.value(file, to);
            }
            Value::Call { call, with } => {
                self.value(file, call);
                for value in with {
                    self.value(file, value);
                }
            }
            Value::List { list } => self.value(file, list),
            Value::First { first } => first.iter().for_each(|value| self.value(file, value)),
            Value::Record { record } => record.values().for_each(|value| self.value(file, value)),
        }
    }
}

#[test]
fn every_operation_is_one_of_the_catalog() {
    let catalog = Catalog::embedded();
    let exists = |operation: &str| {
        let (service, name) = operation.split_once('.').unwrap();
        catalog.service(service).is_some_and(|service| service.operation(name).is_some())
    };
    let seen = Seen::all();
    let missing: Vec<_> = seen.operations.iter().filter(|(operation, _)| !exists(operation)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    for (service, operation) in Responses::embedded().operations() {
        assert!(exists(&format!("{service}.{operation}")), "{service}.{operation}");
    }
}

#[test]
fn every_argument_is_a_parameter_of_its_operation() {
    let catalog = Catalog::embedded();
    let exists = |operation: &str, argument: &str| {
        let (service, name) = operation.split_once('.').unwrap();
        let operation = catalog.service(service).and_then(|service| service.operation(name));
        operation.is_some_and(|operation| operation.parameters().any(|parameter| parameter == argument))
    };
    let seen = Seen::all();
    let arguments = seen.arguments.iter();
    let missing: Vec<_> = arguments.filter(|((operation, name), _)| !exists(operation, name)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_class_that_is_named_is_described() {
    let known: BTreeSet<SmolStr> =
        libraries().into_iter().flat_map(|(_, library)| library.classes.into_keys()).collect();
    let seen = Seen::all();
    let missing: Vec<_> = seen.classes.iter().filter(|(class, _)| !known.contains(class.as_str())).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_place_is_spelled_right() {
    for (text, file) in Seen::all().texts {
        let mut rest = text.as_str();
        while let Some((_, after)) = rest.split_once('{') {
            let (place, behind) = after.split_once('}').unwrap_or_else(|| panic!("{file}: {text}"));
            let mut parts = place.split('|');
            let path = parts.next().unwrap_or_default();
            let is_name = |name: &str| {
                // Type arguments are `<0>`, attributes `[Name]`, members of the class of an object `@name`.
                let inner = name.trim_start_matches(['<', '[', '@']).trim_end_matches(['>', ']']);
                name == "[]"
                    || !inner.is_empty()
                        && inner.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
            };
            assert!(path == "?" || path.split('.').all(is_name), "{file}: {text}");
            let known = |filter: &str| FILTERS.contains(&filter.split('.').next().unwrap_or(filter));
            assert!(parts.all(known), "{file}: {text}");
            rest = behind;
        }
    }
}
