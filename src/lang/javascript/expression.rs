//! Expressions.

use oxc_ast::ast::{
    ArrayExpression, ArrayExpressionElement, AssignmentExpression, AssignmentOperator, BinaryExpression,
    BinaryOperator, ChainElement, ComputedMemberExpression, Expression, LogicalExpression, LogicalOperator,
    StaticMemberExpression, TaggedTemplateExpression, TemplateLiteral, UnaryExpression, UnaryOperator,
};

use crate::ir::{Argument, Node, NodeId};
use crate::text::Span;

use super::dialect::DIALECT;
use super::pattern::private;
use super::{EXPORTS, Lowering, span};

impl Lowering {
    /// The value of an expression.
    pub(super) fn expression(&mut self, expression: &Expression<'_>) -> NodeId {
        let at = span(expression);
        match expression {
            Expression::StringLiteral(text) => self.builder.text(&text.value, at),
            Expression::NumericLiteral(number) => {
                self.builder.node(Node::Number(number.value.to_string().into()), at)
            }
            Expression::BigIntLiteral(number) => {
                self.builder.node(Node::Number(number.value.as_str().into()), at)
            }
            Expression::RegExpLiteral(pattern) => match plain_pattern(&pattern.regex.pattern.text) {
                Some(text) => self.builder.text(&text, at),
                None => self.builder.unknown(at),
            },
            Expression::BooleanLiteral(flag) => self.builder.node(Node::Flag(flag.value), at),
            Expression::NullLiteral(_) => self.nil(at),
            Expression::TemplateLiteral(template) => self.template(template, at),
            Expression::Identifier(id) => match id.name.as_str() {
                name if self.builder.declares(name) => self.builder.read(name, at),
                "undefined" => self.nil(at),
                "exports" => self.builder.read(EXPORTS, at),
                "module" => self.own_module(at),
                "__dirname" => self.folder(at),
                "__filename" => self.own_path(at),
                name => self.builder.read(name, at),
            },
            Expression::Super(_) => self.above(at),
            Expression::ThisExpression(_) => self.this(at),
            Expression::ArrayExpression(array) => self.array(array, at),
            Expression::ObjectExpression(object) => self.object(object, at),
            Expression::StaticMemberExpression(member) => self.static_member(member),
            Expression::ComputedMemberExpression(member) => self.computed_member(member),
            Expression::PrivateFieldExpression(member) => {
                let base = self.nested(&member.object);
                self.builder.node(Node::Member(base, private(&member.field.name)), span(&member.field))
            }
            Expression::CallExpression(call) => self.call(call),
            Expression::NewExpression(new) => self.construct(new),
            Expression::ArrowFunctionExpression(arrow) => self.arrow(arrow),
            Expression::FunctionExpression(function) => self.function_expression(function),
            Expression::ClassExpression(class) => self.class_expression(class),
            other => self.compound(other, at),
        }
    }

    fn compound(&mut self, expression: &Expression<'_>, at: Span) -> NodeId {
        match expression {
            Expression::AwaitExpression(wait) => self.nested(&wait.argument),
            Expression::TSAsExpression(cast) => {
                let value = self.nested(&cast.expression);
                self.cast(value, &cast.type_annotation, at)
            }
            Expression::TSTypeAssertion(cast) => {
                let value = self.nested(&cast.expression);
                self.cast(value, &cast.type_annotation, at)
            }
            Expression::TSSatisfiesExpression(inner) => self.nested(&inner.expression),
            Expression::TSNonNullExpression(inner) => self.nested(&inner.expression),
            Expression::TSInstantiationExpression(inner) => self.nested(&inner.expression),
            Expression::ParenthesizedExpression(inner) => self.nested(&inner.expression),
            Expression::ChainExpression(chain) => self.chain(&chain.expression, at),
            Expression::AssignmentExpression(assignment) => self.assignment(assignment),
            Expression::LogicalExpression(logical) => self.logical(logical, at),
            Expression::ConditionalExpression(branch) => {
                let parts = [&branch.test, &branch.consequent, &branch.alternate];
                let parts = parts.map(|part| Argument::Plain(self.nested(part)));
                let choose = self.native("?:", at);
                self.builder.call(choose, parts.into(), at)
            }
            Expression::SequenceExpression(sequence) => {
                let mut last = None;
                for part in &sequence.expressions {
                    last = Some(self.nested(part));
                }
                last.unwrap_or_else(|| self.builder.unknown(at))
            }
            Expression::BinaryExpression(binary) => self.binary(binary, at),
            Expression::UnaryExpression(unary) => self.unary(unary, at),
            Expression::UpdateExpression(update) => {
                let value = self.target_value(&update.argument);
                let value = self.builder.node(Node::Operation(vec![value]), at);
                self.assign_simple(&update.argument, value);
                value
            }
            Expression::TaggedTemplateExpression(tagged) => self.tagged(tagged, at),
            Expression::YieldExpression(each) => {
                if let Some(value) = &each.argument {
                    let value = self.nested(value);
                    if self.waits.last() == Some(&true) {
                        return value;
                    }
                    let node = if each.delegate { Node::YieldFrom(value) } else { Node::Yield(value) };
                    self.builder.node(node, at);
                }
                self.builder.unknown(at)
            }
            Expression::ImportExpression(import) => self.dynamic_import(import, at),
            _ => self.builder.unknown(at),
        }
    }

