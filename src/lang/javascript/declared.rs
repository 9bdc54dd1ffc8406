//! Interfaces and named types: classes without objects of their own, for what they say of the objects that they stand for.

use oxc_ast::ast::{
    TSInterfaceDeclaration, TSPropertySignature, TSSignature, TSType, TSTypeAliasDeclaration, TSTypeName,
};

use crate::ir::{Node, NodeId};
use crate::text::{SmolStr, Span};

use super::class::CONSTRUCTOR;
use super::{Lowering, span};

impl Lowering {
    /// An interface. One that only says which data there is stands for nothing.
    pub(super) fn interface(&mut self, interface: &TSInterfaceDeclaration<'_>) {
        let at = span(&interface.id);
        let mut bases = vec![];
        for heritage in &interface.extends {
            bases.extend(self.type_name(&heritage.type_name));
        }
        let members = &interface.body.body;
        if bases.is_empty() && !members.iter().any(has_behaviour) {
            return;
        }
        let value = self.declared_type(&interface.id.name, members, bases, at);
        self.builder.assign(&interface.id.name, value, at);
    }

    /// A name for a type.
    pub(super) fn type_alias(&mut self, alias: &TSTypeAliasDeclaration<'_>) {
        let at = span(&alias.id);
        let value = match &alias.type_annotation {
            TSType::TSTypeLiteral(literal) if literal.members.iter().any(has_behaviour) => {
                Some(self.declared_type(&alias.id.name, &literal.members, vec![], at))
            }
            TSType::TSTypeLiteral(_) => None,
            other => self.declared(other),
        };
        if let Some(value) = value {
            self.builder.assign(&alias.id.name, value, at);
        }
    }

    fn declared_type(
        &mut self,
        name: &str,
        members: &[TSSignature<'_>],
        bases: Vec<NodeId>,
        at: Span,
    ) -> NodeId {
        let names: Vec<SmolStr> = vec![];
        let id = self.builder.enter_class(name.into(), CONSTRUCTOR.into(), names, at);
        for member in members {
            let TSSignature::TSPropertySignature(property) = member else { continue };
            let Some(name) = property.key.static_name() else { continue };
            if let Some(declared) = self.annotation(property.type_annotation.as_deref()) {
                self.builder.node(Node::Field(name.as_ref().into(), declared), span(&property.key));
            }
        }
        self.builder.leave();
        self.builder.declare_objects(id, vec![], true);
        self.builder.node(Node::Class(id, bases), at)
    }
}

/// Whether a member of a type may be something that is called, or has something that is.
fn has_behaviour(member: &TSSignature<'_>) -> bool {
    match member {
        TSSignature::TSMethodSignature(_) | TSSignature::TSCallSignatureDeclaration(_) => true,
        TSSignature::TSPropertySignature(property) => property_type(property).is_some_and(may_act),
        _ => false,
    }
}

fn property_type<'a, 'b>(property: &'b TSPropertySignature<'a>) -> Option<&'b TSType<'a>> {
    Some(&property.type_annotation.as_ref()?.type_annotation)
}

fn may_act(kind: &TSType<'_>) -> bool {
    match kind {
        TSType::TSFunctionType(_) => true,
        TSType::TSTypeReference(reference) => match &reference.type_name {
            TSTypeName::IdentifierReference(id) => !super::types::is_plain(&id.name),
            _ => true,
        },
        TSType::TSUnionType(union) => union.types.iter().any(may_act),
        TSType::TSParenthesizedType(inner) => may_act(&inner.type_annotation),
        _ => false,
    }
}
