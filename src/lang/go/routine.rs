//! Functions, methods and function literals.

use gosyn::ast::{BlockStmt, Expression, Field, FuncDecl, FuncLit, FuncType};

use rustc_hash::FxHashMap;

use crate::ir::{Closure, Node, NodeId, Param, ParamKind, RoutineKind};
use crate::text::{SmolStr, Span};

use super::Lowering;

/// A parameter with its type.
struct Parameter<'a> {
    param: Param,
    kind: &'a Expression,
}

impl Lowering {
    /// A function or method as a value; a method's receiver is its first parameter.
    pub(super) fn declared_routine(&mut self, routine: &FuncDecl) -> NodeId {
        let at = self.token(routine.name.pos, &routine.name.name);
        let mut generic = self.type_parameters(&routine.typ.typ_params);
        let receiver = routine.recv.iter().flat_map(|receiver| &receiver.list);
        let receiver: Vec<&Field> = receiver.collect();
        for field in &receiver {
            generic.extend(self.receiver_parameters(&field.typ));
        }
        let parameters = parameters(receiver.into_iter().chain(&routine.typ.params.list));
        let name = SmolStr::from(routine.name.name.as_str());
        let value = self.routine(name, parameters, &routine.typ, routine.body.as_ref(), at);
        self.forget(&generic);
        value
    }

    /// The type parameters that a receiver names (`func (s *Store[T])`).
    fn receiver_parameters(&mut self, kind: &Expression) -> Vec<SmolStr> {
        let places: Vec<&Expression> = match kind {
            Expression::TypePointer(pointer) => return self.receiver_parameters(&pointer.typ),
            Expression::Star(star) => return self.receiver_parameters(&star.right),
            Expression::Index(index) => vec![&index.index],
            Expression::IndexList(index) => index.indices.iter().collect(),
            _ => return vec![],
        };
        let names = places.into_iter().filter_map(|place| match place {
            Expression::Ident(name) => Some(SmolStr::from(name.name.as_str())),
            _ => None,
        });
        names.filter(|name| self.generic.insert(name.clone())).collect()
    }

    /// A function literal.
    pub(super) fn function_literal(&mut self, literal: &FuncLit) -> NodeId {
        let at = self.at(literal.typ.pos);
        let parameters = parameters(literal.typ.params.list.iter());
        self.routine("<func>".into(), parameters, &literal.typ, Some(&literal.body), at)
    }

    fn routine(
        &mut self,
        name: SmolStr,
        parameters: Vec<Parameter<'_>>,
        signature: &FuncType,
        body: Option<&BlockStmt>,
        at: Span,
    ) -> NodeId {
        let mut declared = vec![];
        for (parameter, index) in parameters.iter().zip(0..) {
            if parameter.param.kind == ParamKind::Plain
                && let Some(kind) = self.kind(parameter.kind)
            {
                declared.push((index, kind));
            }
        }
        let result = signature.result.list.first().and_then(|field| self.kind(&field.typ));
        let params = parameters.into_iter().map(|parameter| parameter.param).collect();
        let results: Vec<SmolStr> = signature
            .result
            .list
            .iter()
            .flat_map(|field| &field.name)
            .map(|name| SmolStr::from(name.name.as_str()))
            .collect();
        let routine = self.builder.enter(name, RoutineKind::Plain, params, results.iter().cloned(), at);
        for field in &signature.result.list {
            self.named_results(field);
        }
        let last = signature.result.list.last();
        let gives_failure =
            last.is_some_and(|last| matches!(&last.typ, Expression::Ident(kind) if kind.name == "error"));
        self.gives_failure.push(gives_failure);
        self.results.push(results);
        self.declared.push(FxHashMap::default());
        if let Some(body) = body {
            self.builder.enter_block([]);
            self.body(&body.list);
            self.builder.leave_block();
        }
        self.results.pop();
        self.declared.pop();
        self.gives_failure.pop();
        self.builder.leave();
        self.builder.closure(Closure { routine, defaults: vec![], declared, result }, at)
    }

    /// Named results begin as what their type begins as.
    fn named_results(&mut self, field: &Field) {
        for name in &field.name {
            let at = self.token(name.pos, &name.name);
            if let Some(value) = self.zero(&field.typ, at) {
                self.builder.assign(&name.name, value, at);
            }
        }
    }

    /// What nobody looks at.
    fn absent(&mut self, at: Span) -> NodeId {
        self.builder.node(Node::OneOf(vec![]), at)
    }

    /// A return: with nothing behind it what the named results hold.
    pub(super) fn give_back(&mut self, values: &[Expression], at: Span) {
        let named = self.results.last().cloned().unwrap_or_default();
        let values: Vec<NodeId> = if values.is_empty() {
            named.iter().map(|name| self.builder.read(name, at)).collect()
        } else {
            let fails = self.gives_failure.last() == Some(&true) && is_failure(values);
            values
                .iter()
                .map(|value| if fails && is_zero(value) { self.absent(at) } else { self.nested(value) })
                .collect()
        };
        let value = match values.as_slice() {
            [] => return,
            [single] => *single,
            _ => self.builder.node(Node::Results(values), at),
        };
        self.builder.node(Node::Return(value), at);
    }
}

fn parameters<'a>(fields: impl Iterator<Item = &'a Field>) -> Vec<Parameter<'a>> {
    let mut parameters = vec![];
    for field in fields {
        let kind = match &field.typ {
            Expression::Ellipsis(_) => ParamKind::Rest,
            _ => ParamKind::Plain,
        };
        let mut add = |name: &str| {
            let param = Param { name: name.into(), kind };
            parameters.push(Parameter { param, kind: &field.typ });
        };
        if field.name.is_empty() {
            add("_");
        }
        field.name.iter().for_each(|name| add(&name.name));
    }
    parameters
}

/// Whether values are returned beside a failure. What stands there for the other results is looked at by nobody.
fn is_failure(values: &[Expression]) -> bool {
    match values.split_last() {
        Some((last, others)) => {
            !others.is_empty() && !matches!(last, Expression::Ident(name) if name.name == "nil")
        }
        None => false,
    }
}

/// Whether a value is what a variable is that nobody has given a value.
fn is_zero(value: &Expression) -> bool {
    match value {
        Expression::Ident(name) => name.name == "nil",
        Expression::BasicLit(literal) => matches!(literal.value.as_str(), "\"\"" | "``" | "0"),
        Expression::CompositeLit(literal) => literal.val.values.is_empty(),
        Expression::Operation(operation) => operation.y.is_none() && is_zero(&operation.x),
        _ => false,
    }
}
