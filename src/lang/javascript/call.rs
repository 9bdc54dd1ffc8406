//! Calls.

use oxc_ast::ast::{
    Argument as Given, CallExpression, ChainElement, Expression, ImportExpression, NewExpression,
};

use crate::ir::{Argument, Node, NodeId};
use crate::text::Span;

use super::routine::ABOVE;
use super::{Lowering, copy, span};

impl Lowering {
    /// A call. Waiting for a promise with a routine is a call of the language's own, whatever it is called on: what
    /// gives nothing is waited for too.
    pub(super) fn call(&mut self, call: &CallExpression<'_>) -> NodeId {
        let special = self.special(call).or_else(|| self.maker_call(call)).or_else(|| self.helper(call));
        let special = special.or_else(|| self.bundle_call(call));
        if let Some(value) = special.or_else(|| self.copying_call(call)) {
            return value;
        }
        let key = copy::visited_key(call);
        self.over_keys(key, |lowering| lowering.plain_call(call))
    }

    fn plain_call(&mut self, call: &CallExpression<'_>) -> NodeId {
        if let Some((object, name, at)) = waiting(&call.callee) {
            let receiver = self.nested(object);
            let callee = self.native(name, at);
            let mut arguments = vec![Argument::Plain(receiver)];
            arguments.extend(self.arguments(&call.arguments));
            return self.builder.call(callee, arguments, at);
        }
        let at = token(&call.callee);
        let callee = self.bundle_function(call).unwrap_or_else(|| self.nested(&call.callee));
        let arguments = self.arguments(&call.arguments);
        self.builder.call(callee, arguments, at)
    }

    /// `new X(…)` is a call of the class.
    pub(super) fn construct(&mut self, new: &NewExpression<'_>) -> NodeId {
        let at = token(&new.callee);
        let callee = self.nested(&new.callee);
        let arguments = self.arguments(&new.arguments);
        self.builder.call(callee, arguments, at)
    }

    /// The class above.
    pub(super) fn above(&mut self, at: Span) -> NodeId {
        if self.builder.declares(ABOVE) {
            self.builder.read(ABOVE, at)
        } else {
            self.builder.node(Node::Super, at)
        }
    }

    /// Calls that the language itself gives a meaning: `require`, `super`.
    fn special(&mut self, call: &CallExpression<'_>) -> Option<NodeId> {
        let at = span(call);
        match &call.callee {
            Expression::Super(_) => {
                let base = self.above(at);
                let constructor = self.builder.node(Node::Member(base, "constructor".into()), at);
                let arguments = self.arguments(&call.arguments);
                Some(self.builder.call(constructor, arguments, at))
            }
            Expression::Identifier(id) if id.name == "require" => {
                let Some(Given::StringLiteral(module)) = call.arguments.first() else { return None };
                Some(self.imported(&module.value, span(module.as_ref())))
            }
            // What TypeScript's compiler puts around an import.
            Expression::Identifier(id)
                if matches!(
                    id.name.as_str(),
                    "__importDefault" | "__importStar" | "_interopRequireDefault"
                ) =>
            {
                let first = call.arguments.first()?.as_expression()?;
                Some(self.nested(first))
            }
            _ => None,
        }
    }

    pub(super) fn arguments(&mut self, arguments: &[Given<'_>]) -> Vec<Argument> {
        let mut given = vec![];
        for argument in arguments {
            match argument {
                Given::SpreadElement(spread) => given.push(Argument::Spread(self.nested(&spread.argument))),
                other => {
                    if let Some(value) = other.as_expression() {
                        given.push(Argument::Plain(self.nested(value)));
                    }
                }
            }
        }
        given
    }

    pub(super) fn dynamic_import(&mut self, import: &ImportExpression<'_>, at: Span) -> NodeId {
        if let Expression::StringLiteral(module) = &import.source {
            return self.imported(&module.value, at);
        }
        let name = self.nested(&import.source);
        let import = self.native("import", at);
        self.builder.call(import, vec![Argument::Plain(name)], at)
    }

    /// What an import of the default gives.
    pub(super) fn default_of(&mut self, module: NodeId, at: Span) -> NodeId {
        let default = self.native("default", at);
        self.builder.call(default, vec![Argument::Plain(module)], at)
    }
}

/// The object and the native name of a call that waits for a promise.
fn waiting<'a, 'b>(callee: &'b Expression<'a>) -> Option<(&'b Expression<'a>, &'static str, Span)> {
    let member = match callee {
        Expression::StaticMemberExpression(member) => member,
        Expression::ChainExpression(chain) => match &chain.expression {
            ChainElement::StaticMemberExpression(member) => member,
            _ => return None,
        },
        _ => return None,
    };
    let name = match member.property.name.as_str() {
        "then" => "Promise.prototype.then",
        "catch" => "Promise.prototype.catch",
        "finally" => "Promise.prototype.finally",
        _ => return None,
    };
    Some((&member.object, name, span(&member.property)))
}

/// The token that names what is called.
fn token(callee: &Expression<'_>) -> Span {
    match callee {
        Expression::StaticMemberExpression(member) => span(&member.property),
        Expression::PrivateFieldExpression(member) => span(&member.field),
        Expression::ComputedMemberExpression(member) => span(&member.expression),
        Expression::ChainExpression(chain) => match &chain.expression {
            ChainElement::StaticMemberExpression(member) => span(&member.property),
            other => span(other),
        },
        other => span(other),
    }
}
