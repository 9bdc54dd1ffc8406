//! Queries: `from x in xs where … select …`.

use tree_sitter::Node as Tree;

use crate::ir::{Argument, Node, NodeId};
use crate::text::Span;

use super::{Lowering, tree};

impl<'s> Lowering<'s> {
    /// A query as a list of what it selects.
    pub(super) fn query(&mut self, node: Tree<'s>) -> NodeId {
        let at = tree::span(node);
        let mut result = self.builder.unknown(at);
        for clause in tree::named(node) {
            match clause.kind() {
                "from_clause" => {
                    let value = tree::named(clause).into_iter().next_back().map(|source| self.nested(source));
                    self.bind_element(tree::field(clause, "name"), value, at);
                }
                "join_clause" => self.join(clause),
                "let_clause" => {
                    let parts = tree::named(clause);
                    if let [name, value] = parts.as_slice() {
                        let value = self.nested(*value);
                        let name = self.identifier(*name);
                        self.builder.assign(&name, value, at);
                    }
                }
                "select_clause" | "group_clause" => {
                    let values: Vec<NodeId> =
                        tree::named(clause).into_iter().map(|part| self.nested(part)).collect();
                    if let Some(first) = values.first() {
                        result = self.some_of(*first, at);
                    }
                }
                // `into`: what was selected so far, one by one.
                "identifier" => self.bind_element(Some(clause), Some(result), at),
                _ => {
                    for part in tree::named(clause) {
                        self.nested(part);
                    }
                }
            }
        }
        result
    }

    fn join(&mut self, clause: Tree<'s>) {
        let at = tree::span(clause);
        let parts = tree::named(clause);
        let is_type = tree::field(clause, "type").map(|part| part.id());
        let mut parts = parts.into_iter().filter(|part| Some(part.id()) != is_type);
        let (Some(name), Some(source)) = (parts.next(), parts.next()) else { return };
        let value = self.nested(source);
        self.bind_element(Some(name), Some(value), at);
        for part in parts {
            match part.kind() {
                "join_into_clause" => {
                    let name = super::first(part).map(|name| self.identifier(name));
                    if let Some(name) = name {
                        self.builder.assign(&name, value, at);
                    }
                }
                _ => {
                    self.nested(part);
                }
            }
        }
    }

    fn bind_element(&mut self, name: Option<Tree<'s>>, list: Option<NodeId>, at: Span) {
        if let (Some(name), Some(list)) = (name, list) {
            let element = self.builder.node(Node::Element(list), at);
            let name = self.identifier(name);
            self.builder.assign(&name, element, at);
        }
    }

    /// A list of unknown length of such values.
    pub(super) fn some_of(&mut self, value: NodeId, at: Span) -> NodeId {
        let any = self.builder.node(Node::List(vec![Argument::Plain(value)]), at);
        self.builder.node(Node::Slice(any), at)
    }
}