    fn cast(&mut self, value: NodeId, kind: &oxc_ast::ast::TSType<'_>, at: Span) -> NodeId {
        match self.declared(kind) {
            Some(declared) => self.builder.node(Node::Cast(value, declared), at),
            None => value,
        }
    }

    fn chain(&mut self, element: &ChainElement<'_>, at: Span) -> NodeId {
        match element {
            ChainElement::CallExpression(call) => self.call(call),
            ChainElement::TSNonNullExpression(inner) => self.nested(&inner.expression),
            ChainElement::StaticMemberExpression(member) => self.static_member(member),
            ChainElement::ComputedMemberExpression(member) => self.computed_member(member),
            ChainElement::PrivateFieldExpression(member) => {
                let base = self.nested(&member.object);
                self.builder.node(Node::Member(base, private(&member.field.name)), at)
            }
        }
    }

    /// `a.b`. `module.exports` is what the module exports, `a.default` whatever `a` is to an import of its default.
    pub(super) fn static_member(&mut self, member: &StaticMemberExpression<'_>) -> NodeId {
        let name = member.property.name.as_str();
        let at = span(&member.property);
        if name == "exports" && member.object.is_specific_id("module") && !self.builder.declares("module") {
            return self.builder.read(EXPORTS, at);
        }
        if let Expression::Identifier(id) = &member.object {
            let path = format!("{}.{name}", id.name);
            if DIALECT.knows(&path) && !self.builder.declares(&id.name) {
                return self.native(&path, at);
            }
        }
        if matches!(member.object, Expression::ImportMeta(_)) {
            return match name {
                "dirname" => self.folder(at),
                "url" | "filename" => self.own_path(at),
                _ => self.builder.unknown(at),
            };
        }
        let base = self.nested(&member.object);
        if name == "default" {
            return self.default_of(base, at);
        }
        if self.is_prototype(member) {
            return base;
        }
        self.builder.node(Node::Member(base, name.into()), at)
    }

    pub(super) fn computed_member(&mut self, member: &ComputedMemberExpression<'_>) -> NodeId {
        let at = span(&member.expression);
        let base = self.nested(&member.object);
        if let Expression::StringLiteral(name) = &member.expression {
            return self.builder.node(Node::Member(base, name.value.as_str().into()), at);
        }
        let index = self.nested(&member.expression);
        self.builder.node(Node::Index(base, index), at)
    }

    fn template(&mut self, template: &TemplateLiteral<'_>, at: Span) -> NodeId {
        let mut parts = vec![];
        let mut values = template.expressions.iter();
        for quasi in &template.quasis {
            let text = quasi.value.cooked.as_ref().unwrap_or(&quasi.value.raw);
            if !text.is_empty() || template.expressions.is_empty() {
                parts.push(self.builder.text(text, span(quasi)));
            }
            if let Some(value) = values.next() {
                parts.push(self.nested(value));
            }
        }
        if template.expressions.is_empty()
            && let [text] = parts.as_slice()
        {
            return *text;
        }
        // An empty text in front makes text of whatever follows.
        parts.insert(0, self.builder.text("", at));
        self.builder.node(Node::Concat(parts), at)
    }

