//! Conditions on a request: whether a rule, or one of its resources, is meant.
//!
//! ```text
//! condition = conjunction ("|" conjunction)*
//! conjunction = atom ("&" atom)*
//! atom = "!"? "?"? path (operator text)?
//! ```
//!
//! A path alone asks whether the member is there. The operators compare its text: `=` equal, `!=` not equal (or
//! absent), `~` contains, `~^` begins with, both whatever the case and leading white space, `^=` begins with, `$=`
//! ends with. `?` asks whether the atom is *known* to hold: what is not known counts as not holding.
//!
//! A request stands for all requests that a call may send. The answer is [`Answer::Yes`] when some of them surely
//! meets the condition: a member that is there on some paths of the program only makes both `Tags` and `!Tags` true.

use smallvec::SmallVec;

use super::Path;
use crate::text::{Piece, TemplateString};

/// A condition on a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When<'a> {
    /// One of these must hold; each is a list of atoms that must all hold.
    alternatives: SmallVec<[SmallVec<[Atom<'a>; 2]>; 1]>,
}

/// A single question about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Atom<'a> {
    negated: bool,
    known_only: bool,
    path: Path<'a>,
    test: Option<(Operator, &'a str)>,
}

/// How a text is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Contains,
    Opens,
    StartsWith,
    EndsWith,
}

/// Longer spellings first, so that `!=` is not read as `=`.
const OPERATORS: [(&str, Operator); 6] = [
    ("!=", Operator::NotEqual),
    ("~^", Operator::Opens),
    ("^=", Operator::StartsWith),
    ("$=", Operator::EndsWith),
    ("~", Operator::Contains),
    ("=", Operator::Equal),
];

/// Whether a member of a request is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Presence {
    /// In every request that the call may send.
    Always,
    /// In some of them.
    Sometimes,
    /// In none.
    Never,
    /// Nothing is known.
    Unknown,
}

/// The texts that a member of a request may have.
#[derive(Clone, Debug, Default)]
pub struct Texts<'a> {
    /// The texts that are known, flags and numbers as they are spelled (`true`).
    pub known: SmallVec<[&'a TemplateString; 2]>,
    /// Whether it may have others.
    pub open: bool,
}

