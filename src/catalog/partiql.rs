//! The table that a PartiQL statement is about, as far as its text is known.

use crate::text::{Hole, Piece, TemplateString};

/// The words behind which a table stands.
const KEYWORDS: [&str; 3] = ["from", "into", "update"];

/// The table, with `/index/name` where the statement names an index; an unknown hole where no table is seen.
pub(super) fn table(statement: &TemplateString) -> TemplateString {
    let mut words = words(statement).into_iter();
    let is_keyword = |word: &TemplateString| {
        word.as_literal().is_some_and(|word| KEYWORDS.iter().any(|key| key.eq_ignore_ascii_case(word)))
    };
    let found = words.by_ref().find(is_keyword).and_then(|_| words.next());
    let Some(name) = found else { return Hole::Unknown.into() };
    let mut result = TemplateString::new();
    for (index, part) in name.splitn(2, '.').into_iter().enumerate() {
        if index > 0 {
            result.push_str("/index/");
        }
        result.push(&part);
    }
    result
}

/// The words of a statement, without the quotes around names.
fn words(statement: &TemplateString) -> Vec<TemplateString> {
    let mut words = vec![TemplateString::new()];
    for piece in statement.pieces() {
        match piece {
            Piece::Hole(hole) => {
                if let Some(word) = words.last_mut() {
                    word.push_hole(hole.clone());
                }
            }
            Piece::Text(text) => {
                for (index, part) in text.split([' ', '\n', '\t', '\r', '(', ')', ';', ',']).enumerate() {
                    if index > 0 {
                        words.push(TemplateString::new());
                    }
                    if let Some(word) = words.last_mut() {
                        word.push_str(&part.replace(['"', '`'], ""));
                    }
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