    /// A tag is called with a list of the texts, and the values between them.
    fn tagged(&mut self, tagged: &TaggedTemplateExpression<'_>, at: Span) -> NodeId {
        if let Expression::StaticMemberExpression(tag) = &tagged.tag
            && tag.object.is_specific_id("String")
        {
            return self.template(&tagged.quasi, at);
        }
        let callee = self.nested(&tagged.tag);
        let mut texts = vec![];
        for quasi in &tagged.quasi.quasis {
            let text = quasi.value.cooked.as_ref().unwrap_or(&quasi.value.raw);
            texts.push(Argument::Plain(self.builder.text(text, span(quasi))));
        }
        let mut arguments = vec![Argument::Plain(self.builder.node(Node::List(texts), at))];
        for value in &tagged.quasi.expressions {
            arguments.push(Argument::Plain(self.nested(value)));
        }
        self.builder.call(callee, arguments, at)
    }

    fn array(&mut self, array: &ArrayExpression<'_>, at: Span) -> NodeId {
        let mut values = vec![];
        for element in &array.elements {
            values.push(match element {
                ArrayExpressionElement::SpreadElement(spread) => {
                    Argument::Spread(self.nested(&spread.argument))
                }
                ArrayExpressionElement::Elision(_) => Argument::Plain(self.nil(at)),
                other => match other.as_expression() {
                    Some(value) => Argument::Plain(self.nested(value)),
                    None => continue,
                },
            });
        }
        self.builder.node(Node::List(values), at)
    }

    fn assignment(&mut self, assignment: &AssignmentExpression<'_>) -> NodeId {
        if let Some(value) =
            self.prototype_assignment(assignment).or_else(|| self.copying_assignment(assignment))
        {
            return value;
        }
        let at = span(assignment);
        let name = match &assignment.left {
            oxc_ast::ast::AssignmentTarget::AssignmentTargetIdentifier(id) => Some(id.name.to_string()),
            oxc_ast::ast::AssignmentTarget::StaticMemberExpression(member) => {
                Some(member.property.name.to_string())
            }
            _ => None,
        };
        let before = match (assignment.operator, assignment.left.as_simple_assignment_target()) {
            (AssignmentOperator::Assign, _) | (_, None) => None,
            (_, Some(target)) => Some(self.target_value(target)),
        };
        let value = match name.filter(|_| before.is_none()) {
            Some(name) => self.named(&name, &assignment.right),
            None => self.nested(&assignment.right),
        };
        let value = match (assignment.operator, before) {
            (AssignmentOperator::Addition, Some(before)) => {
                self.builder.node(Node::Concat(vec![before, value]), at)
            }
            (AssignmentOperator::LogicalOr | AssignmentOperator::LogicalNullish, Some(before)) => {
                let either = self.native("??", at);
                self.builder.call(either, vec![Argument::Plain(before), Argument::Plain(value)], at)
            }
            (AssignmentOperator::LogicalAnd, Some(before)) => self.builder.one_of(vec![before, value], at),
            (_, Some(before)) => self.builder.node(Node::Operation(vec![before, value]), at),
            (_, None) => value,
        };
        self.assign(&assignment.left, value);
        value
    }

    fn logical(&mut self, logical: &LogicalExpression<'_>, at: Span) -> NodeId {
        if logical.operator == LogicalOperator::Or && self.is_first(logical) {
            return self.nested(&logical.right);
        }
        let left = self.perhaps(&logical.left);
        let right = self.nested(&logical.right);
        match logical.operator {
            // What stands left of `&&` matters only where it is false.
            LogicalOperator::And => right,
            LogicalOperator::Or | LogicalOperator::Coalesce => {
                let either = self.native("??", at);
                self.builder.call(either, vec![Argument::Plain(left), Argument::Plain(right)], at)
            }
        }
    }

    /// What stands left of what is taken in its place where it is not there.
    fn perhaps(&mut self, expression: &Expression<'_>) -> NodeId {
        match expression.get_inner_expression() {
            Expression::ChainExpression(chain)
                if matches!(&chain.expression, ChainElement::ComputedMemberExpression(_)) =>
            {
                let value = self.nested(expression);
                let nothing = self.nil(span(chain.as_ref()));
                self.builder.one_of(vec![value, nothing], span(chain.as_ref()))
            }
            Expression::ComputedMemberExpression(member) => {
                let base = self.nested(&member.object);
                let key = self.nested(&member.expression);
                let at = span(member.as_ref());
                let lookup = self.native("?[]", at);
                self.builder.call(lookup, vec![Argument::Plain(base), Argument::Plain(key)], at)
            }
            other => self.nested(other),
        }
    }

