//! The catalog's texts with places, worked out over the calls of a program.

use std::cell::Cell;

use indexmap::IndexMap;

use crate::flow::{Argument, Field, Record};
use crate::text::{Hole, Piece, Site, SmolStr, TemplateString};

use super::facts::{Attribute, Facts, is_class};
use super::trace::{Call, Trace, literal, one_text, reference, references, referring};

/// How deep values lead to one another.
const MAX_DEPTH: u32 = 48;
/// How many steps are taken altogether; a program may make its values grow.
const MAX_STEPS: u32 = 2_000_000;

/// A file's path as programs spell it where it is made of the place of the program itself.
pub(super) const PROJECT: &str = crate::ir::PROJECT_FOLDER;

/// What is known of a program.
pub(super) struct Program<'a> {
    pub(super) facts: &'static Facts,
    pub(super) trace: Trace,
    /// The path of a file of the program.
    pub(super) path: &'a dyn Fn(Site) -> String,
    /// Whether the project has a file.
    pub(super) has: &'a dyn Fn(&str) -> bool,
    depth: Cell<u32>,
    steps: Cell<u32>,
}

/// Where an expression is worked out: a call, and names that stand for something beside its arguments.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) key: &'a str,
    pub(super) call: &'a Call,
    pub(super) extra: &'a [(&'a str, Argument)],
}

impl<'a> Program<'a> {
    pub(super) fn new(
        facts: &'static Facts,
        trace: Trace,
        path: &'a dyn Fn(Site) -> String,
        has: &'a dyn Fn(&str) -> bool,
    ) -> Self {
        Self { facts, trace, path, has, depth: Cell::new(0), steps: Cell::new(0) }
    }

    /// The class of what a call gives.
    pub(super) fn class_of(&self, call: &Call) -> SmolStr {
        if is_class(&call.callee) {
            return call.callee.clone();
        }
        let is = self.facts.described(&call.callee).and_then(|described| described.is.as_deref());
        is.map_or_else(|| call.callee.clone(), super::facts::canonical)
    }

    /// Whether a call gives something of a class.
    pub(super) fn is_a(&self, key: &str, class: &str) -> bool {
        let Some(call) = self.trace.get(key) else { return false };
        self.facts.chain(&self.class_of(call)).iter().any(|(name, _)| name == class)
    }

    /// What a text of the catalog comes to; `None` where a place of it is not given.
    pub(super) fn value(&self, text: &str, scope: Scope<'_>) -> Option<Argument> {
        let parts = parse(text);
        if let [Part::Place(place)] = parts.as_slice() {
            return self.place(place, scope);
        }
        let mut made = TemplateString::new();
        for part in parts {
            match part {
                Part::Text(text) => made.push_str(text),
                Part::Own(hole) => made.push_hole(hole),
                Part::Place(place) => made.push(&self.text(&self.place(place, scope)?)?),
            }
        }
        Some(Argument::Text(vec![made]))
    }

    /// The first of several places that is given.
    fn place(&self, place: &str, scope: Scope<'_>) -> Option<Argument> {
        split(place, '|').into_iter().find_map(|choice| {
            let quoted = choice.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
            let found = match (choice, quoted) {
                ("?", _) => Some(Argument::Text(vec![Hole::Unknown.into()])),
                (_, Some(text)) => self.value(text, scope),
                (choice, None) => self.path(choice, scope),
            };
            found.filter(|found| !is_nothing(found))
        })
    }

    fn path(&self, path: &str, scope: Scope<'_>) -> Option<Argument> {
        let mut segments = path.split('.');
        let first = segments.next()?;
        let name = first.strip_suffix("[]").unwrap_or(first);
        let extra = scope.extra.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        let start = extra.or_else(|| match name {
            "self" => Some(scope.call.on.clone().unwrap_or_else(|| referring(scope.key, ""))),
            _ => scope.call.named.get(name).cloned(),
        })?;
        segments.try_fold(start, |value, segment| {
            let name = segment.strip_suffix("[]").unwrap_or(segment);
            self.member(&value, name)
        })
    }

