//! Annotations: the classes that they name.

use oxc_ast::ast::{TSType, TSTypeAnnotation, TSTypeName};

use crate::ir::{Node, NodeId};

use super::{Lowering, span};

impl Lowering {
    /// The class or classes that an annotation names; nothing for one that names none worth following.
    pub(super) fn annotation(&mut self, annotation: Option<&TSTypeAnnotation<'_>>) -> Option<NodeId> {
        self.declared(&annotation?.type_annotation)
    }

    pub(super) fn declared(&mut self, kind: &TSType<'_>) -> Option<NodeId> {
        let at = span(kind);
        match kind {
            TSType::TSTypeReference(reference) => {
                if let TSTypeName::IdentifierReference(id) = &reference.type_name
                    && is_plain(&id.name)
                {
                    let inner = reference.type_arguments.as_ref()?.params.first()?;
                    return matches!(id.name.as_str(), "Promise" | "Readonly" | "Required" | "Partial")
                        .then(|| self.declared(inner))
                        .flatten();
                }
                self.type_name(&reference.type_name)
            }
            TSType::TSUnionType(union) => {
                let sides: Vec<NodeId> = union.types.iter().filter_map(|side| self.declared(side)).collect();
                (!sides.is_empty()).then(|| self.builder.one_of(sides, at))
            }
            TSType::TSIntersectionType(all) => {
                let sides: Vec<NodeId> = all.types.iter().filter_map(|side| self.declared(side)).collect();
                (!sides.is_empty()).then(|| self.builder.one_of(sides, at))
            }
            TSType::TSParenthesizedType(inner) => self.declared(&inner.type_annotation),
            _ => None,
        }
    }

    pub(super) fn type_name(&mut self, name: &TSTypeName<'_>) -> Option<NodeId> {
        match name {
            TSTypeName::IdentifierReference(id) => Some(self.builder.read(&id.name, span(id.as_ref()))),
            TSTypeName::QualifiedName(name) => {
                let base = self.type_name(&name.left)?;
                let at = span(&name.right);
                Some(self.builder.node(Node::Member(base, name.right.name.as_str().into()), at))
            }
            TSTypeName::ThisExpression(_) => None,
        }
    }
}

/// Types of the language itself: values of these never call anything.
pub(super) fn is_plain(name: &str) -> bool {
    matches!(
        name,
        "Array"
            | "Awaited"
            | "Date"
            | "Error"
            | "Exclude"
            | "Extract"
            | "Function"
            | "Map"
            | "NonNullable"
            | "Omit"
            | "Partial"
            | "Pick"
            | "Promise"
            | "Readonly"
            | "ReadonlyArray"
            | "Record"
            | "RegExp"
            | "Required"
            | "ReturnType"
            | "Set"
            | "String"
            | "Buffer"
    )
}
