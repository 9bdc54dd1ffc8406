//! Whether what an overlay says of a library can be meant.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::place::{Step, at, element, name};
use super::{Mistake, OverlayFile};
use crate::catalog::{
    Behaviour, Catalog, FILTERS, LIBRARY_FILES, Library, LibraryCall, LibraryClass, Operation, Service,
    Setters, Value,
};
use crate::text::SmolStr;

type Checked = Result<(), Mistake>;

/// What can be named.
struct Checker<'a> {
    catalog: Catalog,
    /// Classes of the overlays.
    classes: &'a [&'a str],
    /// What the places at hand may begin with.
    names: BTreeSet<&'a str>,
}

/// Checks a description against the catalog. `classes` are those that the overlays describe.
pub(super) fn library(catalog: Catalog, file: &OverlayFile, classes: &[&str], languages: &[&str]) -> Checked {
    let language = file.language.as_str();
    if !language.is_empty() && !languages.contains(&language) {
        let message = format!("`{language}` is no language that is read");
        let path = at(&[], "language");
        return Err(Mistake::new(&path, message).near(language, languages.iter().copied()));
    }
    let mut checker = Checker { catalog, classes, names: BTreeSet::new() };
    for (symbol, behaviour) in &file.symbols {
        checker.names.clear();
        checker.behaviour(&at(&at(&[], "symbols"), symbol), behaviour)?;
    }
    for (class, described) in &file.classes {
        checker.class(&at(&at(&[], "classes"), class), described)?;
    }
    for (index, pattern) in file.patterns.iter().enumerate() {
        let path = element(&at(&[], "patterns"), index);
        checker.names = places(&pattern.path).filter_map(Result::ok).collect();
        if let Some(value) = &pattern.value {
            checker.value(&at(&path, "value"), value)?;
        }
        if let Some(call) = &pattern.call {
            checker.behaviour(&at(&path, "call"), call)?;
        }
    }
    Ok(())
}

impl<'a> Checker<'a> {
    fn class(&mut self, path: &[Step], class: &'a LibraryClass) -> Checked {
        for (index, base) in class.bases.iter().enumerate() {
            self.class_name(&element(&at(path, "bases"), index), base)?;
        }
        self.names = class.parameters.iter().map(|name| name.trim_start_matches('*')).collect();
        self.values(&at(path, "fields"), &class.fields)?;
        for (key, calls) in [("calls", &class.calls), ("load", &class.load), ("handed", &class.handed)] {
            self.calls(&at(path, key), calls)?;
        }
        self.invoked(path, &class.invokes)?;
        let own = [
            ("element", &class.element),
            ("index", &class.index),
            ("call", &class.call),
            ("operations", &class.operations),
        ];
        for (key, behaviour) in own {
            self.names = match key {
                "index" => BTreeSet::from(["key"]),
                "operations" => BTreeSet::from(["operation"]),
                _ => BTreeSet::new(),
            };
            if let Some(behaviour) = behaviour {
                self.behaviour(&at(path, key), behaviour)?;
            }
        }
        if let Some(setters) = &class.setters {
            forms(&at(path, "setters"), setters)?;
        }
        for (member, behaviour) in &class.members {
            self.names.clear();
            self.behaviour(&at(&at(path, "members"), member), behaviour)?;
        }
        Ok(())
    }

