//! Calls.

use syn::{
    AngleBracketedGenericArguments, Expr, ExprCall, ExprMethodCall, GenericArgument, PathArguments, Type,
};

use crate::ir::{Node, NodeId};
use crate::text::Span;

use super::{Lowering, name, span};

impl Lowering {
    /// A call of a function, an associated function or a variant.
    pub(super) fn function_call(&mut self, call: &ExprCall) -> NodeId {
        let at = match call.func.as_ref() {
            Expr::Path(path) => {
                path.path.segments.last().map_or_else(|| span(path), |last| span(&last.ident))
            }
            Expr::Field(field) => span(&field.member),
            other => span(other),
        };
        let callee = self.nested(&call.func);
        let arguments = self.plain(&call.args);
        let value = self.builder.call(callee, arguments, at);
        match call.func.as_ref() {
            Expr::Path(path) => match path.path.segments.last().map(|last| &last.arguments) {
                Some(PathArguments::AngleBracketed(types)) => self.made(value, types, at),
                _ => value,
            },
            _ => value,
        }
    }

    /// What a call gives that says of which type that is (`payload::<Order>()`).
    fn made(&mut self, value: NodeId, types: &AngleBracketedGenericArguments, at: Span) -> NodeId {
        let mut stated = types.args.iter().filter_map(|argument| match argument {
            GenericArgument::Type(stated) if !matches!(stated, Type::Infer(_)) => Some(stated),
            _ => None,
        });
        match (stated.next(), stated.next()) {
            (Some(only), None) => self.cast(value, only, at),
            _ => value,
        }
    }

    /// A call of a method. A chain is as flat here as it is written.
    pub(super) fn method_call(&mut self, call: &ExprMethodCall) -> NodeId {
        let mut calls = vec![call];
        let mut receiver = call.receiver.as_ref();
        loop {
            receiver = match receiver {
                Expr::MethodCall(inner) => {
                    calls.push(inner);
                    inner.receiver.as_ref()
                }
                Expr::Await(inner) => inner.base.as_ref(),
                Expr::Try(inner) => inner.expr.as_ref(),
                _ => break,
            };
        }
        let target = receiver;
        let mut value = self.nested(receiver);
        for call in calls.into_iter().rev() {
            let at = span(&call.method);
            let method = name(&call.method);
            let arguments = self.plain(&call.args);
            if method == "push_str"
                && let [text] = arguments.as_slice()
            {
                let whole = self.builder.node(Node::Concat(vec![value, text.value()]), at);
                self.write(target, whole);
            }
            let callee = self.builder.node(Node::Method(value, method), at);
            value = self.builder.call(callee, arguments, at);
            if let Some(types) = &call.turbofish {
                value = self.made(value, types, at);
            }
        }
        value
    }
}
