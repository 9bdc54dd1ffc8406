//! Snippets as YAML and JSON.

use serde_json::{Map, Value, json};

use super::tree::Tree;

/// The part as YAML; every line begins with `indent` spaces and ends in a line break.
pub(crate) fn yaml(tree: &Tree, indent: usize) -> String {
    let mut out = String::new();
    block(tree, indent, &mut out);
    out
}

fn block(tree: &Tree, indent: usize, out: &mut String) {
    match tree {
        Tree::Map(pairs) if !pairs.is_empty() => {
            for (key, value) in pairs {
                pad(indent, out);
                out.push_str(&scalar(key));
                out.push(':');
                behind(value, indent, out);
            }
        }
        Tree::List(items) if !items.is_empty() => {
            for item in items {
                pad(indent, out);
                out.push_str("- ");
                let mut inner = String::new();
                block(item, indent + 2, &mut inner);
                out.push_str(inner.get(indent + 2..).unwrap_or(&inner));
            }
        }
        single => {
            pad(indent, out);
            out.push_str(&flow(single));
            out.push('\n');
        }
    }
}

/// What stands behind a key.
fn behind(value: &Tree, indent: usize, out: &mut String) {
    let is_block = match value {
        Tree::Map(pairs) => !pairs.is_empty(),
        Tree::List(items) => !items.is_empty(),
        Tree::Text(_) | Tree::Call(..) => false,
    };
    if is_block {
        out.push('\n');
        block(value, indent + 2, out);
    } else {
        out.push(' ');
        out.push_str(&flow(value));
        out.push('\n');
    }
}

/// A part that takes one line.
fn flow(tree: &Tree) -> String {
    match tree {
        Tree::Text(text) => scalar(text),
        Tree::Call(name, argument) => format!("!{name} {}", scalar(argument)),
        Tree::List(_) => "[]".to_owned(),
        Tree::Map(_) => "{}".to_owned(),
    }
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// A text as YAML: plain where no reader could take it for something else.
fn scalar(text: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "_-./:".contains(character);
    let is_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    let begins = text.starts_with(|character: char| character.is_ascii_alphabetic());
    if begins && text.chars().all(plain) && !text.ends_with(':') && !is_word {
        return text.to_owned();
    }
    serde_json::to_string(text).unwrap_or_default()
}

/// The part as JSON; every line but the first begins with `indent` spaces.
pub(crate) fn json(tree: &Tree, indent: usize) -> String {
    let text = serde_json::to_string_pretty(&value(tree)).unwrap_or_default();
    text.replace('\n', &format!("\n{}", " ".repeat(indent)))
}

/// The part as JSON, with the long forms of functions.
fn value(tree: &Tree) -> Value {
    match tree {
        Tree::Text(text) => Value::String(text.clone()),
        Tree::Call("Ref", id) => json!({ "Ref": id }),
        Tree::Call("GetAtt", path) => {
            let (id, attribute) = path.split_once('.').unwrap_or((path, ""));
            json!({ "Fn::GetAtt": [id, attribute] })
        }
        Tree::Call(name, argument) => {
            let mut call = Map::new();
            call.insert(format!("Fn::{name}"), Value::String(argument.clone()));
            Value::Object(call)
        }
        Tree::List(items) => Value::Array(items.iter().map(value).collect()),
        Tree::Map(pairs) => {
            Value::Object(pairs.iter().map(|(key, tree)| (key.clone(), value(tree))).collect())
        }
    }
}
