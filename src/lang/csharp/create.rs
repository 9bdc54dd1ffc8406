//! Making objects, collections and tuples.

use tree_sitter::Node as Tree;

use crate::ir::{Argument, Call, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::class::type_argument;
use super::types::type_arguments;
use super::{Lowering, tree};

/// What stands in the braces behind `new X`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Content {
    /// `A = 1`
    Members,
    /// `["a"] = 1`, `{ "a", 1 }`
    Entries,
    /// `1, 2`
    Elements,
    /// Nothing.
    Nothing,
}

impl<'s> Lowering<'s> {
    /// Whatever makes something; `wanted` is the type that `new()` leaves out.
    pub(super) fn create(&mut self, node: Tree<'s>, wanted: Option<Tree<'s>>) -> NodeId {
        let at = tree::span(node);
        let braces = tree::part_of_kind(node, "initializer_expression");
        match node.kind() {
            "object_creation_expression" => {
                let list = tree::field(node, "arguments");
                self.object(tree::field(node, "type"), list, braces, at)
            }
            "implicit_object_creation_expression" => {
                let list = tree::part_of_kind(node, "argument_list");
                self.object(wanted, list, braces, at)
            }
            "array_creation_expression" | "implicit_array_creation_expression" => match braces {
                Some(braces) => self.elements(braces),
                None => self.builder.node(Node::List(vec![]), at),
            },
            "collection_expression" => self.elements(node),
            "initializer_expression" => match Self::content(node) {
                Content::Members | Content::Entries => self.entries(node),
                Content::Elements | Content::Nothing => self.elements(node),
            },
            "anonymous_object_creation_expression" => self.anonymous(node),
            "with_expression" => self.with(node),
            _ => self.tuple(node),
        }
    }

    fn object(
        &mut self,
        declared: Option<Tree<'s>>,
        list: Option<Tree<'s>>,
        braces: Option<Tree<'s>>,
        at: Span,
    ) -> NodeId {
        let content = braces.map_or(Content::Nothing, Self::content);
        match (content, braces) {
            (Content::Entries, Some(braces)) => return self.entries(braces),
            (Content::Elements, Some(braces)) => return self.elements(braces),
            _ => {}
        }
        let declared = declared.map(|declared| match declared.kind() {
            "nullable_type" => tree::field(declared, "type").unwrap_or(declared),
            _ => declared,
        });
        let Some((class, name)) = declared.and_then(|declared| Some((self.made_type(declared)?, declared)))
        else {
            return match braces {
                Some(braces) => self.entries(braces),
                None => {
                    let arguments = self.arguments(list);
                    let callee = self.builder.unknown(at);
                    self.builder.node(Node::New(Call { callee, arguments }), at)
                }
            };
        };
        let mut arguments = self.arguments(list);
        for (place, argument) in type_arguments(name).into_iter().enumerate() {
            let value = self.type_value(argument);
            arguments.push(Argument::Named(type_argument(place), value));
        }
        let token =
            tree::part_of_kind(name, "identifier").or_else(|| tree::field(name, "name")).unwrap_or(name);
        let value = self.builder.node(Node::New(Call { callee: class, arguments }), tree::span(token));
        if let Some(braces) = braces {
            self.set_members(value, braces);
        }
        value
    }

    /// The class that `new` makes an object of.
    fn made_type(&mut self, declared: Tree<'s>) -> Option<NodeId> {
        match declared.kind() {
            "generic_name" => {
                let name = self.path_text(declared);
                let at = tree::span(declared);
                Some(match self.scopes.type_around(&name) {
                    Some(place) => self.member_of_type(place, &name, at),
                    None => self.builder.read(&name, at),
                })
            }
            "identifier" => Some(self.type_value(declared)),
            "predefined_type" => None,
            _ => self.declared_type(declared),
        }
    }

    fn content(braces: Tree<'s>) -> Content {
        let Some(first) = super::first(braces) else { return Content::Nothing };
        match first.kind() {
            "assignment_expression" => match tree::field(first, "left").map(|left| left.kind()) {
                Some("element_binding_expression") => Content::Entries,
                _ => Content::Members,
            },
            "initializer_expression" if tree::named(first).len() == 2 => Content::Entries,
            _ => Content::Elements,
        }
    }

