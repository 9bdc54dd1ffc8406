//! Expressions.

use syn::{BinOp, Expr, Lit, UnOp};

use crate::ir::{Argument, Node, NodeId};
use crate::text::Span;

use super::names::is_assignment;
use super::{Lowering, span};

impl Lowering {
    pub(super) fn expression(&mut self, expression: &Expr) -> NodeId {
        let at = span(expression);
        match expression {
            Expr::Path(path) => self.path(&path.path, path.qself.as_ref()),
            Expr::Lit(literal) => self.constant_value(&literal.lit, at),
            Expr::MethodCall(call) => self.method_call(call),
            Expr::Call(call) => self.function_call(call),
            Expr::Struct(literal) => self.literal(literal),
            Expr::Macro(call) => self.expand(&call.mac),
            Expr::Field(field) => {
                let base = self.nested(&field.base);
                let member = super::class::member_name(&field.member);
                self.builder.node(Node::Member(base, member), span(&field.member))
            }
            Expr::Index(index) => self.indexed(index, at),
            Expr::Closure(closure) => self.lambda(closure),
            Expr::Async(inner) => self.detached(&inner.block, at),
            Expr::Await(inner) => self.nested(&inner.base),
            Expr::Try(inner) => self.nested(&inner.expr),
            Expr::Reference(inner) => self.nested(&inner.expr),
            Expr::Paren(inner) => self.nested(&inner.expr),
            Expr::Group(inner) => self.nested(&inner.expr),
            Expr::Cast(inner) => self.nested(&inner.expr),
            Expr::RawAddr(inner) => self.nested(&inner.expr),
            Expr::Unary(unary) => self.unary(unary, at),
            Expr::Binary(binary) => self.binary(binary, at),
            Expr::Array(array) => {
                let elements = self.plain(&array.elems);
                self.builder.node(Node::List(elements), at)
            }
            Expr::Repeat(repeat) => {
                let element = self.nested(&repeat.expr);
                self.builder.node(Node::List(vec![Argument::Plain(element)]), at)
            }
            Expr::Tuple(tuple) if tuple.elems.is_empty() => self.nil(at),
            Expr::Tuple(tuple) => {
                let elements = self.plain(&tuple.elems);
                self.builder.node(Node::List(elements), at)
            }
            other => self.statement(other, at),
        }
    }

    /// Expressions that lead somewhere.
    fn statement(&mut self, expression: &Expr, at: Span) -> NodeId {
        match expression {
            Expr::Assign(assign) => {
                let value = self.nested(&assign.right);
                self.write(&assign.left, value);
                self.nil(at)
            }
            Expr::Block(inner) => self.block(&inner.block),
            Expr::Unsafe(inner) => self.block(&inner.block),
            Expr::Const(inner) => self.block(&inner.block),
            Expr::TryBlock(inner) => self.detached(&inner.block, at),
            Expr::If(branch) => self.branch(branch),
            Expr::Match(choice) => self.choice(choice),
            Expr::ForLoop(each) => self.each(each),
            Expr::While(repeat) => self.repeat_while(repeat),
            Expr::Loop(repeat) => self.repeat_forever(repeat),
            Expr::Break(stop) => self.stop(stop),
            Expr::Continue(_) => self.never(at),
            Expr::Return(back) => self.give_back(back),
            Expr::Let(binding) => {
                self.nested(&binding.expr);
                self.builder.unknown(at)
            }
            Expr::Range(range) => {
                for end in range.start.iter().chain(&range.end) {
                    self.nested(end);
                }
                self.call_native("<range>", vec![], at)
            }
            Expr::Yield(given) => {
                if let Some(value) = &given.expr {
                    self.nested(value);
                }
                self.nil(at)
            }
            _ => self.builder.unknown(at),
        }
    }

    fn constant_value(&mut self, literal: &Lit, at: Span) -> NodeId {
        match literal {
            Lit::Str(text) => self.builder.text(&text.value(), at),
            Lit::ByteStr(bytes) => {
                let text = String::from_utf8_lossy(&bytes.value()).into_owned();
                self.builder.text(&text, at)
            }
            Lit::Char(letter) => self.builder.text(&letter.value().to_string(), at),
            Lit::Int(number) => self.builder.node(Node::Number(number.base10_digits().into()), at),
            Lit::Float(number) => self.builder.node(Node::Number(number.base10_digits().into()), at),
            Lit::Bool(flag) => self.builder.node(Node::Flag(flag.value), at),
            _ => self.builder.unknown(at),
        }
    }

    fn indexed(&mut self, index: &syn::ExprIndex, at: Span) -> NodeId {
        let base = self.nested(&index.expr);
        if let Expr::Range(range) = index.index.as_ref() {
            if range.start.is_none() && range.end.is_none() {
                return base;
            }
            for end in range.start.iter().chain(&range.end) {
                self.nested(end);
            }
            return self.builder.node(Node::Slice(base), at);
        }
        let key = self.nested(&index.index);
        self.builder.node(Node::Index(base, key), at)
    }

    fn unary(&mut self, unary: &syn::ExprUnary, at: Span) -> NodeId {
        let inner = self.nested(&unary.expr);
        match unary.op {
            UnOp::Deref(_) => inner,
            _ => self.builder.node(Node::Operation(vec![inner]), at),
        }
    }

    /// A chain of operators is as flat here as it is written.
    fn binary(&mut self, binary: &syn::ExprBinary, at: Span) -> NodeId {
        let mut rights = vec![(&binary.op, binary.right.as_ref())];
        let mut left = binary.left.as_ref();
        while let Expr::Binary(inner) = left {
            rights.push((&inner.op, inner.right.as_ref()));
            left = inner.left.as_ref();
        }
        let target = left;
        let mut value = self.nested(left);
        for (operator, right) in rights.into_iter().rev() {
            let right = self.nested(right);
            let joined = vec![value, right];
            value = match operator {
                BinOp::Add(_) | BinOp::AddAssign(_) => self.builder.node(Node::Concat(joined), at),
                _ => self.builder.node(Node::Operation(joined), at),
            };
            if is_assignment(operator) {
                self.write(target, value);
                value = self.nil(at);
            }
        }
        value
    }
}
