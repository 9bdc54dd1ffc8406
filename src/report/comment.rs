//! The answer of `review`: how the needs of functions change, and what to say on which line.

use std::fmt::Write as _;

use super::escape::{markdown_block, markdown_code, markdown_message};
use super::fingerprint::fingerprint;
use crate::decide::{Change, Row};
use crate::text::{SmolStr, Sources};

/// A comment on a line of the changed code.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// The file, relative to the project.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// Whether the change touches the line; reviews take no comments on others.
    pub is_changed: bool,
    /// What is needed now because of the line, by function.
    pub rows: Vec<(SmolStr, Row)>,
    /// What to change in the template.
    pub suggestion: Option<Suggestion>,
}

/// A change of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The template, relative to the project.
    pub file: String,
    /// Where it declares the function.
    pub line: u32,
    /// The statements to add, as JSON.
    pub text: String,
}

/// The answer of `review`.
#[derive(Clone, Copy, Debug)]
pub struct Reviewed<'a> {
    /// What is compared with: a commit or a folder.
    pub base: &'a str,
    /// What is compared: a commit or a folder.
    pub head: &'a str,
    /// What leads from the root of the repository to the project.
    pub within: &'a str,
    /// How the functions change.
    pub changes: &'a [Change],
    /// The files that evidence of what is removed points into.
    pub base_sources: &'a Sources,
    /// What to say.
    pub comments: &'a [Comment],
}

impl Comment {
    /// What makes it the same comment in the next run, wherever its line has moved to.
    pub(super) fn fingerprint(&self) -> String {
        let mut parts = vec!["review", self.file.as_str()];
        for (function, row) in &self.rows {
            parts.extend([function.as_str(), row.action.as_str()]);
        }
        fingerprint(&parts)
    }

    /// The comment as Markdown.
    pub(super) fn body(&self) -> String {
        let mut body = String::new();
        for (function, row) in &self.rows {
            let resources: Vec<String> =
                row.resources.iter().map(|resource| markdown_code(&resource.arn.to_string())).collect();
            let _ = writeln!(
                body,
                "- {} on {} in {} ({}): {}",
                markdown_code(&row.action),
                resources.join(", "),
                markdown_code(function),
                row.severity.name(),
                markdown_message(&row.message)
            );
        }
        if let Some(suggestion) = &self.suggestion {
            let place = markdown_code(&format!("{}:{}", suggestion.file, suggestion.line));
            let _ = write!(body, "\nThe role in {place} does not grant it. Statements to add:\n\n");
            body.push_str(&markdown_block("json", &suggestion.text));
        }
        body
    }
}

/// The whole of a review as Markdown, without the lines of comments.
pub(super) fn summary(reviewed: &Reviewed<'_>) -> String {
    let mut text = String::new();
    for change in reviewed.changes {
        let before = change.before.as_ref().map(|name| format!(", before {}", markdown_code(name)));
        let _ = write!(text, "### {}{}\n\n", markdown_code(&change.name), before.unwrap_or_default());
        for (mark, rows) in [("added", &change.added), ("removed", &change.removed)] {
            for row in rows {
                let resources: Vec<String> =
                    row.resources.iter().map(|resource| markdown_code(&resource.arn.to_string())).collect();
                let _ = writeln!(
                    text,
                    "- **{mark}** {} on {} ({}): {}",
                    markdown_code(&row.action),
                    resources.join(", "),
                    row.severity.name(),
                    markdown_message(&row.message)
                );
            }
        }
        text.push('\n');
    }
    if reviewed.changes.is_empty() {
        text.push_str("The change adds and removes no permission.\n");
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}