    /// `A = 1, B = { C = 2 }`: stores to members of what was made.
    fn set_members(&mut self, value: NodeId, braces: Tree<'s>) {
        for part in tree::named(braces) {
            let (Some(left), Some(right)) = (tree::field(part, "left"), tree::field(part, "right")) else {
                self.nested(part);
                continue;
            };
            let at = tree::span(left);
            let stored = self.nested(right);
            if left.kind() == "identifier" {
                let field = self.identifier(left);
                self.builder.store(value, field, stored, at);
            } else {
                let key = self.subscript(Some(left), at);
                self.builder.store_index(value, key, stored, at);
            }
        }
    }

    /// A record of what braces say.
    fn entries(&mut self, braces: Tree<'s>) -> NodeId {
        let at = tree::span(braces);
        let mut pairs = vec![];
        for part in tree::named(braces) {
            let pair = match part.kind() {
                "assignment_expression" => tree::field(part, "left").zip(tree::field(part, "right")),
                _ => match tree::named(part).as_slice() {
                    [key, value] => Some((*key, *value)),
                    _ => None,
                },
            };
            let Some((key, value)) = pair else { continue };
            let is_member = part.kind() == "assignment_expression" && key.kind() == "identifier";
            let key = match key.kind() {
                _ if is_member => {
                    let name = self.identifier(key);
                    self.builder.text(&name, tree::span(key))
                }
                "element_binding_expression" => self.subscript(Some(key), tree::span(key)),
                _ => self.nested(key),
            };
            let value = self.nested(value);
            pairs.push((Some(key), value));
        }
        self.builder.node(Node::Record(pairs), at)
    }

    fn elements(&mut self, braces: Tree<'s>) -> NodeId {
        let at = tree::span(braces);
        let mut elements = vec![];
        for part in tree::named(braces) {
            let inner =
                if part.kind() == "collection_element" { super::first(part).unwrap_or(part) } else { part };
            let spread = inner.kind() == "spread_element";
            let inner = if spread { super::first(inner).unwrap_or(inner) } else { inner };
            let value = self.nested(inner);
            elements.push(if spread { Argument::Spread(value) } else { Argument::Plain(value) });
        }
        self.builder.node(Node::List(elements), at)
    }

    /// `new { A, B = c }`
    fn anonymous(&mut self, node: Tree<'s>) -> NodeId {
        let at = tree::span(node);
        let mut pairs = vec![];
        let mut name: Option<SmolStr> = None;
        for part in tree::parts(node) {
            match part.kind() {
                "{" | "," | "new" | "}" => name = None,
                "=" => {}
                _ if name.is_none() && part.next_sibling().is_some_and(|next| next.kind() == "=") => {
                    name = Some(self.identifier(part));
                }
                _ => {
                    let text = self.text(part);
                    let own = text.rsplit('.').next().unwrap_or(text);
                    let key = name.take().unwrap_or_else(|| own.into());
                    let key = self.builder.text(&key, tree::span(part));
                    let value = self.nested(part);
                    pairs.push((Some(key), value));
                }
            }
        }
        self.builder.node(Node::Record(pairs), at)
    }

    /// `x with { A = 1 }`: the original and its copy are taken for one.
    fn with(&mut self, node: Tree<'s>) -> NodeId {
        let at = tree::span(node);
        let mut value = None;
        for part in tree::named(node) {
            if part.kind() != "with_initializer" {
                value = Some(self.nested(part));
                continue;
            }
            let inner = tree::named(part);
            if let ([name, stored], Some(base)) = (inner.as_slice(), value) {
                let stored = self.nested(*stored);
                let field = self.identifier(*name);
                self.builder.store(base, field, stored, at);
            }
        }
        value.unwrap_or_else(|| self.builder.unknown(at))
    }

    /// `(a, b)`, `(A: a, B: b)`: parts by place, by `Item1`, and by name.
    fn tuple(&mut self, node: Tree<'s>) -> NodeId {
        let at = tree::span(node);
        let mut pairs = vec![];
        for (place, argument) in tree::named(node).into_iter().enumerate() {
            let Some(inner) = tree::named(argument).into_iter().next_back() else { continue };
            let value = self.nested(inner);
            let name = tree::field(argument, "name").unwrap_or(inner);
            let mut keys = vec![SmolStr::from(place.to_string()), format!("Item{}", place + 1).into()];
            if matches!(name.kind(), "identifier" | "member_access_expression") {
                let text = self.text(name);
                keys.push(text.rsplit('.').next().unwrap_or(text).into());
            }
            for key in keys {
                let key = self.builder.text(&key, at);
                pairs.push((Some(key), value));
            }
        }
        self.builder.node(Node::Record(pairs), at)
    }
}
