//! Statements.

use gosyn::ast::{
    AssignStmt, BlockStmt, CaseClause, DeclStmt, Expression, ForStmt, IfStmt, RangeStmt, SelectStmt,
    Statement, SwitchStmt, TypeSwitchStmt,
};
use gosyn::token::{Keyword, Operator};

use crate::ir::{Arm, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::call::bare;
use super::{Lowering, names};

/// How control leaves a list of statements.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// At the end.
    Through,
    /// At the end of the loop or switch: what was written still counts behind it.
    Loop,
    /// Out of the routine.
    Away,
}

impl Lowering {
    /// Lowers statements up to the first that control does not pass.
    pub(super) fn body(&mut self, list: &[Statement]) -> Exit {
        let mut left = Exit::Through;
        for statement in list {
            let exit =
                if self.builder.descend(Span::default()) { self.statement(statement) } else { Exit::Through };
            self.builder.ascend();
            if exit != Exit::Through {
                left = exit;
                // Behind a label control may come back; without one nothing further is reached.
                if !list.iter().any(|other| matches!(other, Statement::Label(_))) {
                    break;
                }
            }
        }
        left
    }

    fn block(&mut self, block: &BlockStmt) -> Exit {
        self.builder.enter_block([]);
        let exit = self.body(&block.list);
        self.builder.leave_block();
        exit
    }

    fn statement(&mut self, statement: &Statement) -> Exit {
        match statement {
            Statement::Block(block) => return self.block(block),
            Statement::Label(label) => return self.statement(&label.stmt),
            Statement::If(branch) => return self.branch(branch),
            Statement::Switch(switch) => return self.switch(switch),
            Statement::TypeSwitch(switch) => return self.type_switch(switch),
            Statement::Select(select) => return self.select(select),
            Statement::Return(back) => {
                let at = self.at(back.pos);
                self.give_back(&back.ret, at);
                return Exit::Away;
            }
            Statement::Branch(branch) => match branch.key {
                Keyword::Break | Keyword::Continue => return Exit::Loop,
                _ => {}
            },
            Statement::Expr(inner) => {
                self.nested(&inner.expr);
                if is_panic(&inner.expr) && !self.builder.declares("panic") {
                    return Exit::Away;
                }
            }
            Statement::For(each) => self.for_loop(each),
            Statement::Range(each) => self.range_loop(each),
            other => self.simple(other),
        }
        Exit::Through
    }

    fn simple(&mut self, statement: &Statement) {
        match statement {
            Statement::Go(go) => {
                self.call(&go.call);
            }
            Statement::Defer(defer) => {
                self.call(&defer.call);
            }
            Statement::Send(send) => {
                let (channel, value) = (self.nested(&send.chan), self.nested(&send.value));
                let at = self.at(send.pos);
                let place = self.builder.unknown(at);
                self.builder.store_index(channel, place, value, at);
            }
            Statement::IncDec(step) => {
                let value = self.nested(&step.expr);
                let at = self.at(step.pos);
                let value = self.builder.node(Node::Operation(vec![value]), at);
                self.bind(&step.expr, value);
            }
            Statement::Assign(assign) => self.assign(assign),
            Statement::Declaration(DeclStmt::Type(types)) => {
                for spec in &types.specs {
                    self.builder.declare(spec.name.name.as_str().into());
                    self.type_spec(spec);
                }
            }
            Statement::Declaration(DeclStmt::Const(constants)) => self.constants(&constants.specs),
            Statement::Declaration(DeclStmt::Variable(variables)) => {
                variables.specs.iter().for_each(|spec| self.variables(spec));
            }
            _ => {}
        }
    }

    fn assign(&mut self, assign: &AssignStmt) {
        let at = self.at(assign.pos);
        let values: Vec<NodeId> = match assign.right.as_slice() {
            [single] if assign.left.len() > 1 => self.results_of(single, assign.left.len()),
            values => values.iter().map(|value| self.nested(value)).collect(),
        };
        for (target, value) in assign.left.iter().zip(values) {
            match assign.op {
                Operator::Define => {
                    if let Expression::Ident(name) = target {
                        let at = self.token(name.pos, &name.name);
                        self.define(&name.name, value, at);
                    }
                }
                Operator::Assign => self.bind(target, value),
                Operator::AddAssign => {
                    let before = self.nested(target);
                    let sum = self.builder.node(Node::Concat(vec![before, value]), at);
                    self.bind(target, sum);
                }
                _ => {
                    let before = self.nested(target);
                    let result = self.builder.node(Node::Operation(vec![before, value]), at);
                    self.bind(target, result);
                }
            }
        }
    }

