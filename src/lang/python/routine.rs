//! Functions, lambdas and classes.

use ruff_python_ast::{
    Decorator, Expr, ExprLambda, Identifier, Operator, Parameters, StmtClassDef, StmtFunctionDef,
};

use crate::ir::{Argument, Closure, Node, NodeId, Param, ParamKind, Receiver, RoutineKind};
use crate::text::{SmolStr, Span};

use super::{Lowering, names, span, span_of};

/// Decorators of the language itself that say how a method is bound.
fn receiver_of(decorator: &Decorator) -> Option<Receiver> {
    match dotted(&decorator.expression)?.rsplit('.').next()? {
        "staticmethod" => Some(Receiver::None),
        "classmethod" => Some(Receiver::Class),
        "property" | "cached_property" | "abstractproperty" => Some(Receiver::Getter),
        _ => None,
    }
}

/// Decorators of the language itself that leave a routine or class as it is.
fn is_transparent(decorator: &Decorator) -> bool {
    let expression = match &decorator.expression {
        Expr::Call(call) => &call.func,
        other => other,
    };
    let name = dotted(expression).unwrap_or_default();
    matches!(
        name.rsplit('.').next(),
        Some(
            "abstractmethod"
                | "overload"
                | "override"
                | "final"
                | "dataclass"
                | "lru_cache"
                | "cache"
                | "total_ordering"
                | "runtime_checkable"
                | "contextmanager"
                | "asynccontextmanager"
                | "unique"
                | "setter"
                | "deleter"
                | "wraps"
        )
    )
}

/// `a.b.c` of names alone.
pub(super) fn dotted(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => Some(format!("{}.{}", dotted(&attribute.value)?, attribute.attr)),
        _ => None,
    }
}

impl Lowering {
    /// A function definition: the routine, its decorators called around it, bound to its name.
    pub(super) fn function(&mut self, function: &StmtFunctionDef) {
        let at = span(&function.name);
        let defaults = self.defaults(&function.parameters);
        let declared = self.declared(&function.parameters);
        let result = function.returns.as_ref().and_then(|returns| self.annotation(returns));
        let decorators: Vec<&Decorator> = function.decorator_list.iter().collect();
        let receiver = decorators.iter().find_map(|decorator| receiver_of(decorator));
        let written = names::assigned(&function.body);
        let params = params(&function.parameters);
        let name = SmolStr::from(function.name.as_str());
        let routine = self.builder.enter(name.clone(), RoutineKind::Plain, params, written.own, at);
        if written.yields {
            self.builder.set_generator();
        }
        for name in &written.global {
            self.builder.declare_foreign(name, true);
        }
        for name in &written.nonlocal {
            self.builder.declare_foreign(name, false);
        }
        self.body(&function.body);
        self.builder.leave();
        let implicit = matches!(name.as_str(), "__new__" | "__init_subclass__" | "__class_getitem__");
        let receiver = receiver.or(implicit.then_some(Receiver::Class));
        if let Some(receiver) = receiver {
            self.builder.set_receiver(routine, receiver);
        }
        let value = self.builder.closure(Closure { routine, defaults, declared, result }, at);
        let value = self.decorate(value, &decorators);
        self.builder.assign(&name, value, at);
    }

    /// A lambda.
    pub(super) fn lambda(&mut self, lambda: &ExprLambda) -> NodeId {
        let at = span(lambda);
        let defaults =
            lambda.parameters.as_ref().map(|parameters| self.defaults(parameters)).unwrap_or_default();
        let params = lambda.parameters.as_ref().map(|parameters| params(parameters)).unwrap_or_default();
        let routine = self.builder.enter("<lambda>".into(), RoutineKind::Plain, params, [], at);
        let value = self.nested(&lambda.body);
        self.builder.node(Node::Return(value), at);
        self.builder.leave();
        self.builder.closure(Closure { routine, defaults, declared: vec![], result: None }, at)
    }

    /// A class definition.
    pub(super) fn class(&mut self, class: &StmtClassDef) {
        let at = span(&class.name);
        let mut bases = vec![];
        for base in class.arguments.iter().flat_map(|arguments| arguments.args.iter()) {
            bases.push(self.nested(base));
        }
        for keyword in class.arguments.iter().flat_map(|arguments| arguments.keywords.iter()) {
            self.nested(&keyword.value);
        }
        let name = SmolStr::from(class.name.as_str());
        let written = names::assigned(&class.body);
        let id = self.builder.enter_class(name.clone(), "__init__".into(), written.own, at);
        self.body(&class.body);
        self.builder.leave();
        let value = self.builder.node(Node::Class(id, bases), at);
        let decorators: Vec<&Decorator> = class.decorator_list.iter().collect();
        let value = self.decorate(value, &decorators);
        self.builder.assign(&name, value, at);
    }

