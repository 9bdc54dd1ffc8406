//! Expressions → values: what is written out is a part of a document, references are those of a template.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use hcl_edit::Span as _;
use hcl_edit::expr::{Expression, ForExpr, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::structure::Body;
use hcl_edit::template::{Element, Template};
use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::super::Settings;
use super::super::documents::{map, text};
use super::instances::ALL;
use super::scopes::{Placed, Scope, labels};
use crate::text::tree::{Entry, Node, Value};
use crate::text::{Hole, SmolStr, Span, TemplateString};

/// How often a name may lead to another.
const DEPTH: usize = 48;
/// How many bytes of a text count as one part.
const LONG: usize = 64;
/// How many parts the expressions of one deployment may make.
const BUDGET: usize = 1 << 19;

/// What names in expressions stand for: the root of a deployment and the modules that it calls.
pub(super) struct Values<'a> {
    pub(super) scopes: Vec<Scope<'a>>,
    pub(super) settings: &'a Settings<'a>,
    open: RefCell<Vec<String>>,
    bound: RefCell<Vec<(SmolStr, Node)>>,
    spent: Cell<usize>,
    /// The resources that stand for several, by id: what chooses each of them.
    pub(super) repeated: OnceCell<IndexMap<String, Vec<String>>>,
    /// What locals and variables stand for, by their addresses.
    kept: RefCell<FxHashMap<String, Option<Rc<Node>>>>,
    /// How often names led back to themselves.
    cut: Cell<usize>,
}

impl<'a> Values<'a> {
    /// Values of these scopes, the root first.
    pub(super) fn new(scopes: Vec<Scope<'a>>, settings: &'a Settings<'a>) -> Self {
        let values = Self {
            scopes,
            settings,
            open: RefCell::default(),
            bound: RefCell::default(),
            spent: Cell::new(0),
            repeated: OnceCell::new(),
            kept: RefCell::default(),
            cut: Cell::new(0),
        };
        let repeated = values.repeated_resources();
        values.repeated.get_or_init(|| repeated);
        values
    }

    /// What something comes to while names stand for values.
    pub(super) fn binding<T>(
        &self,
        names: impl IntoIterator<Item = (SmolStr, Node)>,
        make: impl FnOnce() -> T,
    ) -> T {
        let before = self.bound.borrow().len();
        self.bound.borrow_mut().extend(names);
        let made = make();
        self.bound.borrow_mut().truncate(before);
        made
    }

    /// Whether the expressions came to more parts than are looked at.
    pub(super) fn is_spent(&self) -> bool {
        self.spent.get() > BUDGET
    }

    /// The part at the end of a path in what is kept, which counts as if it had been worked out again.
    pub(super) fn part(&self, node: &Node, path: &[&str]) -> Option<Node> {
        let part = descend(node, path)?;
        self.spent.set(self.spent.get().saturating_add(weight(&part)));
        (!self.is_spent()).then_some(part)
    }

    /// What a name stands for, worked out once. What names that lead back to themselves come to is not kept.
    pub(super) fn keeping(&self, address: String, value: impl FnOnce() -> Option<Node>) -> Option<Rc<Node>> {
        if let Some(known) = self.kept.borrow().get(&address) {
            return known.clone();
        }
        let cut = self.cut.get();
        let node = value().map(Rc::new);
        if self.cut.get() == cut {
            self.kept.borrow_mut().insert(address, node.clone());
        }
        node
    }

    /// Every scope, the root first.
    pub(super) fn all(&self) -> impl Iterator<Item = In<'_, 'a>> {
        self.scopes.iter().map(|scope| In { values: self, scope })
    }
}

/// A scope in which expressions are evaluated.
#[derive(Clone, Copy)]
pub(super) struct In<'v, 'a> {
    pub(super) values: &'v Values<'a>,
    pub(super) scope: &'v Scope<'a>,
}

