//! A module as text, one line a node: what the tests of the front ends compare.

use std::fmt::Write as _;

use crate::text::SmolStr;

use super::graph::{Argument, Module, Node, NodeId, VariableRef};

/// Writes the module as text.
pub fn dump(module: &Module) -> String {
    let mut out = String::new();
    for (routine, index) in module.routines.iter().zip(0..) {
        let params: Vec<&str> = routine.params.iter().map(|param| param.name.as_str()).collect();
        let _ = writeln!(out, "r{index} {:?} {}({})", routine.kind, routine.name, params.join(", "));
        for (node, number) in routine.nodes.iter().zip(0..) {
            let _ = writeln!(out, "  %{number} = {}", show(module, node));
        }
    }
    out
}

fn show(module: &Module, node: &Node) -> String {
    match node {
        Node::Text(text) => format!("{text:?}"),
        Node::Number(number) => format!("number {number}"),
        Node::Param(index) => format!("param {index}"),
        Node::Read(variable) => format!("read {}", name(module, *variable)),
        Node::Write(variable, value) => format!("write {} {}", name(module, *variable), id(*value)),
        Node::Free(free) => format!("free {free}"),
        Node::Import(import) => module.import(*import).map_or_else(String::new, |import| {
            let member =
                import.member.as_deref().map_or_else(String::new, |member| format!(" member {member}"));
            format!("import {}{}{member}", ".".repeat(import.level as usize), import.module)
        }),
        Node::Member(base, member) => format!("{}.{member}", id(*base)),
        Node::Method(base, method) => format!("{}.{method}()", id(*base)),
        Node::Index(base, index) => format!("{}[{}]", id(*base), id(*index)),
        Node::Call(call) => format!("call {}({})", id(call.callee), arguments(&call.arguments)),
        Node::New(call) => format!("new {}({})", id(call.callee), arguments(&call.arguments)),
        Node::Generic(base, arguments) => format!("generic {}<{}>", id(*base), ids(arguments)),
        Node::Protocol(value, method) => format!("protocol {method} {}", id(*value)),
        Node::Routine(closure) => format!("routine r{}", closure.routine.0),
        Node::Class(class, bases) => {
            let class = module.class(*class).map_or("", |class| class.name.as_str());
            format!("class {class}({})", ids(bases))
        }
        Node::Concat(parts) => format!("concat {}", ids(parts)),
        Node::Operation(parts) => format!("operation {}", ids(parts)),
        Node::List(elements) => format!("list [{}]", arguments(elements)),
        Node::Record(pairs) => format!("record {{{}}}", record(pairs)),
        Node::OneOf(values) => format!("one of {}", ids(values)),
        Node::Within(first, second) => format!("within {} {}", id(*first), id(*second)),
        Node::Cast(value, declared) => format!("cast {} {}", id(*value), id(*declared)),
        Node::Changed(object, given) => format!("changed {} {}", id(*object), id(*given)),
        Node::Store { base, field, value, .. } => format!("{}.{field} = {}", id(*base), id(*value)),
        Node::Extend { base, field, value } => format!("extend {}.{field} {}", id(*base), id(*value)),
        Node::Open(value) => format!("open {}", id(*value)),
        Node::Implement(class, base) => format!("implement {} {}", id(*class), id(*base)),
        Node::StoreIndex { base, index, value, .. } => {
            format!("{}[{}] = {}", id(*base), id(*index), id(*value))
        }
        Node::Slice(value) => format!("slice {}", id(*value)),
        Node::Element(value) => format!("element {}", id(*value)),
        Node::Return(value) => format!("return {}", id(*value)),
        Node::Results(values) => format!("results {}", ids(values)),
        Node::Result(value, number) => format!("result {number} of {}", id(*value)),
        Node::Make(kind, fields) => format!("make {} {{{}}}", id(*kind), named(fields)),
        Node::Field(name, kind) => format!("field {name}: {}", id(*kind)),
        Node::Part(name, kind) => format!("part {name}: {}", id(*kind)),
        Node::Yield(value) => format!("yield {}", id(*value)),
        Node::YieldFrom(value) => format!("yield from {}", id(*value)),
        Node::Flag(flag) => flag.to_string(),
        Node::Nil => "nil".into(),
        Node::Unknown => "unknown".into(),
        Node::Super => "super".into(),
    }
}

fn id(node: NodeId) -> String {
    format!("%{}", node.0)
}

fn ids(nodes: &[NodeId]) -> String {
    nodes.iter().map(|node| id(*node)).collect::<Vec<_>>().join(" ")
}

fn record(pairs: &[(Option<NodeId>, NodeId)]) -> String {
    let pair = |(key, value): &(Option<NodeId>, NodeId)| match key {
        Some(key) => format!("{}: {}", id(*key), id(*value)),
        None => format!("...{}", id(*value)),
    };
    pairs.iter().map(pair).collect::<Vec<_>>().join(", ")
}

fn named(fields: &[(Option<SmolStr>, NodeId)]) -> String {
    let field = |(name, value): &(Option<SmolStr>, NodeId)| match name {
        Some(name) => format!("{name}: {}", id(*value)),
        None => id(*value),
    };
    fields.iter().map(field).collect::<Vec<_>>().join(", ")
}

fn arguments(arguments: &[Argument]) -> String {
    let argument = |argument: &Argument| match argument {
        Argument::Plain(value) => id(*value),
        Argument::Named(name, value) => format!("{name}={}", id(*value)),
        Argument::Spread(value) => format!("*{}", id(*value)),
        Argument::NamedSpread(value) => format!("**{}", id(*value)),
    };
    arguments.iter().map(argument).collect::<Vec<_>>().join(", ")
}

fn name(module: &Module, variable: VariableRef) -> String {
    let routine = module.routine(variable.routine);
    let found = routine.and_then(|routine| routine.variables.get(variable.index as usize));
    format!("r{}.{}", variable.routine.0, found.map_or("", |variable| variable.name.as_str()))
}
