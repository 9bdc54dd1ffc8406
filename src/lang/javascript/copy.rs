//! Loops over the keys of an object that give another one its members: written out, as compilers and bundlers write them.
//! One member at a time is not told apart in a loop, so that such a loop is lowered as what it comes to.

use oxc_ast::ast::{
    Argument as Given, AssignmentExpression, AssignmentTarget, BindingPattern, CallExpression, Expression,
    ForStatementLeft, ObjectExpression, ObjectPropertyKind, Statement,
};

use crate::ir::{Argument, NodeId};
use crate::text::{SmolStr, Span};

use super::{Lowering, span};

/// The helper that compilers write to give an object a member of another.
const BINDING: &str = "__createBinding";

impl Lowering {
    /// Says that a variable goes through keys, while `lower` is at work.
    pub(super) fn over_keys<T>(&mut self, key: Option<&str>, lower: impl FnOnce(&mut Self) -> T) -> T {
        self.keys.extend(key.map(SmolStr::from));
        let result = lower(self);
        if key.is_some() {
            self.keys.pop();
        }
        result
    }

    fn is_key(&self, expression: &Expression<'_>) -> bool {
        matches!(expression, Expression::Identifier(id) if self.keys.iter().any(|key| *key == id.name.as_str()))
    }

    /// The object of `object[key]`.
    fn keyed<'a, 'b>(&self, expression: &'b Expression<'a>) -> Option<&'b Expression<'a>> {
        match expression {
            Expression::ComputedMemberExpression(member) if self.is_key(&member.expression) => {
                Some(&member.object)
            }
            _ => None,
        }
    }

    /// `to[key] = from[key]`
    pub(super) fn copying_assignment(&mut self, assignment: &AssignmentExpression<'_>) -> Option<NodeId> {
        if self.keys.is_empty() {
            return None;
        }
        let AssignmentTarget::ComputedMemberExpression(to) = &assignment.left else { return None };
        let from = self.keyed(&assignment.right).filter(|_| self.is_key(&to.expression))?;
        Some(self.members("Object.assign", &to.object, from, span(assignment)))
    }

    /// `defineProperty(to, key, { get: () => from[key] })` under whatever name, or with what is in `from` as the getters.
    pub(super) fn copying_call(&mut self, call: &CallExpression<'_>) -> Option<NodeId> {
        if self.keys.is_empty() {
            return None;
        }
        let at = span(call);
        let given: Vec<&Expression<'_>> = call.arguments.iter().filter_map(Given::as_expression).collect();
        match given.as_slice() {
            [to, from, key, ..] if self.is_key(key) && is_binding(&call.callee) => {
                Some(self.members("Object.assign", to, from, at))
            }
            [to, key, Expression::ObjectExpression(described), ..] if self.is_key(key) => {
                let (how, from) = self.described(described)?;
                Some(self.members(how, to, from, at))
            }
            _ => None,
        }
    }

    /// How a description of a member copies that of another object.
    fn described<'a, 'b>(
        &self,
        described: &'b ObjectExpression<'a>,
    ) -> Option<(&'static str, &'b Expression<'a>)> {
        described.properties.iter().find_map(|property| {
            let ObjectPropertyKind::ObjectProperty(property) = property else { return None };
            match property.key.static_name()?.as_ref() {
                "value" => Some(("Object.assign", self.keyed(&property.value)?)),
                "get" => match self.keyed(&property.value) {
                    Some(getters) => Some(("getters", getters)),
                    None => Some(("Object.assign", self.keyed(only_result(&property.value)?)?)),
                },
                _ => None,
            }
        })
    }

    fn members(&mut self, how: &str, to: &Expression<'_>, from: &Expression<'_>, at: Span) -> NodeId {
        let arguments = vec![Argument::Plain(self.nested(to)), Argument::Plain(self.nested(from))];
        let copy = self.native(how, at);
        self.builder.call(copy, arguments, at)
    }
}

fn is_binding(callee: &Expression<'_>) -> bool {
    match callee {
        Expression::Identifier(id) => id.name == BINDING,
        Expression::StaticMemberExpression(member) => member.property.name == BINDING,
        _ => false,
    }
}

/// What a routine gives that does nothing else.
pub(super) fn only_result<'a, 'b>(routine: &'b Expression<'a>) -> Option<&'b Expression<'a>> {
    let statements = match routine {
        Expression::ArrowFunctionExpression(arrow) => {
            if let Some(value) = arrow.body.as_expression() {
                return Some(value);
            }
            match &arrow.body {
                oxc_ast::ast::ArrowFunctionBody::FunctionBody(body) => &body.statements,
                _ => return None,
            }
        }
        Expression::FunctionExpression(function) => &function.body.as_ref()?.statements,
        _ => return None,
    };
    match statements.as_slice() {
        [Statement::ReturnStatement(only)] => only.argument.as_ref(),
        _ => None,
    }
}

/// The variable of a loop that takes nothing apart.
pub(super) fn loop_variable<'b>(left: &'b ForStatementLeft<'_>) -> Option<&'b str> {
    match left {
        ForStatementLeft::VariableDeclaration(variables) => match &variables.declarations.first()?.id {
            BindingPattern::BindingIdentifier(id) => Some(id.name.as_str()),
            _ => None,
        },
        ForStatementLeft::AssignmentTargetIdentifier(id) => Some(id.name.as_str()),
        _ => None,
    }
}

/// The parameter of a routine that is called for each key: `Object.keys(from).forEach((key) => …)`.
pub(super) fn visited_key<'b>(call: &'b CallExpression<'_>) -> Option<&'b str> {
    let Expression::StaticMemberExpression(callee) = &call.callee else { return None };
    let Expression::CallExpression(keys) = &callee.object else { return None };
    let name = match &keys.callee {
        Expression::StaticMemberExpression(of) => of.property.name.as_str(),
        _ => return None,
    };
    if callee.property.name != "forEach" || !matches!(name, "keys" | "getOwnPropertyNames") {
        return None;
    }
    let params = match call.arguments.first()? {
        Given::ArrowFunctionExpression(arrow) => &arrow.params,
        Given::FunctionExpression(function) => &function.params,
        _ => return None,
    };
    match &params.items.first()?.pattern {
        BindingPattern::BindingIdentifier(id) => Some(id.name.as_str()),
        _ => None,
    }
}
