//! What a trigger says of the events that it sends: names of its source, the keys that its filter lets through, the
//! constants of its pattern.

use super::facts::{EventPart, trigger};
use super::model::{Deployment, Trigger};
use super::paths::walk;
use crate::catalog::is_same_name;
use crate::text::tree::{Node, Value};
use crate::text::{FileId, Hole, Source, TemplateString, yaml};

/// How many texts a pattern may name for one part of the event.
const LIMIT: usize = 16;

impl Deployment {
    /// The texts that a part of the event may be when the trigger sends it; none where that is open.
    pub fn event_part(&self, by: &Trigger, path: &str) -> Vec<TemplateString> {
        let Some(row) = trigger(&by.kind) else { return vec![] };
        let name = |source: &TemplateString| source.split(':').pop()?.split('/').pop();
        // A language may spell the parts of an event in its own way.
        let part = row.event.iter().find(|(known, _)| is_same_name(known, path)).map(|(_, part)| part);
        let known = match (part, &by.source) {
            (Some(EventPart::Arn), Some(source)) => Some(source.clone()),
            (Some(EventPart::Name), Some(source)) => name(source),
            (Some(EventPart::Key), _) => key(&by.properties, path),
            _ => None,
        };
        known.map_or_else(|| self.constants(by, &row.patterns, path), |known| vec![known])
    }

    /// The constants of a pattern: of the trigger itself, or of the resource that is its source.
    fn constants(&self, by: &Trigger, properties: &[String], path: &str) -> Vec<TemplateString> {
        let of_source = || {
            let (_, resource) = self.resource_of(by.source.as_ref()?)?;
            pattern(&resource.properties, properties)
        };
        let Some(pattern) = pattern(&by.properties, properties).or_else(of_source) else { return vec![] };
        let mut node = &pattern;
        for key in path.split('.') {
            let Some(next) = node.get(key.trim_end_matches("[]")) else { return vec![] };
            node = next;
        }
        let items = node.as_list().unwrap_or_default();
        let texts: Option<Vec<TemplateString>> = items.iter().map(|item| constant(item, path)).collect();
        texts.filter(|texts| texts.len() <= LIMIT).unwrap_or_default()
    }
}

/// The pattern among the properties, as a document: templates write it out, programs often as text.
fn pattern(properties: &Node, names: &[String]) -> Option<Node> {
    let stated = names.iter().find_map(|name| properties.get(name))?;
    match stated.as_str() {
        Some(text) => {
            let (node, problems) = yaml::parse(&Source::new("", text), FileId(0));
            problems.is_empty().then_some(node)
        }
        None => Some(stated.clone()),
    }
}

/// A value of a pattern: a text, or what a text begins with.
fn constant(item: &Node, path: &str) -> Option<TemplateString> {
    match &item.value {
        Value::Map(_) => {
            let mut text = item.get("prefix")?.as_template()?;
            text.push_hole(Hole::Event(path.into()));
            Some(text)
        }
        _ => item.as_template(),
    }
}

/// The keys that a notification's filter lets through.
fn key(properties: &Node, path: &str) -> Option<TemplateString> {
    let mut ends = [TemplateString::new(), TemplateString::new()];
    for (end, word) in ends.iter_mut().zip(["prefix", "suffix"]) {
        let rules = walk(properties, "Filter.S3Key.Rules[]").into_iter();
        let named = rules.filter(|rule| {
            rule.get("Name").and_then(Node::as_str).is_some_and(|name| name.eq_ignore_ascii_case(word))
        });
        let plain = [format!("rules[].{word}"), format!("Filter.{word}"), format!("filter_{word}")];
        let plain = plain.iter().filter_map(|path| walk(properties, path).first().copied());
        let mut found = named.filter_map(|rule| rule.get("Value")).chain(plain);
        if let Some(text) = found.find_map(Node::as_template) {
            *end = text;
        }
    }
    let [prefix, suffix] = ends;
    if prefix.is_empty() && suffix.is_empty() {
        return None;
    }
    let mut key = prefix;
    key.push_hole(Hole::Event(path.into()));
    key.push(&suffix);
    Some(key)
}