    /// A member of a value; of a list those of its elements.
    pub(super) fn member(&self, of: &Argument, name: &str) -> Option<Argument> {
        if self.depth.get() > MAX_DEPTH || self.steps.get() > MAX_STEPS {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        self.steps.set(self.steps.get() + 1);
        let found = self.member_within(of, name);
        self.depth.set(self.depth.get() - 1);
        found
    }

    fn member_within(&self, of: &Argument, name: &str) -> Option<Argument> {
        if let Some(filter) = name.strip_prefix('@') {
            return self.filtered(of, filter);
        }
        match of {
            Argument::Record(record) => record.fields.get(name).map(|field| field.value.clone()),
            Argument::List(items) => {
                let found: Vec<Argument> = items.iter().filter_map(|item| self.member(item, name)).collect();
                (!found.is_empty()).then_some(Argument::List(found))
            }
            Argument::OneOf(several) => several.iter().find_map(|one| self.member(one, name)),
            Argument::Text(texts) => {
                let found: Vec<Argument> = texts
                    .iter()
                    .filter_map(|text| {
                        let (key, path) = reference(text)?;
                        self.attribute(&key, &path, name)
                    })
                    .collect();
                if found.len() < 2 { found.into_iter().next() } else { Some(joined(found)) }
            }
            _ => None,
        }
    }

    /// A member of what a call gave, or of a member of that.
    fn attribute(&self, key: &str, path: &str, name: &str) -> Option<Argument> {
        if !path.is_empty() {
            let (before, last) = path.rsplit_once('.').unwrap_or(("", path));
            let owner = self.attribute(key, before, last)?;
            let same = references(&owner).iter().any(|(to, at)| to == key && at == path);
            return if same {
                Some(referring(key, &[path, ".", name].concat()))
            } else {
                self.member(&owner, name)
            };
        }
        let call = self.trace.get(key)?;
        let scope = Scope { key, call, extra: &[] };
        let described = self.facts.described(&call.callee);
        if let Some(text) = described.and_then(|described| described.gives.get(name)) {
            return self.value(text, scope);
        }
        let own = described.and_then(|described| described.attributes.get(name));
        match own.or_else(|| self.facts.attribute(&self.class_of(call), name)) {
            Some(Attribute::Text(text)) if text.contains(['{', '.', '-']) => self.value(text, scope),
            Some(Attribute::Text(_)) => Some(referring(key, name)),
            Some(Attribute::Construct { .. }) => call.named.get(name).cloned(),
            None => call
                .named
                .get(name)
                .cloned()
                .or_else(|| self.facts.is_text(name).then(|| referring(key, name))),
        }
    }

    /// A part of a text, by the filters of the catalog.
    fn filtered(&self, of: &Argument, filter: &str) -> Option<Argument> {
        if matches!(filter, "id" | "beside") {
            let (key, _) = references(of).into_iter().next()?;
            let call = self.trace.get(&key)?;
            return if filter == "id" { call.named.get("id").cloned() } else { self.beside(call) };
        }
        let text = self.text(of)?;
        let known = text.as_literal();
        let made = match filter {
            "last" => text.split(':').pop()?.split('/').pop()?,
            "bare" => text.strip_prefix("/").unwrap_or(text),
            "stem" => {
                let name = known?.rsplit('/').next()?;
                name.rsplit_once('.').map_or(name, |(stem, _)| stem).into()
            }
            "capital" => {
                let mut letters = known?.chars();
                let first = letters.next().into_iter().flat_map(char::to_uppercase);
                first.chain(letters).collect::<String>().as_str().into()
            }
            "crate" => known?.trim_end_matches("Cargo.toml").trim_end_matches('/').into(),
            _ => return None,
        };
        Some(Argument::Text(vec![made]))
    }

    /// The file that a construct takes for its code where nothing is said: beside the program, named after the construct.
    fn beside(&self, call: &Call) -> Option<Argument> {
        let path = (self.path)(call.site);
        let (stem, _) = path.rsplit_once('.')?;
        let id = self.text(call.named.get("id")?)?;
        let id = id.as_literal()?;
        let endings = ["ts", "js", "mjs", "mts", "cts", "cjs"];
        let file =
            endings.iter().map(|ending| format!("{stem}.{id}.{ending}")).find(|file| (self.has)(file))?;
        Some(literal(&format!("{PROJECT}/{file}")))
    }

    /// The text that a value is, with places of the program's own calls left in it.
    pub(super) fn text(&self, argument: &Argument) -> Option<TemplateString> {
        let text = one_text(argument)?;
        if let Some(named) = text.as_literal().and_then(|text| text.strip_prefix(super::binding::NAMED)) {
            return Some(self.facts.value(named).as_str().into());
        }
        Some(text.fill(|hole| self.expanded(hole)))
    }

    /// What a call gives as text, where that is put together of what it was handed.
    fn expanded(&self, hole: &Hole) -> Option<TemplateString> {
        let Hole::Resource { id, attribute } = hole else { return None };
        if !id.starts_with('@') || self.depth.get() > MAX_DEPTH || self.steps.get() > MAX_STEPS {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        self.steps.set(self.steps.get() + 1);
        let made = self.expanded_within(id, attribute);
        self.depth.set(self.depth.get() - 1);
        made
    }

    fn expanded_within(&self, key: &str, path: &str) -> Option<TemplateString> {
        if path.is_empty() {
            let call = self.trace.get(key)?;
            let text = self.facts.described(&call.callee)?.text.as_ref()?;
            let value = self.value(text, Scope { key, call, extra: &[] });
            return Some(value.and_then(|value| self.text(&value)).unwrap_or_else(|| Hole::Unknown.into()));
        }
        let (before, last) = path.rsplit_once('.').unwrap_or(("", path));
        let found = self.attribute(key, before, last)?;
        let text = one_text(&found)?;
        let itself = reference(&text).is_some_and(|(to, at)| to == key && at == path);
        if itself { None } else { self.text(&found) }
    }
}

/// Whether a value is not there.
pub(super) fn is_nothing(argument: &Argument) -> bool {
    match argument {
        Argument::Nil => true,
        Argument::OneOf(several) => several.iter().all(is_nothing),
        Argument::Text(texts) => texts.is_empty(),
        _ => false,
    }
}

fn joined(several: Vec<Argument>) -> Argument {
    let mut texts: Vec<TemplateString> = vec![];
    let mut others = vec![];
    for one in several {
        match one {
            Argument::Text(more) => texts.extend(more),
            other => others.push(other),
        }
    }
    texts.sort();
    texts.dedup();
    if others.is_empty() {
        return Argument::Text(texts);
    }
    if !texts.is_empty() {
        others.push(Argument::Text(texts));
    }
    Argument::OneOf(others)
}

/// A record of fields that are all there.
pub(super) fn record(fields: IndexMap<SmolStr, Argument>) -> Argument {
    let fields = fields.into_iter().map(|(name, value)| (name, Field { value, always: true })).collect();
    Argument::Record(Record { fields, ..Record::default() })
}

/// A part of a text of the catalog.
enum Part<'t> {
    Text(&'t str),
    Own(Hole),
    Place(&'t str),
}

/// The parts of a text: `${Region}` is the deployment's own, `{…}` a place, which may hold such texts in quotes.
fn parse(text: &str) -> Vec<Part<'_>> {
    let mut parts = vec![];
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let own = open > 0 && rest.get(..open).is_some_and(|before| before.ends_with('$'));
        let before = rest.get(..open - usize::from(own)).unwrap_or_default();
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        let behind = rest.get(open + 1..).unwrap_or_default();
        let end = closing(behind);
        let inner = behind.get(..end).unwrap_or(behind);
        parts.push(match inner {
            "Region" if own => Part::Own(Hole::Region),
            "Account" if own => Part::Own(Hole::Account),
            "Partition" if own => Part::Own(Hole::Partition),
            _ if own => Part::Own(Hole::Unknown),
            place => Part::Place(place),
        });
        rest = behind.get(end + 1..).unwrap_or_default();
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

/// Where the brace that is open closes.
fn closing(text: &str) -> usize {
    let mut depth = 0_u32;
    for (place, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => return place,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// The parts between separators outside of quotes.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut quoted) = (vec![], 0, false);
    for (place, letter) in text.char_indices() {
        if letter == '\'' {
            quoted = !quoted;
        } else if letter == separator && !quoted {
            parts.extend(text.get(start..place));
            start = place + separator.len_utf8();
        }
    }
    parts.extend(text.get(start..));
    parts
}

/// The pieces of a text that stand for what calls gave.
pub(super) fn is_symbolic(text: &TemplateString) -> bool {
    text.pieces().iter().any(|piece| match piece {
        Piece::Hole(Hole::Resource { id, .. }) => id.starts_with('@'),
        _ => false,
    })
}
