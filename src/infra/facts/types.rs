//! Facts per resource type: physical name, what `Ref` returns, ARN.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

/// The catalog file.
pub(super) const TEXT: &str = include_str!("../../../catalogs/aws/cloudformation.toml");

/// Facts of a resource type.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TypeFacts {
    /// The property that states the physical name, as a path.
    pub(crate) name: Option<String>,
    /// What `Ref` returns, where it is not the physical name.
    #[serde(rename = "ref")]
    reference: Option<String>,
    /// The ARN, put together from the name.
    pub(crate) arn: Option<String>,
    /// Attributes whose text follows from the name.
    #[serde(default)]
    pub(crate) attributes: FxHashMap<String, String>,
    /// The property that names a customer-managed key, as a path.
    pub(crate) key: Option<String>,
}

/// What `Ref` of a resource returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reference<'a> {
    /// Its physical name.
    Name,
    /// Its ARN.
    Arn,
    /// An attribute.
    Attribute(&'a str),
}

impl TypeFacts {
    /// What `Ref` returns.
    pub(crate) fn reference(&self) -> Reference<'_> {
        match self.reference.as_deref() {
            None => Reference::Name,
            Some("arn") => Reference::Arn,
            Some(attribute) => Reference::Attribute(attribute),
        }
    }
}

/// The facts of a type; those of an unlisted type are empty.
pub(crate) fn type_facts(kind: &str) -> Option<&'static TypeFacts> {
    all().get(kind)
}

fn all() -> &'static FxHashMap<String, TypeFacts> {
    static ALL: OnceLock<FxHashMap<String, TypeFacts>> = OnceLock::new();
    ALL.get_or_init(|| super::table(TEXT))
}

#[cfg(test)]
pub(super) fn count() -> usize {
    all().len()
}