impl<'a> In<'_, 'a> {
    /// The scope of a number.
    pub(super) fn at(self, index: usize) -> Option<Self> {
        self.values.scopes.get(index).map(|scope| In { values: self.values, scope })
    }

    /// The value of an expression of the scope.
    pub(super) fn of(self, placed: Placed<'a, Expression>) -> Node {
        self.value(placed.part, placed.base)
    }

    /// The value of an expression.
    pub(super) fn value(self, expression: &Expression, base: usize) -> Node {
        let span = place(expression.span(), base);
        self.values.spent.set(self.values.spent.get().saturating_add(1));
        if self.values.is_spent() {
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
            Expression::Conditional(choice) => match self.truth(&choice.cond_expr, base) {
                Some(true) => self.value(&choice.true_expr, base),
                Some(false) => self.value(&choice.false_expr, base),
                None => {
                    let first = self.value(&choice.true_expr, base);
                    let nothing = first.value == Value::Null || first.as_str() == Some("");
                    if nothing { self.value(&choice.false_expr, base) } else { first }
                }
            },
            Expression::FuncCall(call) => {
                let name = call.name.name.value().as_str();
                let arguments: Vec<Node> =
                    call.args.iter().map(|argument| self.value(argument, base)).collect();
                self.call(name, arguments, span)
            }
            Expression::Traversal(traversal) => self.traversal(traversal, base, span),
            Expression::Variable(name) => self.bound(name.value().as_str()).unwrap_or_else(|| unknown(span)),
            Expression::ForExpr(each) => self.each(each, base, span),
            Expression::UnaryOp(_) | Expression::BinaryOp(_) => match self.truth(expression, base) {
                Some(flag) => Node::new(span, Value::Flag(flag)),
                None => unknown(span),
            },
        }
    }

    pub(super) fn key(self, key: &ObjectKey, base: usize) -> Option<(SmolStr, Span)> {
        match key {
            ObjectKey::Ident(ident) => Some((ident.value().as_str().into(), place(ident.span(), base))),
            ObjectKey::Expression(expression) => {
                let node = self.value(expression, base);
                Some((node.as_str()?.into(), node.span))
            }
        }
    }

    pub(super) fn template(self, template: &Template, base: usize, span: Span) -> Node {
        let part = |element: &Element| match element {
            Element::Literal(known) => text(known.value().as_str().into(), span),
            Element::Interpolation(inner) => self.value(&inner.expr, base),
            Element::Directive(_) => unknown(span),
        };
        joined("", template.iter().map(part).collect(), span)
    }

    /// A list or map made of the items of another, where those are known.
    fn each(self, each: &ForExpr, base: usize, span: Span) -> Node {
        let from = self.value(&each.intro.collection_expr, base);
        let items: Vec<(Node, Node)> = match &from.value {
            Value::List(items) => {
                items.iter().enumerate().map(|(at, item)| (number(at, span), item.clone())).collect()
            }
            Value::Map(entries) if is_plain(entries) => entries
                .iter()
                .map(|(key, entry)| (text(key.as_str().into(), entry.key), entry.node.clone()))
                .collect(),
            _ => return unknown(span),
        };
        let intro = &each.intro;
        let mut made = vec![];
        for (key, item) in items {
            let key_name = intro.key_var.as_ref().map(|name| (name.value().as_str().into(), key));
            let names = key_name.into_iter().chain([(intro.value_var.value().as_str().into(), item)]);
            made.extend(self.values.binding(names, || {
                let stays = each.cond.as_ref().and_then(|cond| self.truth(&cond.expr, base)) != Some(false);
                let key = each.key_expr.as_ref().filter(|_| stays).map(|key| self.value(key, base));
                stays.then(|| (key, self.value(&each.value_expr, base)))
            }));
        }
        if each.key_expr.is_none() {
            return Node::new(span, Value::List(made.into_iter().map(|(_, value)| value).collect()));
        }
        let entry = |(key, node): (Option<Node>, Node)| {
            Some((SmolStr::from(key?.as_str()?), Entry { key: span, node }))
        };
        Node::new(span, Value::Map(made.into_iter().filter_map(entry).collect()))
    }

    fn bound(self, name: &str) -> Option<Node> {
        let bound = self.values.bound.borrow();
        bound.iter().rev().find(|(known, _)| known == name).map(|(_, node)| node.clone())
    }

    fn traversal(self, traversal: &Traversal, base: usize, span: Span) -> Node {
        let Expression::Variable(root) = &traversal.expr else {
            let from = self.value(&traversal.expr, base);
            let path = self.path(String::new(), traversal, base);
            let path: Vec<&str> = path.iter().skip(1).map(String::as_str).collect();
            return descend(&from, &path).unwrap_or_else(|| unknown(span));
        };
        let path = self.path(root.value().as_str().to_owned(), traversal, base);
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        if let Some(bound) = path.first().and_then(|root| self.bound(root)) {
            return descend(&bound, path.get(1..).unwrap_or_default()).unwrap_or_else(|| unknown(span));
        }
        let spelled = [&self.scope.prefix, path.join(".").as_str()].concat();
        {
            let open = self.values.open.borrow();
            if open.len() >= DEPTH || open.contains(&spelled) {
                self.values.cut.set(self.values.cut.get().saturating_add(1));
                return unknown(span);
            }
        }
        self.values.open.borrow_mut().push(spelled);
        let node = self.named(&path, span);
        self.values.open.borrow_mut().pop();
        node
    }

    /// The names of a traversal. What chooses one of several instances of a resource or module is part of its name; that
    /// of a data source is left out.
    fn path(self, root: String, traversal: &Traversal, base: usize) -> Vec<String> {
        let mut path = vec![root];
        for operator in &traversal.operators {
            let root = path.first().map(String::as_str);
            let is_value = matches!(root, Some("local" | "var" | "" | "each" | "count"));
            let is_data = root == Some("data");
            let places_instance = !is_value && !is_data && path.len() == 2;
            let is_index = is_value || is_data && path.len() < 3;
            let mut choose = |suffix: String| {
                path.last_mut()
                    .filter(|_| places_instance)
                    .into_iter()
                    .for_each(|name| name.push_str(&suffix));
            };
            match operator.value() {
                TraversalOperator::GetAttr(name) => path.push(name.value().as_str().to_owned()),
                TraversalOperator::Index(index) => {
                    let index = self.value(index, base);
                    match (&index.value, index.as_str()) {
                        (_, Some(key)) if is_index => path.push(key.to_owned()),
                        (Value::Number(number), _) => choose(format!("[{number}]")),
                        (_, Some(key)) => choose(format!("[\"{key}\"]")),
                        _ => {}
                    }
                }
                TraversalOperator::LegacyIndex(index) if is_index => path.push(index.value().to_string()),
                TraversalOperator::LegacyIndex(index) => choose(format!("[{}]", index.value())),
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) if is_value => {
                    path.push(EACH.to_owned());
                }
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => choose(ALL.to_owned()),
            }
        }
        path
    }

    /// The text of a template that a data source renders.
    pub(super) fn rendered(self, name: &str, span: Span) -> Node {
        let Some(block) = self.scope.data.get(&("template_file", name)) else { return unknown(span) };
        let part = |name: &str| Some(self.value(&block.part.body.get_attribute(name)?.value, block.base));
        let Some(template) = part("template") else { return unknown(span) };
        let variables = part("vars").unwrap_or_else(|| map(Vec::<(&str, Node)>::new(), span));
        template.as_str().map_or_else(|| template.clone(), |template| self.render(template, &variables, span))
    }

    /// The ARN of a policy that a data source looks up.
    pub(super) fn aws_policy(self, name: &str, span: Span) -> Node {
        let block = self.scope.data.get(&("aws_iam_policy", name));
        let part = |name: &str| {
            let block = block?;
            Some(self.value(&block.part.body.get_attribute(name)?.value, block.base))
        };
        part("arn").or_else(|| part("name")).unwrap_or_else(|| unknown(span))
    }

    /// The text of a template with its variables in place.
    pub(super) fn render(self, template: &str, variables: &Node, span: Span) -> Node {
        let Ok(parsed) = template.parse::<Template>() else { return unknown(span) };
        let names = variables.as_map().into_iter().flatten();
        let names = names.map(|(name, entry)| (name.clone(), entry.node.clone()));
        self.values.binding(names, || self.template(&parsed, usize::MAX, span))
    }

    /// The text of a file of the project.
    pub(super) fn file(self, path: &Node) -> Option<String> {
        let path = super::super::paths::join(&self.values.scopes.first()?.root, path.as_str()?)?;
        (self.values.settings.sibling)(&path)
    }

    /// What the archive at a path is made of, where the program makes it.
    pub(super) fn made_of(self, path: &str, span: Span) -> Option<Node> {
        let inside = |path: &str| path.trim_start_matches("./").to_owned();
        let archives = self.scope.data.iter().filter(|((kind, _), _)| *kind == "archive_file");
        let mut made = archives.filter(|(_, block)| {
            let output = block.part.body.get_attribute("output_path");
            let output = output.map(|output| self.value(&output.value, block.base));
            output.as_ref().and_then(Node::as_str).is_some_and(|output| inside(output) == inside(path))
        });
        made.next().map(|((_, name), _)| self.archived(name, span))
    }

    /// The folder or file that an archive is made of.
    pub(super) fn archived(self, name: &str, span: Span) -> Node {
        let source = self.scope.data.get(&("archive_file", name)).and_then(|block| {
            let body = &block.part.body;
            let source = body.get_attribute("source_dir").or_else(|| body.get_attribute("source_file"));
            source
                .map(|source| self.value(&source.value, block.base))
                .or_else(|| self.gathered(body, block.base, span))
        });
        source.unwrap_or_else(|| text("an archive".into(), span))
    }

    /// The first file that an archive is gathered of; of many, the folder that they are in.
    fn gathered(self, body: &Body, base: usize, span: Span) -> Option<Node> {
        let repeated = body.get_blocks("dynamic").find(|block| labels(block) == ["source"]);
        let repeated = repeated.and_then(|block| block.body.get_blocks("content").next());
        let part = body.get_blocks("source").next().or(repeated)?;
        let Expression::FuncCall(call) = &part.body.get_attribute("content")?.value else { return None };
        let file = self.value(call.args.iter().next()?, base);
        if file.as_str().is_some() {
            return Some(file);
        }
        let parts = file.get("Fn::Join")?.as_list()?.get(1)?.as_list()?;
        let begins: String = parts.iter().map_while(Node::as_str).collect();
        let (folder, _) = begins.rsplit_once('/')?;
        Some(text(folder.into(), span))
    }

    /// A body as a map: arguments, and blocks as lists of maps. A dynamic block stands for one of its blocks.
    pub(super) fn body(self, body: &Body, base: usize, span: Span) -> Node {
        let mut parts: IndexMap<SmolStr, Entry> = IndexMap::new();
        for attribute in body.attributes() {
            let key = place(attribute.key.span(), base);
            let node = self.value(&attribute.value, base);
            parts.insert(attribute.key.value().as_str().into(), Entry { key, node });
        }
        for block in body.blocks() {
            let at = place(block.span(), base);
            let dynamic = block.labels.first().filter(|_| block.ident.value().as_str() == "dynamic");
            let (name, inners) = match dynamic {
                Some(label) => (label.as_str(), self.dynamic(block, base, at)),
                None => (block.ident.value().as_str(), vec![self.body(&block.body, base, at)]),
            };
            let list = parts.entry(name.into());
            let list = list.or_insert_with(|| Entry { key: at, node: Node::new(at, Value::List(vec![])) });
            if let Value::List(items) = &mut list.node.value {
                items.extend(inners);
            }
        }
        Node::new(span, Value::Map(parts))
    }

    /// The blocks that a dynamic block stands for: one for each item that is known, else one with open values.
    fn dynamic(self, block: &hcl_edit::structure::Block, base: usize, at: Span) -> Vec<Node> {
        let Some(content) = block.body.get_blocks("content").next() else { return vec![] };
        let from = block.body.get_attribute("for_each").map(|each| self.value(&each.value, base));
        let items: Option<Vec<Node>> = from.and_then(|from| match from.value {
            Value::List(items) => Some(items),
            Value::Map(entries) if is_plain(&entries) => {
                Some(entries.into_values().map(|entry| entry.node).collect())
            }
            _ => None,
        });
        let label = block.labels.first().map_or("", |label| label.as_str());
        let Some(items) = items else { return vec![self.body(&content.body, base, at)] };
        let inner = |item: Node| {
            let value = map(vec![("value", item.clone()), ("key", item)], at);
            self.values.binding([(label.into(), value)], || self.body(&content.body, base, at))
        };
        items.into_iter().map(inner).collect()
    }
}

