//! Statements.

use tree_sitter::Node as Part;

use crate::ir::{Arm, Node};
use crate::text::Span;

use super::scope::Target;
use super::tree::{field, fields, named, part_of_kind, span};
use super::{Lowering, class, names};

/// How control leaves a list of statements.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// At the end.
    Through,
    /// At the end of the loop or `switch`: what was written still counts behind it.
    Loop,
    /// Out of the routine.
    Away,
}

impl Lowering<'_> {
    /// Lowers statements up to one that leaves.
    pub(super) fn statements(&mut self, parts: &[Part<'_>]) -> Exit {
        let mut exit = Exit::Through;
        for part in parts {
            if exit != Exit::Through {
                break;
            }
            let at = span(*part);
            exit = if self.builder.descend(at) { self.statement(*part) } else { Exit::Through };
            self.builder.ascend();
        }
        exit
    }

    /// Lowers a block with variables of its own.
    pub(super) fn block(&mut self, part: Part<'_>) -> Exit {
        self.enter_block();
        let exit = self.statements(&named(part));
        self.leave_block();
        exit
    }

    /// A statement that stands alone in a branch or loop.
    pub(super) fn single(&mut self, part: Part<'_>) -> Exit {
        if part.kind() == "block" {
            return self.block(part);
        }
        self.enter_block();
        let exit = self.statements(&[part]);
        self.leave_block();
        exit
    }

    fn statement(&mut self, part: Part<'_>) -> Exit {
        let at = span(part);
        match part.kind() {
            "return_statement" => {
                if let Some(value) = named(part).first() {
                    let value = self.nested(*value);
                    self.builder.node(Node::Return(value), at);
                }
                return Exit::Away;
            }
            "throw_statement" => {
                if let Some(value) = named(part).first() {
                    self.nested(*value);
                }
                return Exit::Away;
            }
            "yield_statement" => {
                if let Some(value) = named(part).first() {
                    let value = self.nested(*value);
                    if let Some(yields) = self.yields.last_mut() {
                        yields.push(value);
                    }
                }
                return Exit::Loop;
            }
            "break_statement" | "continue_statement" => return Exit::Loop,
            "block" => return self.block(part),
            "if_statement" => return self.branch(part),
            "try_statement" | "try_with_resources_statement" => return self.attempt(part),
            "switch_expression" => return self.switch(part).1,
            "labeled_statement" => {
                return named(part).last().map_or(Exit::Through, |body| self.single(*body));
            }
            "synchronized_statement" => {
                if let Some(lock) = part_of_kind(part, "parenthesized_expression") {
                    self.nested(lock);
                }
                return field(part, "body").map_or(Exit::Through, |body| self.block(body));
            }
            "for_statement" => self.counted(part, at),
            "enhanced_for_statement" => self.each(part, at),
            "while_statement" | "do_statement" => self.repeated(part, at),
            "local_variable_declaration" => self.variables(part),
            "expression_statement" => {
                if let Some(expression) = named(part).first() {
                    // A `switch` that stands alone is a statement.
                    if expression.kind() == "switch_expression" {
                        return self.switch(*expression).1;
                    }
                    self.effect(part, *expression);
                }
            }
            kind if class::is_type(part) && kind != "annotation_type_declaration" => {
                self.type_declaration(part);
            }
            "assert_statement" => self.all(part),
            _ => {}
        }
        Exit::Through
    }

    /// An expression that stands for what it does: the object of a local variable may be another behind it.
    fn effect(&mut self, statement: Part<'_>, expression: Part<'_>) {
        // Text that grows says itself what it is behind the statement.
        let is_growing = names::grown(expression, self.source).is_some();
        let variable = names::changed(statement).filter(|_| !is_growing).map(|variable| self.name(variable));
        let local = variable.filter(|name| matches!(self.target(name), Target::Local));
        let Some(name) = local else {
            self.nested(expression);
            return;
        };
        let at = span(expression);
        let before = self.builder.read(&name, at);
        let given = self.nested(expression);
        let changed = self.builder.node(Node::Changed(before, given), at);
        self.builder.assign(&name, changed, at);
    }

    /// Lowers every expression in a part.
    fn all(&mut self, part: Part<'_>) {
        for expression in named(part) {
            self.nested(expression);
        }
    }

    fn variables(&mut self, part: Part<'_>) {
        for declarator in fields(part, "declarator") {
            let Some(name) = field(declarator, "name") else { continue };
            let at = span(name);
            let name = self.name(name);
            let value = field(declarator, "value");
            if self.is_growing_text(part, value)
                && let Some(texts) = self.texts.last_mut()
            {
                texts.push(name.clone());
            }
            match value {
                Some(value) => {
                    let value = self.initialised(value, field(part, "type"));
                    self.bind(&name, value, at);
                }
                None => self.declare(&name),
            }
        }
    }

    fn branch(&mut self, part: Part<'_>) -> Exit {
        let mut arms = vec![];
        let mut exit = Exit::Away;
        let mut next = Some(part);
        let mut through = true;
        // A chain of `else if` is as flat here as it is written.
        while let Some(branch) = next {
            if let Some(test) = field(branch, "condition") {
                self.nested(test);
            }
            if let Some(body) = field(branch, "consequence") {
                self.arm(body, &mut arms, &mut exit);
            }
            next = match field(branch, "alternative") {
                Some(inner) if inner.kind() == "if_statement" => Some(inner),
                Some(other) => {
                    through = false;
                    self.arm(other, &mut arms, &mut exit);
                    None
                }
                None => None,
            };
        }
        if through {
            exit = Exit::Through;
        }
        self.builder.join(&arms, through, span(part));
        exit
    }

    /// Lowers one branch; one that leaves the routine adds nothing to the join behind it.
    fn arm(&mut self, body: Part<'_>, arms: &mut Vec<Arm>, exit: &mut Exit) {
        let mark = self.builder.begin_arm();
        let left = self.single(body);
        let arm = self.builder.end_arm(mark);
        if left != Exit::Away {
            arms.push(arm);
        }
        *exit = either(*exit, left);
    }

    fn attempt(&mut self, part: Part<'_>) -> Exit {
        let at = span(part);
        let mark = self.builder.begin_arm();
        self.enter_block();
        let opened = self.resources(part);
        let mut exit = field(part, "body").map_or(Exit::Through, |body| self.block(body));
        for resource in opened {
            self.builder.node(Node::Protocol(resource, "close".into()), at);
        }
        self.leave_block();
        let left = exit;
        let tried = self.builder.end_arm(mark);
        let mut arms = vec![];
        for clause in named(part).into_iter().filter(|clause| clause.kind() == "catch_clause") {
            let mark = self.builder.begin_arm();
            // The block may have been left anywhere: what it wrote is there or not.
            self.builder.join(std::slice::from_ref(&tried), true, at);
            let caught = self.caught(clause);
            let arm = self.builder.end_arm(mark);
            if caught != Exit::Away {
                arms.push(arm);
            }
            exit = either(exit, caught);
        }
        if left != Exit::Away {
            arms.push(tried);
        }
        self.builder.join(&arms, arms.is_empty(), at);
        let last = part_of_kind(part, "finally_clause").and_then(|last| part_of_kind(last, "block"));
        match last.map(|block| self.block(block)) {
            None | Some(Exit::Through) => exit,
            Some(other) => other,
        }
    }

    fn caught(&mut self, clause: Part<'_>) -> Exit {
        self.enter_block();
        if let Some(name) =
            part_of_kind(clause, "catch_formal_parameter").and_then(|parameter| field(parameter, "name"))
        {
            let at = span(name);
            let value = self.builder.unknown(at);
            let name = self.name(name);
            self.bind(&name, value, at);
        }
        let exit = field(clause, "body").map_or(Exit::Through, |body| self.block(body));
        self.leave_block();
        exit
    }

    /// What a `try` opens: it is closed when the block is left.
    fn resources(&mut self, part: Part<'_>) -> Vec<crate::ir::NodeId> {
        let mut opened = vec![];
        for resource in field(part, "resources").map(named).unwrap_or_default() {
            let value = match (field(resource, "name"), field(resource, "value")) {
                (Some(name), Some(value)) => {
                    let at = span(name);
                    let value = self.initialised(value, field(resource, "type"));
                    let name = self.name(name);
                    self.bind(&name, value, at);
                    value
                }
                _ => match named(resource).first() {
                    Some(value) => self.nested(*value),
                    None => continue,
                },
            };
            opened.push(value);
        }
        opened
    }

    fn counted(&mut self, part: Part<'_>, at: Span) {
        self.enter_block();
        for init in fields(part, "init") {
            if init.kind() == "local_variable_declaration" {
                self.variables(init);
            } else {
                self.nested(init);
            }
        }
        let head = self.builder.begin_loop(&names::written(part, self.source), at);
        if let Some(test) = field(part, "condition") {
            self.nested(test);
        }
        if let Some(body) = field(part, "body") {
            self.single(body);
        }
        for update in fields(part, "update") {
            self.nested(update);
        }
        self.builder.end_loop(head);
        self.leave_block();
    }

    fn each(&mut self, part: Part<'_>, at: Span) {
        let (Some(name), Some(value), Some(body)) =
            (field(part, "name"), field(part, "value"), field(part, "body"))
        else {
            return;
        };
        let elements = self.nested(value);
        let head = self.builder.begin_loop(&names::written(body, self.source), at);
        self.enter_block();
        let name_at = span(name);
        let element = self.builder.node(Node::Element(elements), name_at);
        match field(part, "type") {
            Some(kind) => self.bind_typed(name, kind, element),
            None => {
                let name = self.name(name);
                self.bind(&name, element, name_at);
            }
        }
        self.single(body);
        self.leave_block();
        self.builder.end_loop(head);
    }

    fn repeated(&mut self, part: Part<'_>, at: Span) {
        let head = self.builder.begin_loop(&names::written(part, self.source), at);
        let test_first = part.kind() == "while_statement";
        let (test, body) = (field(part, "condition"), field(part, "body"));
        if let Some(test) = test.filter(|_| test_first) {
            self.nested(test);
        }
        if let Some(body) = body {
            self.single(body);
        }
        if let Some(test) = test.filter(|_| !test_first) {
            self.nested(test);
        }
        self.builder.end_loop(head);
    }
}

pub(super) fn either(one: Exit, other: Exit) -> Exit {
    match (one, other) {
        (Exit::Through, _) | (_, Exit::Through) => Exit::Through,
        (Exit::Loop, _) | (_, Exit::Loop) => Exit::Loop,
        (Exit::Away, Exit::Away) => Exit::Away,
    }
}
