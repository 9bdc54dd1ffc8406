//! Functions, arrows and methods.

use oxc_ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, BindingPattern, Expression, FormalParameters, Function,
    Statement,
};

use crate::ir::{Closure, Node, NodeId, Param, ParamKind, RoutineKind};
use crate::text::{SmolStr, Span};

use super::{Lowering, This, names, span};

/// The parameter of a method that holds the object.
pub(super) const THIS: &str = "this";

/// What is known of a routine's parameters before its body is entered.
pub(super) struct Signature {
    pub(super) params: Vec<Param>,
    defaults: Vec<(u32, NodeId)>,
    declared: Vec<(u32, NodeId)>,
    /// Names that patterns in the parameters bind.
    names: Vec<SmolStr>,
}

impl Lowering {
    /// The parameters. `receiver`: the object comes first.
    pub(super) fn signature(&mut self, parameters: &FormalParameters<'_>, receiver: bool) -> Signature {
        let mut params = vec![];
        let mut signature = Signature { params: vec![], defaults: vec![], declared: vec![], names: vec![] };
        if receiver {
            params.push(Param { name: THIS.into(), kind: ParamKind::Plain });
        }
        for (parameter, place) in parameters.items.iter().zip(u32::from(receiver)..) {
            if let Some(default) = &parameter.initializer {
                signature.defaults.push((place, self.nested(default)));
            }
            if let Some(declared) = self.annotation(parameter.type_annotation.as_deref()) {
                signature.declared.push((place, declared));
            }
            names::of_pattern(&parameter.pattern, &mut signature.names);
            params.push(Param { name: param_name(&parameter.pattern, place), kind: ParamKind::Plain });
        }
        if let Some(rest) = &parameters.rest {
            names::of_pattern(&rest.rest.argument, &mut signature.names);
            let place = u32::try_from(params.len()).unwrap_or(u32::MAX);
            params.push(Param { name: param_name(&rest.rest.argument, place), kind: ParamKind::Rest });
        }
        signature.params = params;
        signature
    }

    /// Binds what patterns in the parameters take apart.
    fn unpack(&mut self, parameters: &FormalParameters<'_>, receiver: bool) {
        let patterns = parameters.items.iter().map(|parameter| &parameter.pattern);
        let rest = parameters.rest.iter().map(|rest| &rest.rest.argument);
        for (pattern, place) in patterns.chain(rest).zip(u32::from(receiver)..) {
            if !matches!(pattern, BindingPattern::BindingIdentifier(_)) {
                let value = self.builder.read(&param_name(pattern, place), span(pattern));
                self.bind(pattern, value);
            }
        }
    }

    /// A function with its parameters and body. `receiver`: the object is its first parameter.
    pub(super) fn routine(
        &mut self,
        function: &Function<'_>,
        name: &str,
        at: Span,
        receiver: bool,
        before: &mut dyn FnMut(&mut Self),
    ) -> NodeId {
        let signature = self.signature(&function.params, receiver);
        let body: &[Statement<'_>] = function.body.as_ref().map_or(&[], |body| &body.statements);
        let mut declared = names::of_body(body);
        declared.extend(signature.names.iter().cloned());
        let routine =
            self.builder.enter(name.into(), RoutineKind::Plain, signature.params.clone(), declared, at);
        if function.generator {
            self.builder.set_generator();
        }
        self.unpack(&function.params, receiver);
        before(self);
        self.body(body);
        self.builder.leave();
        self.closed(routine, signature, at)
    }

    fn closed(&mut self, routine: crate::ir::RoutineId, signature: Signature, at: Span) -> NodeId {
        let Signature { defaults, declared, .. } = signature;
        self.builder.closure(Closure { routine, defaults, declared, result: None }, at)
    }

    /// A function that stands as a statement.
    pub(super) fn function_declaration(&mut self, function: &Function<'_>) {
        let (Some(id), Some(_)) = (&function.id, &function.body) else { return };
        let at = span(id);
        let value = self.maker_or_plain(function, &id.name, at);
        self.builder.assign(&id.name, value, at);
    }

    /// A function as a value.
    pub(super) fn function_expression(&mut self, function: &Function<'_>) -> NodeId {
        let given = self.name.take();
        let own = function.id.as_ref();
        let at = own.map_or_else(|| span(function), span);
        let name = own.map(|id| SmolStr::from(id.name.as_str())).or(given);
        let name = name.unwrap_or_else(|| "<function>".into());
        // Inside, its own name means the function.
        let own = own.map(|id| SmolStr::from(id.name.as_str()));
        self.builder.enter_block(own.clone());
        let value = match &own {
            Some(own) => self.maker_or_plain(function, own, at),
            None => self.plain(function, &name, at),
        };
        if let Some(own) = own {
            self.builder.assign(&own, value, at);
        }
        self.builder.leave_block();
        value
    }

    fn maker_or_plain(&mut self, function: &Function<'_>, name: &str, at: Span) -> NodeId {
        if self.makers.has(name) { self.maker(function, name, at) } else { self.plain(function, name, at) }
    }

    /// A function that no object is known for.
    pub(super) fn plain(&mut self, function: &Function<'_>, name: &str, at: Span) -> NodeId {
        self.this.push(This::Unknown);
        let value = self.routine(function, name, at, false, &mut |_| {});
        self.this.pop();
        value
    }

    /// A function in an object literal: `this` stays what the caller made it.
    pub(super) fn method(&mut self, function: &Function<'_>, name: &str, at: Span) -> NodeId {
        self.routine(function, name, at, false, &mut |_| {})
    }

    /// An arrow: `this` is that of the place where it stands.
    pub(super) fn arrow(&mut self, arrow: &ArrowFunctionExpression<'_>) -> NodeId {
        let at = span(arrow);
        let name = self.name.take().unwrap_or_else(|| "<arrow>".into());
        let signature = self.signature(&arrow.params, false);
        let body = match &arrow.body {
            ArrowFunctionBody::FunctionBody(body) => Some(&body.statements),
            _ => None,
        };
        let mut declared = body.map(|body| names::of_body(body)).unwrap_or_default();
        declared.extend(signature.names.iter().cloned());
        let routine = self.builder.enter(name, RoutineKind::Plain, signature.params.clone(), declared, at);
        self.unpack(&arrow.params, false);
        match body {
            Some(body) => {
                self.body(body);
            }
            None => {
                if let Some(value) = arrow.body.as_expression() {
                    self.result(value, at);
                }
            }
        }
        self.builder.leave();
        self.closed(routine, signature, at)
    }

    fn result(&mut self, value: &Expression<'_>, at: Span) {
        let value = self.nested(value);
        self.builder.node(Node::Return(value), at);
    }
}

/// The name of a parameter; one that is taken apart gets its place.
fn param_name(pattern: &BindingPattern<'_>, place: u32) -> SmolStr {
    match pattern {
        BindingPattern::BindingIdentifier(id) => id.name.as_str().into(),
        _ => format!("<{place}>").into(),
    }
}
