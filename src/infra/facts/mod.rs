//! What the readers know of resource types, triggers, policy templates, the frameworks and Terraform: data, read once when first asked for.

mod chalice;
mod connectors;
mod integrations;
mod policy_templates;
mod sam_transform;
mod serverless;
mod terraform;
mod triggers;
mod types;

pub(crate) use chalice::{Registration, chalice};
pub(crate) use connectors::{Side as ConnectorSide, connector, transformed};
pub use integrations::{Integrations, Request as IntegrationRequest, Sender, integrations};
pub(crate) use policy_templates::{
    PolicyTemplate, Statement as PolicyStatement, policy_template, policy_templates,
};
pub use sam_transform::destination_service;
pub(crate) use sam_transform::{EventStatements, Implied, sam_transform};
pub(crate) use serverless::{Construct, Event as ServerlessEvent, Grant, framework};
pub(crate) use terraform::{ModuleRole, TerraformType, terraform_type, terraform_types};
pub use triggers::{
    Declared, EventPart, Guard, Need, NeedCondition, Says, SettingPath, TriggerClass, TriggerKind,
    guard_keys, trigger, triggers,
};
pub use types::resource_type;
pub(crate) use types::{Naming, Reference, TypeFacts, type_facts};

use rustc_hash::FxHashMap;
use serde::de::DeserializeOwned;

/// A table of a catalog file. The files are part of the program: a test reads each of them, so that an empty
/// table in place of one that cannot be read is never seen.
fn table<T: DeserializeOwned>(text: &str) -> FxHashMap<String, T> {
    toml::from_str(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TemplateString;

    #[test]
    fn every_table_is_read_whole() {
        let rows = |text: &str| text.parse::<toml::Table>().map(|table| table.len()).unwrap_or_default();
        assert_eq!(rows(types::TEXT), types::count());
        assert_eq!(rows(policy_templates::TEXT), policy_templates().len());
        assert_eq!(rows(terraform::TEXT), terraform_types().count());
        assert!(toml::from_str::<toml::Table>(sam_transform::TEXT).is_ok());
        assert!(toml::from_str::<toml::Table>(connectors::TEXT).is_ok());
        assert_eq!(chalice().registration.len(), 13);
        assert!(toml::from_str::<toml::Table>(chalice::TEXT).is_ok());
        assert_eq!(sam_transform().managed.len(), 5);
    }

    #[test]
    fn types_say_how_they_are_named_and_referred_to() {
        let topic = type_facts("AWS::SNS::Topic").map(TypeFacts::reference);
        assert_eq!(topic, Some(Reference::Arn));
        let queue = type_facts("AWS::SQS::Queue").map(TypeFacts::naming);
        assert_eq!(queue.map(|naming| naming.name).as_deref(), Some("QueueName"));
        assert_eq!(resource_type("dynamodb", "table"), Some("AWS::DynamoDB::Table"));
    }

    #[test]
    fn terraform_stands_for_types_that_are_known() {
        for (name, facts) in terraform_types() {
            let is_known = type_facts(&facts.kind).is_some() || facts.kind.starts_with("AWS::");
            assert!(is_known || facts.kind.starts_with("aws_"), "{name} is {}", facts.kind);
        }
        let function = terraform_type("aws_lambda_function");
        assert_eq!(function.map(|facts| facts.kind.as_str()), Some("AWS::Lambda::Function"));
        assert_eq!(function.map(|facts| facts.attribute("invoke_arn")), Some("Arn"));
    }

    #[test]
    fn events_of_the_framework_are_triggers_of_the_catalog() {
        assert!(framework().event.values().all(|event| trigger(&event.trigger).is_some()));
        assert!(framework().event.contains_key("sqs"));
    }

    #[test]
    fn policy_templates_fill_the_parameters_that_they_have() {
        for (name, template) in policy_templates() {
            for statement in &template.statements {
                let place = |word: &str| {
                    assert!(template.parameters.iter().any(|known| known == word), "{name}: {word}");
                    TemplateString::from("filled")
                };
                let allowed = statement.allowed(&place);
                assert_eq!(allowed.actions.len(), statement.actions.len());
            }
        }
    }

    #[test]
    fn triggers_are_told_apart() {
        let mut ids: Vec<&str> = triggers().iter().map(|row| row.id.as_str()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
        for row in triggers().iter().filter(|row| row.class == TriggerClass::Poll) {
            assert!(!row.needs.is_empty(), "{} is polled with the role", row.id);
        }
        for row in triggers().iter().filter(|row| row.needs.is_empty()) {
            assert_ne!(row.class, TriggerClass::Destination, "{}", row.id);
        }
    }
}
