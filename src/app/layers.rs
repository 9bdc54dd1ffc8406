//! Layers that the project holds: their modules are found where the deployment does not say which layers a function has.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::shared::makes_clients;
use crate::lang::{self, Language};
use crate::text::SmolStr;

/// The folders that layers keep modules in, by the names of the modules at their top.
#[derive(Debug, Default)]
pub(super) struct Layers {
    found: FxHashMap<(&'static str, SmolStr), Found>,
}

/// A module or package that layers have.
#[derive(Debug, Default)]
struct Found {
    folders: Vec<SmolStr>,
    /// The files, where it is a package.
    files: Vec<SmolStr>,
    /// Whether one of them mentions a package that makes clients.
    reaches: OnceLock<bool>,
}

impl Layers {
    /// Finds the folders that a layer of the language of their files would have.
    pub(super) fn find(listing: &[String]) -> Self {
        let mut layers = Self::default();
        for file in listing {
            let Some(language) = lang::language_of(file).filter(|language| !language.layer.is_empty()) else {
                continue;
            };
            let parts: Vec<&str> = file.split('/').collect();
            let Some(place) = parts.iter().rposition(|part| *part == language.layer) else { continue };
            let Some(name) = parts.get(place + 1).and_then(|name| name.split('.').next()) else { continue };
            let folder = parts.get(..=place).unwrap_or_default().join("/");
            let known = layers.found.entry((language.family, name.into())).or_default();
            if known.folders.iter().all(|known| *known != folder) {
                known.folders.push(folder.into());
            }
            if parts.len() > place + 2 {
                known.files.push(file.as_str().into());
            }
        }
        layers
    }

    /// The folder of the only layer that has a module, by the name of the package that it lies in. A package of which no
    /// file mentions what makes clients was installed there, and is left alone.
    pub(super) fn holding(
        &self,
        language: &Language,
        module: &str,
        text: &dyn Fn(&str) -> Option<String>,
    ) -> Option<&SmolStr> {
        let name = module.split('.').next().unwrap_or(module);
        let found = self.found.get(&(language.family, name.into()))?;
        let [folder] = found.folders.as_slice() else { return None };
        let reaches = || makes_clients(language.family, found.files.iter().map(SmolStr::as_str), text);
        (found.files.is_empty() || *found.reaches.get_or_init(reaches)).then_some(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_found_where_one_layer_has_it() {
        let files = [
            "layers/a/python/tools/x.py",
            "layers/a/python/vendored/x.py",
            "layers/b/python/shop.py",
            "layers/c/python/shop.py",
            "layers/c/python/only.py",
        ];
        let layers = Layers::find(&files.map(str::to_owned));
        let python = lang::language_of("a.py").expect("Python is read");
        let text = |path: &str| path.contains("tools").then(|| "import boto3".to_owned());
        let holding = |module: &str| layers.holding(python, module, &text).map(SmolStr::as_str);
        assert_eq!(holding("tools.x"), Some("layers/a/python"));
        assert_eq!(holding("only"), Some("layers/c/python"));
        assert_eq!(holding("vendored.x"), None);
        assert_eq!(holding("shop"), None);
        assert_eq!(holding("json"), None);
    }
}
