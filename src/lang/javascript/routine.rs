//! Functions, arrows and methods.

use oxc_ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, BindingPattern, Expression, FormalParameters, Function,
    Statement,
};

use crate::ir::{Argument, Closure, Node, NodeId, Param, ParamKind, Receiver, RoutineKind};
use crate::text::{SmolStr, Span};

use super::uses::Uses;
use super::{Lowering, This, names, span};

/// The parameter of a method that holds the object.
pub(super) const THIS: &str = "this";
/// The variable of a function that holds all that it was handed.
const ARGUMENTS: &str = "arguments";
/// The parameter that takes what no other does, where `arguments` is mentioned.
const EXTRA: &str = "<extra>";
/// The variable of a method that holds the class above, also for arrows in it.
pub(super) const ABOVE: &str = "<super>";

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
            let declared = self.injected(&parameter.decorators, parameter.type_annotation.as_deref());
            if let Some(declared) = declared {
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
        let uses = Uses::of(function);
        let mut signature = self.signature(&function.params, receiver);
        let body: &[Statement<'_>] = function.body.as_ref().map_or(&[], |body| &body.statements);
        let mut declared = names::of_body(body);
        declared.extend(signature.names.iter().cloned());
        let all = uses.arguments && !declared.iter().any(|name| name == ARGUMENTS);
        if all {
            declared.push(ARGUMENTS.into());
            if function.params.rest.is_none() {
                signature.params.push(Param { name: EXTRA.into(), kind: ParamKind::Rest });
            }
        }
        if uses.above {
            declared.push(ABOVE.into());
        }
        let routine =
            self.builder.enter(name.into(), RoutineKind::Plain, signature.params.clone(), declared, at);
        let waits = std::mem::take(&mut self.awaiting);
        if function.generator && !waits {
            self.builder.set_generator();
        }
        self.waits.push(waits);
        if all {
            self.all_arguments(&signature.params, usize::from(receiver), at);
        }
        if uses.above {
            let above = self.builder.node(Node::Super, at);
            self.builder.assign(ABOVE, above, at);
        }
        self.unpack(&function.params, receiver);
        before(self);
        self.body(body);
        self.waits.pop();
        self.builder.leave();
        let value = self.closed(routine, signature, at);
        self.builder.set_receiver(routine, if receiver { Receiver::Object } else { Receiver::None });
        value
    }

    /// What a function sees as `arguments`: a list of all that it is handed.
    fn all_arguments(&mut self, params: &[Param], skipped: usize, at: Span) {
        let mut all = vec![];
        for param in params.iter().skip(skipped) {
            let value = self.builder.read(&param.name, at);
            all.push(match param.kind {
                ParamKind::Rest => Argument::Spread(value),
                _ => Argument::Plain(value),
            });
        }
        let list = self.builder.node(Node::List(all), at);
        self.builder.assign(ARGUMENTS, list, at);
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

    /// A function that is no class. One that mentions its object has that as its first parameter.
    pub(super) fn plain(&mut self, function: &Function<'_>, name: &str, at: Span) -> NodeId {
        let receiver = Uses::of(function).this;
        self.this.push(if receiver { This::Variable(THIS.into()) } else { This::Unknown });
        let value = self.routine(function, name, at, receiver, &mut |_| {});
        self.this.pop();
        value
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
        self.builder.set_receiver(routine, Receiver::None);
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
