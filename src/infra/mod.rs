//! Deployment text → functions and resources, one room a format.

mod answers;
mod chalice;
mod cloudformation;
mod documents;
mod events;
mod facts;
mod formats;
mod fragment;
mod model;
mod paths;
mod places;
mod program;
mod references;
mod sam;
mod serverless;
mod stated;
mod terraform;
mod trust;

pub use answers::{Answered, AnsweredRole, Answers, is_answer, unescaped};
pub use cloudformation::has_stacks;
pub use facts::{
    Declared, EventPart, Guard, Need, NeedCondition, Says, SettingPath, TriggerClass, TriggerKind,
    guard_keys, trigger, triggers,
};
pub use facts::{IntegrationRequest, Integrations, Sender, destination_service, integrations, resource_type};
pub(crate) use facts::{PolicyTemplate, policy_templates};
pub use formats::{FORMATS, Format, claims};
pub use fragment::fragment;
pub use model::{
    Code, Definition, Deployment, Environment, Function, FunctionKind, HeldPolicy, Integration, Parameter,
    Resource, Role, Setting, Trigger, Workflow,
};
pub use places::Places;
pub use program::synthesized;
pub use references::{Dialect, Part};

pub use stated::{Stated, held_together, stated};
pub use trust::stranger;

use indexmap::IndexMap;

use crate::text::tree::Node;
use crate::text::{FileId, SmolStr, Sources};

/// What a reader needs to know beside the text.
pub struct Settings<'a> {
    /// Values given for the deployment's parameters.
    pub parameters: &'a IndexMap<SmolStr, SmolStr>,
    /// The JSON document of an AWS managed policy, by name or ARN.
    pub managed_policy: &'a dyn Fn(&str) -> Option<String>,
    /// The text of another file of the project, by its path relative to the project. Nothing outside of it is given.
    pub sibling: &'a dyn Fn(&str) -> Option<String>,
    /// The other files of the format in a folder of the project.
    pub among: &'a dyn Fn(&str) -> Vec<FileId>,
    /// The templates that call others as stacks and mention the file at a path of the project.
    pub callers: &'a dyn Fn(&str) -> Vec<FileId>,
    /// What a program of the project exports, as a document, by its path relative to the project.
    pub data: &'a dyn Fn(&str) -> Option<Node>,
    /// The files that are read.
    pub sources: &'a Sources,
    /// The names of all files in a folder of the project.
    pub listing: &'a dyn Fn(&str) -> Vec<String>,
    /// Which of several environments is meant, where somebody says.
    pub environment: Option<&'a str>,
}
