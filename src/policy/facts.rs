//! What the policy language is used to speak about: the actions that exist and what they act on.

use crate::text::SmolStr;

/// How much an action can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Access {
    /// Sees that resources exist.
    List,
    /// Sees what is in them.
    Read,
    /// Changes their tags.
    Tagging,
    /// Creates, changes and deletes.
    Write,
    /// Grants access to others.
    Permissions,
}

impl Access {
    /// One word for it, as it stands in a `Sid`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::List => "List",
            Self::Read => "Read",
            Self::Tagging => "Tag",
            Self::Write => "Write",
            Self::Permissions => "Permissions",
        }
    }
}

/// Knowledge of actions, handed in by whoever has it. Action names are matched whatever their case.
pub trait ActionFacts {
    /// How much the action can do; `None` for an action that is not known.
    fn access(&self, action: &str) -> Option<Access>;

    /// The actions that a pattern stands for (`s3:Get*`), as the authorization reference spells them, sorted.
    fn expand(&self, pattern: &str) -> Vec<SmolStr>;

    /// The ARN templates (`arn:${Partition}:s3:::${BucketName}`) of the resources that the action acts on. Empty
    /// for an action that can only be allowed on `*`; `None` for one that is not known.
    fn resource_types(&self, action: &str) -> Option<Vec<SmolStr>>;

    /// Whether every request of the action names a resource; else it may be checked against `*` alone.
    fn names_resource(&self, action: &str) -> bool {
        self.resource_types(action).is_some_and(|types| !types.is_empty())
    }

    /// The ARN templates of all resources of an action prefix (`s3`).
    fn service_types(&self, prefix: &str) -> Vec<SmolStr>;

    /// The action prefixes of a service by its client name (`stepfunctions` → `states`).
    fn prefixes(&self, service: &str) -> Vec<SmolStr>;
}
