//! `AWS::Include` by a path of the project: the parts of another file in the place where they are asked for.

use indexmap::IndexMap;

use super::super::Settings;
use super::super::documents::moved;
use super::super::paths::join;
use super::long_forms::expand;
use crate::text::paths::folder;
use crate::text::tree::{Entry, Node, Value};
use crate::text::{FileId, Problem, Site, SmolStr, Source, Span, yaml};

/// How deep files include one another.
const DEPTH: usize = 8;
/// How many files one template includes.
const MOST: usize = 200;
/// The transform.
const NAME: &str = "AWS::Include";

/// The document with what it includes in its place.
pub(super) fn included(
    node: Node,
    source: &Source,
    file: FileId,
    settings: &Settings<'_>,
    problems: &mut Vec<Problem>,
) -> Node {
    let mut including =
        Including { file, settings, problems, open: vec![source.path().to_owned()], at: None, count: 0 };
    let node = including.top(node);
    including.node(node)
}

struct Including<'a> {
    file: FileId,
    settings: &'a Settings<'a>,
    problems: &'a mut Vec<Problem>,
    /// The files that are being read, innermost last.
    open: Vec<String>,
    /// Where the template itself includes what is being read.
    at: Option<Span>,
    count: usize,
}

impl Including<'_> {
    /// What the whole template includes.
    fn top(&mut self, mut node: Node) -> Node {
        let transforms = node.get("Transform").map(Node::one_or_many).unwrap_or_default().to_vec();
        for transform in transforms {
            let Some(Value::Map(found)) = self.found(&transform, transform.span).map(|node| node.value)
            else {
                continue;
            };
            if let Value::Map(parts) = &mut node.value {
                for (key, entry) in found {
                    parts.entry(key).or_insert(entry);
                }
            }
        }
        node
    }

    fn node(&mut self, node: Node) -> Node {
        let value = match node.value {
            Value::List(items) => Value::List(items.into_iter().map(|item| self.node(item)).collect()),
            Value::Map(map) => Value::Map(self.map(map)),
            other => other,
        };
        Node { value, ..node }
    }

    fn map(&mut self, map: IndexMap<SmolStr, Entry>) -> IndexMap<SmolStr, Entry> {
        let mut whole: IndexMap<SmolStr, Entry> = IndexMap::new();
        for (key, entry) in map {
            if key != "Fn::Transform" {
                let node = self.node(entry.node);
                whole.insert(key, Entry { key: entry.key, node });
                continue;
            }
            let mut is_included = false;
            for transform in entry.node.one_or_many() {
                if let Some(Value::Map(found)) = self.found(transform, entry.key).map(|node| node.value) {
                    whole.extend(found);
                    is_included = true;
                }
            }
            if !is_included {
                whole.insert(key, entry);
            }
        }
        whole
    }

    /// What a transform includes; `None` for another one, and for a file that is not there.
    fn found(&mut self, transform: &Node, span: Span) -> Option<Node> {
        if transform.get("Name")?.as_str()? != NAME {
            return None;
        }
        let stated = transform.at(&["Parameters", "Location"])?.as_str()?;
        if stated.contains("://") {
            self.problem(
                span,
                format!("what this includes is not in the project: `{}`", stated.escape_debug()),
            );
            return None;
        }
        let here = self.open.last().map(|path| folder(path).to_owned()).unwrap_or_default();
        let path = join(&here, stated);
        let text = path.as_ref().and_then(|path| (self.settings.sibling)(path));
        let (Some(path), Some(text)) = (path, text) else {
            self.problem(span, format!("there is no file `{}` to include", stated.escape_debug()));
            return None;
        };
        self.count += 1;
        if self.open.len() >= DEPTH || self.count > MOST || self.open.contains(&path) {
            self.problem(span, format!("`{}` includes itself, or too much", stated.escape_debug()));
            return None;
        }
        let (node, problems) = yaml::parse(&Source::new(path.as_str(), text), self.file);
        if !problems.is_empty() {
            self.problem(span, format!("`{}` cannot be read in full", stated.escape_debug()));
        }
        self.open.push(path);
        let outer = self.at.replace(self.at.unwrap_or(span));
        let node = self.node(expand(node));
        self.at = outer;
        self.open.pop();
        Some(moved(node, span))
    }

    fn problem(&mut self, span: Span, message: String) {
        self.problems
            .push(Problem { site: Site { file: self.file, span: self.at.unwrap_or(span) }, message });
    }
}
