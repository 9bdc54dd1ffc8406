//! Branches, loops, failures, and what leaves a routine.

use ruby_prism::{BeginNode, CaseMatchNode, CaseNode, ElseNode, Node as Tree, RescueNode, StatementsNode};

use crate::ir::{Argument, Arm, Node, NodeId};
use crate::text::Span;

use super::{Lowering, names};

/// Whether a statement leaves the routine, block or loop that it stands in.
pub(super) fn leaves(tree: &Tree<'_>) -> bool {
    match tree {
        Tree::ReturnNode { .. }
        | Tree::NextNode { .. }
        | Tree::BreakNode { .. }
        | Tree::RedoNode { .. }
        | Tree::RetryNode { .. } => true,
        Tree::CallNode { .. } => tree.as_call_node().is_some_and(|call| {
            call.receiver().is_none()
                && matches!(call.name().as_slice(), b"raise" | b"fail" | b"exit" | b"abort")
        }),
        Tree::StatementsNode { .. } => {
            tree.as_statements_node().is_some_and(|inner| leaves_at_end(Some(&inner)))
        }
        Tree::ParenthesesNode { .. } => {
            tree.as_parentheses_node().and_then(|inner| inner.body()).is_some_and(|body| leaves(&body))
        }
        _ => false,
    }
}

fn leaves_at_end(statements: Option<&StatementsNode<'_>>) -> bool {
    statements.and_then(|statements| statements.body().last()).is_some_and(|last| leaves(&last))
}

/// The ways through a branch: what each writes and comes to.
#[derive(Default)]
struct Ways {
    arms: Vec<Arm>,
    values: Vec<NodeId>,
}

