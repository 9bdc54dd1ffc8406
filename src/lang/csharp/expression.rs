//! Expressions.

use tree_sitter::Node as Tree;

use crate::ir::{Argument, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::scope::Meaning;
use super::{Lowering, THIS, tree};

impl<'s> Lowering<'s> {
    /// The value of an expression; `wanted` is the declared type of the place that it goes to.
    pub(super) fn expression(&mut self, node: Tree<'s>, wanted: Option<Tree<'s>>) -> NodeId {
        let at = tree::span(node);
        match node.kind() {
            "string_literal" | "raw_string_literal" | "character_literal" => self.string(node),
            "verbatim_string_literal" => self.verbatim(node),
            "interpolated_string_expression" => self.interpolated(node),
            "integer_literal" | "real_literal" => {
                let spelled = self.text(node).trim_end_matches(char::is_alphabetic).replace('_', "");
                self.builder.node(Node::Number(spelled.into()), at)
            }
            "boolean_literal" => {
                let flag = self.text(node) == "true";
                self.builder.node(Node::Flag(flag), at)
            }
            "null_literal" | "default_expression" => self.builder.node(Node::Nil, at),
            "identifier" => {
                let name = self.identifier(node);
                self.named_value(&name, at)
            }
            "generic_name" => {
                let name = self.path_text(node);
                self.named_value(&name, at)
            }
            "predefined_type" => self.native(self.text(node), at),
            "this" => self.builder.read(THIS, at),
            "base" => self.builder.node(Node::Super, at),
            "member_access_expression" | "conditional_access_expression" => self.member_access(node),
            "element_access_expression" => self.element_access(node),
            "invocation_expression" => self.invocation(node),
            "object_creation_expression"
            | "implicit_object_creation_expression"
            | "anonymous_object_creation_expression"
            | "array_creation_expression"
            | "implicit_array_creation_expression"
            | "initializer_expression"
            | "collection_expression"
            | "with_expression"
            | "tuple_expression" => self.create(node, wanted),
            "lambda_expression" | "anonymous_method_expression" => self.lambda(node),
            _ => self.compound(node, wanted),
        }
    }

    fn compound(&mut self, node: Tree<'s>, wanted: Option<Tree<'s>>) -> NodeId {
        let at = tree::span(node);
        match node.kind() {
            "parenthesized_expression"
            | "await_expression"
            | "checked_expression"
            | "ref_expression"
            | "expression_element" => match super::first(node) {
                Some(inner) => self.nested_as(inner, wanted),
                None => self.builder.unknown(at),
            },
            "assignment_expression" => self.assignment(node),
            "binary_expression" => self.binary(node, wanted),
            "conditional_expression" => self.conditional(node, wanted),
            "cast_expression" => {
                let value = self.field_value(node, "value", at);
                self.as_declared(value, tree::field(node, "type"), at)
            }
            "as_expression" => {
                let value = self.field_value(node, "left", at);
                self.as_declared(value, tree::field(node, "right"), at)
            }
            "is_expression" => {
                let value = self.field_value(node, "left", at);
                self.builder.node(Node::Operation(vec![value]), at)
            }
            "is_pattern_expression" => {
                let value = self.field_value(node, "expression", at);
                if let Some(pattern) = tree::field(node, "pattern") {
                    self.pattern(pattern, value);
                }
                self.builder.node(Node::Operation(vec![value]), at)
            }
            "switch_expression" => self.switch_expression(node, wanted),
            "throw_expression" => {
                if let Some(inner) = super::first(node) {
                    self.nested(inner);
                }
                // It never comes to a value.
                self.builder.node(Node::OneOf(vec![]), at)
            }
            "typeof_expression" => match tree::field(node, "type") {
                Some(inner) => self.type_value(inner),
                None => self.builder.unknown(at),
            },
            "query_expression" => self.query(node),
            "prefix_unary_expression" | "postfix_unary_expression" => self.unary(node),
            "declaration_expression" => {
                let value = self.builder.unknown(at);
                let value = self.as_declared(value, tree::field(node, "type"), at);
                self.store(node, value);
                value
            }
            _ => {
                let parts = tree::named(node).into_iter().map(|part| self.nested(part)).collect();
                self.builder.node(Node::Operation(parts), at)
            }
        }
    }

    fn field_value(&mut self, node: Tree<'s>, field: &str, at: Span) -> NodeId {
        match tree::field(node, field) {
            Some(inner) => self.nested(inner),
            None => self.builder.unknown(at),
        }
    }

    /// What a name stands for: a variable, a member of the object or of a type around, a type, or what lies elsewhere.
    pub(super) fn named_value(&mut self, name: &str, at: Span) -> NodeId {
        if self.scopes.in_body() && self.scopes.members().is_some_and(|members| members.fixed.contains(name))
        {
            return self.builder.read(name, at);
        }
        match self.scopes.meaning(name) {
            Meaning::Instance if self.scopes.is_local(THIS) => {
                let this = self.builder.read(THIS, at);
                self.builder.node(Node::Member(this, name.into()), at)
            }
            Meaning::Instance => match self.scopes.innermost_type() {
                Some(place) => self.member_of_type(place, name, at),
                None => self.builder.read(name, at),
            },
            Meaning::Fixed(place) => self.member_of_type(place, name, at),
            Meaning::Local | Meaning::Other => self.builder.read(name, at),
        }
    }

    /// A type around, by its place.
    pub(super) fn type_at(&mut self, place: usize, at: Span) -> NodeId {
        let mut path = self.scopes.path_to(place).into_iter();
        let first = path.next().unwrap_or_default();
        let first = self.builder.read(&first, at);
        path.fold(first, |base, name| self.builder.node(Node::Member(base, name), at))
    }

    /// A member of a type around. In the body of that type it is a variable.
    pub(super) fn member_of_type(&mut self, place: usize, name: &str, at: Span) -> NodeId {
        if self.scopes.in_body() && self.scopes.innermost_type() == Some(place) {
            return self.builder.read(name, at);
        }
        let class = self.type_at(place, at);
        self.builder.node(Node::Member(class, name.into()), at)
    }

    fn member_access(&mut self, node: Tree<'s>) -> NodeId {
        let at = tree::span(node);
        if matches!(self.text(node), "string.Empty" | "String.Empty") {
            return self.builder.text("", at);
        }
        let base = tree::field(node, "expression").or_else(|| tree::field(node, "condition"));
        let Some(base) = base else { return self.builder.unknown(at) };
        let value = self.nested(base);
        if let Some(binding) = tree::part_of_kind(node, "element_binding_expression") {
            let index = self.subscript(Some(binding), at);
            return self.builder.node(Node::Index(value, index), at);
        }
        let binding = tree::part_of_kind(node, "member_binding_expression").unwrap_or(node);
        let Some(name) = tree::field(binding, "name") else { return value };
        let member: SmolStr = self.path_text(name).into();
        let token = tree::part_of_kind(name, "identifier").unwrap_or(name);
        self.builder.node(Node::Member(value, member), tree::span(token))
    }

    fn element_access(&mut self, node: Tree<'s>) -> NodeId {
        let at = tree::span(node);
        let base = self.field_value(node, "expression", at);
        let subscript = tree::field(node, "subscript");
        let inner = subscript.and_then(super::first).and_then(super::first);
        if inner.is_some_and(|inner| inner.kind() == "range_expression") {
            return self.builder.node(Node::Slice(base), at);
        }
        let index = self.subscript(subscript, at);
        self.builder.node(Node::Index(base, index), at)
    }

    /// What stands in brackets; several are a key of which nothing is known.
    pub(super) fn subscript(&mut self, list: Option<Tree<'s>>, at: Span) -> NodeId {
        let values: Vec<Tree<'s>> = list.map(tree::named).unwrap_or_default();
        let inner: Vec<Tree<'s>> = values
            .iter()
            .map(
                |value| {
                    if value.kind() == "argument" { super::first(*value).unwrap_or(*value) } else { *value }
                },
            )
            .collect();
        match inner.as_slice() {
            // `xs[^1]`
            [single] if single.kind() == "prefix_unary_expression" && self.text(*single).starts_with('^') => {
                let number = self.text(*single).replace('^', "-");
                self.builder.node(Node::Number(number.into()), at)
            }
            [single] => self.nested(*single),
            several => {
                let parts = several.iter().map(|part| self.nested(*part)).collect();
                self.builder.node(Node::Operation(parts), at)
            }
        }
    }

    fn assignment(&mut self, node: Tree<'s>) -> NodeId {
        let at = tree::span(node);
        let (Some(left), Some(right)) = (tree::field(node, "left"), tree::field(node, "right")) else {
            return self.builder.unknown(at);
        };
        let operator = tree::field(node, "operator").map_or("=", |operator| self.text(operator));
        let wanted = self.wanted_by(left);
        let value = self.nested_as(right, wanted);
        let value = match operator {
            "=" => value,
            "??=" => {
                let before = self.nested(left);
                self.either(before, value, at)
            }
            // An event takes a routine beside those that it has.
            "+=" if self.is_routine(right) => value,
            "+=" => {
                let before = self.nested(left);
                self.builder.node(Node::Concat(vec![before, value]), at)
            }
            _ => {
                let before = self.nested(left);
                self.builder.node(Node::Operation(vec![before, value]), at)
            }
        };
        self.store(left, value);
        value
    }

    /// The declared type of what an assignment writes.
    fn wanted_by(&self, left: Tree<'s>) -> Option<Tree<'s>> {
        let name = match left.kind() {
            "identifier" => left,
            "member_access_expression" if tree::field(left, "expression")?.kind() == "this" => {
                tree::field(left, "name")?
            }
            _ => return None,
        };
        self.scopes.members()?.declared.get(&self.identifier(name)).copied()
    }

    fn is_routine(&self, node: Tree<'s>) -> bool {
        let is_method =
            |name: &str| self.scopes.members().is_some_and(|members| members.methods.contains(name));
        matches!(node.kind(), "lambda_expression" | "anonymous_method_expression")
            || node.kind() == "identifier" && is_method(self.text(node))
    }

    fn either(&mut self, first: NodeId, second: NodeId, at: Span) -> NodeId {
        let either = self.native("??", at);
        self.builder.call(either, vec![Argument::Plain(first), Argument::Plain(second)], at)
    }

    fn binary(&mut self, node: Tree<'s>, wanted: Option<Tree<'s>>) -> NodeId {
        let at = tree::span(node);
        // A long sum is a deep tree: its left side is taken apart without going deeper.
        let mut operators = vec![];
        let mut left = node;
        while left.kind() == "binary_expression" {
            let (Some(inner), Some(right)) = (tree::field(left, "left"), tree::field(left, "right")) else {
                break;
            };
            let operator =
                tree::field(left, "operator").map(|operator| self.text(operator)).unwrap_or_default();
            operators.push((operator, right, tree::span(left)));
            left = inner;
        }
        if operators.is_empty() {
            return self.builder.unknown(at);
        }
        let mut value = self.nested_as(left, wanted);
        for (operator, right, at) in operators.into_iter().rev() {
            let right = self.nested_as(right, wanted);
            value = match operator {
                "+" => self.builder.node(Node::Concat(vec![value, right]), at),
                "??" => self.either(value, right, at),
                _ => self.builder.node(Node::Operation(vec![value, right]), at),
            };
        }
        value
    }

    fn conditional(&mut self, node: Tree<'s>, wanted: Option<Tree<'s>>) -> NodeId {
        let at = tree::span(node);
        self.field_value(node, "condition", at);
        let parts = [tree::field(node, "consequence"), tree::field(node, "alternative")];
        let values = parts.into_iter().flatten().map(|part| self.nested_as(part, wanted)).collect();
        self.builder.one_of(values, at)
    }

    fn switch_expression(&mut self, node: Tree<'s>, wanted: Option<Tree<'s>>) -> NodeId {
        let at = tree::span(node);
        let parts = tree::named(node);
        let subject = match parts.first() {
            Some(subject) => self.nested(*subject),
            None => return self.builder.unknown(at),
        };
        let mut values = vec![];
        for arm in parts.into_iter().filter(|part| part.kind() == "switch_expression_arm") {
            let inner = tree::named(arm);
            let Some((value, before)) = inner.split_last() else { continue };
            for part in before {
                match part.kind() {
                    "when_clause" => {
                        if let Some(condition) = super::first(*part) {
                            self.nested(condition);
                        }
                    }
                    _ => self.pattern(*part, subject),
                }
            }
            values.push(self.nested_as(*value, wanted));
        }
        self.builder.one_of(values, at)
    }

    fn unary(&mut self, node: Tree<'s>) -> NodeId {
        let at = tree::span(node);
        let Some(inner) = super::first(node) else { return self.builder.unknown(at) };
        if tree::has_token(node, "!") && node.kind() == "postfix_unary_expression" {
            return self.nested(inner);
        }
        if tree::has_token(node, "-") && inner.kind() == "integer_literal" {
            let number = format!("-{}", self.text(inner));
            return self.builder.node(Node::Number(number.into()), at);
        }
        let before = self.nested(inner);
        let value = self.builder.node(Node::Operation(vec![before]), at);
        if tree::has_token(node, "++") || tree::has_token(node, "--") {
            self.store(inner, value);
        }
        value
    }
}
