//! Texts and numbers as the source spells them.

use crate::text::SmolStr;

/// The text that a literal in quotes means; a text block without the margin that all its lines share.
pub(super) fn string(literal: &str) -> String {
    match literal.strip_prefix("\"\"\"").and_then(|rest| rest.strip_suffix("\"\"\"")) {
        Some(block) => unescape(&without_margin(block)),
        None => unescape(literal.trim_matches(['"', '\''])),
    }
}

/// A number without what only tells its type.
pub(super) fn number(literal: &str) -> SmolStr {
    let digits: String = literal.chars().filter(|letter| *letter != '_').collect();
    if digits.starts_with("0x") || digits.starts_with("0X") {
        return digits.trim_end_matches(['l', 'L']).into();
    }
    digits.trim_end_matches(['l', 'L', 'f', 'F', 'd', 'D']).into()
}

fn without_margin(block: &str) -> String {
    let block = block.split_once('\n').map_or(block, |(_, rest)| rest);
    let lines: Vec<&str> = block.split('\n').collect();
    let margin = |line: &&str| line.len() - line.trim_start().len();
    let counts = |place: usize, line: &&str| place + 1 == lines.len() || !line.trim().is_empty();
    let counted = lines.iter().enumerate().filter(|(place, line)| counts(*place, line));
    let shared = counted.map(|(_, line)| margin(line)).min().unwrap_or(0);
    let cut: Vec<&str> = lines
        .iter()
        .map(|line| line.get(shared..).unwrap_or("").trim_end_matches([' ', '\t', '\r']))
        .collect();
    cut.join("\n")
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('s') => out.push(' '),
            Some('0') => out.push('\0'),
            // A line that goes on behind its end.
            Some('\n') | None => {}
            Some('u') => {
                while letters.peek() == Some(&'u') {
                    letters.next();
                }
                let code: String = letters.by_ref().take(4).collect();
                let letter = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
                out.push(letter.unwrap_or('\u{fffd}'));
            }
            Some(other) => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_mean_what_is_between_the_quotes() {
        assert_eq!(string(r#""a\tb\\""#), "a\tb\\");
        assert_eq!(string("'x'"), "x");
        assert_eq!(string("\"\\u0041\""), "A");
    }

    #[test]
    fn a_text_block_loses_the_margin_of_its_lines() {
        assert_eq!(string("\"\"\"\n    SELECT *\n      FROM t\n    \"\"\""), "SELECT *\n  FROM t\n");
        assert_eq!(string("\"\"\"\n    a \\\n    b\"\"\""), "a b");
    }

    #[test]
    fn numbers_lose_the_mark_of_their_type() {
        assert_eq!(number("1_000L"), "1000");
        assert_eq!(number("0x1F"), "0x1F");
        assert_eq!(number("2.5f"), "2.5");
    }
}