    /// Binds a target to a value.
    fn bind(&mut self, target: &Expression, value: NodeId) {
        let at = self.place(target);
        match target {
            Expression::Ident(name) => self.write(&name.name, value, at),
            Expression::Paren(inner) => self.bind(&inner.expr, value),
            Expression::Star(star) => {
                // What the pointer points to is one of those that it pointed to before, or the new value.
                if let Expression::Ident(name) = bare(&star.right) {
                    let before = self.builder.read(&name.name, at);
                    let either = self.builder.one_of(vec![before, value], at);
                    self.write(&name.name, either, at);
                }
            }
            Expression::Selector(selector) => {
                let base = self.nested(&selector.x);
                self.builder.store(base, selector.sel.name.as_str().into(), value, at);
            }
            Expression::Index(index) => {
                let base = self.nested(&index.left);
                let place = self.nested(&index.index);
                self.builder.store_index(base, place, value, at);
            }
            _ => {}
        }
    }

    /// Writes a name, wherever it is declared.
    pub(super) fn write(&mut self, name: &str, value: NodeId, at: Span) {
        if name == "_" {
            return;
        }
        if self.builder.is_own(name) {
            self.builder.assign(name, value, at);
        } else if self.builder.declares(name) {
            self.builder.declare_foreign(&SmolStr::from(name), false);
            self.builder.assign(name, value, at);
        } else {
            // Another file of the package declares it.
            let package = self.builder.import(".".into(), 0, None, at);
            self.builder.store(package, name.into(), value, at);
        }
    }

    fn for_loop(&mut self, each: &ForStmt) {
        self.builder.enter_block([]);
        if let Some(init) = &each.init {
            self.statement(init);
        }
        let post = each.post.as_deref().map(std::slice::from_ref).unwrap_or_default();
        let written = names::written(&[each.body.list.as_slice(), post]);
        let at = self.at(each.pos);
        let head = self.builder.begin_loop(&written, at);
        if let Some(test) = &each.cond {
            self.statement(test);
        }
        self.block(&each.body);
        if let Some(post) = &each.post {
            self.statement(post);
        }
        self.builder.end_loop(head);
        self.builder.leave_block();
    }

    fn range_loop(&mut self, each: &RangeStmt) {
        let list = self.nested(&each.expr);
        let at = self.at(each.pos.0);
        self.builder.enter_block([]);
        let mut written = names::written(&[each.body.list.as_slice()]);
        let defines = matches!(each.op, Some((_, Operator::Define)));
        for target in each.key.iter().chain(&each.value) {
            if let Expression::Ident(name) = target
                && !defines
            {
                written.push(name.name.as_str().into());
            }
        }
        let head = self.builder.begin_loop(&written, at);
        if let Some(key) = &each.key {
            let value = self.builder.node(Node::Element(list), at);
            self.range_target(key, value, defines);
        }
        if let Some(target) = &each.value {
            let any = self.builder.unknown(at);
            let value = self.builder.node(Node::Index(list, any), at);
            self.range_target(target, value, defines);
        }
        self.block(&each.body);
        self.builder.end_loop(head);
        self.builder.leave_block();
    }

    fn range_target(&mut self, target: &Expression, value: NodeId, defines: bool) {
        match target {
            Expression::Ident(name) if defines => {
                let at = self.token(name.pos, &name.name);
                self.define(&name.name, value, at);
            }
            other => self.bind(other, value),
        }
    }

    fn branch(&mut self, branch: &IfStmt) -> Exit {
        let at = self.at(branch.pos);
        self.builder.enter_block([]);
        if let Some(init) = &branch.init {
            self.statement(init);
        }
        self.nested(&branch.cond);
        let mut arms = Arms::default();
        self.arm(&mut arms, |lowering| lowering.block(&branch.body));
        if let Some(other) = &branch.else_ {
            self.arm(&mut arms, |lowering| {
                let deep = lowering.builder.descend(at);
                let exit = if deep { lowering.statement(other) } else { Exit::Through };
                lowering.builder.ascend();
                exit
            });
        }
        let exit = self.join(&arms, branch.else_.is_none(), at);
        self.builder.leave_block();
        exit
    }

