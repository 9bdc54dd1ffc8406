//! Calls: of routines, of what the language itself brings, and conversions, which look the same.

use gosyn::ast::{Call, Expression};
use gosyn::token::Operator;

use crate::ir::{Argument, Node, NodeId};
use crate::text::Span;

use super::Lowering;

impl Lowering {
    pub(super) fn call(&mut self, call: &Call) -> NodeId {
        let callee = bare(&call.func);
        match callee {
            Expression::Ident(name) if !self.builder.declares(&name.name) => {
                let at = self.token(name.pos, &name.name);
                if let Some(value) = self.builtin(&name.name, call, at) {
                    return value;
                }
            }
            Expression::TypeArray(_)
            | Expression::TypeSlice(_)
            | Expression::TypeMap(_)
            | Expression::TypeFunction(_)
            | Expression::TypeChannel(_)
            | Expression::TypePointer(_)
            | Expression::TypeInterface(_)
            | Expression::TypeStruct(_) => return self.conversion(call),
            _ => {}
        }
        let at = self.callee_span(callee);
        let callee = self.nested(callee);
        let arguments = self.arguments(call);
        let value = self.builder.call(callee, arguments, at);
        self.filled(call);
        value
    }

    /// Variables whose address is handed over may be filled there. Where nothing is known of that, their type says what
    /// they hold.
    fn filled(&mut self, call: &Call) {
        for argument in &call.args {
            let Expression::Operation(operation) = argument else { continue };
            let (Operator::And, None, Expression::Ident(name)) =
                (operation.op, &operation.y, operation.x.as_ref())
            else {
                continue;
            };
            let known = self.declared.iter().rev().find_map(|names| names.get(name.name.as_str()).cloned());
            let Some(kind) = known.and_then(|kind| self.kind(&kind)) else { continue };
            let at = self.token(name.pos, &name.name);
            let value = self.builder.read(&name.name, at);
            let value = self.builder.node(Node::Cast(value, kind), at);
            self.write(&name.name, value, at);
        }
    }

    /// The token that names what is called.
    fn callee_span(&self, callee: &Expression) -> Span {
        match callee {
            Expression::Index(index) => self.callee_span(bare(&index.left)),
            Expression::IndexList(index) => self.callee_span(bare(&index.left)),
            other => self.place(other),
        }
    }

    fn arguments(&mut self, call: &Call) -> Vec<Argument> {
        let last = call.args.len().saturating_sub(1);
        let mut arguments = vec![];
        for (place, argument) in call.args.iter().enumerate() {
            let value = self.nested(argument);
            let is_spread = call.dots.is_some() && place == last;
            arguments.push(if is_spread { Argument::Spread(value) } else { Argument::Plain(value) });
        }
        arguments
    }

    /// The value that is converted.
    fn conversion(&mut self, call: &Call) -> NodeId {
        let at = self.at(call.pos.0);
        match call.args.first() {
            Some(value) => self.nested(value),
            None => self.builder.unknown(at),
        }
    }

    /// What the language itself brings; `None` for a name that the file's package declares elsewhere.
    fn builtin(&mut self, name: &str, call: &Call, at: Span) -> Option<NodeId> {
        Some(match name {
            "append" => self.append(call, at),
            "make" => match call.args.first().map(bare) {
                Some(Expression::TypeSlice(_) | Expression::TypeChannel(_)) => {
                    self.builder.node(Node::List(vec![]), at)
                }
                Some(Expression::TypeMap(_)) => self.builder.node(Node::Record(vec![]), at),
                Some(kind) => self.zero(kind, at).unwrap_or_else(|| self.builder.unknown(at)),
                None => self.builder.unknown(at),
            },
            "new" => {
                let made = call.args.first().and_then(|kind| self.zero(kind, at));
                made.unwrap_or_else(|| self.builder.unknown(at))
            }
            "len" | "cap" | "copy" | "min" | "max" | "real" | "imag" | "complex" => {
                self.arguments(call);
                self.builder.node(Node::Number("".into()), at)
            }
            "panic" | "print" | "println" | "close" | "delete" | "clear" | "recover" => {
                self.arguments(call);
                self.builder.unknown(at)
            }
            _ if self.is_plain(name) => self.conversion(call),
            _ => return None,
        })
    }

    /// A list with the elements of another and more.
    fn append(&mut self, call: &Call, at: Span) -> NodeId {
        let mut arguments = self.arguments(call);
        if let Some(Argument::Plain(list)) = arguments.first().cloned()
            && let Some(first) = arguments.first_mut()
        {
            *first = Argument::Spread(list);
        }
        self.builder.node(Node::List(arguments), at)
    }

    /// So many results of an expression that gives several: of a call what it returns, else a value and whether it was
    /// there.
    pub(super) fn results_of(&mut self, expression: &Expression, count: usize) -> Vec<NodeId> {
        let at = self.place(expression);
        let value = self.nested(expression);
        if matches!(bare(expression), Expression::Call(_)) {
            let places = (0..).take(count);
            return places.map(|place| self.builder.node(Node::Result(value, place), at)).collect();
        }
        let mut results = vec![value];
        results.resize_with(count.max(1), || self.builder.node(Node::Operation(vec![value]), at));
        results
    }
}

/// An expression without the brackets around it.
pub(super) fn bare(expression: &Expression) -> &Expression {
    let mut inner = expression;
    while let Expression::Paren(paren) = inner {
        inner = &paren.expr;
    }
    inner
}
