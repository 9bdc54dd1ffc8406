//! Expressions → values: what is written out is a part of a document, references are those of a template.

use std::cell::{Cell, RefCell};

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, FuncCall, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::structure::{Block, Body};
use hcl_edit::template::{Element, Template};
use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::super::documents::{map, text};
use super::super::facts::terraform_type;
use crate::text::tree::{Entry, Node, Value};
use crate::text::{Hole, SmolStr, Span, TemplateString};

/// How often a local value may lead to another.
const DEPTH: usize = 24;
/// How many parts the expressions of one folder may make.
const BUDGET: usize = 1 << 18;

/// A part of a program with the place where its file begins among the files of the folder.
pub(super) struct Placed<'a, T> {
    pub(super) part: &'a T,
    pub(super) base: usize,
}

impl<T> Clone for Placed<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Placed<'_, T> {}

/// What names in expressions stand for.
#[derive(Default)]
pub(super) struct Values<'a> {
    pub(super) locals: FxHashMap<&'a str, Placed<'a, Expression>>,
    pub(super) variables: FxHashMap<&'a str, Placed<'a, Block>>,
    /// Data sources by type and name.
    pub(super) data: IndexMap<(&'a str, &'a str), Placed<'a, Block>>,
    /// The sources of modules by name.
    pub(super) modules: FxHashMap<&'a str, String>,
    open: RefCell<Vec<String>>,
    spent: Cell<usize>,
}

