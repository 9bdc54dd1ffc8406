//! Patterns: what they bind of a value.

use syn::Pat;

use crate::ir::{Node, NodeId};
use crate::text::{SmolStr, Span};

use super::names::Item;
use super::{Lowering, name, span};

/// Patterns that only say that a value is there.
const PRESENT: [&str; 7] = ["Break", "Continue", "Cow", "Ok", "Pin", "Ready", "Some"];

impl Lowering {
    /// Binds what a pattern takes out of a value.
    pub(super) fn bind(&mut self, pattern: &Pat, value: NodeId) {
        let at = span(pattern);
        match pattern {
            Pat::Ident(ident) => {
                if let Some((_, inner)) = &ident.subpat {
                    self.bind(inner, value);
                }
                self.bind_name(&ident.ident, value, at);
            }
            Pat::Type(typed) => {
                let value = self.cast(value, &typed.ty, at);
                self.bind(&typed.pat, value);
            }
            Pat::Reference(inner) => self.bind(&inner.pat, value),
            Pat::Paren(inner) => self.bind(&inner.pat, value),
            Pat::Guard(guarded) => {
                self.bind(&guarded.pat, value);
                self.nested(&guarded.guard);
            }
            Pat::Or(or) => or.cases.iter().for_each(|case| self.bind(case, value)),
            Pat::Tuple(tuple) => self.bind_places(tuple.elems.iter(), value, at),
            Pat::Slice(slice) => {
                for element in &slice.elems {
                    let part = self.builder.node(Node::Element(value), at);
                    self.bind(element, part);
                }
            }
            Pat::TupleStruct(variant) => self.bind_variant(variant, value, at),
            Pat::Struct(fields) => {
                let value = self.narrowed(value, &fields.path, at);
                for field in &fields.fields {
                    let member = super::class::member_name(&field.member);
                    let part = self.builder.node(Node::Member(value, member), span(&field.member));
                    self.bind(&field.pat, part);
                }
            }
            _ => {}
        }
    }

    fn bind_name(&mut self, ident: &syn::Ident, value: NodeId, at: Span) {
        let bound = name(ident);
        // A constant or a variant without fields is compared, not bound.
        if bound.starts_with(|first: char| first.is_uppercase()) {
            return;
        }
        self.builder.declare(bound.clone());
        self.builder.assign(&bound, value, at);
    }

    fn bind_places<'p>(&mut self, patterns: impl Iterator<Item = &'p Pat>, value: NodeId, at: Span) {
        for (place, pattern) in patterns.enumerate() {
            match pattern {
                Pat::Wild(_) | Pat::Rest(_) => {}
                _ => {
                    let part = self.element_at(value, place, at);
                    self.bind(pattern, part);
                }
            }
        }
    }

    /// `Some(x)`, `Shape::Circle(radius)`, `State(state)`.
    fn bind_variant(&mut self, variant: &syn::PatTupleStruct, value: NodeId, at: Span) {
        let Some(last) = variant.path.segments.last() else { return };
        let last = name(&last.ident);
        if last == "Err" {
            for inner in &variant.elems {
                let failure = self.builder.unknown(at);
                self.bind(inner, failure);
            }
            return;
        }
        if PRESENT.contains(&last.as_str()) {
            for inner in &variant.elems {
                self.bind(inner, value);
            }
            return;
        }
        let value = self.narrowed(value, &variant.path, at);
        if variant.elems.len() == 1 {
            for inner in &variant.elems {
                let payload = self.call_native("<payload>", vec![value], at);
                self.bind(inner, payload);
            }
            return;
        }
        for (place, inner) in variant.elems.iter().enumerate() {
            let part = self.builder.node(Node::Member(value, place.to_string().into()), at);
            self.bind(inner, part);
        }
    }

    /// A value as it is where it is of the class that a pattern names.
    fn narrowed(&mut self, value: NodeId, path: &syn::Path, at: Span) -> NodeId {
        let is_known = path.segments.first().is_some_and(|first| {
            let first = name(&first.ident);
            first == "Self" || self.variable(&first).is_some_and(|variable| self.is_type(&variable))
        });
        if path.segments.len() < 2 && !is_known {
            return value;
        }
        let class = self.path(path, None);
        self.call_native("<narrow>", vec![value, class], at)
    }

    fn is_type(&self, variable: &SmolStr) -> bool {
        matches!(self.items.get(variable), Some(Item::Enum | Item::Struct))
    }
}
