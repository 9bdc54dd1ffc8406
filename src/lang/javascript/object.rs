//! Object literals.

use oxc_ast::ast::{
    Expression, ObjectExpression, ObjectProperty, ObjectPropertyKind, PropertyKey, PropertyKind,
};

use crate::ir::{Node, NodeId};
use crate::text::Span;

use super::{Lowering, This, span};

impl Lowering {
    /// An object literal. Its functions see it as `this`.
    pub(super) fn object(&mut self, object: &ObjectExpression<'_>, at: Span) -> NodeId {
        let has_functions = object.properties.iter().any(|property| match property {
            ObjectPropertyKind::ObjectProperty(property) => {
                matches!(property.value, Expression::FunctionExpression(_))
            }
            ObjectPropertyKind::SpreadProperty(_) => false,
        });
        let this = has_functions.then(|| self.fresh("object"));
        if let Some(this) = &this {
            self.builder.declare(this.clone());
        }
        let mut pairs = vec![];
        for property in &object.properties {
            match property {
                ObjectPropertyKind::SpreadProperty(spread) => {
                    pairs.push((None, self.nested(&spread.argument)));
                }
                ObjectPropertyKind::ObjectProperty(property) => {
                    let key = self.key(&property.key);
                    let function = matches!(property.value, Expression::FunctionExpression(_));
                    let this = this.clone().filter(|_| function);
                    self.this.extend(this.clone().map(This::Variable));
                    let value = self.property(property);
                    if this.is_some() {
                        self.this.pop();
                    }
                    pairs.push((Some(key), value));
                }
            }
        }
        let record = self.builder.node(Node::Record(pairs), at);
        if let Some(this) = this {
            self.builder.assign(&this, record, at);
        }
        record
    }

    fn property(&mut self, property: &ObjectProperty<'_>) -> NodeId {
        let at = span(property);
        let name = property.key.static_name().map_or_else(|| "<member>".into(), |name| name.to_string());
        let value = match &property.value {
            Expression::FunctionExpression(function) => self.method(function, &name, span(&property.key)),
            other => self.named(&name, other),
        };
        match property.kind {
            PropertyKind::Init => value,
            PropertyKind::Get => self.builder.call(value, vec![], at),
            PropertyKind::Set => self.builder.unknown(at),
        }
    }

    /// The key of a property as a value.
    pub(super) fn key(&mut self, key: &PropertyKey<'_>) -> NodeId {
        let at = span(key);
        match key.static_name() {
            Some(name) => self.builder.text(&name, at),
            None => match key.as_expression() {
                Some(expression) => self.nested(expression),
                None => self.builder.unknown(at),
            },
        }
    }
}
