//! Packages of the project that are imported by a path of their own, which a build file gives them.

use indexmap::IndexMap;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::disk::Disk;
use crate::lang::{LANGUAGES, Language, ModulePath, OWN_FOLDER, StatedPath};
use crate::text::paths;

/// How many build files one may extend, each through the one before.
const MAX_EXTENDED: usize = 8;

/// A build file, as far as it says where packages lie.
struct Said {
    folder: String,
    stated: Vec<StatedPath>,
    extends: Vec<String>,
}

/// What the build files of the project say.
pub(super) struct Packages {
    /// By language and folder of the build file.
    near: FxHashMap<(&'static str, String), Vec<StatedPath>>,
    /// What holds in the whole project, by language and the first part of the path.
    everywhere: FxHashMap<(&'static str, String), Vec<StatedPath>>,
}

impl Packages {
    pub(super) fn find(disk: &dyn Disk, files: &[String]) -> Self {
        let mut packages = Self { near: FxHashMap::default(), everywhere: FxHashMap::default() };
        let mut families: Vec<&'static str> = vec![];
        for language in LANGUAGES {
            let Some(kind) = language.manifests else { continue };
            if families.contains(&language.family) {
                continue;
            }
            families.push(language.family);
            let read = |file: &String| {
                let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
                if !(kind.is)(name) {
                    return None;
                }
                let bytes = disk.read(file).ok()?;
                let text = String::from_utf8_lossy(&bytes);
                let (stated, extends) = ((kind.read)(folder, &text), (kind.extends)(&text));
                Some((file.clone(), Said { folder: folder.to_owned(), stated, extends }))
            };
            let found: IndexMap<String, Said> =
                files.par_iter().filter_map(read).collect::<Vec<_>>().into_iter().collect();
            packages.state(language.family, &found);
            packages.extend(language, &found);
        }
        packages
    }

    /// Takes in what each file states itself.
    fn state(&mut self, family: &'static str, found: &IndexMap<String, Said>) {
        for said in found.values() {
            for one in said.stated.iter().filter(|one| one.everywhere) {
                let key = (family, first_part(&one.path).to_owned());
                self.everywhere.entry(key).or_default().push(one.clone());
            }
            let near = self.near.entry((family, said.folder.clone())).or_default();
            near.extend(said.stated.iter().cloned());
        }
    }

    /// Takes in what those state that a file extends, behind its own.
    fn extend(&mut self, language: &Language, found: &IndexMap<String, Said>) {
        for (file, said) in found {
            let mut chain: Vec<&str> = vec![file];
            let mut done = 0;
            while let Some(current) = chain.get(done).and_then(|file| found.get_key_value(*file)) {
                done += 1;
                let (path, extending) = current;
                for name in &extending.extends {
                    let Some((known, _)) = self.extended(language, path, name, found) else { continue };
                    if chain.len() <= MAX_EXTENDED && !chain.contains(&known.as_str()) {
                        chain.push(known);
                    }
                }
            }
            let others = chain.iter().skip(1).filter_map(|file| found.get(*file));
            let stated: Vec<StatedPath> = others.flat_map(|said| said.stated.iter().cloned()).collect();
            if !stated.is_empty() {
                self.near.entry((language.family, said.folder.clone())).or_default().extend(stated);
            }
        }
    }

    /// The build file that another extends under a name.
    fn extended<'a>(
        &self,
        language: &Language,
        from: &str,
        name: &str,
        found: &'a IndexMap<String, Said>,
    ) -> Option<(&'a String, &'a Said)> {
        let places: Vec<String> = if name.starts_with('.') {
            paths::climb(paths::folder(from), name).into_iter().collect()
        } else {
            let packages = self.candidates(language, name, from).into_iter();
            packages.filter_map(|candidate| candidate.chain.into_iter().next_back()).collect()
        };
        let spellings =
            |place: &String| [place.clone(), format!("{place}.json"), paths::join(place, "tsconfig.json")];
        places.iter().flat_map(spellings).find_map(|file| found.get_key_value(&file))
    }

    /// What a build file in a folder says that importing the folder means.
    pub(super) fn of_folder(&self, language: &Language, folder: &str) -> Vec<String> {
        let near = self.near.get(&(language.family, folder.to_owned()));
        let own = near.into_iter().flatten().filter(|one| one.path == OWN_FOLDER);
        own.map(|one| one.place.clone()).collect()
    }

    /// The places that a path may stand for, seen from a file: what the build file above it says comes first.
    pub(super) fn candidates(&self, language: &Language, path: &str, from: &str) -> Vec<ModulePath> {
        let mut found: Vec<ModulePath> = vec![];
        let mut folder = Some(paths::folder(from));
        while let Some(current) = folder {
            if let Some(stated) = self.near.get(&(language.family, current.to_owned())) {
                add(path, stated, &mut found);
            }
            let above = paths::folder(current);
            folder = (!current.is_empty()).then_some(above);
        }
        if let Some(stated) = self.everywhere.get(&(language.family, first_part(path).to_owned())) {
            add(path, stated, &mut found);
        }
        found
    }
}

/// The first part of a path; two where it begins with a scope (`@acme/store`).
fn first_part(path: &str) -> &str {
    let parts = if path.starts_with('@') { 2 } else { 1 };
    let end = path.match_indices('/').nth(parts - 1).map_or(path.len(), |(end, _)| end);
    path.get(..end).unwrap_or(path)
}

/// Adds the places that stated paths lead to, the longest path first.
fn add(path: &str, stated: &[StatedPath], found: &mut Vec<ModulePath>) {
    let mut below: Vec<(usize, String)> = stated.iter().filter_map(|one| place(path, one)).collect();
    below.sort_by_key(|(length, _)| usize::MAX - length);
    for (_, place) in below {
        let place = ModulePath { chain: vec![place], member: None };
        if !found.contains(&place) {
            found.push(place);
        }
    }
}

/// The place of a path below a stated one, and how much of it is stated.
fn place(path: &str, stated: &StatedPath) -> Option<(usize, String)> {
    let rest = path.strip_prefix(stated.path.as_str())?;
    let inner = match rest.strip_prefix('/') {
        Some(inner) => inner,
        None if rest.is_empty() || stated.path.is_empty() => rest,
        None => return None,
    };
    let place = match (stated.place.as_str(), inner) {
        ("", inner) => inner.to_owned(),
        (place, "") => place.to_owned(),
        (place, inner) => format!("{place}/{inner}"),
    };
    Some((stated.path.len(), place))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(path: &str, stated: &str, place: &str) -> Option<String> {
        let stated = StatedPath { path: stated.into(), place: place.to_owned(), everywhere: false };
        super::place(path, &stated).map(|(_, place)| place)
    }

    #[test]
    fn a_path_is_found_below_what_is_stated() {
        assert_eq!(placed("@lib/a/b", "@lib", "libs/src").as_deref(), Some("libs/src/a/b"));
        assert_eq!(placed("@lib", "@lib", "libs/src/index").as_deref(), Some("libs/src/index"));
        assert_eq!(placed("store/a", "", "src").as_deref(), Some("src/store/a"));
        assert_eq!(placed("@library", "@lib", "libs"), None);
        assert_eq!(first_part("@acme/store/x"), "@acme/store");
        assert_eq!(first_part("example.com/x"), "example.com");
    }
}
