//! What the readers know of resource types, triggers, policy templates, the Serverless Framework and Terraform: data,
//! read once when first asked for.

mod policy_templates;
mod serverless;
mod terraform;
mod triggers;
mod types;

pub(crate) use policy_templates::{
    PolicyTemplate, Statement as PolicyStatement, policy_template, policy_templates,
};
pub(crate) use serverless::{Construct, Event as ServerlessEvent, Grant, framework};
pub(crate) use terraform::{ModuleRole, TerraformType, terraform_type, terraform_types};
pub use triggers::{
    Declared, EventPart, Need, NeedCondition, Says, SettingPath, TriggerClass, TriggerKind, trigger, triggers,
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

    #[test]
    fn every_table_is_read() {
        assert!(types::TEXT.parse::<toml::Table>().is_ok_and(|table| table.len() == types::count()));
        assert!(types::count() > 140);
        assert!(policy_templates::TEXT.parse::<toml::Table>().is_ok_and(|table| table.len() == 81));
        assert!(policy_template("VPCAccessPolicy").is_some());
        assert_eq!(triggers().len(), 58);
        assert!(
            terraform::TEXT
                .parse::<toml::Table>()
                .is_ok_and(|table| table.len() == terraform_types().count())
        );
        assert!(terraform_types().count() > 40);
        assert!(terraform_type("aws_lambda_function").is_some());
        assert!(serverless::TEXT.parse::<toml::Table>().is_ok());
        assert_eq!(framework().event.len(), 26);
        assert!(framework().event.values().all(|event| trigger(&event.trigger).is_some()));
    }
}
