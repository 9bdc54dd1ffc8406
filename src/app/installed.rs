//! Packages that were installed into the project: not its own code, and left alone where they cannot reach an SDK.

use rustc_hash::{FxHashMap, FxHashSet};

use super::disk::Disk;
use crate::catalog::Overlay;
use crate::cloud::aws::client_packages;
use crate::lang::LANGUAGES;

/// Installed packages that the analysis does not look into, as folders or files without ending.
pub(super) struct Installed {
    left_alone: FxHashSet<String>,
}

impl Installed {
    /// Finds them by the manifests that installers leave behind.
    pub(super) fn find(disk: &dyn Disk, files: &[String], overlay: &Overlay) -> Self {
        let mut packages: Vec<(String, &'static str)> = vec![];
        for language in LANGUAGES {
            for file in files {
                let Some(root) = (language.installed)(file) else { continue };
                let Ok(bytes) = disk.read(file) else { continue };
                let manifest = String::from_utf8_lossy(&bytes);
                for name in (language.installed_names)(&manifest) {
                    let path = if root.is_empty() { name } else { format!("{root}/{name}") };
                    packages.push((path, language.family));
                }
            }
        }
        packages.sort();
        packages.dedup();
        let contents = contents(&packages, files);
        let reaches = |path: &str, language: &str| {
            let mut names = client_packages(language);
            names.extend(overlay.packages(language));
            let files = contents.get(path).map(Vec::as_slice).unwrap_or_default();
            files.iter().any(|file| disk.read(file).is_ok_and(|bytes| mentions(&bytes, &names)))
        };
        let left_alone =
            packages.iter().filter(|(path, language)| !reaches(path, language)).map(|(path, _)| path.clone());
        Self { left_alone: left_alone.collect() }
    }

    /// Whether a module lies in a package that is left alone.
    pub(super) fn holds(&self, path: &str) -> bool {
        !self.left_alone.is_empty()
            && std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(folder, _)| folder))
                .any(|folder| self.left_alone.contains(folder))
    }
}

/// The files of each package.
fn contents<'a>(packages: &[(String, &str)], files: &'a [String]) -> FxHashMap<String, Vec<&'a String>> {
    let mut contents: FxHashMap<String, Vec<&String>> =
        packages.iter().map(|(path, _)| (path.clone(), vec![])).collect();
    if contents.is_empty() {
        return contents;
    }
    for file in files {
        let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
        let mut folder = Some(stem);
        while let Some(path) = folder {
            if let Some(inside) = contents.get_mut(path) {
                inside.push(file);
            }
            folder = path.rsplit_once('/').map(|(folder, _)| folder);
        }
    }
    contents
}

fn mentions(bytes: &[u8], names: &[&str]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    names.iter().any(|name| text.contains(name))
}
