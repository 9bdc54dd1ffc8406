//! A document's tree → a policy as it is written.

use super::super::condition::Operator;
use super::super::parse::{parse, with_variables};
use super::model::{Element, Kind, List, Policy, Statement, Test, Text};
use super::places::Opener;
use crate::text::tree::{Node, Value};
use crate::text::{FileId, Piece, Problem, Site, SmolStr, Source, Span, TemplateString, yaml};

/// The beginning of what the YAML reader says of a repeated key.
const REPEATED: &str = "the key `";

/// Reads the policy that a file is.
pub fn read(source: &Source, file: FileId, kind: Option<Kind>, is_trust: &dyn Fn(&str) -> bool) -> Policy {
    of_file(source, file, kind, is_trust, Opener::new(file, false))
}

/// Reads the policy of a file that a program may fill in before it is one: `${name}` stands for text that is not known, too.
pub fn read_template(
    source: &Source,
    file: FileId,
    kind: Option<Kind>,
    is_trust: &dyn Fn(&str) -> bool,
) -> Policy {
    of_file(source, file, kind, is_trust, Opener::new(file, true))
}

fn of_file(
    source: &Source,
    file: FileId,
    kind: Option<Kind>,
    is_trust: &dyn Fn(&str) -> bool,
    mut opener: Opener,
) -> Policy {
    let (node, problems) = yaml::parse(source, file);
    let node = opener.open(node);
    let kind = kind.unwrap_or_else(|| kind_of(&node, source.path(), is_trust));
    let mut policy = of_opened(&node, file, kind);
    let (repeated, syntax) = problems.into_iter().partition(|problem| problem.message.starts_with(REPEATED));
    policy.repeated = repeated;
    policy.syntax = syntax;
    policy.places = opener.found();
    if !is_yaml(source.path()) {
        policy.syntax = not_json(source, file).into_iter().collect();
    }
    policy
}

/// Reads a policy that stands in another document.
pub fn of_node(node: &Node, file: FileId, kind: Kind) -> Policy {
    let mut opener = Opener::new(file, false);
    let mut policy = of_opened(&opener.open(node.clone()), file, kind);
    policy.places = opener.found();
    policy
}

fn of_opened(node: &Node, file: FileId, kind: Kind) -> Policy {
    let mut reader = Reader { file, wrong_types: vec![], forbidden: vec![], size: 0, whole_size: 0 };
    reader.measure(node);
    let (document, _) = parse(node, file);
    let statements = match node.get("Statement") {
        Some(statements) => {
            statements.one_or_many().iter().filter_map(|each| reader.statement(each)).collect()
        }
        None => vec![],
    };
    if node.as_map().is_none() {
        reader.wrong(node.span, "a policy document is a map");
    }
    Policy {
        kind,
        site: reader.site(node.span),
        elements: reader.elements(node),
        version: node.get("Version").and_then(|version| reader.text(version, "Version")),
        statements,
        syntax: vec![],
        repeated: vec![],
        places: vec![],
        document,
        wrong_types: reader.wrong_types,
        forbidden: reader.forbidden,
        size: reader.size,
        whole_size: reader.whole_size,
    }
}

/// A trust policy is known by its content: no resources, and actions that take a role on. Where every statement says whom it
/// is about, the policy is a resource's. A service control policy looks like that of an identity: it is known by the name that
/// AWS gives the first statement of one, or by that of its file.
fn kind_of(node: &Node, path: &str, is_trust: &dyn Fn(&str) -> bool) -> Kind {
    let statements = node.get("Statement").map(Node::one_or_many).unwrap_or_default();
    let takes_on = |statement: &Node| {
        let actions = statement.get("Action").map(Node::one_or_many).unwrap_or_default();
        statement.get("Resource").is_none()
            && statement.get("Principal").is_some()
            && !actions.is_empty()
            && actions.iter().all(|action| action.as_str().is_some_and(is_trust))
    };
    let is_trust = !statements.is_empty() && statements.iter().all(takes_on);
    let says_whom = |each: &Node| each.get("Principal").is_some() || each.get("NotPrincipal").is_some();
    if is_trust {
        Kind::Trust
    } else if !statements.is_empty() && statements.iter().all(says_whom) {
        Kind::Resource
    } else if statements.iter().any(is_full_access) || is_of_limits(path) {
        Kind::ServiceControl
    } else {
        Kind::Identity
    }
}

/// Whether it is the statement that AWS puts into a new service control policy.
fn is_full_access(statement: &Node) -> bool {
    statement.get("Sid").and_then(Node::as_str) == Some("FullAWSAccess")
}

/// Whether a folder or file of that name holds service control policies.
fn is_of_limits(path: &str) -> bool {
    let words = path.split(|character: char| !character.is_ascii_alphanumeric());
    let words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
    let is_short = words.iter().any(|word| word == "scp" || word == "scps");
    is_short || words.windows(2).any(|pair| pair == ["service", "control"])
}

fn is_yaml(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| matches!(extension, "yaml" | "yml"))
}

