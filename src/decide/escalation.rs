//! Combinations of actions with which a role can become more than it is.

use std::sync::OnceLock;

use serde::Deserialize;

use super::model::Severity;
use crate::policy::{Condition, Grant, Grants};
use crate::text::{SmolStr, TemplateString, Verdict};

/// How the role becomes more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Category {
    SelfEscalation,
    NewPassrole,
    ExistingPassrole,
    PrincipalAccess,
}

#[derive(Debug, Deserialize)]
struct Path {
    id: SmolStr,
    category: Category,
    actions: Vec<SmolStr>,
    #[serde(default)]
    passed_to: Vec<SmolStr>,
}

#[derive(Debug, Default, Deserialize)]
struct Paths {
    path: Vec<Path>,
}

fn paths() -> &'static [Path] {
    static PATHS: OnceLock<Paths> = OnceLock::new();
    let paths = PATHS.get_or_init(|| {
        toml::from_str(include_str!("../../catalogs/aws/escalations.toml")).unwrap_or_default()
    });
    &paths.path
}

/// A combination that a role holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escalation {
    /// Its id (`iam-001`).
    pub id: &'static str,
    /// The actions that make it up.
    pub actions: &'static [SmolStr],
    /// How much it matters.
    pub severity: Severity,
    /// What it lets the role do.
    pub effect: &'static str,
}

impl Category {
    const fn severity(self) -> Severity {
        match self {
            Self::SelfEscalation | Self::NewPassrole => Severity::High,
            Self::ExistingPassrole | Self::PrincipalAccess => Severity::Medium,
        }
    }

    const fn effect(self) -> &'static str {
        match self {
            Self::SelfEscalation => "the role can change what it may do itself",
            Self::NewPassrole => "the role can start something that runs with another role",
            Self::ExistingPassrole => "the role can change something that runs with another role",
            Self::PrincipalAccess => "the role can reach the credentials of another principal",
        }
    }
}

/// The combinations that the grants, less what they deny, hold in full. A combination is left out where one of fewer
/// actions within it is held too.
pub fn escalations(grants: &Grants<'_>) -> Vec<Escalation> {
    let held: Vec<&Path> = paths().iter().filter(|path| path.is_held(grants)).collect();
    let is_smallest = |path: &Path| {
        !held.iter().any(|other| {
            other.actions.len() < path.actions.len()
                && other.category.severity() >= path.category.severity()
                && other.actions.iter().all(|action| path.actions.contains(action))
        })
    };
    held.iter()
        .filter(|path| is_smallest(path))
        .map(|path| Escalation {
            id: &path.id,
            actions: &path.actions,
            severity: path.category.severity(),
            effect: path.category.effect(),
        })
        .collect()
}

impl Path {
    fn is_held(&self, grants: &Grants<'_>) -> bool {
        self.actions.iter().all(|action| {
            let facts = self.facts(action);
            grants.allowing().any(|grant| {
                grant.has_action(action).is_yes()
                    && !grant.has_conditions(&facts).is_no()
                    && !grants.denying().any(|deny| denies_all(deny, grant, action, &facts))
            })
        })
    }

    fn facts(&self, action: &str) -> Vec<Condition> {
        if self.passed_to.is_empty() || action != "iam:PassRole" {
            return Vec::new();
        }
        let values = self.passed_to.iter().map(|service| TemplateString::from(service.as_str())).collect();
        vec![Condition { operator: "StringEquals".into(), key: "iam:PassedToService".into(), values }]
    }
}

/// Whether one statement denies all that another allows of an action.
pub(super) fn denies_all(deny: &Grant<'_>, allow: &Grant<'_>, action: &str, facts: &[Condition]) -> bool {
    let resources = &allow.statement.resources;
    let everything = TemplateString::from("*");
    let denied = if resources.negated {
        deny.has_resource(&everything)
    } else {
        Verdict::all(resources.list.iter().map(|pattern| deny.has_resource(&pattern.text)))
    };
    deny.has_action(action).and(deny.has_conditions(facts)).and(denied).is_yes()
}

/// Whether the action alone lets a role change what it may do itself.
pub(super) fn is_self_sufficient(action: &str) -> bool {
    paths().iter().any(|path| path.category == Category::SelfEscalation && path.actions == [action])
}

/// Whether the action is the one that a combination turns on: alone in it, or the handing over of a role.
pub(super) fn is_decisive(action: &str) -> bool {
    let severe = paths().iter().filter(|path| path.category.severity() == Severity::High);
    severe.into_iter().any(|path| path.actions.first().is_some_and(|first| first == action))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_are_readable_and_sorted() {
        assert!(paths().len() > 60);
        assert!(paths().is_sorted_by(|a, b| a.id < b.id));
    }
}
