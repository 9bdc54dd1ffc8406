//! What compilers write for what an engine lacks: functions that wait, decorators, modules that export everything.

use oxc_ast::ast::{
    Argument as Given, ArrayExpressionElement, CallExpression, Expression, Function, ReturnStatement,
};

use crate::ir::{Argument, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::statement::Exit;
use super::{Lowering, span};

/// The number that a state machine's routine gives with what it waits for, and with its result.
const WAITS: f64 = 4.0;
const RETURNS: f64 = 2.0;

impl Lowering {
    /// A call of a helper of a compiler; `None` for any other call.
    pub(super) fn helper(&mut self, call: &CallExpression<'_>) -> Option<NodeId> {
        let at = span(call);
        if let Some(Given::FunctionExpression(function)) = call.arguments.get(3)
            && function.generator
            && call.arguments.len() == 4
        {
            return Some(self.awaiter(call, function, at));
        }
        if let Some(sent) = self.sent(call, at) {
            return Some(sent);
        }
        let name = match &call.callee {
            Expression::Identifier(id) => id.name.as_str(),
            Expression::StaticMemberExpression(member) => member.property.name.as_str(),
            _ => return None,
        };
        match (name, call.arguments.as_slice()) {
            ("__generator", [_, Given::FunctionExpression(function)]) => {
                Some(self.state_machine(function, at))
            }
            ("__awaiter", [.., Given::FunctionExpression(function)]) => {
                Some(self.awaiter(call, function, at))
            }
            ("_asyncToGenerator" | "__async", [.., Given::FunctionExpression(function)])
                if function.generator =>
            {
                self.awaiting = true;
                let value = self.plain(function, "<async>", at);
                Some(if name == "__async" { self.builder.call(value, vec![], at) } else { value })
            }
            ("__classPrivateFieldGet", [_, _, Given::StringLiteral(kind), function]) if kind.value == "m" => {
                Some(self.nested(function.as_expression()?))
            }
            ("__exportStar", [module, exports, ..]) => {
                let (module, exports) = (module.as_expression()?, exports.as_expression()?);
                Some(self.both("Object.assign", exports, module, at))
            }
            ("__reExport", [to, from, ..]) => {
                let (to, from) = (to.as_expression()?, from.as_expression()?);
                Some(self.both("Object.assign", to, from, at))
            }
            ("__decorate" | "__decorateClass" | "_ts_decorate", [Given::ArrayExpression(_), ..]) => {
                self.decorating(call, at)
            }
            _ => None,
        }
    }

    fn both(&mut self, how: &str, first: &Expression<'_>, second: &Expression<'_>, at: Span) -> NodeId {
        let arguments = vec![Argument::Plain(self.nested(first)), Argument::Plain(self.nested(second))];
        let callee = self.native(how, at);
        self.builder.call(callee, arguments, at)
    }

    /// `__awaiter(this, void 0, void 0, function* () { … })` is the function's own call, in which `yield` waits.
    fn awaiter(&mut self, call: &CallExpression<'_>, function: &Function<'_>, at: Span) -> NodeId {
        self.awaiting = function.generator;
        let routine = self.plain(function, "<async>", at);
        let object = match call.arguments.first() {
            Some(Given::ThisExpression(_)) => self.this(at),
            _ => self.nil(at),
        };
        let member = self.builder.node(Node::Member(routine, "call".into()), at);
        self.builder.call(member, vec![Argument::Plain(object)], at)
    }

    /// `__generator(this, function (state) { … })` is a function that goes from one step to the next.
    fn state_machine(&mut self, function: &Function<'_>, at: Span) -> NodeId {
        let state = function.params.items.first().and_then(|first| first.pattern.get_identifier_name());
        let waited: SmolStr = self.fresh("waited");
        self.builder.declare(waited.clone());
        self.machines.push((state.map(|name| name.as_str().into()).unwrap_or_default(), waited));
        let routine = self.plain(function, "<async>", at);
        self.machines.pop();
        let object = self.this(at);
        let member = self.builder.node(Node::Member(routine, "call".into()), at);
        self.builder.call(member, vec![Argument::Plain(object)], at)
    }

    /// `state.sent()`: what was waited for last.
    fn sent(&mut self, call: &CallExpression<'_>, at: Span) -> Option<NodeId> {
        let (state, waited) = self.machines.last()?;
        let Expression::StaticMemberExpression(member) = &call.callee else { return None };
        if member.property.name != "sent" || !member.object.is_specific_id(state) {
            return None;
        }
        let waited = waited.clone();
        Some(self.builder.read(&waited, at))
    }

    /// A step of a state machine: what it waits for is kept, and control goes on.
    pub(super) fn step(&mut self, ret: &ReturnStatement<'_>) -> Option<Exit> {
        let (_, waited) = self.machines.last()?;
        let waited = waited.clone();
        let Some(Expression::ArrayExpression(step)) = &ret.argument else { return None };
        let [ArrayExpressionElement::NumericLiteral(kind), rest @ ..] = step.elements.as_slice() else {
            return None;
        };
        let at = span(ret);
        let value = rest.first().and_then(ArrayExpressionElement::as_expression);
        let value = value.map(|value| self.nested(value));
        if kind.value == RETURNS {
            if let Some(value) = value {
                self.builder.node(Node::Return(value), at);
            }
            return Some(Exit::Away);
        }
        if let Some(value) = value.filter(|_| kind.value == WAITS) {
            self.builder.assign(&waited, value, at);
        }
        Some(Exit::Through)
    }

    /// `__decorate([…], target, "name", …)` or `C = __decorate([…], C)`.
    fn decorating(&mut self, call: &CallExpression<'_>, at: Span) -> Option<NodeId> {
        let [Given::ArrayExpression(decorators), target, rest @ ..] = call.arguments.as_slice() else {
            return None;
        };
        let name = match rest.first() {
            Some(Given::StringLiteral(name)) => Some(name.value.as_str()),
            _ => None,
        };
        let owner = self.nested(target.as_expression()?);
        let mut value = match name {
            Some(name) => self.builder.node(Node::Member(owner, name.into()), at),
            None => owner,
        };
        for decorator in decorators.elements.iter().rev().filter_map(ArrayExpressionElement::as_expression) {
            let decorator = self.nested(decorator);
            value = self.decorated(decorator, name, value, at);
        }
        if let Some(name) = name {
            self.builder.store(owner, name.into(), value, at);
        }
        Some(value)
    }
}
