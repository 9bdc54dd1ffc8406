//! Functions that make objects: classes as they were written before the language had a word for them, and as compilers
//! still write them.

use indexmap::IndexMap;
use oxc_ast::ast::{
    Argument as Given, AssignmentExpression, AssignmentTarget, CallExpression, Expression, Function,
    ObjectExpression, ObjectPropertyKind, Program, StaticMemberExpression,
};
use oxc_ast_visit::{Visit, walk};

use crate::ir::{Node, NodeId};
use crate::text::{SmolStr, Span};

use super::class::CONSTRUCTOR;
use super::routine::THIS;
use super::{Lowering, This, span};

/// Functions that make one function's objects derive from another's.
const INHERITING: [&str; 4] = ["inherits", "__extends", "_inherits", "_inheritsLoose"];

/// The functions whose prototype a program names, each with those that it derives from.
#[derive(Default)]
pub(super) struct Makers {
    bases: IndexMap<SmolStr, Vec<SmolStr>>,
}

impl Makers {
    /// Finds them in a program.
    pub(super) fn of(program: &Program<'_>) -> Self {
        let mut makers = Self::default();
        makers.visit_program(program);
        makers
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.bases.contains_key(name)
    }

    /// Whether objects of a function derive from those of another, which has to be there first.
    pub(super) fn derives(&self, name: &str) -> bool {
        self.bases.get(name).is_some_and(|bases| !bases.is_empty())
    }

    fn derive(&mut self, name: &str, base: &str) {
        let bases = self.bases.entry(name.into()).or_default();
        if name != base && !bases.iter().any(|known| known == base) {
            bases.push(base.into());
        }
    }
}

impl<'a> Visit<'a> for Makers {
    fn visit_static_member_expression(&mut self, member: &StaticMemberExpression<'a>) {
        if let Some(name) = prototype_of(member) {
            self.bases.entry(name.into()).or_default();
        }
        walk::walk_static_member_expression(self, member);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        let callee = match &call.callee {
            Expression::Identifier(id) => Some(id.name.as_str()),
            Expression::StaticMemberExpression(member) => Some(member.property.name.as_str()),
            _ => None,
        };
        match (callee, call.arguments.as_slice()) {
            (Some(name), [Given::Identifier(to), Given::Identifier(from), ..])
                if INHERITING.contains(&name) =>
            {
                self.derive(&to.name, &from.name);
            }
            (
                Some("setPrototypeOf"),
                [Given::StaticMemberExpression(to), Given::StaticMemberExpression(from), ..],
            ) => {
                if let (Some(to), Some(from)) = (prototype_of(to), prototype_of(from)) {
                    self.derive(to, from);
                }
            }
            _ => {}
        }
        walk::walk_call_expression(self, call);
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        if let AssignmentTarget::StaticMemberExpression(left) = &assignment.left
            && let Some(name) = prototype_of(left)
        {
            let base = match &assignment.right {
                // `Object.create(Base.prototype)`
                Expression::CallExpression(call) => match call.arguments.first() {
                    Some(Given::StaticMemberExpression(from)) => prototype_of(from),
                    _ => None,
                },
                Expression::NewExpression(new) => match &new.callee {
                    Expression::Identifier(id) => Some(id.name.as_str()),
                    _ => None,
                },
                _ => None,
            };
            if let Some(base) = base {
                self.derive(name, base);
            }
        }
        walk::walk_assignment_expression(self, assignment);
    }
}

/// The function whose prototype a member is.
fn prototype_of<'b>(member: &'b StaticMemberExpression<'_>) -> Option<&'b str> {
    match &member.object {
        Expression::Identifier(id) if member.property.name == "prototype" => Some(id.name.as_str()),
        _ => None,
    }
}

impl Lowering {
    /// Whether a member is the prototype of a function that makes objects: what it has, the objects have.
    pub(super) fn is_prototype(&self, member: &StaticMemberExpression<'_>) -> bool {
        prototype_of(member).is_some_and(|name| self.makers.has(name))
    }

