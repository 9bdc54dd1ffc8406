//! A call's arguments as the catalog's rules ask about them.

use smallvec::{SmallVec, smallvec};

use crate::catalog::{Path, Presence, Request, Step, Texts, is_same_name};
use crate::flow::{Argument, Field, Record};
use crate::text::TemplateString;

/// The arguments of a call.
pub(super) struct Arguments<'a> {
    record: &'a Record,
    /// Whether what is not known to be there counts as absent.
    strict: bool,
    /// The texts of numbers and flags, made once so that they can be lent.
    spelled: Vec<(Vec<Step<'a>>, TemplateString)>,
}

impl<'a> Arguments<'a> {
    /// Arguments of which what is not known may be there.
    pub(super) fn new(record: &'a Record) -> Self {
        let mut spelled = vec![];
        spell(record, &mut vec![], &mut spelled);
        Self { record, strict: false, spelled }
    }

    /// The same arguments, what is not known to be there taken as absent.
    pub(super) fn strict(&self) -> Self {
        Self { record: self.record, strict: true, spelled: self.spelled.clone() }
    }

    /// The texts that the member at a path may have; an unknown one is a hole.
    pub(super) fn choices(&self, path: Path<'_>) -> Vec<TemplateString> {
        let texts = self.texts(path);
        let mut choices: Vec<TemplateString> = texts.known.into_iter().cloned().collect();
        if texts.open {
            choices.push(crate::text::Hole::Unknown.into());
        }
        choices.sort_unstable();
        choices.dedup();
        choices
    }

    /// The texts of a member that is nothing but text, where all of them are known: nothing that is not known was put into
    /// what it stands in, which might have taken its place.
    pub(super) fn only_texts(&self, path: Path<'_>) -> Option<Vec<TemplateString>> {
        let mut texts = Texts { known: SmallVec::new(), open: false };
        self.collect_record(self.record, path.steps(), &mut texts);
        let is_spelled = {
            let steps: Vec<Step<'_>> = path.steps().collect();
            self.spelled.iter().any(|(way, _)| is_same_way(way, &steps))
        };
        let is_closed = is_closed(self.record, path.steps());
        (!texts.open && !is_spelled && is_closed).then(|| texts.known.into_iter().cloned().collect())
    }
}

/// The arguments of those requests alone in which the member at a path has one text.
pub(super) struct Chosen<'a> {
    pub(super) arguments: &'a Arguments<'a>,
    pub(super) path: Path<'a>,
    pub(super) text: &'a TemplateString,
}

impl Request for Chosen<'_> {
    fn presence(&self, path: Path<'_>) -> Presence {
        if path == self.path { Presence::Always } else { self.arguments.presence(path) }
    }

    fn texts(&self, path: Path<'_>) -> Texts<'_> {
        if path == self.path {
            return Texts { known: smallvec![self.text], open: false };
        }
        self.arguments.texts(path)
    }
}

/// Collects numbers and flags with the way to them.
fn spell<'a>(
    record: &'a Record,
    way: &mut Vec<Step<'a>>,
    spelled: &mut Vec<(Vec<Step<'a>>, TemplateString)>,
) {
    for (name, field) in &record.fields {
        if name != "*" {
            way.push(Step::Key);
            spelled.push((way.clone(), name.as_str().into()));
            way.pop();
        }
        way.push(Step::Field(name));
        spell_argument(&field.value, way, spelled);
        way.pop();
    }
}

fn spell_argument<'a>(
    argument: &'a Argument,
    way: &mut Vec<Step<'a>>,
    spelled: &mut Vec<(Vec<Step<'a>>, TemplateString)>,
) {
    match argument {
        Argument::Flag(flag) => spelled.push((way.clone(), if *flag { "true" } else { "false" }.into())),
        Argument::Number(number) if !number.is_empty() => spelled.push((way.clone(), number.as_str().into())),
        Argument::Record(record) => spell(record, way, spelled),
        Argument::List(elements) => {
            way.push(Step::Element);
            for element in elements {
                spell_argument(element, way, spelled);
            }
            way.pop();
        }
        Argument::OneOf(choices) => choices.iter().for_each(|choice| spell_argument(choice, way, spelled)),
        _ => {}
    }
}

/// A field of a record, as the language of the program spells it.
fn find<'r>(record: &'r Record, name: &str) -> Option<&'r Field> {
    let spelled =
        || record.fields.iter().find(|(known, _)| is_same_name(known, name)).map(|(_, field)| field);
    record.fields.get(name).or_else(spelled)
}

/// Whether all members of the records on the way are known.
fn is_closed<'s>(record: &Record, mut steps: impl Iterator<Item = Step<'s>> + Clone) -> bool {
    if record.open || record.fields.contains_key("*") {
        return false;
    }
    let Some(Step::Field(name)) = steps.next() else { return true };
    let Some(field) = find(record, name) else { return true };
    let choices = match &field.value {
        Argument::OneOf(choices) => choices.as_slice(),
        value => std::slice::from_ref(value),
    };
    choices.iter().all(|choice| match choice {
        Argument::Record(inner) => is_closed(inner, steps.clone()),
        _ => true,
    })
}

/// Whether two ways lead to the same member, however its names are spelled.
fn is_same_way(one: &[Step<'_>], other: &[Step<'_>]) -> bool {
    let same = |(one, other): (&Step<'_>, &Step<'_>)| match (one, other) {
        (Step::Field(one), Step::Field(other)) => is_same_name(one, other),
        _ => one == other,
    };
    one.len() == other.len() && one.iter().zip(other).all(same)
}