/// What can be asked about a request.
pub trait Request {
    /// Whether the member at a path is there.
    fn presence(&self, path: Path<'_>) -> Presence;

    /// The texts of the member at a path; none and not open where it is not there.
    fn texts(&self, path: Path<'_>) -> Texts<'_>;
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answer {
    /// For no request that the call may send.
    No,
    /// It cannot be told.
    Maybe,
    /// For some request that the call may send.
    Yes,
}

/// The answer to an atom and the answer to its negation. Both may be yes.
#[derive(Clone, Copy)]
struct Both {
    holds: Answer,
    fails: Answer,
}

impl<'a> When<'a> {
    /// Reads a condition. Every text is one: what is not an operator belongs to a path.
    pub fn parse(text: &'a str) -> Self {
        let conjunction = |part: &'a str| part.split('&').map(Atom::parse).collect();
        Self { alternatives: text.split('|').map(conjunction).collect() }
    }

    /// Whether the condition holds for a request.
    pub fn holds(&self, request: &impl Request) -> Answer {
        let conjunction = |atoms: &SmallVec<[Atom<'a>; 2]>| {
            atoms.iter().map(|atom| atom.holds(request)).min().unwrap_or(Answer::Yes)
        };
        self.alternatives.iter().map(conjunction).max().unwrap_or(Answer::Yes)
    }

    /// The paths that the condition asks about, in the order in which it does.
    pub fn paths(&self) -> impl Iterator<Item = Path<'a>> + '_ {
        self.alternatives.iter().flatten().map(|atom| atom.path)
    }
}

impl<'a> Atom<'a> {
    fn parse(text: &'a str) -> Self {
        let (negated, text) = strip(text, '!');
        let (known_only, text) = strip(text, '?');
        let found = OPERATORS.iter().filter_map(|(spelling, operator)| {
            let (path, value) = text.split_once(spelling)?;
            Some((path, *operator, value))
        });
        // The operator that stands first is the one; the value may contain others.
        match found.min_by_key(|(path, ..)| path.len()) {
            Some((path, operator, value)) => {
                Self { negated, known_only, path: Path::new(path), test: Some((operator, value)) }
            }
            None => Self { negated, known_only, path: Path::new(text), test: None },
        }
    }

    fn holds(&self, request: &impl Request) -> Answer {
        let mut both = match self.test {
            None => present(request.presence(self.path)),
            Some((Operator::NotEqual, value)) => {
                let equal = compare(request, self.path, Operator::Equal, value);
                Both { holds: equal.fails, fails: equal.holds }
            }
            Some((operator, value)) => compare(request, self.path, operator, value),
        };
        if self.known_only && both.holds == Answer::Maybe {
            both = Both { holds: Answer::No, fails: Answer::Yes };
        }
        if self.negated { both.fails } else { both.holds }
    }
}

/// The rest behind a mark, where there is one.
fn strip(text: &str, mark: char) -> (bool, &str) {
    text.strip_prefix(mark).map_or((false, text), |rest| (true, rest))
}

fn present(presence: Presence) -> Both {
    let (holds, fails) = match presence {
        Presence::Always => (Answer::Yes, Answer::No),
        Presence::Sometimes => (Answer::Yes, Answer::Yes),
        Presence::Never => (Answer::No, Answer::Yes),
        Presence::Unknown => (Answer::Maybe, Answer::Maybe),
    };
    Both { holds, fails }
}

/// Compares every text that the member may have. A member that is absent equals nothing.
fn compare(request: &impl Request, path: Path<'_>, operator: Operator, value: &str) -> Both {
    let mut both = Both { holds: Answer::No, fails: Answer::No };
    match request.presence(path) {
        Presence::Never => return Both { holds: Answer::No, fails: Answer::Yes },
        Presence::Sometimes => both.fails = Answer::Yes,
        Presence::Unknown => both = Both { holds: Answer::Maybe, fails: Answer::Maybe },
        Presence::Always => {}
    }
    let texts = request.texts(path);
    if texts.open || texts.known.is_empty() {
        both = Both { holds: both.holds.max(Answer::Maybe), fails: both.fails.max(Answer::Maybe) };
    }
    for text in texts.known {
        match test(text, operator, value) {
            Some(true) => both.holds = Answer::Yes,
            Some(false) => both.fails = Answer::Yes,
            None => {
                both = Both { holds: both.holds.max(Answer::Maybe), fails: both.fails.max(Answer::Maybe) };
            }
        }
    }
    both
}

/// Whether a text passes, as far as its known pieces tell.
fn test(text: &TemplateString, operator: Operator, value: &str) -> Option<bool> {
    match operator {
        Operator::Equal | Operator::NotEqual => equals(text, value),
        Operator::Contains => contains(text, value),
        Operator::Opens => begins(text, value, true),
        Operator::StartsWith => begins(text, value, false),
        Operator::EndsWith => ends(text, value),
    }
}

fn equals(text: &TemplateString, value: &str) -> Option<bool> {
    match text.as_literal() {
        Some(literal) => Some(literal == value),
        None if begins(text, value, false) == Some(false) && !opens(text, value) => Some(false),
        None => None,
    }
}

/// Whether `value` begins with the known front of `text`.
fn opens(text: &TemplateString, value: &str) -> bool {
    matches!(text.pieces().first(), Some(Piece::Text(front)) if value.starts_with(front.as_str()))
}

fn contains(text: &TemplateString, value: &str) -> Option<bool> {
    let value = value.to_ascii_lowercase();
    let is_inside =
        |piece: &Piece| matches!(piece, Piece::Text(known) if known.to_ascii_lowercase().contains(&value));
    if text.pieces().iter().any(is_inside) {
        return Some(true);
    }
    text.as_literal().map(|_| false)
}

/// Whether a text begins with `value`; `loosely` whatever the case and leading white space.
fn begins(text: &TemplateString, value: &str, loosely: bool) -> Option<bool> {
    let fold = |text: &str| if loosely { text.trim_start().to_ascii_lowercase() } else { text.to_owned() };
    let value = if loosely { value.to_ascii_lowercase() } else { value.to_owned() };
    if let Some(literal) = text.as_literal() {
        return Some(fold(literal).starts_with(&value));
    }
    let Some(Piece::Text(front)) = text.pieces().first() else { return None };
    let front = fold(front);
    if front.starts_with(&value) {
        return Some(true);
    }
    // As far as the front goes it may still be the beginning.
    if value.starts_with(&front) { None } else { Some(false) }
}

fn ends(text: &TemplateString, value: &str) -> Option<bool> {
    if let Some(literal) = text.as_literal() {
        return Some(literal.ends_with(value));
    }
    let Some(Piece::Text(back)) = text.pieces().last() else { return None };
    if back.ends_with(value) {
        return Some(true);
    }
    if value.ends_with(back.as_str()) { None } else { Some(false) }
}

#[cfg(test)]
#[path = "when_tests.rs"]
mod tests;
