//! How much a grant matters: by what it lets people do, and on how much.

use crate::catalog::Risks;
use crate::cloud::aws::escalations;
use crate::policy::{Access, ActionFacts, Severity, arn};
use crate::text::{Glob, SmolStr, TemplateString};

/// On how much an action is granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Width {
    /// On named resources, in whatever region or account.
    Named,
    /// On everything, or on all resources of a type.
    All,
}

/// Whether the pattern is for all resources, or for all of a type, wherever they are.
pub(super) fn width(resource: &TemplateString, facts: &dyn ActionFacts) -> Width {
    if resource.as_literal() == Some("*") {
        return Width::All;
    }
    let Some([_, _, service, _, _, name]) = arn::parts(resource) else { return Width::Named };
    let held = Glob::held(&name);
    let types = service.as_literal().map(|service| facts.service_types(service)).unwrap_or_default();
    let is_type = types.iter().filter_map(|kind| kind.splitn(6, ':').nth(5)).any(|kind| {
        let kind = Glob::resource_type(kind);
        held.contains(&kind).is_yes()
    });
    if held.is_everything() || is_type { Width::All } else { Width::Named }
}

/// How much it matters that the action is granted where nothing needs it.
pub(super) fn of_action(action: &str, width: Width, facts: &dyn ActionFacts) -> Severity {
    let risks = Risks::embedded();
    if risks.is_ordinary(action) {
        return Severity::Note;
    }
    let all = width == Width::All;
    match facts.access(action) {
        Some(Access::Permissions) => Severity::High,
        _ if escalations().is_decisive(action) => Severity::High,
        _ if risks.exfiltrates(action) && all => Severity::Medium,
        Some(Access::Write) if risks.destroys(action) || all => Severity::Medium,
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
    let controls = |action: &SmolStr| escalations().is_self_sufficient(action);
    if pattern.ends_with(":*") && all && actions.iter().any(controls) {
        return Severity::Critical;
    }
    if pattern.ends_with(":*") { worst.max(Severity::Medium) } else { worst }
}
