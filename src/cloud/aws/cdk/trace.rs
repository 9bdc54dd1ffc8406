//! The calls that a program made, as plain data: what was called, on what, with which arguments, and where.

use indexmap::IndexMap;

use crate::flow::{ApiCall, Argument, Field, Record};
use crate::text::{Hole, Site, SmolStr, TemplateString};

use super::binding::{KEY, ON, REST, SERVICE};
use super::facts::{Facts, is_class};

/// A call.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// The catalog's name of what is called.
    pub(super) callee: SmolStr,
    /// The object whose method it is.
    pub(super) on: Option<Argument>,
    /// The arguments by name.
    pub(super) named: IndexMap<SmolStr, Argument>,
    /// The arguments that have no name, in order.
    pub(super) rest: Vec<Argument>,
    /// Where it stands.
    pub(super) site: Site,
}

/// All calls by key.
pub(super) type Trace = IndexMap<SmolStr, Call>;

/// The calls that a run kept.
pub(super) fn trace(facts: &Facts, kept: &[ApiCall]) -> Trace {
    let calls = kept.iter().filter(|call| call.service == SERVICE);
    let mut trace: Trace =
        calls.filter_map(|kept| Some((text_in(&kept.arguments, KEY)?, read(facts, kept)))).collect();
    spread(&mut trace);
    trace
}

fn text_in(record: &Record, field: &str) -> Option<SmolStr> {
    match &record.fields.get(field)?.value {
        Argument::Text(texts) => texts.first()?.as_literal().map(SmolStr::from),
        _ => None,
    }
}

fn read(facts: &Facts, kept: &ApiCall) -> Call {
    let described = facts.effects(&kept.operation);
    let listed = described.iter().find_map(|known| known.parameters.clone());
    let is_made = is_class(&kept.operation);
    let parameters =
        listed.unwrap_or_else(|| if is_made { vec!["scope".to_owned(), "id".to_owned()] } else { vec![] });
    let mut call = Call {
        callee: kept.operation.clone(),
        on: None,
        named: IndexMap::new(),
        rest: vec![],
        site: kept.site,
    };
    let mut places: Vec<(usize, Argument)> = vec![];
    for (name, Field { value, .. }) in &kept.arguments.fields {
        match (name.as_str(), name.parse::<usize>()) {
            (KEY, _) => {}
            (ON, _) => call.on = Some(value.clone()),
            (REST, _) => call.rest.push(value.clone()),
            (_, Ok(place)) => places.push((place, value.clone())),
            (name, Err(_)) => drop(call.named.insert(name.into(), value.clone())),
        }
    }
    places.sort_by_key(|(place, _)| *place);
    for (place, value) in places {
        match parameters.get(place).map(String::as_str) {
            Some(name) if !name.starts_with('*') => drop(call.named.entry(name.into()).or_insert(value)),
            _ => call.rest.push(value),
        }
    }
    if let Some(name) = parameters.last().and_then(|name| name.strip_prefix('*'))
        && !call.rest.is_empty()
    {
        let list = Argument::List(std::mem::take(&mut call.rest));
        call.named.insert(name.into(), list);
    }
    call
}

/// Records behind the named arguments hold further ones; so do values that are nothing but such records.
fn spread(trace: &mut Trace) {
    let structures: IndexMap<SmolStr, IndexMap<SmolStr, Argument>> = trace
        .iter()
        .filter(|(_, call)| call.on.is_none() && is_class(&call.callee) && !call.named.contains_key("id"))
        .map(|(key, call)| {
            let mut fields = call.named.clone();
            call.rest.iter().for_each(|rest| take_fields(rest, &mut fields));
            (key.clone(), fields)
        })
        .collect();
    for call in trace.values_mut() {
        for rest in std::mem::take(&mut call.rest) {
            take_fields(&rest, &mut call.named);
            let known = references(&rest).into_iter().filter_map(|(key, _)| structures.get(&key));
            for (name, value) in known.flatten() {
                call.named.entry(name.clone()).or_insert_with(|| value.clone());
            }
            call.rest.push(rest);
        }
    }
}

fn take_fields(argument: &Argument, fields: &mut IndexMap<SmolStr, Argument>) {
    match argument {
        Argument::Record(record) => {
            for (name, field) in &record.fields {
                fields.entry(super::facts::spelled(name)).or_insert_with(|| field.value.clone());
            }
        }
        Argument::OneOf(several) => several.iter().for_each(|one| take_fields(one, fields)),
        _ => {}
    }
}

/// The calls that a value is what they gave, with the path of a member.
pub(super) fn references(argument: &Argument) -> Vec<(SmolStr, SmolStr)> {
    match argument {
        Argument::Text(texts) => texts.iter().filter_map(reference).collect(),
        Argument::List(several) | Argument::OneOf(several) => several.iter().flat_map(references).collect(),
        _ => vec![],
    }
}

/// The call and member that a text stands for, where it is nothing else.
pub(super) fn reference(text: &TemplateString) -> Option<(SmolStr, SmolStr)> {
    match text.as_hole()? {
        Hole::Resource { id, attribute } if id.starts_with('@') => Some((id.clone(), attribute.clone())),
        _ => None,
    }
}

/// A value that stands for what a call gave.
pub(super) fn referring(key: &str, path: &str) -> Argument {
    Argument::Text(vec![Hole::Resource { id: key.into(), attribute: path.into() }.into()])
}

/// A value that is this text.
pub(super) fn literal(text: &str) -> Argument {
    Argument::Text(vec![text.into()])
}

/// The one text that a value is; of several what they have in common.
pub(super) fn one_text(argument: &Argument) -> Option<TemplateString> {
    match argument {
        Argument::Text(texts) => match texts.as_slice() {
            [] => None,
            [text] => Some(text.clone()),
            several => Some(common(several)),
        },
        Argument::Flag(flag) => Some(if *flag { "true" } else { "false" }.into()),
        Argument::Number(number) if !number.is_empty() => Some(number.as_str().into()),
        Argument::OneOf(several) => several.iter().find_map(one_text),
        Argument::Unknown(_) | Argument::Number(_) => Some(Hole::Unknown.into()),
        Argument::List(_) | Argument::Record(_) | Argument::Nil => None,
    }
}

/// What texts begin and end with, and something unknown between.
fn common(texts: &[TemplateString]) -> TemplateString {
    let known: Option<Vec<&str>> = texts.iter().map(TemplateString::as_literal).collect();
    let Some([first, rest @ ..]) = known.as_deref() else { return Hole::Unknown.into() };
    let mut front = first.len();
    let mut back = first.len();
    for text in rest {
        let same = first.bytes().zip(text.bytes()).take_while(|(one, other)| one == other).count();
        let behind = first.bytes().rev().zip(text.bytes().rev()).take_while(|(one, other)| one == other);
        front = front.min(same);
        back = back.min(behind.count());
    }
    let shortest = rest.iter().map(|text| text.len()).min().unwrap_or(0).min(first.len());
    let back = back.min(shortest.saturating_sub(front));
    let mut text = TemplateString::from(first.get(..front).unwrap_or_default());
    text.push_hole(Hole::Unknown);
    text.push_str(first.get(first.len() - back..).unwrap_or_default());
    text
}
