//! Texts.

use tree_sitter::Node as Part;

use crate::ir::{Node, NodeId};

use super::Lowering;
use super::tree::{field, named, span};

impl<'s> Lowering<'s> {
    /// A text without places: `'…'`.
    pub(super) fn plain_string(&mut self, part: Part<'s>) -> NodeId {
        let spelled = self.text(part).trim_start_matches(['b', 'B']);
        let inner = spelled.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(spelled);
        let plain = inner.replace("\\'", "'").replace("\\\\", "\\");
        self.builder.text(&plain, span(part))
    }

    /// A text whose lines stand below (`<<<'END'`).
    pub(super) fn nowdoc(&mut self, part: Part<'s>) -> NodeId {
        let plain = field(part, "value").map(|body| self.text(body)).unwrap_or_default();
        let plain = outdented(plain.trim_start_matches(['\r', '\n']));
        self.builder.text(&plain, span(part))
    }

    /// A piece of a text, its lines without the margin.
    fn lines(&self, piece: Part<'s>, margin: usize) -> String {
        let text = self.text(piece);
        if margin == 0 {
            return text.to_owned();
        }
        let begins = piece.start_position().column == 0;
        let shorter = |line: &'s str| {
            let blank = line.len() - line.trim_start().len();
            line.get(blank.min(margin)..).unwrap_or_default()
        };
        let lines = text.split('\n').enumerate();
        let lines = lines.map(|(place, line)| if place > 0 || begins { shorter(line) } else { line });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// A text with its places filled: `"…"`, `<<<END`.
    pub(super) fn string(&mut self, part: Part<'s>) -> NodeId {
        let at = span(part);
        let body = field(part, "value").unwrap_or(part);
        // What the lines of such a text begin with stands before its end, too.
        let margin = field(part, "end_tag").map_or(0, |end| end.start_position().column);
        let mut values = vec![];
        for piece in named(body) {
            let at = span(piece);
            match piece.kind() {
                "string_content" => {
                    let text = self.lines(piece, margin);
                    values.push(self.builder.text(&text, at));
                }
                "escape_sequence" => {
                    let plain = character(self.text(piece));
                    values.push(self.builder.text(&plain, at));
                }
                "heredoc_start" | "heredoc_end" => {}
                _ => values.push(self.nested(piece)),
            }
        }
        match values.as_slice() {
            [] => self.builder.text("", at),
            [only] if named(body).first().is_some_and(|piece| piece.kind() == "string_content") => *only,
            _ => self.builder.node(Node::Concat(values), at),
        }
    }
}

/// What a sign for a character stands for.
fn character(spelled: &str) -> String {
    let rest = spelled.strip_prefix('\\').unwrap_or(spelled);
    let code = |digits: &str, radix| u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    let found = match rest.chars().next() {
        Some('n') => Some('\n'),
        Some('t') => Some('\t'),
        Some('r') => Some('\r'),
        Some('v') => Some('\u{b}'),
        Some('e') => Some('\u{1b}'),
        Some('f') => Some('\u{c}'),
        Some('x') => rest.get(1..).and_then(|digits| code(digits, 16)),
        Some('u') => code(rest.trim_start_matches("u{").trim_end_matches('}'), 16),
        Some('0'..='7') => code(rest, 8),
        other => other,
    };
    found.map(String::from).unwrap_or_default()
}

/// Lines without what all of them begin with.
fn outdented(text: &str) -> String {
    let margin = text.lines().filter(|line| !line.trim().is_empty());
    let margin = margin.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    text.lines().map(|line| line.get(margin..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{character, outdented};
    use pretty_assertions::assert_eq;

    #[test]
    fn signs_stand_for_characters() {
        let all = [r"\n", r"\\", r"\$", r"\x41", r"\u{e9}", r"\101"].map(character);
        assert_eq!(all, ["\n", "\\", "$", "A", "é", "A"]);
    }

    #[test]
    fn a_margin_is_no_text() {
        assert_eq!(outdented("  a\n    b\n\n  c"), "a\n  b\n\nc");
    }
}
