//! A document's tree → the policy language. What cannot be read is reported and left out; the rest is kept.

use super::model::{Condition, Document, Effect, Pattern, Patterns, Statement};
use crate::text::tree::{Node, Value};
use crate::text::{FileId, Hole, Piece, Problem, Site, SmolStr, Span, TemplateString};

/// The version of the language that knows policy variables.
pub const VERSION: &str = "2012-10-17";

/// Reads a policy document that stands in `file`.
pub fn parse(node: &Node, file: FileId) -> (Document, Vec<Problem>) {
    let mut reader = Reader { file, variables: false, problems: Vec::new() };
    let mut document = Document::default();
    if node.as_map().is_none() {
        reader.report(node.span, "a policy document is a map with `Version` and `Statement`");
        return (document, reader.problems);
    }
    document.version = node.get("Version").and_then(|version| reader.version(version));
    reader.variables = document.version.as_deref() == Some(VERSION);
    match node.get("Statement") {
        Some(statements) => document.statements = reader.statements(statements),
        None => reader.report(node.span, "the policy document has no `Statement`"),
    }
    (document, reader.problems)
}

/// Reads statements that stand in `file` without a document around them, as some template formats write them.
pub fn parse_statements(node: &Node, file: FileId) -> (Document, Vec<Problem>) {
    let mut reader = Reader { file, variables: true, problems: Vec::new() };
    let statements = reader.statements(node);
    (Document { version: Some(VERSION.into()), statements }, reader.problems)
}

struct Reader {
    file: FileId,
    /// Whether `${…}` is a policy variable, which the version decides.
    variables: bool,
    problems: Vec<Problem>,
}

impl Reader {
    fn site(&self, span: Span) -> Site {
        Site { file: self.file, span }
    }

    fn report(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(Problem { site: self.site(span), message: message.into() });
    }

    fn version(&mut self, node: &Node) -> Option<SmolStr> {
        let version = node.as_str();
        if version.is_none() {
            self.report(node.span, "the version of the policy language is not text");
        }
        version.map(SmolStr::from)
    }

    fn statements(&mut self, node: &Node) -> Vec<Statement> {
        node.one_or_many().iter().filter_map(|statement| self.statement(statement)).collect()
    }

    fn statement(&mut self, node: &Node) -> Option<Statement> {
        if node.value == Value::Null {
            return None;
        }
        if node.as_map().is_none() {
            self.report(node.span, "a statement is a map; this one is left out");
            return None;
        }
        Some(Statement {
            effect: self.effect(node)?,
            sid: node.get("Sid").and_then(Node::as_str).map(SmolStr::from),
            actions: self.patterns(node, "Action", "NotAction", false),
            resources: self.patterns(node, "Resource", "NotResource", self.variables),
            conditions: self.conditions(node),
            site: Some(self.site(node.span)),
        })
    }

    fn effect(&mut self, node: &Node) -> Option<Effect> {
        match node.get("Effect") {
            Some(effect) => match effect.as_str() {
                Some("Allow") => return Some(Effect::Allow),
                Some("Deny") => return Some(Effect::Deny),
                _ => self.report(effect.span, "`Effect` is `Allow` or `Deny`; the statement is left out"),
            },
            None => self.report(node.span, "the statement has no `Effect` and is left out"),
        }
        None
    }

    fn patterns(&mut self, node: &Node, name: &str, negated_name: &str, variables: bool) -> Patterns {
        let (list, negated) = match (node.get(name), node.get(negated_name)) {
            (Some(list), None) => (list, false),
            (None, Some(list)) => (list, true),
            (Some(list), Some(both)) => {
                let message =
                    format!("`{name}` and `{negated_name}` exclude each other; the second is left out");
                self.report(both.span, message);
                (list, false)
            }
            (None, None) => {
                self.report(node.span, format!("the statement has no `{name}`"));
                return Patterns::default();
            }
        };
        let members = list.one_or_many().iter().filter(|member| member.value != Value::Null);
        let list = members.map(|member| self.pattern(member, name, variables)).collect();
        Patterns { negated, list }
    }

    /// Text that cannot be read stays in as unknown text: it may grant anything and is proof of nothing.
    fn pattern(&mut self, node: &Node, name: &str, variables: bool) -> Pattern {
        let text = node.as_template().unwrap_or_else(|| {
            self.report(node.span, format!("a member of `{name}` is not text"));
            TemplateString::hole(Hole::Unknown)
        });
        let text = if variables { with_variables(&text) } else { text };
        Pattern { text, site: Some(self.site(node.span)) }
    }

    fn conditions(&mut self, node: &Node) -> Vec<Condition> {
        let Some(block) = node.get("Condition") else { return Vec::new() };
        let mut conditions = Vec::new();
        if block.as_map().is_none() && block.value != Value::Null {
            self.report(block.span, "`Condition` is a map of operators");
            conditions.push(unreadable());
        }
        for (operator, keys) in block.as_map().into_iter().flatten() {
            let Some(keys) = keys.node.as_map() else {
                self.report(keys.node.span, format!("`{operator}` is a map of condition keys"));
                conditions.push(unreadable());
                continue;
            };
            for (key, values) in keys {
                let values = self.values(key, &values.node);
                conditions.push(Condition { operator: operator.clone(), key: key.clone(), values });
            }
        }
        conditions
    }

    fn values(&mut self, key: &str, node: &Node) -> Vec<TemplateString> {
        let members = node.one_or_many().iter().filter(|member| member.value != Value::Null);
        members
            .map(|member| {
                let text = member.as_template().unwrap_or_else(|| {
                    self.report(member.span, format!("a value of `{key}` is not text"));
                    TemplateString::hole(Hole::Unknown)
                });
                if self.variables { with_variables(&text) } else { text }
            })
            .collect()
    }
}

/// Stands for a condition that could not be read, so that its statement is not taken for an unconditional one.
fn unreadable() -> Condition {
    Condition { operator: SmolStr::default(), key: SmolStr::default(), values: Vec::new() }
}

/// The same text with every `${key}` as a policy variable.
pub(super) fn with_variables(text: &TemplateString) -> TemplateString {
    let mut filled = TemplateString::new();
    for piece in text.pieces() {
        match piece {
            Piece::Hole(hole) => filled.push_hole(hole.clone()),
            Piece::Text(text) => push_variables(&mut filled, text),
        }
    }
    filled
}

fn push_variables(filled: &mut TemplateString, text: &str) {
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${") {
        let Some((name, after)) = behind.split_once('}') else { break };
        filled.push_str(before);
        filled.push_hole(Hole::PolicyVariable(name.into()));
        rest = after;
    }
    filled.push_str(rest);
}
