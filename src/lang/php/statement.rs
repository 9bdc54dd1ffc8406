//! Statements: what is declared, which way is taken, what is repeated, and what leaves.

use tree_sitter::Node as Part;

use crate::ir::{Arm, Node, NodeId};
use crate::text::Span;

use super::tree::{field, fields, named, part_of_kind, span};
use super::{GIVEN, Lowering, names};

/// Whether a statement leaves the routine that it stands in.
fn leaves(part: Part<'_>) -> bool {
    match part.kind() {
        "return_statement" | "exit_statement" => true,
        "expression_statement" => named(part).first().is_some_and(|inner| inner.kind() == "throw_expression"),
        "compound_statement" | "colon_block" => named(part).last().is_some_and(|last| leaves(*last)),
        _ => false,
    }
}

/// Whether what stands behind a statement is never reached from it.
fn ends(part: Part<'_>) -> bool {
    leaves(part) || matches!(part.kind(), "break_statement" | "continue_statement")
}

/// Whether a statement declares something that is there from the beginning.
fn is_declaration(kind: &str) -> bool {
    matches!(
        kind,
        "function_definition"
            | "class_declaration"
            | "interface_declaration"
            | "trait_declaration"
            | "enum_declaration"
    )
}

impl<'s> Lowering<'s> {
    /// Statements one after the other. What they declare is there before they run.
    pub(super) fn statements(&mut self, statements: &[Part<'s>]) {
        let has_spaces = statements.iter().any(|part| part.kind() == "namespace_definition");
        if !has_spaces {
            for part in statements.iter().filter(|part| part.kind() == "namespace_use_declaration") {
                self.uses(*part);
            }
            for part in statements.iter().filter(|part| is_declaration(part.kind())) {
                self.declaration(*part);
            }
        }
        let mut rest = statements.iter();
        while let Some(part) = rest.next() {
            if part.kind() == "namespace_definition" && field(*part, "body").is_none() {
                // What follows belongs to it, up to the next.
                self.namespace(*part);
                let inside: Vec<Part<'s>> =
                    rest.clone().take_while(|part| part.kind() != "namespace_definition").copied().collect();
                for _ in &inside {
                    rest.next();
                }
                self.statements(&inside);
            } else if !is_declaration(part.kind()) || has_spaces {
                self.statement(*part);
                if ends(*part) {
                    return;
                }
            }
        }
    }

    /// A statement, one level deeper.
    pub(super) fn statement(&mut self, part: Part<'s>) {
        if self.builder.descend(span(part)) {
            self.plain_statement(part);
        }
        self.builder.ascend();
    }

    fn declaration(&mut self, part: Part<'s>) {
        if self.builder.descend(span(part)) {
            if part.kind() == "function_definition" { self.function(part) } else { self.class(part) }
        }
        self.builder.ascend();
    }

    fn plain_statement(&mut self, part: Part<'s>) {
        let at = span(part);
        match part.kind() {
            "compound_statement" | "colon_block" => self.statements(&named(part)),
            "expression_statement" | "echo_statement" | "exit_statement" | "unset_statement" => {
                for inner in named(part) {
                    self.nested(inner);
                }
            }
            "return_statement" => {
                let value = named(part).first().map(|value| self.nested(*value));
                let value = value.unwrap_or_else(|| self.nil(at));
                self.give(value, at);
            }
            "if_statement" => self.branch(part, at),
            "switch_statement" => self.switch(part, at),
            "while_statement" | "do_statement" | "for_statement" => self.repeated(part, at),
            "foreach_statement" => self.for_each(part, at),
            "try_statement" => self.attempt(part, at),
            "namespace_definition" => self.namespace(part),
            "namespace_use_declaration" => self.uses(part),
            "const_declaration" => self.constants(part),
            "global_declaration" => {
                for name in named(part).into_iter().filter(|name| name.kind() == "variable_name") {
                    let name = self.text(name).into();
                    self.builder.declare_foreign(&name, true);
                }
            }
            "function_static_declaration" => self.kept(part),
            "declare_statement" => {
                let inside = named(part).into_iter().filter(|part| part.kind() != "declare_directive");
                self.statements(&inside.collect::<Vec<_>>());
            }
            kind if is_declaration(kind) => self.declaration(part),
            _ => {}
        }
    }

    /// What a routine gives, or a file to whoever requires it.
    fn give(&mut self, value: NodeId, at: Span) {
        if self.depth == 0 {
            self.builder.assign(GIVEN, value, at);
        } else {
            self.builder.node(Node::Return(value), at);
        }
    }

    /// Constants at the top of a file or in a class.
    pub(super) fn constants(&mut self, part: Part<'s>) {
        for element in named(part).into_iter().filter(|part| part.kind() == "const_element") {
            if let [name, value] = named(element).as_slice() {
                let at = span(*name);
                let name = self.text(*name);
                let value = self.nested(*value);
                self.builder.assign(name, value, at);
            }
        }
    }

    /// Variables that keep their values from one call to the next.
    fn kept(&mut self, part: Part<'s>) {
        for variable in named(part) {
            let (Some(name), value) = (field(variable, "name"), field(variable, "value")) else { continue };
            let at = span(variable);
            let value = value.map(|value| self.nested(value));
            let value = value.unwrap_or_else(|| self.nil(at));
            self.builder.assign(self.source.slice(span(name)), value, at);
        }
    }

    fn condition(&mut self, part: Part<'s>) {
        if let Some(condition) = field(part, "condition") {
            self.nested(condition);
        }
    }

    /// One way through; one that leaves adds nothing to what is behind.
    fn way(&mut self, bodies: &[Part<'s>], arms: &mut Vec<Arm>) {
        let mark = self.builder.begin_arm();
        match bodies {
            [only] => self.statement(*only),
            several => self.statements(several),
        }
        let arm = self.builder.end_arm(mark);
        if !bodies.last().is_some_and(|last| leaves(*last)) {
            arms.push(arm);
        }
    }

    fn branch(&mut self, part: Part<'s>, at: Span) {
        self.condition(part);
        let mut arms = vec![];
        if let Some(body) = field(part, "body") {
            self.way(&[body], &mut arms);
        }
        let mut through = true;
        for other in fields(part, "alternative") {
            self.condition(other);
            through &= other.kind() != "else_clause";
            if let Some(body) = field(other, "body") {
                self.way(&[body], &mut arms);
            }
        }
        self.builder.join(&arms, through, at);
    }

    fn switch(&mut self, part: Part<'s>, at: Span) {
        self.condition(part);
        let mut arms = vec![];
        let mut through = true;
        for case in field(part, "body").map(named).unwrap_or_default() {
            let mut inside = named(case);
            if let Some(value) = field(case, "value") {
                self.nested(value);
                inside.retain(|part| *part != value);
            }
            through &= case.kind() != "default_statement";
            self.way(&inside, &mut arms);
        }
        self.builder.join(&arms, through, at);
    }

    fn repeated(&mut self, part: Part<'s>, at: Span) {
        for first in fields(part, "initialize") {
            self.nested(first);
        }
        let written = names::written(part, self.source);
        let head = self.builder.begin_loop(&written, at);
        for condition in fields(part, "condition") {
            self.nested(condition);
        }
        self.statements(&fields(part, "body"));
        for update in fields(part, "update") {
            self.nested(update);
        }
        self.builder.end_loop(head);
    }

    fn for_each(&mut self, part: Part<'s>, at: Span) {
        let parts = named(part);
        let body = field(part, "body");
        let Some(list) = parts.first().map(|list| self.nested(*list)) else { return };
        let written = names::written(part, self.source);
        let head = self.builder.begin_loop(&written, at);
        let element = self.builder.node(Node::Element(list), at);
        let target = parts.get(1).filter(|target| Some(**target) != body);
        match target.map(|target| (target, target.kind())) {
            Some((pair, "pair")) => {
                if let [key, value] = named(*pair).as_slice() {
                    let keys = self.call_native("array_keys", vec![list], at);
                    let one = self.builder.node(Node::Element(keys), at);
                    self.bind(*key, one);
                    self.bind(*value, element);
                }
            }
            Some((target, _)) => self.bind(*target, element),
            None => {}
        }
        self.statements(&fields(part, "body"));
        self.builder.end_loop(head);
    }

    /// A body with what happens where it fails, and at its end.
    fn attempt(&mut self, part: Part<'s>, at: Span) {
        let Some(body) = field(part, "body") else { return };
        let mark = self.builder.begin_arm();
        self.statement(body);
        let tried = self.builder.end_arm(mark);
        let mut arms = vec![];
        for clause in named(part).into_iter().filter(|part| part.kind() == "catch_clause") {
            let mark = self.builder.begin_arm();
            // The body may have been left anywhere: what it wrote is there or not.
            self.builder.join(std::slice::from_ref(&tried), true, at);
            if let Some(name) = field(clause, "name") {
                let failure = self.builder.unknown(span(name));
                self.bind(name, failure);
            }
            let inside = field(clause, "body");
            if let Some(inside) = inside {
                self.statement(inside);
            }
            let arm = self.builder.end_arm(mark);
            if !inside.is_some_and(leaves) {
                arms.push(arm);
            }
        }
        if !leaves(body) {
            arms.push(tried);
        }
        self.builder.join(&arms, arms.is_empty(), at);
        if let Some(last) = part_of_kind(part, "finally_clause").and_then(|clause| field(clause, "body")) {
            self.statement(last);
        }
    }
}
