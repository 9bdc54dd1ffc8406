//! Calls.

use tree_sitter::Node as Part;

use crate::ir::{Argument, Dialect, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::tree::{named, part_of_kind, parts, span};
use super::{COMPANION, CONSTRUCTOR, Lowering, With, dialect, names};

impl<'s> Lowering<'s> {
    /// A call: of a function or class, or of a method of something.
    pub(super) fn call(&mut self, part: Part<'s>) -> NodeId {
        let inside = named(part);
        let (Some(callee), Some(suffix)) = (inside.first().copied(), part_of_kind(part, "call_suffix"))
        else {
            return self.builder.unknown(span(part));
        };
        if callee.kind() == "object_literal" {
            return self.object(callee, names::statements_behind(suffix));
        }
        let (called, at) = self.callee(callee);
        let arguments = self.suffix(suffix, runs_with(self.text(callee)));
        let given = self.builder.call(called, arguments, at);
        let never = dialect::NEVER.contains(&self.text(callee)) && !self.builder.declares(self.text(callee));
        if never { self.builder.node(Node::OneOf(vec![]), at) } else { given }
    }

    fn callee(&mut self, callee: Part<'s>) -> (NodeId, Span) {
        let at = span(callee);
        match callee.kind() {
            "simple_identifier" => {
                let name = self.name(callee);
                (self.own_function(&name, at), at)
            }
            "navigation_expression" => {
                let inside = named(callee);
                let Some((suffix, before)) = inside.split_last() else {
                    return (self.builder.unknown(at), at);
                };
                let Some(name) = self.own_name(*suffix) else { return (self.nested(callee), at) };
                let name_at = part_of_kind(*suffix, "simple_identifier").map_or(at, span);
                let is_super = before.first().is_some_and(|part| part.kind() == "super_expression");
                let base = self.chain(before);
                let node = if is_super { Node::Member(base, name) } else { Node::Method(base, name) };
                (self.builder.node(node, name_at), name_at)
            }
            // A lambda may stand behind the parentheses of a call, which is then a part of it.
            "this_expression" => {
                let this = self.this(at);
                (self.builder.node(Node::Member(this, CONSTRUCTOR.into()), at), at)
            }
            _ => (self.nested(callee), at),
        }
    }

    /// What a name that is called without saying of what stands for.
    pub(super) fn own_function(&mut self, name: &SmolStr, at: Span) -> NodeId {
        let is_known = self.builder.declares(name)
            || self.imports.contains_key(name)
            || self.classes.iter().any(|names| names.contains(name))
            || dialect::DIALECT.knows(name)
            || name.starts_with(char::is_uppercase);
        if is_known { self.named_value(name, at) } else { self.of_receivers(name, Node::Method, at) }
    }

    /// What a call hands over: in parentheses, and a lambda behind them.
    pub(super) fn suffix(&mut self, suffix: Part<'s>, with: With) -> Vec<Argument> {
        let mut arguments = vec![];
        for part in named(suffix) {
            match part.kind() {
                "type_arguments" => self.type_arguments(part, &mut arguments),
                "value_arguments" => arguments.extend(self.arguments(part)),
                "annotated_lambda" => arguments.extend(self.trailing(part, with).map(Argument::Plain)),
                _ => {}
            }
        }
        arguments
    }

    fn type_arguments(&mut self, part: Part<'s>, arguments: &mut Vec<Argument>) {
        let kinds: Vec<Part<'s>> = named(part).into_iter().flat_map(named).collect();
        for (kind, place) in kinds.into_iter().zip(0..) {
            if let Some(value) = self.type_value(kind) {
                arguments.push(Argument::Named(format!("<{place}>").into(), value));
            }
        }
    }

    /// Arguments in parentheses.
    pub(super) fn arguments(&mut self, list: Part<'s>) -> Vec<Argument> {
        let mut arguments = vec![];
        for argument in named(list).into_iter().filter(|part| part.kind() == "value_argument") {
            let inside = named(argument);
            let is_named = parts(argument).iter().any(|part| part.kind() == "=");
            let Some(value) = inside.last().copied() else { continue };
            if value.kind() == "spread_expression" {
                if let Some(list) = named(value).first() {
                    arguments.push(Argument::Spread(self.nested(*list)));
                }
                continue;
            }
            let name = inside.first().filter(|_| is_named && inside.len() > 1).map(|name| self.name(*name));
            let value = self.nested(value);
            arguments.push(match name {
                Some(name) => Argument::Named(name, value),
                None => Argument::Plain(value),
            });
        }
        arguments
    }

    /// An object with a chain of members and elements behind it.
    pub(super) fn chain(&mut self, parts: &[Part<'s>]) -> NodeId {
        let mut value: Option<NodeId> = None;
        for part in parts {
            let at = span(*part);
            value = Some(match (part.kind(), value) {
                ("navigation_suffix", Some(base)) => self.member(base, *part, at),
                ("indexing_suffix", Some(base)) => match named(*part).first() {
                    Some(index) => {
                        let index = self.nested(*index);
                        self.builder.node(Node::Index(base, index), at)
                    }
                    None => self.builder.unknown(at),
                },
                ("super_expression", None) => self.builder.node(Node::Super, at),
                (_, None) => self.nested(*part),
                (_, Some(base)) => base,
            });
        }
        value.unwrap_or_else(|| self.builder.unknown(Span::default()))
    }

    /// A member that is read.
    pub(super) fn member(&mut self, base: NodeId, suffix: Part<'s>, at: Span) -> NodeId {
        let Some(name) = self.own_name(suffix) else { return self.builder.unknown(at) };
        if name == COMPANION {
            return base;
        }
        // What records have of their own is called by reading it.
        if matches!(name.as_str(), "keys" | "values" | "entries")
            && !self.classes.iter().any(|names| names.contains(&name))
        {
            let method = self.builder.node(Node::Method(base, name), at);
            return self.builder.call(method, vec![], at);
        }
        self.builder.node(Node::Member(base, name), at)
    }
}

/// What a lambda behind a call is run with. A request that is made, or the one of an operation, is filled; of the
/// language's own library only few functions have a receiver.
fn runs_with(callee: &str) -> With {
    if dialect::has_receiver(callee) {
        return With::Receiver;
    }
    let name = callee.rsplit(['.', '?']).next().unwrap_or(callee).trim();
    let tables = [dialect::DIALECT.any, dialect::DIALECT.data, dialect::DIALECT.functions];
    if tables.iter().all(|table| Dialect::find(table, name).is_none()) { With::Filled } else { With::Nothing }
}
