//! Statements.

use oxc_ast::ast::{
    Declaration, DoWhileStatement, ForInStatement, ForOfStatement, ForStatement, ForStatementInit,
    ForStatementLeft, IfStatement, Statement, SwitchStatement, TSEnumDeclaration, TryStatement,
    VariableDeclaration, VariableDeclarationKind, WhileStatement,
};
use oxc_ast_visit::Visit;

use crate::ir::{Arm, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::{Lowering, copy, names, span};

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

impl Lowering {
    /// Lowers the statements of a block: its functions first, since they may be called above where they stand.
    pub(super) fn body(&mut self, body: &[Statement<'_>]) -> Exit {
        // What makes objects comes behind what those derive from.
        for deriving in [false, true] {
            for statement in body {
                if let Statement::FunctionDeclaration(function) = statement
                    && function.id.as_ref().is_some_and(|id| self.makers.derives(&id.name)) == deriving
                {
                    self.function_declaration(function);
                }
            }
        }
        let mut exit = Exit::Through;
        for statement in body {
            let at = span(statement);
            if exit != Exit::Through {
                continue;
            }
            if !self.parts.is_empty() && self.package_statement(statement) {
                continue;
            }
            exit = if self.builder.descend(at) { self.statement(statement) } else { Exit::Through };
            self.builder.ascend();
            if !self.parts.is_empty() {
                self.taken_from_package(statement);
            }
        }
        exit
    }

    /// Lowers a block with variables of its own.
    pub(super) fn block(&mut self, body: &[Statement<'_>]) -> Exit {
        self.builder.enter_block(names::of_block(body));
        let exit = self.body(body);
        self.builder.leave_block();
        exit
    }

    /// A statement that stands alone in a branch or loop.
    fn single(&mut self, statement: &Statement<'_>) -> Exit {
        match statement {
            Statement::BlockStatement(block) => self.block(&block.body),
            other => self.block(std::slice::from_ref(other)),
        }
    }

    fn statement(&mut self, statement: &Statement<'_>) -> Exit {
        let at = span(statement);
        match statement {
            Statement::ReturnStatement(ret) => {
                if let Some(exit) = self.step(ret) {
                    return exit;
                }
                if let Some(value) = &ret.argument {
                    let value = self.nested(value);
                    self.builder.node(Node::Return(value), at);
                }
                return Exit::Away;
            }
            Statement::ThrowStatement(throw) => {
                self.nested(&throw.argument);
                return Exit::Away;
            }
            Statement::BreakStatement(_) | Statement::ContinueStatement(_) => return Exit::Loop,
            Statement::BlockStatement(block) => return self.block(&block.body),
            Statement::IfStatement(branch) => return self.branch(branch),
            Statement::TryStatement(attempt) => return self.attempt(attempt),
            Statement::SwitchStatement(switch) => return self.switch(switch),
            Statement::LabeledStatement(labeled) => return self.single(&labeled.body),
            Statement::ForStatement(each) => self.counted(each, at),
            Statement::ForOfStatement(each) => self.for_of(each, at),
            Statement::ForInStatement(each) => self.for_in(each, at),
            Statement::WhileStatement(each) => self.while_loop(each, at),
            Statement::DoWhileStatement(each) => self.do_loop(each, at),
            Statement::ExpressionStatement(statement) => {
                self.nested(&statement.expression);
            }
            other => {
                if let Some(declaration) = other.as_declaration() {
                    self.declaration(declaration);
                } else if let Some(declaration) = other.as_module_declaration() {
                    self.module_declaration(declaration);
                }
            }
        }
        Exit::Through
    }

    /// A declaration; functions were lowered with the block.
    pub(super) fn declaration(&mut self, declaration: &Declaration<'_>) {
        match declaration {
            Declaration::VariableDeclaration(variables) => self.variables(variables),
            Declaration::ClassDeclaration(class) => self.class_declaration(class),
            Declaration::TSEnumDeclaration(each) => self.enumeration(each),
            Declaration::TSImportEqualsDeclaration(import) => self.import_equals(import),
            Declaration::TSNamespaceDeclaration(namespace) => self.namespace(namespace),
            Declaration::TSInterfaceDeclaration(interface) => self.interface(interface),
            Declaration::TSTypeAliasDeclaration(alias) => self.type_alias(alias),
            _ => {}
        }
    }

    fn variables(&mut self, variables: &VariableDeclaration<'_>) {
        for declarator in &variables.declarations {
            let at = span(declarator);
            let declared = self.annotation(declarator.type_annotation.as_deref());
            let value = match &declarator.init {
                Some(init) => match declarator.id.get_identifier_name() {
                    Some(name) => {
                        self.bundled_modules(&name, init);
                        self.named(&name, init)
                    }
                    None => self.nested(init),
                },
                // `var x;` leaves what is there.
                None if variables.kind == VariableDeclarationKind::Var => continue,
                None => match declared {
                    Some(_) => self.builder.unknown(at),
                    None => continue,
                },
            };
            let value = declared.map_or(value, |declared| self.builder.node(Node::Cast(value, declared), at));
            self.bind(&declarator.id, value);
        }
    }

    fn enumeration(&mut self, each: &TSEnumDeclaration<'_>) {
        let at = span(&each.id);
        let mut pairs = vec![];
        for (member, number) in each.body.members.iter().zip(0..) {
            let at = span(member);
            let name = member.id.static_name();
            let key = self.builder.text(&name, at);
            let value = match &member.initializer {
                Some(value) => self.nested(value),
                None => self.builder.node(Node::Number(format!("{number}").into()), at),
            };
            pairs.push((Some(key), value));
        }
        let record = self.builder.node(Node::Record(pairs), at);
        self.builder.assign(&each.id.name, record, at);
    }

    fn branch(&mut self, branch: &IfStatement<'_>) -> Exit {
        let at = span(branch);
        let mut arms = vec![];
        let mut exit = Exit::Away;
        let mut next = Some(branch);
        let mut through = true;
        // A chain of `else if` is as flat here as it is written.
        while let Some(branch) = next {
            self.nested(&branch.test);
            self.arm(&branch.consequent, &mut arms, &mut exit);
            next = match &branch.alternate {
                Some(Statement::IfStatement(inner)) => Some(inner),
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
        self.builder.join(&arms, through, at);
        exit
    }

    /// Lowers one branch; one that leaves the routine adds nothing to the join behind it.
    fn arm(&mut self, body: &Statement<'_>, arms: &mut Vec<Arm>, exit: &mut Exit) {
        let mark = self.builder.begin_arm();
        let left = self.single(body);
        let arm = self.builder.end_arm(mark);
        if left != Exit::Away {
            arms.push(arm);
        }
        *exit = either(*exit, left);
    }

    fn attempt(&mut self, attempt: &TryStatement<'_>) -> Exit {
        let at = span(attempt);
        let mark = self.builder.begin_arm();
        let mut exit = self.block(&attempt.block.body);
        let left = exit;
        let tried = self.builder.end_arm(mark);
        let mut arms = vec![];
        if let Some(handler) = &attempt.handler {
            let mark = self.builder.begin_arm();
            // The block may have been left anywhere: what it wrote is there or not.
            self.builder.join(std::slice::from_ref(&tried), true, at);
            let mut bound = vec![];
            if let Some(param) = &handler.param {
                names::of_pattern(&param.pattern, &mut bound);
            }
            self.builder.enter_block(bound);
            if let Some(param) = &handler.param {
                let value = self.builder.unknown(span(param));
                self.bind(&param.pattern, value);
            }
            let caught = self.block(&handler.body.body);
            self.builder.leave_block();
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
        match attempt.finalizer.as_ref().map(|last| self.block(&last.body)) {
            None | Some(Exit::Through) => exit,
            Some(other) => other,
        }
    }

    fn switch(&mut self, switch: &SwitchStatement<'_>) -> Exit {
        let at = span(switch);
        self.nested(&switch.discriminant);
        let declared = switch.cases.iter().flat_map(|case| names::of_block(&case.consequent));
        self.builder.enter_block(declared);
        let mut arms: Vec<Arm> = vec![];
        let mut exit = Exit::Away;
        let mut falling: Option<Arm> = None;
        let through = switch.cases.iter().all(|case| case.test.is_some());
        for case in &switch.cases {
            let mark = self.builder.begin_arm();
            if let Some(test) = &case.test {
                self.nested(test);
            }
            if let Some(above) = falling.take() {
                self.builder.join(&[above], true, at);
            }
            let left = self.body(&case.consequent);
            let arm = self.builder.end_arm(mark);
            match left {
                Exit::Through => falling = Some(arm),
                Exit::Loop => arms.push(arm),
                Exit::Away => {}
            }
            // What leaves the `switch` alone goes on behind it.
            exit = either(exit, if left == Exit::Away { Exit::Away } else { Exit::Through });
        }
        arms.extend(falling);
        self.builder.leave_block();
        self.builder.join(&arms, through, at);
        if through { Exit::Through } else { exit }
    }

    fn counted(&mut self, each: &ForStatement<'_>, at: Span) {
        let mut declared = vec![];
        if let Some(ForStatementInit::VariableDeclaration(variables)) = &each.init {
            names::of_variables(variables, &mut declared);
        }
        self.builder.enter_block(declared);
        match &each.init {
            Some(ForStatementInit::VariableDeclaration(variables)) => self.variables(variables),
            Some(init) => {
                if let Some(init) = init.as_expression() {
                    self.nested(init);
                }
            }
            None => {}
        }
        let head = self.builder.begin_loop(&names::written(|written| written.visit_for_statement(each)), at);
        if let Some(test) = &each.test {
            self.nested(test);
        }
        self.single(&each.body);
        if let Some(update) = &each.update {
            self.nested(update);
        }
        self.builder.end_loop(head);
        self.builder.leave_block();
    }

    fn for_of(&mut self, each: &ForOfStatement<'_>, at: Span) {
        let iterable = self.nested(&each.right);
        let written = names::written(|written| written.visit_for_of_statement(each));
        self.over(&each.left, &each.body, written, at, &mut |lowering| {
            lowering.builder.node(Node::Element(iterable), at)
        });
    }

    fn for_in(&mut self, each: &ForInStatement<'_>, at: Span) {
        let of = self.nested(&each.right);
        let written = names::written(|written| written.visit_for_in_statement(each));
        let keys = self.native("Object.keys", at);
        let keys = self.builder.call(keys, vec![crate::ir::Argument::Plain(of)], at);
        self.over(&each.left, &each.body, written, at, &mut |lowering| {
            lowering.builder.node(Node::Element(keys), at)
        });
    }

    /// A loop over elements.
    fn over(
        &mut self,
        left: &ForStatementLeft<'_>,
        body: &Statement<'_>,
        written: Vec<SmolStr>,
        at: Span,
        element: &mut dyn FnMut(&mut Self) -> NodeId,
    ) {
        let mut declared = vec![];
        if let ForStatementLeft::VariableDeclaration(variables) = left {
            names::of_variables(variables, &mut declared);
        }
        let outer: Vec<SmolStr> = written.into_iter().filter(|name| !declared.contains(name)).collect();
        let head = self.builder.begin_loop(&outer, at);
        self.builder.enter_block(declared);
        let value = element(self);
        match left {
            ForStatementLeft::VariableDeclaration(variables) => {
                if let Some(declarator) = variables.declarations.first() {
                    self.bind(&declarator.id, value);
                }
            }
            other => {
                if let Some(target) = other.as_assignment_target() {
                    self.assign(target, value);
                }
            }
        }
        self.over_keys(copy::loop_variable(left), |lowering| lowering.single(body));
        self.builder.leave_block();
        self.builder.end_loop(head);
    }

    fn while_loop(&mut self, each: &WhileStatement<'_>, at: Span) {
        let head =
            self.builder.begin_loop(&names::written(|written| written.visit_while_statement(each)), at);
        self.nested(&each.test);
        self.single(&each.body);
        self.builder.end_loop(head);
    }

    fn do_loop(&mut self, each: &DoWhileStatement<'_>, at: Span) {
        let head =
            self.builder.begin_loop(&names::written(|written| written.visit_do_while_statement(each)), at);
        self.single(&each.body);
        self.nested(&each.test);
        self.builder.end_loop(head);
    }
}

fn either(one: Exit, other: Exit) -> Exit {
    match (one, other) {
        (Exit::Through, _) | (_, Exit::Through) => Exit::Through,
        (Exit::Loop, _) | (_, Exit::Loop) => Exit::Loop,
        (Exit::Away, Exit::Away) => Exit::Away,
    }
}
