//! What the tasks of state machines ask for, as `catalogs/aws/workflows.toml` has it.

use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;

/// The catalog file.
const TEXT: &str = include_str!("../../../../catalogs/aws/workflows.toml");

/// The facts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Facts {
    /// Where the names of integrations with an SDK come from.
    pub(super) sdk: Sdk,
    /// Services that integrations call otherwise.
    pub(super) services: IndexMap<String, String>,
    /// What a rule that hears of the end of jobs asks for.
    pub(super) rule: Need,
    /// Integrations that are more than an operation.
    integration: Vec<Integration>,
    /// Parts of a distributed map.
    parts: Vec<Part>,
}

/// Names of an SDK.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sdk {
    /// The SDK.
    pub(super) names: String,
    /// What its packages begin with.
    pub(super) package: String,
}

/// An integration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Integration {
    /// Its name.
    name: String,
    /// The operation, where it is not that of the name; empty where there is none.
    pub(super) call: Option<String>,
    /// Parameters that the operation calls otherwise.
    #[serde(default)]
    pub(super) renames: IndexMap<String, String>,
    /// What is asked for beside the operation.
    #[serde(default)]
    pub(super) needs: Vec<Need>,
    /// What waiting for the end asks for.
    #[serde(default)]
    pub(super) sync: Vec<Need>,
    /// The rule that hears of the end.
    pub(super) jobs: Option<String>,
    /// Where the row is from, if not from the guide.
    #[serde(rename = "source")]
    _source: Option<String>,
}

/// A part of a distributed map.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    /// Its name; empty for the map itself.
    part: String,
    /// What it asks for.
    needs: Vec<Need>,
}

/// Actions on a resource.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Need {
    /// The actions.
    pub(super) actions: Vec<String>,
    /// The ARN, in the language of the actions' rules.
    pub(super) resource: String,
    /// The type of the resource.
    #[serde(rename = "type")]
    pub(super) kind: String,
}

impl Facts {
    /// The integration of a name.
    pub(super) fn integration(&self, name: &str) -> Option<&Integration> {
        self.integration.iter().find(|row| row.name.eq_ignore_ascii_case(name))
    }

    /// What a part of a distributed map asks for.
    pub(super) fn part(&self, part: &str) -> &[Need] {
        self.parts.iter().find(|row| row.part == part).map(|row| row.needs.as_slice()).unwrap_or_default()
    }
}

/// The facts.
pub(super) fn facts() -> &'static Facts {
    static ALL: OnceLock<Facts> = OnceLock::new();
    ALL.get_or_init(|| toml::from_str(TEXT).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn every_need_names_actions_and_a_resource_of_the_catalog() {
        let facts = facts();
        let catalog = Catalog::embedded();
        let of_rows = facts.integration.iter().flat_map(|row| row.needs.iter().chain(&row.sync));
        let of_parts = facts.parts.iter().flat_map(|part| &part.needs);
        for need in of_rows.chain(of_parts).chain([&facts.rule]) {
            for action in &need.actions {
                assert!(catalog.action(action).is_some(), "{action}");
                let prefix = action.split(':').next().unwrap_or_default();
                let known = need.kind == "*" || catalog.resource_type(prefix, &need.kind).is_some();
                assert!(known, "{action} on {}", need.kind);
            }
        }
    }

    #[test]
    fn every_integration_leads_to_an_operation() {
        let facts = facts();
        assert!(facts.integration.len() > 40);
        for row in &facts.integration {
            let found = super::super::operation(Catalog::embedded(), &row.name, Some(row));
            assert_eq!(found.is_some(), row.call.as_deref() != Some(""), "{}", row.name);
        }
    }
}
