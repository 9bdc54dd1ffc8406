//! Declared types as values.

use tree_sitter::Node as Tree;

use crate::ir::{Node, NodeId};

use super::{Lowering, tree};

/// Types that stand for what they hold: a value of theirs is taken for that.
const TRANSPARENT: &[&str] =
    &["Task", "ValueTask", "Lazy", "Nullable", "ActionResult", "ConfiguredTaskAwaitable"];

impl<'s> Lowering<'s> {
    /// The value of a declared type; `None` for one of which nothing would follow.
    pub(super) fn declared_type(&mut self, node: Tree<'s>) -> Option<NodeId> {
        let at = tree::span(node);
        match node.kind() {
            "nullable_type" | "ref_type" | "scoped_type" => {
                let inner = tree::field(node, "type")?;
                self.declared_type(inner)
            }
            "identifier" => {
                let name = self.identifier(node);
                (!self.scopes.is_type_parameter(&name)).then(|| self.type_named(&name, node))
            }
            "generic_name" => {
                let name = tree::part_of_kind(node, "identifier").map(|name| self.identifier(name))?;
                let arguments = type_arguments(node);
                if TRANSPARENT.contains(&name.as_str()) {
                    return self.declared_type(*arguments.first()?);
                }
                let base = self.type_named(&name, node);
                let values = arguments.into_iter().map(|argument| self.type_value(argument)).collect();
                Some(self.builder.node(Node::Generic(base, values), at))
            }
            "qualified_name" => {
                let base = tree::field(node, "qualifier")?;
                let name = tree::field(node, "name")?;
                let base = self.qualifier(base);
                let member = self.path_text(name);
                Some(self.builder.node(Node::Member(base, member.into()), at))
            }
            "alias_qualified_name" => {
                let name = tree::field(node, "name")?;
                self.declared_type(name)
            }
            _ => None,
        }
    }

    /// A type as an argument or operand: a type parameter is what it stands for here.
    pub(super) fn type_value(&mut self, node: Tree<'s>) -> NodeId {
        let at = tree::span(node);
        if node.kind() == "identifier" {
            let name = self.identifier(node);
            if self.scopes.is_type_parameter(&name) {
                return self.named_value(&name, at);
            }
        }
        match self.declared_type(node) {
            Some(value) => value,
            None => self.builder.unknown(at),
        }
    }

    fn qualifier(&mut self, node: Tree<'s>) -> NodeId {
        let at = tree::span(node);
        match node.kind() {
            "qualified_name" => {
                let (Some(base), Some(name)) = (tree::field(node, "qualifier"), tree::field(node, "name"))
                else {
                    return self.builder.unknown(at);
                };
                let base = self.qualifier(base);
                let member = self.path_text(name);
                self.builder.node(Node::Member(base, member.into()), at)
            }
            "alias_qualified_name" => {
                let name = tree::field(node, "name").map(|name| self.path_text(name)).unwrap_or_default();
                self.builder.read(&name, at)
            }
            _ => {
                let name = self.path_text(node);
                self.type_named(&name, node)
            }
        }
    }

    fn type_named(&mut self, name: &str, node: Tree<'s>) -> NodeId {
        let at = tree::span(node);
        match self.scopes.type_around(name) {
            Some(place) => self.member_of_type(place, name, at),
            None => self.builder.read(name, at),
        }
    }
}

/// The type arguments of a generic name.
pub(super) fn type_arguments(node: Tree<'_>) -> Vec<Tree<'_>> {
    tree::part_of_kind(node, "type_argument_list").map(tree::named).unwrap_or_default()
}
