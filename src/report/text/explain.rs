//! `explain` for people: why an action is needed, or what a line asks for.

use super::page::{Ink, Page};
use super::{catalog, parts};
use crate::decide::{Explanation, Question};
use crate::flow::ApiCall;
use crate::report::{Context, Detail, Explain};

/// The answer of `explain`. Routes are always shown whole: they are what was asked for.
pub(super) fn explain(context: &Context<'_>, explain: &Explain<'_>) -> String {
    let context = &Context { detail: Detail::Full, ..context.clone() };
    let mut page = Page::new(context.colour);
    for explanation in explain.explanations {
        match explain.question {
            Question::Action(_) => action(&mut page, context, explanation),
            Question::Place { .. } => place(&mut page, context, explanation),
        }
    }
    if explain.explanations.is_empty() {
        nothing(&mut page, context, explain.question);
    }
    rules(&mut page, explain);
    page.finish()
}

fn action(page: &mut Page, context: &Context<'_>, explanation: &Explanation<'_>) {
    parts::title(page, context, explanation.function);
    for needed in &explanation.requirements {
        parts::requirement(page, context, explanation.function, needed);
    }
}

fn place(page: &mut Page, context: &Context<'_>, explanation: &Explanation<'_>) {
    parts::title(page, context, explanation.function);
    for call in &explanation.calls {
        self::call(page, context, explanation, call);
    }
    for cause in &explanation.causes {
        page.space(2).put(Ink::Title, &cause.what).space(2);
        parts::place(page, context, cause.site, None);
        page.space(4).say(&cause.why).end();
    }
    let by_call = |site| explanation.calls.iter().any(|call| call.site == site);
    for needed in &explanation.requirements {
        if !needed.evidence.iter().any(|evidence| by_call(evidence.site)) {
            parts::requirement(page, context, explanation.function, needed);
        }
    }
    parts::blind_spots(page, context, explanation.blind_spots.iter().copied());
}

fn call(page: &mut Page, context: &Context<'_>, explanation: &Explanation<'_>, call: &ApiCall) {
    page.space(2).put(Ink::Title, &format!("{}.{}", call.service, call.operation)).space(2);
    parts::place(page, context, call.site, None);
    parts::route(page, context, &call.route);
    for needed in &explanation.requirements {
        if needed.evidence.iter().any(|evidence| evidence.site == call.site) {
            page.space(4).say("needs ").put(Ink::Action, &needed.action).end();
            parts::resources(page, "on", &needed.resources);
            parts::conditions(page, &needed.conditions);
        }
    }
}

fn nothing(page: &mut Page, context: &Context<'_>, question: &Question) {
    match question {
        Question::Action(action) => {
            page.say("no function here needs ").put(Ink::Action, action).end();
        }
        Question::Place { file, line } => {
            page.put(Ink::Place, &format!("{}{file}:{line}", context.prefix));
            page.say(" neither calls a cloud service nor leads to a call, and asks for nothing").end();
        }
    }
}

fn rules(page: &mut Page, explain: &Explain<'_>) {
    if explain.rules.is_empty() {
        return;
    }
    page.gap();
    page.put(Ink::Dim, "what the catalog says").end();
    for operation in explain.rules {
        match explain.question {
            Question::Action(action) => {
                catalog::rules(page, operation, |rule| rule.action.eq_ignore_ascii_case(action));
            }
            Question::Place { .. } => catalog::rules(page, operation, |_| true),
        }
    }
}