    /// Lowers one branch; one that leaves the routine adds nothing to the join behind it.
    fn arm(&mut self, arms: &mut Arms, lower: impl FnOnce(&mut Self) -> Exit) {
        let mark = self.builder.begin_arm();
        let left = lower(self);
        let arm = self.builder.end_arm(mark);
        if left != Exit::Away {
            arms.joined.push(arm);
        }
        arms.exits.push(left);
    }

    fn join(&mut self, arms: &Arms, through: bool, at: Span) -> Exit {
        self.builder.join(&arms.joined, through, at);
        let has = |exit: Exit| arms.exits.contains(&exit);
        if through || has(Exit::Through) {
            Exit::Through
        } else if has(Exit::Loop) {
            Exit::Loop
        } else if has(Exit::Away) {
            Exit::Away
        } else {
            Exit::Through
        }
    }

    fn switch(&mut self, switch: &SwitchStmt) -> Exit {
        let at = self.at(switch.pos);
        self.builder.enter_block([]);
        if let Some(init) = &switch.init {
            self.statement(init);
        }
        if let Some(tag) = &switch.tag {
            self.nested(tag);
        }
        for test in switch.block.body.iter().flat_map(|clause| &clause.list) {
            self.nested(test);
        }
        let exit = self.cases(&switch.block.body, at, |_, _| {});
        self.builder.leave_block();
        exit
    }

    /// The clauses of a switch, each with what it begins with.
    fn cases(&mut self, clauses: &[CaseClause], at: Span, begin: impl Fn(&mut Self, &CaseClause)) -> Exit {
        let mut arms = Arms::default();
        for clause in clauses {
            self.arm(&mut arms, |lowering| {
                lowering.builder.enter_block([]);
                begin(lowering, clause);
                let exit = lowering.body(&clause.body);
                lowering.builder.leave_block();
                // `break` leaves the switch, no more.
                if exit == Exit::Loop { Exit::Through } else { exit }
            });
        }
        let has_default = clauses.iter().any(|clause| clause.tok == Keyword::Default);
        self.join(&arms, !has_default, at)
    }

    fn type_switch(&mut self, switch: &TypeSwitchStmt) -> Exit {
        let at = self.at(switch.pos);
        self.builder.enter_block([]);
        if let Some(init) = &switch.init {
            self.statement(init);
        }
        let (name, subject) = switch.tag.as_ref().map_or((None, None), |tag| subject(tag));
        let value = subject.map(|subject| self.nested(subject));
        let exit = self.cases(&switch.block.body, at, |lowering, clause| {
            let (Some(name), Some(value)) = (name, value) else { return };
            let kinds: Vec<NodeId> = clause.list.iter().filter_map(|kind| lowering.kind(kind)).collect();
            let value = match kinds.as_slice() {
                [kind] => lowering.builder.node(Node::Cast(value, *kind), at),
                _ => value,
            };
            lowering.define(name, value, at);
        });
        self.builder.leave_block();
        exit
    }

    fn select(&mut self, select: &SelectStmt) -> Exit {
        let at = self.at(select.pos);
        let mut arms = Arms::default();
        for clause in &select.body.body {
            self.arm(&mut arms, |lowering| {
                lowering.builder.enter_block([]);
                if let Some(comm) = &clause.comm {
                    lowering.statement(comm);
                }
                let exit = lowering.body(&clause.body);
                lowering.builder.leave_block();
                if exit == Exit::Loop { Exit::Through } else { exit }
            });
        }
        self.join(&arms, select.body.body.is_empty(), at)
    }
}

/// Branches that were lowered.
#[derive(Default)]
struct Arms {
    joined: Vec<Arm>,
    exits: Vec<Exit>,
}

/// What a switch over types binds, and what it looks at.
fn subject(tag: &Statement) -> (Option<&str>, Option<&Expression>) {
    match tag {
        Statement::Assign(assign) => {
            let name = match assign.left.first() {
                Some(Expression::Ident(name)) => Some(name.name.as_str()),
                _ => None,
            };
            (name, assign.right.first())
        }
        Statement::Expr(inner) => (None, Some(&inner.expr)),
        _ => (None, None),
    }
}

fn is_panic(expression: &Expression) -> bool {
    let Expression::Call(call) = expression else { return false };
    matches!(bare(&call.func), Expression::Ident(name) if name.name == "panic")
}
