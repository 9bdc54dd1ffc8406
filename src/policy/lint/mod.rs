//! Checks of policies, one a file under `checks`, each with its documentation and an example in it.
//!
//! To add a check: one file with a [`Check`] in it, and its line in [`CHECKS`]. A check looks at a policy as it is written
//! ([`Policy`]), so that it can point at what IAM would reject, and asks the engine where meaning counts.

mod checks;
mod facts;
mod model;
mod of_document;
mod places;
mod question;
mod read;

pub use checks::CHECKS;
pub use facts::LintFacts;
pub use model::{Element, Kind, List, Policy, Statement, Test, Text};
pub use of_document::of_document;
pub use question::{Lint, Report, Sentence};
pub use read::{of_node, read, read_template};

use super::contain::Grants;
use super::severity::Severity;
use crate::text::Site;

/// A check.
#[derive(Debug)]
pub struct Check {
    /// Its id in every format.
    pub id: &'static str,
    /// How much its findings matter.
    pub severity: Severity,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// Why that matters.
    pub why: &'static str,
    /// What to do about it.
    pub help: &'static str,
    /// A policy with a finding, or statements of one.
    pub bad: &'static str,
    /// The same without.
    pub good: &'static str,
    /// The check itself.
    run: fn(&Lint<'_>, &mut Report<'_>),
}

/// Something that a check found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The check.
    pub check: &'static Check,
    /// How much it matters.
    pub severity: Severity,
    /// Where.
    pub site: Site,
    /// What, as a sentence without a final period.
    pub message: String,
}

/// The check of that id.
pub fn check(id: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.id == id)
}

/// Everything that the checks find in a policy, by place.
pub fn lint(policy: &Policy, facts: &dyn LintFacts) -> Vec<Found> {
    let lint = Lint::new(policy, facts);
    let mut found = vec![];
    for check in CHECKS.iter().copied() {
        // What is no document at all has nothing that could be looked at further.
        let is_readable = policy.syntax.is_empty() || check.id == "json-syntax";
        if is_readable {
            (check.run)(&lint, &mut Report::new(check, &mut found));
        }
    }
    found.sort_by_key(|found| (found.site, found.check.id));
    found
}

/// What policies of one role are together and none of them is alone: combinations with which the role can become more.
pub fn lint_together(policies: &[&Policy], facts: &dyn LintFacts) -> Vec<Found> {
    let Some(check) = check(checks::COMBINATIONS) else { return vec![] };
    let mut found = vec![];
    let alone: Vec<&str> = policies
        .iter()
        .flat_map(|policy| facts.escalations().held(&Grants::new([&policy.document])))
        .map(|held| held.path.id.as_str())
        .collect();
    let grants = Grants::new(policies.iter().map(|policy| &policy.document));
    let mut held = facts.escalations().held(&grants);
    held.retain(|held| !alone.contains(&held.path.id.as_str()));
    checks::report_combinations(&held, &grants, &mut Report::new(check, &mut found));
    found
}