    /// Calls the decorators, the innermost first.
    fn decorate(&mut self, mut value: NodeId, decorators: &[&Decorator]) -> NodeId {
        for decorator in decorators.iter().rev() {
            if receiver_of(decorator).is_some() || is_transparent(decorator) {
                continue;
            }
            let at = span(&decorator.expression);
            let callee = self.nested(&decorator.expression);
            value = self.builder.call(callee, vec![Argument::Plain(value)], at);
        }
        value
    }

    fn defaults(&mut self, parameters: &Parameters) -> Vec<(u32, NodeId)> {
        let mut defaults = vec![];
        for (parameter, index) in parameters.iter_non_variadic_params().zip(0..) {
            if let Some(default) = &parameter.default {
                defaults.push((index, self.nested(default)));
            }
        }
        defaults
    }

    fn declared(&mut self, parameters: &Parameters) -> Vec<(u32, NodeId)> {
        let mut declared = vec![];
        for (parameter, index) in parameters.iter_non_variadic_params().zip(0..) {
            if let Some(annotation) = &parameter.parameter.annotation
                && let Some(node) = self.annotation(annotation)
            {
                declared.push((index, node));
            }
        }
        declared
    }

    /// The class or classes that an annotation names; nothing for one that names none worth following.
    pub(super) fn annotation(&mut self, annotation: &Expr) -> Option<NodeId> {
        let at = span(annotation);
        match annotation {
            Expr::Name(name) if is_plain(&name.id) => None,
            Expr::Name(_) | Expr::Attribute(_) => Some(self.nested(annotation)),
            Expr::StringLiteral(text) => {
                let parsed = ruff_python_parser::parse_expression(text.value.to_str()).ok()?;
                match parsed.expr() {
                    Expr::StringLiteral(_) => None,
                    inner => self.quoted(inner, at),
                }
            }
            Expr::BinOp(or) if or.op == Operator::BitOr => {
                let sides = [self.annotation(&or.left), self.annotation(&or.right)];
                self.union(sides.into_iter().flatten().collect(), at)
            }
            Expr::Subscript(subscript) => self.generic(&dotted(&subscript.value)?, &subscript.slice, at),
            _ => None,
        }
    }

    /// An annotation inside quotes: its positions are those of the quoted text.
    fn quoted(&mut self, inner: &Expr, at: Span) -> Option<NodeId> {
        let path = match inner {
            Expr::Subscript(subscript) => dotted(&subscript.slice)?,
            other => dotted(other)?,
        };
        let mut parts = path.split('.');
        let first = parts.next().filter(|name| !is_plain(name))?;
        let mut value = self.builder.read(first, at);
        for part in parts {
            value = self.builder.node(Node::Member(value, part.into()), at);
        }
        Some(value)
    }

    fn generic(&mut self, base: &str, slice: &Expr, at: Span) -> Option<NodeId> {
        match base.rsplit('.').next()? {
            "Optional" | "Annotated" | "Final" | "ClassVar" => match slice {
                Expr::Tuple(tuple) => self.annotation(tuple.elts.first()?),
                other => self.annotation(other),
            },
            "Union" => {
                let Expr::Tuple(tuple) = slice else { return self.annotation(slice) };
                let sides: Vec<NodeId> = tuple.elts.iter().filter_map(|side| self.annotation(side)).collect();
                self.union(sides, at)
            }
            _ => None,
        }
    }

    fn union(&mut self, sides: Vec<NodeId>, at: Span) -> Option<NodeId> {
        if sides.is_empty() { None } else { Some(self.builder.one_of(sides, at)) }
    }
}

/// Annotations of the language itself: values of these types never call anything.
fn is_plain(name: &str) -> bool {
    matches!(
        name,
        "str"
            | "int"
            | "float"
            | "bool"
            | "bytes"
            | "dict"
            | "list"
            | "tuple"
            | "set"
            | "None"
            | "Any"
            | "object"
            | "Dict"
            | "List"
            | "Tuple"
            | "Set"
            | "Callable"
            | "type"
    )
}

fn params(parameters: &Parameters) -> Vec<Param> {
    let param = |name: &Identifier, kind| Param { name: name.as_str().into(), kind };
    let plain = parameters.posonlyargs.iter().chain(&parameters.args).map(|each| (each, ParamKind::Plain));
    let named = parameters.kwonlyargs.iter().map(|each| (each, ParamKind::Named));
    // The order of `iter_non_variadic_params`, by which defaults and types are numbered, comes first.
    let mut params: Vec<Param> =
        plain.chain(named).map(|(each, kind)| param(&each.parameter.name, kind)).collect();
    params.extend(parameters.vararg.as_ref().map(|rest| param(&rest.name, ParamKind::Rest)));
    params.extend(parameters.kwarg.as_ref().map(|rest| param(&rest.name, ParamKind::NamedRest)));
    params
}

/// The bytes of a name.
pub(super) fn name_span(name: &Identifier) -> Span {
    span_of(name.range)
}
