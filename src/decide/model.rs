//! What is decided about a function: what it needs, how that differs from what it holds, what to tell people.

use crate::cloud::{Cause, Evidence, Requirement, Resource};
use crate::flow::{ApiCall, BlindSpot};
use crate::infra::{Environment, FunctionKind, Role};
use crate::policy::algebra::Witness;
use crate::policy::{Condition, Document};
use crate::text::{Site, SmolStr, TemplateString};

pub use crate::policy::Severity;

/// Everything known of one function.
#[derive(Clone, Debug)]
pub struct FunctionAnalysis {
    /// Its name: the id in the deployment, else one made of the entry.
    pub name: SmolStr,
    /// What it is.
    pub kind: FunctionKind,
    /// The language of the entry (`python`), empty where there is none.
    pub language: SmolStr,
    /// The runtime (`python3.13`), where the template states one.
    pub runtime: Option<SmolStr>,
    /// Where the platform enters the code.
    pub entry: Option<EntryPoint>,
    /// Where the template declares the function.
    pub template: Option<Site>,
    /// Which environment of the deployment it is looked at for, where there are several.
    pub environment: Option<Environment>,
    /// The API calls, sorted by place.
    pub calls: Vec<ApiCall>,
    /// What its role must allow, sorted by action.
    pub requirements: Vec<Requirement>,
    /// What invokes it and what is set for it, with what that asks of the role.
    pub causes: Vec<Cause>,
    /// What could hide a permission, sorted by place.
    pub blind_spots: Vec<BlindSpot>,
    /// What its role holds; `None` where nothing is known of it.
    pub held: Option<Role>,
    /// The id of its role in the deployment, by which functions share one.
    pub role: Option<SmolStr>,
}

/// The routine that the platform calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPoint {
    /// Where the routine is declared; for a module without a routine, its beginning.
    pub site: Site,
    /// Its name as the handler setting has it (`handler`, `Class.method`).
    pub symbol: SmolStr,
}

/// A line of a difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The action, or the held pattern (`s3:*`).
    pub action: SmolStr,
    /// Of a held pattern, the actions that are needed.
    pub except: Vec<SmolStr>,
    /// The resources meant: needed ones for missing, held ones for excess, what to narrow to for too wide.
    pub resources: Vec<Resource>,
    /// The resources that the policy in force grants the action on.
    pub held_resources: Vec<TemplateString>,
    /// The conditions of the requirement or grant.
    pub conditions: Vec<Condition>,
    /// How much it matters.
    pub severity: Severity,
    /// What it means, as a sentence.
    pub message: String,
    /// The lines of code or template behind it.
    pub evidence: Vec<Evidence>,
    /// The statement that grants it.
    pub held_by: Option<HeldBy>,
    /// A request that shows it, confirmed by the evaluator: denied where something is missing, allowed where something is
    /// too much.
    pub witness: Option<Witness>,
    /// Where several functions share the role, what of the row each of them needs; those that need none of it are left out.
    pub needed_by: Vec<NeededBy>,
}

/// A function that needs a part of what a [`Row`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeededBy {
    /// Its name.
    pub function: SmolStr,
    /// The actions, sorted.
    pub actions: Vec<SmolStr>,
}

/// The statement behind a [`Row`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBy {
    /// Where it stands.
    pub site: Option<Site>,
    /// Its `Sid`.
    pub sid: Option<SmolStr>,
    /// The name of the policy that holds it.
    pub policy: SmolStr,
}

/// A function's requirements against the policy in force.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// Needed, not granted: the function will be denied.
    pub missing: Vec<Row>,
    /// Granted, needed by nothing.
    pub excess: Vec<Row>,
    /// Needed, but granted on more than is needed.
    pub too_wide: Vec<Row>,
    /// Names of other functions with the same role, whose needs were counted too.
    pub shared_with: Vec<SmolStr>,
    /// Policies that nobody could read, and what that leaves undecided.
    pub blind_spots: Vec<BlindSpot>,
}

/// How a policy is held by its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PolicyKind {
    /// Inside the role.
    Inline,
    /// On its own, attached to the role.
    Managed,
}

impl PolicyKind {
    /// The name in the JSON contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inline => "inline",
            Self::Managed => "managed",
        }
    }
}

/// A policy that was made for a function.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedPolicy {
    /// The name it should have.
    pub name: SmolStr,
    /// How it should be held.
    pub kind: PolicyKind,
    /// Its statements.
    pub document: Document,
}

/// A policy template of the serverless transform that grants exactly a part of what is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyTemplateUse {
    /// The name of the template.
    pub name: SmolStr,
    /// Its parameter.
    pub parameter: SmolStr,
    /// What the parameter is.
    pub argument: TemplateString,
}

/// A statement that was written by hand and stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its `Sid`.
    pub sid: Option<SmolStr>,
    /// Where it stands.
    pub site: Option<Site>,
    /// Whether it denies.
    pub denies: bool,
    /// Whether it grants something that the function needs.
    pub is_needed: bool,
}

impl Kept {
    /// What it is for, in a few words.
    pub const fn purpose(&self) -> &'static str {
        match (self.denies, self.is_needed) {
            (true, _) => "denies",
            (false, true) => "grants something that is needed",
            (false, false) => "nothing here needs it",
        }
    }
}

/// The policies that grant what a function needs and nothing else, but for what was written by hand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Synthesis {
    /// The policies; several where one would be too long for its quota, none where nothing is needed.
    pub policies: Vec<NamedPolicy>,
    /// The policy templates that stand for the rest of what is needed, where the format has such.
    pub templates: Vec<PolicyTemplateUse>,
    /// The statements of the policies that were written by hand.
    pub kept: Vec<Kept>,
    /// Whether no blind spot may hide an action that is missing here.
    pub complete: bool,
    /// What a person should know before use (a reference that became `*`), as sentences without a final period.
    pub warnings: Vec<String>,
}
