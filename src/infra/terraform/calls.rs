//! What functions of the language return, as far as what is written out decides it.

use hcl_edit::expr::{BinaryOperator, Expression, UnaryOperator};
use indexmap::IndexMap;

use super::super::documents::text;
use super::values::{In, joined, unknown};
use crate::text::tree::{Node, Value};
use crate::text::{FileId, Hole, Source, Span, yaml};

impl In<'_, '_> {
    /// The result of a function.
    pub(super) fn call(self, name: &str, arguments: Vec<Node>, span: Span) -> Node {
        let mut rest = arguments.iter();
        let known = match name {
            "jsonencode" | "tolist" | "toset" | "tostring" | "tomap" | "one" | "abspath" | "sensitive"
            | "nonsensitive" | "distinct" | "compact" | "sort" | "reverse" | "pathexpand" | "trimspace"
            | "chomp" | "yamlencode" => rest.next().cloned(),
            "try" | "coalesce" | "coalescelist" => {
                let is_open = |node: &&Node| {
                    node.value == Value::Null
                        || node.as_str() == Some("")
                        || node.as_template().is_some_and(|text| text.as_hole() == Some(&Hole::Unknown))
                };
                arguments.iter().find(|node| !is_open(node)).or(arguments.first()).cloned()
            }
            "jsondecode" | "yamldecode" => arguments.first().and_then(|node| {
                let (node, problems) = yaml::parse(&Source::new("", node.as_str()?), FileId(0));
                problems.is_empty().then(|| super::super::documents::moved(node, span))
            }),
            "file" => rest
                .next()
                .and_then(|path| self.file(path))
                .map(|content| text(content.as_str().into(), span)),
            "templatefile" => rest
                .next()
                .zip(arguments.get(1))
                .and_then(|(path, variables)| Some(self.render(&self.file(path)?, variables, span))),
            _ => on_lists(name, &arguments, span).or_else(|| on_text(name, &arguments, span)),
        };
        known.unwrap_or_else(|| unknown(span))
    }

    /// Whether an expression holds, where what is written out and the defaults decide it.
    pub(super) fn truth(self, expression: &Expression, base: usize) -> Option<bool> {
        match expression {
            Expression::Parenthesis(inner) => self.truth(inner.inner(), base),
            Expression::UnaryOp(operation) if *operation.operator.value() == UnaryOperator::Not => {
                self.truth(&operation.expr, base).map(|held| !held)
            }
            Expression::BinaryOp(operation) => {
                let (left, right) = (&operation.lhs_expr, &operation.rhs_expr);
                match operation.operator.value() {
                    BinaryOperator::And => match (self.truth(left, base), self.truth(right, base)) {
                        (Some(false), _) | (_, Some(false)) => Some(false),
                        (Some(true), Some(true)) => Some(true),
                        _ => None,
                    },
                    BinaryOperator::Or => match (self.truth(left, base), self.truth(right, base)) {
                        (Some(true), _) | (_, Some(true)) => Some(true),
                        (Some(false), Some(false)) => Some(false),
                        _ => None,
                    },
                    BinaryOperator::Eq => self.equal(left, right, base),
                    BinaryOperator::NotEq => self.equal(left, right, base).map(|held| !held),
                    _ => None,
                }
            }
            Expression::FuncCall(_)
            | Expression::Traversal(_)
            | Expression::Bool(_)
            | Expression::Variable(_) => self.decided(self.value(expression, base)).as_flag(),
            _ => None,
        }
    }

    fn equal(self, left: &Expression, right: &Expression, base: usize) -> Option<bool> {
        let known = |expression| {
            let node = self.decided(self.value(expression, base));
            match node.value {
                Value::Null => Some(String::from("null")),
                Value::Flag(flag) => Some(flag.to_string()),
                _ => node.as_str().map(str::to_owned),
            }
        };
        Some(known(left)? == known(right)?)
    }

    /// The value with a parameter of the deployment replaced by what is given for it, or by its default.
    pub(super) fn decided(self, node: Node) -> Node {
        let name = node.as_map().filter(|map| map.len() == 1).and_then(|_| node.get("Ref")?.as_str());
        let Some((name, root)) = name.zip(self.values.all().next()) else { return node };
        if let Some(given) = self.values.settings.parameters.get(name) {
            return text(given.as_str().into(), node.span);
        }
        if let Some(given) = root.scope.given(name) {
            return root.value(given, usize::MAX);
        }
        let default = root.scope.variables.get(name).and_then(|variable| {
            Some(root.value(&variable.part.body.get_attribute("default")?.value, variable.base))
        });
        default.unwrap_or(node)
    }
}

