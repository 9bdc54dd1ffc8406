//! `scan` for people: what each function needs, and from where.

use super::page::{Ink, Page};
use super::parts::{self, count};
use crate::cloud::{Certainty, Requirement};
use crate::decide::FunctionAnalysis;
use crate::report::{Context, Scan};

/// The answer of `scan`.
pub(super) fn scan(context: &Context<'_>, scan: &Scan<'_>) -> String {
    let mut page = Page::new(context.colour);
    for each in scan.functions {
        function(&mut page, context, each);
    }
    parts::unreadable(&mut page, context, scan.findings);
    if scan.functions.is_empty() {
        parts::no_function(&mut page);
    } else {
        summary(&mut page, scan.functions);
    }
    page.finish()
}

fn function(page: &mut Page, context: &Context<'_>, function: &FunctionAnalysis) {
    parts::title(page, context, function);
    let of =
        |certainty: Certainty| function.requirements.iter().filter(move |each| each.certainty == certainty);
    requirements(page, context, function, of(Certainty::Certain));
    if of(Certainty::Possible).next().is_some() {
        page.gap();
        page.space(2).put(Ink::Narrow, "possible").space(2);
        page.put(Ink::Dim, "needed only in a state of the deployment that is not shown here").end();
        requirements(page, context, function, of(Certainty::Possible));
    }
    if function.requirements.is_empty() {
        parts::nothing_needed(page, function);
    }
    parts::other_principals(page, context, &function.calls);
    parts::blind_spots(page, context, &function.blind_spots);
}

fn requirements<'a>(
    page: &mut Page,
    context: &Context<'_>,
    function: &FunctionAnalysis,
    requirements: impl Iterator<Item = &'a Requirement>,
) {
    for needed in requirements {
        parts::requirement(page, context, function, needed);
    }
}

fn summary(page: &mut Page, functions: &[FunctionAnalysis]) {
    let sum = |of: fn(&FunctionAnalysis) -> usize| functions.iter().map(of).sum::<usize>();
    let needed = sum(|function| function.requirements.len());
    let possible = sum(|function| {
        function.requirements.iter().filter(|each| each.certainty == Certainty::Possible).count()
    });
    let blind = sum(|function| function.blind_spots.len());
    let mut permissions = count(needed, "permission");
    if possible > 0 {
        permissions = format!("{permissions} ({possible} possible)");
    }
    let mut counts = vec![
        count(functions.len(), "function"),
        count(sum(|function| function.calls.len()), "API call"),
        permissions,
    ];
    if blind > 0 {
        counts.push(count(blind, "blind spot"));
    }
    page.gap();
    page.say(&counts.join(" · ")).end();
}
