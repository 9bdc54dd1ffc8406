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
    /// What the service puts behind the stated name.
    #[serde(default)]
    pub(crate) behind: String,
    /// What `Ref` returns, where it is not the physical name.
    #[serde(rename = "ref")]
    reference: Option<String>,
    /// The ARN, put together from the name.
    pub(crate) arn: Option<String>,
    /// Attributes whose text follows from the name.
    #[serde(default)]
    pub(crate) attributes: FxHashMap<String, String>,
    /// Whether `Fn::GetAtt` knows no `Arn`.
    #[serde(default)]
    no_arn: bool,
    /// What the construct of the CDK calls the ARN and the physical name.
    #[serde(default)]
    cdk: Vec<String>,
    /// The property that names a customer-managed key, as a path.
    pub(crate) key: Option<String>,
    /// The service that it runs in, and that takes its role on.
    pub(crate) service: Option<String>,
    /// The properties that name roles which it runs with, as paths.
    #[serde(default)]
    pub(crate) roles: Vec<String>,
    /// The property with a policy that says who may use a resource.
    pub(crate) policy: Option<String>,
    /// Whether such a policy is about the resource that holds it, which it calls `*`.
    #[serde(default)]
    pub(crate) policy_of_itself: bool,
}

/// What a resource's name and ARN are called.
#[derive(Debug, Default)]
pub(crate) struct Naming {
    /// The attribute that is the physical name; empty where `Ref` returns it.
    pub(crate) name: String,
    /// The property of the CDK's construct that is the ARN; empty where it has none.
    pub(crate) cdk_arn: String,
    /// The property of the CDK's construct that is the physical name; empty where it has none.
    pub(crate) cdk_name: String,
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

impl TypeFacts {
    /// What name and ARN are called.
    pub(crate) fn naming(&self) -> Naming {
        let mut named: Vec<&String> =
            self.attributes.iter().filter(|(_, text)| *text == "${Name}").map(|(name, _)| name).collect();
        named.sort();
        let is_name = self.reference() == Reference::Name;
        let name = named.first().filter(|_| !is_name).map(|name| (*name).clone()).unwrap_or_default();
        let of_cdk = |index: usize| self.cdk.get(index).cloned().unwrap_or_default();
        Naming { name, cdk_arn: of_cdk(0), cdk_name: of_cdk(1) }
    }

    /// The attributes that are ARNs, with their texts; the empty one is what `Ref` returns.
    pub(crate) fn arns(&self) -> Vec<(&str, &str)> {
        let mut arns: Vec<(&str, &str)> = vec![];
        let own = self.arn.as_deref();
        match self.reference() {
            Reference::Arn => arns.extend(own.map(|arn| ("", arn))),
            _ if !self.no_arn && !self.attributes.contains_key("Arn") => {
                arns.extend(own.map(|arn| ("Arn", arn)));
            }
            _ => {}
        }
        let mut others: Vec<(&str, &str)> =
            self.attributes.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        others.sort_unstable();
        arns.extend(others.into_iter().filter(|(_, text)| text.starts_with("arn:")));
        arns
    }
}

/// The facts of a type; those of an unlisted type are empty.
pub(crate) fn type_facts(kind: &str) -> Option<&'static TypeFacts> {
    all().get(kind)
}

/// The resource type of a service and a kind of resource, whatever their capitals.
pub fn resource_type(service: &str, resource: &str) -> Option<&'static str> {
    static KINDS: OnceLock<FxHashMap<String, &'static str>> = OnceLock::new();
    let kinds = KINDS.get_or_init(|| all().keys().map(|kind| (kind.to_lowercase(), kind.as_str())).collect());
    kinds.get(&format!("aws::{service}::{resource}").to_lowercase()).copied()
}

fn all() -> &'static FxHashMap<String, TypeFacts> {
    static ALL: OnceLock<FxHashMap<String, TypeFacts>> = OnceLock::new();
    ALL.get_or_init(|| super::table(TEXT))
}

#[cfg(test)]
pub(super) fn count() -> usize {
    all().len()
}