    fn behaviour(&mut self, path: &[Step], behaviour: &'a Behaviour) -> Checked {
        self.names.extend(behaviour.parameters.iter().map(|name| name.trim_start_matches('*')));
        self.calls(&at(path, "calls"), &behaviour.calls)?;
        self.invoked(path, &behaviour.invokes)?;
        for (name, value) in &behaviour.builds {
            self.parameter(&at(&at(path, "builds"), name), name)?;
            self.value(&at(&at(path, "builds"), name), value)?;
        }
        for (index, keep) in behaviour.keeps.iter().enumerate() {
            let path = element(&at(path, "keeps"), index);
            keep.each.iter().try_for_each(|text| self.text(&at(&path, "each"), text))?;
            let before = self.names.clone();
            if keep.each.is_some() {
                self.names.insert("element");
            }
            self.value(&at(&path, "under"), &keep.under)?;
            self.value(&at(&path, "value"), &keep.value)?;
            self.names = before;
        }
        if let Some(value) = &behaviour.is {
            self.value(&at(path, "is"), value)?;
        }
        if let Some(value) = &behaviour.event {
            let before = self.names.clone();
            self.names.extend(["event", "context"]);
            self.value(&at(path, "event"), value)?;
            self.names = before;
        }
        if let Some(value) = &behaviour.returns {
            self.names.insert("response");
            self.value(&at(path, "returns"), value)?;
        }
        Ok(())
    }

    fn invoked(&self, path: &[Step], invokes: &[SmolStr]) -> Checked {
        let path = at(path, "invokes");
        invokes.iter().enumerate().try_for_each(|(index, name)| self.parameter(&element(&path, index), name))
    }

    fn calls(&self, path: &[Step], calls: &[LibraryCall]) -> Checked {
        calls.iter().enumerate().try_for_each(|(index, call)| self.call(&element(path, index), call))
    }

    fn call(&self, path: &[Step], call: &LibraryCall) -> Checked {
        self.operation(path, call)?;
        self.values(&at(path, "arguments"), &call.arguments)?;
        for (index, record) in call.spread.iter().enumerate().filter(|(_, record)| *record != "*") {
            self.place(&element(&at(path, "spread"), index), record)?;
        }
        for (index, test) in call.when.iter().enumerate() {
            self.text(&at(&element(&at(path, "when"), index), "value"), &test.value)?;
        }
        call.at.iter().try_for_each(|place| self.place(&at(path, "at"), place))?;
        call.credentials.iter().try_for_each(|text| self.text(&at(path, "credentials"), text))
    }

    /// The operation of a call, and that its request has the arguments' members.
    fn operation(&self, path: &[Step], call: &LibraryCall) -> Checked {
        let here = at(path, "operation");
        let text = call.operation.as_str();
        if text.contains('{') {
            return self.text(&here, text);
        }
        let Some((service, operation)) = text.split_once('.') else {
            return Err(Mistake::new(&here, format!("`{text}` is no operation: write `service.Operation`")));
        };
        let Some(known) = self.catalog.service(service) else {
            let names = self.catalog.services().map(Service::name);
            return Err(Mistake::new(&here, format!("there is no service `{service}`")).near(service, names));
        };
        let Some(found) = known.operation(operation) else {
            let names = known.operations().map(Operation::name);
            let message = format!("{service} has no operation `{operation}`");
            return Err(Mistake::new(&here, message).near(operation, names));
        };
        let members: Vec<&str> = found.parameters().collect();
        match call.arguments.keys().find(|argument| !members.contains(&argument.as_str())) {
            Some(argument) => {
                let message = format!("{text} has no parameter `{argument}`");
                let path = name(&at(path, "arguments"), argument);
                Err(Mistake::new(&path, message).near(argument, members))
            }
            None => Ok(()),
        }
    }

    fn values(&self, path: &[Step], values: &IndexMap<SmolStr, Value>) -> Checked {
        values.iter().try_for_each(|(key, value)| self.value(&at(path, key), value))
    }

