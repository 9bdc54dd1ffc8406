//! Changes of a template that keep everything else of it as it is: comments, order, layout.

use super::tree::Tree;
use super::yaml::{json, yaml};
use crate::text::tree::{Node, Value};
use crate::text::{Source, Span};

/// Text that takes the place of other text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    /// What is taken out; an empty one is a place to insert at.
    pub(crate) span: Span,
    /// What is put in.
    pub(crate) text: String,
}

/// A document of YAML or JSON that is changed.
pub(crate) struct Editor<'a> {
    /// The text.
    pub(crate) source: &'a Source,
    /// What it says.
    pub(crate) root: &'a Node,
}

impl Editor<'_> {
    /// Puts `tree` at the end of a path of keys, in the place of what stands there.
    pub(crate) fn set(&self, path: &[&str], tree: &Tree) -> Result<Vec<Edit>, String> {
        let (node, rest) = self.deepest(path);
        if rest.is_empty() {
            return Ok(self.replace(node, tree));
        }
        self.insert(node, rest, tree).map(|edit| vec![edit])
    }

    /// Replaces items of the list at the end of a path: those that `keeps` stay as they are, `items` stand behind them.
    pub(crate) fn set_items(
        &self,
        path: &[&str],
        keeps: &dyn Fn(&Node) -> bool,
        items: Vec<Tree>,
    ) -> Result<Vec<Edit>, String> {
        let (node, rest) = self.deepest(path);
        let kept: Vec<&Node> = node.one_or_many().iter().filter(|item| keeps(item)).collect();
        if !rest.is_empty() || kept.is_empty() {
            return self.set(path, &Tree::List(items));
        }
        if self.is_flow(node) || node.as_list().is_none() {
            return Err("a part that must stay is written in one line with the rest".to_owned());
        }
        let indent = self.column(node.span.start);
        let mut edits = vec![];
        let all = node.one_or_many();
        for (index, item) in all.iter().enumerate().filter(|(_, item)| !keeps(item)) {
            let end = all.get(index + 1).map_or(node.span.end, |next| self.dash(next.span.start));
            edits.push(Edit { span: Span::new(self.dash(item.span.start), end), text: String::new() });
        }
        if !items.is_empty() {
            let at = self.line_end(node.span.end);
            let text = format!("\n{}", yaml(&Tree::List(items), indent).trim_end());
            edits.push(Edit { span: Span::new(at, at), text });
        }
        Ok(edits)
    }

    /// The part as far down a path as the document goes, and the keys that it does not have.
    fn deepest<'n, 'p>(&'n self, path: &'p [&'p str]) -> (&'n Node, &'p [&'p str]) {
        let mut node = self.root;
        let mut rest = path;
        while let Some((key, behind)) = rest.split_first() {
            let Some(next) = node.get(key).filter(|next| next.value != Value::Null) else { break };
            node = next;
            rest = behind;
        }
        (node, rest)
    }

    fn replace(&self, node: &Node, tree: &Tree) -> Vec<Edit> {
        if self.is_json() {
            let text = json(tree, self.indent_of_line(node.span.start));
            return vec![Edit { span: node.span, text }];
        }
        let is_block = matches!(node.value, Value::List(_) | Value::Map(_)) && !self.is_flow(node);
        if is_block {
            let start = self.line_start(node.span.start);
            let text = yaml(tree, self.column(node.span.start));
            return vec![Edit { span: Span::new(start, node.span.end), text: text.trim_end().to_owned() }];
        }
        // A value behind its key makes room for a block below it; a comment behind it stays in the line.
        let before = self.source.text().get(..node.span.start as usize).unwrap_or_default();
        let start = u32::try_from(before.trim_end().len()).unwrap_or(node.span.start);
        let end = self.line_end(node.span.end);
        let text = yaml(tree, self.indent_of_line(node.span.start) + 2);
        vec![
            Edit { span: Span::new(start, node.span.end), text: String::new() },
            Edit { span: Span::new(end, end), text: format!("\n{}", text.trim_end()) },
        ]
    }

    /// Adds keys to a map.
    fn insert(&self, map: &Node, keys: &[&str], tree: &Tree) -> Result<Edit, String> {
        let first = map.as_map().and_then(|entries| entries.values().next());
        let Some(first) = first else { return Err("there is nothing to add to".to_owned()) };
        let Some((key, behind)) = keys.split_first() else {
            return Err("there is nothing to add".to_owned());
        };
        let tree = tree.clone().below(behind);
        if self.is_json() {
            let end = map.as_map().into_iter().flatten().map(|(_, entry)| entry.node.span.end).max();
            let at = end.unwrap_or(map.span.end);
            let indent = self.indent_of_line(first.key.start);
            let pad = " ".repeat(indent);
            let key = serde_json::to_string(key).unwrap_or_default();
            return Ok(Edit {
                span: Span::new(at, at),
                text: format!(",\n{pad}{key}: {}", json(&tree, indent)),
            });
        }
        if self.is_flow(map) {
            return Err("the part that would be added to is written in one line".to_owned());
        }
        let pair = Tree::Map(vec![((*key).to_owned(), tree)]);
        let text = yaml(&pair, self.column(first.key.start));
        let at = self.line_end(map.span.end);
        Ok(Edit { span: Span::new(at, at), text: format!("\n{}", text.trim_end()) })
    }

    fn is_json(&self) -> bool {
        self.source.text().trim_start().starts_with('{')
    }

    fn is_flow(&self, node: &Node) -> bool {
        self.source.slice(node.span).starts_with(['[', '{'])
    }

    fn line_start(&self, at: u32) -> u32 {
        let before = self.source.text().get(..at as usize).unwrap_or_default();
        u32::try_from(before.rfind('\n').map_or(0, |line| line + 1)).unwrap_or(at)
    }

    /// Where the line of the last character before `at` ends.
    fn line_end(&self, at: u32) -> u32 {
        let text = self.source.text();
        let before = text.get(..at as usize).unwrap_or_default().trim_end().len();
        let behind =
            text.get(before..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| before + end);
        u32::try_from(behind).unwrap_or(at)
    }

    fn column(&self, at: u32) -> usize {
        (at - self.line_start(at)) as usize
    }

    fn indent_of_line(&self, at: u32) -> usize {
        let start = self.line_start(at) as usize;
        let line = self.source.text().get(start..).unwrap_or_default();
        line.bytes().take_while(|byte| *byte == b' ').count()
    }

    /// The start of the line of an item of a block.
    fn dash(&self, at: u32) -> u32 {
        self.line_start(at)
    }
}

