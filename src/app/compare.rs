//! `compare`: two sets of policies, read from files that were named, and how they stand to each other.

use std::path::Path;

use super::assemblies;
use super::deployed::held_policies;
use super::disk::{self, Disk, Folder, ReadError};
use super::failure::Failure;
use super::output;
use super::settings::Comparing;
use crate::catalog::Catalog;
use crate::cloud::aws::CatalogFacts;
use crate::decide::{Limits, PolicyDifference, compare_policies};
use crate::infra::HeldPolicy;
use crate::text::Sources;

/// Reads both sides and compares them.
///
/// # Errors
/// A file that cannot be read, or holds no policy.
pub fn compared(
    asked: &Comparing,
    disk: &dyn Disk,
    sources: &mut Sources,
) -> Result<PolicyDifference, Failure> {
    if asked.old.as_os_str() == "-" && asked.new.as_os_str() == "-" {
        return Err(Failure::new("only one of two policies can come from standard input"));
    }
    let old = policies(&asked.old, disk, sources)?;
    let new = policies(&asked.new, disk, sources)?;
    let mut layers = Vec::new();
    for file in &asked.limits {
        layers.extend(policies(file, disk, sources)?);
    }
    let facts = CatalogFacts(Catalog::embedded());
    Ok(compare_policies(&old, &new, Limits { layers: &layers }, &facts))
}

/// The policies of a file, of standard input (`-`), or of all files of a folder that can hold one, in the order of
/// their names.
fn policies(path: &Path, disk: &dyn Disk, sources: &mut Sources) -> Result<Vec<HeldPolicy>, Failure> {
    let shown = disk::slashes(path);
    if shown == "-" {
        let bytes = output::standard_input()?;
        return held_policies("standard input", bytes, sources);
    }
    match disk.read_given(path) {
        Ok(bytes) => held_policies(&shown, bytes, sources),
        Err(ReadError::NotAFile) => folder(path, &shown, sources),
        Err(error) => Err(Failure::new(format!("cannot read the policy `{shown}`: {error}"))),
    }
}

fn folder(path: &Path, shown: &str, sources: &mut Sources) -> Result<Vec<HeldPolicy>, Failure> {
    let folder = Folder::open(path)?;
    let can_hold = |file: &&String| {
        Path::new(file)
            .extension()
            .is_some_and(|extension| ["json", "yaml", "yml"].iter().any(|own| extension == *own))
    };
    let mut policies = Vec::new();
    for file in assemblies::written(folder.walk().files).iter().filter(can_hold) {
        let name = format!("{}/{file}", shown.trim_end_matches('/'));
        let bytes = folder
            .read(file)
            .map_err(|error| Failure::new(format!("cannot read the policy `{name}`: {error}")))?;
        policies.extend(held_policies(&name, bytes, sources)?);
    }
    if policies.is_empty() {
        return Err(Failure::new(format!("the folder `{shown}` holds no policy"))
            .help("policies are files that end in `.json`, `.yaml` or `.yml`"));
    }
    Ok(policies)
}
