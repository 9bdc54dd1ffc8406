//! Statements: declarations, assignments, branches, loops, failures.

use tree_sitter::Node as Part;

use crate::ir::{self, Arm, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::tree::{field, has_token, named, part_of_kind, parts, span};
use super::{Lowering, Receiver, With, names};

/// Whether a statement leaves the routine or loop that it stands in.
fn leaves(part: Part<'_>) -> bool {
    match part.kind() {
        "jump_expression" => true,
        "statements" | "control_structure_body" => named(part).last().copied().is_some_and(leaves),
        _ => false,
    }
}

/// The ways through a branch: what each writes and comes to.
#[derive(Default)]
struct Ways {
    arms: Vec<Arm>,
    values: Vec<NodeId>,
}

impl<'s> Lowering<'s> {
    /// Statements one after the other; the value is that of the last.
    pub(super) fn statements(&mut self, part: Part<'s>) -> NodeId {
        let at = span(part);
        let mut value = None;
        for statement in named(part) {
            value = self.statement(statement);
            // What stands behind is never reached.
            if leaves(statement) {
                break;
            }
        }
        value.unwrap_or_else(|| self.nil(at))
    }

    /// A statement; the value of an expression that stands alone.
    pub(super) fn statement(&mut self, part: Part<'s>) -> Option<NodeId> {
        match part.kind() {
            "property_declaration" => self.local_property(part),
            "function_declaration" => self.function(part, ir::Receiver::None),
            "class_declaration" | "object_declaration" => self.class(part),
            "assignment" => self.assignment(part),
            "for_statement" => self.for_loop(part),
            "while_statement" | "do_while_statement" => self.while_loop(part),
            "type_alias" | "annotation" | "label" => {}
            "infix_expression" if self.object_in_a_line(part) => {}
            _ => return Some(self.effect(part)),
        }
        None
    }

    /// An expression that stands alone: the object of a local variable may be another behind it.
    fn effect(&mut self, part: Part<'s>) -> NodeId {
        let variable = names::changed(part).map(|variable| self.name(variable));
        let is_own = |name: &SmolStr| self.builder.is_own(name) && self.builder.is_local(name);
        let Some(name) = variable.filter(is_own) else { return self.nested(part) };
        let at = span(part);
        let before = self.builder.read(&name, at);
        let given = self.nested(part);
        let changed = self.builder.node(Node::Changed(before, given), at);
        self.builder.assign(&name, changed, at);
        given
    }

    /// A variable of a function, or a property at the top of the file.
    fn local_property(&mut self, part: Part<'s>) {
        if field(part, "receiver").is_some() {
            return self.extension_property(part);
        }
        let value = self.property_value(part);
        if let Some(several) = part_of_kind(part, "multi_variable_declaration") {
            if let Some(value) = value {
                self.unpack(several, value);
            }
            return;
        }
        for variable in names::variables(part) {
            let at = span(variable);
            let Some(name) = self.own_name(variable) else { continue };
            if !self.builder.is_own(&name) || self.builder.is_local(&name) {
                self.builder.declare(name.clone());
            }
            let value = value.unwrap_or_else(|| self.builder.unknown(at));
            self.builder.assign(&name, value, at);
        }
    }

    /// What a declaration says that a property is.
    pub(super) fn property_value(&mut self, part: Part<'s>) -> Option<NodeId> {
        let at = span(part);
        let declared = names::variables(part).first().copied();
        let declared = declared
            .and_then(|variable| named(variable).into_iter().find(|part| super::routine::is_type(*part)));
        let all = parts(part);
        let value =
            all.iter().position(|part| part.kind() == "=").and_then(|place| all.get(place + 1).copied());
        let value = match (value, part_of_kind(part, "property_delegate"), part_of_kind(part, "getter")) {
            (Some(value), _, _) => Some(self.nested(value)),
            (_, Some(delegate), _) => {
                let inner = named(delegate).first().copied()?;
                Some(self.nested(inner))
            }
            (_, _, Some(getter)) => {
                let body = part_of_kind(getter, "function_body")?;
                let inner = named(body).last().copied()?;
                Some(self.nested(inner))
            }
            _ => None,
        };
        match (value, declared.and_then(|kind| self.type_value(kind))) {
            (Some(value), Some(kind)) => Some(self.builder.node(Node::Cast(value, kind), at)),
            (None, Some(kind)) => {
                let value = self.builder.unknown(at);
                Some(self.builder.node(Node::Cast(value, kind), at))
            }
            (value, None) => value,
        }
    }

    /// Binds the variables of a list to the parts of a value.
    pub(super) fn unpack(&mut self, several: Part<'s>, value: NodeId) {
        for (variable, place) in named(several).into_iter().zip(0..) {
            let at = span(variable);
            let Some(name) = self.own_name(variable).filter(|name| name != "_") else { continue };
            let index = self.builder.node(Node::Number(SmolStr::from(format!("{place}"))), at);
            let part = self.builder.node(Node::Index(value, index), at);
            self.builder.declare(name.clone());
            self.builder.assign(&name, part, at);
        }
    }

    fn assignment(&mut self, part: Part<'s>) {
        let at = span(part);
        let Some(target) = part_of_kind(part, "directly_assignable_expression") else { return };
        let Some(value) = named(part).last().copied() else { return };
        let mut value = self.nested(value);
        let changes = parts(part).iter().any(|part| part.kind().len() == 2 && part.kind().ends_with('='));
        let inside = named(target);
        let (last, before) = match inside.split_last() {
            Some((last, before)) => (*last, before),
            None => return,
        };
        if changes {
            let old = self.chain(&inside);
            value = if has_token(part, "+=") {
                self.added(old, value, at)
            } else {
                self.builder.node(Node::Operation(vec![old, value]), at)
            };
        }
        match last.kind() {
            "simple_identifier" => {
                let name = self.name(last);
                self.assign_name(&name, value, at);
            }
            "navigation_suffix" => {
                let base = self.chain(before);
                let is_this = matches!(before, [only] if only.kind() == "this_expression");
                match self.own_name(last) {
                    Some(name) if is_this => self.fill(base, name, value, at),
                    Some(name) => self.builder.store(base, name, value, at),
                    None => {}
                }
            }
            "indexing_suffix" => {
                let base = self.chain(before);
                let index = named(last).first().copied().map(|index| self.nested(index));
                if let Some(index) = index {
                    self.builder.store_index(base, index, value, at);
                }
            }
            _ => {}
        }
    }

    /// `a += b`: a text or list with more in it.
    fn added(&mut self, old: NodeId, value: NodeId, at: Span) -> NodeId {
        self.builder.node(Node::Concat(vec![old, value]), at)
    }

    /// Writes a name: a variable, else a member of what the code is run with and of the object.
    pub(super) fn assign_name(&mut self, name: &SmolStr, value: NodeId, at: Span) {
        if self.builder.is_own(name) {
            self.builder.assign(name, value, at);
            return;
        }
        if self.builder.declares(name) {
            self.builder.declare_foreign(name, !self.builder.is_local(name));
            self.builder.assign(name, value, at);
            return;
        }
        let is_variable = |all: &[Vec<SmolStr>]| all.iter().any(|names| names.contains(name));
        let receiver = self.lambda_receiver(at);
        if let Some(receiver) = receiver {
            self.fill(receiver, name.clone(), value, at);
        }
        // What a class around cannot change is what the code is run with.
        if receiver.is_none() || is_variable(&self.variables) {
            let this = self.own_this(at);
            if let Some(this) = this {
                self.builder.store(this, name.clone(), value, at);
            }
        }
    }

    /// Sets a member of what the code is run with.
    fn fill(&mut self, base: NodeId, field: SmolStr, value: NodeId, at: Span) {
        if matches!(self.receivers.last(), Some(Receiver::Lambda(_, With::Filled))) {
            self.builder.store_straight(base, field, value, at);
        } else {
            self.builder.store(base, field, value, at);
        }
    }

    fn for_loop(&mut self, part: Part<'s>) {
        let at = span(part);
        let all = named(part);
        let body = part_of_kind(part, "control_structure_body");
        let iterable = all.iter().find(|part| {
            !matches!(
                part.kind(),
                "variable_declaration"
                    | "multi_variable_declaration"
                    | "annotation"
                    | "control_structure_body"
            )
        });
        let Some(iterable) = iterable else { return };
        let iterable = self.nested(*iterable);
        let written = body.map(|body| names::changing(body, self.source)).unwrap_or_default();
        let head = self.builder.begin_loop(&written, at);
        self.builder.enter_block([]);
        let element = self.builder.node(Node::Element(iterable), at);
        if let Some(several) = part_of_kind(part, "multi_variable_declaration") {
            let pairs = self.call_native("(pairs)", vec![iterable], at);
            let pair = self.builder.node(Node::Element(pairs), at);
            self.unpack(several, pair);
        } else if let Some(name) =
            part_of_kind(part, "variable_declaration").and_then(|part| self.own_name(part))
        {
            self.builder.declare(name.clone());
            self.builder.assign(&name, element, at);
        }
        if let Some(body) = body {
            self.block(body);
        }
        self.builder.leave_block();
        self.builder.end_loop(head);
    }

    fn while_loop(&mut self, part: Part<'s>) {
        let written = names::changing(part, self.source);
        let head = self.builder.begin_loop(&written, span(part));
        for inner in named(part) {
            match inner.kind() {
                "control_structure_body" => {
                    self.block(inner);
                }
                _ => {
                    self.nested(inner);
                }
            }
        }
        self.builder.end_loop(head);
    }

    /// The body of a branch or loop, with variables of its own.
    pub(super) fn block(&mut self, body: Part<'s>) -> NodeId {
        self.builder.enter_block([]);
        let inner = named(body).last().copied();
        let value = match inner {
            Some(inner) if inner.kind() == "statements" => self.statements(inner),
            Some(inner) => {
                let value = self.statement(inner);
                value.unwrap_or_else(|| self.nil(span(body)))
            }
            None => self.nil(span(body)),
        };
        self.builder.leave_block();
        value
    }

    fn way(&mut self, body: Option<Part<'s>>, ways: &mut Ways, before: impl FnOnce(&mut Self)) {
        let mark = self.builder.begin_arm();
        before(self);
        let value = match body {
            Some(body) => self.block(body),
            None => self.nil(Span::default()),
        };
        let arm = self.builder.end_arm(mark);
        if !body.is_some_and(leaves) {
            ways.arms.push(arm);
            ways.values.push(value);
        }
    }

    fn met(&mut self, ways: &Ways, through: bool, at: Span) -> NodeId {
        self.builder.join(&ways.arms, through, at);
        match ways.values.as_slice() {
            [] => self.nil(at),
            values => self.builder.one_of(values.to_vec(), at),
        }
    }

    /// `if (…) … else …`, as a statement or a value.
    pub(super) fn branch(&mut self, part: Part<'s>) -> NodeId {
        let at = span(part);
        if let Some(test) = field(part, "condition") {
            self.nested(test);
        }
        let mut ways = Ways::default();
        self.way(field(part, "consequence"), &mut ways, |_| {});
        self.way(field(part, "alternative"), &mut ways, |_| {});
        self.met(&ways, false, at)
    }

    /// `when (…) { … }`
    pub(super) fn when(&mut self, part: Part<'s>) -> NodeId {
        let at = span(part);
        self.builder.enter_block([]);
        if let Some(subject) = part_of_kind(part, "when_subject") {
            let value = named(subject).last().copied().map(|value| self.nested(value));
            let variable = part_of_kind(subject, "variable_declaration").and_then(|part| self.own_name(part));
            if let (Some(value), Some(name)) = (value, variable) {
                self.builder.declare(name.clone());
                self.builder.assign(&name, value, at);
            }
        }
        let mut ways = Ways::default();
        let mut through = true;
        for entry in named(part).into_iter().filter(|part| part.kind() == "when_entry") {
            through &= !has_token(entry, "else");
            let tests: Vec<Part<'s>> = named(entry)
                .into_iter()
                .filter(|part| part.kind() == "when_condition")
                .flat_map(named)
                .collect();
            for test in tests {
                let inner =
                    if matches!(test.kind(), "type_test") { None } else { named(test).last().copied() };
                let test = if test.kind() == "range_test" { inner } else { Some(test) };
                if let Some(test) = test.filter(|test| test.kind() != "type_test") {
                    self.nested(test);
                }
            }
            self.way(part_of_kind(entry, "control_structure_body"), &mut ways, |_| {});
        }
        self.builder.leave_block();
        self.met(&ways, through, at)
    }

    /// `try { … } catch … finally …`
    pub(super) fn attempt(&mut self, part: Part<'s>) -> NodeId {
        let at = span(part);
        let mark = self.builder.begin_arm();
        let body = part_of_kind(part, "statements");
        let value = match body {
            Some(body) => {
                self.builder.enter_block([]);
                let value = self.statements(body);
                self.builder.leave_block();
                value
            }
            None => self.nil(at),
        };
        let tried = self.builder.end_arm(mark);
        let mut ways = Ways::default();
        for handler in named(part).into_iter().filter(|part| part.kind() == "catch_block") {
            let name = self.own_name(handler);
            self.way(Some(handler), &mut ways, |lowering| {
                // The body may have been left anywhere: what it wrote is there or not.
                lowering.builder.join(std::slice::from_ref(&tried), true, at);
                if let Some(name) = name {
                    let failure = lowering.builder.unknown(at);
                    lowering.builder.declare(name.clone());
                    lowering.builder.assign(&name, failure, at);
                }
            });
        }
        if !body.is_some_and(leaves) {
            ways.arms.push(tried);
            ways.values.push(value);
        }
        let value = self.met(&ways, ways.arms.is_empty(), at);
        if let Some(last) =
            part_of_kind(part, "finally_block").and_then(|last| part_of_kind(last, "statements"))
        {
            self.statements(last);
        }
        value
    }
}
