//! Resources with which a service sends requests, and the requests behind what they name.

use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;

/// The catalog file.
const TEXT: &str = include_str!("../../../catalogs/aws/integrations.toml");

/// The facts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Integrations {
    /// The resources.
    pub source: Vec<Sender>,
    /// Services that a target calls otherwise than their clients are called.
    pub service: IndexMap<String, String>,
    /// Services by the first word of a subtype.
    pub subtype: IndexMap<String, String>,
    /// Lists in whose elements an operation takes what is handed over.
    pub within: IndexMap<String, String>,
    /// Operations on what is in a bucket, by HTTP method.
    pub method: IndexMap<String, String>,
    /// Operations behind paths, by service.
    pub path: IndexMap<String, Request>,
    /// Operations behind ARNs.
    pub arn: Vec<Request>,
}

/// A resource with which a service sends requests.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// The path to each request; empty for the resource itself.
    pub requests: String,
    /// From there, the paths to what is asked.
    pub target: Vec<String>,
    /// From there, the paths to the role.
    #[serde(default)]
    pub role: Vec<String>,
    /// From the resource, the path to the role.
    pub own_role: Option<String>,
    /// From the resource, the path to what the role reads from.
    pub reads: Option<String>,
    /// From the request, the paths to the HTTP method.
    #[serde(default)]
    pub methods: Vec<String>,
    /// From the request, the paths to texts that become its body.
    #[serde(default)]
    pub templates: Vec<String>,
    /// From the request, the paths to maps of what it carries.
    #[serde(default)]
    pub parameters: Vec<String>,
}

/// The request behind a target.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The service in the ARN.
    #[serde(default)]
    pub service: String,
    /// The first word of the resource in the ARN.
    pub word: Option<String>,
    /// The operation.
    pub call: String,
    /// The parameter that the target is.
    pub parameter: String,
}

/// The facts.
pub fn integrations() -> &'static Integrations {
    static ALL: OnceLock<Integrations> = OnceLock::new();
    ALL.get_or_init(|| toml::from_str(TEXT).unwrap_or_default())
}
