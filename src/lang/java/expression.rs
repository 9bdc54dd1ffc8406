//! Expressions.

use tree_sitter::Node as Part;

use crate::ir::{Argument, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::scope::{Target, is_class_name};
use super::tree::{field, fields, named, part_of_kind, span};
use super::{ClassPath, Lowering, literal};

impl Lowering<'_> {
    /// Lowers an expression one level deeper; too deep a one is not followed.
    pub(super) fn nested(&mut self, part: Part<'_>) -> NodeId {
        let at = span(part);
        let value = if self.builder.descend(at) { self.expression(part) } else { self.builder.unknown(at) };
        self.builder.ascend();
        value
    }

    fn expression(&mut self, part: Part<'_>) -> NodeId {
        let at = span(part);
        match part.kind() {
            "string_literal" | "character_literal" => {
                let text = literal::string(self.text(part));
                self.builder.text(&text, at)
            }
            "decimal_integer_literal"
            | "hex_integer_literal"
            | "octal_integer_literal"
            | "binary_integer_literal"
            | "decimal_floating_point_literal"
            | "hex_floating_point_literal" => {
                let number = literal::number(self.text(part));
                self.builder.node(Node::Number(number), at)
            }
            "true" | "false" => self.builder.node(Node::Flag(part.kind() == "true"), at),
            "null_literal" => self.builder.node(Node::Nil, at),
            "this" => self.this(at),
            "identifier" => {
                let name = self.name(part);
                self.read_name(&name, at)
            }
            "parenthesized_expression" | "expression_statement" => self.inner(part),
            "method_invocation" => self.invocation(part),
            "object_creation_expression" => self.creation(part),
            "lambda_expression" => self.lambda(part),
            "method_reference" => self.method_reference(part),
            "field_access" => self.field_access(part),
            "class_literal" => self.class_literal(part),
            _ => self.operator(part),
        }
    }

    fn operator(&mut self, part: Part<'_>) -> NodeId {
        let at = span(part);
        match part.kind() {
            "binary_expression" => self.binary(part),
            "assignment_expression" => self.assignment(part),
            "ternary_expression" => self.ternary(part),
            "cast_expression" => {
                let value = field(part, "value").map(|value| self.nested(value));
                let value = value.unwrap_or_else(|| self.builder.unknown(at));
                let declared = field(part, "type").and_then(|kind| self.declared(kind));
                declared.map_or(value, |declared| self.builder.node(Node::Cast(value, declared), at))
            }
            "instanceof_expression" => self.instance_of(part),
            "switch_expression" => self.switch(part).0,
            "array_access" => {
                let [array, index] = ["array", "index"].map(|name| {
                    let value = field(part, name).map(|value| self.nested(value));
                    value.unwrap_or_else(|| self.builder.unknown(at))
                });
                self.builder.node(Node::Index(array, index), at)
            }
            "array_creation_expression" => self.array_creation(part),
            "array_initializer" | "element_value_array_initializer" => self.array(part),
            "update_expression" => self.update(part),
            _ => self.not_followed(part),
        }
    }

    /// What has parts but no value that counts.
    fn not_followed(&mut self, part: Part<'_>) -> NodeId {
        let mut values = vec![];
        for inner in named(part) {
            values.push(self.nested(inner));
        }
        self.builder.node(Node::Operation(values), span(part))
    }

    fn inner(&mut self, part: Part<'_>) -> NodeId {
        match named(part).first() {
            Some(inner) => self.nested(*inner),
            None => self.builder.unknown(span(part)),
        }
    }

    fn this(&mut self, at: Span) -> NodeId {
        match self.innermost() {
            Some(index) => self.this_of(index, at),
            None => self.builder.unknown(at),
        }
    }

    /// `a + b + c` is as flat here as it is long.
    fn binary(&mut self, part: Part<'_>) -> NodeId {
        let mut sides = vec![];
        let mut left = part;
        let is_sum = |part: Part<'_>| {
            part.kind() == "binary_expression"
                && field(part, "operator").is_some_and(|operator| operator.kind() == "+")
        };
        let operator = field(part, "operator").map_or("", |operator| operator.kind());
        while left.kind() == "binary_expression" && (left == part || is_sum(left) == (operator == "+")) {
            sides.extend(field(left, "right"));
            match field(left, "left") {
                Some(next) => left = next,
                None => break,
            }
        }
        sides.push(left);
        let mut values = vec![];
        for side in sides.into_iter().rev() {
            values.push(self.nested(side));
        }
        let node = if operator == "+" { Node::Concat(values) } else { Node::Operation(values) };
        self.builder.node(node, span(part))
    }

    fn ternary(&mut self, part: Part<'_>) -> NodeId {
        let mut values = vec![];
        for name in ["condition", "consequence", "alternative"] {
            if let Some(side) = field(part, name) {
                let value = self.nested(side);
                if name != "condition" {
                    values.push(value);
                }
            }
        }
        self.builder.one_of(values, span(part))
    }

    fn instance_of(&mut self, part: Part<'_>) -> NodeId {
        let at = span(part);
        let Some(left) = field(part, "left") else { return self.builder.unknown(at) };
        let value = self.nested(left);
        if let (Some(name), Some(kind)) = (field(part, "name"), field(part, "right")) {
            self.bind_typed(name, kind, value);
        }
        if let Some(pattern) = field(part, "pattern") {
            self.record_pattern(pattern, value);
        }
        self.builder.node(Node::Operation(vec![value]), at)
    }

    /// A variable of a pattern: the value as what its type says.
    pub(super) fn bind_typed(&mut self, name: Part<'_>, kind: Part<'_>, value: NodeId) {
        let at = span(name);
        let declared = self.declared(kind);
        let value = declared.map_or(value, |declared| self.builder.node(Node::Cast(value, declared), at));
        let name = self.name(name);
        self.bind(&name, value, at);
    }

    /// The variables of `Point(int x, int y)`, of which nothing more is known.
    pub(super) fn record_pattern(&mut self, pattern: Part<'_>, value: NodeId) {
        let mut bound = vec![];
        super::tree::walk(pattern, &mut |part| {
            if part.kind() == "record_pattern_component" {
                bound.extend(named(part).into_iter().rfind(|part| part.kind() == "identifier"));
            }
            true
        });
        for name in bound {
            let at = span(name);
            let part = self.builder.node(Node::Operation(vec![value]), at);
            let name = self.name(name);
            self.bind(&name, part, at);
        }
    }

    fn assignment(&mut self, part: Part<'_>) -> NodeId {
        let at = span(part);
        let (Some(left), Some(right)) = (field(part, "left"), field(part, "right")) else {
            return self.builder.unknown(at);
        };
        let operator = field(part, "operator").map_or("=", |operator| operator.kind());
        let before = (operator != "=").then(|| self.nested(left));
        let value = self.nested(right);
        let value = match before {
            Some(before) if operator == "+=" => self.builder.node(Node::Concat(vec![before, value]), at),
            Some(before) => self.builder.node(Node::Operation(vec![before, value]), at),
            None => value,
        };
        self.assign(left, value);
        value
    }

    /// Writes a value to what stands at the left of `=`.
    pub(super) fn assign(&mut self, left: Part<'_>, value: NodeId) {
        let at = span(left);
        match left.kind() {
            "identifier" => {
                let name = self.name(left);
                self.assign_name(&name, value, at);
            }
            "field_access" => {
                let (Some(object), Some(name)) = (field(left, "object"), field(left, "field")) else {
                    return;
                };
                let name = self.name(name);
                let key = self.own_key(object, &name);
                let base = self.nested(object);
                self.builder.store(base, key, value, at);
            }
            "array_access" => {
                let (Some(array), Some(index)) = (field(left, "array"), field(left, "index")) else { return };
                let (array, index) = (self.nested(array), self.nested(index));
                self.builder.store_index(array, index, value, at);
            }
            "parenthesized_expression" => {
                if let Some(inner) = named(left).first() {
                    self.assign(*inner, value);
                }
            }
            _ => {}
        }
    }

    fn assign_name(&mut self, name: &str, value: NodeId, at: Span) {
        match self.target(name) {
            Target::Local => self.builder.assign(name, value, at),
            Target::Field(index, field) => {
                if field.is_static && self.class_at(index).is_some_and(|class| class.in_body) {
                    self.builder.assign(&field.key, value, at);
                    return;
                }
                let holder =
                    if field.is_static { self.class_value(index, at) } else { self.this_of(index, at) };
                self.builder.store(holder, field.key, value, at);
            }
            Target::Other => {
                // A field of a class above.
                if let Some(index) = self.innermost() {
                    let holder = self.receiver(index, at);
                    self.builder.store(holder, name.into(), value, at);
                }
            }
        }
    }

    /// The member under which `object.name` is kept. What the class around keeps under another name is most likely its own.
    fn own_key(&self, object: Part<'_>, name: &str) -> SmolStr {
        let class = self.innermost().and_then(|index| self.class_at(index));
        let own = class.and_then(|class| class.fields.get(name));
        own.filter(|field| object.kind() == "this" || field.key != name)
            .map_or_else(|| name.into(), |field| field.key.clone())
    }

    fn field_access(&mut self, part: Part<'_>) -> NodeId {
        let at = span(part);
        let (Some(object), Some(name)) = (field(part, "object"), field(part, "field")) else {
            return self.builder.unknown(at);
        };
        let name_at = span(name);
        let name = self.name(name);
        // `Outer.this` is the object of a class around.
        if name == "this" {
            let outer = self.text(object);
            let is_outer = |index: &usize| self.class_at(*index).is_some_and(|class| class.name == outer);
            let found = (0..self.frames.len()).rev().find(is_outer);
            return match found {
                Some(index) => self.this_of(index, at),
                None => self.builder.unknown(at),
            };
        }
        if let Some(class) = self.qualified_class(part) {
            return class;
        }
        if object.kind() == "super" {
            let this = self.this(at);
            return self.builder.node(Node::Member(this, name), name_at);
        }
        let key = self.own_key(object, &name);
        let base = self.nested(object);
        if name == "length" && key == name {
            let length = self.native("length", at);
            return self.builder.call(length, vec![Argument::Plain(base)], at);
        }
        self.builder.node(Node::Member(base, key), name_at)
    }

    /// `a.b.Class`, spelled with its package.
    fn qualified_class(&mut self, part: Part<'_>) -> Option<NodeId> {
        let text = self.text(part);
        let mut names = text.split('.');
        let first = names.next()?;
        let is_package = first.starts_with(char::is_lowercase)
            && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '$'));
        let last = names.next_back()?;
        if !is_package || !is_class_name(last) || !last.chars().any(char::is_lowercase) {
            return None;
        }
        if !matches!(self.target(first), Target::Other)
            || !names.all(|name| name.starts_with(char::is_lowercase))
        {
            return None;
        }
        Some(self.imported(&ClassPath::of(text), span(part)))
    }

    /// `Class.class`: what names a class is not the class, and nobody calls it.
    fn class_literal(&mut self, part: Part<'_>) -> NodeId {
        let at = span(part);
        let class = named(part).first().and_then(|kind| self.any_type(*kind));
        let class = class.unwrap_or_else(|| self.builder.unknown(at));
        let key = self.builder.text("class", at);
        self.builder.node(Node::Record(vec![(Some(key), class)]), at)
    }

    fn method_reference(&mut self, part: Part<'_>) -> NodeId {
        let at = span(part);
        let parts = super::tree::parts(part);
        let (Some(object), Some(name)) = (parts.first().copied(), parts.last().copied()) else {
            return self.builder.unknown(at);
        };
        let name_at = span(name);
        let is_made = name.kind() == "new";
        let name = self.name(name);
        if object.kind() == "super" {
            let base = self.builder.node(Node::Super, at);
            return self.builder.node(Node::Member(base, name), name_at);
        }
        let is_class = object.kind() != "identifier" && object.kind().contains("type")
            || object.kind() == "identifier"
                && matches!(self.target(self.text(object)), Target::Other)
                && is_class_name(self.text(object));
        if !is_class {
            let base = self.nested(object);
            return self.builder.node(Node::Member(base, name), name_at);
        }
        let class = self.any_type(object);
        match (class, is_made) {
            (Some(class), true) => class,
            (Some(class), false) if self.may_be_own(object) => {
                self.builder.node(Node::Member(class, name), name_at)
            }
            _ => self.member_lambda(&name, name_at),
        }
    }

    /// Whether a class may be one of the project, so far as the file itself tells.
    fn may_be_own(&self, part: Part<'_>) -> bool {
        let name = self.text(part);
        match self.imports.get(name) {
            Some(path) => !path.is_native() && !name.contains('.'),
            None => self.knows_type(name) || may_be_declared_elsewhere(name),
        }
    }

    fn array_creation(&mut self, part: Part<'_>) -> NodeId {
        for dimension in fields(part, "dimensions") {
            if dimension.kind() == "dimensions_expr"
                && let Some(size) = named(dimension).first()
            {
                self.nested(*size);
            }
        }
        match field(part, "value") {
            Some(value) => self.array(value),
            None => {
                let list = self.native("ArrayList", span(part));
                self.builder.call(list, vec![], span(part))
            }
        }
    }

    /// `{ a, b }`.
    pub(super) fn array(&mut self, part: Part<'_>) -> NodeId {
        let mut elements = vec![];
        for element in named(part) {
            elements.push(Argument::Plain(self.nested(element)));
        }
        self.builder.node(Node::List(elements), span(part))
    }

    fn update(&mut self, part: Part<'_>) -> NodeId {
        let at = span(part);
        let Some(operand) = named(part).first().copied() else { return self.builder.unknown(at) };
        let before = self.nested(operand);
        let value = self.builder.node(Node::Operation(vec![before]), at);
        self.assign(operand, value);
        value
    }
}

/// Whether a class may be declared in another file of the package.
fn may_be_declared_elsewhere(name: &str) -> bool {
    !matches!(name, "Boolean" | "Character" | "Double" | "Integer" | "Long" | "Object" | "Objects" | "String")
        && !name.contains(['.', '<', '['])
}

/// The block in the body of a class without name that only calls methods of the base: `new HashMap<>() {{ put(…); }}`.
pub(super) fn only_block(body: Part<'_>) -> Option<Part<'_>> {
    match named(body).as_slice() {
        [only] if only.kind() == "block" => part_of_kind(body, "block"),
        _ => None,
    }
}
