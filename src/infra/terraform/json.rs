//! Programs in JSON (`.tf.json`): the same program written out in the language, with the places of what it came from.

use crate::text::tree::{Entry, Node, Value};
use crate::text::{FileId, Problem, SmolStr, Source, Span, yaml};

/// A program written out.
#[derive(Default)]
pub(super) struct Written {
    /// The program.
    pub(super) text: String,
    /// Where its parts begin and end, and where that is in the original.
    pub(super) places: Vec<(u32, u32)>,
}

/// How deep values may nest.
const DEPTH: usize = 64;
/// How many labels blocks have, by their names.
const LABELS: &[(&str, usize)] =
    &[("resource", 2), ("data", 2), ("module", 1), ("variable", 1), ("output", 1), ("locals", 0)];
/// Arguments that are blocks of their own: the number of their labels.
const INNER: &[(&str, usize)] = &[("dynamic", 1), ("content", 0)];

/// Whether a file is a program in JSON.
pub(super) fn is_json(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| extension == "json")
}

/// Writes a program out.
pub(super) fn written(source: &Source, file: FileId) -> (Written, Vec<Problem>) {
    let (root, problems) = yaml::parse(source, file);
    let mut written = Written::default();
    for (name, entry) in parts(&root) {
        let known = LABELS.iter().find(|(known, _)| *known == name.as_str());
        if let Some((name, labels)) = known {
            written.blocks(name, &entry.node, *labels, &mut vec![], entry.key);
        }
    }
    (written, problems)
}

/// The pairs of a map, or of a list of maps.
fn parts(node: &Node) -> impl Iterator<Item = (&SmolStr, &Entry)> {
    node.one_or_many().iter().filter_map(Node::as_map).flatten()
}

impl Written {
    fn blocks(&mut self, name: &str, node: &Node, labels: usize, above: &mut Vec<SmolStr>, at: Span) {
        if labels > 0 {
            for (label, entry) in parts(node) {
                if label != "//" {
                    above.push(label.clone());
                    self.blocks(name, &entry.node, labels - 1, above, entry.key);
                    above.pop();
                }
            }
            return;
        }
        for body in node.one_or_many().iter().filter(|body| body.as_map().is_some()) {
            self.mark(at.start);
            self.text.push_str(name);
            for label in &*above {
                self.text.push(' ');
                self.quoted(label);
            }
            self.text.push_str(" {\n");
            self.body(name, above, body);
            self.text.push('}');
            self.mark(body.span.end);
            self.text.push('\n');
        }
    }

    fn body(&mut self, name: &str, labels: &[SmolStr], body: &Node) {
        let is_archive = labels.first().is_some_and(|kind| kind == "archive_file");
        for (key, entry) in body.as_map().into_iter().flatten() {
            let inner = INNER.iter().find(|(known, _)| *known == key.as_str());
            let parts = inner.map(|(_, labels)| *labels).filter(|_| name != "locals");
            let parts = parts.or_else(|| (is_archive && key == "source").then_some(0));
            if let Some(labels) = parts {
                self.blocks(key, &entry.node, labels, &mut vec![], entry.key);
            } else if is_name(key) {
                self.mark(entry.key.start);
                self.text.push_str(key);
                self.text.push_str(" = ");
                self.value(&entry.node, 0);
                self.text.push('\n');
            }
        }
    }

    fn value(&mut self, node: &Node, depth: usize) {
        if depth > DEPTH {
            self.text.push_str("null");
            return;
        }
        self.mark(node.span.start);
        match &node.value {
            Value::Null => self.text.push_str("null"),
            Value::Flag(flag) => self.text.push_str(if *flag { "true" } else { "false" }),
            Value::Number(number) => self.text.push_str(number),
            Value::Text(text) => self.quoted(text.as_literal().unwrap_or_default()),
            Value::List(items) => {
                self.text.push('[');
                for item in items {
                    self.value(item, depth + 1);
                    self.text.push_str(", ");
                }
                self.text.push(']');
            }
            Value::Map(map) => {
                self.text.push_str("{\n");
                for (key, entry) in map {
                    self.mark(entry.key.start);
                    self.quoted(key);
                    self.text.push_str(" = ");
                    self.value(&entry.node, depth + 1);
                    self.text.push('\n');
                }
                self.text.push('}');
            }
        }
        self.mark(node.span.end);
    }

    /// Text between quotes. What it interpolates is the language's own and stays as it is.
    fn quoted(&mut self, text: &str) {
        self.text.push('"');
        let mut rest = text;
        while let Some(at) = rest.find(['$', '%']) {
            let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.escaped(before);
            let length = if from.get(1..2) == Some("{") { interpolated(from) } else { 1 };
            let (inside, behind) = from.split_at_checked(length).unwrap_or((from, ""));
            self.text.extend(inside.chars().map(|letter| if letter == '\n' { ' ' } else { letter }));
            rest = behind;
        }
        self.escaped(rest);
        self.text.push('"');
    }

    fn escaped(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                '\t' => self.text.push_str("\\t"),
                other => self.text.push(other),
            }
        }
    }

    fn mark(&mut self, original: u32) {
        let here = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        self.places.push((here, original));
    }
}

/// Whether a key can be the name of an argument.
fn is_name(key: &str) -> bool {
    key.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && key.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'))
}

/// How long the interpolation is that a text begins with; one sign where it does not end.
fn interpolated(text: &str) -> usize {
    let (mut depth, mut in_quotes, mut is_escaped) = (0_usize, false, false);
    for (at, letter) in text.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if in_quotes => is_escaped = true,
            '"' => in_quotes = !in_quotes,
            '{' if !in_quotes => depth += 1,
            '}' if !in_quotes => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    1
}
