//! `samconfig`: the values that a deployment is given in each of its environments.

use indexmap::IndexMap;

use super::super::Settings;
use super::super::model::Environment;
use crate::text::tree::{Entry, Node, Value};
use crate::text::{FileId, SmolStr, Source, Span, paths, yaml};

/// The environment that is deployed where nobody says.
const DEFAULT: &str = "default";
/// The names of the file.
const NAMES: &[&str] = &["samconfig.toml", "samconfig.yaml", "samconfig.yml"];
/// The commands whose settings count, the more particular first.
const COMMANDS: &[&str] = &["deploy", "global"];

/// What the environment that is meant says.
pub(in crate::infra) struct Profile {
    /// The environment.
    pub(in crate::infra) environment: Environment,
    /// The values of parameters.
    values: IndexMap<SmolStr, SmolStr>,
}

/// The profile for a template, where a file beside it has one. The environment that was asked for counts, else that of
/// the name `default`.
pub(in crate::infra) fn profile(template: &Source, settings: &Settings<'_>) -> Option<Profile> {
    let folder = paths::folder(template.path());
    let document = NAMES.iter().find_map(|name| {
        let text = (settings.sibling)(&paths::join(folder, name))?;
        let is_toml = name.rsplit('.').next() == Some("toml");
        Some(if is_toml { of_toml(&text) } else { yaml::parse(&Source::new("", text), FileId(0)).0 })
    })?;
    let others: Vec<SmolStr> = document
        .as_map()?
        .iter()
        .filter(|(_, entry)| entry.node.as_map().is_some())
        .map(|(name, _)| name.clone())
        .collect();
    let asked = settings.environment.filter(|name| others.iter().any(|other| other == name));
    let name = asked.unwrap_or(DEFAULT);
    let part = |key: &str| {
        COMMANDS.iter().find_map(|command| document.at(&[name, command, "parameters", key])).cloned()
    };
    let file = part("template_file").or_else(|| part("template"));
    let file = file.as_ref().and_then(Node::as_str).unwrap_or("template.yaml");
    let stem = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path).to_owned();
        name.rsplit_once('.').map_or(name.clone(), |(stem, _)| stem.to_owned())
    };
    if stem(file) != stem(template.path()) {
        return None;
    }
    let values = part("parameter_overrides").map(|stated| overrides(&stated)).unwrap_or_default();
    if values.is_empty() && asked.is_none() {
        return None;
    }
    let environment = Environment { name: name.into(), chosen: asked.is_some(), others };
    Some(Profile { environment, values })
}

impl Profile {
    /// Gives the parameters of a template their values.
    pub(in crate::infra) fn apply(&self, template: &mut Node) {
        let Value::Map(parts) = &mut template.value else { return };
        let Some(Value::Map(parameters)) = parts.get_mut("Parameters").map(|entry| &mut entry.node.value)
        else {
            return;
        };
        for (name, value) in &self.values {
            if let Some(Value::Map(parameter)) = parameters.get_mut(name).map(|entry| &mut entry.node.value) {
                let node = Node::new(Span::default(), Value::Text(value.as_str().into()));
                parameter.insert("Default".into(), Entry { key: Span::default(), node });
            }
        }
    }
}

/// `A=1 B="x y"`, a list of such, `ParameterKey=A,ParameterValue=1`, or a map.
fn overrides(stated: &Node) -> IndexMap<SmolStr, SmolStr> {
    if let Some(map) = stated.as_map() {
        let pair = |(name, entry): (&SmolStr, &Entry)| {
            Some((name.clone(), SmolStr::from(entry.node.as_template()?.to_string())))
        };
        return map.iter().filter_map(pair).collect();
    }
    let words = stated.one_or_many().iter().filter_map(Node::as_str).flat_map(words);
    let pair = |word: String| {
        if let Some(rest) = word.strip_prefix("ParameterKey=") {
            let (name, value) = rest.split_once(",ParameterValue=")?;
            return Some((SmolStr::from(name), SmolStr::from(value)));
        }
        let (name, value) = word.split_once('=')?;
        Some((SmolStr::from(name), SmolStr::from(value)))
    };
    words.filter_map(pair).collect()
}

/// The words of a line; what stands between quotes is one.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (vec![], String::new(), None);
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, ' ' | '\n' | '\t') => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            (_, '\\') => {}
            _ => word.push(letter),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// A document in TOML; nothing where it is none.
fn of_toml(text: &str) -> Node {
    toml::from_str::<toml::Value>(text).map_or_else(|_| node(Value::Null), |value| of_value(&value))
}

fn of_value(value: &toml::Value) -> Node {
    node(match value {
        toml::Value::String(text) => Value::Text(text.as_str().into()),
        toml::Value::Integer(number) => Value::Number(number.to_string().into()),
        toml::Value::Float(number) => Value::Number(number.to_string().into()),
        toml::Value::Boolean(flag) => Value::Flag(*flag),
        toml::Value::Datetime(time) => Value::Text(time.to_string().as_str().into()),
        toml::Value::Array(items) => Value::List(items.iter().map(of_value).collect()),
        toml::Value::Table(table) => {
            let entry = |(key, value): (&String, &toml::Value)| {
                (SmolStr::from(key), Entry { key: Span::default(), node: of_value(value) })
            };
            Value::Map(table.iter().map(entry).collect())
        }
    })
}

fn node(value: Value) -> Node {
    Node::new(Span::default(), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_are_written_in_several_ways() {
        let read = |toml: &str| {
            let values = overrides(of_toml(toml).get("x").unwrap());
            values.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(";")
        };
        assert_eq!(read("x = 'A=1 B=\"two words\" C=\\\"3\\\"'"), "A=1;B=two words;C=3");
        assert_eq!(read("x = ['A=1', 'B=2=2']"), "A=1;B=2=2");
        assert_eq!(read("x = 'ParameterKey=A,ParameterValue=1 ParameterKey=B,ParameterValue=2'"), "A=1;B=2");
        assert_eq!(read("x = {A = 1}"), "A=1");
    }
}
