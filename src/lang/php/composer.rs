//! What `composer.json` says of where classes lie.

use crate::text::tree::{Node, Value};
use crate::text::{FileId, Source, paths, yaml};

/// Where the classes of a project lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Autoload {
    /// Beginnings of the paths of classes, with dots, and the folders that hold what follows them.
    pub prefixes: Vec<(String, String)>,
    /// Folders and files that are searched for classes, and files that are always loaded.
    pub places: Vec<String>,
}

/// Reads such a file; `folder` is the one that it is in.
pub(super) fn read(folder: &str, text: &str) -> Autoload {
    let (document, _) = yaml::parse(&Source::new("composer.json", text.to_owned()), FileId(0));
    let mut autoload = Autoload::default();
    for section in ["psr-4", "psr-0"] {
        let Some(Value::Map(entries)) = document.at(&["autoload", section]).map(|node| &node.value) else {
            continue;
        };
        for (prefix, entry) in entries {
            for place in entry.node.one_or_many() {
                let Some(place) = place.as_str().and_then(|place| paths::climb(folder, place)) else {
                    continue;
                };
                let prefix = prefix.trim_matches('\\').replace('\\', ".");
                // The older standard keeps the whole path below the folder.
                if section == "psr-0" {
                    autoload.prefixes.push((String::new(), place));
                } else {
                    autoload.prefixes.push((prefix, place));
                }
            }
        }
    }
    for section in ["classmap", "files"] {
        let places = document.at(&["autoload", section]).map(Node::one_or_many).unwrap_or_default();
        let places = places.iter().filter_map(|place| paths::climb(folder, place.as_str()?));
        autoload.places.extend(places);
    }
    autoload
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_manifest_says_where_classes_lie() {
        let text = r#"{"autoload": {"psr-4": {"App\\": "src/", "Lib\\Deep\\": ["a", "../b/"]}, "files": ["helpers.php"]}}"#;
        let found = read("shop", text);
        let prefix = |name: &str, place: &str| (name.to_owned(), place.to_owned());
        assert_eq!(
            found.prefixes,
            [prefix("App", "shop/src"), prefix("Lib.Deep", "shop/a"), prefix("Lib.Deep", "b")]
        );
        assert_eq!(found.places, ["shop/helpers.php"]);
    }
}
