//! The facts as their files state them.

use std::error::Error;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// All facts about a cloud.
pub(crate) struct Facts {
    /// The date of the authorization data.
    pub(crate) date: String,
    /// The services, by name.
    pub(crate) services: Vec<Service>,
    /// The prefixes, by name.
    pub(crate) prefixes: Vec<Prefix>,
    /// The managed policies: ARN and document.
    pub(crate) policies: Vec<(String, String)>,
}

/// `sources.json`
#[derive(Deserialize)]
struct Sources {
    date: String,
}

/// `services/<service>.json`
#[derive(Deserialize)]
pub(crate) struct Service {
    /// The client name.
    #[serde(rename = "service")]
    pub(crate) name: String,
    /// The prefix of its actions.
    pub(crate) prefix: String,
    /// The service id.
    #[serde(rename = "service_id")]
    pub(crate) id: String,
    /// The operations.
    pub(crate) operations: IndexMap<String, Operation>,
    /// Operations with a paginator.
    pub(crate) paginators: Vec<String>,
    /// Waiters with their operations.
    pub(crate) waiters: IndexMap<String, String>,
}

/// An operation.
#[derive(Deserialize)]
pub(crate) struct Operation {
    /// The members of its request.
    pub(crate) parameters: Vec<String>,
    /// `actions` unless stated.
    #[serde(default)]
    pub(crate) authorization: Option<String>,
    /// What a call is checked against.
    #[serde(default)]
    pub(crate) rules: Vec<Rule>,
}

/// A rule.
#[derive(Deserialize)]
pub(crate) struct Rule {
    /// The action.
    pub(crate) action: String,
    /// `always` unless stated.
    #[serde(default)]
    pub(crate) class: Option<String>,
    /// The condition on the request.
    #[serde(default)]
    pub(crate) when: String,
    /// Type, ARN template and perhaps condition.
    pub(crate) resources: Vec<Vec<String>>,
    /// The context of the request.
    #[serde(default)]
    pub(crate) conditions: IndexMap<String, String>,
    /// Conditions that only narrow.
    #[serde(default)]
    pub(crate) narrowing: IndexMap<String, String>,
    /// `identity` unless stated.
    #[serde(default)]
    pub(crate) provenance: Option<String>,
    /// `high` unless stated.
    #[serde(default)]
    pub(crate) confidence: Option<String>,
    /// A remark.
    #[serde(default)]
    pub(crate) note: String,
}

/// `actions/<prefix>.json`
#[derive(Deserialize)]
pub(crate) struct Prefix {
    /// The prefix.
    #[serde(rename = "prefix")]
    pub(crate) name: String,
    /// Its actions.
    pub(crate) actions: IndexMap<String, Action>,
    /// Its resource types.
    pub(crate) resource_types: IndexMap<String, ResourceType>,
}

/// An action.
#[derive(Deserialize)]
pub(crate) struct Action {
    /// The access level.
    pub(crate) access: String,
    /// Names of resource types, with `*` behind one that is required.
    #[serde(default)]
    pub(crate) resource_types: Vec<String>,
    /// Condition keys.
    #[serde(default)]
    pub(crate) condition_keys: Vec<String>,
    /// Dependent actions.
    #[serde(default)]
    pub(crate) dependents: Vec<String>,
}

/// A resource type.
#[derive(Deserialize)]
pub(crate) struct ResourceType {
    /// The patterns of its ARNs.
    pub(crate) arn: Vec<String>,
    /// Condition keys.
    #[serde(default)]
    pub(crate) condition_keys: Vec<String>,
}

/// Reads the facts in a folder.
pub(crate) fn read(folder: &Path) -> Result<Facts, Box<dyn Error>> {
    let sources: Sources = read_file(&folder.join("sources.json"))?;
    let mut services: Vec<Service> = read_folder(&folder.join("services"))?;
    // Requests that are signed and checked, though no API has an operation for them, are described like operations.
    services.extend(read_folder(&folder.join("signed"))?);
    services.sort_by(|left, right| left.name.cmp(&right.name));
    for service in &mut services {
        service
            .operations
            .sort_by(|left, _, right, _| left.to_ascii_lowercase().cmp(&right.to_ascii_lowercase()));
    }
    let mut prefixes: Vec<Prefix> = read_folder(&folder.join("actions"))?;
    prefixes.sort_by(|left, right| left.name.cmp(&right.name));
    for prefix in &mut prefixes {
        prefix
            .actions
            .sort_by(|left, _, right, _| left.to_ascii_lowercase().cmp(&right.to_ascii_lowercase()));
        prefix.resource_types.sort_unstable_keys();
    }
    Ok(Facts {
        date: sources.date,
        services,
        prefixes,
        policies: read_policies(&folder.join("managed_policies"))?,
    })
}

/// The managed policies, by ARN.
fn read_policies(folder: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let files: Vec<IndexMap<String, Box<serde_json::value::RawValue>>> = read_folder(folder)?;
    let mut policies: Vec<(String, String)> =
        files.into_iter().flatten().map(|(arn, document)| (arn, document.get().to_owned())).collect();
    policies.sort();
    Ok(policies)
}

/// All JSON files of a folder, in the order of their names; none where there is no folder.
#[expect(clippy::disallowed_methods, reason = "the build step reads the facts")]
fn read_folder<T: DeserializeOwned>(folder: &Path) -> Result<Vec<T>, Box<dyn Error>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    files.sort();
    files.iter().map(|file| read_file(file)).collect()
}

#[expect(clippy::disallowed_methods, reason = "the build step reads the facts")]
fn read_file<T: DeserializeOwned>(file: &Path) -> Result<T, Box<dyn Error>> {
    let bytes = std::fs::read(file)?;
    serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", file.display()).into())
}
