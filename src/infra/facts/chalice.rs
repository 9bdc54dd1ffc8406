//! What an application of AWS Chalice deploys for what its program registers.

use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;

/// The catalog file.
pub(super) const TEXT: &str = include_str!("../../../catalogs/aws/chalice.toml");

/// The facts of the framework.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chalice {
    /// What a member of the application registers, by its name.
    pub(crate) registration: IndexMap<String, Registration>,
    /// Statements that are added to roles.
    pub(crate) role: Vec<Addition>,
}

/// A kind of registration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registration {
    /// The one function through which all of the kind are entered.
    pub(crate) function: Option<String>,
    /// The arguments by position.
    #[serde(default)]
    pub(crate) parameters: Vec<String>,
    /// The type of the event.
    pub(crate) event: Option<String>,
    /// The property that names the source, and the arguments of which one says what it is.
    #[serde(default)]
    pub(crate) source: IndexMap<String, String>,
    /// The ARN of a source that is named otherwise.
    pub(crate) arn: Option<String>,
    /// Properties that hold other arguments.
    #[serde(default)]
    pub(crate) keys: IndexMap<String, String>,
    /// Rules on the key of an object, by the arguments that hold them.
    #[serde(default)]
    pub(crate) filters: IndexMap<String, String>,
    /// Actions that are added to the role.
    #[serde(default)]
    pub(crate) grants: Vec<String>,
}

/// A statement that is added to roles.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Addition {
    /// The setting that it needs.
    pub(crate) when: String,
    /// What it allows.
    pub(crate) actions: Vec<String>,
    /// On what.
    pub(crate) resource: String,
}

/// The facts of the framework.
pub(crate) fn chalice() -> &'static Chalice {
    static ALL: OnceLock<Chalice> = OnceLock::new();
    ALL.get_or_init(|| toml::from_str(TEXT).unwrap_or_default())
}
