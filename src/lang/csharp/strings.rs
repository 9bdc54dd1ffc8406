//! Texts: plain, verbatim, raw and with places.

use tree_sitter::Node as Tree;

use crate::ir::{Node, NodeId};

use super::{Lowering, tree};

impl<'s> Lowering<'s> {
    /// A text in quotation marks.
    pub(super) fn string(&mut self, node: Tree<'s>) -> NodeId {
        let mut text = String::new();
        for part in tree::named(node) {
            match part.kind() {
                "escape_sequence" => text.push_str(&unescape(self.text(part))),
                "string_literal_content" | "character_literal_content" | "raw_string_content" => {
                    text.push_str(self.text(part));
                }
                _ => {}
            }
        }
        if node.kind() == "raw_string_literal" {
            text = without_margin(&text);
        }
        self.builder.text(&text, tree::span(node))
    }

    /// `@"…"`
    pub(super) fn verbatim(&mut self, node: Tree<'s>) -> NodeId {
        let text = self.text(node).trim_start_matches('@');
        let text = text.strip_prefix('"').unwrap_or(text);
        let text = text.strip_suffix('"').unwrap_or(text);
        self.builder.text(&text.replace("\"\"", "\""), tree::span(node))
    }

    /// `$"…{x}…"`
    pub(super) fn interpolated(&mut self, node: Tree<'s>) -> NodeId {
        let at = tree::span(node);
        let start =
            tree::part_of_kind(node, "interpolation_start").map(|start| self.text(start)).unwrap_or_default();
        let mut parts = vec![];
        for part in tree::named(node) {
            let inner = tree::span(part);
            match part.kind() {
                "string_content" => {
                    let text = self.text(part);
                    let text = if start.contains('@') { text.replace("\"\"", "\"") } else { text.to_owned() };
                    parts.push(self.builder.text(&text.replace("{{", "{").replace("}}", "}"), inner));
                }
                "escape_sequence" => {
                    let text = unescape(self.text(part));
                    parts.push(self.builder.text(&text, inner));
                }
                "interpolation" => {
                    let value = tree::named(part).into_iter().find(|one| one.kind() != "interpolation_brace");
                    let formatted = tree::part_of_kind(part, "interpolation_format_clause").is_some();
                    let Some(value) = value.map(|value| self.nested(value)) else { continue };
                    let any = if formatted {
                        self.builder.node(Node::Operation(vec![value]), inner)
                    } else {
                        value
                    };
                    parts.push(any);
                }
                _ => {}
            }
        }
        if parts.is_empty() {
            return self.builder.text("", at);
        }
        // One part alone is text too.
        if parts.len() == 1 {
            parts.push(self.builder.text("", at));
        }
        self.builder.node(Node::Concat(parts), at)
    }
}

/// What an escape sequence stands for.
fn unescape(text: &str) -> String {
    let mut letters = text.chars().skip(1);
    let Some(kind) = letters.next() else { return text.to_owned() };
    let rest: String = letters.collect();
    let letter = match kind {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'e' => '\u{1b}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        'x' | 'u' | 'U' => u32::from_str_radix(&rest, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}'),
        other => other,
    };
    letter.to_string()
}

/// A raw text over several lines, without what stands in front of its last line.
fn without_margin(text: &str) -> String {
    let Some((body, margin)) = text.rsplit_once('\n').filter(|_| text.starts_with(['\n', '\r'])) else {
        return text.to_owned();
    };
    let body = body.trim_start_matches('\r').strip_prefix('\n').unwrap_or_default();
    let lines: Vec<&str> =
        body.lines().map(|line| line.strip_prefix(margin).unwrap_or_else(|| line.trim_start())).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_letters() {
        assert_eq!(unescape("\\n"), "\n");
        assert_eq!(unescape("\\u0041"), "A");
        assert_eq!(unescape("\\\""), "\"");
        assert_eq!(unescape("\\xZZ"), "\u{fffd}");
    }

    #[test]
    fn a_raw_text_loses_its_margin() {
        assert_eq!(without_margin("\n    a\n      b\n    "), "a\n  b");
        assert_eq!(without_margin("plain"), "plain");
    }
}
