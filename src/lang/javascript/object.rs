//! Object literals.

use oxc_ast::ast::{
    Expression, ObjectExpression, ObjectProperty, ObjectPropertyKind, PropertyKey, PropertyKind,
};

use crate::ir::{Argument, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::dialect::ITERATE;
use super::{Lowering, span};

impl Lowering {
    /// An object literal. Getters are called where the member is read; what a setter does is done with any value.
    pub(super) fn object(&mut self, object: &ObjectExpression<'_>, at: Span) -> NodeId {
        let mut pairs = vec![];
        for property in &object.properties {
            match property {
                ObjectPropertyKind::SpreadProperty(spread) => {
                    pairs.push((None, self.spread(&spread.argument)));
                }
                ObjectPropertyKind::ObjectProperty(property) => {
                    let key = self.key(&property.key);
                    let value = self.property(property);
                    let at = span(property.as_ref());
                    match property.kind {
                        PropertyKind::Init => pairs.push((Some(key), value)),
                        PropertyKind::Get => {
                            let getter = self.native("getter", at);
                            let value = self.builder.call(getter, vec![Argument::Plain(value)], at);
                            pairs.push((Some(key), value));
                        }
                        PropertyKind::Set => {
                            let unknown = self.builder.unknown(at);
                            self.builder.call(value, vec![Argument::Plain(unknown)], at);
                        }
                    }
                }
            }
        }
        self.builder.node(Node::Record(pairs), at)
    }

    fn property(&mut self, property: &ObjectProperty<'_>) -> NodeId {
        let name = property.key.static_name().map_or_else(|| "<member>".into(), |name| name.to_string());
        match &property.value {
            Expression::FunctionExpression(function) if function.id.is_none() => {
                self.plain(function, &name, span(&property.key))
            }
            other => self.named(&name, other),
        }
    }

    /// The key of a property as a value.
    pub(super) fn key(&mut self, key: &PropertyKey<'_>) -> NodeId {
        let at = span(key);
        match property_name(key) {
            Some(name) => self.builder.text(&name, at),
            None => match key.as_expression() {
                Some(expression) => self.nested(expression),
                None => self.builder.unknown(at),
            },
        }
    }
}

/// The name of a property, where the source states it. Objects are iterated over by one name, whether or not that waits.
pub(super) fn property_name(key: &PropertyKey<'_>) -> Option<SmolStr> {
    if let PropertyKey::StaticMemberExpression(member) = key
        && member.object.is_specific_id("Symbol")
    {
        let name = member.property.name.as_str();
        return Some(match name {
            "iterator" | "asyncIterator" => ITERATE.into(),
            other => format!("@@{other}").into(),
        });
    }
    key.static_name().map(|name| name.as_ref().into())
}
