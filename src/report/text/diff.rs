//! `diff` for people: what the role lacks, what it has too much, and the line behind each.

use super::page::{Ink, Page};
use super::parts::{self, count};
use crate::decide::{Difference, FunctionAnalysis, HeldBy, Row, Severity};
use crate::report::{Context, Detail, Diff, grouped};

/// One of the three lists of a difference.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Missing,
    Excess,
    TooWide,
}

impl Side {
    const ALL: [Self; 3] = [Self::Missing, Self::Excess, Self::TooWide];

    const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Excess => "excess",
            Self::TooWide => "too wide",
        }
    }

    const fn meaning(self) -> &'static str {
        match self {
            Self::Missing => "the function will be denied",
            Self::Excess => "granted, but nothing here needs it",
            Self::TooWide => "needed, but granted on more than is needed",
        }
    }

    /// What happens to the request behind a row.
    const fn fate(self) -> &'static str {
        match self {
            Self::Missing => "denied, for example",
            Self::Excess | Self::TooWide => "allowed, for example",
        }
    }

    const fn mark(self) -> &'static str {
        match self {
            Self::Missing => "+",
            Self::Excess => "-",
            Self::TooWide => "~",
        }
    }

    const fn ink(self) -> Ink {
        match self {
            Self::Missing => Ink::Bad,
            Self::Excess => Ink::Warn,
            Self::TooWide => Ink::Narrow,
        }
    }

    fn rows(self, difference: &Difference) -> &[Row] {
        match self {
            Self::Missing => &difference.missing,
            Self::Excess => &difference.excess,
            Self::TooWide => &difference.too_wide,
        }
    }
}

/// The answer of `diff`.
pub(super) fn diff(context: &Context<'_>, diff: &Diff<'_>) -> String {
    let mut page = Page::new(context.colour);
    for (function, difference) in diff.functions {
        part(&mut page, context, function, difference);
    }
    parts::unreadable(&mut page, context, diff.findings);
    if diff.functions.is_empty() {
        parts::no_function(&mut page);
    } else {
        summary(&mut page, diff);
    }
    page.finish()
}

fn part(page: &mut Page, context: &Context<'_>, function: &FunctionAnalysis, difference: &Difference) {
    parts::title(page, context, function);
    held(page, context, function, difference);
    let mut agree = function.held.is_some();
    for side in Side::ALL {
        let rows = side.rows(difference);
        if rows.is_empty() {
            continue;
        }
        agree = false;
        page.gap();
        page.space(2).put(side.ink(), side.name()).space(2).put(Ink::Dim, side.meaning()).end();
        let (notes, shown): (Vec<&Row>, Vec<&Row>) =
            rows.iter().partition(|row| context.detail == Detail::Brief && row.severity == Severity::Note);
        for alike in grouped::together(shown, grouped::are_alike) {
            row(page, context, function, side, &alike);
        }
        if !notes.is_empty() {
            let text = format!("{} at note level, shown with --verbose", count(notes.len(), "row"));
            page.space(2).put(Ink::Dim, &text).end();
        }
    }
    if agree {
        page.space(2).put(Ink::Good, "grants what is needed and nothing else").end();
    }
    parts::blind_spots(page, context, function.blind_spots.iter().chain(&difference.blind_spots));
}

fn held(page: &mut Page, context: &Context<'_>, function: &FunctionAnalysis, difference: &Difference) {
    let Some(role) = &function.held else {
        page.space(2).put(Ink::Warn, "nothing is known of the policy in force").end();
        return;
    };
    for policy in &role.policies {
        page.space(2).put(Ink::Dim, "holds ").say(&policy.name).space(2);
        page.put(Ink::Place, &context.place(policy.site)).end();
    }
    for (name, site) in &role.unknown {
        page.space(2).put(Ink::Dim, "holds ").say(&name.to_string()).space(2);
        page.put(Ink::Place, &context.place(*site)).put(Ink::Warn, "  statements not known").end();
    }
    if role.policies.is_empty() && role.unknown.is_empty() {
        page.space(2).put(Ink::Dim, "holds no policy").end();
    }
    if !difference.shared_with.is_empty() {
        page.space(2).put(Ink::Dim, "shares its role with ").say(&difference.shared_with.join(", ")).end();
    }
}

fn row(page: &mut Page, context: &Context<'_>, function: &FunctionAnalysis, side: Side, alike: &[&Row]) {
    let Some(row) = alike.first() else { return };
    page.space(2).put(side.ink(), side.mark()).space(1);
    for (place, each) in alike.iter().enumerate() {
        page.say(if place > 0 { ", " } else { "" }).put(Ink::Action, &each.action);
    }
    if !row.except.is_empty() {
        page.say(" except ").say(&row.except.join(", "));
    }
    page.space(2).put(parts::severity(row.severity), row.severity.name()).end();
    if !row.message.is_empty() && alike.len() == 1 {
        page.space(6).say(&row.message).end();
    }
    for each in row.held_resources.iter().filter(|_| side != Side::Missing) {
        parts::arn(page, "granted on", each);
    }
    // For an excess the needed part is none, and the resources repeat what is held.
    match side {
        Side::Excess if !row.held_resources.is_empty() => {}
        Side::Excess => parts::resources(page, "granted on", &row.resources),
        Side::Missing | Side::TooWide => parts::resources(page, "needed on", &row.resources),
    }
    parts::conditions(page, &row.conditions);
    for (function, actions) in grouped::needed_by(alike) {
        page.space(6).put(Ink::Dim, "needed by ").say(function).put(Ink::Dim, ": ");
        page.put(Ink::Action, &actions.join(", ")).end();
    }
    if let Some(by) = &row.held_by {
        held_by(page, context, if side == Side::Missing { "by " } else { "granted by " }, by);
    }
    if let Some(witness) = alike.iter().find_map(|each| each.witness.as_ref()) {
        parts::witness(page, side.fate(), witness);
    }
    parts::evidence(page, context, function, &row.evidence);
}

fn held_by(page: &mut Page, context: &Context<'_>, what: &str, held: &HeldBy) {
    page.space(6).put(Ink::Dim, what);
    if let Some(site) = held.site {
        page.put(Ink::Place, &context.place(site)).space(1);
    }
    page.say(&held.policy);
    if let Some(sid) = &held.sid {
        page.put(Ink::Dim, " statement ").say(sid);
    }
    page.end();
}

fn summary(page: &mut Page, diff: &Diff<'_>) {
    let sum = |side: Side| diff.functions.iter().map(|(_, each)| side.rows(each).len()).sum::<usize>();
    let unknown = diff.functions.iter().filter(|(function, _)| function.held.is_none()).count();
    let spots = |(function, each): &(&FunctionAnalysis, &Difference)| {
        function.blind_spots.len() + each.blind_spots.len()
    };
    let blind: usize = diff.functions.iter().map(spots).sum();
    page.gap();
    page.say(&count(diff.functions.len(), "function"));
    for side in Side::ALL {
        let number = sum(side);
        let ink = if number == 0 { Ink::Plain } else { side.ink() };
        page.say(" · ").put(ink, &format!("{number} {}", side.name()));
    }
    if unknown > 0 {
        page.say(" · ").put(Ink::Warn, &format!("{unknown} with a role that is not known"));
    }
    if blind > 0 {
        page.say(" · ").say(&count(blind, "blind spot"));
    }
    page.end();
}
