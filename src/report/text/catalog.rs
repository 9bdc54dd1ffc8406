//! `catalog show` for people, and the catalog's rules inside `explain`.

use super::page::{Ink, Page};
use crate::catalog::{Authorization, Coverage, RuleConfidence, Service, Tally};
use crate::cloud::Certainty;
use crate::report::{ActionRule, Context, OperationRules, Search, lookup};

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
        for (key, value) in &rule.conditions {
            page.space(6).say("with ").say(key).say(" = ").say(value).end();
        }
        if !rule.note.is_empty() {
            page.space(6).say(&rule.note).end();
        }
        if !rule.provenance.is_empty() {
            page.space(6).put(Ink::Dim, &rule.provenance);
            if rule.confidence != RuleConfidence::High {
                page.put(Ink::Narrow, &format!(", {} confidence", rule.confidence.name()));
            }
            page.end();
        }
    }
}

/// The answer of `catalog show` for a service: its operations and what they need.
pub(super) fn service(context: &Context<'_>, service: &Service) -> String {
    let mut page = Page::new(context.colour);
    page.put(Ink::Title, service.name());
    page.say(&format!("  {}, actions of {}", service.service_id(), service.prefix())).end();
    for operation in service.operations() {
        page.space(2).put(Ink::Action, operation.name());
        match operation.authorization() {
            Authorization::NotAuthorized => page.space(2).put(Ink::Good, "is not authorized by IAM"),
            _ => page.space(2).say(&lookup::actions(operation).join(", ")),
        };
        if let Some(reason) = lookup::reason(operation.authorization()) {
            page.space(2).put(Ink::Narrow, reason);
        }
        page.end();
    }
    page.finish()
}

/// The answer of `catalog search`.
pub(super) fn search(context: &Context<'_>, search: &Search<'_>) -> String {
    let mut page = Page::new(context.colour);
    let found = &search.found;
    heading(&mut page, "operations", found.operations.len());
    for operation in search.shown(&found.operations) {
        page.space(2).put(Ink::Action, &format!("{}.{}", operation.service().name(), operation.name()));
        match operation.authorization() {
            Authorization::NotAuthorized => page.space(2).put(Ink::Good, "is not authorized by IAM"),
            _ => page.space(2).say(&lookup::actions(*operation).join(", ")),
        };
        page.end();
    }
    more(&mut page, search, found.operations.len());
    heading(&mut page, "actions", found.actions.len());
    for action in search.shown(&found.actions) {
        page.space(2).put(Ink::Action, &action.to_string()).space(2).say(action.access_level().name());
        let kinds: Vec<&str> = action.resource_types().map(|(kind, _)| kind.name()).collect();
        if !kinds.is_empty() {
            page.say(&format!(" on {}", kinds.join(", ")));
        }
        page.end();
    }
    more(&mut page, search, found.actions.len());
    heading(&mut page, "condition keys", found.condition_keys.len());
    for (key, count) in search.shown(&found.condition_keys) {
        page.space(2).put(Ink::Action, key).space(2).say(&format!("of {count} actions")).end();
    }
    more(&mut page, search, found.condition_keys.len());
    if found.operations.is_empty() && found.actions.is_empty() && found.condition_keys.is_empty() {
        page.say("nothing in the catalog is called ").put(Ink::Title, search.text).end();
    }
    page.finish()
}

fn heading(page: &mut Page, what: &str, count: usize) {
    if count > 0 {
        page.gap();
        page.put(Ink::Title, what).say(&format!(" ({count})")).end();
    }
}

fn more(page: &mut Page, search: &Search<'_>, count: usize) {
    if search.limit > 0 && count > search.limit {
        let rest = format!("… and {} more: --limit 0 shows all", count - search.limit);
        page.space(2).put(Ink::Dim, &rest).end();
    }
}

/// The answer of `catalog coverage`.
pub(super) fn coverage(context: &Context<'_>, coverage: &Coverage) -> String {
    let mut page = Page::new(context.colour);
    let all = coverage.all;
    page.put(Ink::Title, &format!("{} operations of {} services", all.total(), coverage.services.len()));
    page.space(2).put(Ink::Dim, &format!("catalog {}", context.catalog)).end();
    for (count, what) in [
        (all.mapped, "mapped to actions"),
        (all.not_authorized, "not authorized by IAM"),
        (all.unverified, "newer than the authorization data: a guess from the name"),
        (all.unmapped, "of services that the authorization data does not know: a guess from the name"),
    ] {
        page.say(&format!("  {count:>6}  {:>8}  {what}", percent(part(count, all)))).end();
    }
    let share = percent(all.share());
    page.say(&format!("  {share} of those that are not newer are known")).end();
    page.gap();
    for (service, tally) in &coverage.services {
        let open = tally.total() - tally.known();
        if open == 0 {
            continue;
        }
        page.put(Ink::Action, service.name()).say(&format!("  {open} of {}", tally.total())).end();
        for operation in Coverage::open(*service) {
            let reason = lookup::reason(operation.authorization()).unwrap_or_default();
            page.space(2).say(operation.name()).space(2).put(Ink::Dim, reason).end();
        }
    }
    page.finish()
}

/// The part of all operations, in hundredths of a percent.
fn part(count: u32, all: Tally) -> u32 {
    let part = (u64::from(count) * 10_000).checked_div(u64::from(all.total())).unwrap_or(0);
    u32::try_from(part).unwrap_or(10_000)
}

fn percent(hundredths: u32) -> String {
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}
