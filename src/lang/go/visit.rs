//! A walk over everything in a part of the tree: the names that it reads and the names that it writes.

use gosyn::ast::{CaseBlock, DeclStmt, Element, Expression, LiteralValue, Statement};

/// What is told of a part of the tree.
pub(super) trait Visit {
    /// A name by itself.
    fn name(&mut self, _name: &str) {}
    /// A member, with what it is taken from where that is a name.
    fn member(&mut self, _of: Option<&str>, _name: &str) {}
    /// A name that is written.
    fn written(&mut self, _name: &str) {}
}

/// Visits an expression.
pub(super) fn expression(visit: &mut dyn Visit, part: &Expression) {
    match part {
        Expression::Ident(name) => visit.name(&name.name),
        Expression::Selector(selector) => {
            let of = match selector.x.as_ref() {
                Expression::Ident(name) => Some(name.name.as_str()),
                _ => None,
            };
            visit.member(of, &selector.sel.name);
            expression(visit, &selector.x);
        }
        Expression::Call(call) => {
            expression(visit, &call.func);
            call.args.iter().for_each(|argument| expression(visit, argument));
        }
        Expression::Index(index) => {
            expression(visit, &index.left);
            expression(visit, &index.index);
        }
        Expression::IndexList(index) => expression(visit, &index.left),
        Expression::Slice(slice) => {
            expression(visit, &slice.left);
            slice.index.iter().flatten().for_each(|part| expression(visit, part));
        }
        Expression::FuncLit(routine) => {
            let fields = routine.typ.params.list.iter().chain(&routine.typ.result.list);
            fields.for_each(|field| expression(visit, &field.typ));
            statements(visit, &routine.body.list);
        }
        Expression::Star(star) => expression(visit, &star.right),
        Expression::Paren(inner) => expression(visit, &inner.expr),
        Expression::TypeAssert(assertion) => {
            expression(visit, &assertion.left);
            assertion.right.iter().for_each(|kind| expression(visit, kind));
        }
        Expression::CompositeLit(literal) => {
            expression(visit, &literal.typ);
            value(visit, &literal.val);
        }
        Expression::List(parts) => parts.iter().for_each(|part| expression(visit, part)),
        Expression::Operation(operation) => {
            let mut left = operation;
            loop {
                left.y.iter().for_each(|right| expression(visit, right));
                match left.x.as_ref() {
                    Expression::Operation(next) => left = next,
                    other => break expression(visit, other),
                }
            }
        }
        Expression::Range(range) => expression(visit, &range.right),
        Expression::TypePointer(pointer) => expression(visit, &pointer.typ),
        Expression::TypeSlice(slice) => expression(visit, &slice.typ),
        Expression::TypeArray(array) => expression(visit, &array.typ),
        Expression::TypeMap(map) => {
            expression(visit, &map.key);
            expression(visit, &map.val);
        }
        _ => {}
    }
}

fn value(visit: &mut dyn Visit, literal: &LiteralValue) {
    for element in &literal.values {
        for part in element.key.iter().chain([&element.val]) {
            match part {
                Element::Expr(part) => expression(visit, part),
                Element::LitValue(inner) => value(visit, inner),
            }
        }
    }
}

/// Visits statements.
pub(super) fn statements(visit: &mut dyn Visit, list: &[Statement]) {
    for part in list {
        statement(visit, part);
    }
}

fn target(visit: &mut dyn Visit, part: &Expression) {
    match part {
        Expression::Ident(name) => visit.written(&name.name),
        Expression::Paren(inner) => target(visit, &inner.expr),
        Expression::Star(star) => target(visit, &star.right),
        other => expression(visit, other),
    }
}

fn statement(visit: &mut dyn Visit, part: &Statement) {
    match part {
        Statement::Go(go) => call(visit, &go.call),
        Statement::Defer(defer) => call(visit, &defer.call),
        Statement::Expr(inner) => expression(visit, &inner.expr),
        Statement::Send(send) => {
            expression(visit, &send.chan);
            expression(visit, &send.value);
        }
        Statement::IncDec(step) => target(visit, &step.expr),
        Statement::Assign(assign) => {
            assign.right.iter().for_each(|part| expression(visit, part));
            assign.left.iter().for_each(|part| target(visit, part));
        }
        Statement::Return(back) => back.ret.iter().for_each(|part| expression(visit, part)),
        Statement::Label(label) => statement(visit, &label.stmt),
        Statement::Block(block) => statements(visit, &block.list),
        Statement::Declaration(DeclStmt::Variable(declaration)) => {
            for part in declaration.specs.iter().flat_map(|spec| &spec.values) {
                expression(visit, part);
            }
        }
        other => branches(visit, other),
    }
}

fn call(visit: &mut dyn Visit, call: &gosyn::ast::Call) {
    expression(visit, &call.func);
    call.args.iter().for_each(|argument| expression(visit, argument));
}

/// Statements with statements in them.
fn branches(visit: &mut dyn Visit, part: &Statement) {
    match part {
        Statement::If(branch) => {
            branch.init.iter().for_each(|init| statement(visit, init));
            expression(visit, &branch.cond);
            statements(visit, &branch.body.list);
            branch.else_.iter().for_each(|other| statement(visit, other));
        }
        Statement::For(each) => {
            for part in each.init.iter().chain(&each.cond).chain(&each.post) {
                statement(visit, part);
            }
            statements(visit, &each.body.list);
        }
        Statement::Range(each) => {
            expression(visit, &each.expr);
            each.key.iter().chain(&each.value).for_each(|part| target(visit, part));
            statements(visit, &each.body.list);
        }
        Statement::Switch(switch) => {
            switch.init.iter().for_each(|init| statement(visit, init));
            switch.tag.iter().for_each(|tag| expression(visit, tag));
            cases(visit, &switch.block);
        }
        Statement::TypeSwitch(switch) => {
            for part in switch.init.iter().chain(&switch.tag) {
                statement(visit, part);
            }
            cases(visit, &switch.block);
        }
        Statement::Select(select) => {
            for clause in &select.body.body {
                clause.comm.iter().for_each(|comm| statement(visit, comm));
                statements(visit, &clause.body);
            }
        }
        _ => {}
    }
}

fn cases(visit: &mut dyn Visit, block: &CaseBlock) {
    for clause in &block.body {
        clause.list.iter().for_each(|part| expression(visit, part));
        statements(visit, &clause.body);
    }
}