    /// A function that makes objects, as a class whose constructor it is.
    pub(super) fn maker(&mut self, function: &Function<'_>, name: &str, at: Span) -> NodeId {
        let bases = self.makers.bases.get(name).cloned().unwrap_or_default();
        let bases = bases.iter().map(|base| self.builder.read(base, at)).collect();
        let id = self.builder.enter_class(name.into(), CONSTRUCTOR.into(), vec![CONSTRUCTOR.into()], at);
        let constructor = self.own_method(function, CONSTRUCTOR, at);
        self.builder.assign(CONSTRUCTOR, constructor, at);
        self.builder.leave();
        self.builder.node(Node::Class(id, bases), at)
    }

    fn own_method(&mut self, function: &Function<'_>, name: &str, at: Span) -> NodeId {
        self.this.push(This::Variable(THIS.into()));
        let value = self.routine(function, name, at, true, &mut |_| {});
        self.this.pop();
        value
    }

    /// An assignment to a prototype or to a member of one; `None` for any other.
    pub(super) fn prototype_assignment(&mut self, assignment: &AssignmentExpression<'_>) -> Option<NodeId> {
        let AssignmentTarget::StaticMemberExpression(left) = &assignment.left else { return None };
        let at = span(&left.property);
        if self.is_prototype(left) {
            let owner = self.nested(&left.object);
            match &assignment.right {
                Expression::ObjectExpression(members) => self.prototype_members(owner, members),
                other => {
                    self.nested(other);
                }
            }
            return Some(owner);
        }
        let Expression::StaticMemberExpression(inner) = &left.object else { return None };
        let Expression::FunctionExpression(function) = &assignment.right else { return None };
        if !self.is_prototype(inner) {
            return None;
        }
        let owner = self.nested(&inner.object);
        let value = self.own_method(function, &left.property.name, at);
        self.builder.store(owner, left.property.name.as_str().into(), value, at);
        Some(value)
    }

    /// Gives a prototype the members of an object literal.
    pub(super) fn prototype_members(&mut self, owner: NodeId, members: &ObjectExpression<'_>) {
        for member in &members.properties {
            let ObjectPropertyKind::ObjectProperty(member) = member else { continue };
            let Some(name) = member.key.static_name() else { continue };
            let at = span(&member.key);
            let value = match &member.value {
                Expression::FunctionExpression(function) => self.own_method(function, &name, at),
                other => self.named(&name, other),
            };
            self.builder.store(owner, name.as_ref().into(), value, at);
        }
    }

    /// Calls with a meaning of their own where functions make objects: `Base.call(this, …)`, and
    /// `Object.assign(F.prototype, { … })`.
    pub(super) fn maker_call(&mut self, call: &CallExpression<'_>) -> Option<NodeId> {
        let Expression::StaticMemberExpression(callee) = &call.callee else { return None };
        let at = span(&callee.property);
        let first = call.arguments.first()?;
        match (callee.property.name.as_str(), &callee.object, first) {
            ("call" | "apply", Expression::Identifier(id), Given::ThisExpression(_))
                if self.makers.has(&id.name) || id.name == "_super" =>
            {
                let base = self.above(at);
                let constructor = self.builder.node(Node::Member(base, CONSTRUCTOR.into()), at);
                let arguments = self.arguments(call.arguments.get(1..).unwrap_or_default());
                Some(self.builder.call(constructor, arguments, at))
            }
            ("assign" | "extend", _, Given::StaticMemberExpression(member)) if self.is_prototype(member) => {
                let owner = self.nested(&member.object);
                for given in call.arguments.iter().skip(1) {
                    match given {
                        Given::ObjectExpression(members) => self.prototype_members(owner, members),
                        other => {
                            if let Some(value) = other.as_expression() {
                                self.nested(value);
                            }
                        }
                    }
                }
                Some(owner)
            }
            _ => None,
        }
    }
}
