//! A document as its author laid it out: maps, lists and scalars, each with the bytes it stands in.
//!
//! Templates, policies and configuration are all read into this one shape. Scalars that are text hold a
//! [`TemplateString`], so that a reader can replace a format's references by holes without another tree.

use indexmap::IndexMap;
use smol_str::SmolStr;

use super::{Span, TemplateString};

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The bytes of the part.
    pub span: Span,
    /// The local tag in front of it, without `!` (`Sub` of `!Sub`).
    pub tag: Option<SmolStr>,
    /// What stands there.
    pub value: Value,
}

/// What stands in a [`Node`].
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing, or `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number, as it is spelled.
    Number(SmolStr),
    /// Text.
    Text(TemplateString),
    /// A list.
    List(Vec<Node>),
    /// A map, in the order of the document.
    Map(IndexMap<SmolStr, Entry>),
}

/// A pair of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The bytes of the key.
    pub key: Span,
    /// What the key holds.
    pub node: Node,
}

impl Node {
    /// A part without a tag.
    pub fn new(span: Span, value: Value) -> Self {
        Self { span, tag: None, value }
    }

    /// The part under `key`, where this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.node)
    }

    /// The pair of `key`, where this is a map that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.as_map()?.get(key)
    }

    /// The part at the end of a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The map, where this is one.
    pub fn as_map(&self) -> Option<&IndexMap<SmolStr, Entry>> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The list, where this is one.
    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.value {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// The list, or this part alone where it is a single value; nothing for null.
    pub fn one_or_many(&self) -> &[Self] {
        match &self.value {
            Value::List(list) => list,
            Value::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// The text with its holes; a number or flag gives its spelling.
    pub fn as_template(&self) -> Option<TemplateString> {
        match &self.value {
            Value::Text(text) => Some(text.clone()),
            Value::Number(number) => Some(number.as_str().into()),
            Value::Flag(flag) => Some(if *flag { "true" } else { "false" }.into()),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The text, where all of it is known.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => text.as_literal(),
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The flag; the texts `true` and `false` count as flags.
    pub fn as_flag(&self) -> Option<bool> {
        match &self.value {
            Value::Flag(flag) => Some(*flag),
            Value::Text(text) => match text.as_literal()? {
                "true" | "True" => Some(true),
                "false" | "False" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}
