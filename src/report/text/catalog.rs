//! `catalog show` for people, and the catalog's rules inside `explain`.

use super::page::{Ink, Page};
use crate::cloud::Certainty;
use crate::report::{ActionRule, Context, OperationRules};

/// The answer of `catalog show`.
pub(super) fn show(context: &Context<'_>, operation: &OperationRules) -> String {
    let mut page = Page::new(context.colour);
    rules(&mut page, operation, |_| true);
    page.finish()
}

/// The rules of an operation that `is_meant`.
pub(super) fn rules(page: &mut Page, operation: &OperationRules, is_meant: impl Fn(&ActionRule) -> bool) {
    page.gap();
    page.put(Ink::Title, &format!("{} {}", operation.service, operation.operation)).end();
    if operation.actions.is_empty() {
        page.space(2).put(Ink::Good, "is not authorized by IAM").end();
    }
    for rule in operation.actions.iter().filter(|rule| is_meant(rule)) {
        page.space(2).put(Ink::Action, &rule.action);
        if rule.certainty == Certainty::Possible {
            page.space(2).put(Ink::Narrow, "possible");
        }
        page.end();
        if let Some(when) = &rule.when {
            page.space(6).say("when ").say(when).end();
        }
        for resource in &rule.resources {
            page.space(6).say("on ").say(resource).end();
        }
        if !rule.provenance.is_empty() {
            page.space(6).put(Ink::Dim, &rule.provenance).end();
        }
    }
}