impl Lowering<'_> {
    /// What decides which way is taken, and what leaves.
    pub(super) fn controlled(&mut self, tree: &Tree<'_>, at: Span) -> Option<NodeId> {
        Some(match tree {
            Tree::StatementsNode { .. } => self.statements(tree.as_statements_node()),
            Tree::ParenthesesNode { .. } => match tree.as_parentheses_node()?.body() {
                Some(body) => self.nested(&body),
                None => self.nil(at),
            },
            Tree::BeginNode { .. } => self.begin_block(&tree.as_begin_node()?, at),
            Tree::IfNode { .. } => {
                let branch = tree.as_if_node()?;
                self.branch(&branch.predicate(), branch.statements(), branch.subsequent(), at)
            }
            Tree::UnlessNode { .. } => {
                let branch = tree.as_unless_node()?;
                let other = branch.else_clause().map(|other| other.as_node());
                self.branch(&branch.predicate(), branch.statements(), other, at)
            }
            Tree::ElseNode { .. } => self.statements(tree.as_else_node()?.statements()),
            Tree::CaseNode { .. } => self.case(&tree.as_case_node()?, at),
            Tree::CaseMatchNode { .. } => self.case_match(&tree.as_case_match_node()?, at),
            Tree::AndNode { .. } => {
                let both = tree.as_and_node()?;
                let (left, right) = (self.nested(&both.left()), self.aside(&both.right(), at));
                self.builder.one_of(vec![left, right], at)
            }
            Tree::OrNode { .. } => {
                let either = tree.as_or_node()?;
                let (left, right) = (self.nested(&either.left()), self.aside(&either.right(), at));
                self.call_native("||", vec![left, right], at)
            }
            Tree::RescueModifierNode { .. } => {
                let attempt = tree.as_rescue_modifier_node()?;
                let value = self.nested(&attempt.expression());
                let other = self.aside(&attempt.rescue_expression(), at);
                self.builder.one_of(vec![value, other], at)
            }
            _ => return self.repeated(tree, at).or_else(|| self.left(tree, at)),
        })
    }

    /// What may not come to be worked out.
    fn aside(&mut self, tree: &Tree<'_>, at: Span) -> NodeId {
        let mark = self.builder.begin_arm();
        let value = self.nested(tree);
        let arm = self.builder.end_arm(mark);
        if !leaves(tree) {
            self.builder.join(&[arm], true, at);
        }
        value
    }

    fn repeated(&mut self, tree: &Tree<'_>, at: Span) -> Option<NodeId> {
        let (test, statements) = match tree {
            Tree::WhileNode { .. } => {
                let each = tree.as_while_node()?;
                (each.predicate(), each.statements())
            }
            Tree::UntilNode { .. } => {
                let each = tree.as_until_node()?;
                (each.predicate(), each.statements())
            }
            Tree::ForNode { .. } => {
                let each = tree.as_for_node()?;
                let list = self.nested(&each.collection());
                let written = self.loop_names(&[tree]);
                let head = self.builder.begin_loop(&written, at);
                let element = self.builder.node(Node::Element(list), at);
                self.bind(&each.index(), element);
                self.statements(each.statements());
                self.builder.end_loop(head);
                return Some(list);
            }
            _ => return None,
        };
        let written = self.loop_names(&[tree]);
        let head = self.builder.begin_loop(&written, at);
        self.nested(&test);
        self.statements(statements);
        self.builder.end_loop(head);
        Some(self.nil(at))
    }

    fn loop_names(&self, trees: &[&Tree<'_>]) -> Vec<crate::text::SmolStr> {
        names::written(trees).iter().map(|name| self.local(name)).collect()
    }

    fn left(&mut self, tree: &Tree<'_>, at: Span) -> Option<NodeId> {
        let arguments = match tree {
            Tree::ReturnNode { .. } => tree.as_return_node()?.arguments(),
            Tree::NextNode { .. } => tree.as_next_node()?.arguments(),
            Tree::BreakNode { .. } => tree.as_break_node()?.arguments(),
            Tree::MatchPredicateNode { .. } => {
                let matched = tree.as_match_predicate_node()?;
                let value = self.nested(&matched.value());
                self.pattern(&matched.pattern(), value);
                return Some(self.call_native("block_given?", vec![], at));
            }
            Tree::MatchRequiredNode { .. } => {
                let matched = tree.as_match_required_node()?;
                let value = self.nested(&matched.value());
                self.pattern(&matched.pattern(), value);
                return Some(self.nil(at));
            }
            Tree::MatchWriteNode { .. } => {
                let matched = tree.as_match_write_node()?;
                let value = self.call(&matched.call());
                let found = self.call_native("(text)", vec![], at);
                matched.targets().iter().for_each(|target| self.bind(&target, found));
                return Some(value);
            }
            _ => return None,
        };
        let values = self.arguments(arguments);
        let value = match values.as_slice() {
            [] => self.nil(at),
            [Argument::Plain(value)] => *value,
            _ => self.builder.node(Node::List(values), at),
        };
        self.builder.node(Node::Return(value), at);
        Some(value)
    }

    fn branch(
        &mut self,
        test: &Tree<'_>,
        statements: Option<StatementsNode<'_>>,
        other: Option<Tree<'_>>,
        at: Span,
    ) -> NodeId {
        let decided = self.nested(test);
        let mut ways = Ways::default();
        self.way(statements, &mut ways, |_| {});
        match other {
            Some(other) => {
                let mark = self.builder.begin_arm();
                let value = self.nested(&other);
                let arm = self.builder.end_arm(mark);
                if !leaves_in(&other) {
                    ways.arms.push(arm);
                    ways.values.push(value);
                }
            }
            None => {
                let mark = self.builder.begin_arm();
                let nothing = self.nil(at);
                ways.arms.push(self.builder.end_arm(mark));
                ways.values.push(nothing);
            }
        }
        self.builder.join(&ways.arms, false, at);
        match ways.values.as_slice() {
            [yes, no] => {
                let values = vec![decided, *yes, *no];
                self.call_native("?:", values, at)
            }
            _ => self.met(ways.values, at),
        }
    }

    fn met(&mut self, values: Vec<NodeId>, at: Span) -> NodeId {
        if values.is_empty() { self.nil(at) } else { self.builder.one_of(values, at) }
    }

    /// One way through; one that leaves adds nothing to what is behind.
    fn way(
        &mut self,
        statements: Option<StatementsNode<'_>>,
        ways: &mut Ways,
        before: impl FnOnce(&mut Self),
    ) {
        let mark = self.builder.begin_arm();
        before(self);
        let left = leaves_at_end(statements.as_ref());
        let value = self.statements(statements);
        let arm = self.builder.end_arm(mark);
        if !left {
            ways.arms.push(arm);
            ways.values.push(value);
        }
    }

    fn case(&mut self, case: &CaseNode<'_>, at: Span) -> NodeId {
        if let Some(subject) = case.predicate() {
            self.nested(&subject);
        }
        let mut ways = Ways::default();
        for when in case.conditions().iter().filter_map(|tree| tree.as_when_node()) {
            for condition in &when.conditions() {
                self.nested(&condition);
            }
            self.way(when.statements(), &mut ways, |_| {});
        }
        self.otherwise(case.else_clause(), ways, at)
    }

    fn case_match(&mut self, case: &CaseMatchNode<'_>, at: Span) -> NodeId {
        let subject = match case.predicate() {
            Some(subject) => self.nested(&subject),
            None => self.nil(at),
        };
        let mut ways = Ways::default();
        for when in case.conditions().iter().filter_map(|tree| tree.as_in_node()) {
            let pattern = when.pattern();
            self.way(when.statements(), &mut ways, |lowering| lowering.pattern(&pattern, subject));
        }
        self.otherwise(case.else_clause(), ways, at)
    }

    /// The way that is taken where no other is.
    fn otherwise(&mut self, other: Option<ElseNode<'_>>, mut ways: Ways, at: Span) -> NodeId {
        let through = other.is_none();
        match other {
            Some(other) => self.way(other.statements(), &mut ways, |_| {}),
            None => {
                let nothing = self.nil(at);
                ways.values.push(nothing);
            }
        }
        self.builder.join(&ways.arms, through, at);
        self.met(ways.values, at)
    }

    /// A body with what happens where it fails, and at its end.
    fn begin_block(&mut self, block: &BeginNode<'_>, at: Span) -> NodeId {
        let mark = self.builder.begin_arm();
        let left = leaves_at_end(block.statements().as_ref());
        let mut value = self.statements(block.statements());
        if let Some(other) = block.else_clause() {
            value = self.statements(other.statements());
        }
        let tried = self.builder.end_arm(mark);
        let mut ways = Ways::default();
        let mut next = block.rescue_clause();
        while let Some(rescue) = next {
            self.rescue(&rescue, &tried, &mut ways, at);
            next = rescue.subsequent();
        }
        if !left {
            ways.arms.push(tried);
            ways.values.push(value);
        }
        self.builder.join(&ways.arms, ways.arms.is_empty(), at);
        if let Some(ensure) = block.ensure_clause() {
            self.statements(ensure.statements());
        }
        self.met(ways.values, at)
    }

    fn rescue(&mut self, rescue: &RescueNode<'_>, tried: &Arm, ways: &mut Ways, at: Span) {
        let (exceptions, reference) = (rescue.exceptions(), rescue.reference());
        self.way(rescue.statements(), ways, |lowering| {
            // The body may have been left anywhere: what it wrote is there or not.
            lowering.builder.join(std::slice::from_ref(tried), true, at);
            for exception in &exceptions {
                lowering.nested(&exception);
            }
            if let Some(reference) = reference {
                let failure = lowering.builder.unknown(at);
                lowering.bind(&reference, failure);
            }
        });
    }
}

/// Whether the other way of a branch leaves.
fn leaves_in(other: &Tree<'_>) -> bool {
    match other.as_else_node() {
        Some(other) => leaves_at_end(other.statements().as_ref()),
        None => leaves(other),
    }
}
