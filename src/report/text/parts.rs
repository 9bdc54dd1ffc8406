//! The parts that several answers share.

use super::page::{Ink, Page};
use crate::cloud::{Evidence, Origin, Requirement, Resource};
use crate::decide::{Finding, FunctionAnalysis, Severity};
use crate::flow::{ApiCall, BlindSpot, Confidence, Principal, Step};
use crate::policy::Condition;
use crate::policy::algebra::Witness;
use crate::report::{Context, Detail, lookup};
use crate::text::{Site, TemplateString};

/// How many places are shown of one thing before the rest is counted.
const PLACES: usize = 3;

/// A thing with its number, in the plural where it is not one.
pub(super) fn count(number: usize, one: &str) -> String {
    format!("{number} {}", plural(number, one))
}

/// A word, in the plural where there is not one of it.
pub(super) fn plural(number: usize, one: &str) -> String {
    if number == 1 { one.to_owned() } else { format!("{one}s") }
}

/// The line over a function's part of the answer.
pub(super) fn title(page: &mut Page, context: &Context<'_>, function: &FunctionAnalysis) {
    page.gap();
    page.put(Ink::Title, &function.name);
    if let Some(entry) = &function.entry {
        page.space(2).put(Ink::Place, &context.place(entry.site)).space(1).say(&entry.symbol);
    } else if let Some(site) = function.template {
        page.space(2).put(Ink::Place, &context.place(site));
    }
    if let Some(runtime) =
        function.runtime.as_ref().or(Some(&function.language)).filter(|name| !name.is_empty())
    {
        page.space(2).put(Ink::Dim, runtime);
    }
    if let Some(environment) = &function.environment {
        let how = if environment.chosen { "" } else { " (by default)" };
        page.space(2).put(Ink::Dim, &format!("environment {}{how}", environment.name));
    }
    page.end();
}

/// What to do where the project has no function.
pub(super) fn no_function(page: &mut Page) {
    page.say("no function was found: name a template by ").put(Ink::Action, "--template FILE");
    page.say(" or an entry by ").put(Ink::Action, "--handler FILE:SYMBOL").end();
}

/// A requirement with its resources, conditions and evidence.
pub(super) fn requirement(
    page: &mut Page,
    context: &Context<'_>,
    function: &FunctionAnalysis,
    needed: &Requirement,
) {
    page.space(2).put(Ink::Action, &needed.action);
    let notes = [
        match needed.origin {
            Origin::Call => "",
            Origin::Dependent => "on the caller's behalf",
            Origin::Configuration => "for the configuration",
        },
        match needed.confidence {
            Confidence::Proven => "",
            Confidence::Likely => "likely",
            Confidence::Assumed => "assumed",
        },
    ];
    for note in notes.into_iter().filter(|note| !note.is_empty()) {
        page.space(2).put(Ink::Dim, note);
    }
    page.end();
    resources(page, "on", &needed.resources);
    conditions(page, &needed.conditions);
    evidence(page, context, function, &needed.evidence);
}

/// Resources, one a line behind a word.
pub(super) fn resources(page: &mut Page, word: &str, resources: &[Resource]) {
    for resource in resources {
        arn(page, word, &resource.arn);
    }
}

/// An ARN on a line behind a word: what comes before the resource's own name is dim.
pub(super) fn arn(page: &mut Page, word: &str, arn: &TemplateString) {
    page.space(6).say(word).space(1);
    let text = arn.to_string();
    let name = arn.splitn(6, ':').get(5).map(ToString::to_string);
    match name.and_then(|name| Some((text.strip_suffix(name.as_str())?.to_owned(), name))) {
        Some((front, name)) => page.put(Ink::Dim, &front).say(&name),
        None => page.say(&text),
    };
    page.end();
}

/// Conditions, one a line.
pub(super) fn conditions(page: &mut Page, conditions: &[Condition]) {
    for condition in conditions {
        let values: Vec<String> = condition.values.iter().map(ToString::to_string).collect();
        page.space(6).say("if ").say(&condition.key).space(1).say(&condition.operator).space(1);
        page.say(&values.join(", ")).end();
    }
}

/// The places behind something, each with its source line and the way from the entry.
pub(super) fn evidence(
    page: &mut Page,
    context: &Context<'_>,
    function: &FunctionAnalysis,
    evidence: &[Evidence],
) {
    let shown = shown(context.detail, evidence.len());
    for each in evidence.iter().take(shown) {
        page.space(6);
        let call = lookup::call_at(function, each.site);
        // Where there is a call, the source says what it is; settings are named, as their line seldom tells.
        place(page, context, each.site, if call.is_none() { Some(&each.what) } else { None });
        if let Some(call) = call {
            route(page, context, &call.route);
        }
    }
    more(page, evidence.len() - shown);
}

fn shown(detail: Detail, length: usize) -> usize {
    match detail {
        // A single place more takes no more room than the line that counts it.
        Detail::Brief if length > PLACES + 1 => PLACES,
        _ => length,
    }
}

fn more(page: &mut Page, hidden: usize) {
    if hidden > 0 {
        page.space(6).put(Ink::Dim, &format!("and {}", count(hidden, "more place"))).end();
    }
}