impl Values<'_> {
    /// Whether the expressions came to more parts than are looked at.
    pub(super) fn is_spent(&self) -> bool {
        self.spent.get() > BUDGET
    }

    /// The value of an expression.
    pub(super) fn value(&self, expression: &Expression, base: usize) -> Node {
        let span = place(expression.span(), base);
        self.spent.set(self.spent.get().saturating_add(1));
        if self.is_spent() {
            return unknown(span);
        }
        match expression {
            Expression::Null(_) => Node::new(span, Value::Null),
            Expression::Bool(flag) => Node::new(span, Value::Flag(*flag.value())),
            Expression::Number(number) => Node::new(span, Value::Number(number.value().to_string().into())),
            Expression::String(known) => text(known.value().as_str().into(), span),
            Expression::Array(list) => {
                Node::new(span, Value::List(list.iter().map(|item| self.value(item, base)).collect()))
            }
            Expression::Object(object) => {
                let entry = |(key, value): (&ObjectKey, &hcl_edit::expr::ObjectValue)| {
                    let (key, at) = self.key(key, base)?;
                    Some((key, Entry { key: at, node: self.value(value.expr(), base) }))
                };
                Node::new(span, Value::Map(object.iter().filter_map(entry).collect()))
            }
            Expression::StringTemplate(template) => self.template(template, base, span),
            Expression::HeredocTemplate(heredoc) => self.template(&heredoc.template, base, span),
            Expression::Parenthesis(inner) => self.value(inner.inner(), base),
            Expression::Conditional(choice) => {
                let first = self.value(&choice.true_expr, base);
                if first.value == Value::Null { self.value(&choice.false_expr, base) } else { first }
            }
            Expression::FuncCall(call) => self.call(call, base, span),
            Expression::Traversal(traversal) => self.traversal(traversal, base, span),
            Expression::Variable(_)
            | Expression::UnaryOp(_)
            | Expression::BinaryOp(_)
            | Expression::ForExpr(_) => unknown(span),
        }
    }

    fn key(&self, key: &ObjectKey, base: usize) -> Option<(SmolStr, Span)> {
        match key {
            ObjectKey::Ident(ident) => Some((ident.value().as_str().into(), place(ident.span(), base))),
            ObjectKey::Expression(expression) => {
                let node = self.value(expression, base);
                Some((node.as_str()?.into(), node.span))
            }
        }
    }

    fn template(&self, template: &Template, base: usize, span: Span) -> Node {
        let part = |element: &Element| match element {
            Element::Literal(known) => text(known.value().as_str().into(), span),
            Element::Interpolation(inner) => self.value(&inner.expr, base),
            Element::Directive(_) => unknown(span),
        };
        joined("", template.iter().map(part).collect(), span)
    }

    fn call(&self, call: &FuncCall, base: usize, span: Span) -> Node {
        let mut arguments = call.args.iter().map(|argument| self.value(argument, base));
        match call.name.name.value().as_str() {
            "jsonencode" | "tolist" | "toset" | "tostring" | "try" | "coalesce" | "one" | "abspath"
            | "sensitive" | "nonsensitive" => arguments.next().unwrap_or_else(|| unknown(span)),
            "join" => {
                let (Some(separator), Some(list)) = (arguments.next(), arguments.next()) else {
                    return unknown(span);
                };
                let separator = separator.as_str().unwrap_or_default().to_owned();
                joined(&separator, list.one_or_many().to_vec(), span)
            }
            "concat" => {
                let items = arguments.flat_map(|list| list.one_or_many().to_vec()).collect();
                Node::new(span, Value::List(items))
            }
            "merge" => {
                let mut merged = IndexMap::new();
                arguments.for_each(|map| merged.extend(map.as_map().cloned().into_iter().flatten()));
                Node::new(span, Value::Map(merged))
            }
            _ => unknown(span),
        }
    }

    fn traversal(&self, traversal: &Traversal, base: usize, span: Span) -> Node {
        let Expression::Variable(root) = &traversal.expr else { return unknown(span) };
        let mut path = vec![root.value().as_str().to_owned()];
        for operator in &traversal.operators {
            match operator.value() {
                TraversalOperator::GetAttr(name) => path.push(name.value().as_str().to_owned()),
                TraversalOperator::Index(index) => {
                    path.extend(
                        self.value(index, base).as_str().filter(|_| path.len() < 3).map(str::to_owned),
                    );
                }
                _ => {}
            }
        }
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let spelled = path.join(".");
        {
            let open = self.open.borrow();
            if open.len() >= DEPTH || open.contains(&spelled) {
                return unknown(span);
            }
        }
        self.open.borrow_mut().push(spelled);
        let node = self.named(&path, span);
        self.open.borrow_mut().pop();
        node
    }

    /// What a path of names stands for.
    fn named(&self, path: &[&str], span: Span) -> Node {
        match path {
            ["local", name, rest @ ..] => {
                let local = self.locals.get(name).map(|local| self.value(local.part, local.base));
                local.and_then(|local| descend(local, rest)).unwrap_or_else(|| unknown(span))
            }
            ["var", name, rest @ ..] => self.variable(name, rest, span),
            ["path", ..] => text(".".into(), span),
            ["data", "aws_caller_identity", ..] => hole(Hole::Account, span),
            ["data", "aws_region", ..] => hole(Hole::Region, span),
            ["data", "aws_partition", ..] => hole(Hole::Partition, span),
            ["data", "aws_iam_policy_document", name, "json" | "minified_json"] => {
                let document = self.data.get(&("aws_iam_policy_document", *name));
                document.map_or_else(|| unknown(span), |block| self.document(*block, span))
            }
            ["data", "archive_file", name, ..] | ["archive_file", name, ..] => self.archived(name, span),
            ["module", name, attribute] => {
                let facts = self.modules.get(name).and_then(|source| terraform_type(source));
                let open = || hole(Hole::Parameter(path.join(".").into()), span);
                facts.map_or_else(open, |facts| {
                    refer(&["module.", name].concat(), facts.attribute(attribute), span)
                })
            }
            [kind, name, rest @ ..] if kind.contains('_') => {
                let attribute = rest.last().copied().unwrap_or("id");
                let attribute = terraform_type(kind).map_or(attribute, |facts| facts.attribute(attribute));
                refer(&[kind, ".", name].concat(), attribute, span)
            }
            ["each" | "count" | "self", ..] => unknown(span),
            _ => hole(Hole::Parameter(path.join(".").into()), span),
        }
    }

    fn variable(&self, name: &str, rest: &[&str], span: Span) -> Node {
        let declared = self.variables.get(name).and_then(|variable| {
            let default = variable.part.body.get_attribute("default")?;
            Some(self.value(&default.value, variable.base))
        });
        match declared {
            Some(value) if value.as_map().is_some() || value.as_list().is_some() => {
                descend(value, rest).unwrap_or_else(|| unknown(span))
            }
            _ => map(vec![("Ref", text(name.into(), span))], span),
        }
    }

    /// What the archive at a path is made of, where the program makes it.
    pub(super) fn made_of(&self, path: &str, span: Span) -> Option<Node> {
        let inside = |path: &str| path.trim_start_matches("./").to_owned();
        let archives = self.data.iter().filter(|((kind, _), _)| *kind == "archive_file");
        let mut made = archives.filter(|(_, block)| {
            let output = block.part.body.get_attribute("output_path");
            let output = output.map(|output| self.value(&output.value, block.base));
            output.as_ref().and_then(Node::as_str).is_some_and(|output| inside(output) == inside(path))
        });
        made.next().map(|((_, name), _)| self.archived(name, span))
    }

    /// The folder or file that an archive is made of.
    fn archived(&self, name: &str, span: Span) -> Node {
        let source = self.data.get(&("archive_file", name)).and_then(|block| {
            let body = &block.part.body;
            let source = body.get_attribute("source_dir").or_else(|| body.get_attribute("source_file"));
            source.map(|source| self.value(&source.value, block.base)).or_else(|| {
                // A part of the archive may be another file's text.
                let part = body.get_blocks("source").next()?.body.get_attribute("content")?;
                let Expression::FuncCall(call) = &part.value else { return None };
                Some(self.value(call.args.iter().next()?, block.base))
            })
        });
        source.unwrap_or_else(|| text("an archive".into(), span))
    }

    /// A policy document of a data source.
    fn document(&self, block: Placed<'_, Block>, span: Span) -> Node {
        let names = [
            ("sid", "Sid"),
            ("effect", "Effect"),
            ("actions", "Action"),
            ("not_actions", "NotAction"),
            ("resources", "Resource"),
            ("not_resources", "NotResource"),
        ];
        let mut statements = vec![];
        for statement in block.part.body.get_blocks("statement") {
            let at = place(statement.span(), block.base);
            let body = &statement.body;
            let part = |(from, to): (&str, &'static str)| {
                Some((to, self.value(&body.get_attribute(from)?.value, block.base)))
            };
            let mut parts: Vec<(&str, Node)> = names.into_iter().filter_map(part).collect();
            if !parts.iter().any(|(name, _)| *name == "Effect") {
                parts.push(("Effect", text("Allow".into(), at)));
            }
            let mut operators: IndexMap<SmolStr, Entry> = IndexMap::new();
            for condition in body.get_blocks("condition") {
                let word =
                    |name: &str| Some(self.value(&condition.body.get_attribute(name)?.value, block.base));
                let (Some(test), Some(key), Some(values)) = (word("test"), word("variable"), word("values"))
                else {
                    continue;
                };
                let (Some(test), Some(key)) = (test.as_str(), key.as_str()) else { continue };
                let operator = operators
                    .entry(test.into())
                    .or_insert_with(|| Entry { key: at, node: Node::new(at, Value::Map(IndexMap::new())) });
                if let Value::Map(keys) = &mut operator.node.value {
                    keys.insert(key.into(), Entry { key: at, node: values });
                }
            }
            if !operators.is_empty() {
                parts.push(("Condition", Node::new(at, Value::Map(operators))));
            }
            statements.push(map(parts, at));
        }
        let version = text("2012-10-17".into(), span);
        map(vec![("Version", version), ("Statement", Node::new(span, Value::List(statements)))], span)
    }

    /// A body as a map: arguments, and blocks as lists of maps.
    pub(super) fn body(&self, body: &Body, base: usize, span: Span) -> Node {
        let mut parts: IndexMap<SmolStr, Entry> = IndexMap::new();
        for attribute in body.attributes() {
            let key = place(attribute.key.span(), base);
            let node = self.value(&attribute.value, base);
            parts.insert(attribute.key.value().as_str().into(), Entry { key, node });
        }
        for block in body.blocks() {
            let at = place(block.span(), base);
            let inner = self.body(&block.body, base, at);
            let list = parts.entry(block.ident.value().as_str().into());
            let list = list.or_insert_with(|| Entry { key: at, node: Node::new(at, Value::List(vec![])) });
            if let Value::List(items) = &mut list.node.value {
                items.push(inner);
            }
        }
        Node::new(span, Value::Map(parts))
    }
}

