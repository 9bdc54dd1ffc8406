//! What the Serverless Framework makes of events and constructs, and what it adds to roles.

use std::sync::OnceLock;

use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use serde::Deserialize;

/// The catalog file.
pub(super) const TEXT: &str = include_str!("../../../catalogs/aws/serverless.toml");

/// The facts of the framework.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Framework {
    /// Events by their key.
    pub(crate) event: FxHashMap<String, Event>,
    /// What is added to a role.
    pub(crate) role: Vec<Grant>,
    /// The actions on a destination, by service.
    pub(crate) destination: FxHashMap<String, Vec<String>>,
    /// Services of destinations that the framework calls otherwise.
    destination_type: FxHashMap<String, String>,
    /// Constructs by their type.
    pub(crate) construct: FxHashMap<String, Construct>,
}

/// A kind of event.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Event {
    /// The row of the triggers.
    pub(crate) trigger: String,
    /// The key that names the source.
    pub(crate) source: Option<String>,
    /// The ARN of a source that is named otherwise.
    pub(crate) arn: Option<String>,
    /// The setting of the provider that names the source.
    pub(crate) stated: Option<String>,
    /// What the framework declares for it.
    pub(crate) resource: Option<Implied>,
    /// Keys of secrets and networks, with the type of source access.
    #[serde(default)]
    pub(crate) access: IndexMap<String, String>,
    /// What the framework adds to the role.
    #[serde(default)]
    pub(crate) grants: Vec<Grant>,
}

/// A resource that an event implies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Implied {
    /// Its type.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Its id, or what its id begins with where it has a name.
    pub(crate) id: String,
    /// The property that holds its name.
    pub(crate) name: Option<String>,
    /// Further properties.
    #[serde(default)]
    pub(crate) properties: IndexMap<String, String>,
}

/// Actions that the framework allows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grant {
    /// The cause.
    pub(crate) when: Option<String>,
    /// The actions.
    pub(crate) actions: Vec<String>,
    /// The resource.
    pub(crate) resource: String,
}

/// A kind of construct.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Construct {
    /// The attribute that is its physical name.
    pub(crate) name: String,
    /// The type of the resource that it declares, where only a deployment decides the name of that.
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    /// The event that its worker is invoked by.
    pub(crate) worker: Option<String>,
    /// Attributes that follow from the name.
    #[serde(default)]
    pub(crate) attributes: IndexMap<String, String>,
    /// What it grants to every function.
    #[serde(default)]
    pub(crate) grants: Vec<Grant>,
}

impl Framework {
    /// The service of a destination's type.
    pub(crate) fn destination_service<'a>(&'a self, stated: &'a str) -> &'a str {
        self.destination_type.get(stated).map_or(stated, String::as_str)
    }
}

/// The facts of the framework.
pub(crate) fn framework() -> &'static Framework {
    static ALL: OnceLock<Framework> = OnceLock::new();
    ALL.get_or_init(|| toml::from_str(TEXT).unwrap_or_default())
}
