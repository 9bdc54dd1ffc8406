//! Targets of assignments, deconstruction, and patterns.

use tree_sitter::Node as Tree;

use crate::ir::{Node, NodeId};
use crate::text::SmolStr;

use super::scope::Meaning;
use super::{Lowering, THIS, tree};

impl<'s> Lowering<'s> {
    /// Stores a value where an expression says.
    pub(super) fn store(&mut self, target: Tree<'s>, value: NodeId) {
        let at = tree::span(target);
        match target.kind() {
            "identifier" => {
                let name = self.identifier(target);
                self.store_name(&name, value, target);
            }
            "member_access_expression" => {
                let (Some(base), Some(name)) =
                    (tree::field(target, "expression"), tree::field(target, "name"))
                else {
                    return;
                };
                let base = self.nested(base);
                let field = self.path_text(name);
                self.builder.store(base, field.into(), value, tree::span(name));
            }
            "element_access_expression" => {
                let Some(base) = tree::field(target, "expression") else { return };
                let base = self.nested(base);
                let index = self.subscript(tree::field(target, "subscript"), at);
                self.builder.store_index(base, index, value, at);
            }
            "tuple_expression" | "tuple_pattern" => self.take_apart(target, value),
            "declaration_expression" => {
                if let Some(name) = tree::field(target, "name") {
                    let name = self.identifier(name);
                    self.builder.assign(&name, value, at);
                }
            }
            "parenthesized_expression" | "prefix_unary_expression" | "postfix_unary_expression" => {
                if let Some(inner) = super::first(target) {
                    self.store(inner, value);
                }
            }
            _ => {}
        }
    }

    fn store_name(&mut self, name: &SmolStr, value: NodeId, target: Tree<'s>) {
        let at = tree::span(target);
        match self.scopes.meaning(name) {
            Meaning::Local => self.builder.assign(name, value, at),
            Meaning::Fixed(place) => {
                let class = self.type_at(place, at);
                self.builder.store(class, name.clone(), value, at);
            }
            Meaning::Instance | Meaning::Other => {
                // A member that a base declares is the object's, or in what is static the type's.
                let base = if self.scopes.is_local(THIS) {
                    Some(self.builder.read(THIS, at))
                } else {
                    self.scopes.innermost_type().map(|place| self.type_at(place, at))
                };
                if let Some(base) = base {
                    self.builder.store(base, name.clone(), value, at);
                }
            }
        }
    }

    /// Gives the variables of a tuple the parts of a value.
    pub(super) fn take_apart(&mut self, tuple: Tree<'s>, value: NodeId) {
        for (place, part) in tree::named(tuple).into_iter().enumerate() {
            let at = tree::span(part);
            let index = self.builder.node(Node::Number(place.to_string().into()), at);
            let value = self.builder.node(Node::Index(value, index), at);
            match part.kind() {
                "argument" => {
                    if let Some(target) = tree::named(part).into_iter().next_back() {
                        self.store(target, value);
                    }
                }
                "discard" | "implicit_type" => {}
                _ => self.store(part, value),
            }
        }
    }

    /// Binds the variables of a pattern; types give the value theirs.
    pub(super) fn pattern(&mut self, pattern: Tree<'s>, subject: NodeId) {
        let at = tree::span(pattern);
        if !self.builder.descend(at) {
            self.builder.ascend();
            return;
        }
        match pattern.kind() {
            "declaration_pattern" | "var_pattern" | "recursive_pattern" | "list_pattern" => {
                let declared = tree::field(pattern, "type");
                let value = self.as_declared(subject, declared, at);
                if let Some(name) = tree::field(pattern, "name") {
                    let name = self.identifier(name);
                    self.builder.assign(&name, value, at);
                }
                self.inner_patterns(pattern, value);
            }
            "constant_pattern" | "relational_pattern" => {
                if let Some(value) = super::first(pattern).filter(|part| part.kind() != "identifier") {
                    self.nested(value);
                }
            }
            "or_pattern" | "and_pattern" | "negated_pattern" | "parenthesized_pattern" => {
                for part in tree::named(pattern) {
                    self.pattern(part, subject);
                }
            }
            _ => {}
        }
        self.builder.ascend();
    }

    fn inner_patterns(&mut self, pattern: Tree<'s>, value: NodeId) {
        let at = tree::span(pattern);
        for clause in tree::named(pattern) {
            match clause.kind() {
                "property_pattern_clause" | "positional_pattern_clause" => {
                    for (place, part) in tree::named(clause).into_iter().enumerate() {
                        let parts = tree::named(part);
                        let Some(inner) = parts.last() else { continue };
                        let part_value = match parts.first().filter(|_| parts.len() > 1) {
                            Some(name) => {
                                let name = self.text(*name);
                                name.split('.').fold(value, |base, name| {
                                    self.builder.node(Node::Member(base, name.into()), at)
                                })
                            }
                            None => {
                                let index = self.builder.node(Node::Number(place.to_string().into()), at);
                                self.builder.node(Node::Index(value, index), at)
                            }
                        };
                        self.pattern(*inner, part_value);
                    }
                }
                kind if kind.ends_with("_pattern") => {
                    let element = self.builder.node(Node::Element(value), at);
                    self.pattern(clause, element);
                }
                "parenthesized_variable_designation" => self.take_apart(clause, value),
                _ => {}
            }
        }
    }
}
