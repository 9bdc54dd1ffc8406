//! Lambdas and anonymous functions.

use tree_sitter::Node as Part;

use crate::ir::{Closure, Node, NodeId, Param, ParamKind, RoutineKind};
use crate::text::{SmolStr, Span};

use super::tree::{named, part_of_kind, span};
use super::{Lowering, Receiver, With, names};

/// The parameter of a lambda that names none.
const IT: &str = "it";

impl<'s> Lowering<'s> {
    /// A lambda. Without parameters of its own it takes one: `it`, and what it is run with.
    pub(super) fn lambda(&mut self, part: Part<'s>, with: With) -> NodeId {
        let at = span(part);
        let stated = part_of_kind(part, "lambda_parameters");
        let statements = part_of_kind(part, "statements");
        let taken = stated.map(named).unwrap_or_default();
        let (mut params, apart) = self.parameters(&taken);
        let has_it = match with {
            With::Receiver => false,
            With::Filled => !names::fills(part),
            With::Perhaps | With::Nothing => true,
        };
        let receiver = match stated {
            Some(_) => self.receiver_around(),
            None => {
                let name = SmolStr::from(format!("<receiver {}>", self.receivers.len()));
                params.push(Param { name: name.clone(), kind: ParamKind::Plain });
                let uses_it = has_it && statements.is_some_and(|body| names::uses_it(body, self.source));
                if uses_it || with == With::Nothing {
                    self.receiver_around()
                } else {
                    Receiver::Lambda(name, with)
                }
            }
        };
        let implicit = params.last().map(|param| param.name.clone()).filter(|_| stated.is_none());
        let nothing = implicit.as_ref().map(|_| (0, self.nil(at)));
        let written = statements.map(|body| names::written(body, self.source)).unwrap_or_default();
        let own: Vec<SmolStr> = params.iter().map(|param| param.name.clone()).collect();
        let routine = self.builder.enter("<lambda>".into(), RoutineKind::Plain, params, [], at);
        for name in written.iter().filter(|name| !own.contains(name)) {
            self.builder.declare_foreign(name, false);
        }
        if let Some(name) = implicit.filter(|_| has_it) {
            let value = self.builder.read(&name, at);
            self.builder.declare(IT.into());
            self.builder.assign(IT, value, at);
        }
        for (name, several) in apart {
            let value = self.builder.read(&name, at);
            self.unpack(several, value);
        }
        self.builder.set_receiver(routine, crate::ir::Receiver::None);
        self.builder.set_unpacks(routine);
        self.receivers.push(receiver);
        let value = match statements {
            Some(statements) => self.statements(statements),
            None => self.nil(at),
        };
        self.builder.node(Node::Return(value), at);
        self.receivers.pop();
        self.builder.leave();
        let defaults = nothing.into_iter().collect();
        self.builder.closure(Closure { routine, defaults, declared: vec![], result: None }, at)
    }

    /// The parameters that a lambda states, and those among them that take a value apart.
    fn parameters(&self, taken: &[Part<'s>]) -> (Vec<Param>, Vec<(SmolStr, Part<'s>)>) {
        let mut params: Vec<Param> = vec![];
        let mut apart = vec![];
        for (parameter, place) in taken.iter().zip(0..) {
            let name = match parameter.kind() {
                "variable_declaration" => self.own_name(*parameter).unwrap_or_default(),
                "multi_variable_declaration" => {
                    let name = SmolStr::from(format!("<{place}>"));
                    apart.push((name.clone(), *parameter));
                    name
                }
                _ => continue,
            };
            params.push(Param { name, kind: ParamKind::Plain });
        }
        (params, apart)
    }

    /// What the code around a lambda is run with, which it sees too.
    fn receiver_around(&self) -> Receiver {
        match self.receivers.last() {
            Some(Receiver::Lambda(name, With::Filled)) => Receiver::Lambda(name.clone(), With::Receiver),
            Some(receiver @ Receiver::Lambda(..)) => receiver.clone(),
            _ => Receiver::None,
        }
    }

    /// What stands between the braces of a lambda that is a part of a call.
    pub(super) fn trailing(&mut self, part: Part<'s>, with: With) -> Option<NodeId> {
        part_of_kind(part, "lambda_literal").map(|lambda| self.lambda(lambda, with))
    }

    /// `::name`, `Type::name`.
    pub(super) fn reference(&mut self, part: Part<'s>, at: Span) -> NodeId {
        let parts = named(part);
        match parts.as_slice() {
            [name] => {
                let name = self.name(*name);
                self.own_function(&name, at)
            }
            [of, name] => {
                let (of, name) = (self.name(*of), self.name(*name));
                if name == "class" {
                    return self.named_value(&of, at);
                }
                self.method_of_argument(&of, &name, at)
            }
            _ => self.builder.unknown(at),
        }
    }

    /// A routine that calls a method of what it is handed, or of an object that the name stands for.
    fn method_of_argument(&mut self, of: &SmolStr, name: &SmolStr, at: Span) -> NodeId {
        if !of.starts_with(char::is_uppercase) {
            let object = self.named_value(of, at);
            return self.builder.node(Node::Method(object, name.clone()), at);
        }
        let param = Param { name: IT.into(), kind: ParamKind::Plain };
        let routine = self.builder.enter("<lambda>".into(), RoutineKind::Plain, vec![param], [], at);
        self.builder.set_receiver(routine, crate::ir::Receiver::None);
        let object = self.builder.read(IT, at);
        let method = self.builder.node(Node::Method(object, name.clone()), at);
        let value = self.builder.call(method, vec![], at);
        self.builder.node(Node::Return(value), at);
        self.builder.leave();
        self.builder.closure(Closure { routine, defaults: vec![], declared: vec![], result: None }, at)
    }
}
