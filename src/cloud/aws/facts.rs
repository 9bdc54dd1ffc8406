//! The catalog as the policy language asks about actions.

use crate::catalog::{AccessLevel, Catalog};
use crate::policy::{Access, ActionFacts};
use crate::text::SmolStr;

/// The catalog's knowledge of actions.
#[derive(Clone, Copy)]
pub struct CatalogFacts(pub Catalog);

impl ActionFacts for CatalogFacts {
    fn access(&self, action: &str) -> Option<Access> {
        self.0.action(action).map(|action| match action.access_level() {
            AccessLevel::List => Access::List,
            AccessLevel::Read => Access::Read,
            AccessLevel::Tagging => Access::Tagging,
            AccessLevel::Write => Access::Write,
            AccessLevel::PermissionsManagement => Access::Permissions,
        })
    }

    fn expand(&self, pattern: &str) -> Vec<SmolStr> {
        let name = |action: crate::catalog::Action| format!("{}:{}", action.prefix(), action.name()).into();
        let mut names: Vec<SmolStr> = self.0.expand(pattern).into_iter().map(name).collect();
        names.sort();
        names
    }

    fn resource_types(&self, action: &str) -> Option<Vec<SmolStr>> {
        let action = self.0.action(action)?;
        let patterns = action.resource_types().flat_map(|(kind, _)| kind.arn_patterns());
        Some(patterns.map(SmolStr::from).collect())
    }

    fn names_resource(&self, action: &str) -> bool {
        self.0.action(action).is_some_and(|action| action.resource_types().any(|(_, required)| required))
    }

    fn service_types(&self, prefix: &str) -> Vec<SmolStr> {
        self.0.resource_types(prefix).flat_map(|kind| kind.arn_patterns().map(SmolStr::from)).collect()
    }

    fn prefixes(&self, service: &str) -> Vec<SmolStr> {
        self.0.service(service).map(|service| service.prefix().into()).into_iter().collect()
    }
}
