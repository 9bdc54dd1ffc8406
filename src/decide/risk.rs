//! How much a grant matters: by what it lets people do, and on how much.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;
use serde::Deserialize;

use super::model::Severity;
use crate::policy::{Access, ActionFacts, arn};
use crate::text::{SmolStr, TemplateString};

/// The facts of `risks.toml`.
#[derive(Debug, Default, Deserialize)]
struct Risks {
    exfiltration: FxHashSet<SmolStr>,
    destructive: Vec<SmolStr>,
    ordinary: FxHashSet<SmolStr>,
}

fn risks() -> &'static Risks {
    static RISKS: OnceLock<Risks> = OnceLock::new();
    RISKS.get_or_init(|| toml::from_str(include_str!("../../catalogs/aws/risks.toml")).unwrap_or_default())
}

/// On how much an action is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Width {
    /// On named resources, in whatever region or account.
    Named,
    /// On everything, or on all resources of a type.
    All,
}

/// Whether the pattern names nothing but a type of resources.
pub(super) fn width(resource: &TemplateString) -> Width {
    let name = arn::parts(resource).and_then(|parts| parts.into_iter().nth(5));
    let name = name.unwrap_or_else(|| resource.clone());
    let Some(name) = name.as_literal() else { return Width::Named };
    let behind_type = name.rsplit_once(['/', ':']).map_or(name, |(kind, rest)| {
        let is_type = !kind.is_empty() && kind.chars().all(|c| c.is_ascii_alphabetic() || c == '-');
        if is_type { rest } else { name }
    });
    let is_open = !behind_type.is_empty() && behind_type.chars().all(|character| character == '*');
    if is_open { Width::All } else { Width::Named }
}

/// Whether nearly every function holds the action, and it does no harm.
pub(super) fn is_ordinary(action: &str) -> bool {
    risks().ordinary.contains(action)
}

/// How much it matters that the action is granted where nothing needs it.
pub(super) fn of_action(action: &str, width: Width, facts: &dyn ActionFacts) -> Severity {
    if is_ordinary(action) {
        return Severity::Note;
    }
    let all = width == Width::All;
    match facts.access(action) {
        Some(Access::Permissions) => Severity::High,
        _ if super::escalation::is_decisive(action) => Severity::High,
        _ if risks().exfiltration.contains(action) && all => Severity::Medium,
        Some(Access::Write) if is_destructive(action) || all => Severity::Medium,
        _ => Severity::Low,
    }
}

/// How much it matters that all of these are granted through one pattern.
pub(super) fn of_pattern(
    pattern: &str,
    actions: &[SmolStr],
    width: Width,
    facts: &dyn ActionFacts,
) -> Severity {
    let worst = actions.iter().map(|action| of_action(action, width, facts)).max().unwrap_or(Severity::Low);
    let all = width == Width::All;
    if pattern == "*" || pattern == "*:*" {
        return if all { Severity::Critical } else { Severity::High };
    }
    let controls = |action: &SmolStr| super::escalation::is_self_sufficient(action);
    if pattern.ends_with(":*") && all && actions.iter().any(controls) {
        return Severity::Critical;
    }
    if pattern.ends_with(":*") { worst.max(Severity::Medium) } else { worst }
}

fn is_destructive(action: &str) -> bool {
    let name = action.split_once(':').map_or(action, |(_, name)| name);
    risks().destructive.iter().any(|verb| name.starts_with(verb.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_are_readable_and_sorted() {
        assert!(!risks().exfiltration.is_empty());
        assert!(risks().destructive.is_sorted());
    }

    #[test]
    fn widths() {
        let all = ["*", "arn:aws:s3:::*", "arn:aws:dynamodb:*:*:table/*", "arn:aws:iam::1:role/*"];
        let named = [
            "arn:aws:s3:::bucket/*",
            "arn:aws:s3:::bucket*",
            "arn:aws:dynamodb:*:*:table/Orders",
            "arn:aws:sqs:*:1:q",
        ];
        assert!(all.iter().all(|text| width(&TemplateString::from(*text)) == Width::All));
        for text in named.iter().skip(1) {
            assert_eq!(width(&TemplateString::from(*text)), Width::Named, "{text}");
        }
    }
}
