//! What a function's role must allow, and why.

use crate::flow::Confidence;
use crate::policy::Condition;
use crate::text::{Site, SmolStr, TemplateString};

/// Whether the request is sent, seen from source and template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Certainty {
    /// Some statically reachable path sends a request that is checked against the action.
    Certain,
    /// Needed only in a state of the deployment that source and template do not show.
    Possible,
}

/// Where a requirement comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// An operation that the code calls is checked against the action.
    Call,
    /// Checked because of what the operation hands over or reads on the caller's behalf.
    Dependent,
    /// The deployment's own settings need it.
    Configuration,
}

/// Where the text of a resource came from. A mixture takes the last that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resolution {
    /// Text in the code.
    Literal,
    /// The environment or an argument leads into the deployment.
    Template,
    /// A value of the environment that no template gives.
    Environment,
    /// The invocation event.
    Event,
    /// A part is unknown and became `*`.
    Partial,
    /// Nothing is known, or the action takes no resource.
    Any,
}

/// A resource that a requirement is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Resource {
    /// The whole ARN, or `*`. Resources of the deployment stand by their physical name.
    pub arn: TemplateString,
    /// The same ARN with the deployment's own ids in place of physical names, where that differs.
    pub reference: Option<TemplateString>,
    /// The resource type in the words of the authorization reference (`table`, `object`), `*` for none.
    pub kind: SmolStr,
    /// Where the text came from.
    pub resolution: Resolution,
}

/// Why a requirement exists.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Evidence {
    /// The call, the template property or the statement.
    pub site: Site,
    /// What it is, in a few words (`dynamodb.PutItem`, `Events.Orders: SQS`).
    pub what: SmolStr,
}

/// A condition that every request for an action on a resource meets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Carried {
    /// The ARN of the resource.
    pub arn: TemplateString,
    /// The condition.
    pub condition: Condition,
}

/// One action on one or more resources, under conditions.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// The action (`dynamodb:PutItem`), spelled as the authorization reference spells it.
    pub action: SmolStr,
    /// The resources, sorted and without doubles.
    pub resources: Vec<Resource>,
    /// The conditions under which the request is made (`iam:PassedToService`).
    pub conditions: Vec<Condition>,
    /// What all requests of the code meet beside that, sorted: a policy may ask for it.
    pub carried: Vec<Carried>,
    /// Whether the request is sent.
    pub certainty: Certainty,
    /// Where the requirement comes from.
    pub origin: Origin,
    /// How sure the reading of the code is.
    pub confidence: Confidence,
    /// Why, sorted by place.
    pub evidence: Vec<Evidence>,
}

/// A trigger or setting of a function, and what it asks of the role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// Where it stands.
    pub site: Site,
    /// What it is, by its id in the catalog (`sqs`, `vpc`).
    pub what: SmolStr,
    /// Whether it asks for anything.
    pub asks: bool,
    /// Why, or why not.
    pub why: String,
}