/// Where the text is no JSON, which is stricter than YAML.
fn not_json(source: &Source, file: FileId) -> Option<Problem> {
    let error = serde_json::from_str::<serde::de::IgnoredAny>(source.text()).err()?;
    let line = u32::try_from(error.line()).unwrap_or(u32::MAX);
    let before: usize =
        source.text().split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let column = error.column().saturating_sub(1).min(source.line(line).len());
    let at = u32::try_from(before + column).unwrap_or(u32::MAX);
    let text = error.to_string();
    let what = text.split_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    let site = Site { file, span: Span::new(at, at) };
    Some(Problem { site, message: format!("this is not valid JSON: {what}") })
}

struct Reader {
    file: FileId,
    wrong_types: Vec<Problem>,
    forbidden: Vec<Site>,
    size: usize,
    whole_size: usize,
}

impl Reader {
    fn site(&self, span: Span) -> Site {
        Site { file: self.file, span }
    }

    fn wrong(&mut self, span: Span, message: impl Into<String>) {
        self.wrong_types.push(Problem { site: self.site(span), message: message.into() });
    }

    fn elements(&self, node: &Node) -> Vec<Element> {
        let entries = node.as_map().into_iter().flatten();
        entries.map(|(name, entry)| Element { name: name.clone(), site: self.site(entry.key) }).collect()
    }

    fn statement(&mut self, node: &Node) -> Option<Statement> {
        if node.as_map().is_none() {
            if node.value != Value::Null {
                self.wrong(node.span, "a statement is a map");
            }
            return None;
        }
        Some(Statement {
            site: self.site(node.span),
            elements: self.elements(node),
            sid: node.get("Sid").and_then(|sid| self.text(sid, "Sid")),
            effect: node.get("Effect").and_then(|effect| self.text(effect, "Effect")),
            actions: self.list(node, "Action", "NotAction"),
            resources: self.list(node, "Resource", "NotResource"),
            tests: self.tests(node),
        })
    }

    fn text(&mut self, node: &Node, element: &str) -> Option<Text> {
        let raw = match &node.value {
            Value::Text(text) => text.clone(),
            // YAML takes a version without quotes for a date or a number.
            Value::Number(number) => TemplateString::from(number.as_str()),
            Value::Null => return None,
            _ => {
                self.wrong(node.span, format!("`{element}` is text"));
                return None;
            }
        };
        Some(Text { text: with_variables(&raw), raw, site: self.site(node.span) })
    }

    fn list(&mut self, node: &Node, name: &str, negated_name: &str) -> Option<List> {
        let (entry, negated) = match node.entry(name) {
            Some(entry) => (entry, false),
            None => (node.entry(negated_name)?, true),
        };
        let site = self.site(entry.key);
        let members = entry.node.one_or_many().iter();
        let members = members.filter_map(|member| self.text(member, name)).collect();
        Some(List { negated, site, members })
    }

    fn tests(&mut self, node: &Node) -> Vec<Test> {
        let Some(block) = node.get("Condition").filter(|block| block.value != Value::Null) else {
            return vec![];
        };
        let Some(operators) = block.as_map() else {
            self.wrong(block.span, "`Condition` is a map of operators");
            return vec![];
        };
        let mut tests = vec![];
        for (operator, entry) in operators {
            let operator_site = self.site(entry.key);
            let Some(keys) = entry.node.as_map() else {
                self.wrong(entry.node.span, format!("`{operator}` is a map of condition keys"));
                continue;
            };
            for (key, entry) in keys {
                let site = self.site(entry.key);
                let values = entry.node.one_or_many().iter();
                let values = values.filter_map(|value| self.value(value, key)).collect();
                let spelled = operator.clone();
                let operator = Operator::parse(&spelled);
                tests.push(Test { spelled, operator, operator_site, key: key.clone(), site, values });
            }
        }
        tests
    }

    fn value(&mut self, node: &Node, key: &SmolStr) -> Option<Text> {
        let Some(raw) = node.as_template() else {
            if node.value != Value::Null {
                self.wrong(node.span, format!("a value of `{key}` is text, a number or a flag"));
            }
            return None;
        };
        Some(Text { text: with_variables(&raw), raw, site: self.site(node.span) })
    }

    /// Counts the characters of the compact JSON, and finds those that no policy may have.
    fn measure(&mut self, node: &Node) {
        match &node.value {
            Value::Null => self.count("null"),
            Value::Flag(flag) => self.count(if *flag { "true" } else { "false" }),
            Value::Number(number) => self.count(number),
            Value::Text(text) => {
                self.count("\"\"");
                for piece in text.pieces() {
                    if let Piece::Text(known) = piece {
                        self.count(known);
                        if known.chars().any(is_forbidden) {
                            self.forbidden.push(self.site(node.span));
                        }
                    }
                }
            }
            Value::List(list) => {
                self.size += 2 + list.len().saturating_sub(1);
                self.whole_size += 2 + list.len().saturating_sub(1);
                for item in list {
                    self.measure(item);
                }
            }
            Value::Map(map) => {
                self.size += 2 + map.len().saturating_sub(1);
                self.whole_size += 2 + map.len().saturating_sub(1);
                for (key, entry) in map {
                    self.count("\"\":");
                    self.count(key);
                    self.measure(&entry.node);
                }
            }
        }
    }

    fn count(&mut self, text: &str) {
        self.whole_size += text.chars().count();
        self.size += text.chars().filter(|character| !character.is_whitespace()).count();
    }
}

/// Whether a policy may not have the character: outside of tab, line ends and Latin-1.
fn is_forbidden(character: char) -> bool {
    !matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{ff}')
}