/// Whether a map is written out, and no reference.
pub(super) fn is_plain(entries: &IndexMap<SmolStr, Entry>) -> bool {
    !entries.keys().any(|key| key == "Ref" || key.starts_with("Fn::"))
}

/// What stands in a path for every item of a list.
const EACH: &str = "*";

/// The part at the end of a path.
pub(super) fn descend(node: &Node, path: &[&str]) -> Option<Node> {
    let Some((key, rest)) = path.split_first() else { return Some(node.clone()) };
    if *key == EACH {
        let items = node.one_or_many().iter().map(|item| descend(item, rest));
        return Some(Node::new(node.span, Value::List(items.collect::<Option<_>>()?)));
    }
    match &node.value {
        Value::List(items) => descend(items.get(key.parse::<usize>().ok()?)?, rest),
        _ => descend(node.get(key)?, rest),
    }
}

/// How many parts a value has; long texts count as several.
fn weight(node: &Node) -> usize {
    let parts: usize = match &node.value {
        Value::List(items) => items.iter().map(weight).sum(),
        Value::Map(entries) => entries.values().map(|entry| weight(&entry.node)).sum(),
        Value::Text(text) => text.as_literal().map_or_else(|| text.to_string().len(), str::len) / LONG,
        Value::Null | Value::Flag(_) | Value::Number(_) => 0,
    };
    parts.saturating_add(1)
}

