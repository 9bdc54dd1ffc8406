//! `switch`, as a statement and as an expression, with colons and with arrows.

use tree_sitter::Node as Part;

use crate::ir::{Arm, NodeId};

use super::Lowering;
use super::statement::{Exit, either};
use super::tree::{field, named, span};

/// What the cases of one `switch` come to.
struct Cases {
    arms: Vec<Arm>,
    exit: Exit,
    /// What an arm wrote that goes on in the next.
    falling: Option<Arm>,
}

impl Lowering<'_> {
    /// The value of a `switch`, and how control leaves it.
    pub(super) fn switch(&mut self, part: Part<'_>) -> (NodeId, Exit) {
        let at = span(part);
        let subject = match field(part, "condition") {
            Some(condition) => self.nested(condition),
            None => self.builder.unknown(at),
        };
        let groups = field(part, "body").map(named).unwrap_or_default();
        let is_default = |group: &Part<'_>| {
            named(*group).iter().any(|label| label.kind() == "switch_label" && self.text(*label) == "default")
        };
        let through = !groups.iter().any(is_default);
        self.yields.push(vec![]);
        self.enter_block();
        let mut cases = Cases { arms: vec![], exit: Exit::Away, falling: None };
        for group in groups {
            self.case(group, subject, &mut cases);
        }
        self.leave_block();
        let values = self.yields.pop().unwrap_or_default();
        cases.arms.extend(cases.falling);
        self.builder.join(&cases.arms, through, at);
        let value =
            if values.is_empty() { self.builder.unknown(at) } else { self.builder.one_of(values, at) };
        (value, if through { Exit::Through } else { cases.exit })
    }

    fn case(&mut self, group: Part<'_>, subject: NodeId, cases: &mut Cases) {
        let mark = self.builder.begin_arm();
        let (labels, body): (Vec<_>, Vec<_>) =
            named(group).into_iter().partition(|part| part.kind() == "switch_label");
        for label in labels {
            self.label(label, subject);
        }
        if let Some(above) = cases.falling.take() {
            self.builder.join(&[above], true, span(group));
        }
        let is_rule = group.kind() == "switch_rule";
        let left = match body.as_slice() {
            [only] if is_rule && only.kind() == "expression_statement" => {
                if let Some(expression) = named(*only).first() {
                    let value = self.nested(*expression);
                    if let Some(yields) = self.yields.last_mut() {
                        yields.push(value);
                    }
                }
                Exit::Loop
            }
            statements => match self.statements(statements) {
                Exit::Through if is_rule => Exit::Loop,
                other => other,
            },
        };
        let arm = self.builder.end_arm(mark);
        match left {
            Exit::Through => cases.falling = Some(arm),
            Exit::Loop => cases.arms.push(arm),
            Exit::Away => {}
        }
        // What leaves the `switch` alone goes on behind it.
        let left = if left == Exit::Away { Exit::Away } else { Exit::Through };
        cases.exit = either(cases.exit, left);
    }

    /// The variables that a label's pattern binds.
    fn label(&mut self, label: Part<'_>, subject: NodeId) {
        let patterns = named(label).into_iter().filter(|part| part.kind() == "pattern").flat_map(named);
        for pattern in patterns {
            let parts = named(pattern);
            match (pattern.kind(), parts.as_slice()) {
                ("type_pattern", [kind, name]) => self.bind_typed(*name, *kind, subject),
                ("record_pattern", _) => self.record_pattern(pattern, subject),
                _ => {}
            }
        }
    }
}
