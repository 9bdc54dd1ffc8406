//! Operations on texts that are known in part.

use crate::ir::Intrinsic;
use crate::text::{Hole, Piece, SmolStr, TemplateString};

use super::binding::Arguments;
use super::heap::ObjectKind;
use super::machine::Machine;
use super::shape::{Atom, Shape};

/// How many parts of a split text are told apart.
const MAX_PARTS: usize = 64;
/// How many texts a concatenation may come to.
const MAX_TEXTS: usize = 48;

impl Machine<'_> {
    /// The text with what is known of the environment and the deployment filled in.
    pub(super) fn expand(&self, text: &TemplateString) -> TemplateString {
        text.fill(|hole| match hole {
            Hole::Environment(name) => self.world.variable(name),
            other => self.world.expand(other),
        })
    }

    /// The parts of texts at a separator, as lists.
    pub(super) fn split(&mut self, receiver: &Shape, arguments: &Arguments, last: bool) -> Shape {
        let separator = self.literal(arguments.positional.first());
        let limit = arguments.get("maxsplit", 1).and_then(|limit| match limit.atoms() {
            [Atom::Number(number)] => number.parse::<usize>().ok(),
            _ => None,
        });
        let separator = separator.filter(|text| !text.is_empty());
        let mut lists = Shape::nothing();
        for (text, slot) in as_texts(receiver).iter().zip(200u16..) {
            let text = self.expand(text);
            let whole = !may_hold_separator(&text);
            let parts = match &separator {
                Some(separator) if whole => Some(split_at(&text, separator, limit, last)),
                _ => None,
            };
            let list = match parts.filter(|parts| parts.len() <= MAX_PARTS) {
                Some(parts) => {
                    let fields = parts
                        .into_iter()
                        .enumerate()
                        .map(|(place, part)| (SmolStr::from(place.to_string()), Atom::Text(part).into()));
                    self.new_object(slot, ObjectKind::List, fields.collect())
                }
                None => self.new_list(slot, &Shape::some_text()),
            };
            lists.join(&list);
        }
        lists
    }

    /// Whether what is put together are numbers rather than texts, in a language where they do not mix.
    pub(super) fn adds_numbers(&self, parts: &[Shape]) -> bool {
        let atoms = || parts.iter().flat_map(Shape::atoms);
        let is_number = |atom: &Atom| matches!(atom, Atom::Number(_));
        self.dialect().is_some_and(|dialect| dialect.sums_are_of_one_kind)
            && (parts.iter().any(|part| part.atoms().iter().all(is_number))
                || atoms().any(is_number) && !atoms().any(|atom| matches!(atom, Atom::Text(_))))
    }

    /// The only text that a value may be, where all of it is known.
    pub(super) fn literal(&self, shape: Option<&Shape>) -> Option<SmolStr> {
        match shape?.atoms() {
            [Atom::Text(text)] => self.expand(text).as_literal().map(SmolStr::from),
            _ => None,
        }
    }

    /// A text changed character by character.
    pub(super) fn change(&mut self, how: Intrinsic, receiver: &Shape, arguments: &Arguments) -> Shape {
        let first = self.literal(arguments.positional.first());
        let second = self.literal(arguments.positional.get(1));
        let mut shape = Shape::nothing();
        for text in as_texts(receiver) {
            let changed = change(how, &text, first.as_deref(), second.as_deref())
                .or_else(|| change(how, &self.expand(&text), first.as_deref(), second.as_deref()));
            shape.add(Atom::Text(changed.unwrap_or_else(|| Hole::Unknown.into())));
        }
        shape
    }

    /// A text with its places filled: `{}`, `{0}`, `{name}`, `%s`, `%(name)s`.
    pub(super) fn format(&mut self, how: Intrinsic, receiver: &Shape, arguments: &Arguments) -> Shape {
        let mut shape = Shape::nothing();
        for text in as_texts(receiver) {
            let Some(literal) = text.as_literal() else {
                shape.add(Atom::Text(Hole::Unknown.into()));
                continue;
            };
            let parts = if literal.contains('{') && how == Intrinsic::Format {
                self.braces(literal, arguments)
            } else {
                self.percents(literal, arguments)
            };
            shape.join(&join_texts(&parts));
        }
        shape
    }

    /// A text made of the arguments: one behind the other, with the first between the others, or in the places of the
    /// first that is text.
    pub(super) fn text_of_arguments(&mut self, which: Intrinsic, arguments: &Arguments) -> Shape {
        let Some((first, behind)) = arguments.positional.split_first() else { return Shape::some_text() };
        match which {
            Intrinsic::Concatenate if behind.is_empty() => self.join_elements(&Shape::text(""), Some(first)),
            Intrinsic::Concatenate => join_texts(&arguments.positional),
            Intrinsic::JoinAll => match behind {
                [list] => self.join_elements(first, Some(list)),
                parts => {
                    let mut all = vec![];
                    for part in parts {
                        if !all.is_empty() {
                            all.push(first.clone());
                        }
                        all.push(part.clone());
                    }
                    join_texts(&all)
                }
            },
            _ => {
                let is_text = |shape: &Shape| shape.atoms().iter().any(|atom| matches!(atom, Atom::Text(_)));
                let Some(place) = arguments.positional.iter().position(is_text) else {
                    return Shape::some_text();
                };
                let text = arguments.positional.get(place).cloned().unwrap_or_default();
                let positional = arguments.positional.iter().skip(place + 1).cloned().collect();
                self.format(Intrinsic::Format, &text, &Arguments { positional, ..Arguments::default() })
            }
        }
    }

    fn braces(&mut self, literal: &str, arguments: &Arguments) -> Vec<Shape> {
        let mut parts = vec![];
        let mut rest = literal;
        let mut next = 0;
        while let Some((before, after)) = rest.split_once('{') {
            parts.push(Shape::text(before));
            if let Some(escaped) = after.strip_prefix('{') {
                parts.push(Shape::text("{"));
                rest = escaped;
                continue;
            }
            let Some((place, after)) = after.split_once('}') else { break };
            let name = place.split([':', '!', '.', '[']).next().unwrap_or("");
            let value = match name.parse::<usize>() {
                Ok(index) => arguments.positional.get(index).cloned(),
                Err(_) if name.is_empty() => {
                    next += 1;
                    arguments.positional.get(next - 1).cloned()
                }
                Err(_) => self.named_place(name, arguments),
            };
            let whole = place.len() == name.len();
            parts.push(value.filter(|_| whole).unwrap_or_else(Shape::some_text));
            rest = after;
        }
        parts.push(Shape::text(&rest.replace("}}", "}")));
        parts
    }

    fn named_place(&mut self, name: &str, arguments: &Arguments) -> Option<Shape> {
        if let Some(value) = arguments.named(name) {
            return Some(value.clone());
        }
        let [Atom::Object(id)] = arguments.positional.first()?.atoms() else { return None };
        Some(self.field(*id, name)).filter(|shape| !shape.is_nothing())
    }

    fn percents(&mut self, literal: &str, arguments: &Arguments) -> Vec<Shape> {
        let values = self.percent_values(arguments);
        let mut parts = vec![];
        let mut rest = literal;
        let mut next = 0;
        while let Some((before, after)) = rest.split_once('%') {
            parts.push(Shape::text(before));
            if let Some(after) = after.strip_prefix('%') {
                parts.push(Shape::text("%"));
                rest = after;
                continue;
            }
            let (value, after) = match after.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
                Some((name, after)) => (self.named_place(name, arguments), after),
                None => {
                    next += 1;
                    (values.get(next - 1).cloned(), after)
                }
            };
            let end = after
                .find(|character: char| character.is_ascii_alphabetic())
                .map_or(after.len(), |end| end + 1);
            parts.push(value.unwrap_or_else(Shape::some_text));
            rest = after.get(end..).unwrap_or("");
        }
        parts.push(Shape::text(rest));
        parts
    }

    fn percent_values(&mut self, arguments: &Arguments) -> Vec<Shape> {
        if let Some([Atom::Object(id)]) = arguments.positional.first().map(Shape::atoms)
            && self.heap.object(*id).is_some_and(|object| object.kind == ObjectKind::List)
        {
            let (fields, _, _) = self.contents(*id);
            return fields.into_iter().map(|(_, value, _)| value).collect();
        }
        arguments.positional.clone()
    }

    /// The elements of a list one behind the other with a text between them.
    pub(super) fn join_elements(&mut self, separator: &Shape, list: Option<&Shape>) -> Shape {
        let Some([Atom::Object(id)]) = list.map(Shape::atoms) else { return Shape::some_text() };
        let (fields, elements, open) = self.contents(*id);
        if open || !elements.is_nothing() || fields.is_empty() {
            return Shape::some_text();
        }
        let mut parts = vec![];
        for (_, value, _) in fields {
            if !parts.is_empty() {
                parts.push(separator.clone());
            }
            parts.push(value);
        }
        join_texts(&parts)
    }
}

