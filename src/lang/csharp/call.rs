//! Calls and what is handed over.

use tree_sitter::Node as Tree;

use crate::ir::{Argument, Node, NodeId};
use crate::text::Span;

use super::class::type_argument;
use super::types::type_arguments;
use super::{Lowering, tree};

impl<'s> Lowering<'s> {
    pub(super) fn invocation(&mut self, node: Tree<'s>) -> NodeId {
        let at = tree::span(node);
        let Some(function) = tree::field(node, "function") else { return self.builder.unknown(at) };
        let list = tree::field(node, "arguments");
        if function.kind() == "identifier" && self.text(function) == "nameof" {
            return self.name_of(list, at);
        }
        let callee = self.callee(function);
        let name = called_name(function);
        let mut arguments = self.arguments(list);
        for (place, argument) in name.map(type_arguments).unwrap_or_default().into_iter().enumerate() {
            let value = self.type_value(argument);
            arguments.push(Argument::Named(type_argument(place), value));
        }
        let token = name.map_or(function, |name| tree::part_of_kind(name, "identifier").unwrap_or(name));
        let value = self.builder.call(callee, arguments, tree::span(token));
        self.outputs(function, list);
        value
    }

    /// What is called: a member as a method.
    fn callee(&mut self, function: Tree<'s>) -> NodeId {
        let value = self.nested(function);
        if matches!(function.kind(), "member_access_expression" | "conditional_access_expression") {
            self.builder.as_method(value);
        }
        value
    }

    /// `nameof(a.b)`
    fn name_of(&mut self, list: Option<Tree<'s>>, at: Span) -> NodeId {
        let text = list.map(|list| self.text(list)).unwrap_or_default();
        let text = text.trim_matches(['(', ')', ' ']);
        let name = text.rsplit('.').next().unwrap_or(text);
        let name = name.split('<').next().unwrap_or(name);
        self.builder.text(name, at)
    }

    /// The arguments of a list, by position and by name.
    pub(super) fn arguments(&mut self, list: Option<Tree<'s>>) -> Vec<Argument> {
        let mut arguments = vec![];
        for argument in list.map(tree::named).unwrap_or_default() {
            // The grammar gives words like `this` no name.
            let word = || argument.child(argument.child_count().checked_sub(1)?);
            let Some(value) = tree::named(argument).into_iter().next_back().or_else(word) else { continue };
            let value = self.nested(value);
            arguments.push(match tree::field(argument, "name") {
                Some(name) => Argument::Named(self.identifier(name), value),
                None => Argument::Plain(value),
            });
        }
        arguments
    }

    /// What a call writes through its arguments: `TryGetValue(key, out value)` is a look-up, of others nothing is known.
    fn outputs(&mut self, function: Tree<'s>, list: Option<Tree<'s>>) {
        let arguments = list.map(tree::named).unwrap_or_default();
        let is_lookup = called_name(function).is_some_and(|name| self.text(name) == "TryGetValue");
        for argument in &arguments {
            if !tree::has_token(*argument, "out") {
                continue;
            }
            let Some(target) = tree::named(*argument).into_iter().next_back() else { continue };
            let at = tree::span(target);
            let base = tree::field(function, "expression").filter(|_| is_lookup);
            let key = arguments.first().and_then(|first| tree::named(*first).into_iter().next_back());
            let value = match (base, key) {
                (Some(base), Some(key)) if key.id() != target.id() => {
                    let (base, key) = (self.nested(base), self.nested(key));
                    self.builder.node(Node::Index(base, key), at)
                }
                _ => self.builder.unknown(at),
            };
            let declared = tree::field(target, "type").filter(|_| target.kind() == "declaration_expression");
            let value = self.as_declared(value, declared, at);
            self.store(target, value);
        }
    }
}

/// The name of what is called, with its type arguments.
fn called_name(function: Tree<'_>) -> Option<Tree<'_>> {
    match function.kind() {
        "identifier" | "generic_name" => Some(function),
        "member_access_expression" => tree::field(function, "name"),
        "conditional_access_expression" => {
            tree::field(tree::part_of_kind(function, "member_binding_expression")?, "name")
        }
        _ => None,
    }
}