/// Whether a member is there on two branches.
const fn either(one: Presence, other: Presence) -> Presence {
    match (one, other) {
        (Presence::Always, Presence::Always) => Presence::Always,
        (Presence::Never, Presence::Never) => Presence::Never,
        (Presence::Always | Presence::Sometimes, _) | (_, Presence::Always | Presence::Sometimes) => {
            Presence::Sometimes
        }
        _ => Presence::Unknown,
    }
}

impl Arguments<'_> {
    const fn unknown(&self) -> Presence {
        if self.strict { Presence::Never } else { Presence::Unknown }
    }

    fn presence_in_record<'s>(
        &self,
        record: &Record,
        mut steps: impl Iterator<Item = Step<'s>> + Clone,
    ) -> Presence {
        let missing = if record.open { self.unknown() } else { Presence::Never };
        match steps.next() {
            Some(Step::Key) if record.fields.is_empty() && record.keys.is_empty() => missing,
            None | Some(Step::Key) => Presence::Always,
            Some(Step::Field(name)) => match find(record, name) {
                None => missing,
                Some(field) => {
                    let inner = self.presence_in(&field.value, steps);
                    if field.always { inner } else { either(inner, Presence::Never) }
                }
            },
            Some(Step::Value) => {
                let inner = record.fields.values().map(|field| self.presence_in(&field.value, steps.clone()));
                inner.chain([missing]).reduce(either).unwrap_or(missing)
            }
            // What stands where a list is meant is an element of it.
            Some(Step::Element) => self.presence_in_record(record, steps),
        }
    }

    fn presence_in<'s>(
        &self,
        argument: &Argument,
        mut steps: impl Iterator<Item = Step<'s>> + Clone,
    ) -> Presence {
        match argument {
            Argument::Nil => Presence::Never,
            Argument::Record(record) => self.presence_in_record(record, steps),
            Argument::OneOf(choices) => choices
                .iter()
                .map(|choice| self.presence_in(choice, steps.clone()))
                .reduce(either)
                .unwrap_or(Presence::Never),
            Argument::List(elements) => match steps.next() {
                None => Presence::Always,
                Some(Step::Element) if elements.is_empty() => self.unknown(),
                Some(Step::Element) => elements
                    .iter()
                    .map(|element| self.presence_in(element, steps.clone()))
                    .reduce(either)
                    .unwrap_or(Presence::Never),
                Some(_) => self.unknown(),
            },
            Argument::Text(_) | Argument::Flag(_) | Argument::Number(_) | Argument::Unknown(_) => {
                match steps.next() {
                    None => Presence::Always,
                    Some(Step::Element) if !matches!(argument, Argument::Unknown(_)) => {
                        self.presence_in(argument, steps)
                    }
                    Some(_) => self.unknown(),
                }
            }
        }
    }

    fn collect<'t, 's>(
        &'t self,
        argument: &'t Argument,
        mut steps: impl Iterator<Item = Step<'s>> + Clone,
        texts: &mut Texts<'t>,
    ) {
        match argument {
            Argument::OneOf(choices) => {
                for choice in choices {
                    self.collect(choice, steps.clone(), texts);
                }
            }
            Argument::Record(record) => self.collect_record(record, steps, texts),
            Argument::List(elements) => match steps.next() {
                Some(Step::Element) if !elements.is_empty() => {
                    for element in elements {
                        self.collect(element, steps.clone(), texts);
                    }
                }
                _ => texts.open = true,
            },
            Argument::Text(known) => match steps.next() {
                None => texts.known.extend(known),
                Some(Step::Element) => self.collect(argument, steps, texts),
                Some(_) => texts.open = true,
            },
            Argument::Unknown(_) => texts.open = true,
            Argument::Number(number) => texts.open |= number.is_empty(),
            Argument::Nil | Argument::Flag(_) => {}
        }
    }

    fn collect_record<'t, 's>(
        &'t self,
        record: &'t Record,
        mut steps: impl Iterator<Item = Step<'s>> + Clone,
        texts: &mut Texts<'t>,
    ) {
        match steps.next() {
            Some(Step::Field(name)) => match find(record, name) {
                Some(field) => self.collect(&field.value, steps, texts),
                None => texts.open |= record.open,
            },
            Some(Step::Value) => {
                record.fields.values().for_each(|field| self.collect(&field.value, steps.clone(), texts));
                texts.open |= record.open;
            }
            Some(Step::Key) => {
                texts.known.extend(&record.keys);
                texts.open |= record.keys.is_empty() && record.open;
            }
            Some(Step::Element) => self.collect_record(record, steps, texts),
            None => texts.open = true,
        }
    }
}

impl Request for Arguments<'_> {
    fn presence(&self, path: Path<'_>) -> Presence {
        self.presence_in_record(self.record, path.steps())
    }

    fn texts(&self, path: Path<'_>) -> Texts<'_> {
        let mut texts = Texts { known: SmallVec::new(), open: false };
        self.collect_record(self.record, path.steps(), &mut texts);
        let steps: Vec<Step<'_>> = path.steps().collect();
        texts
            .known
            .extend(self.spelled.iter().filter(|(way, _)| is_same_way(way, &steps)).map(|(_, text)| text));
        texts
    }
}