/// The rest of a line: a place, what it is, and the source there.
pub(super) fn place(page: &mut Page, context: &Context<'_>, site: Site, what: Option<&str>) {
    page.put(Ink::Place, &context.place(site));
    if let Some(what) = what.filter(|what| !what.is_empty()) {
        page.space(2).say(what);
    }
    let excerpt = context.excerpt(site);
    if !excerpt.is_empty() {
        page.space(2).excerpt(excerpt);
    }
    page.end();
}

/// The way from the entry, nearest call first. Brief text shows the nearest and counts the rest.
pub(super) fn route(page: &mut Page, context: &Context<'_>, route: &[Step]) {
    let shown = match context.detail {
        Detail::Brief if route.len() > 2 => 1,
        _ => route.len(),
    };
    for step in route.iter().rev().take(shown) {
        page.space(8).put(Ink::Dim, "from ").put(Ink::Place, &context.place(step.site));
        page.put(Ink::Dim, " in ").put(Ink::Dim, &step.routine).end();
    }
    if let Some(first) = route.first().filter(|_| shown < route.len()) {
        let between = route.len() - shown - 1;
        page.space(8).put(Ink::Dim, &format!("through {} from ", count(between, "more call")));
        page.put(Ink::Place, &context.place(first.site))
            .put(Ink::Dim, " in ")
            .put(Ink::Dim, &first.routine)
            .end();
    }
}

/// Calls that other credentials sign: no requirements of the role, but people look for them.
pub(super) fn other_principals<'a>(
    page: &mut Page,
    context: &Context<'_>,
    calls: impl IntoIterator<Item = &'a ApiCall>,
) {
    let mut calls = calls.into_iter().filter(|call| call.principal != Principal::ExecutionRole).peekable();
    if calls.peek().is_none() {
        return;
    }
    page.gap();
    page.space(2).put(Ink::Dim, "with other credentials").end();
    for call in calls {
        let who = match &call.principal {
            Principal::AssumedRole(role) => format!("as {role}"),
            Principal::Other(what) => format!("as {what}"),
            Principal::ExecutionRole => String::new(),
        };
        page.space(2).put(Ink::Action, &format!("{}.{}", call.service, call.operation));
        page.space(2).put(Ink::Dim, &who).end();
        page.space(6);
        place(page, context, call.site, None);
    }
}

/// That no permission was found, which is good news only where nothing was overlooked.
pub(super) fn nothing_needed(page: &mut Page, function: &FunctionAnalysis) {
    if function.blind_spots.is_empty() {
        page.space(2).put(Ink::Good, "no permissions needed").end();
    } else {
        page.space(2).put(Ink::Narrow, "no permissions found; what may hide some stands below").end();
    }
}

/// The blind spots of a function.
pub(super) fn blind_spots<'a>(
    page: &mut Page,
    context: &Context<'_>,
    spots: impl IntoIterator<Item = &'a BlindSpot>,
) {
    let mut spots = spots.into_iter().peekable();
    if spots.peek().is_none() {
        return;
    }
    page.gap();
    page.space(2).put(Ink::Warn, "blind spots").end();
    for spot in spots {
        let (mark, ink) = if spot.kind.hides_actions() { ("!", Ink::Warn) } else { ("·", Ink::Dim) };
        page.space(2)
            .put(ink, mark)
            .space(1)
            .say(&spot.message)
            .put(Ink::Dim, &format!("  {}", spot.kind.name()));
        page.end();
        if let Some(site) = spot.site {
            page.space(6);
            place(page, context, site, None);
        }
    }
}

/// A request, behind what happens to it.
pub(super) fn witness(page: &mut Page, what: &str, witness: &Witness) {
    page.space(6)
        .put(Ink::Dim, what)
        .space(1)
        .say(&witness.action)
        .put(Ink::Dim, " on ")
        .say(&witness.resource);
    for (place, (key, values)) in witness.context.iter().enumerate() {
        page.put(Ink::Dim, if place == 0 { " with " } else { ", " });
        page.say(key).put(Ink::Dim, " = ").say(&values.join(" | "));
    }
    page.end();
}

/// What could not be read, before the answer ends.
pub(super) fn unreadable(page: &mut Page, context: &Context<'_>, findings: &[Finding]) {
    let mut findings = findings.iter().filter(|finding| finding.function.is_none()).peekable();
    if findings.peek().is_none() {
        return;
    }
    page.gap();
    page.put(Ink::Warn, "could not be read").end();
    for finding in findings {
        page.space(2).put(severity(finding.severity), "!").space(1);
        if let Some(site) = finding.site {
            page.put(Ink::Place, &context.place(site)).space(2);
        }
        page.say(&finding.message).end();
    }
}

/// The ink of a severity.
pub(super) const fn severity(severity: Severity) -> Ink {
    match severity {
        Severity::Note => Ink::Dim,
        Severity::Low => Ink::Plain,
        Severity::Medium => Ink::Warn,
        Severity::High | Severity::Critical => Ink::Bad,
    }
}
