//! Assignments.

use tree_sitter::Node as Part;

use crate::ir::{Argument, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::Lowering;
use super::tree::{field, named, parts, span};

impl<'s> Lowering<'s> {
    /// `left = right`; the value is what was assigned.
    pub(super) fn assignment(&mut self, part: Part<'s>, at: Span) -> NodeId {
        let (Some(left), Some(right)) = (field(part, "left"), field(part, "right")) else {
            return self.builder.unknown(at);
        };
        let spelled = self.text(left);
        let is_list = is_empty_array(right, self.text(right)) && self.is_appended(spelled);
        let mut value =
            if is_list { self.builder.node(Node::List(vec![]), span(right)) } else { self.nested(right) };
        if let Some(kind) = self.stated_type(part, spelled) {
            value = self.builder.node(Node::Cast(value, kind), at);
        }
        self.bind(left, value);
        value
    }

    /// Whether something is appended to somewhere, so that it is a list and no record.
    pub(super) fn is_appended(&self, spelled: &str) -> bool {
        self.appended.iter().any(|known| known == spelled)
    }

    /// `left .= right` and the like.
    pub(super) fn changed(&mut self, part: Part<'s>, at: Span) -> NodeId {
        let (Some(left), Some(right)) = (field(part, "left"), field(part, "right")) else {
            return self.builder.unknown(at);
        };
        let operator = field(part, "operator").map(|sign| self.text(sign)).unwrap_or_default();
        let before = self.nested(left);
        let value = self.nested(right);
        let changed = match operator {
            ".=" => self.builder.node(Node::Concat(vec![before, value]), at),
            "??=" => self.call_native("??", vec![before, value], at),
            "+=" if right.kind() == "array_creation_expression" => {
                self.call_native("array_merge", vec![value, before], at)
            }
            _ => self.builder.node(Node::Operation(vec![before, value]), at),
        };
        self.bind(left, changed);
        changed
    }

    /// Binds what stands on the left of an assignment, or in a list there.
    pub(super) fn bind(&mut self, target: Part<'s>, value: NodeId) {
        let at = span(target);
        match target.kind() {
            "variable_name" => {
                let name = self.text(target);
                if self.builder.is_own(name) || self.depth > 0 {
                    self.builder.assign(name, value, at);
                }
            }
            "by_ref" | "parenthesized_expression" => {
                if let Some(inner) = named(target).first() {
                    self.bind(*inner, value);
                }
            }
            "list_literal" | "array_creation_expression" => self.unpack(target, value),
            "member_access_expression" | "nullsafe_member_access_expression" => {
                let (Some(object), Some(name)) = (field(target, "object"), field(target, "name")) else {
                    return;
                };
                let base = self.nested(object);
                if name.kind() == "name" {
                    self.builder.store(base, self.source.slice(span(name)).into(), value, at);
                } else {
                    let name = self.nested(name);
                    self.call_native("(set)", vec![base, name, value], at);
                }
            }
            "scoped_property_access_expression" => {
                let (Some(scope), Some(name)) = (field(target, "scope"), field(target, "name")) else {
                    return;
                };
                let class = self.scope(scope);
                self.builder.store(class, self.source.slice(span(name)).into(), value, at);
            }
            "subscript_expression" => self.bind_element(target, value, at),
            _ => {}
        }
    }

    fn bind_element(&mut self, target: Part<'s>, value: NodeId, at: Span) {
        let parts = named(target);
        let Some(base) = parts.first() else { return };
        // An element of what is not there yet makes it.
        let name = self.text(*base);
        if base.kind() == "variable_name" && self.builder.is_own(name) && !self.builder.has_value(name) {
            let node = if parts.len() == 1 { Node::List(vec![]) } else { Node::Record(vec![]) };
            let made = self.builder.node(node, at);
            self.builder.assign(name, made, at);
        }
        let base = self.nested(*base);
        match parts.get(1) {
            Some(key) => {
                let key = self.nested(*key);
                self.builder.store_index(base, key, value, at);
            }
            None => {
                let append = self.native("(append)", at);
                self.builder.call(append, vec![Argument::Plain(base), Argument::Plain(value)], at);
            }
        }
    }

    /// Binds the targets in a list to the parts of a value.
    fn unpack(&mut self, list: Part<'s>, value: NodeId) {
        let mut place = 0_usize;
        let mut pending: Vec<Part<'s>> = vec![];
        let mut with_key = false;
        for part in parts(list) {
            match part.kind() {
                "," | "]" | ")" => {
                    self.unpack_one(&pending, with_key, place, value);
                    (pending, with_key) = (vec![], false);
                    place += 1;
                }
                "=>" => with_key = true,
                "array_element_initializer" => {
                    let inner = named(part);
                    with_key = inner.len() > 1;
                    pending = inner;
                }
                _ if part.is_named() => pending.push(part),
                _ => {}
            }
        }
    }

    fn unpack_one(&mut self, pending: &[Part<'s>], with_key: bool, place: usize, value: NodeId) {
        let Some(target) = pending.last() else { return };
        let at = span(*target);
        let key = match pending.first().filter(|_| with_key) {
            Some(key) => self.nested(*key),
            None => self.builder.node(Node::Number(SmolStr::from(place.to_string())), at),
        };
        let one = self.builder.node(Node::Index(value, key), at);
        self.bind(*target, one);
    }
}

/// Whether an expression makes an array without elements.
pub(super) fn is_empty_array(part: Part<'_>, spelled: &str) -> bool {
    part.kind() == "array_creation_expression" && named(part).is_empty() && !spelled.is_empty()
}
