//! Expressions.

use tree_sitter::Node as Part;

use crate::ir::{self, Argument, Node, NodeId};
use crate::text::Span;

use super::tree::{has_token, named, parts, span};
use super::{Lowering, With};

impl<'s> Lowering<'s> {
    /// The value of an expression.
    pub(super) fn expression(&mut self, part: Part<'s>) -> NodeId {
        let at = span(part);
        match part.kind() {
            "simple_identifier" => {
                let name = self.name(part);
                self.named_value(&name, at)
            }
            "string_literal" => self.string(part),
            "character_literal" => {
                let text = self.text(part).trim_matches('\'');
                self.builder.text(text, at)
            }
            "integer_literal" | "long_literal" | "hex_literal" | "bin_literal" | "unsigned_literal"
            | "real_literal" => {
                let spelled = self
                    .text(part)
                    .replace('_', "")
                    .trim_end_matches(['L', 'l', 'u', 'U', 'f', 'F'])
                    .to_owned();
                self.builder.node(Node::Number(spelled.into()), at)
            }
            "boolean_literal" => self.builder.node(Node::Flag(self.text(part) == "true"), at),
            "null_literal" | "null" => self.nil(at),
            "this_expression" => match named(part).first() {
                Some(_) => self.own_this(at).unwrap_or_else(|| self.builder.unknown(at)),
                None => self.this(at),
            },
            "super_expression" => self.builder.node(Node::Super, at),
            "call_expression" => self.call(part),
            "navigation_expression" | "indexing_expression" | "directly_assignable_expression" => {
                let inside = named(part);
                self.chain(&inside)
            }
            "lambda_literal" => self.lambda(part, With::Perhaps),
            "anonymous_function" => self.routine(part, &"<function>".into(), ir::Receiver::None, at),
            "callable_reference" => self.reference(part, at),
            "object_literal" => self.object(part, None),
            "parenthesized_expression" | "annotated_lambda" => self.last_inside(part, at),
            "collection_literal" => {
                let elements = named(part).into_iter().map(|one| Argument::Plain(self.nested(one))).collect();
                self.builder.node(Node::List(elements), at)
            }
            _ => self.compound(part, at),
        }
    }

    fn last_inside(&mut self, part: Part<'s>, at: Span) -> NodeId {
        match named(part).last() {
            Some(inner) => self.nested(*inner),
            None => self.builder.unknown(at),
        }
    }

    fn compound(&mut self, part: Part<'s>, at: Span) -> NodeId {
        match part.kind() {
            "if_expression" => self.branch(part),
            "when_expression" => self.when(part),
            "try_expression" => self.attempt(part),
            "jump_expression" => self.jump(part, at),
            "elvis_expression" => {
                let values: Vec<NodeId> = self.operands(part);
                self.call_native("?:", values, at)
            }
            "as_expression" => {
                let inside = named(part);
                let Some(value) = inside.first().copied() else { return self.builder.unknown(at) };
                let value = self.nested(value);
                match inside.last().copied().and_then(|kind| self.type_value(kind)) {
                    Some(kind) => self.builder.node(Node::Cast(value, kind), at),
                    None => value,
                }
            }
            "additive_expression" if has_token(part, "+") => {
                let values = self.operands(part);
                self.builder.node(Node::Concat(values), at)
            }
            "conjunction_expression"
            | "disjunction_expression"
            | "comparison_expression"
            | "check_expression"
            | "equality_expression" => self.comparison(part, at),
            "infix_expression" => self.infix(part, at),
            "postfix_expression" if has_token(part, "!!") => match named(part).first() {
                Some(inner) => self.nested(*inner),
                None => self.builder.unknown(at),
            },
            "range_expression" => {
                let ends = self.operands(part);
                self.call_native("(range)", ends, at)
            }
            "statements" => self.statements(part),
            "control_structure_body" => self.block(part),
            "postfix_expression"
            | "prefix_expression"
            | "multiplicative_expression"
            | "additive_expression" => {
                let values = self.operands(part);
                self.builder.node(Node::Operation(values), at)
            }
            "property_declaration"
            | "function_declaration"
            | "class_declaration"
            | "assignment"
            | "for_statement"
            | "while_statement" => self.statement(part).unwrap_or_else(|| self.nil(at)),
            _ => self.builder.unknown(at),
        }
    }

    fn comparison(&mut self, part: Part<'s>, at: Span) -> NodeId {
        let values = self.operands(part);
        match (has_token(part, "=="), has_token(part, "!=")) {
            (true, _) => self.call_native("==", values, at),
            (_, true) => self.call_native("!=", values, at),
            _ => self.builder.node(Node::Operation(values), at),
        }
    }

    fn operands(&mut self, part: Part<'s>) -> Vec<NodeId> {
        let inside: Vec<Part<'s>> = named(part)
            .into_iter()
            .filter(|part| !super::routine::is_type(*part) && part.kind() != "annotation")
            .collect();
        inside.into_iter().map(|operand| self.nested(operand)).collect()
    }

    /// `a to b`, `a name b`.
    fn infix(&mut self, part: Part<'s>, at: Span) -> NodeId {
        let inside = named(part);
        let [left, name, right] = inside.as_slice() else { return self.builder.unknown(at) };
        let operator = self.name(*name);
        let (left, right) = (self.nested(*left), self.nested(*right));
        if operator == "to" {
            return self.call_native("Pair", vec![left, right], at);
        }
        let method = self.builder.node(Node::Method(left, operator), span(*name));
        self.builder.call(method, vec![Argument::Plain(right)], span(*name))
    }

    /// `return x`, `throw x`, `break`, `continue`.
    fn jump(&mut self, part: Part<'s>, at: Span) -> NodeId {
        let all = parts(part);
        let is_return = all.first().is_some_and(|first| first.kind().starts_with("return"));
        let inner = named(part).into_iter().rfind(|part| part.kind() != "label");
        let value = match inner {
            Some(inner) => self.nested(inner),
            None => self.nil(at),
        };
        if is_return {
            self.builder.node(Node::Return(value), at);
        }
        // Nothing stands behind it.
        self.builder.node(Node::OneOf(vec![]), at)
    }
}
