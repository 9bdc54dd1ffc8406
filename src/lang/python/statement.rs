//! Statements. Each list of statements says whether control comes out at its end.

use ruff_python_ast::{
    ExceptHandler, Expr, Pattern, Stmt, StmtFor, StmtIf, StmtImport, StmtImportFrom, StmtMatch, StmtTry,
    StmtWhile, StmtWith,
};

use crate::ir::{Arm, Node, NodeId};
use crate::text::SmolStr;

use super::routine::name_span;
use super::{Lowering, names, span};

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

impl Lowering {
    /// Lowers statements up to the first that control does not pass.
    pub(super) fn body(&mut self, body: &[Stmt]) -> Exit {
        for stmt in body {
            let at = span(stmt);
            let exit = if self.builder.descend(at) { self.statement(stmt) } else { Exit::Through };
            self.builder.ascend();
            if exit != Exit::Through {
                return exit;
            }
        }
        Exit::Through
    }

    fn statement(&mut self, stmt: &Stmt) -> Exit {
        match stmt {
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::ClassDef(class) => self.class(class),
            Stmt::Return(ret) => {
                if let Some(value) = &ret.value {
                    let value = self.nested(value);
                    self.builder.node(Node::Return(value), span(ret));
                }
                return Exit::Away;
            }
            Stmt::Raise(raise) => {
                for part in raise.exc.iter().chain(&raise.cause) {
                    self.nested(part);
                }
                return Exit::Away;
            }
            Stmt::Break(_) | Stmt::Continue(_) => return Exit::Loop,
            Stmt::For(each) => self.for_loop(each),
            Stmt::While(each) => self.while_loop(each),
            Stmt::If(branch) => return self.branch(branch),
            Stmt::With(with) => return self.with(with),
            Stmt::Try(attempt) => return self.attempt(attempt),
            Stmt::Match(switch) => return self.switch(switch),
            Stmt::Import(import) => self.import(import),
            Stmt::ImportFrom(import) => self.import_from(import),
            other => self.simple(other),
        }
        Exit::Through
    }

