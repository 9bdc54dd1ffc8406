//! What the abstract run finds: API calls and blind spots, as plain data that can be read without the run.

use indexmap::IndexMap;

use crate::text::{Site, SmolStr, TemplateString};

/// An SDK operation reached from an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiCall {
    /// The service by its client name (`dynamodb`).
    pub service: SmolStr,
    /// The operation by the API's name (`PutItem`).
    pub operation: SmolStr,
    /// What the request carries.
    pub arguments: Record,
    /// The settings of the client that sends it (`region`).
    pub client: Record,
    /// The token that names the operation.
    pub site: Site,
    /// The calls from the entry to the routine that holds the call site, outermost first.
    pub route: Vec<Step>,
    /// Who sends the request.
    pub principal: Principal,
    /// How sure the reading of the code is.
    pub confidence: Confidence,
    /// Whether the request is sent whatever the deployment's state.
    pub certain: bool,
}

/// A call on the way from an entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Step {
    /// The call.
    pub site: Site,
    /// The name of the routine that makes the call.
    pub routine: SmolStr,
}

/// Whose credentials sign a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Principal {
    /// The function's own execution role.
    ExecutionRole,
    /// A role that the code assumes: its ARN as far as known.
    AssumedRole(TemplateString),
    /// Somebody else; the text says what the credentials come from.
    Other(SmolStr),
}

/// How sure the reading of the code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Confidence {
    /// The value flow shows it.
    Proven,
    /// A declared type or a single candidate decides.
    Likely,
    /// Several implementations, or no entry.
    Assumed,
}

/// A value of a request, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// Text: one of these.
    Text(Vec<TemplateString>),
    /// `true` or `false`.
    Flag(bool),
    /// A number, as it is spelled; empty where it is not known.
    Number(SmolStr),
    /// Nothing (`None`, `null`).
    Nil,
    /// A list, by what its elements may be.
    List(Vec<Argument>),
    /// A record.
    Record(Record),
    /// One of several shapes.
    OneOf(Vec<Argument>),
    /// Nothing is known; the text says why in a word (`event`, `unknown`).
    Unknown(SmolStr),
}

/// The fields of a request or of a part of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The fields that are known.
    pub fields: IndexMap<SmolStr, Field>,
    /// Names of further fields that are known only in part.
    pub keys: Vec<TemplateString>,
    /// Whether there may be fields that are not known.
    pub open: bool,
}

/// A field of a [`Record`].
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its value.
    pub value: Argument,
    /// Whether it is there on every path; else on some.
    pub always: bool,
}

/// What could hide a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BlindKind {
    /// A file of the function that could not be read.
    UnreadFile,
    /// A template or language that is not read.
    UnreadFormat,
    /// A client whose service is not known.
    UnknownService,
    /// An operation that is not known.
    UnknownOperation,
    /// A resource whose name is not known.
    UnresolvedResource,
    /// A client handed to code outside the project.
    EscapedClient,
    /// A name that is worked out while the program runs.
    Reflection,
    /// Another program is started.
    Subprocess,
    /// A limit of the analysis was reached.
    Limit,
    /// No entry was found.
    NoEntry,
}

impl BlindKind {
    /// The name in the JSON contract (`unread-file`).
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnreadFile => "unread-file",
            Self::UnreadFormat => "unread-format",
            Self::UnknownService => "unknown-service",
            Self::UnknownOperation => "unknown-operation",
            Self::UnresolvedResource => "unresolved-resource",
            Self::EscapedClient => "escaped-client",
            Self::Reflection => "reflection",
            Self::Subprocess => "subprocess",
            Self::Limit => "limit",
            Self::NoEntry => "no-entry",
        }
    }

    /// Whether a permission may be missing because of it; else only a resource is wider than it need be.
    pub const fn hides_actions(self) -> bool {
        !matches!(self, Self::UnresolvedResource)
    }
}

/// A place where the analysis may have missed something.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlindSpot {
    /// What kind.
    pub kind: BlindKind,
    /// Where; `None` where there is no place in a file.
    pub site: Option<Site>,
    /// The services it may concern, by client name; empty where it may be any.
    pub services: Vec<SmolStr>,
    /// What it is, as a sentence without a final period.
    pub message: String,
}
