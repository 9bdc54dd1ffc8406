//! Packages that the project keeps in one place and a build copies beside the functions that import them.

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::cloud::aws::client_packages;
use crate::lang::{self, Language, Scope};
use crate::text::{SmolStr, paths};

/// The folders with programs, by their language and name, and single files where their name is that of a module.
#[derive(Debug, Default)]
pub(super) struct SharedPackages {
    found: FxHashMap<(&'static str, SmolStr), Vec<Package>>,
}

/// A folder with programs, or a file.
#[derive(Debug)]
struct Package {
    path: SmolStr,
    /// Whether one of its files, or of those beside the file, mentions a package that makes clients.
    reaches: OnceLock<bool>,
}

impl Package {
    fn new(path: &str) -> Self {
        Self { path: path.into(), reaches: OnceLock::new() }
    }

    /// Where the programs lie that it is used with.
    fn folder(&self) -> &str {
        if lang::language_of(&self.path).is_some() { paths::folder(&self.path) } else { &self.path }
    }
}

impl SharedPackages {
    /// Finds the folders with programs of languages in which every file is a module.
    pub(super) fn find(listing: &[String]) -> Self {
        let mut packages = Self::default();
        let mut seen: FxHashSet<(&str, &str)> = FxHashSet::default();
        for file in listing {
            let language = lang::language_of(file).filter(|language| matches!(language.scope, Scope::File));
            let Some(language) = language else { continue };
            let family = language.family;
            if let Some(module) = module_of(file).filter(|_| language.single_files) {
                packages.found.entry((family, module.into())).or_default().push(Package::new(file));
            }
            for path in paths::up(paths::folder(file)).take_while(|path| !path.is_empty()) {
                if !seen.insert((family, path)) {
                    break;
                }
                let name = path.rsplit('/').next().unwrap_or(path);
                packages.found.entry((family, name.into())).or_default().push(Package::new(path));
            }
        }
        packages
    }

    /// The folder that the only package lies in that has the name with which a module begins. One of which no file mentions
    /// what makes clients is left alone: who installed a package has its name, too.
    pub(super) fn holding(
        &self,
        language: &Language,
        module: &str,
        listing: &[String],
        text: &dyn Fn(&str) -> Option<String>,
    ) -> Option<&str> {
        let name = module.split(['.', '/']).next().unwrap_or(module);
        let known = self.found.get(&(language.family, name.into()))?;
        let is_deployed = |package: &&Package| !paths::is_of_tests(&package.path);
        let mut deployed = known.iter().filter(is_deployed);
        let package = deployed.next().filter(|_| deployed.next().is_none())?;
        let below = |file: &&String| {
            paths::is_below(file, package.folder())
                && lang::language_of(file).is_some_and(|known| known.family == language.family)
        };
        let files = listing.iter().filter(below).map(String::as_str);
        let reaches = || makes_clients(language.family, files, text);
        package.reaches.get_or_init(reaches).then(|| paths::folder(&package.path))
    }
}

/// The name of a file as a module, where its folder is not called after it.
fn module_of(file: &str) -> Option<&str> {
    let name = file.rsplit('/').next()?;
    name.rsplit_once('.')
        .map(|(stem, _)| stem)
        .filter(|stem| !paths::folder(file).is_empty() && !stem.is_empty())
}

/// Whether one of the files mentions a package that makes clients.
pub(super) fn makes_clients<'f>(
    family: &str,
    mut files: impl Iterator<Item = &'f str>,
    text: &dyn Fn(&str) -> Option<String>,
) -> bool {
    let names = client_packages(family);
    files.any(|file| text(file).is_some_and(|text| names.iter().any(|name| text.contains(name))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_found_where_the_project_has_it_once() {
        let listing = [
            "functions/a/app.py",
            "libraries/store/shop/orders.py",
            "libraries/twice/x.py",
            "other/twice/x.py",
            "tests/shop/orders.py",
            "third/party/x.py",
            "common/store.py",
            "common/texts.py",
            "third/texts2.py",
        ]
        .map(str::to_owned);
        let shared = SharedPackages::find(&listing);
        let python = lang::language_of("a.py").expect("Python is read");
        let text = |path: &str| (!path.contains("third")).then(|| "import boto3".to_owned());
        let holding = |module: &str| shared.holding(python, module, &listing, &text);
        assert_eq!(holding("shop.orders"), Some("libraries/store"));
        assert_eq!(holding("twice.x"), None);
        assert_eq!(holding("party.x"), None);
        assert_eq!(holding("json"), None);
        assert_eq!(holding("texts"), Some("common"));
        assert_eq!(holding("texts2"), None);
        assert_eq!(holding("x"), None);
    }
}
