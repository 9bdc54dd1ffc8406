//! Expressions.

use ruff_python_ast::{
    CmpOp, Comprehension, Expr, ExprCall, ExprCompare, ExprDict, ExprFString, ExprIf, FStringPart,
    InterpolatedStringElement, Operator, UnaryOp,
};

use crate::ir::{Argument, Node, NodeId};
use crate::text::Span;

use super::{Lowering, names, span};

impl Lowering {
    /// The value of an expression.
    pub(super) fn expression(&mut self, expression: &Expr) -> NodeId {
        let at = span(expression);
        match expression {
            Expr::StringLiteral(text) => self.builder.text(text.value.to_str(), at),
            Expr::BytesLiteral(bytes) => {
                let bytes: Vec<u8> = bytes.value.bytes().collect();
                self.builder.text(&String::from_utf8_lossy(&bytes), at)
            }
            Expr::NumberLiteral(number) => {
                let spelled = match &number.value {
                    ruff_python_ast::Number::Int(int) => int.to_string(),
                    ruff_python_ast::Number::Float(float) => float.to_string(),
                    ruff_python_ast::Number::Complex { .. } => String::new(),
                };
                self.builder.node(Node::Number(spelled.into()), at)
            }
            Expr::BooleanLiteral(flag) => self.builder.node(Node::Flag(flag.value), at),
            Expr::NoneLiteral(_) => self.builder.node(Node::Nil, at),
            Expr::Name(name) if name.id == "__file__" => self.builder.node(Node::Text(self.path.clone()), at),
            Expr::Name(name) => self.builder.read(&name.id, at),
            Expr::Attribute(attribute) => {
                let base = self.nested(&attribute.value);
                self.builder.node(Node::Member(base, attribute.attr.as_str().into()), span(&attribute.attr))
            }
            Expr::Subscript(subscript) => {
                let base = self.nested(&subscript.value);
                let index = self.nested(&subscript.slice);
                match subscript.slice.as_ref() {
                    Expr::Slice(_) => self.builder.node(Node::Slice(base), at),
                    _ => self.builder.node(Node::Index(base, index), at),
                }
            }
            Expr::Call(call) => self.call(call),
            Expr::FString(text) => self.interpolated(text, at),
            Expr::Dict(dict) => self.dict(dict, at),
            Expr::List(list) => self.list(&list.elts, at),
            Expr::Tuple(tuple) => self.list(&tuple.elts, at),
            Expr::Set(set) => self.list(&set.elts, at),
            Expr::Lambda(lambda) => self.lambda(lambda),
            other => self.compound(other, at),
        }
    }

    fn compound(&mut self, expression: &Expr, at: Span) -> NodeId {
        match expression {
            Expr::BinOp(_) => self.binary(expression, at),
            Expr::BoolOp(operation) => {
                let values = operation.values.iter().map(|value| self.nested(value)).collect();
                self.builder.one_of(values, at)
            }
            Expr::If(branch) => self.choice(branch, at),
            Expr::Await(wait) => self.nested(&wait.value),
            Expr::Starred(starred) => self.nested(&starred.value),
            Expr::Named(named) => {
                let value = self.nested(&named.value);
                self.bind(&named.target, value);
                value
            }
            Expr::UnaryOp(operation) => {
                if let (UnaryOp::USub, Expr::NumberLiteral(number)) =
                    (operation.op, operation.operand.as_ref())
                    && let ruff_python_ast::Number::Int(int) = &number.value
                {
                    return self.builder.node(Node::Number(format!("-{int}").into()), at);
                }
                let value = self.nested(&operation.operand);
                self.builder.node(Node::Operation(vec![value]), at)
            }
            Expr::Compare(compare) => self.comparison(compare, at),
            Expr::ListComp(each) => self.comprehension(&each.generators, None, &each.elt, at),
            Expr::SetComp(each) => self.comprehension(&each.generators, None, &each.elt, at),
            Expr::Generator(each) => self.comprehension(&each.generators, None, &each.elt, at),
            Expr::DictComp(each) => {
                self.comprehension(&each.generators, each.key.as_deref(), &each.value, at)
            }
            Expr::Yield(each) => {
                if let Some(value) = &each.value {
                    let value = self.nested(value);
                    self.builder.node(Node::Yield(value), at);
                }
                self.builder.unknown(at)
            }
            Expr::YieldFrom(each) => {
                let value = self.nested(&each.value);
                self.builder.node(Node::YieldFrom(value), at);
                value
            }
            Expr::Slice(slice) => {
                for part in slice.lower.iter().chain(&slice.upper).chain(&slice.step) {
                    self.nested(part);
                }
                self.builder.unknown(at)
            }
            _ => self.builder.unknown(at),
        }
    }

    fn call(&mut self, call: &ExprCall) -> NodeId {
        let at = match call.func.as_ref() {
            Expr::Attribute(attribute) => span(&attribute.attr),
            other => span(other),
        };
        if let Expr::Name(name) = call.func.as_ref()
            && name.id == "super"
        {
            return self.builder.node(Node::Super, at);
        }
        if let Some(module) = named_module(call) {
            self.builder.may_import(module.into(), at);
        }
        let callee = self.nested(&call.func);
        let mut arguments = vec![];
        for argument in &call.arguments.args {
            let value = self.nested(argument);
            arguments.push(match argument {
                Expr::Starred(_) => Argument::Spread(value),
                _ => Argument::Plain(value),
            });
        }
        for keyword in &call.arguments.keywords {
            let value = self.nested(&keyword.value);
            arguments.push(match &keyword.arg {
                Some(name) => Argument::Named(name.as_str().into(), value),
                None => Argument::NamedSpread(value),
            });
        }
        self.builder.call(callee, arguments, at)
    }