/// The texts that a value may be, as a part of a longer text.
pub(super) fn as_texts(shape: &Shape) -> Vec<TemplateString> {
    let mut texts: Vec<TemplateString> = shape
        .atoms()
        .iter()
        .map(|atom| match atom {
            Atom::Text(text) => text.clone(),
            Atom::Number(number) if !number.is_empty() => number.as_str().into(),
            Atom::Flag(flag) => if *flag { "true" } else { "false" }.into(),
            Atom::Event(path) => Hole::Event(path.clone()).into(),
            _ => Hole::Unknown.into(),
        })
        .collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// A value written out as a document: records and lists are remembered behind the text.
pub(super) fn printed(value: &Shape) -> Shape {
    let objects = value.filter(|atom| matches!(atom, Atom::Object(_)));
    let rest = value.atoms().len() > objects.atoms().len();
    let mut text = if rest || objects.is_nothing() { Shape::some_text() } else { Shape::nothing() };
    if !objects.is_nothing() {
        text.add(Atom::Native(Intrinsic::Printed, Some(Box::new(objects))));
    }
    text
}

/// Paths without their last parts.
pub(super) fn parents(paths: &Shape) -> Shape {
    // A value of which only the place is known may be in any folder.
    let is_open = |path: &TemplateString| {
        path.holes().any(|hole| matches!(hole, Hole::Event(_) | Hole::Environment(_)))
    };
    let parent = |path: TemplateString| {
        let mut parts = path.split('/');
        if parts.len() == 1 && is_open(&path) {
            return Atom::Text(Hole::Unknown.into());
        }
        parts.pop();
        let mut parent = TemplateString::new();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                parent.push_str("/");
            }
            parent.push(part);
        }
        Atom::Text(if parent.is_empty() { ".".into() } else { parent })
    };
    as_texts(paths).into_iter().map(parent).collect()
}

