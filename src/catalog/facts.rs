//! Services, operations and actions as the files state them, shared by the build step and the overlays of a user.

use indexmap::IndexMap;
use serde::Deserialize;

/// `services/<service>.json`
#[derive(Deserialize)]
pub(crate) struct Service {
    /// The client name.
    #[serde(rename = "service")]
    pub(crate) name: String,
    /// The prefix of its actions.
    pub(crate) prefix: String,
    /// The service id.
    #[serde(rename = "service_id")]
    pub(crate) id: String,
    /// The operations.
    pub(crate) operations: IndexMap<String, Operation>,
    /// Operations with a paginator.
    pub(crate) paginators: Vec<String>,
    /// Waiters with their operations.
    pub(crate) waiters: IndexMap<String, String>,
}

/// An operation.
#[derive(Deserialize)]
pub(crate) struct Operation {
    /// The members of its request.
    pub(crate) parameters: Vec<String>,
    /// `actions` unless stated.
    #[serde(default)]
    pub(crate) authorization: Option<String>,
    /// What a call is checked against.
    #[serde(default)]
    pub(crate) rules: Vec<Rule>,
}

/// A rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// The action.
    pub(crate) action: String,
    /// `always` unless stated.
    #[serde(default)]
    pub(crate) class: Option<String>,
    /// The condition on the request.
    #[serde(default)]
    pub(crate) when: String,
    /// Type, ARN template and perhaps condition.
    #[serde(default)]
    pub(crate) resources: Vec<Vec<String>>,
    /// The context of the request.
    #[serde(default)]
    pub(crate) conditions: IndexMap<String, String>,
    /// Conditions that only narrow.
    #[serde(default)]
    pub(crate) narrowing: IndexMap<String, String>,
    /// `identity` unless stated.
    #[serde(default)]
    pub(crate) provenance: Option<String>,
    /// `high` unless stated.
    #[serde(default)]
    pub(crate) confidence: Option<String>,
    /// A remark.
    #[serde(default)]
    pub(crate) note: String,
}

/// `actions/<prefix>.json`
#[derive(Deserialize)]
pub(crate) struct Prefix {
    /// The prefix.
    #[serde(rename = "prefix")]
    pub(crate) name: String,
    /// Its actions.
    pub(crate) actions: IndexMap<String, Action>,
    /// Its resource types.
    pub(crate) resource_types: IndexMap<String, ResourceType>,
}

/// An action.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Action {
    /// The access level.
    pub(crate) access: String,
    /// Names of resource types, with `*` behind one that is required.
    #[serde(default)]
    pub(crate) resource_types: Vec<String>,
    /// Condition keys.
    #[serde(default)]
    pub(crate) condition_keys: Vec<String>,
    /// Dependent actions.
    #[serde(default)]
    pub(crate) dependents: Vec<String>,
}

/// A resource type.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResourceType {
    /// The patterns of its ARNs.
    pub(crate) arn: Vec<String>,
    /// Condition keys.
    #[serde(default)]
    pub(crate) condition_keys: Vec<String>,
}
