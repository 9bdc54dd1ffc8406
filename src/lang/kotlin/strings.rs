//! Texts.

use tree_sitter::Node as Part;

use crate::ir::{Node, NodeId};

use super::Lowering;
use super::tree::{named, span};

impl<'s> Lowering<'s> {
    /// A text with its places filled.
    pub(super) fn string(&mut self, part: Part<'s>) -> NodeId {
        let at = span(part);
        let is_raw = self.text(part).starts_with("\"\"\"");
        let mut values = vec![];
        for piece in named(part) {
            let at = span(piece);
            match piece.kind() {
                "string_content" if is_raw => values.push(self.builder.text(self.text(piece), at)),
                "string_content" => {
                    let plain = unescaped(self.text(piece));
                    values.push(self.builder.text(&plain, at));
                }
                "interpolated_identifier" => {
                    let name = self.name(piece);
                    let value = if name == "this" { self.this(at) } else { self.named_value(&name, at) };
                    values.push(value);
                }
                "interpolated_expression" => {
                    if let Some(inner) = named(piece).first() {
                        values.push(self.nested(*inner));
                    }
                }
                _ => {}
            }
        }
        match values.as_slice() {
            [] => self.builder.text("", at),
            [only] if named(part).len() == 1 => *only,
            _ => self.builder.node(Node::Concat(values), at),
        }
    }
}

/// A piece of a text without its signs for characters.
fn unescaped(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(sign) = rest.next() {
        if sign != '\\' {
            plain.push(sign);
            continue;
        }
        match rest.next() {
            Some('n') => plain.push('\n'),
            Some('t') => plain.push('\t'),
            Some('r') => plain.push('\r'),
            Some('b') => plain.push('\u{8}'),
            Some('u') => {
                let code: String = rest.by_ref().take(4).collect();
                plain.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            Some(other) => plain.push(other),
            None => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::unescaped;
    use pretty_assertions::assert_eq;

    #[test]
    fn signs_stand_for_characters() {
        assert_eq!(unescaped(r#"a\n\"b\$\u0041\\"#), "a\n\"b$A\\");
        assert_eq!(unescaped("plain"), "plain");
    }
}
