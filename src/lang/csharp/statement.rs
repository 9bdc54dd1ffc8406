//! Statements: branches, loops, `using` and `try`.

use tree_sitter::Node as Tree;

use crate::ir::{Arm, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::class::declarator_value;
use super::{Lowering, names, tree};

/// How control leaves a list of statements.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// At the end.
    Through,
    /// At the end of the loop: what was written still counts behind it.
    Loop,
    /// Out of the routine.
    Away,
}

impl<'s> Lowering<'s> {
    /// Lowers statements up to the first that control does not pass. Local functions are there from the beginning.
    pub(super) fn statements(&mut self, statements: &[Tree<'s>]) -> Exit {
        for statement in statements {
            if statement.kind() == "local_function_statement" {
                self.local_function(*statement);
            }
        }
        for statement in statements {
            let exit = self.inner(*statement);
            if exit != Exit::Through {
                return exit;
            }
        }
        Exit::Through
    }

    /// One statement, one level deeper.
    fn inner(&mut self, statement: Tree<'s>) -> Exit {
        let at = tree::span(statement);
        let exit = if self.builder.descend(at) { self.statement(statement) } else { Exit::Through };
        self.builder.ascend();
        exit
    }

    fn statement(&mut self, node: Tree<'s>) -> Exit {
        let at = tree::span(node);
        match node.kind() {
            "block" | "checked_statement" | "unsafe_statement" | "fixed_statement" | "labeled_statement"
            | "lock_statement" => return self.sequence(node),
            "return_statement" => {
                if let Some(value) = super::first(node) {
                    let wanted = self.results.last().copied().flatten();
                    let value = self.nested_as(value, wanted);
                    self.builder.node(Node::Return(value), at);
                }
                return Exit::Away;
            }
            "throw_statement" => {
                if let Some(value) = super::first(node) {
                    self.nested(value);
                }
                return Exit::Away;
            }
            "yield_statement" => match super::first(node) {
                Some(value) => {
                    let value = self.nested(value);
                    self.builder.set_generator();
                    self.builder.node(Node::Yield(value), at);
                }
                None => return Exit::Away,
            },
            "break_statement" | "continue_statement" | "goto_statement" => return Exit::Loop,
            "if_statement" => return self.branch(node),
            "switch_statement" => return self.switch(node),
            "try_statement" => return self.attempt(node),
            "using_statement" => return self.using_statement(node),
            "for_statement" | "while_statement" | "do_statement" => self.repeat(node),
            "foreach_statement" => self.each(node),
            "local_declaration_statement" | "variable_declaration" => self.variables(node),
            "local_function_statement" => {}
            kind if kind.starts_with("preproc_") => return self.sequence(node),
            _ => {
                for part in tree::named(node) {
                    self.nested(part);
                }
            }
        }
        Exit::Through
    }

    /// Whatever stands in a statement, one thing behind the other.
    fn sequence(&mut self, node: Tree<'s>) -> Exit {
        let mut statements = vec![];
        for part in tree::named(node) {
            match part.kind() {
                kind if kind.ends_with("_statement") || kind == "block" || kind.starts_with("preproc_") => {
                    statements.push(part);
                }
                "variable_declaration" => self.variables(part),
                "identifier" | "global_statement" => {}
                _ => {
                    self.nested(part);
                }
            }
        }
        self.statements(&statements)
    }

    /// Declared variables with their values.
    fn variables(&mut self, node: Tree<'s>) {
        let declaration = tree::part_of_kind(node, "variable_declaration").unwrap_or(node);
        let declared = tree::field(declaration, "type");
        for declarator in
            tree::named(declaration).into_iter().filter(|part| part.kind() == "variable_declarator")
        {
            let Some(value) = declarator_value(declarator) else { continue };
            let value = self.nested_as(value, declared);
            if let Some(name) = tree::field(declarator, "name") {
                let at = tree::span(name);
                let value = self.as_declared(value, declared, at);
                let name = self.identifier(name);
                self.builder.assign(&name, value, at);
            } else if let Some(pattern) = tree::part_of_kind(declarator, "tuple_pattern") {
                self.take_apart(pattern, value);
            }
        }
    }

    /// A value that a declaration gives a type.
    pub(super) fn as_declared(&mut self, value: NodeId, declared: Option<Tree<'s>>, at: Span) -> NodeId {
        match declared.and_then(|declared| self.declared_type(declared)) {
            Some(declared) => self.builder.node(Node::Cast(value, declared), at),
            None => value,
        }
    }

    fn branch(&mut self, node: Tree<'s>) -> Exit {
        if let Some(condition) = tree::field(node, "condition") {
            self.nested(condition);
        }
        let mut arms = vec![];
        let mut exit = Exit::Away;
        if let Some(consequence) = tree::field(node, "consequence") {
            self.arm(&[consequence], &mut arms, &mut exit);
        }
        let alternative = tree::field(node, "alternative");
        if let Some(alternative) = alternative {
            self.arm(&[alternative], &mut arms, &mut exit);
        } else {
            exit = Exit::Through;
        }
        self.builder.join(&arms, alternative.is_none(), tree::span(node));
        exit
    }

    /// Lowers one branch; one that leaves the routine adds nothing to the join behind it.
    fn arm(&mut self, body: &[Tree<'s>], arms: &mut Vec<Arm>, exit: &mut Exit) {
        let mark = self.builder.begin_arm();
        let left = self.statements(body);
        let arm = self.builder.end_arm(mark);
        if left != Exit::Away {
            arms.push(arm);
        }
        *exit = match (*exit, left) {
            (Exit::Through, _) | (_, Exit::Through) => Exit::Through,
            (Exit::Loop, _) | (_, Exit::Loop) => Exit::Loop,
            (Exit::Away, Exit::Away) => Exit::Away,
        };
    }

    /// The sections of a `switch`: a `break` ends a section, not a loop.
    fn switch(&mut self, node: Tree<'s>) -> Exit {
        let at = tree::span(node);
        let subject = tree::field(node, "value");
        let subject = match subject {
            Some(subject) => self.nested(subject),
            None => self.builder.unknown(at),
        };
        let mut arms = vec![];
        let mut exit = Exit::Away;
        let mut through = true;
        let sections = tree::field(node, "body").map(tree::named).unwrap_or_default();
        for section in sections.into_iter().filter(|part| part.kind() == "switch_section") {
            let mark = self.builder.begin_arm();
            through &= !tree::has_token(section, "default");
            let mut statements = vec![];
            for part in tree::named(section) {
                match part.kind() {
                    kind if kind.ends_with("_statement") || kind == "block" => statements.push(part),
                    "when_clause" => {
                        if let Some(condition) = super::first(part) {
                            self.nested(condition);
                        }
                    }
                    _ => self.pattern(part, subject),
                }
            }
            let is_empty = statements.is_empty();
            let left = self.statements(&statements);
            let arm = self.builder.end_arm(mark);
            if left != Exit::Away || is_empty {
                arms.push(arm);
                exit = Exit::Through;
            }
        }
        self.builder.join(&arms, through, at);
        if through { Exit::Through } else { exit }
    }

    fn attempt(&mut self, node: Tree<'s>) -> Exit {
        let at = tree::span(node);
        let mark = self.builder.begin_arm();
        let body: Vec<Tree<'s>> = tree::field(node, "body").into_iter().collect();
        let left = self.statements(&body);
        let tried = self.builder.end_arm(mark);
        let mut exit = left;
        let mut arms = vec![];
        for clause in tree::named(node).into_iter().filter(|part| part.kind() == "catch_clause") {
            let mark = self.builder.begin_arm();
            // The body may have been left anywhere: what it wrote is there or not.
            self.builder.join(std::slice::from_ref(&tried), true, at);
            let left = self.catch(clause);
            let arm = self.builder.end_arm(mark);
            if left != Exit::Away {
                arms.push(arm);
            }
            if exit == Exit::Away || left == Exit::Through {
                exit = left;
            }
        }
        if left != Exit::Away {
            arms.push(tried);
        }
        self.builder.join(&arms, arms.is_empty(), at);
        let finally = tree::part_of_kind(node, "finally_clause").and_then(super::first);
        match finally.map(|finally| self.statements(&[finally])) {
            None | Some(Exit::Through) => exit,
            Some(other) => other,
        }
    }

    fn catch(&mut self, clause: Tree<'s>) -> Exit {
        let declaration = tree::part_of_kind(clause, "catch_declaration");
        if let Some(name) = declaration.and_then(|declaration| tree::field(declaration, "name")) {
            let at = tree::span(name);
            let value = self.builder.unknown(at);
            let name = self.identifier(name);
            self.builder.assign(&name, value, at);
        }
        if let Some(filter) = tree::part_of_kind(clause, "catch_filter_clause").and_then(super::first) {
            self.nested(filter);
        }
        let body: Vec<Tree<'s>> = tree::field(clause, "body").into_iter().collect();
        self.statements(&body)
    }

    fn using_statement(&mut self, node: Tree<'s>) -> Exit {
        let body = tree::field(node, "body");
        for part in tree::named(node) {
            if Some(part.id()) == body.map(|body| body.id()) {
                continue;
            }
            if part.kind() == "variable_declaration" {
                self.variables(part);
            } else {
                self.nested(part);
            }
        }
        let body: Vec<Tree<'s>> = body.into_iter().collect();
        self.statements(&body)
    }

    /// `for`, `while` and `do`.
    fn repeat(&mut self, node: Tree<'s>) {
        let body = tree::field(node, "body");
        for part in tree::fields(node, "initializer") {
            if part.kind() == "variable_declaration" {
                self.variables(part);
            } else {
                self.nested(part);
            }
        }
        let written = self.written_here(node);
        let head = self.builder.begin_loop(&written, tree::span(node));
        if let Some(condition) = tree::field(node, "condition") {
            self.nested(condition);
        }
        let body: Vec<Tree<'s>> = body.into_iter().collect();
        self.statements(&body);
        for update in tree::fields(node, "update") {
            self.nested(update);
        }
        self.builder.end_loop(head);
    }

    fn each(&mut self, node: Tree<'s>) {
        let (Some(left), Some(right)) = (tree::field(node, "left"), tree::field(node, "right")) else {
            return;
        };
        let at = tree::span(right);
        let iterable = self.nested(right);
        let written = self.written_here(node);
        let head = self.builder.begin_loop(&written, tree::span(node));
        let mut element = self.builder.node(Node::Element(iterable), at);
        if let Some(declared) = tree::field(node, "type") {
            element = self.as_declared(element, Some(declared), at);
        }
        match left.kind() {
            "identifier" => {
                let name = self.identifier(left);
                self.builder.assign(&name, element, tree::span(left));
            }
            _ => self.take_apart(left, element),
        }
        let body: Vec<Tree<'s>> = tree::field(node, "body").into_iter().collect();
        self.statements(&body);
        self.builder.end_loop(head);
    }

    /// The variables of this routine that a loop may write.
    fn written_here(&self, node: Tree<'s>) -> Vec<SmolStr> {
        let written = names::written(node, self.source);
        written.into_iter().filter(|name| self.scopes.is_local(name)).collect()
    }
}