    fn simple(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Expr(statement) => {
                self.nested(&statement.value);
            }
            Stmt::Assign(assign) => {
                let value = self.nested(&assign.value);
                for target in &assign.targets {
                    self.bind(target, value);
                }
            }
            Stmt::AnnAssign(assign) => {
                let declared = self.annotation(&assign.annotation);
                let at = span(assign);
                let value = match (&assign.value, declared) {
                    (Some(value), _) => self.nested(value),
                    (None, Some(_)) => self.builder.unknown(at),
                    (None, None) => return,
                };
                let value =
                    declared.map_or(value, |declared| self.builder.node(Node::Cast(value, declared), at));
                self.bind(&assign.target, value);
            }
            Stmt::AugAssign(assign) => {
                let left = self.nested(&assign.target);
                let right = self.nested(&assign.value);
                let value = self.operator(assign.op, vec![left, right], span(assign));
                self.bind(&assign.target, value);
            }
            Stmt::Delete(delete) => {
                for target in &delete.targets {
                    self.nested(target);
                }
            }
            Stmt::Assert(assert) => {
                self.nested(&assert.test);
            }
            _ => {}
        }
    }

    /// Binds a target to a value.
    pub(super) fn bind(&mut self, target: &Expr, value: NodeId) {
        let at = span(target);
        match target {
            Expr::Name(name) => self.builder.assign(&name.id, value, at),
            Expr::Attribute(attribute) => {
                let base = self.nested(&attribute.value);
                self.builder.store(base, attribute.attr.as_str().into(), value, at);
            }
            Expr::Subscript(subscript) => {
                let base = self.nested(&subscript.value);
                let index = self.nested(&subscript.slice);
                self.builder.store_index(base, index, value, at);
            }
            Expr::Tuple(tuple) => self.unpack(&tuple.elts, value),
            Expr::List(list) => self.unpack(&list.elts, value),
            Expr::Starred(starred) => self.bind(&starred.value, value),
            _ => {}
        }
    }

    fn unpack(&mut self, targets: &[Expr], value: NodeId) {
        let starred = targets.iter().position(|target| matches!(target, Expr::Starred(_)));
        for (place, target) in targets.iter().enumerate() {
            let at = span(target);
            let part = match starred {
                Some(star) if place == star => self.builder.node(Node::Slice(value), at),
                Some(star) if place > star => self.builder.node(Node::Element(value), at),
                _ => {
                    let index = self.builder.node(Node::Number(place.to_string().into()), at);
                    self.builder.node(Node::Index(value, index), at)
                }
            };
            self.bind(target, part);
        }
    }

    fn for_loop(&mut self, each: &StmtFor) {
        let iterable = self.nested(&each.iter);
        let mut written = names::assigned(&each.body).own;
        written.extend(names::targets([each.target.as_ref()]));
        let head = self.builder.begin_loop(&written, span(each));
        let element = self.element(iterable, &each.iter);
        self.bind(&each.target, element);
        self.body(&each.body);
        self.builder.end_loop(head);
        self.body(&each.orelse);
    }

    /// What a loop over a value gives.
    pub(super) fn element(&mut self, iterable: NodeId, expression: &Expr) -> NodeId {
        let at = span(expression);
        let iterator = self.builder.node(Node::Protocol(iterable, "__iter__".into()), at);
        self.builder.node(Node::Element(iterator), at)
    }

    fn while_loop(&mut self, each: &StmtWhile) {
        let mut written = names::assigned(&each.body).own;
        written.extend(names::targets([each.test.as_ref()]));
        let head = self.builder.begin_loop(&written, span(each));
        self.nested(&each.test);
        self.body(&each.body);
        self.builder.end_loop(head);
        self.body(&each.orelse);
    }

    fn branch(&mut self, branch: &StmtIf) -> Exit {
        let at = span(branch);
        let mut arms = vec![];
        let mut exit = Exit::Away;
        let mut through = true;
        let first = std::iter::once((Some(branch.test.as_ref()), branch.body.as_slice()));
        let rest =
            branch.elif_else_clauses.iter().map(|clause| (clause.test.as_ref(), clause.body.as_slice()));
        for (test, body) in first.chain(rest) {
            match test {
                Some(test) if is_main(test) => continue,
                Some(test) => {
                    self.nested(test);
                }
                None => through = false,
            }
            self.arm(body, &mut arms, &mut exit);
        }
        if through {
            exit = Exit::Through;
        }
        self.builder.join(&arms, through, at);
        exit
    }

    /// Lowers one branch; one that leaves the routine adds nothing to the join behind it.
    fn arm(&mut self, body: &[Stmt], arms: &mut Vec<Arm>, exit: &mut Exit) {
        let mark = self.builder.begin_arm();
        let left = self.body(body);
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

    fn with(&mut self, with: &StmtWith) -> Exit {
        let enter = if with.is_async { "__aenter__" } else { "__enter__" };
        let leave = if with.is_async { "__aexit__" } else { "__exit__" };
        let mut managers = vec![];
        for item in &with.items {
            let at = span(&item.context_expr);
            let manager = self.nested(&item.context_expr);
            let value = self.builder.node(Node::Protocol(manager, enter.into()), at);
            managers.push((manager, at));
            if let Some(target) = &item.optional_vars {
                self.bind(target, value);
            }
        }
        let exit = self.body(&with.body);
        for (manager, at) in managers {
            self.builder.node(Node::Protocol(manager, leave.into()), at);
        }
        exit
    }

    fn attempt(&mut self, attempt: &StmtTry) -> Exit {
        let at = span(attempt);
        let mark = self.builder.begin_arm();
        let mut left = self.body(&attempt.body);
        if left == Exit::Through {
            left = self.body(&attempt.orelse);
        }
        let tried = self.builder.end_arm(mark);
        let mut exit = left;
        let mut arms = vec![];
        for handler in &attempt.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            let mark = self.builder.begin_arm();
            // The body may have been left anywhere: what it wrote is there or not.
            self.builder.join(std::slice::from_ref(&tried), true, at);
            if let Some(kind) = &handler.type_ {
                self.nested(kind);
            }
            if let Some(name) = &handler.name {
                let value = self.builder.unknown(name_span(name));
                self.builder.assign(name, value, name_span(name));
            }
            let left = self.body(&handler.body);
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
        match self.body(&attempt.finalbody) {
            Exit::Through => exit,
            other => other,
        }
    }

    fn switch(&mut self, switch: &StmtMatch) -> Exit {
        let subject = self.nested(&switch.subject);
        let mut arms = vec![];
        let mut exit = Exit::Away;
        let mut through = true;
        for case in &switch.cases {
            let mark = self.builder.begin_arm();
            self.pattern(&case.pattern, subject);
            if let Some(guard) = &case.guard {
                self.nested(guard);
            } else if case.pattern.is_irrefutable() {
                through = false;
            }
            let left = self.body(&case.body);
            let arm = self.builder.end_arm(mark);
            if left != Exit::Away {
                arms.push(arm);
            }
            if exit == Exit::Away || left == Exit::Through {
                exit = left;
            }
        }
        self.builder.join(&arms, through, span(switch));
        if through { Exit::Through } else { exit }
    }

    fn pattern(&mut self, pattern: &Pattern, subject: NodeId) {
        let at = span(pattern);
        match pattern {
            Pattern::MatchAs(capture) => {
                if let Some(inner) = &capture.pattern {
                    self.pattern(inner, subject);
                }
                if let Some(name) = &capture.name {
                    self.builder.assign(name, subject, at);
                }
            }
            Pattern::MatchOr(either) => either.patterns.iter().for_each(|inner| self.pattern(inner, subject)),
            Pattern::MatchSequence(sequence) => {
                let element = self.builder.node(Node::Element(subject), at);
                sequence.patterns.iter().for_each(|inner| self.pattern(inner, element));
            }
            Pattern::MatchMapping(mapping) => {
                for (key, inner) in mapping.keys.iter().zip(&mapping.patterns) {
                    let key = self.nested(key);
                    let part = self.builder.node(Node::Index(subject, key), at);
                    self.pattern(inner, part);
                }
                if let Some(rest) = &mapping.rest {
                    self.builder.assign(rest, subject, at);
                }
            }
            Pattern::MatchClass(class) => {
                for keyword in &class.arguments.keywords {
                    let part = self.builder.node(Node::Member(subject, keyword.attr.as_str().into()), at);
                    self.pattern(&keyword.pattern, part);
                }
                let unknown = self.builder.unknown(at);
                class.arguments.patterns.iter().for_each(|inner| self.pattern(inner, unknown));
            }
            Pattern::MatchStar(star) => {
                if let Some(name) = &star.name {
                    self.builder.assign(name, subject, at);
                }
            }
            Pattern::MatchValue(_) | Pattern::MatchSingleton(_) => {}
        }
    }

    fn import(&mut self, import: &StmtImport) {
        for alias in &import.names {
            let at = span(alias);
            let name = SmolStr::from(alias.name.as_str());
            if let Some(bound) = &alias.asname {
                let value = self.builder.import(name, 0, None, at);
                self.builder.assign(bound, value, at);
                continue;
            }
            // `import a.b` binds `a`, and loads `a.b` as well.
            let first = names::first(&name);
            let value = self.builder.import(first.into(), 0, None, at);
            if first != name {
                self.builder.import(name.clone(), 0, None, at);
            }
            self.builder.assign(first, value, at);
        }
    }

    fn import_from(&mut self, import: &StmtImportFrom) {
        let module = import.module.as_ref().map_or_else(SmolStr::default, |module| module.as_str().into());
        for alias in &import.names {
            let at = span(alias);
            let member = SmolStr::from(alias.name.as_str());
            let bound = alias.asname.as_ref().map_or_else(|| member.clone(), |name| name.as_str().into());
            let value = self.builder.import(module.clone(), import.level, Some(member), at);
            if bound != "*" {
                self.builder.assign(&bound, value, at);
            }
        }
    }
}

/// `__name__ == "__main__"`: never so in a module that a platform loads.
fn is_main(test: &Expr) -> bool {
    let Expr::Compare(compare) = test else { return false };
    let is_name = |side: &Expr| matches!(side, Expr::Name(name) if name.id == "__name__");
    is_name(&compare.left) || compare.comparators.iter().any(is_name)
}
