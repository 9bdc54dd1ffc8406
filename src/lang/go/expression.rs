//! Expressions.

use gosyn::ast::{Expression, Operation};
use gosyn::token::Operator;

use crate::ir::{Node, NodeId};
use crate::text::{SmolStr, Span};

use super::Lowering;

impl Lowering {
    /// Lowers an expression one level deeper; too deep a one is not followed.
    pub(super) fn nested(&mut self, expression: &Expression) -> NodeId {
        let at = self.place(expression);
        let value =
            if self.builder.descend(at) { self.expression(expression) } else { self.builder.unknown(at) };
        self.builder.ascend();
        value
    }

    /// Where an expression has its most telling token.
    pub(super) fn place(&self, expression: &Expression) -> Span {
        match expression {
            Expression::Ident(name) => self.token(name.pos, &name.name),
            Expression::Selector(selector) => self.token(selector.sel.pos, &selector.sel.name),
            Expression::BasicLit(literal) => self.token(literal.pos, &literal.value),
            Expression::Call(call) => self.at(call.pos.0),
            Expression::CompositeLit(literal) => self.at(literal.val.pos.0),
            Expression::Operation(operation) => self.at(operation.pos),
            Expression::FuncLit(literal) => self.at(literal.typ.pos),
            Expression::Index(index) => self.at(index.pos.0),
            Expression::Slice(slice) => self.at(slice.pos.0),
            Expression::Star(star) => self.at(star.pos),
            Expression::Paren(inner) => self.at(inner.pos.0),
            Expression::TypeAssert(assertion) => self.at(assertion.pos.0),
            _ => Span::default(),
        }
    }

    fn expression(&mut self, expression: &Expression) -> NodeId {
        let at = self.place(expression);
        match expression {
            Expression::Ident(name) => self.name(&name.name, at),
            Expression::BasicLit(literal) => self.basic(literal),
            Expression::FuncLit(literal) => self.function_literal(literal),
            Expression::CompositeLit(literal) => self.composite(literal),
            Expression::Call(call) => self.call(call),
            Expression::Selector(selector) => {
                let base = self.nested(&selector.x);
                self.builder.node(Node::Member(base, selector.sel.name.as_str().into()), at)
            }
            Expression::Paren(inner) => self.nested(&inner.expr),
            // A pointer is what it points to.
            Expression::Star(star) => self.nested(&star.right),
            Expression::Operation(operation) => self.operation(operation, at),
            Expression::Index(index) => {
                let base = self.nested(&index.left);
                let place = self.nested(&index.index);
                self.builder.node(Node::Index(base, place), at)
            }
            Expression::IndexList(index) => self.nested(&index.left),
            Expression::Slice(slice) => {
                let base = self.nested(&slice.left);
                for part in slice.index.iter().flatten() {
                    self.nested(part);
                }
                self.builder.node(Node::Slice(base), at)
            }
            Expression::TypeAssert(assertion) => {
                let value = self.nested(&assertion.left);
                let kind = assertion.right.as_ref().and_then(|kind| self.kind(kind));
                kind.map_or(value, |kind| self.builder.node(Node::Cast(value, kind), at))
            }
            Expression::Range(range) => self.nested(&range.right),
            _ => self.builder.unknown(at),
        }
    }

    fn name(&mut self, name: &str, at: Span) -> NodeId {
        if self.builder.declares(name) {
            return self.builder.read(name, at);
        }
        match name {
            "nil" => self.builder.node(Node::Nil, at),
            "true" | "false" => self.builder.node(Node::Flag(name == "true"), at),
            "iota" => self.builder.node(Node::Number(SmolStr::default()), at),
            "_" => self.builder.unknown(at),
            _ => self.builder.read(name, at),
        }
    }

    fn operation(&mut self, operation: &Operation, at: Span) -> NodeId {
        if operation.y.is_none() {
            return self.unary(operation, at);
        }
        // A long sum nests to its left as deep as it is long.
        let mut parts = vec![];
        let mut next = operation;
        let first = loop {
            parts.extend(next.y.as_deref());
            match next.x.as_ref() {
                Expression::Operation(inner) if inner.op == operation.op && inner.y.is_some() => next = inner,
                other => break other,
            }
        };
        let mut values = vec![self.nested(first)];
        values.extend(parts.into_iter().rev().map(|part| self.nested(part)));
        let node = if operation.op == Operator::Add { Node::Concat(values) } else { Node::Operation(values) };
        self.builder.node(node, at)
    }

    fn unary(&mut self, operation: &Operation, at: Span) -> NodeId {
        if let (Operator::Sub, Expression::BasicLit(literal)) = (operation.op, operation.x.as_ref()) {
            return self.builder.node(Node::Number(format!("-{}", literal.value).into()), at);
        }
        let value = self.nested(&operation.x);
        match operation.op {
            // An address is what stands there.
            Operator::And => value,
            Operator::Arrow => self.builder.node(Node::Element(value), at),
            _ => self.builder.node(Node::Operation(vec![value]), at),
        }
    }
}