/// Functions on lists and maps, and those that put texts together.
fn on_lists(name: &str, arguments: &[Node], span: Span) -> Option<Node> {
    match name {
        "join" => joined_list(arguments, span),
        "format" => formatted(arguments, span),
        "formatlist" => arguments.get(1).and_then(|list| {
            let each = |item: &Node| {
                let arguments = [arguments.first().cloned()?, item.clone()];
                formatted(&arguments, span)
            };
            let items: Option<Vec<Node>> = list.as_list()?.iter().map(each).collect();
            Some(Node::new(span, Value::List(items?)))
        }),
        "concat" | "flatten" | "setunion" => {
            let items = arguments.iter().flat_map(Node::one_or_many).flat_map(|item| match item.as_list() {
                Some(inner) if name == "flatten" => inner.to_vec(),
                _ => vec![item.clone()],
            });
            Some(Node::new(span, Value::List(items.collect())))
        }
        "merge" => {
            let mut merged = IndexMap::new();
            for map in arguments {
                merged.extend(map.as_map().cloned().into_iter().flatten());
            }
            Some(Node::new(span, Value::Map(merged)))
        }
        "element" => arguments
            .first()
            .zip(arguments.get(1))
            .and_then(|(list, index)| list.as_list()?.get(index.as_str()?.parse::<usize>().ok()?).cloned()),
        "lookup" => {
            let found = arguments
                .first()
                .zip(arguments.get(1))
                .and_then(|(map, key)| map.get(key.as_str()?).cloned());
            found.or_else(|| arguments.get(2).cloned())
        }
        "keys" => arguments.first().and_then(|node| {
            let keys = node.as_map()?.iter().map(|(key, entry)| text(key.as_str().into(), entry.key));
            Some(Node::new(span, Value::List(keys.collect())))
        }),
        "values" => arguments.first().and_then(|node| {
            Some(Node::new(
                span,
                Value::List(node.as_map()?.values().map(|entry| entry.node.clone()).collect()),
            ))
        }),
        _ => None,
    }
}

fn joined_list(arguments: &[Node], span: Span) -> Option<Node> {
    let [separator, list] = arguments else { return None };
    Some(joined(separator.as_str()?, list.one_or_many().to_vec(), span))
}

/// `format`: the verbs replaced by the arguments in order.
fn formatted(arguments: &[Node], span: Span) -> Option<Node> {
    let (pattern, values) = arguments.split_first()?;
    let mut values = values.iter();
    let mut parts: Vec<Node> = vec![];
    let mut rest = pattern.as_str()?;
    while let Some((before, behind)) = rest.split_once('%') {
        parts.push(text(before.into(), span));
        if let Some(behind) = behind.strip_prefix('%') {
            parts.push(text("%".into(), span));
            rest = behind;
            continue;
        }
        let verb = behind.find(|character: char| character.is_ascii_alphabetic())?;
        parts.push(values.next()?.clone());
        rest = behind.get(verb + 1..)?;
    }
    parts.push(text(rest.into(), span));
    Some(joined("", parts, span))
}

/// Functions on text that is known. Of text that is not known in full, those that keep most of it give it back.
fn on_text(name: &str, arguments: &[Node], span: Span) -> Option<Node> {
    let first = arguments.first()?;
    let word = |index: usize| arguments.get(index).and_then(Node::as_str);
    let Some(known) = first.as_str().filter(|_| name != "split") else {
        return match name {
            "lower" | "upper" | "title" | "trim" | "trimsuffix" | "trimprefix" | "replace" => {
                Some(first.clone())
            }
            "split" => {
                let parts = word(1)?.split(first.as_str()?).map(|part| text(part.into(), span));
                Some(Node::new(span, Value::List(parts.collect())))
            }
            _ => None,
        };
    };
    let made = match name {
        "lower" => known.to_lowercase(),
        "upper" => known.to_uppercase(),
        "trimsuffix" => known.strip_suffix(word(1)?).unwrap_or(known).to_owned(),
        "trimprefix" => known.strip_prefix(word(1)?).unwrap_or(known).to_owned(),
        "trim" => {
            let cut: Vec<char> = word(1)?.chars().collect();
            known.trim_matches(cut.as_slice()).to_owned()
        }
        // A pattern between slashes is a regular expression.
        "replace" if !word(1)?.starts_with('/') => known.replace(word(1)?, word(2)?),
        "substr" => {
            let (from, length) = (word(1)?.parse::<usize>().ok()?, word(2)?.parse::<usize>().ok()?);
            known.chars().skip(from).take(length).collect()
        }
        "basename" => known.rsplit('/').next()?.to_owned(),
        "dirname" => known.rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned(),
        _ => return None,
    };
    Some(text(made.as_str().into(), span))
}
