//! From a path of keys to the bytes of a TOML text.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::text::Span;

/// A step into a TOML text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The value under a key.
    Key(String),
    /// The key itself.
    Name(String),
    /// An element of a list.
    Element(usize),
}

/// A path with one more key.
pub(super) fn at(path: &[Step], key: &str) -> Vec<Step> {
    [path, &[Step::Key(key.to_owned())]].concat()
}

/// A path to a key.
pub(super) fn name(path: &[Step], key: &str) -> Vec<Step> {
    [path, &[Step::Name(key.to_owned())]].concat()
}

/// A path with one more element.
pub(super) fn element(path: &[Step], index: usize) -> Vec<Step> {
    [path, &[Step::Element(index)]].concat()
}

/// The bytes at a path; of what is nearest to it where the path leads nowhere.
pub(super) fn span(text: &str, path: &[Step]) -> Span {
    let Ok(table) = DeTable::parse(text) else { return Span::default() };
    let mut span = table.span();
    let mut value: Option<&DeValue<'_>> = None;
    let root = table.get_ref();
    for step in path {
        let next: Option<&Spanned<DeValue<'_>>> = match step {
            Step::Key(key) | Step::Name(key) => {
                let inner = value.map_or(Some(root), DeValue::as_table);
                let Some((name, next)) =
                    inner.and_then(|table| table.iter().find(|(name, _)| name.get_ref() == key))
                else {
                    break;
                };
                if matches!(step, Step::Name(_)) {
                    span = name.span();
                    break;
                }
                Some(next)
            }
            Step::Element(index) => value.and_then(DeValue::as_array).and_then(|list| list.get(*index)),
        };
        let Some(next) = next else { break };
        span = next.span();
        value = Some(next.get_ref());
    }
    let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    Span::new(at(span.start), at(span.end))
}
