//! Types: which class or classes a declaration names, and what a variable of a type is before anybody gives it a value.

use gosyn::ast::{Expression, Field, FieldList, InterfaceType};

use crate::ir::{Argument, ClassKind, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::Lowering;

/// Types of the language itself: values of these never call anything.
const PLAIN: &[&str] = &[
    "any",
    "bool",
    "byte",
    "comparable",
    "complex128",
    "complex64",
    "error",
    "float32",
    "float64",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "rune",
    "string",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintptr",
];

impl Lowering {
    /// The class that a type names; nothing for one that names none worth following.
    pub(super) fn kind(&mut self, kind: &Expression) -> Option<NodeId> {
        match kind {
            Expression::Ident(name) => {
                if self.is_plain(&name.name) || self.generic.contains(name.name.as_str()) {
                    return None;
                }
                let at = self.token(name.pos, &name.name);
                Some(self.builder.read(&name.name, at))
            }
            Expression::Selector(_) => Some(self.nested(kind)),
            Expression::TypePointer(pointer) => self.kind(&pointer.typ),
            Expression::Star(star) => self.kind(&star.right),
            Expression::Paren(inner) => self.kind(&inner.expr),
            Expression::Index(index) => self.kind(&index.left),
            Expression::IndexList(index) => self.kind(&index.left),
            Expression::TypeInterface(interface) if !interface.methods.list.is_empty() => {
                let at = self.at(interface.pos);
                Some(self.interface_type(&"interface".into(), interface, at))
            }
            _ => None,
        }
    }

    /// Whether a name is a type of the language itself here.
    pub(super) fn is_plain(&self, name: &str) -> bool {
        PLAIN.contains(&name) && !self.builder.declares(name)
    }

    /// What a variable of a type is before anybody gives it a value; nothing where no store can reach it.
    pub(super) fn zero(&mut self, kind: &Expression, at: Span) -> Option<NodeId> {
        match kind {
            Expression::Ident(_)
            | Expression::Selector(_)
            | Expression::Index(_)
            | Expression::IndexList(_) => {
                let kind = self.kind(kind)?;
                Some(self.builder.node(Node::Make(kind, vec![]), at))
            }
            Expression::Paren(inner) => self.zero(&inner.expr, at),
            Expression::TypeMap(_) | Expression::TypeStruct(_) => {
                Some(self.builder.node(Node::Record(vec![]), at))
            }
            Expression::TypeSlice(_) | Expression::TypeArray(_) | Expression::TypeChannel(_) => {
                Some(self.builder.node(Node::List(vec![]), at))
            }
            _ => None,
        }
    }

    /// A class that says which members an object must have, with the types in their signatures.
    pub(super) fn interface_type(&mut self, name: &SmolStr, interface: &InterfaceType, at: Span) -> NodeId {
        let methods: Vec<(&Field, SmolStr, usize)> = interface
            .methods
            .list
            .iter()
            .filter_map(|method| {
                let name = method.name.first()?;
                Some((method, SmolStr::from(name.name.as_str()), name.pos))
            })
            .collect();
        let embedded: Vec<&Field> =
            interface.methods.list.iter().filter(|method| method.name.is_empty()).collect();
        let bases: Vec<NodeId> = embedded.iter().filter_map(|field| self.kind(&field.typ)).collect();
        let names: Vec<SmolStr> = methods.iter().map(|(_, name, _)| name.clone()).collect();
        let class = self.builder.enter_class(name.clone(), SmolStr::default(), names, at);
        for (method, name, place) in methods {
            let span = self.token(place, &name);
            let mut types = vec![];
            if let Expression::TypeFunction(signature) = &method.typ {
                for field in signature.params.list.iter().chain(&signature.result.list) {
                    types.extend(self.kind(&field.typ).map(Argument::Plain));
                }
            }
            let types = self.builder.node(Node::List(types), span);
            self.builder.assign(&name, types, span);
        }
        self.builder.leave();
        self.builder.set_class_kind(class, ClassKind::Interface);
        self.builder.node(Node::Class(class, bases), at)
    }

    /// Takes note of type parameters; gives those that were not known before.
    pub(super) fn type_parameters(&mut self, parameters: &FieldList) -> Vec<SmolStr> {
        let names = parameters.list.iter().flat_map(|field| &field.name);
        let new = names.map(|name| SmolStr::from(name.name.as_str()));
        new.filter(|name| self.generic.insert(name.clone())).collect()
    }

    /// Forgets type parameters.
    pub(super) fn forget(&mut self, names: &[SmolStr]) {
        for name in names {
            self.generic.remove(name);
        }
    }
}
