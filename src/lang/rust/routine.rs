//! Functions, methods, closures and blocks that run on their own.

use syn::{FnArg, Pat, Signature};

use crate::ir::{Closure, Node, NodeId, Param, ParamKind, Receiver, RoutineKind};
use crate::text::{SmolStr, Span};

use super::{Lowering, name, span};

/// What was true around a routine, while it is being written.
struct Around {
    left: bool,
    breaks: Vec<Vec<NodeId>>,
}

impl Lowering {
    /// A function or method. `member`: it belongs to a class.
    pub(super) fn function(
        &mut self,
        signature: &Signature,
        body: Option<&syn::Block>,
        member: bool,
    ) -> NodeId {
        let at = span(&signature.ident);
        let generics = self.enter_generics(&signature.generics);
        let mut params = vec![];
        let mut declared = vec![];
        for (input, place) in signature.inputs.iter().zip(0u32..) {
            match input {
                FnArg::Receiver(_) => params.push(plain("self".into())),
                FnArg::Typed(typed) => {
                    if let Some(value) = self.declared(&typed.ty) {
                        declared.push((place, value));
                    }
                    params.push(plain(param_name(&typed.pat, place)));
                }
            }
        }
        let has_receiver = signature.receiver().is_some();
        if has_receiver && let Some(own) = self.own.last().cloned() {
            // An object of the type itself, where nobody knows which.
            let value = match own {
                super::Own::Variable(name) => Some(self.builder.read(&name, at)),
                super::Own::Type(declared) => self.declared(&declared),
            };
            declared.extend(value.map(|value| (0, value)));
        }
        let routine = self.builder.enter(name(&signature.ident), RoutineKind::Plain, params, [], at);
        let receiver = if member && has_receiver { Receiver::Object } else { Receiver::None };
        self.builder.set_receiver(routine, receiver);
        if member && self.exposing {
            self.builder.set_exposed(routine);
        }
        let around = self.step_in();
        for (input, place) in signature.inputs.iter().zip(0u32..) {
            if let FnArg::Typed(typed) = input {
                self.unpack(&typed.pat, place);
            }
        }
        if let Some(body) = body {
            let value = self.block(body);
            self.give(value, at);
        }
        self.step_out(around);
        self.builder.leave();
        self.leave_generics(generics);
        self.builder.closure(Closure { routine, defaults: vec![], declared, result: None }, at)
    }

    /// `|a, b| …`
    pub(super) fn lambda(&mut self, closure: &syn::ExprClosure) -> NodeId {
        let at = span(closure);
        let mut params = vec![];
        let mut declared = vec![];
        for (input, place) in closure.inputs.iter().zip(0u32..) {
            if let Pat::Type(typed) = input
                && let Some(value) = self.declared(&typed.ty)
            {
                declared.push((place, value));
            }
            params.push(plain(param_name(input, place)));
        }
        let routine = self.builder.enter("<closure>".into(), RoutineKind::Plain, params, [], at);
        self.builder.set_receiver(routine, Receiver::None);
        let around = self.step_in();
        for (input, place) in closure.inputs.iter().zip(0u32..) {
            self.unpack(input, place);
        }
        let value = self.nested(&closure.body);
        self.give(value, at);
        self.step_out(around);
        self.builder.leave();
        self.builder.closure(Closure { routine, defaults: vec![], declared, result: None }, at)
    }

    /// A block that may be left on its own (`async { … }`): a routine that is called where it stands.
    pub(super) fn detached(&mut self, block: &syn::Block, at: Span) -> NodeId {
        let routine = self.builder.enter("<async>".into(), RoutineKind::Plain, vec![], [], at);
        self.builder.set_receiver(routine, Receiver::None);
        let around = self.step_in();
        let value = self.block(block);
        self.give(value, at);
        self.step_out(around);
        self.builder.leave();
        let closure = Closure { routine, defaults: vec![], declared: vec![], result: None };
        let closure = self.builder.closure(closure, at);
        self.builder.call(closure, vec![], at)
    }

    /// A routine that gives an expression.
    pub(super) fn thunk(&mut self, value: &syn::Expr, at: Span) -> NodeId {
        let routine = self.builder.enter("<lazy>".into(), RoutineKind::Plain, vec![], [], at);
        self.builder.set_receiver(routine, Receiver::None);
        let around = self.step_in();
        let value = self.nested(value);
        self.give(value, at);
        self.step_out(around);
        self.builder.leave();
        self.builder.closure(Closure { routine, defaults: vec![], declared: vec![], result: None }, at)
    }

    fn step_in(&mut self) -> Around {
        Around { left: std::mem::take(&mut self.left), breaks: std::mem::take(&mut self.breaks) }
    }

    fn step_out(&mut self, around: Around) {
        self.left = around.left;
        self.breaks = around.breaks;
    }

    /// What a routine comes to at its end.
    fn give(&mut self, value: NodeId, at: Span) {
        if !self.left {
            self.builder.node(Node::Return(value), at);
        }
    }

    /// Binds what a pattern in the parameters takes apart.
    fn unpack(&mut self, pattern: &Pat, place: u32) {
        let (inner, declared) = match pattern {
            Pat::Type(typed) => (typed.pat.as_ref(), true),
            other => (other, false),
        };
        let _ = declared;
        if !matches!(inner, Pat::Ident(ident) if ident.subpat.is_none()) {
            let value = self.builder.read(&param_name(pattern, place), span(inner));
            self.bind(inner, value);
        }
    }
}

fn plain(name: SmolStr) -> Param {
    Param { name, kind: ParamKind::Plain }
}

/// The name of a parameter; one that is taken apart gets its place.
fn param_name(pattern: &Pat, place: u32) -> SmolStr {
    match pattern {
        Pat::Ident(ident) if ident.subpat.is_none() => name(&ident.ident),
        Pat::Type(typed) => param_name(&typed.pat, place),
        _ => format!("<{place}>").into(),
    }
}
