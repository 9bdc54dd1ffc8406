//! `generate` for people: the policy to copy, and under it why each action is in it.

use super::page::{Ink, Page};
use super::parts::{self, count};
use crate::decide::{FunctionAnalysis, NamedPolicy, Synthesis};
use crate::report::{Context, Generate, json, lookup};

/// The answer of `generate`; with `bare`, the first document alone.
pub(super) fn generate(context: &Context<'_>, generate: &Generate<'_>) -> String {
    let mut page = Page::new(context.colour);
    if generate.bare {
        let first = generate.functions.first().and_then(|(_, synthesis)| synthesis.policies.first());
        if let Some(policy) = first {
            document(&mut page, policy);
        }
        return page.finish();
    }
    for (function, synthesis) in generate.functions {
        part(&mut page, context, function, synthesis);
    }
    if generate.functions.is_empty() {
        parts::no_function(&mut page);
    } else {
        summary(&mut page, generate);
    }
    page.finish()
}

fn part(page: &mut Page, context: &Context<'_>, function: &FunctionAnalysis, synthesis: &Synthesis) {
    parts::title(page, context, function);
    if synthesis.policies.is_empty() {
        parts::nothing_needed(page, function);
    }
    for policy in &synthesis.policies {
        page.gap();
        if synthesis.policies.len() > 1 {
            page.space(2).put(Ink::Title, &policy.name).space(2).put(Ink::Dim, policy.kind.name()).end();
        }
        document(page, policy);
        page.gap();
        reasons(page, context, function, policy);
    }
    if !synthesis.warnings.is_empty() {
        page.gap();
    }
    for warning in &synthesis.warnings {
        page.space(2).put(Ink::Warn, "!").space(1).say(warning).end();
    }
    kept(page, context, synthesis);
    parts::blind_spots(page, context, &function.blind_spots);
    if !synthesis.complete {
        page.gap();
        page.space(2)
            .put(Ink::Warn, "incomplete:")
            .say(" a blind spot may hide a permission that is missing here");
        page.end();
    }
}

/// The statements that were written by hand.
fn kept(page: &mut Page, context: &Context<'_>, synthesis: &Synthesis) {
    if !synthesis.kept.is_empty() {
        page.gap();
    }
    for kept in &synthesis.kept {
        page.space(2).put(Ink::Dim, "kept").space(1);
        if let Some(site) = kept.site {
            page.put(Ink::Place, &context.place(site)).space(1);
        }
        if let Some(sid) = &kept.sid {
            page.put(Ink::Action, sid).space(1);
        }
        page.put(Ink::Dim, kept.purpose()).end();
    }
}

fn document(page: &mut Page, policy: &NamedPolicy) {
    let text = json::print(&json::document(&policy.document));
    for line in text.lines() {
        page.say(line).end();
    }
}

fn reasons(page: &mut Page, context: &Context<'_>, function: &FunctionAnalysis, policy: &NamedPolicy) {
    let mut shown: Vec<&str> = Vec::new();
    for needed in policy.document.statements.iter().flat_map(|each| lookup::behind(function, each)) {
        if !shown.contains(&needed.action.as_str()) {
            shown.push(&needed.action);
            page.space(2).put(Ink::Action, &needed.action).end();
            for same in function.requirements.iter().filter(|each| each.action == needed.action) {
                parts::evidence(page, context, function, &same.evidence);
            }
        }
    }
}

fn summary(page: &mut Page, generate: &Generate<'_>) {
    let policies = generate.functions.iter().map(|(_, synthesis)| synthesis.policies.len()).sum();
    let incomplete = generate.functions.iter().filter(|(_, synthesis)| !synthesis.complete).count();
    let mut counts = vec![count(generate.functions.len(), "function"), number_of(policies)];
    if incomplete > 0 {
        counts.push(format!("{incomplete} incomplete"));
    }
    page.gap();
    page.say(&counts.join(" · ")).end();
}

fn number_of(number: usize) -> String {
    if number == 1 { "1 policy".to_owned() } else { format!("{number} policies") }
}
