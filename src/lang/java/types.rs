//! Declared types: the classes that they name.

use tree_sitter::Node as Part;

use crate::ir::{Node, NodeId};
use crate::text::SmolStr;

use super::dialect::OWN_TYPES;
use super::tree::{field, named, span};
use super::{ClassPath, Lowering};

impl Lowering<'_> {
    /// The class that a type names, where a value of that type is worth following.
    pub(super) fn declared(&mut self, part: Part<'_>) -> Option<NodeId> {
        if self.is_plain(part) { None } else { self.any_type(part) }
    }

    /// The class that a type names.
    pub(super) fn any_type(&mut self, part: Part<'_>) -> Option<NodeId> {
        let at = span(part);
        match part.kind() {
            "type_identifier" | "identifier" => {
                let name = self.name(part);
                if name == "var" { None } else { self.type_named(&name, at) }
            }
            "integral_type" | "floating_point_type" | "boolean_type" => {
                let name = self.name(part);
                Some(self.native(&name, at))
            }
            "scoped_type_identifier" | "scoped_identifier" => self.scoped_type(part),
            "generic_type" => self.any_type(*named(part).first()?),
            "annotated_type" => self.any_type(*named(part).last()?),
            "array_type" => Some(self.native("[]", at)),
            _ => None,
        }
    }

    /// What a class derives from.
    pub(super) fn base(&mut self, part: Part<'_>) -> Option<NodeId> {
        self.any_type(part)
    }

    /// `Outer.Inner`, `a.b.Outer`.
    fn scoped_type(&mut self, part: Part<'_>) -> Option<NodeId> {
        let at = span(part);
        let text: String = self.text(part).chars().filter(|letter| !letter.is_whitespace()).collect();
        let mut names = text.split('.');
        let first = names.next()?;
        if first.starts_with(char::is_uppercase) {
            let mut value = self.type_named(first, at)?;
            for name in names {
                value = self.builder.node(Node::Member(value, SmolStr::from(name)), at);
            }
            return Some(value);
        }
        Some(self.imported(&ClassPath::of(&text), at))
    }

    /// Whether values of a type never call anything of the project or of an SDK by themselves.
    fn is_plain(&self, part: Part<'_>) -> bool {
        match part.kind() {
            "integral_type" | "floating_point_type" | "boolean_type" | "void_type" | "array_type" => true,
            "generic_type" => named(part).first().is_none_or(|inner| self.is_plain(*inner)),
            "type_identifier" | "identifier" => {
                let name = self.text(part);
                !self.types.iter().any(|known| known == name)
                    && match self.imports.get(name) {
                        Some(path) => path.is_native(),
                        None => OWN_TYPES.binary_search(&name).is_ok() || name == "void",
                    }
            }
            _ => false,
        }
    }

    /// An initial value with what its declared type adds.
    pub(super) fn initialised(&mut self, value: Part<'_>, kind: Option<Part<'_>>) -> NodeId {
        let at = span(value);
        let is_made =
            matches!(value.kind(), "object_creation_expression" | "string_literal" | "lambda_expression");
        let declared = kind.filter(|_| !is_made).and_then(|kind| self.declared(kind));
        let node = match value.kind() {
            "array_initializer" => self.array(value),
            _ => self.nested(value),
        };
        declared.map_or(node, |declared| self.builder.node(Node::Cast(node, declared), at))
    }

    /// Whether a local variable of the type holds text that grows in place.
    pub(super) fn is_growing_text(&self, declaration: Part<'_>, value: Option<Part<'_>>) -> bool {
        let is = |part: Part<'_>| matches!(self.text(part), "StringBuilder" | "StringBuffer");
        field(declaration, "type").is_some_and(is)
            || value.and_then(|value| field(value, "type")).is_some_and(is)
    }
}
