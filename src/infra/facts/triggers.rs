//! Triggers and settings: how a template shows them, and what they ask of the execution role.

use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::text::tree::Node;

/// The catalog file.
const TEXT: &str = include_str!("../../../catalogs/aws/triggers.toml");

/// A row of the catalog: something that invokes a function, or a setting of one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriggerKind {
    /// The id that [`crate::infra::Trigger::kind`] and [`crate::infra::Setting::kind`] carry.
    pub id: String,
    /// What the row is about.
    pub class: TriggerClass,
    /// What has it: a function, unless this is `state-machine`.
    pub of: Option<String>,
    /// Whether every function has it.
    #[serde(default)]
    pub always: bool,
    /// Event types of a serverless function.
    #[serde(default)]
    pub sam_events: Vec<String>,
    /// The property of such an event that names the source.
    pub sam_source: Option<String>,
    /// The resource that is the source of such an event where it names none.
    pub sam_default: Option<String>,
    /// The ARN of a source that is named otherwise; `${Source}` is what names it.
    pub source_arn: Option<String>,
    /// Services in the ARN of an event source mapping.
    #[serde(default)]
    pub services: Vec<String>,
    /// Service principals of a permission to invoke.
    #[serde(default)]
    pub principals: Vec<String>,
    /// Resources that invoke a function.
    #[serde(default)]
    pub declared: Vec<Declared>,
    /// Paths on the function's properties.
    #[serde(default)]
    pub settings: Vec<SettingPath>,
    /// Parts of the ARN of a layer.
    #[serde(default)]
    pub layers: Vec<String>,
    /// A variable of the environment that shows the setting and gives its target.
    pub environment: Option<String>,
    /// What parts of the event say of the source: paths into the event, each with `name` (the source's own) or `arn`.
    #[serde(default)]
    pub event: IndexMap<String, EventPart>,
    /// The properties with the pattern that the events match.
    #[serde(default)]
    pub patterns: Vec<String>,
    /// Of a push, who invokes.
    pub by: Option<String>,
    /// With which permissions; without it the function's resource policy lets them in.
    pub through: Option<String>,
    /// The AWS managed policy with the same purpose.
    pub managed_policy: Option<String>,
    /// What a reader of the row should know.
    pub note: Option<String>,
    /// What may be denied to the code, since only Lambda itself needs it.
    pub guard: Option<Guard>,
    /// What the execution role must allow.
    #[serde(default)]
    pub needs: Vec<Need>,
}

/// What a statement denies to the code of a function.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guard {
    /// The name of the statement.
    pub sid: String,
    /// The actions.
    pub actions: Vec<String>,
    /// The operator of its condition.
    pub operator: String,
    /// The key, which only requests of the code have.
    pub key: String,
    /// The value: the function's ARN.
    pub value: String,
}

impl TriggerKind {
    /// Whether the row is about state machines.
    pub fn is_for_machines(&self) -> bool {
        self.of.as_deref() == Some("state-machine")
    }
}

/// What a part of the event says of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EventPart {
    /// Its ARN.
    Arn,
    /// Its name: the last part of the ARN.
    Name,
    /// A key in it, within the trigger's filter.
    Key,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TriggerClass {
    /// Lambda reads the source with the execution role.
    Poll,
    /// Somebody else invokes the function.
    Push,
    /// Lambda writes there with the execution role.
    Destination,
    /// A setting of the function.
    Setting,
}

/// A resource that invokes a function.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// Its type; `Custom::*` is every custom resource.
    #[serde(rename = "type")]
    pub kind: String,
    /// A property that it must have.
    pub has: Option<String>,
    /// A property that it must not have.
    pub lacks: Option<String>,
    /// The path to the function's ARN or name.
    pub function: String,
    /// The path to what triggers; `@` is the resource itself.
    pub source: String,
    /// What the source must say.
    pub if_source: Option<Says>,
    /// What the source must not say.
    pub unless_source: Option<Says>,
}

/// A property with its value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Says {
    /// The property.
    pub property: String,
    /// Its value.
    pub value: String,
}

/// A place on a function's properties that shows a setting.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingPath {
    /// The path; `[]` walks a list.
    pub path: String,
    /// What must stand there.
    pub value: Option<String>,
    /// What must not stand there.
    pub without: Option<String>,
    /// The path from there to the ARN that the setting names; empty for the place itself.
    pub target: Option<String>,
}

impl SettingPath {
    /// Whether what stands at the path is the setting.
    pub(crate) fn counts(&self, node: &Node) -> bool {
        let flag = node.as_flag().map(|flag| if flag { "true" } else { "false" });
        let stands = node.as_str().or(flag);
        let is = |value: &String| stands == Some(value.as_str());
        self.value.as_ref().is_none_or(is) && !self.without.as_ref().is_some_and(is)
    }
}

/// What the execution role must allow.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// When; always, where this is left out.
    pub when: Option<String>,
    /// `possible` where the template does not show whether the request is sent.
    pub certainty: Option<String>,
    /// The actions.
    pub actions: Vec<String>,
    /// The resource: `*`, `source`, `target`, `key`, `access`, or an ARN.
    pub resource: String,
    /// The resource where the named one is not known.
    pub fallback: Option<String>,
    /// The type of the resource.
    #[serde(rename = "type")]
    pub kind: String,
    /// The condition of the request.
    pub condition: Option<NeedCondition>,
}

/// The condition of a [`Need`].
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeedCondition {
    /// The operator.
    pub operator: String,
    /// The key.
    pub key: String,
    /// The value, in the words of [`Need::resource`].
    pub value: String,
}

#[derive(Default, Deserialize)]
struct File {
    trigger: Vec<TriggerKind>,
}

/// Every row, in the order of the catalog.
pub fn triggers() -> &'static [TriggerKind] {
    static ALL: OnceLock<File> = OnceLock::new();
    &ALL.get_or_init(|| toml::from_str(TEXT).unwrap_or_default()).trigger
}

/// The keys that only requests of the code have, never what a service does with the role.
pub fn guard_keys() -> impl Iterator<Item = &'static str> {
    triggers().iter().filter_map(|row| Some(row.guard.as_ref()?.key.as_str()))
}

/// The row of an id.
pub fn trigger(id: &str) -> Option<&'static TriggerKind> {
    triggers().iter().find(|row| row.id == id)
}