    fn interpolated(&mut self, text: &ExprFString, at: Span) -> NodeId {
        let mut parts = vec![];
        for part in &text.value {
            match part {
                FStringPart::Literal(literal) => {
                    parts.push(self.builder.text(literal.as_str(), span(literal)));
                }
                FStringPart::FString(inner) => {
                    for element in &inner.elements {
                        parts.push(match element {
                            InterpolatedStringElement::Literal(literal) => {
                                self.builder.text(&literal.value, at)
                            }
                            InterpolatedStringElement::Interpolation(value) => self.nested(&value.expression),
                        });
                    }
                }
            }
        }
        self.builder.node(Node::Concat(parts), at)
    }

    fn dict(&mut self, dict: &ExprDict, at: Span) -> NodeId {
        let mut pairs = vec![];
        for item in &dict.items {
            let key = item.key.as_ref().map(|key| self.nested(key));
            pairs.push((key, self.nested(&item.value)));
        }
        self.builder.node(Node::Record(pairs), at)
    }

    fn list(&mut self, elements: &[Expr], at: Span) -> NodeId {
        let mut values = vec![];
        for element in elements {
            let value = self.nested(element);
            values.push(match element {
                Expr::Starred(_) => Argument::Spread(value),
                _ => Argument::Plain(value),
            });
        }
        self.builder.node(Node::List(values), at)
    }

    /// A chain of operators of the same kind is one node, so that a long sum of texts nests no deeper than a short one.
    fn binary(&mut self, expression: &Expr, at: Span) -> NodeId {
        let Expr::BinOp(outer) = expression else { return self.builder.unknown(at) };
        let mut right = vec![&outer.right];
        let mut left = &outer.left;
        while let Expr::BinOp(inner) = left.as_ref()
            && inner.op == outer.op
        {
            right.push(&inner.right);
            left = &inner.left;
        }
        let mut parts = vec![self.nested(left)];
        parts.extend(right.iter().rev().map(|part| self.nested(part)));
        // A text behind the sign makes a path of it.
        let is_text = |part: &Expr| matches!(part, Expr::StringLiteral(_) | Expr::FString(_));
        if outer.op == Operator::Div && right.iter().any(|part| is_text(part)) {
            return self.method("__truediv__", &parts, at);
        }
        self.operator(outer.op, parts, at)
    }

    fn choice(&mut self, branch: &ExprIf, at: Span) -> NodeId {
        let parts = [&branch.test, &branch.body, &branch.orelse];
        let parts = parts.map(|part| Argument::Plain(self.nested(part)));
        let choose = self.builder.node(Node::Free("?:".into()), at);
        self.builder.call(choose, parts.into(), at)
    }

    fn comparison(&mut self, compare: &ExprCompare, at: Span) -> NodeId {
        let mut parts = vec![self.nested(&compare.left)];
        parts.extend(compare.comparators.iter().map(|part| self.nested(part)));
        let operator = match compare.ops.as_ref() {
            [CmpOp::Eq] => "==",
            [CmpOp::NotEq] => "!=",
            _ => return self.builder.node(Node::Operation(parts), at),
        };
        let compared = self.builder.node(Node::Free(operator.into()), at);
        let parts = parts.into_iter().map(Argument::Plain).collect();
        self.builder.call(compared, parts, at)
    }

    /// Calls a method of the first part with the others.
    fn method(&mut self, name: &str, parts: &[NodeId], at: Span) -> NodeId {
        let Some(base) = parts.first().copied() else { return self.builder.unknown(at) };
        let callee = self.builder.node(Node::Member(base, name.into()), at);
        let arguments = parts.iter().skip(1).map(|part| Argument::Plain(*part)).collect();
        self.builder.call(callee, arguments, at)
    }

    /// The result of an operator on values that are already there.
    pub(super) fn operator(&mut self, operator: Operator, parts: Vec<NodeId>, at: Span) -> NodeId {
        match operator {
            Operator::Add => self.builder.node(Node::Concat(parts), at),
            Operator::BitOr => self.builder.one_of(parts, at),
            Operator::Mod => self.method("__mod__", &parts, at),
            _ => self.builder.node(Node::Operation(parts), at),
        }
    }

    /// A comprehension is a list (with keys a record) of what its body gives for any element.
    fn comprehension(
        &mut self,
        generators: &[Comprehension],
        key: Option<&Expr>,
        body: &Expr,
        at: Span,
    ) -> NodeId {
        let written = generators.iter().map(|each| &each.target);
        self.builder.enter_block(names::targets(written));
        for each in generators {
            let iterable = self.nested(&each.iter);
            let element = self.element(iterable, &each.iter);
            self.bind(&each.target, element);
            for test in &each.ifs {
                self.nested(test);
            }
        }
        let key = key.map(|key| self.nested(key));
        let value = self.nested(body);
        self.builder.leave_block();
        match key {
            Some(key) => self.builder.node(Node::Record(vec![(Some(key), value)]), at),
            None => {
                let any = self.builder.node(Node::List(vec![Argument::Plain(value)]), at);
                self.builder.node(Node::Slice(any), at)
            }
        }
    }
}

/// The module that `import_module("a.b")` names.
fn named_module(call: &ExprCall) -> Option<&str> {
    let is_import = super::routine::dotted(&call.func)?.rsplit('.').next() == Some("import_module");
    match call.arguments.args.first()? {
        Expr::StringLiteral(text) if is_import => {
            Some(text.value.to_str()).filter(|name| !name.starts_with('.'))
        }
        _ => None,
    }
}
