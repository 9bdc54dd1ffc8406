//! Functions.

use tree_sitter::Node as Part;

use crate::ir::{self, Closure, Node, NodeId, Param, ParamKind, RoutineKind};
use crate::text::{SmolStr, Span};

use super::tree::{field, named, part_of_kind, parts, span};
use super::{Lowering, Receiver, THIS, With};

/// A parameter of a function.
pub(super) struct Taken<'s> {
    pub name: SmolStr,
    pub is_rest: bool,
    /// Whether it is a property of the object too.
    pub is_property: bool,
    pub kind: Option<Part<'s>>,
    pub default: Option<Part<'s>>,
    /// Where it stands.
    pub part: Part<'s>,
}

impl<'s> Lowering<'s> {
    /// The parameters in a list of a function or of a primary constructor.
    pub(super) fn taken(&self, list: Part<'s>) -> Vec<Taken<'s>> {
        let mut taken: Vec<Taken<'s>> = vec![];
        let (mut is_rest, mut behind) = (false, false);
        for part in parts(list) {
            match part.kind() {
                "parameter_modifiers" => is_rest = self.text(part).contains("vararg"),
                "parameter" | "class_parameter" => {
                    let inside = named(part);
                    let is_class = part.kind() == "class_parameter";
                    let default = parts(part).iter().position(|part| part.kind() == "=");
                    taken.push(Taken {
                        name: self.own_name(part).unwrap_or_default(),
                        is_rest: is_rest
                            || inside.first().is_some_and(|first| self.text(*first).contains("vararg")),
                        is_property: is_class && part_of_kind(part, "binding_pattern_kind").is_some(),
                        kind: inside.iter().copied().find(|part| is_type(*part)),
                        default: default.and_then(|_| inside.last().copied()),
                        part,
                    });
                    is_rest = false;
                }
                "=" => behind = true,
                _ if behind && part.is_named() => {
                    if let Some(last) = taken.last_mut() {
                        last.default = Some(part);
                    }
                    behind = false;
                }
                _ => {}
            }
        }
        taken
    }

    /// A function: a method of a class, one at the top, one that extends a type, or one inside another.
    pub(super) fn function(&mut self, part: Part<'s>, receiver: ir::Receiver) {
        let at = part_of_kind(part, "simple_identifier").map_or_else(|| span(part), span);
        let Some(name) = self.own_name(part) else { return };
        let value = self.routine(part, &name, receiver, at);
        match field(part, "receiver") {
            Some(kind) => {
                let base = self.type_value(kind);
                if let Some(base) = base {
                    self.builder.node(Node::Extend { base, field: name, value }, at);
                }
            }
            None => {
                if !self.builder.is_own(&name) {
                    self.builder.declare(name.clone());
                }
                self.builder.assign(&name, value, at);
            }
        }
    }

    /// A function, getter or anonymous function as a value.
    pub(super) fn routine(
        &mut self,
        part: Part<'s>,
        name: &SmolStr,
        receiver: ir::Receiver,
        at: Span,
    ) -> NodeId {
        let list = part_of_kind(part, "function_value_parameters");
        let taken = list.map(|list| self.taken(list)).unwrap_or_default();
        let extends = field(part, "receiver").is_some();
        let has_this = extends || receiver != ir::Receiver::None;
        let (closure, routine) = self.enter_routine(name, &taken, has_this, at);
        self.builder.set_receiver(routine, if extends { ir::Receiver::Object } else { receiver });
        let modifiers = part_of_kind(part, "modifiers").map_or("", |part| self.text(part));
        if modifiers.contains("private") && !modifiers.contains('@') {
            self.builder.set_private(routine);
        }
        self.receivers.push(match (extends, has_this) {
            (true, _) => Receiver::Lambda(THIS.into(), With::Receiver),
            (_, true) => Receiver::This,
            _ => self.receivers.last().cloned().unwrap_or(Receiver::None),
        });
        if let Some(body) = part_of_kind(part, "function_body") {
            self.function_body(body);
        }
        self.receivers.pop();
        self.builder.leave();
        self.builder.closure(closure, at)
    }

    /// Enters a routine with these parameters; its defaults and declared types are worked out where it stands.
    pub(super) fn enter_routine(
        &mut self,
        name: &SmolStr,
        taken: &[Taken<'s>],
        has_this: bool,
        at: Span,
    ) -> (Closure, ir::RoutineId) {
        let mut params: Vec<Param> = vec![];
        if has_this {
            params.push(Param { name: THIS.into(), kind: ParamKind::Plain });
        }
        let (mut defaults, mut declared) = (vec![], vec![]);
        for parameter in taken {
            let place = u32::try_from(params.len()).unwrap_or(u32::MAX);
            if parameter.default.is_some() {
                defaults.push((place, self.nil(at)));
            }
            if let Some(kind) = parameter.kind.and_then(|kind| self.type_value(kind)) {
                declared.push((place, kind));
            }
            let kind = if parameter.is_rest { ParamKind::Rest } else { ParamKind::Plain };
            params.push(Param { name: parameter.name.clone(), kind });
        }
        let routine = self.builder.enter(name.clone(), RoutineKind::Plain, params, [], at);
        for parameter in taken {
            // What is not given is nothing at first, and what the default says once the routine runs.
            let Some(default) = parameter.default else { continue };
            let at = span(default);
            let given = self.builder.read(&parameter.name, at);
            let value = self.nested(default);
            let either = self.call_native("?:", vec![given, value], at);
            self.builder.settle_param(&parameter.name, either, at);
        }
        (Closure { routine, defaults, declared, result: None }, routine)
    }

    /// The body of a function: an expression behind `=`, or statements.
    pub(super) fn function_body(&mut self, body: Part<'s>) {
        let at = span(body);
        let Some(inner) = named(body).last().copied() else { return };
        if inner.kind() == "statements" {
            self.statements(inner);
        } else {
            let value = self.nested(inner);
            self.builder.node(Node::Return(value), at);
        }
    }

    /// The class that a type names; nothing for one that names none worth following.
    pub(super) fn type_value(&mut self, part: Part<'s>) -> Option<NodeId> {
        match part.kind() {
            "user_type" => {
                let names: Vec<Part<'_>> =
                    named(part).into_iter().filter(|part| part.kind() == "type_identifier").collect();
                let mut names = names.into_iter();
                let first = names.next()?;
                let name = self.name(first);
                if is_plain(&name) {
                    return None;
                }
                let mut value = self.named_value(&name, span(first));
                for next in names {
                    value = self.builder.node(Node::Member(value, self.name(next)), span(next));
                }
                Some(value)
            }
            "nullable_type" | "not_nullable_type" | "parenthesized_type" | "receiver_type" => {
                let inner = named(part).into_iter().find(|part| is_type(*part))?;
                self.type_value(inner)
            }
            _ => None,
        }
    }
}

/// Whether a part of the tree is a type.
pub(super) fn is_type(part: Part<'_>) -> bool {
    matches!(
        part.kind(),
        "user_type" | "nullable_type" | "not_nullable_type" | "parenthesized_type" | "function_type"
    )
}

/// Types of plain values, which say nothing of classes.
fn is_plain(name: &str) -> bool {
    matches!(
        name,
        "String"
            | "Int"
            | "Long"
            | "Double"
            | "Float"
            | "Boolean"
            | "Any"
            | "Unit"
            | "Map"
            | "MutableMap"
            | "List"
            | "MutableList"
            | "Set"
            | "MutableSet"
            | "Collection"
            | "Iterable"
            | "Sequence"
            | "Pair"
            | "Array"
            | "ByteArray"
            | "Char"
            | "Number"
            | "Nothing"
            | "Short"
            | "Byte"
            | "CharSequence"
    )
}