/// The part at the end of a path.
fn descend(node: Node, path: &[&str]) -> Option<Node> {
    path.iter().try_fold(node, |node, key| node.get(key).cloned())
}

fn refer(id: &str, attribute: &str, span: Span) -> Node {
    if attribute.is_empty() {
        return text(TemplateString::resource(id), span);
    }
    let words = [id, attribute].map(|word| text(word.into(), span));
    map(vec![("Fn::GetAtt", Node::new(span, Value::List(words.into())))], span)
}

fn joined(separator: &str, parts: Vec<Node>, span: Span) -> Node {
    if let Some(known) = parts.iter().map(Node::as_str).collect::<Option<Vec<&str>>>() {
        return text(known.join(separator).as_str().into(), span);
    }
    let arguments = vec![text(separator.into(), span), Node::new(span, Value::List(parts))];
    map(vec![("Fn::Join", Node::new(span, Value::List(arguments)))], span)
}

fn hole(hole: Hole, span: Span) -> Node {
    text(hole.into(), span)
}

fn unknown(span: Span) -> Node {
    hole(Hole::Unknown, span)
}

/// A place among the files of the folder.
pub(super) fn place(range: Option<std::ops::Range<usize>>, base: usize) -> Span {
    let range = range.unwrap_or(0..0);
    let at = |offset: usize| u32::try_from(base.saturating_add(offset)).unwrap_or(u32::MAX);
    Span::new(at(range.start), at(range.end))
}
