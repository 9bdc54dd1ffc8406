//! Targets of declarations and assignments.

use oxc_ast::ast::{
    AssignmentTarget, AssignmentTargetMaybeDefault, AssignmentTargetProperty, BindingPattern, Expression,
    PropertyKey, SimpleAssignmentTarget,
};

use crate::ir::{Argument, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::object::property_name;
use super::{EXPORTS, Lowering, span};

impl Lowering {
    /// Binds what a pattern declares to the parts of a value.
    pub(super) fn bind(&mut self, pattern: &BindingPattern<'_>, value: NodeId) {
        let at = span(pattern);
        match pattern {
            BindingPattern::BindingIdentifier(id) => self.builder.assign(&id.name, value, at),
            BindingPattern::AssignmentPattern(assignment) => {
                let value = self.with_default(value, &assignment.right, at);
                self.bind(&assignment.left, value);
            }
            BindingPattern::ObjectPattern(object) => {
                for property in &object.properties {
                    let part = self.part(value, &property.key, span(property));
                    self.bind(&property.value, part);
                }
                if let Some(rest) = &object.rest {
                    let copy = self.copy(value, at);
                    self.bind(&rest.argument, copy);
                }
            }
            BindingPattern::ArrayPattern(array) => {
                for (place, element) in array.elements.iter().enumerate() {
                    if let Some(element) = element {
                        let part = self.place(value, place, span(element));
                        self.bind(element, part);
                    }
                }
                if let Some(rest) = &array.rest {
                    let rest_value = self.builder.node(Node::Slice(value), at);
                    self.bind(&rest.argument, rest_value);
                }
            }
        }
    }

    /// A value, or a default where it is not there.
    pub(super) fn with_default(&mut self, value: NodeId, default: &Expression<'_>, at: Span) -> NodeId {
        let default = self.nested(default);
        let either = self.native("??", at);
        self.builder.call(either, vec![Argument::Plain(value), Argument::Plain(default)], at)
    }

    /// What is left of a value from which parts are taken.
    fn copy(&mut self, value: NodeId, at: Span) -> NodeId {
        let copy = self.native("...", at);
        self.builder.call(copy, vec![Argument::Plain(value)], at)
    }

    /// The part of a value under a key.
    fn part(&mut self, value: NodeId, key: &PropertyKey<'_>, at: Span) -> NodeId {
        if let Some(name) = property_name(key) {
            return self.builder.node(Node::Member(value, name), at);
        }
        let key = self.key(key);
        self.builder.node(Node::Index(value, key), at)
    }

    fn place(&mut self, value: NodeId, place: usize, at: Span) -> NodeId {
        let index = self.builder.node(Node::Number(place.to_string().into()), at);
        self.builder.node(Node::Index(value, index), at)
    }

    /// Writes a value to an assignment's target.
    pub(super) fn assign(&mut self, target: &AssignmentTarget<'_>, value: NodeId) {
        let at = span(target);
        match target {
            AssignmentTarget::ObjectAssignmentTarget(object) => {
                for property in &object.properties {
                    self.assign_property(property, value);
                }
                if let Some(rest) = &object.rest {
                    let copy = self.copy(value, at);
                    self.assign(&rest.target, copy);
                }
            }
            AssignmentTarget::ArrayAssignmentTarget(array) => {
                for (place, element) in array.elements.iter().enumerate() {
                    if let Some(element) = element {
                        let part = self.place(value, place, span(element));
                        self.assign_maybe(element, part);
                    }
                }
                if let Some(rest) = &array.rest {
                    let rest_value = self.builder.node(Node::Slice(value), at);
                    self.assign(&rest.target, rest_value);
                }
            }
            other => {
                if let Some(simple) = other.as_simple_assignment_target() {
                    self.assign_simple(simple, value);
                }
            }
        }
    }

    fn assign_property(&mut self, property: &AssignmentTargetProperty<'_>, value: NodeId) {
        let at = span(property);
        match property {
            AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(short) => {
                let mut part = self.builder.node(Node::Member(value, short.binding.name.as_str().into()), at);
                if let Some(default) = &short.init {
                    part = self.with_default(part, default, at);
                }
                self.write(&short.binding.name, part, at);
            }
            AssignmentTargetProperty::AssignmentTargetPropertyProperty(long) => {
                let part = self.part(value, &long.name, at);
                self.assign_maybe(&long.binding, part);
            }
        }
    }

    fn assign_maybe(&mut self, target: &AssignmentTargetMaybeDefault<'_>, value: NodeId) {
        match target {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(with) => {
                let value = self.with_default(value, &with.init, span(target));
                self.assign(&with.binding, value);
            }
            other => {
                if let Some(target) = other.as_assignment_target() {
                    self.assign(target, value);
                }
            }
        }
    }

    /// Writes to a variable of whatever scope; one that nothing declares is the module's.
    fn write(&mut self, name: &str, value: NodeId, at: Span) {
        if !self.builder.is_own(name) {
            let is_global = !self.builder.declares(name);
            self.builder.declare_foreign(&name.into(), is_global);
        }
        self.builder.assign(name, value, at);
    }

    /// Writes to a variable, member or element.
    pub(super) fn assign_simple(&mut self, target: &SimpleAssignmentTarget<'_>, value: NodeId) {
        let at = span(target);
        match target {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(id) => {
                if id.name == "exports" && !self.builder.declares("exports") {
                    self.write(EXPORTS, value, at);
                }
                self.write(&id.name, value, at);
            }
            SimpleAssignmentTarget::StaticMemberExpression(member) => {
                let is_module = member.object.is_specific_id("module") && !self.builder.declares("module");
                if member.property.name == "exports" && is_module {
                    self.write(EXPORTS, value, at);
                    return;
                }
                let base = self.nested(&member.object);
                self.builder.store(base, member.property.name.as_str().into(), value, at);
            }
            SimpleAssignmentTarget::PrivateFieldExpression(member) => {
                let base = self.nested(&member.object);
                self.builder.store(base, private(&member.field.name), value, at);
            }
            SimpleAssignmentTarget::ComputedMemberExpression(member) => {
                let base = self.nested(&member.object);
                if let Expression::StringLiteral(name) = &member.expression {
                    self.builder.store(base, name.value.as_str().into(), value, at);
                    return;
                }
                let index = self.nested(&member.expression);
                self.builder.store_index(base, index, value, at);
            }
            other => {
                if let Some(inner) = other.get_expression() {
                    self.nested(inner);
                }
            }
        }
    }

    /// The value that a simple target has before it is written.
    pub(super) fn target_value(&mut self, target: &SimpleAssignmentTarget<'_>) -> NodeId {
        let at = span(target);
        match target {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(id) => self.builder.read(&id.name, at),
            SimpleAssignmentTarget::StaticMemberExpression(member) => self.static_member(member),
            SimpleAssignmentTarget::PrivateFieldExpression(member) => {
                let base = self.nested(&member.object);
                self.builder.node(Node::Member(base, private(&member.field.name)), at)
            }
            SimpleAssignmentTarget::ComputedMemberExpression(member) => self.computed_member(member),
            _ => self.builder.unknown(at),
        }
    }
}

/// The name of a private member: no other member has it.
pub(super) fn private(name: &str) -> SmolStr {
    format!("#{name}").into()
}
