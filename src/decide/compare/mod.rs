//! Needed against held: what is missing, what is excess, what is granted on too much.

mod excess;
mod missing;
mod width;
mod witness;

use super::blind::Blindness;
use super::model::{Difference, FunctionAnalysis, HeldBy, NeededBy, Row};
use crate::cloud::{Origin, Requirement, Resource};
use crate::flow::{BlindKind, BlindSpot};
use crate::infra::{HeldPolicy, Role, guard_keys};
use crate::policy::{ActionFacts, Condition, Grants, Pattern, Statement};
use crate::text::SmolStr;

/// Compares what a function's role holds with what the function, and the others that share the role, need.
pub fn compare(
    function: &FunctionAnalysis,
    sharing: &[&FunctionAnalysis],
    facts: &dyn ActionFacts,
) -> Difference {
    let users: Vec<&FunctionAnalysis> = std::iter::once(function).chain(sharing.iter().copied()).collect();
    compare_sharing(&users, facts).into_iter().next().unwrap_or_default()
}

/// Compares what a role holds with what the functions that share it need: what each of them lacks, and what is too much for
/// all of them.
pub fn compare_sharing(users: &[&FunctionAnalysis], facts: &dyn ActionFacts) -> Vec<Difference> {
    let others = |function: &FunctionAnalysis| {
        let others = users.iter().filter(|other| !std::ptr::eq(**other, function));
        others.map(|other| other.name.clone()).collect()
    };
    let Some(role) = users.first().and_then(|user| user.held.as_ref()) else {
        let unknown = |user: &&FunctionAnalysis| Difference {
            shared_with: others(user),
            blind_spots: vec![nothing_known(user)],
            ..Difference::default()
        };
        return users.iter().map(unknown).collect();
    };
    let needs: Vec<&Requirement> = users.iter().flat_map(|user| &user.requirements).collect();
    let question = Question {
        role,
        grants: Grants::new(role.policies.iter().map(|policy| &policy.document)),
        limits: role.limits.iter().map(|policy| (Grants::new([&policy.document]), policy)).collect(),
        refused: Grants::new(role.refused.iter().map(|policy| &policy.document)),
        given: Grants::new(role.given.iter().map(|policy| &policy.document)),
        blind: Blindness::new(users, facts),
        shower: witness::Shower::new(role, &needs, facts),
        users,
        needs,
        facts,
    };
    let mut of_role = Difference::default();
    excess::find(&question, &mut of_role);
    of_role.blind_spots.extend(unknown_boundary(role));
    let difference = |user: &&FunctionAnalysis| {
        let mut difference = Difference { shared_with: others(user), ..of_role.clone() };
        missing::find(&question, user, &mut difference);
        for rows in [&mut difference.missing, &mut difference.excess, &mut difference.too_wide] {
            rows.sort_by_key(|row| std::cmp::Reverse(row.severity));
        }
        difference
    };
    users.iter().map(difference).collect()
}

/// What is compared.
struct Question<'a> {
    role: &'a Role,
    grants: Grants<'a>,
    /// What limits the role whatever it holds, each with the policy that says so.
    limits: Vec<(Grants<'a>, &'a HeldPolicy)>,
    /// What policies of resources deny the role.
    refused: Grants<'a>,
    /// What policies of resources give the role.
    given: Grants<'a>,
    /// The functions with the role.
    users: &'a [&'a FunctionAnalysis],
    /// What any of them needs.
    needs: Vec<&'a Requirement>,
    blind: Blindness<'a>,
    shower: witness::Shower<'a>,
    facts: &'a dyn ActionFacts,
}

impl<'a> Question<'a> {
    fn policy(&self, document: usize) -> Option<&'a HeldPolicy> {
        self.role.policies.get(document)
    }

    /// Which of the functions need these actions by the requirements that a statement serves, where several share the role.
    fn needed_by(&self, actions: &[SmolStr], served: &[&Requirement]) -> Vec<NeededBy> {
        if self.users.len() < 2 {
            return Vec::new();
        }
        let part = |user: &&FunctionAnalysis| {
            let own =
                served.iter().filter(|need| user.requirements.iter().any(|each| std::ptr::eq(each, **need)));
            let own = own.map(|need| need.action.clone()).filter(|action| actions.contains(action));
            let mut own: Vec<SmolStr> = own.collect();
            own.sort();
            own.dedup();
            NeededBy { function: user.name.clone(), actions: own }
        };
        self.users.iter().map(part).filter(|part| !part.actions.is_empty()).collect()
    }
}

/// What is known of a request for the resources beside what it is about.
fn request_facts(requirement: &Requirement, resources: &[Resource]) -> Vec<Condition> {
    let encrypted =
        Condition { operator: "Bool".into(), key: "aws:SecureTransport".into(), values: vec!["true".into()] };
    // What a service does with the role has no key of the code's requests.
    let keys = guard_keys().filter(|_| requirement.origin == Origin::Configuration);
    let absent =
        keys.map(|key| Condition { operator: "Null".into(), key: key.into(), values: vec!["true".into()] });
    let carried =
        requirement.carried.iter().filter(|carried| resources.iter().all(|each| each.arn == carried.arn));
    let carried = carried.map(|carried| &carried.condition);
    requirement.conditions.iter().chain(carried).cloned().chain([encrypted]).chain(absent).collect()
}

/// The ways in which a resource's ARN may be written: a match of either counts.
fn spellings(resource: &Resource) -> impl Iterator<Item = &crate::text::TemplateString> {
    std::iter::once(&resource.arn).chain(&resource.reference)
}

fn held_by(statement: &Statement, pattern: Option<&Pattern>, policy: Option<&HeldPolicy>) -> HeldBy {
    HeldBy {
        site: pattern
            .and_then(|pattern| pattern.site)
            .or(statement.site)
            .or_else(|| policy.map(|policy| policy.site)),
        sid: statement.sid.clone(),
        policy: policy.map(|policy| policy.name.clone()).unwrap_or_default(),
    }
}

/// A boundary that the role names and nobody has read.
fn unknown_boundary(role: &Role) -> Option<BlindSpot> {
    let boundary = role.boundary.as_ref().filter(|_| role.limits.is_empty())?;
    Some(BlindSpot {
        kind: BlindKind::UnreadFile,
        site: Some(role.site),
        services: Vec::new(),
        message: format!(
            "the boundary `{boundary}` limits the role, and its statements are not known: it may not allow what is needed"
        ),
    })
}

fn nothing_known(function: &FunctionAnalysis) -> BlindSpot {
    BlindSpot {
        kind: BlindKind::UnreadFile,
        site: function.template,
        services: Vec::new(),
        message: "nothing is known of the policies in force: the role is declared elsewhere".to_owned(),
    }
}

/// Names in backticks, joined by commas; many are cut short.
pub(super) fn list(names: &[SmolStr]) -> String {
    let shown: Vec<String> = names.iter().take(8).map(|name| format!("`{name}`")).collect();
    let more = names.len() - shown.len();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    shown.join(", ") + &rest
}

/// Adds to a row what a row of the same kind says of other resources.
fn extend(row: &mut Row, other: Row) {
    row.resources.extend(other.resources);
    row.resources.sort();
    row.resources.dedup();
    row.evidence.extend(other.evidence);
    row.evidence.sort();
    row.evidence.dedup();
    row.witness = row.witness.take().or(other.witness);
}
