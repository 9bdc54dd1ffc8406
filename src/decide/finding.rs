//! Findings: what to tell a reviewer, in one shape for every report. Made here and nowhere else.

use super::escalation::escalations;
use super::model::{Difference, FunctionAnalysis, Row, Severity};
use crate::flow::BlindSpot;
use crate::infra::Role;
use crate::policy::Grants;
use crate::text::{Site, SmolStr};

/// What kind of thing a finding tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// Needed, not granted.
    MissingPermission,
    /// Granted, needed by nothing.
    ExcessPermission,
    /// Needed, but granted on more than is needed.
    TooWidePermission,
    /// What is granted together lets the role become more than it is.
    PrivilegeEscalation,
    /// The analysis could not see everything.
    BlindSpot,
}

impl Rule {
    /// All rules, in the order in which they are documented.
    pub const ALL: [Self; 5] = [
        Self::MissingPermission,
        Self::ExcessPermission,
        Self::TooWidePermission,
        Self::PrivilegeEscalation,
        Self::BlindSpot,
    ];

    /// The id by which reports, settings and suppressions name the rule. It never changes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::MissingPermission => "missing-permission",
            Self::ExcessPermission => "excess-permission",
            Self::TooWidePermission => "too-wide-permission",
            Self::PrivilegeEscalation => "privilege-escalation",
            Self::BlindSpot => "blind-spot",
        }
    }

    /// What the rule tells, in a sentence.
    pub const fn description(self) -> &'static str {
        match self {
            Self::MissingPermission => "The function needs a permission that its role does not grant",
            Self::ExcessPermission => "The role grants a permission that no function with that role needs",
            Self::TooWidePermission => "The role grants a permission on more than it is needed on",
            Self::PrivilegeEscalation => "What the role grants together lets it become more than it is",
            Self::BlindSpot => "The analysis could not see everything, so that a permission may be unknown",
        }
    }
}

/// Something to tell a reviewer.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The kind.
    pub rule: Rule,
    /// How much it matters.
    pub severity: Severity,
    /// The function concerned.
    pub function: SmolStr,
    /// The action, pattern or combination; empty for a blind spot.
    pub subject: SmolStr,
    /// What is the matter, as a sentence without a final period.
    pub message: String,
    /// What to do, as a sentence without a final period.
    pub help: String,
    /// The line to look at first; `None` where there is no place in a file.
    pub site: Option<Site>,
    /// Other lines that belong to it.
    pub related: Vec<Related>,
}

/// A line that belongs to a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The line.
    pub site: Site,
    /// Why it belongs there, in a few words.
    pub what: String,
}

/// All findings of a function, the weightiest first.
pub fn findings(function: &FunctionAnalysis, difference: &Difference) -> Vec<Finding> {
    let name = &function.name;
    let mut findings = Vec::new();
    findings.extend(difference.missing.iter().map(|row| missing(name, row)));
    findings.extend(difference.excess.iter().map(|row| excess(name, row)));
    findings.extend(difference.too_wide.iter().map(|row| too_wide(name, row)));
    findings.extend(function.held.iter().flat_map(|role| escalation(function, role)));
    let spots = function.blind_spots.iter().chain(&difference.blind_spots);
    findings.extend(spots.map(|spot| blind_spot(name, spot)));
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), finding.rule));
    findings
}

/// A finding about a blind spot: a warning where it may hide an action, else a note.
pub fn blind_spot(function: &SmolStr, spot: &BlindSpot) -> Finding {
    let hides = spot.kind.hides_actions();
    let help = if hides {
        "check what the code does there, and keep a statement for it by hand"
    } else {
        "name the resource where the analysis can see it, or narrow the generated statement by hand"
    };
    Finding {
        rule: Rule::BlindSpot,
        severity: if hides { Severity::Low } else { Severity::Note },
        function: function.clone(),
        subject: SmolStr::default(),
        message: spot.message.clone(),
        help: help.to_owned(),
        site: spot.site,
        related: Vec::new(),
    }
}

fn missing(function: &SmolStr, row: &Row) -> Finding {
    let resources: Vec<String> = row.resources.iter().map(|resource| format!("`{}`", resource.arn)).collect();
    let help = match row.severity {
        Severity::Note => {
            format!("make sure that the role allows `{}` on {}", row.action, resources.join(", "))
        }
        _ => format!("allow `{}` on {}", row.action, resources.join(", ")),
    };
    let mut evidence = row.evidence.iter();
    let site = evidence.next().map(|first| first.site);
    let mut related: Vec<Related> = evidence.map(needed_here).collect();
    related.extend(row.held_by.iter().filter_map(|held| {
        held.site.map(|site| Related { site, what: "the statement in question".to_owned() })
    }));
    from_row(Rule::MissingPermission, function, row, help, site, related)
}

fn excess(function: &SmolStr, row: &Row) -> Finding {
    let help = if row.except.is_empty() {
        format!("remove `{}` from the statement", row.action)
    } else {
        let needed: Vec<String> = row.except.iter().map(|action| format!("`{action}`")).collect();
        format!("replace `{}` by {}", row.action, needed.join(", "))
    };
    from_row(Rule::ExcessPermission, function, row, help, held_site(row), Vec::new())
}

fn too_wide(function: &SmolStr, row: &Row) -> Finding {
    let resources: Vec<String> = row.resources.iter().map(|resource| format!("`{}`", resource.arn)).collect();
    let help = format!("grant `{}` on {} only", row.action, resources.join(", "));
    let related = row.evidence.iter().map(needed_here).collect();
    from_row(Rule::TooWidePermission, function, row, help, held_site(row), related)
}

fn held_site(row: &Row) -> Option<Site> {
    row.held_by.as_ref().and_then(|held| held.site)
}

fn needed_here(evidence: &crate::cloud::Evidence) -> Related {
    Related { site: evidence.site, what: format!("needed for {}", evidence.what) }
}

fn from_row(
    rule: Rule,
    function: &SmolStr,
    row: &Row,
    help: String,
    site: Option<Site>,
    related: Vec<Related>,
) -> Finding {
    Finding {
        rule,
        severity: row.severity,
        function: function.clone(),
        subject: row.action.clone(),
        message: row.message.clone(),
        help,
        site,
        related,
    }
}

/// The combinations that the role holds. One that the function needs in full is told, but asks for nothing.
fn escalation(function: &FunctionAnalysis, role: &Role) -> Vec<Finding> {
    let grants = Grants::new(role.policies.iter().map(|policy| &policy.document));
    let is_needed = |action: &SmolStr| function.requirements.iter().any(|need| need.action == *action);
    let finding = |found: super::Escalation| {
        let actions: Vec<String> = found.actions.iter().map(|action| format!("`{action}`")).collect();
        let needed = found.actions.iter().all(is_needed);
        let (severity, help) = if needed {
            (Severity::Note, "the function needs these actions; keep their resources and conditions narrow")
        } else {
            (found.severity, "remove one of these actions, or narrow what it may be used on")
        };
        let mut sites = found.actions.iter().filter_map(|action| {
            let grant = grants.allowing().find(|grant| grant.has_action(action).is_yes())?;
            let site = grant.statement.site?;
            Some(Related { site, what: format!("grants `{action}`") })
        });
        let first = sites.next();
        Finding {
            rule: Rule::PrivilegeEscalation,
            severity,
            function: function.name.clone(),
            subject: found.id.into(),
            message: format!("with {} {}", actions.join(", "), found.effect),
            help: help.to_owned(),
            site: first.map(|first| first.site),
            related: sites.collect(),
        }
    };
    escalations(&grants).into_iter().map(finding).collect()
}
