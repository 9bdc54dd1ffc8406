//! `lint` for people: what the checks of policies found, file by file, and the checks themselves.

use super::page::{Ink, Page};
use super::parts::{self, count};
use crate::policy::lint::Check;
use crate::report::{Context, Detail, Issue, Linted};

/// The answer of `lint`.
pub(super) fn lint(context: &Context<'_>, linted: &Linted<'_>) -> String {
    let mut page = Page::new(context.colour);
    for found in linted.issues {
        issue(&mut page, context, found);
    }
    page.gap();
    page.say(&summary(linted)).end();
    page.finish()
}

fn summary(linted: &Linted<'_>) -> String {
    let policies = match linted.policies {
        1 => "1 policy".to_owned(),
        number => format!("{number} policies"),
    };
    let found = if linted.issues.is_empty() {
        "no findings".to_owned()
    } else {
        count(linted.issues.len(), "finding")
    };
    let left_out = match linted.left_out {
        0 => String::new(),
        number => format!(" · {number} left out by the configuration"),
    };
    format!("{policies} · {found}{left_out}")
}

fn issue(page: &mut Page, context: &Context<'_>, issue: &Issue) {
    let place = format!("{}:{}:{}", issue.file, issue.start.line, issue.start.column);
    page.put(Ink::Place, &place).space(2);
    page.put(parts::severity(issue.severity), issue.severity.name()).space(2);
    page.put(Ink::Action, issue.rule).end();
    page.space(2).say(&issue.message).end();
    if !issue.excerpt.is_empty() {
        page.space(2).excerpt(&issue.excerpt).end();
    }
    if context.detail == Detail::Full {
        page.space(2).put(Ink::Dim, "help: ").say(issue.help).end();
    }
}

/// The answer of `lint --rules`.
pub(super) fn rules(context: &Context<'_>, checks: &&[&Check]) -> String {
    let mut page = Page::new(context.colour);
    let width = checks.iter().map(|check| check.id.len()).max().unwrap_or(0);
    for check in *checks {
        page.put(Ink::Action, check.id).space(width + 2 - check.id.len());
        let name = check.severity.name();
        page.put(parts::severity(check.severity), name).space(8_usize.saturating_sub(name.len()));
        page.say(check.title).end();
    }
    page.finish()
}
