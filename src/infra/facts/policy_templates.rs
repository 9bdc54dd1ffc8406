//! The policy templates of the serverless transform.

use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;

use super::super::documents::Allowed;
use crate::text::{Hole, TemplateString};

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

impl Statement {
    /// The statement with its words in place: the deployment's own, any other by what `place` gives for it.
    pub(crate) fn allowed(&self, place: &dyn Fn(&str) -> TemplateString) -> Allowed {
        let fill = |text: &String| {
            TemplateString::filled(text, |word| match word {
                "AWS::Partition" => Hole::Partition.into(),
                "AWS::Region" => Hole::Region.into(),
                "AWS::AccountId" => Hole::Account.into(),
                word => place(word),
            })
        };
        let conditions = self.conditions.iter().map(|condition| {
            let values = condition.values.iter().map(fill).collect();
            (condition.operator.clone(), condition.key.clone(), values)
        });
        Allowed {
            actions: self.actions.iter().map(|action| action.as_str().into()).collect(),
            resources: self.resources.iter().map(fill).collect(),
            conditions: conditions.collect(),
        }
    }
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
