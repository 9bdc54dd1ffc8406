//! What the checks ask beside actions: condition keys, risks, combinations.

use super::super::escalation::Escalations;
use super::super::facts::ActionFacts;
use crate::catalog::{IamFacts, KeyType};
use crate::text::SmolStr;

/// Knowledge of condition keys, resource types and risks, handed in by whoever has it.
pub trait LintFacts: ActionFacts {
    /// Whether actions begin with the prefix.
    fn is_service(&self, prefix: &str) -> bool;

    /// The ARN templates of all resource types whose ARNs name that service.
    fn arn_types(&self, service: &str) -> Vec<SmolStr>;

    /// The ARN templates of resource types whose ARNs name whatever service the resource came from.
    fn open_arn_types(&self) -> Vec<SmolStr>;

    /// The condition keys that an action can be restricted by, those of its resources among them, without the global
    /// ones.
    fn action_keys(&self, action: &str) -> Vec<SmolStr>;

    /// The type of a condition key; `None` for one that is not known.
    fn key_type(&self, key: &str) -> Option<KeyType>;

    /// Whether every service may see the condition key.
    fn is_global_key(&self, key: &str) -> bool;

    /// What IAM itself knows.
    fn iam(&self) -> &IamFacts;

    /// The combinations of actions with which a role can become more than it is.
    fn escalations(&self) -> &Escalations;

    /// Whether the action hands out data.
    fn exfiltrates(&self, action: &str) -> bool;
}
