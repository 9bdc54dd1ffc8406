//! `compare` for people: what only one of two policies allows, each with a request that shows it.

use super::page::{Ink, Page};
use super::parts::{self, count};
use crate::decide::PolicyRow;
use crate::policy::algebra::{Side, Standing};
use crate::report::{Compare, Context, Detail, grouped};
use crate::text::SmolStr;

/// So many actions that differ alike are listed.
const ACTIONS: usize = 8;
/// So many exceptions of a pattern are listed.
const EXCEPTIONS: usize = 6;

/// The answer of `compare`.
pub(super) fn compare(context: &Context<'_>, compare: &Compare<'_>) -> String {
    let mut page = Page::new(context.colour);
    let difference = compare.difference;
    let (ink, standing) = match difference.standing {
        Standing::Equal => (Ink::Good, "allow the same"),
        Standing::Narrower => (Ink::Good, "the new policy allows less"),
        Standing::Wider => (Ink::Bad, "the new policy allows more"),
        Standing::Incomparable => (Ink::Bad, "each policy allows something that the other does not"),
        Standing::Unknown => (Ink::Warn, "whether the new policy allows more could not be decided"),
    };
    page.put(Ink::Title, compare.old).put(Ink::Dim, " and ").put(Ink::Title, compare.new).say(": ");
    page.put(ink, standing).end();
    let lists = [
        ("only in new", Ink::Bad, "+", &difference.only_in_new),
        ("only in old", Ink::Narrow, "-", &difference.only_in_old),
        ("not decided", Ink::Warn, "?", &difference.undecided),
    ];
    for (name, ink, mark, rows) in lists {
        if rows.is_empty() {
            continue;
        }
        page.gap();
        page.put(ink, name).end();
        for alike in grouped::together(rows, are_alike) {
            row(&mut page, context, (ink, mark), &alike);
        }
    }
    page.gap();
    page.say(&count(difference.only_in_new.len(), "row")).say(" only in new · ");
    page.say(&format!("{} only in old", difference.only_in_old.len()));
    if !difference.undecided.is_empty() {
        page.say(" · ").put(Ink::Warn, &format!("{} not decided", difference.undecided.len()));
    }
    page.end();
    page.finish()
}

/// Whether two rows say the same of different actions of one statement.
fn are_alike(a: &PolicyRow, b: &PolicyRow) -> bool {
    let (first, second) = (&a.row, &b.row);
    let is_same_statement = match (&first.held_by, &second.held_by) {
        (Some(first), Some(second)) => first.policy == second.policy && first.sid == second.sid,
        _ => false,
    };
    is_same_statement
        && a.side == b.side
        && first.except.is_empty()
        && second.except.is_empty()
        && first.severity == second.severity
        && first.held_resources == second.held_resources
        && first.conditions == second.conditions
}

fn row(page: &mut Page, context: &Context<'_>, (ink, mark): (Ink, &str), alike: &[&PolicyRow]) {
    let Some(first) = alike.first() else { return };
    let row = &first.row;
    page.space(2).put(ink, mark).space(1);
    let shown = if context.detail == Detail::Full { alike.len() } else { ACTIONS };
    for (place, each) in alike.iter().take(shown).enumerate() {
        page.say(if place > 0 { ", " } else { "" }).put(Ink::Action, &each.row.action);
    }
    if alike.len() > shown {
        page.say(&format!(" and {} more", alike.len() - shown));
    }
    if !row.except.is_empty() {
        let shown = if context.detail == Detail::Full { row.except.len() } else { EXCEPTIONS };
        let names: Vec<&str> = row.except.iter().take(shown).map(SmolStr::as_str).collect();
        page.say(" except ").say(&names.join(", "));
        if row.except.len() > shown {
            page.say(&format!(" and {} more", row.except.len() - shown));
        }
    }
    page.space(2).put(parts::severity(row.severity), row.severity.name()).end();
    if alike.len() == 1 && row.except.is_empty() {
        page.space(6).say(&row.message).end();
    }
    for each in &row.held_resources {
        parts::arn(page, "on", each);
    }
    parts::conditions(page, &row.conditions);
    if let Some(by) = &row.held_by {
        page.space(6).put(Ink::Dim, "by ");
        if let Some(site) = by.site {
            page.put(Ink::Place, &context.place(site)).space(1);
        }
        page.say(&by.policy);
        if let Some(sid) = &by.sid {
            page.put(Ink::Dim, " statement ").say(sid);
        }
        page.end();
    }
    if let Some(witness) = alike.iter().find_map(|each| each.row.witness.as_ref()) {
        let only = if first.side == Side::Old { "only the old allows" } else { "only the new allows" };
        parts::witness(page, only, witness);
    }
}
