//! What a run has to tell people beside its answer: blind spots that could hide a permission, and files that could
//! not be read. The one place where such findings are made, so that every report tells the same.

use indexmap::IndexSet;

use super::{FunctionAnalysis, Severity};
use crate::cloud::aws::escalations;
use crate::flow::BlindSpot;
use crate::policy::{Escalation, Grants, Ways};
use crate::text::{Problem, Site, SmolStr};

/// Something to tell a person.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Finding {
    /// The rule that found it: the kind of blind spot, or `unreadable`.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What it is, as a sentence without a final period.
    pub message: String,
    /// Where; `None` where there is no place in a file.
    pub site: Option<Site>,
    /// The function that it concerns; `None` for all.
    pub function: Option<SmolStr>,
}

impl Finding {
    /// The finding of a blind spot. One that may hide an action is low; one that only widens a resource is a note.
    pub fn of_blind_spot(function: &SmolStr, spot: &BlindSpot) -> Self {
        Self {
            rule: spot.kind.name(),
            severity: if spot.kind.hides_actions() { Severity::Low } else { Severity::Note },
            message: spot.message.clone(),
            site: spot.site,
            function: Some(function.clone()),
        }
    }

    /// The finding of files that could not be listed or opened; the message says which.
    pub fn of_unread(message: impl Into<String>) -> Self {
        Self {
            rule: "unread-file",
            severity: Severity::Low,
            message: message.into(),
            site: None,
            function: None,
        }
    }

    /// The finding of a file, or a part of one, that could not be read.
    pub fn of_problem(problem: &Problem) -> Self {
        Self {
            rule: "unreadable",
            severity: Severity::Medium,
            message: problem.message.clone(),
            site: Some(problem.site),
            function: None,
        }
    }
}

/// The finding of a role that the service which a function runs in cannot take on.
pub fn stranger(function: &FunctionAnalysis, service: &str) -> Option<Finding> {
    let role = function.held.as_ref()?;
    Some(Finding {
        rule: "untrusted-service",
        severity: Severity::High,
        message: format!("the role's trust policy does not let `{service}` take it on"),
        site: Some(role.site),
        function: Some(function.name.clone()),
    })
}

/// The findings of a run: what could not be read, then the blind spots above note level, by function.
pub fn findings(functions: &[FunctionAnalysis], problems: &[Problem]) -> Vec<Finding> {
    let unread = problems.iter().map(Finding::of_problem);
    let blind = functions.iter().flat_map(|function| {
        function.blind_spots.iter().map(|spot| Finding::of_blind_spot(&function.name, spot))
    });
    let found: IndexSet<Finding> =
        unread.chain(blind).filter(|finding| finding.severity > Severity::Note).collect();
    found.into_iter().collect()
}

/// What a role's policies let it become. A combination that the function needs in full is a note.
pub fn role_findings(function: &FunctionAnalysis) -> Vec<Finding> {
    let Some(role) = &function.held else { return vec![] };
    let grants = Grants::new(role.policies.iter().map(|policy| &policy.document));
    let is_needed = |action: &SmolStr| function.requirements.iter().any(|need| need.action == *action);
    let finding = |ways: &Ways<'_>, severity: Severity| Finding {
        rule: "privilege-escalation",
        severity,
        message: ways.message(),
        site: Some(ways.site),
        function: Some(function.name.clone()),
    };
    let held = escalations().held(&grants);
    let (needed, further): (Vec<Escalation<'_>>, Vec<Escalation<'_>>) =
        held.into_iter().partition(|found| found.path.actions.iter().all(is_needed));
    let further = Ways::by_statement(&further, &grants);
    let needed = Ways::by_statement(&needed, &grants);
    let further = further.iter().map(|ways| finding(ways, ways.severity()));
    further.chain(needed.iter().map(|ways| finding(ways, Severity::Note))).collect()
}
