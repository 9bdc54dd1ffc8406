//! The catalog as the policy language asks about actions.

use indexmap::IndexMap;

use crate::catalog::{AccessLevel, Catalog, IamFacts, KeyType, Risks};
use crate::policy::lint::LintFacts;
use crate::policy::{Access, ActionFacts, Escalations};
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

/// The catalog as the checks of policies ask it.
pub struct CatalogLintFacts {
    facts: CatalogFacts,
    /// The ARN templates of all resource types, by the service that their ARNs name.
    arn_types: IndexMap<SmolStr, Vec<SmolStr>>,
}

impl CatalogLintFacts {
    /// The knowledge of a catalog.
    pub fn new(catalog: Catalog) -> Self {
        let mut arn_types: IndexMap<SmolStr, Vec<SmolStr>> = IndexMap::new();
        for prefix in catalog.prefixes() {
            for template in
                catalog.resource_types(prefix).flat_map(crate::catalog::ResourceType::arn_patterns)
            {
                add_type(&mut arn_types, template);
            }
        }
        let unlisted = catalog.iam().unlisted.resource_types.values().flatten();
        unlisted.for_each(|template| add_type(&mut arn_types, template));
        Self { facts: CatalogFacts(catalog), arn_types }
    }
}

fn add_type(types: &mut IndexMap<SmolStr, Vec<SmolStr>>, template: &str) {
    let service = template.split(':').nth(2).unwrap_or("");
    let known = types.entry(service.into()).or_default();
    if !known.iter().any(|other| other == template) {
        known.push(template.into());
    }
}

impl ActionFacts for CatalogLintFacts {
    fn access(&self, action: &str) -> Option<Access> {
        self.facts.access(action)
    }

    fn expand(&self, pattern: &str) -> Vec<SmolStr> {
        self.facts.expand(pattern)
    }

    fn resource_types(&self, action: &str) -> Option<Vec<SmolStr>> {
        let mut types = self.facts.resource_types(action)?;
        types.extend(self.iam().unlisted.resource_types.get(action).into_iter().flatten().cloned());
        Some(types)
    }

    fn service_types(&self, prefix: &str) -> Vec<SmolStr> {
        self.facts.service_types(prefix)
    }

    fn prefixes(&self, service: &str) -> Vec<SmolStr> {
        self.facts.prefixes(service)
    }
}

impl LintFacts for CatalogLintFacts {
    fn is_service(&self, prefix: &str) -> bool {
        self.facts.0.actions(prefix).len() > 0
    }

    fn arn_types(&self, service: &str) -> Vec<SmolStr> {
        self.arn_types.get(service).cloned().unwrap_or_default()
    }

    fn open_arn_types(&self) -> Vec<SmolStr> {
        let open = self.arn_types.iter().filter(|(service, _)| service.starts_with("${"));
        open.flat_map(|(_, types)| types.clone()).collect()
    }

    fn action_keys(&self, action: &str) -> Vec<SmolStr> {
        let unlisted = self.iam().unlisted.keys.get(action).into_iter().flatten().cloned();
        let Some(action) = self.facts.0.action(action) else { return vec![] };
        let of_types = action.resource_types().flat_map(|(kind, _)| kind.condition_keys());
        action.condition_keys().chain(of_types).map(SmolStr::from).chain(unlisted).collect()
    }

    fn key_type(&self, key: &str) -> Option<KeyType> {
        self.facts.0.key_type(key)
    }

    fn is_global_key(&self, key: &str) -> bool {
        self.facts.0.is_global_key(key)
    }

    fn iam(&self) -> &IamFacts {
        self.facts.0.iam()
    }

    fn escalations(&self) -> &Escalations {
        super::escalation::escalations()
    }

    fn exfiltrates(&self, action: &str) -> bool {
        Risks::embedded().exfiltrates(action)
    }
}
