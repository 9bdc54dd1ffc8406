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
}

impl TerraformType {
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
    static ALL: OnceLock<FxHashMap<String, TerraformType>> = OnceLock::new();
    ALL.get_or_init(|| super::table(TEXT)).get(kind)
}
