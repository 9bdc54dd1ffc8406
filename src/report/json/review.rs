//! `review --format json`, and the payload of a review on GitHub.

use serde::Serialize;

use super::diff::{Row, row};
use super::parts::{self, Tool};
use super::{SCHEMA_VERSION, print};
use crate::decide::Change;
use crate::report::{Comment, Context, Format, Reviewed, comment};

/// `--format github`: the body of `POST /repos/{owner}/{repo}/pulls/{number}/reviews`.
pub(in crate::report) const GITHUB: Format = Format { review: Some(github), ..Format::named("github") };

#[derive(Serialize)]
struct Answer<'a> {
    schema_version: u32,
    tool: Tool<'a>,
    base: &'a str,
    head: &'a str,
    functions: Vec<Function<'a>>,
    comments: Vec<Said<'a>>,
}

#[derive(Serialize)]
struct Function<'a> {
    name: &'a str,
    before: Option<&'a str>,
    added: Vec<Row<'a>>,
    removed: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Said<'a> {
    file: &'a str,
    line: u32,
    body: String,
    fingerprint: String,
    suggestion: Option<Suggestion<'a>>,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    file: &'a str,
    line: u32,
    text: &'a str,
}

#[derive(Serialize)]
struct Payload {
    event: &'static str,
    body: String,
    comments: Vec<Placed>,
}

#[derive(Serialize)]
struct Placed {
    path: String,
    line: u32,
    side: &'static str,
    body: String,
}

/// The answer of `review`.
pub(super) fn review(context: &Context<'_>, reviewed: &Reviewed<'_>) -> String {
    let before = Context { sources: reviewed.base_sources, ..context.clone() };
    let functions = reviewed.changes.iter().map(|change| function(context, &before, change));
    print(&Answer {
        schema_version: SCHEMA_VERSION,
        tool: parts::tool(context),
        base: reviewed.base,
        head: reviewed.head,
        functions: functions.collect(),
        comments: reviewed.comments.iter().map(said).collect(),
    })
}

fn function<'a>(context: &Context<'a>, before: &Context<'a>, change: &'a Change) -> Function<'a> {
    Function {
        name: &change.name,
        before: change.before.as_deref(),
        added: change.added.iter().map(|each| row(context, each)).collect(),
        removed: change.removed.iter().map(|each| row(before, each)).collect(),
    }
}

fn said(comment: &Comment) -> Said<'_> {
    let suggestion = comment.suggestion.as_ref().map(|suggestion| Suggestion {
        file: &suggestion.file,
        line: suggestion.line,
        text: &suggestion.text,
    });
    Said {
        file: &comment.file,
        line: comment.line,
        body: comment.body(),
        fingerprint: comment.fingerprint(),
        suggestion,
    }
}

/// Comments on lines that the change touches; a review takes no others, and the summary says all.
fn github(_context: &Context<'_>, reviewed: &Reviewed<'_>) -> String {
    let placed = |comment: &Comment| Placed {
        path: format!("{}{}", reviewed.within, comment.file),
        line: comment.line,
        side: "RIGHT",
        body: format!("{}\n<!-- leastwise {} -->", comment.body(), comment.fingerprint()),
    };
    let touched = reviewed.comments.iter().filter(|comment| comment.is_changed);
    print(&Payload {
        event: "COMMENT",
        body: comment::summary(reviewed),
        comments: touched.map(placed).collect(),
    })
}
