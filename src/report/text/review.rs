//! `review` for people: what the change adds to each function's needs, and what it takes away.

use super::page::{Ink, Page};
use super::parts::{self, count};
use crate::report::{Context, Reviewed};

/// The answer of `review`.
pub(super) fn review(context: &Context<'_>, reviewed: &Reviewed<'_>) -> String {
    let before = Context { sources: reviewed.base_sources, ..context.clone() };
    let mut page = Page::new(context.colour);
    let (mut added, mut removed) = (0, 0);
    for change in reviewed.changes {
        page.gap();
        page.put(Ink::Title, &change.name);
        if let Some(name) = &change.before {
            page.space(2).put(Ink::Dim, "before ").say(name);
        }
        page.end();
        added += change.added.len();
        removed += change.removed.len();
        for (mark, ink, context, rows) in
            [("+", Ink::Warn, context, &change.added), ("-", Ink::Good, &before, &change.removed)]
        {
            for row in rows {
                page.space(2).put(ink, mark).space(1).put(Ink::Action, &row.action).space(2);
                page.put(parts::severity(row.severity), row.severity.name()).end();
                page.space(6).say(&row.message).end();
                parts::resources(&mut page, "on", &row.resources);
                for evidence in &row.evidence {
                    page.space(6).put(Ink::Place, &context.place(evidence.site)).space(2);
                    page.excerpt(context.excerpt(evidence.site)).end();
                }
            }
        }
    }
    page.gap();
    let functions = count(reviewed.changes.len(), "function");
    page.say(&format!("{functions} changed · {added} added · {removed} removed")).end();
    page.finish()
}