    /// What is spread into a record or list: nothing, where a condition before it is false.
    pub(super) fn spread(&mut self, expression: &Expression<'_>) -> NodeId {
        match expression.get_inner_expression() {
            Expression::LogicalExpression(logical) if logical.operator == LogicalOperator::And => {
                let at = span(logical.as_ref());
                let value = self.nested(expression);
                let nothing = self.nil(at);
                self.builder.one_of(vec![value, nothing], at)
            }
            other => self.nested(other),
        }
    }

    /// Whether nothing can be on the left yet: of what compilers write where a helper, an enumeration or a namespace
    /// is there only once (`this && this.__awaiter || …`, `Color || (Color = {})`).
    fn is_first(&self, logical: &LogicalExpression<'_>) -> bool {
        match &logical.left {
            Expression::LogicalExpression(left) => {
                matches!(&left.left, Expression::ThisExpression(_))
                    && matches!(&left.right, Expression::StaticMemberExpression(member)
                        if matches!(member.object, Expression::ThisExpression(_)))
            }
            Expression::Identifier(id) => {
                makes_empty(&logical.right, &id.name)
                    && self.builder.is_own(&id.name)
                    && !self.builder.has_value(&id.name)
            }
            _ => false,
        }
    }

    /// A chain of `+` is one node, so that a long sum of texts nests no deeper than a short one.
    fn binary(&mut self, binary: &BinaryExpression<'_>, at: Span) -> NodeId {
        let mut right = vec![&binary.right];
        let mut left = &binary.left;
        while let Expression::BinaryExpression(inner) = left
            && inner.operator == binary.operator
        {
            right.push(&inner.right);
            left = &inner.left;
        }
        let mut parts = vec![self.nested(left)];
        parts.extend(right.iter().rev().map(|part| self.nested(part)));
        match binary.operator {
            BinaryOperator::Addition => self.builder.node(Node::Concat(parts), at),
            BinaryOperator::StrictEquality | BinaryOperator::Equality => self.compared("==", parts, at),
            BinaryOperator::StrictInequality | BinaryOperator::Inequality => self.compared("!=", parts, at),
            _ => self.builder.node(Node::Operation(parts), at),
        }
    }

    /// Whether values are the same or not.
    fn compared(&mut self, operator: &str, parts: Vec<NodeId>, at: Span) -> NodeId {
        let compare = self.native(operator, at);
        let parts = parts.into_iter().map(Argument::Plain).collect();
        self.builder.call(compare, parts, at)
    }

    fn unary(&mut self, unary: &UnaryExpression<'_>, at: Span) -> NodeId {
        if let (UnaryOperator::UnaryNegation, Expression::NumericLiteral(number)) =
            (unary.operator, &unary.argument)
        {
            return self.builder.node(Node::Number(format!("-{}", number.value).into()), at);
        }
        let value = self.nested(&unary.argument);
        match unary.operator {
            UnaryOperator::Void => self.nil(at),
            UnaryOperator::Typeof => {
                let to_text = self.native("typeof", at);
                self.builder.call(to_text, vec![], at)
            }
            _ => self.builder.node(Node::Operation(vec![value]), at),
        }
    }
}

/// The only text that a pattern matches, where it matches no other.
fn plain_pattern(pattern: &str) -> Option<String> {
    let mut text = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.push(letters.next().filter(char::is_ascii_punctuation)?),
            '.' | '*' | '+' | '?' | '[' | ']' | '(' | ')' | '{' | '}' | '|' | '^' | '$' => return None,
            other => text.push(other),
        }
    }
    Some(text)
}

/// Whether an expression gives a variable an empty record.
fn makes_empty(mut expression: &Expression<'_>, name: &str) -> bool {
    let mut is_named = false;
    while let Expression::AssignmentExpression(assignment) = expression {
        is_named |= matches!(&assignment.left,
            oxc_ast::ast::AssignmentTarget::AssignmentTargetIdentifier(id) if id.name == name);
        expression = &assignment.right;
    }
    is_named && matches!(expression, Expression::ObjectExpression(object) if object.properties.is_empty())
}
