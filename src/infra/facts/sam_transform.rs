//! What the serverless transform adds by itself to the role that it makes.

use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;

use super::PolicyStatement;

/// The catalog file.
pub(super) const TEXT: &str = include_str!("../../../catalogs/aws/sam_transform.toml");

/// The facts of the transform.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SamTransform {
    /// Triggers that get the managed policy of their row.
    pub(crate) polled: Vec<String>,
    /// The names of inline policies, by the setting that asks for them.
    pub(crate) names: IndexMap<String, String>,
    /// Managed policies that properties of a function ask for.
    pub(crate) managed: Vec<Managed>,
    /// Destinations by their type.
    pub(crate) destinations: IndexMap<String, Destination>,
    /// Statements for triggers.
    pub(crate) events: Vec<EventStatements>,
    /// Events that reach a function through another resource.
    pub(crate) through: Vec<Through>,
}

/// A resource that is made for a property.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Implied {
    /// Its type.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// What its id ends in.
    pub(crate) suffix: String,
    /// The attribute that is its ARN, where `Ref` is not.
    pub(crate) attribute: Option<String>,
}

/// An event that reaches a function through another resource.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Through {
    /// The type of the event.
    pub(crate) event: String,
    /// The property that says so.
    pub(crate) property: String,
    /// Where that property names the resource.
    pub(crate) source: String,
    /// The type of the event that reaches the function.
    pub(crate) becomes: String,
    /// The property of that event that names the resource.
    pub(crate) names: String,
    /// The resource that is made where none is named.
    pub(crate) implied: Implied,
}

/// A managed policy that a property asks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Managed {
    /// The type of resource that is asked for.
    #[serde(rename = "type", default = "function")]
    pub(crate) kind: String,
    /// The policy.
    pub(crate) policy: String,
    /// The rows of which only the first counts.
    pub(crate) group: Option<String>,
    /// The path of the property; every function has the policy where this is left out.
    pub(crate) property: Option<String>,
    /// The value of the property that does not count.
    pub(crate) without: Option<String>,
}

/// What a row is about that states no type.
fn function() -> String {
    "AWS::Serverless::Function".to_owned()
}

/// A destination of a type.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Destination {
    /// The service in the ARNs of that type.
    pub(crate) service: String,
    /// What is allowed.
    pub(crate) statements: Vec<PolicyStatement>,
    /// What is made where none is named.
    pub(crate) implied: Option<Implied>,
}

/// Statements for a trigger.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventStatements {
    /// The triggers.
    pub(crate) triggers: Vec<String>,
    /// Types of source access, each of which gives the statements.
    #[serde(default)]
    pub(crate) access: Vec<String>,
    /// Whether all of them together give the statements once.
    #[serde(default)]
    pub(crate) once: bool,
    /// The list of such accesses, where it is not `SourceAccessConfigurations`; then all of them count.
    pub(crate) list: Option<String>,
    /// The property that gives the statements.
    pub(crate) property: Option<String>,
    /// What the ARN in that property must begin with.
    pub(crate) starts: Option<String>,
    /// What is allowed.
    pub(crate) statements: Vec<PolicyStatement>,
}

/// The facts of the transform.
pub(crate) fn sam_transform() -> &'static SamTransform {
    static ALL: OnceLock<SamTransform> = OnceLock::new();
    ALL.get_or_init(|| toml::from_str(TEXT).unwrap_or_default())
}

/// The service in the ARNs of a destination, by the type that the template states.
pub fn destination_service(stated: &str) -> Option<&'static str> {
    sam_transform().destinations.get(stated).map(|row| row.service.as_str())
}

#[cfg(test)]
mod tests {
    use super::super::{trigger, triggers};
    use super::*;

    #[test]
    fn triggers_and_settings_are_those_of_the_catalog() {
        let facts = sam_transform();
        for name in facts.polled.iter().chain(facts.events.iter().flat_map(|row| &row.triggers)) {
            assert!(trigger(name).is_some_and(|row| !row.sam_events.is_empty()), "{name}");
        }
        for name in &facts.polled {
            assert!(trigger(name).is_some_and(|row| row.managed_policy.is_some()), "{name}");
        }
        for name in facts.names.keys() {
            assert!(triggers().iter().any(|row| row.id == *name), "{name}");
        }
        assert_eq!(destination_service("EventBridge"), Some("events"));
        assert_eq!(destination_service("Bus"), None);
    }

    #[test]
    fn each_row_fills_the_words_that_it_uses() {
        for row in &sam_transform().events {
            let known = ["${Source}", "${Access}", "${Property}", "${Property.Name}"];
            let used = |word: &str| {
                row.statements
                    .iter()
                    .flat_map(|statement| &statement.resources)
                    .any(|text| text.contains(word))
            };
            let accesses = !row.access.is_empty() || row.list.is_some();
            assert_eq!(accesses && !row.once, used("${Access}"), "{row:?}");
            assert_eq!(row.property.is_some(), used("${Property"), "{row:?}");
            assert!(row.statements.iter().flat_map(|statement| &statement.resources).all(|text| {
                !text.contains("${") || text.contains("${AWS::") || known.contains(&text.as_str())
            }));
        }
    }
}
