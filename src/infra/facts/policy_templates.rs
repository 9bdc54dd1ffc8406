//! The policy templates of the serverless transform.

use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;

/// The catalog file.
pub(super) const TEXT: &str = include_str!("../../../catalogs/aws/sam_policy_templates.toml");

/// What a policy template grants.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyTemplate {
    /// The names of its parameters.
    pub(crate) parameters: Vec<String>,
    /// Its statements.
    pub(crate) statements: Vec<Statement>,
}

/// A statement of a policy template. All of them allow.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Statement {
    /// The actions.
    pub(crate) actions: Vec<String>,
    /// The resources, with parameters as `${Name}`.
    pub(crate) resources: Vec<String>,
    /// The conditions.
    #[serde(default)]
    pub(crate) conditions: Vec<Condition>,
}

/// A condition of a [`Statement`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Condition {
    /// The operator.
    pub(crate) operator: String,
    /// The key.
    pub(crate) key: String,
    /// The values, with parameters as `${Name}`.
    pub(crate) values: Vec<String>,
}

/// The policy template of a name.
pub(crate) fn policy_template(name: &str) -> Option<&'static PolicyTemplate> {
    policy_templates().get(name)
}

/// Every policy template by its name.
pub(crate) fn policy_templates() -> &'static IndexMap<String, PolicyTemplate> {
    static ALL: OnceLock<IndexMap<String, PolicyTemplate>> = OnceLock::new();
    ALL.get_or_init(|| toml::from_str(TEXT).unwrap_or_default())
}