/// The text with the edits made.
pub(crate) fn apply(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let (mut out, mut from) = (String::new(), 0_usize);
    for edit in sorted {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        if start < from {
            continue;
        }
        out.push_str(text.get(from..start).unwrap_or_default());
        out.push_str(&edit.text);
        from = end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

/// How many unchanged lines a patch shows around a change.
const CONTEXT: usize = 3;

/// The change of a file as a unified patch.
pub(crate) fn patch(path: &str, before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    format!("--- a/{path}\n+++ b/{path}\n{}", hunks(&old, &new).concat())
}

/// The hunks of a patch. Texts are compared by the longest common lines between what begins and ends alike.
fn hunks(old: &[&str], new: &[&str]) -> Vec<String> {
    let script = script(old, new);
    let mut hunks = vec![];
    let changed: Vec<usize> =
        script.iter().enumerate().filter(|(_, (mark, _))| *mark != ' ').map(|(index, _)| index).collect();
    let mut rest = changed.as_slice();
    while let Some(first) = rest.first() {
        let mut last = *first;
        let mut length = 0;
        for index in rest {
            if *index > last + 2 * CONTEXT {
                break;
            }
            last = *index;
            length += 1;
        }
        rest = rest.get(length..).unwrap_or_default();
        let from = first.saturating_sub(CONTEXT);
        let to = (last + CONTEXT + 1).min(script.len());
        let lines = script.get(from..to).unwrap_or_default();
        let count =
            |part: &[(char, &str)], other: char| part.iter().filter(|(mark, _)| *mark != other).count();
        let before = script.get(..from).unwrap_or_default();
        let head = format!(
            "@@ -{},{} +{},{} @@\n",
            count(before, '+') + 1,
            count(lines, '+'),
            count(before, '-') + 1,
            count(lines, '-')
        );
        let body: Vec<String> = lines.iter().map(|(mark, line)| format!("{mark}{line}\n")).collect();
        hunks.push(head + &body.concat());
    }
    hunks
}

/// The lines of both texts in order, each with what it is: kept, taken out or put in.
fn script<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(char, &'a str)> {
    let alike = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (old.get(alike..).unwrap_or_default(), new.get(alike..).unwrap_or_default());
    let behind = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, old_end) = old_rest.split_at_checked(old_rest.len() - behind).unwrap_or((old_rest, &[]));
    let (new_middle, _) = new_rest.split_at_checked(new_rest.len() - behind).unwrap_or((new_rest, &[]));
    let kept = |lines: &[&'a str]| lines.iter().map(|line| (' ', *line)).collect::<Vec<_>>();
    let mut script = kept(old.get(..alike).unwrap_or_default());
    script.extend(common(old_middle, new_middle));
    script.extend(kept(old_end));
    script
}

/// Beyond this many pairs of lines, no common lines are looked for.
const PAIRS: usize = 4 << 20;

/// The lines of two texts that begin and end otherwise, by their longest common lines.
fn common<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(char, &'a str)> {
    let width = new.len() + 1;
    let is_large = old.len().saturating_mul(new.len()) > PAIRS;
    let mut lengths = vec![0_u32; if is_large { 0 } else { (old.len() + 1) * width }];
    let at =
        |lengths: &[u32], row: usize, column: usize| lengths.get(row * width + column).copied().unwrap_or(0);
    for (row, line) in old.iter().enumerate().rev() {
        for (column, other) in new.iter().enumerate().rev() {
            let longest = if line == other {
                at(&lengths, row + 1, column + 1) + 1
            } else {
                at(&lengths, row + 1, column).max(at(&lengths, row, column + 1))
            };
            if let Some(cell) = lengths.get_mut(row * width + column) {
                *cell = longest;
            }
        }
    }
    let (mut script, mut row, mut column) = (vec![], 0, 0);
    while let Some(line) = old.get(row) {
        match new.get(column) {
            Some(other) if line == other && !is_large => {
                script.push((' ', *line));
                (row, column) = (row + 1, column + 1);
            }
            Some(other) if at(&lengths, row, column + 1) > at(&lengths, row + 1, column) => {
                script.push(('+', *other));
                column += 1;
            }
            _ => {
                script.push(('-', *line));
                row += 1;
            }
        }
    }
    script.extend(new.get(column..).unwrap_or_default().iter().map(|line| ('+', *line)));
    script
}
