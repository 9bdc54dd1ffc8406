//! Layers that the project holds: their modules are found where the deployment does not say which layers a function has.

use rustc_hash::FxHashMap;

use crate::lang::{self, Language};
use crate::text::SmolStr;

/// The folders that layers keep modules in, by the names of the modules at their top.
#[derive(Debug, Default)]
pub(super) struct Layers {
    folders: FxHashMap<(&'static str, SmolStr), Vec<SmolStr>>,
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
            let known = layers.folders.entry((language.family, name.into())).or_default();
            if known.iter().all(|known| *known != folder) {
                known.push(folder.into());
            }
        }
        layers
    }

    /// The folder of the only layer that has a module, by the name of the package that it lies in.
    pub(super) fn holding(&self, language: &Language, module: &str) -> Option<&SmolStr> {
        let name = module.split('.').next().unwrap_or(module);
        match self.folders.get(&(language.family, name.into()))?.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_found_where_one_layer_has_it() {
        let files = ["layers/a/python/tools/x.py", "layers/b/python/shop.py", "layers/c/python/shop.py"];
        let layers = Layers::find(&files.map(str::to_owned));
        let python = lang::language_of("a.py").expect("Python is read");
        assert_eq!(layers.holding(python, "tools.x").map(SmolStr::as_str), Some("layers/a/python"));
        assert_eq!(layers.holding(python, "shop"), None);
        assert_eq!(layers.holding(python, "json"), None);
    }
}