    fn value(&self, path: &[Step], value: &Value) -> Checked {
        match value {
            Value::Text(text) => self.text(path, text),
            Value::Object { class, with } => {
                self.class_name(&at(path, "class"), class)?;
                self.values(&at(path, "with"), with)
            }
            Value::Client { client, members, with } => {
                self.client(&at(path, "client"), client)?;
                self.class_name(&at(path, "members"), members)?;
                self.values(&at(path, "with"), with)
            }
            Value::Instance { instance } => self.text(path, instance),
            Value::Bound { bound, section, .. } => {
                self.text(path, bound)?;
                section.iter().try_for_each(|section| self.text(&at(path, "section"), section))
            }
            Value::Setting { setting } => self.text(&at(path, "setting"), setting),
            Value::Kept { kept } => self.text(path, kept),
            Value::Call { call, with } => {
                self.value(&at(path, "call"), call)?;
                let path = at(path, "with");
                with.iter().enumerate().try_for_each(|(index, each)| self.value(&element(&path, index), each))
            }
            Value::Member { member, of, .. } => {
                self.text(&at(path, "member"), member)?;
                self.value(&at(path, "of"), of)
            }
            Value::Mapped { mapped, to } => {
                self.text(&at(path, "mapped"), mapped)?;
                self.value(&at(path, "to"), to)
            }
            Value::List { list } => self.value(&at(path, "list"), list),
            Value::First { first } => {
                let path = at(path, "first");
                first
                    .iter()
                    .enumerate()
                    .try_for_each(|(index, each)| self.value(&element(&path, index), each))
            }
            Value::Record { record } => self.values(&at(path, "record"), record),
        }
    }

    fn client(&self, path: &[Step], service: &str) -> Checked {
        if service.contains('{') {
            return self.text(path, service);
        }
        if self.catalog.service(service).is_some() {
            return Ok(());
        }
        let names = self.catalog.services().map(Service::name);
        Err(Mistake::new(path, format!("there is no service `{service}`")).near(service, names))
    }

    fn class_name(&self, path: &[Step], class: &str) -> Checked {
        if class.contains('{') {
            return self.text(path, class);
        }
        if self.classes.contains(&class) || is_described(class) {
            return Ok(());
        }
        let message = format!("no class `{class}` is described");
        Err(Mistake::new(path, message).near(class, self.classes.iter().copied()))
    }

    fn text(&self, path: &[Step], text: &str) -> Checked {
        for place in places(text) {
            let place = place.map_err(|message| Mistake::new(path, message))?;
            let mut parts = place.split('|');
            let value = parts.next().unwrap_or_default();
            let known = |filter: &str| FILTERS.contains(&filter.split('.').next().unwrap_or(filter));
            if let Some(filter) = parts.find(|filter| !known(filter)) {
                return Err(Mistake::new(path, format!("`{filter}` is no filter")).near(filter, FILTERS));
            }
            self.place(path, value)?;
        }
        Ok(())
    }

    /// A path into a parameter or the object.
    fn place(&self, path: &[Step], value: &str) -> Checked {
        let first = value.split('.').next().unwrap_or_default();
        if matches!(first, "?" | "self") { Ok(()) } else { self.parameter(path, first) }
    }

    fn parameter(&self, path: &[Step], name: &str) -> Checked {
        if self.names.contains(name) {
            return Ok(());
        }
        let message = format!("`{name}` is no parameter here");
        Err(Mistake::new(path, message).near(name, self.names.iter().copied()))
    }
}

/// Whether the forms of members have a place for the name of a field.
fn forms(path: &[Step], setters: &Setters) -> Checked {
    let lists = [("forms", &setters.forms), ("getters", &setters.getters)];
    for (key, list) in lists {
        if let Some(index) = list.iter().position(|form| form.matches('*').count() != 1) {
            let message = "a form has one `*`, which stands for the name of a field".to_owned();
            return Err(Mistake::new(&element(&at(path, key), index), message));
        }
    }
    Ok(())
}

/// The places in a text, without those of the environment (`${NAME}`).
fn places(text: &str) -> impl Iterator<Item = Result<&str, String>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let (before, after) = rest.split_once('{')?;
            let Some((place, behind)) = after.split_once('}') else {
                rest = "";
                return Some(Err("the place has no end: `}` is missing".to_owned()));
            };
            rest = behind;
            if !before.ends_with('$') {
                return Some(Ok(place));
            }
        }
    })
}

/// Whether the program's own descriptions have a class.
fn is_described(class: &str) -> bool {
    let files = LIBRARY_FILES.iter().filter(|file| file.covers(class));
    files.filter_map(|file| Library::parse(file.text).ok()).any(|library| library.classes.contains_key(class))
}