/// Every text that the parts come to one behind the other.
pub(super) fn join_texts(parts: &[Shape]) -> Shape {
    let mut texts = vec![TemplateString::new()];
    for part in parts {
        let choices = as_texts(part);
        if choices.len() * texts.len() > MAX_TEXTS {
            for text in &mut texts {
                text.push_hole(Hole::Unknown);
            }
            continue;
        }
        texts = texts
            .iter()
            .flat_map(|text| {
                choices.iter().map(move |choice| {
                    let mut text = text.clone();
                    text.push(choice);
                    text
                })
            })
            .collect();
    }
    texts.into_iter().map(Atom::Text).collect()
}

/// Whether a hole of the text may hold what it is split at.
fn may_hold_separator(text: &TemplateString) -> bool {
    text.holes().any(|hole| matches!(hole, Hole::Unknown | Hole::Event(_) | Hole::Environment(_)))
}

fn split_at(text: &TemplateString, separator: &str, limit: Option<usize>, last: bool) -> Vec<TemplateString> {
    let mut characters = separator.chars();
    let (Some(single), None) = (characters.next(), characters.next()) else {
        return text.as_literal().map_or_else(
            || vec![Hole::Unknown.into()],
            |literal| literal.split(separator).map(TemplateString::from).collect(),
        );
    };
    let parts = text.split(single);
    let Some(limit) = limit.filter(|limit| parts.len() > limit + 1) else { return parts };
    let keep = if last { parts.len() - limit - 1 } else { limit };
    let (head, tail) = parts.split_at(if last { keep + 1 } else { keep });
    let glue = |parts: &[TemplateString]| {
        let mut glued = TemplateString::new();
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                glued.push_str(separator);
            }
            glued.push(part);
        }
        glued
    };
    if last {
        std::iter::once(glue(head)).chain(tail.iter().cloned()).collect()
    } else {
        head.iter().cloned().chain(std::iter::once(glue(tail))).collect()
    }
}

/// The parts of texts from one place to another, by characters. Places from the end are not known.
pub(super) fn substring(receiver: &Shape, arguments: &Arguments) -> Shape {
    let place = |place: usize| match arguments.positional.get(place).map(Shape::atoms) {
        None | Some([]) => Some(None),
        Some([Atom::Number(number)]) => number.parse::<usize>().ok().map(Some),
        Some(_) => None,
    };
    let (Some(from), Some(to)) = (place(0), place(1)) else { return Shape::some_text() };
    let from = from.unwrap_or_default();
    let part = |text: TemplateString| {
        let known = text.as_literal()?;
        let length = to.map_or(usize::MAX, |to| to.saturating_sub(from));
        Some(Atom::Text(known.chars().skip(from).take(length).collect::<String>().as_str().into()))
    };
    as_texts(receiver)
        .into_iter()
        .map(|text| part(text).unwrap_or_else(|| Atom::Text(Hole::Unknown.into())))
        .collect()
}

/// The changed text, where the change touches only what is known.
fn change(
    how: Intrinsic,
    text: &TemplateString,
    first: Option<&str>,
    second: Option<&str>,
) -> Option<TemplateString> {
    match how {
        Intrinsic::Lower => Some(text.as_literal()?.to_lowercase().as_str().into()),
        Intrinsic::Upper => Some(text.as_literal()?.to_uppercase().as_str().into()),
        Intrinsic::StripPrefix => text.strip_prefix(first?),
        Intrinsic::Replace => {
            let (old, new) = (first?, second?);
            if may_hold_separator(text) {
                return None;
            }
            let mut changed = TemplateString::new();
            for piece in text.pieces() {
                match piece {
                    Piece::Text(known) => changed.push_str(&known.replace(old, new)),
                    Piece::Hole(hole) => changed.push_hole(hole.clone()),
                }
            }
            Some(changed)
        }
        Intrinsic::Strip => match text.as_literal() {
            Some(literal) => {
                let characters: Vec<char> = first.unwrap_or(" \t\r\n").chars().collect();
                Some(literal.trim_matches(characters.as_slice()).into())
            }
            // White space at the ends of a name that is not known changes nothing that matters.
            None if first.is_none() => Some(text.clone()),
            None => None,
        },
        Intrinsic::StripSuffix => Some(text.as_literal()?.trim_end_matches(first?).into()),
        _ => None,
    }
}
