//! Literals: texts, numbers, and composite ones with their elided inner types.

use gosyn::ast::{BasicLit, CompositeLit, Element, Expression, KeyedElement, LiteralValue};
use gosyn::token::LitKind;

use crate::ir::{Argument, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::Lowering;

impl Lowering {
    pub(super) fn basic(&mut self, literal: &BasicLit) -> NodeId {
        let at = self.token(literal.pos, &literal.value);
        match literal.kind {
            LitKind::String => self.builder.text(&unquote(&literal.value), at),
            LitKind::Integer | LitKind::Float => {
                let number = literal.value.replace('_', "");
                self.builder.node(Node::Number(number.into()), at)
            }
            _ => self.builder.node(Node::Number(SmolStr::default()), at),
        }
    }

    pub(super) fn composite(&mut self, literal: &CompositeLit) -> NodeId {
        let at = self.at(literal.val.pos.0);
        self.literal_of(Some(&literal.typ), &literal.val, at)
    }

    /// A literal of a type, which an outer literal may have said.
    fn literal_of(&mut self, kind: Option<&Expression>, value: &LiteralValue, at: Span) -> NodeId {
        let deep = self.builder.descend(at);
        let node = if deep { self.literal_value(kind, value, at) } else { self.builder.unknown(at) };
        self.builder.ascend();
        node
    }

    fn literal_value(&mut self, kind: Option<&Expression>, value: &LiteralValue, at: Span) -> NodeId {
        match kind {
            Some(Expression::Paren(inner)) => self.literal_value(Some(&inner.expr), value, at),
            // The elements of a list of pointers are literals of what these point to.
            Some(Expression::TypePointer(pointer)) => self.literal_value(Some(&pointer.typ), value, at),
            Some(Expression::Star(star)) => self.literal_value(Some(&star.right), value, at),
            Some(Expression::TypeSlice(slice)) => self.list(Some(&slice.typ), value, at),
            Some(Expression::TypeArray(array)) => self.list(Some(&array.typ), value, at),
            Some(Expression::TypeMap(map)) => self.map(Some(&map.key), Some(&map.val), value, at),
            Some(named) if has_field_names(value) => self.record(Some(named), value, at),
            Some(named) if value.values.iter().any(|element| element.key.is_some()) => {
                self.kind(named);
                self.map(None, None, value, at)
            }
            other => self.record(other, value, at),
        }
    }

    fn list(&mut self, kind: Option<&Expression>, value: &LiteralValue, at: Span) -> NodeId {
        let elements =
            value.values.iter().map(|element| Argument::Plain(self.element(kind, &element.val, at)));
        let elements = elements.collect();
        self.builder.node(Node::List(elements), at)
    }

    fn map(
        &mut self,
        key: Option<&Expression>,
        kind: Option<&Expression>,
        value: &LiteralValue,
        at: Span,
    ) -> NodeId {
        let mut pairs = vec![];
        for element in &value.values {
            let key = element.key.as_ref().map(|name| self.element(key, name, at));
            let value = self.element(kind, &element.val, at);
            let key = key.unwrap_or_else(|| self.builder.unknown(at));
            pairs.push((Some(key), value));
        }
        self.builder.node(Node::Record(pairs), at)
    }

    /// A literal of a type with fields, or of one of which that is not known here.
    fn record(&mut self, kind: Option<&Expression>, value: &LiteralValue, at: Span) -> NodeId {
        let fields: Vec<(Option<SmolStr>, NodeId)> = value
            .values
            .iter()
            .map(|element| {
                let inner = kind.and_then(|kind| field_type(kind, element));
                (field_name(element), self.element(inner, &element.val, at))
            })
            .collect();
        let kind = kind.and_then(|kind| self.kind(kind));
        let kind = kind.unwrap_or_else(|| self.builder.node(Node::Nil, at));
        self.builder.node(Node::Make(kind, fields), at)
    }

    fn element(&mut self, kind: Option<&Expression>, element: &Element, at: Span) -> NodeId {
        match element {
            Element::Expr(expression) => self.nested(expression),
            Element::LitValue(value) => {
                let at = if value.pos.0 > 0 { self.at(value.pos.0) } else { at };
                self.literal_of(kind, value, at)
            }
        }
    }
}

fn field_name(element: &KeyedElement) -> Option<SmolStr> {
    match &element.key {
        Some(Element::Expr(Expression::Ident(name))) => Some(name.name.as_str().into()),
        _ => None,
    }
}

fn has_field_names(value: &LiteralValue) -> bool {
    value.values.iter().all(|element| field_name(element).is_some())
}

/// The type of a field of a type that is spelled out in the literal itself.
fn field_type<'a>(kind: &'a Expression, element: &KeyedElement) -> Option<&'a Expression> {
    let Expression::TypeStruct(record) = kind else { return None };
    let name = field_name(element)?;
    let field =
        record.fields.iter().find(|field| field.name.iter().any(|known| known.name == name.as_str()))?;
    Some(&field.typ)
}

/// The text that a literal of a text stands for.
pub(super) fn unquote(literal: &str) -> String {
    if let Some(raw) = literal.strip_prefix('`') {
        return raw.strip_suffix('`').unwrap_or(raw).replace('\r', "");
    }
    let inner = literal.strip_prefix('"').unwrap_or(literal);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut text = String::with_capacity(inner.len());
    let mut letters = inner.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            text.push(letter);
            continue;
        }
        let Some(sign) = letters.next() else { break };
        let digits = match sign {
            'x' | '0'..='7' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        match sign {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            'a' | 'b' | 'f' | 'v' => text.push(' '),
            _ if digits > 0 => {
                let mut spelled = if sign.is_ascii_digit() { sign.to_string() } else { String::new() };
                for _ in 0..digits {
                    spelled.extend(letters.next_if(char::is_ascii_hexdigit));
                }
                let radix = if sign.is_ascii_digit() { 8 } else { 16 };
                let code = u32::from_str_radix(&spelled, radix).ok().and_then(char::from_u32);
                text.push(code.unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::unquote;

    #[test]
    fn texts_are_read_as_the_language_reads_them() {
        assert_eq!(unquote(r#""a\tb\"c\\""#), "a\tb\"c\\");
        assert_eq!(unquote(r#""\x41\u00e9\101""#), "A\u{e9}A");
        assert_eq!(unquote("`a\\n\r\nb`"), "a\\n\nb");
        assert_eq!(unquote("\"\\"), "");
    }
}
