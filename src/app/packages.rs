//! Packages of the project that are imported by a path of their own, which a build file gives them.

use super::disk::Disk;
use crate::lang::{LANGUAGES, Language, ModulePath};
use crate::text::SmolStr;

/// What one build file says.
struct Manifest {
    family: &'static str,
    /// The folder that it is in.
    folder: String,
    /// Paths of packages, each with the folder that it stands for.
    stated: Vec<(SmolStr, String)>,
}

/// What the build files of the project say.
pub(super) struct Packages {
    manifests: Vec<Manifest>,
}

impl Packages {
    pub(super) fn find(disk: &dyn Disk, files: &[String]) -> Self {
        let mut manifests = vec![];
        for language in LANGUAGES {
            let Some(kind) = language.manifests else { continue };
            for file in files {
                let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
                if name != kind.name {
                    continue;
                }
                let Ok(bytes) = disk.read(file) else { continue };
                let stated = (kind.read)(folder, &String::from_utf8_lossy(&bytes));
                manifests.push(Manifest { family: language.family, folder: folder.to_owned(), stated });
            }
        }
        Self { manifests }
    }

    /// The folders that a path may stand for, seen from a file: what the build file above it says comes first.
    pub(super) fn candidates(&self, language: &Language, path: &str, from: &str) -> Vec<ModulePath> {
        let of_language = |manifest: &&Manifest| manifest.family == language.family;
        let mut manifests: Vec<&Manifest> = self.manifests.iter().filter(of_language).collect();
        let nearness = |manifest: &&Manifest| {
            let above = manifest.folder.is_empty()
                || from.strip_prefix(&manifest.folder).is_some_and(|rest| rest.starts_with('/'));
            if above { usize::MAX - manifest.folder.len() } else { usize::MAX }
        };
        manifests.sort_by_key(nearness);
        let mut found: Vec<ModulePath> = vec![];
        for manifest in manifests {
            let mut stated: Vec<(usize, String)> =
                manifest.stated.iter().filter_map(|one| below(path, one)).collect();
            stated.sort_by_key(|(length, _)| usize::MAX - length);
            for (_, folder) in stated {
                let place = ModulePath { chain: vec![folder], member: None };
                if !found.contains(&place) {
                    found.push(place);
                }
            }
        }
        found
    }
}

/// The folder of a package, and how much of its path is stated.
fn below(path: &str, (stated, folder): &(SmolStr, String)) -> Option<(usize, String)> {
    let rest = path.strip_prefix(stated.as_str())?;
    let folder = match rest.strip_prefix('/') {
        Some(rest) if folder.is_empty() => rest.to_owned(),
        Some(rest) => format!("{folder}/{rest}"),
        None if rest.is_empty() => folder.clone(),
        None => return None,
    };
    Some((stated.len(), folder))
}
