//! Calls and the making of objects.

use tree_sitter::Node as Part;

use crate::ir::{Argument, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::expression::only_block;
use super::scope::{Frame, Target};
use super::tree::{field, named, part_of_kind, span};
use super::{ClassPath, Lowering, names};

impl Lowering<'_> {
    /// What a call hands over.
    pub(super) fn arguments(&mut self, list: Part<'_>) -> Vec<Argument> {
        let mut arguments = vec![];
        for argument in named(list) {
            arguments.push(Argument::Plain(self.nested(argument)));
        }
        arguments
    }

    /// A call of a method.
    pub(super) fn invocation(&mut self, part: Part<'_>) -> NodeId {
        let at = span(part);
        let Some(name) = field(part, "name") else { return self.builder.unknown(at) };
        if let Some(value) = self.growing(part) {
            return value;
        }
        let name_at = span(name);
        let name = self.name(name);
        let callee = match field(part, "object") {
            None => {
                if self.is_text_format(&name)
                    && let Some(value) = self.formatted(part, name_at)
                {
                    return value;
                }
                self.own_method(&name, name_at)
            }
            Some(object) if object.kind() == "super" || super::tree::has_token(part, "super") => {
                let base = self.builder.node(Node::Super, name_at);
                self.builder.node(Node::Member(base, name.clone()), name_at)
            }
            Some(object) => {
                if name == "format"
                    && self.text(object) == "String"
                    && let Some(value) = self.formatted(part, name_at)
                {
                    return value;
                }
                let base = self.nested(object);
                self.builder.node(Node::Member(base, name.clone()), name_at)
            }
        };
        let arguments = field(part, "arguments").map(|list| self.arguments(list)).unwrap_or_default();
        self.builder.call(callee, arguments, name_at)
    }

    /// A method that is called without saying on what.
    fn own_method(&mut self, name: &str, at: Span) -> NodeId {
        let declares = |frame: &Frame| matches!(frame, Frame::Class(class) if class.methods.contains(name));
        if let Some(index) = self.frames.iter().rposition(declares) {
            if self.class_at(index).is_some_and(|class| class.in_body) {
                return self.builder.read(name, at);
            }
            let holder = self.receiver(index, at);
            return self.builder.node(Node::Member(holder, name.into()), at);
        }
        if let Some(path) = self.static_imports.get(name).cloned() {
            let class = self.imported(&path, at);
            return self.builder.node(Node::Member(class, name.into()), at);
        }
        match self.inherited(name, at) {
            Some(value) => value,
            None => self.native(name, at),
        }
    }

    /// Whether a method that is called by its name alone is `String.format`, imported out of the class.
    fn is_text_format(&self, name: &str) -> bool {
        let is_text = |path: &ClassPath| path.package == "java.lang" && *path.names == ["String"];
        let declares = |frame: &Frame| matches!(frame, Frame::Class(class) if class.methods.contains(name));
        name == "format"
            && !self.frames.iter().any(declares)
            && self.static_imports.get(name).map_or_else(|| self.static_stars.iter().any(is_text), is_text)
    }

    /// `String.format(text, …)` is `text.formatted(…)`.
    fn formatted(&mut self, part: Part<'_>, at: Span) -> Option<NodeId> {
        let mut arguments = self.arguments(field(part, "arguments")?);
        if arguments.is_empty() {
            return None;
        }
        let mut text = arguments.remove(0).value();
        // A locale may come first.
        let first = named(field(part, "arguments")?).first().map(|first| self.text(*first).to_owned());
        if first.is_some_and(|first| first.starts_with("Locale.")) && !arguments.is_empty() {
            text = arguments.remove(0).value();
        }
        let format = self.builder.node(Node::Member(text, "formatted".into()), at);
        Some(self.builder.call(format, arguments, at))
    }

    /// `text.append(a).append(b)`, where `text` is a local variable that grows in place, or made right there.
    fn growing(&mut self, part: Part<'_>) -> Option<NodeId> {
        let root = names::grown(part, self.source)?;
        let name = self.name(root);
        let is_variable = root.kind() == "identifier"
            && matches!(self.target(&name), Target::Local)
            && self.texts.iter().flatten().any(|known| *known == name);
        let is_made = root.kind() == "object_creation_expression"
            && field(root, "type").is_some_and(|kind| self.text(kind).starts_with("StringBu"));
        if !is_variable && !is_made {
            return None;
        }
        let at = span(part);
        let mut added: Vec<Part<'_>> = vec![];
        let mut call = part;
        while call != root {
            let arguments = field(call, "arguments").map(named).unwrap_or_default();
            // What is put in somewhere leaves open what the whole is.
            added.extend(arguments.last());
            call = field(call, "object")?;
        }
        let mut parts = vec![self.nested(root)];
        for text in added.into_iter().rev() {
            parts.push(self.nested(text));
        }
        let value = self.builder.node(Node::Concat(parts), at);
        if is_variable {
            self.builder.assign(&name, value, at);
        }
        Some(value)
    }

    /// `new Class(…)`.
    pub(super) fn creation(&mut self, part: Part<'_>) -> NodeId {
        let at = span(part);
        let Some(kind) = field(part, "type") else { return self.builder.unknown(at) };
        let body = part_of_kind(part, "class_body");
        let block = body.and_then(|body| only_block(body));
        let class = match body.filter(|_| block.is_none()) {
            Some(body) => self.anonymous_class(kind, body),
            None => match self.any_type(kind) {
                Some(class) => class,
                None => self.builder.unknown(at),
            },
        };
        let arguments = field(part, "arguments").map(|list| self.arguments(list)).unwrap_or_default();
        let object = self.builder.call(class, arguments, span(kind));
        let name = self.text(kind).split('<').next().unwrap_or_default().trim();
        if let Some(outer) = self.inner_class(name) {
            self.keep_outer(object, outer, at);
        }
        if let Some(block) = block {
            self.filled(object, block);
        }
        object
    }

    /// Calls on a new object what the block in its braces calls.
    fn filled(&mut self, object: NodeId, block: Part<'_>) {
        for statement in named(block) {
            let call = named(statement).first().copied().filter(|part| part.kind() == "method_invocation");
            let Some(call) = call.filter(|call| field(*call, "object").is_none()) else { continue };
            let Some(name) = field(call, "name") else { continue };
            let at = span(name);
            let name: SmolStr = self.name(name);
            let member = self.builder.node(Node::Member(object, name), at);
            let arguments = field(call, "arguments").map(|list| self.arguments(list)).unwrap_or_default();
            self.builder.call(member, arguments, at);
        }
    }
}
