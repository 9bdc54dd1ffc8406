//! The facts as their files state them.

use std::error::Error;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::facts::{Prefix, Service};

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
