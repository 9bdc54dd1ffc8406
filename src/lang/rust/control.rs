//! Blocks, branches and loops.

use syn::{Expr, Pat, Stmt};

use crate::ir::{Argument, Arm, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::names;
use super::{Lowering, name, span};

impl Lowering {
    /// A block; its value is that of its last expression. Every `let` begins a scope of its own.
    pub(super) fn block(&mut self, block: &syn::Block) -> NodeId {
        let at = span(block);
        self.builder.enter_block([]);
        let mut scopes = 1;
        let items: Vec<&syn::Item> = block
            .stmts
            .iter()
            .filter_map(|statement| match statement {
                Stmt::Item(item) if !names::is_test(names::attributes(item)) => Some(item),
                _ => None,
            })
            .collect();
        for (declared, _) in items.iter().flat_map(|item| names::of_item(item)) {
            self.builder.declare(declared);
        }
        self.items_in_order(&items);
        let mut value = None;
        for statement in &block.stmts {
            value = None;
            match statement {
                Stmt::Local(local) => {
                    let bound = self.initial(local);
                    self.builder.enter_block([]);
                    scopes += 1;
                    self.bind(&local.pat, bound);
                }
                Stmt::Expr(expression, None) => value = Some(self.nested(expression)),
                Stmt::Expr(expression, Some(_)) => {
                    self.nested(expression);
                }
                Stmt::Macro(statement) => {
                    let given = self.expand(&statement.mac);
                    value = statement.semi_token.is_none().then_some(given);
                }
                Stmt::Item(_) => {}
            }
        }
        for _ in 0..scopes {
            self.builder.leave_block();
        }
        value.unwrap_or_else(|| self.nil(at))
    }

    /// What a `let` is given; what its `else` does leads away.
    fn initial(&mut self, local: &syn::Local) -> NodeId {
        let at = span(&local.pat);
        let Some(init) = &local.init else { return self.never(at) };
        let mut value = self.nested(&init.expr);
        if let Some((_, otherwise)) = &init.diverge {
            let left = self.left;
            let mark = self.builder.begin_arm();
            self.nested(otherwise);
            self.builder.end_arm(mark);
            self.left = left;
        }
        if let Pat::Type(typed) = &local.pat {
            value = self.cast(value, &typed.ty, at);
        }
        value
    }

    /// A condition; what it binds holds in the current block.
    fn condition(&mut self, condition: &Expr) {
        match condition {
            Expr::Let(binding) => {
                let value = self.nested(&binding.expr);
                self.bind(&binding.pat, value);
            }
            Expr::Binary(binary) if matches!(binary.op, syn::BinOp::And(_)) => {
                self.condition(&binary.left);
                self.condition(&binary.right);
            }
            Expr::Paren(inner) => self.condition(&inner.expr),
            other => {
                self.nested(other);
            }
        }
    }

    pub(super) fn branch(&mut self, branch: &syn::ExprIf) -> NodeId {
        let at = span(&branch.if_token);
        let mut arms = Arms::new(self);
        arms.lower(self, |lowering| {
            lowering.condition(&branch.cond);
            lowering.block(&branch.then_branch)
        });
        let through = branch.else_branch.is_none();
        if let Some((_, otherwise)) = &branch.else_branch {
            arms.lower(self, |lowering| lowering.nested(otherwise));
        }
        arms.join(self, through, at)
    }

    pub(super) fn choice(&mut self, choice: &syn::ExprMatch) -> NodeId {
        let at = span(&choice.match_token);
        let value = self.nested(&choice.expr);
        let mut arms = Arms::new(self);
        for arm in choice.arms.iter().filter(|arm| !names::is_test(&arm.attrs)) {
            arms.lower(self, |lowering| {
                lowering.bind(&arm.pat, value);
                lowering.nested(&arm.body)
            });
        }
        arms.join(self, choice.arms.is_empty(), at)
    }

    pub(super) fn each(&mut self, each: &syn::ExprForLoop) -> NodeId {
        let at = span(&each.expr);
        let over = self.nested(&each.expr);
        let iterator = self.builder.node(Node::Method(over, "into_iter".into()), at);
        let iterator = self.builder.call(iterator, vec![], at);
        self.repeat(&names::written_in(&each.body), at, |lowering| {
            let element = lowering.builder.node(Node::Element(iterator), at);
            lowering.bind(&each.pat, element);
            lowering.block(&each.body);
        })
    }

    pub(super) fn repeat_while(&mut self, repeat: &syn::ExprWhile) -> NodeId {
        let mut written = names::written_in(&repeat.body);
        written.extend(names::written(&repeat.cond));
        self.repeat(&written, span(&repeat.while_token), |lowering| {
            lowering.condition(&repeat.cond);
            lowering.block(&repeat.body);
        })
    }

    pub(super) fn repeat_forever(&mut self, repeat: &syn::ExprLoop) -> NodeId {
        self.repeat(&names::written_in(&repeat.body), span(&repeat.loop_token), |lowering| {
            lowering.block(&repeat.body);
        })
    }

    fn repeat(&mut self, written: &[SmolStr], at: Span, body: impl FnOnce(&mut Self)) -> NodeId {
        let left = self.left;
        self.breaks.push(vec![]);
        let head = self.builder.begin_loop(written, at);
        self.builder.enter_block([]);
        body(self);
        self.builder.leave_block();
        self.builder.end_loop(head);
        self.left = left;
        let values = self.breaks.pop().unwrap_or_default();
        if values.is_empty() { self.nil(at) } else { self.builder.one_of(values, at) }
    }

    /// `break`, with what the loop gives.
    pub(super) fn stop(&mut self, stop: &syn::ExprBreak) -> NodeId {
        let at = span(&stop.break_token);
        if let Some(value) = &stop.expr {
            let value = self.nested(value);
            if let Some(values) = self.breaks.last_mut() {
                values.push(value);
            }
        }
        self.never(at)
    }

    pub(super) fn give_back(&mut self, back: &syn::ExprReturn) -> NodeId {
        let at = span(&back.return_token);
        let value = match &back.expr {
            Some(value) => self.nested(value),
            None => self.nil(at),
        };
        self.builder.node(Node::Return(value), at);
        self.left = true;
        self.never(at)
    }

    /// Writes a place: a variable, a field, an element; what is locked or borrowed on the way is looked through.
    pub(super) fn write(&mut self, target: &Expr, value: NodeId) {
        let at = span(target);
        match target {
            Expr::Path(path) => {
                let Some(ident) = path.path.get_ident() else {
                    if let Some(variable) = path.path.segments.last().map(|last| name(&last.ident)) {
                        let variable = self.qualified(&variable);
                        self.builder.assign(&variable, value, at);
                    }
                    return;
                };
                if let Some(variable) = self.variable(&name(ident)) {
                    self.builder.assign(&variable, value, at);
                }
            }
            Expr::Field(field) => {
                let base = self.nested(&field.base);
                self.builder.store(base, super::class::member_name(&field.member), value, at);
            }
            Expr::Index(index) => {
                let base = self.nested(&index.expr);
                let key = self.nested(&index.index);
                self.builder.store_index(base, key, value, at);
            }
            Expr::Tuple(tuple) => {
                for (place, element) in tuple.elems.iter().enumerate() {
                    let part = self.element_at(value, place, at);
                    self.write(element, part);
                }
            }
            Expr::Unary(unary) => self.write(&unary.expr, value),
            Expr::Paren(inner) => self.write(&inner.expr, value),
            Expr::Reference(inner) => self.write(&inner.expr, value),
            Expr::Try(inner) => self.write(&inner.expr, value),
            Expr::Await(inner) => self.write(&inner.base, value),
            Expr::MethodCall(call) => self.write(&call.receiver, value),
            _ => {}
        }
    }

    /// A part of a tuple.
    pub(super) fn element_at(&mut self, value: NodeId, place: usize, at: Span) -> NodeId {
        let index = self.builder.node(Node::Number(place.to_string().into()), at);
        self.builder.node(Node::Index(value, index), at)
    }

    /// A call of something of the language's own library.
    pub(super) fn call_native(&mut self, name: &str, arguments: Vec<NodeId>, at: Span) -> NodeId {
        let callee = self.native(name, at);
        self.builder.call(callee, arguments.into_iter().map(Argument::Plain).collect(), at)
    }
}

/// The branches of an `if` or `match`.
pub(super) struct Arms {
    taken: Vec<Arm>,
    values: Vec<NodeId>,
    /// Whether the path had left before.
    before: bool,
    /// Whether every branch leaves.
    all_leave: bool,
}

impl Arms {
    pub(super) fn new(lowering: &Lowering) -> Self {
        Self { taken: vec![], values: vec![], before: lowering.left, all_leave: true }
    }

    /// Lowers one branch; one that leaves the routine adds nothing behind it.
    pub(super) fn lower(&mut self, lowering: &mut Lowering, body: impl FnOnce(&mut Lowering) -> NodeId) {
        lowering.left = false;
        let mark = lowering.builder.begin_arm();
        lowering.builder.enter_block([]);
        let value = body(lowering);
        lowering.builder.leave_block();
        let arm = lowering.builder.end_arm(mark);
        if !lowering.left {
            self.taken.push(arm);
            self.values.push(value);
            self.all_leave = false;
        }
    }

    pub(super) fn join(self, lowering: &mut Lowering, through: bool, at: Span) -> NodeId {
        lowering.builder.join(&self.taken, through, at);
        lowering.left = self.before || self.all_leave && !through;
        lowering.builder.one_of(self.values, at)
    }
}