/// A reference to an attribute of a resource.
pub(super) fn refer(id: &str, attribute: &str, span: Span) -> Node {
    if attribute.is_empty() {
        return text(TemplateString::resource(id), span);
    }
    let words = [id, attribute].map(|word| text(word.into(), span));
    map(vec![("Fn::GetAtt", Node::new(span, Value::List(words.into())))], span)
}

/// Texts in a row.
pub(super) fn joined(separator: &str, mut parts: Vec<Node>, span: Span) -> Node {
    if let Some(known) = parts.iter().map(Node::as_str).collect::<Option<Vec<&str>>>() {
        return text(known.join(separator).as_str().into(), span);
    }
    if parts.len() == 1
        && let Some(only) = parts.pop()
    {
        return Node { span, ..only };
    }
    let arguments = vec![text(separator.into(), span), Node::new(span, Value::List(parts))];
    map(vec![("Fn::Join", Node::new(span, Value::List(arguments)))], span)
}

pub(super) fn hole(hole: Hole, span: Span) -> Node {
    text(hole.into(), span)
}

pub(super) fn number(number: usize, span: Span) -> Node {
    Node::new(span, Value::Number(number.to_string().into()))
}

/// Nothing is known.
pub(super) fn unknown(span: Span) -> Node {
    hole(Hole::Unknown, span)
}

/// A place among the files of a deployment. What was read by itself has none.
pub(super) fn place(range: Option<std::ops::Range<usize>>, base: usize) -> Span {
    let range = range.filter(|_| base != usize::MAX).unwrap_or(0..0);
    let base = if base == usize::MAX { 0 } else { base };
    let at = |offset: usize| u32::try_from(base.saturating_add(offset)).unwrap_or(u32::MAX);
    Span::new(at(range.start), at(range.end))
}
