//! A document's tree → statements.

use super::{Condition, Document, Effect, Pattern, Patterns, Statement};
use crate::text::tree::Node;
use crate::text::{FileId, Problem, Site};

/// Reads a policy document. What cannot be read is left out and said.
pub fn parse(node: &Node, file: FileId) -> (Document, Vec<Problem>) {
    let mut problems = Vec::new();
    let version = node.get("Version").and_then(Node::as_str).map(Into::into);
    let statements = node.get("Statement").map(Node::one_or_many).unwrap_or_default();
    let statements = statements.iter().filter_map(|statement| {
        let read = self::statement(statement, file);
        if read.is_none() {
            let site = Site { file, span: statement.span };
            problems.push(Problem { site, message: "a statement without an effect".to_owned() });
        }
        read
    });
    let document = Document { version, statements: statements.collect() };
    (document, problems)
}

fn statement(node: &Node, file: FileId) -> Option<Statement> {
    let effect = match node.get("Effect")?.as_str()? {
        "Allow" => Effect::Allow,
        "Deny" => Effect::Deny,
        _ => return None,
    };
    Some(Statement {
        sid: node.get("Sid").and_then(Node::as_str).map(Into::into),
        effect,
        actions: patterns(node, "Action", "NotAction", file),
        resources: patterns(node, "Resource", "NotResource", file),
        conditions: conditions(node),
        site: Some(Site { file, span: node.span }),
    })
}

fn patterns(node: &Node, plain: &str, negated: &str, file: FileId) -> Patterns {
    let (part, negated) = match node.get(plain) {
        Some(part) => (Some(part), false),
        None => (node.get(negated), true),
    };
    let items = part.map(Node::one_or_many).unwrap_or_default();
    let pattern =
        |item: &Node| Some(Pattern { text: item.as_template()?, site: Some(Site { file, span: item.span }) });
    Patterns { negated: negated && part.is_some(), list: items.iter().filter_map(pattern).collect() }
}

fn conditions(node: &Node) -> Vec<Condition> {
    let operators = node.get("Condition").and_then(Node::as_map).into_iter().flatten();
    let conditions = operators.flat_map(|(operator, keys)| {
        let keys = keys.node.as_map().into_iter().flatten();
        keys.map(|(key, values)| Condition {
            operator: operator.clone(),
            key: key.clone(),
            values: values.node.one_or_many().iter().filter_map(Node::as_template).collect(),
        })
    });
    conditions.collect()
}
