//! Which names a scope writes. Python makes every one of them local to the scope, wherever the write stands.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    Alias, Comprehension, ExceptHandler, Expr, ExprContext, Pattern, PatternMatchMapping, Stmt,
};

use crate::text::SmolStr;

/// The names that a list of statements writes.
#[derive(Default)]
pub(super) struct Assigned {
    /// Names of the scope's own.
    pub own: Vec<SmolStr>,
    /// Names that `global` gives to the module.
    pub global: Vec<SmolStr>,
    /// Names that `nonlocal` gives to an outer routine.
    pub nonlocal: Vec<SmolStr>,
    /// Whether the statements yield.
    pub yields: bool,
}

/// The names that the statements write, in order and without doubles.
pub(super) fn assigned(body: &[Stmt]) -> Assigned {
    let mut collector = Assigned::default();
    collector.visit_body(body);
    let foreign: Vec<SmolStr> = collector.global.iter().chain(&collector.nonlocal).cloned().collect();
    let mut seen = rustc_hash::FxHashSet::default();
    collector.own.retain(|name| !foreign.contains(name) && seen.insert(name.clone()));
    collector
}

/// The names that an assignment's or loop's target writes.
pub(super) fn targets<'a>(expressions: impl IntoIterator<Item = &'a Expr>) -> Vec<SmolStr> {
    let mut collector = Assigned::default();
    for expression in expressions {
        collector.visit_expr(expression);
    }
    collector.own
}

impl Assigned {
    fn add(&mut self, name: &str) {
        self.own.push(name.into());
    }
}

impl<'a> Visitor<'a> for Assigned {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => self.add(&function.name),
            Stmt::ClassDef(class) => self.add(&class.name),
            Stmt::Global(global) => {
                self.global.extend(global.names.iter().map(|name| SmolStr::from(name.as_str())));
            }
            Stmt::Nonlocal(nonlocal) => {
                self.nonlocal.extend(nonlocal.names.iter().map(|name| SmolStr::from(name.as_str())));
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if name.ctx == ExprContext::Store => self.add(&name.id),
            Expr::Lambda(_) => {}
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                self.yields = true;
                visitor::walk_expr(self, expr);
            }
            _ => visitor::walk_expr(self, expr),
        }
    }

    fn visit_comprehension(&mut self, comprehension: &'a Comprehension) {
        self.visit_expr(&comprehension.iter);
        for test in &comprehension.ifs {
            self.visit_expr(test);
        }
    }

    fn visit_except_handler(&mut self, handler: &'a ExceptHandler) {
        let ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = &inner.name {
            self.add(name);
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_alias(&mut self, alias: &'a Alias) {
        let name = alias.asname.as_ref().map_or_else(|| first(&alias.name), |name| name.as_str());
        if name != "*" {
            self.add(name);
        }
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchStar(star) => star.name.as_ref(),
            Pattern::MatchAs(capture) => capture.name.as_ref(),
            Pattern::MatchMapping(PatternMatchMapping { rest, .. }) => rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.add(name);
        }
        visitor::walk_pattern(self, pattern);
    }
}

/// The part of a dotted name before the first dot.
pub(super) fn first(dotted: &str) -> &str {
    dotted.split('.').next().unwrap_or(dotted)
}
