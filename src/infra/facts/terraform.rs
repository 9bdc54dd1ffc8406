//! Terraform's resources in the terms of CloudFormation.

use std::sync::OnceLock;

use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use serde::Deserialize;

/// The catalog file.
pub(super) const TEXT: &str = include_str!("../../../catalogs/aws/terraform.toml");

/// Facts of a resource type of Terraform.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TerraformType {
    /// The type of CloudFormation.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The attributes that are the physical name, beside `name`.
    #[serde(default)]
    name: Vec<String>,
    /// What the attribute `id` is, where it is not the physical name.
    id: Option<String>,
    /// Other attributes that CloudFormation spells otherwise.
    #[serde(default)]
    attributes: FxHashMap<String, String>,
    /// Arguments and the properties that they stand for.
    #[serde(default)]
    pub(crate) properties: IndexMap<String, String>,
    /// Other spellings of a module's source.
    #[serde(default)]
    pub(crate) sources: Vec<String>,
    /// The role that a module makes.
    pub(crate) role: Option<ModuleRole>,
}

/// The execution role that a module makes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModuleRole {
    /// What the role is called within the module.
    pub(crate) id: String,
    /// The argument that names another role.
    pub(crate) stated: String,
    /// The argument that switches the role off.
    pub(crate) unless: String,
    /// The argument with statements.
    pub(crate) statements: String,
    /// The arguments with documents.
    pub(crate) documents: Vec<String>,
    /// The arguments with ARNs of policies.
    pub(crate) managed: Vec<String>,
    /// What the module adds by itself.
    pub(crate) adds: Vec<ModuleGrant>,
}

/// What a module allows by itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ModuleGrant {
    /// The argument that decides it.
    pub(crate) flag: String,
    /// What holds where the argument is left out.
    #[serde(default)]
    pub(crate) default: bool,
    /// The actions.
    pub(crate) actions: Vec<String>,
    /// The resources.
    #[serde(default)]
    pub(crate) resources: Vec<String>,
    /// The argument that is the resource.
    pub(crate) target: Option<String>,
}

impl TerraformType {
    /// An attribute of CloudFormation as Terraform spells it; the empty one is the physical name.
    pub(crate) fn spelling(&self, attribute: &str) -> crate::text::SmolStr {
        let mut known: Vec<&String> = self
            .attributes
            .iter()
            .filter(|(_, own)| own.as_str() == attribute)
            .map(|(name, _)| name)
            .collect();
        known.sort();
        match (known.first(), attribute) {
            (Some(known), _) => known.as_str().into(),
            (None, "") => self.name.first().map_or("name", String::as_str).into(),
            (None, "Arn") => "arn".into(),
            (None, other) => other.into(),
        }
    }

    /// An attribute as CloudFormation spells it; empty for the physical name.
    pub(crate) fn attribute<'a>(&'a self, attribute: &'a str) -> &'a str {
        if let Some(known) = self.attributes.get(attribute) {
            return known;
        }
        match (attribute, self.id.as_deref()) {
            ("arn" | "invoke_arn" | "qualified_arn", _) | ("id", Some("arn")) => "Arn",
            ("id", Some(known)) => known,
            ("id" | "name", _) => "",
            _ if self.name.iter().any(|known| known == attribute) => "",
            _ => attribute,
        }
    }
}

/// The facts of a type.
pub(crate) fn terraform_type(kind: &str) -> Option<&'static TerraformType> {
    all().get(kind)
}

/// Every type with its facts.
pub(crate) fn terraform_types() -> impl Iterator<Item = (&'static String, &'static TerraformType)> {
    all().iter()
}

fn all() -> &'static IndexMap<String, TerraformType> {
    static ALL: OnceLock<IndexMap<String, TerraformType>> = OnceLock::new();
    ALL.get_or_init(|| toml::from_str(TEXT).unwrap_or_default())
}
