//! Calls.

use tree_sitter::Node as Part;

use crate::ir::{Argument, Call, Dialect, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::tree::{field, named, part_of_kind, span};
use super::{Lowering, dialect, names};

impl<'s> Lowering<'s> {
    /// What calls a routine or makes an object.
    pub(super) fn called(&mut self, part: Part<'s>, at: Span) -> Option<NodeId> {
        Some(match part.kind() {
            "function_call_expression" => self.function_call(part)?,
            "member_call_expression" | "nullsafe_member_call_expression" => self.method_call(part, at)?,
            "scoped_call_expression" => self.scoped_call(part, at)?,
            "object_creation_expression" => self.creation(part, at),
            _ => return None,
        })
    }

    fn function_call(&mut self, part: Part<'s>) -> Option<NodeId> {
        let (function, list) = (field(part, "function")?, field(part, "arguments")?);
        let is_name = matches!(function.kind(), "name" | "qualified_name" | "relative_name");
        if !is_name {
            let callee = self.nested(function);
            return Some(self.finish(callee, list, span(function)));
        }
        let at = span(function);
        let spelled = self.text(function);
        let plain = spelled.trim_start_matches('\\');
        let is_native = Dialect::find(dialect::DIALECT.functions, plain).is_some()
            && !self.declared.iter().any(|known| known == plain);
        if !is_native || is_reference(list) {
            let callee = self.other_named(spelled, at);
            return Some(self.finish(callee, list, at));
        }
        let arguments = self.arguments(list);
        Some(match plain {
            "define" => {
                if let (Some(name), Some(value)) = (names::defined(part, self.source), arguments.get(1)) {
                    self.builder.assign(&name, value.value(), at);
                }
                self.nil(at)
            }
            "compact" => self.compact(list, at),
            _ => self.call_of_library(plain, arguments, at),
        })
    }

    /// A function of the language's own library. What it works on goes first.
    fn call_of_library(&mut self, name: &str, mut arguments: Vec<Argument>, at: Span) -> NodeId {
        match dialect::subject(name) {
            Some(place) if place < arguments.len() => {
                let subject = arguments.remove(place);
                arguments.insert(0, subject);
            }
            _ => {}
        }
        if name == "array_reduce" && arguments.len() == 3 {
            arguments.swap(1, 2);
        }
        if name == "call_user_func_array"
            && arguments.len() == 2
            && let Some(Argument::Plain(list)) = arguments.pop()
        {
            arguments.push(Argument::Spread(list));
        }
        let callee = self.native(name, at);
        self.builder.call(callee, arguments, at)
    }

    /// A record of variables under their names.
    fn compact(&mut self, list: Part<'s>, at: Span) -> NodeId {
        let mut pairs = vec![];
        for argument in named(list) {
            let Some(text) = named(argument).into_iter().next().filter(|part| part.kind() == "string") else {
                continue;
            };
            let name = self.text(text).trim_matches('\'');
            let key = self.builder.text(name, at);
            let value = self.builder.read(&format!("${name}"), at);
            pairs.push((Some(key), value));
        }
        self.builder.node(Node::Record(pairs), at)
    }

    fn method_call(&mut self, part: Part<'s>, at: Span) -> Option<NodeId> {
        let (object, name) = (field(part, "object")?, field(part, "name")?);
        let base = self.nested(object);
        let list = field(part, "arguments")?;
        if name.kind() == "name" {
            let at = span(name);
            let method = self.builder.node(Node::Method(base, self.source.slice(at).into()), at);
            return Some(self.finish(method, list, at));
        }
        let value = self.nested(name);
        let callee = self.call_native("(member)", vec![base, value], at);
        Some(self.finish(callee, list, span(name)))
    }

    fn scoped_call(&mut self, part: Part<'s>, at: Span) -> Option<NodeId> {
        let (scope, name) = (field(part, "scope")?, field(part, "name")?);
        let list = field(part, "arguments")?;
        let is_above = self.text(scope).eq_ignore_ascii_case("parent");
        let base = if is_above { self.builder.node(Node::Super, at) } else { self.class_or_object(scope) };
        let callee = if name.kind() == "name" {
            let at = span(name);
            let spelled: SmolStr = self.text(name).into();
            if is_above {
                self.builder.node(Node::Member(base, spelled), at)
            } else {
                self.builder.node(Node::Method(base, spelled), at)
            }
        } else {
            let name = self.nested(name);
            self.call_native("(member)", vec![base, name], at)
        };
        Some(self.finish(callee, list, span(name)))
    }

    /// What `self::` and `static::` call methods of: the object where there is one.
    fn class_or_object(&mut self, scope: Part<'s>) -> NodeId {
        let spelled = self.text(scope).to_ascii_lowercase();
        let at = span(scope);
        if matches!(spelled.as_str(), "self" | "static") && self.builder.declares(super::THIS) {
            return self.builder.read(super::THIS, at);
        }
        self.scope(scope)
    }

    /// Calls something, or takes it as it is: `name(...)`.
    fn finish(&mut self, callee: NodeId, list: Part<'s>, at: Span) -> NodeId {
        if is_reference(list) {
            return callee;
        }
        let arguments = self.arguments(list);
        self.builder.call(callee, arguments, at)
    }

    fn creation(&mut self, part: Part<'s>, at: Span) -> NodeId {
        if let Some(body) = part_of_kind(part, "anonymous_class") {
            let arguments =
                part_of_kind(body, "arguments").map(|list| self.arguments(list)).unwrap_or_default();
            let class = self.anonymous_class(body);
            return self.builder.node(Node::New(Call { callee: class, arguments }), at);
        }
        let parts = named(part);
        let Some(class) = parts.first().copied() else { return self.builder.unknown(at) };
        let callee = self.scope(class);
        let arguments = part_of_kind(part, "arguments").map(|list| self.arguments(list)).unwrap_or_default();
        self.builder.node(Node::New(Call { callee, arguments }), span(class))
    }

    /// Arguments in parentheses.
    pub(super) fn arguments(&mut self, list: Part<'s>) -> Vec<Argument> {
        let mut arguments = vec![];
        for argument in named(list).into_iter().filter(|part| part.kind() == "argument") {
            let name = field(argument, "name");
            let value = named(argument).into_iter().rfind(|part| {
                Some(*part) != name && !matches!(part.kind(), "reference_modifier" | "argument_placeholder")
            });
            let Some(value) = value else { continue };
            if value.kind() == "variadic_unpacking" {
                let list = self.nested(value);
                arguments.push(Argument::Spread(list));
                continue;
            }
            let lowered = self.nested(value);
            arguments.push(match name {
                Some(name) => Argument::Named(self.text(name).into(), lowered),
                None => Argument::Plain(lowered),
            });
        }
        arguments
    }
}

/// Whether arguments make a value of what they stand behind.
fn is_reference(list: Part<'_>) -> bool {
    part_of_kind(list, "variadic_placeholder").is_some()
}
