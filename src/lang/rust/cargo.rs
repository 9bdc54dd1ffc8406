//! What `Cargo.toml` says: the name under which a library is imported, and the programs of a crate.

use toml::{Table, Value};

use super::super::{ProgramFile, ReadText, StatedPath};
use crate::text::{SmolStr, paths};

/// The build file of a crate.
pub(super) const MANIFEST: &str = "Cargo.toml";

/// The library of a crate, by the name under which it is imported.
pub(super) fn libraries(folder: &str, text: &str) -> Vec<StatedPath> {
    let Some(manifest) = Crate::read(folder, text) else { return vec![] };
    let library = manifest.table.get("lib").and_then(Value::as_table);
    let stated = |key: &str| library.and_then(|library| library.get(key)).and_then(Value::as_str);
    let name = stated("name").map_or_else(|| manifest.name.replace('-', "_"), str::to_owned);
    let path = stated("path").unwrap_or("src/lib.rs");
    let path = manifest.inside(path.strip_suffix(".rs").unwrap_or(path));
    vec![StatedPath { path: name.into(), place: path, everywhere: true }]
}

/// The crates of the project: the folder of each, and the name under which its library is imported.
pub(super) fn crates(files: &[String], read: &ReadText<'_>) -> Vec<(String, SmolStr)> {
    let manifests = files.iter().filter(|file| file.rsplit('/').next() == Some(MANIFEST));
    let named = |manifest: &String| {
        let folder = paths::folder(manifest);
        let stated = libraries(folder, &read(manifest)?).into_iter().next()?;
        Some((folder.to_owned(), stated.path))
    };
    manifests.filter_map(named).collect()
}

/// The programs of all crates of the project.
pub(super) fn programs(files: &[String], read: &ReadText<'_>) -> Vec<ProgramFile> {
    let manifests = files.iter().filter(|file| file.rsplit('/').next() == Some(MANIFEST));
    let mut found = vec![];
    for manifest in manifests {
        let folder = paths::folder(manifest);
        let text = read(manifest).unwrap_or_default();
        if let Some(manifest) = Crate::read(folder, &text) {
            found.extend(manifest.programs(files));
        }
    }
    found
}

struct Crate<'a> {
    folder: &'a str,
    name: String,
    table: Table,
}

impl<'a> Crate<'a> {
    fn read(folder: &'a str, text: &str) -> Option<Self> {
        let table: Table = text.parse().ok()?;
        let name = table.get("package")?.get("name")?.as_str()?.to_owned();
        Some(Self { folder, name, table })
    }

    fn inside(&self, path: &str) -> String {
        let path = path.trim_start_matches("./");
        if self.folder.is_empty() { path.to_owned() } else { format!("{}/{path}", self.folder) }
    }

    fn programs(&self, files: &[String]) -> Vec<ProgramFile> {
        let mut found: Vec<(String, String)> = self.stated();
        let main = self.inside("src/main.rs");
        if files.contains(&main) && !found.iter().any(|(_, file)| *file == main) {
            found.push((self.name.clone(), main));
        }
        let bin = self.inside("src/bin/");
        for file in files {
            let Some(inner) = file.strip_prefix(&bin) else { continue };
            let name = match inner.split_once('/') {
                None => inner.strip_suffix(".rs"),
                Some((name, "main.rs")) => Some(name),
                Some(_) => None,
            };
            if let Some(name) = name
                && !found.iter().any(|(_, known)| known == file)
            {
                found.push((name.to_owned(), file.clone()));
            }
        }
        let alone = found.len() == 1;
        let program = |(name, file): (String, String)| ProgramFile {
            // Of several, each is known by where it is built.
            folder: if alone {
                self.folder.to_owned()
            } else {
                self.inside(&format!("target/lambda/{name}"))
            },
            file,
            symbol: "main".into(),
            names: vec![name.into()],
        };
        found.into_iter().map(program).collect()
    }

    /// `[[bin]]`
    fn stated(&self) -> Vec<(String, String)> {
        let programs = self.table.get("bin").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let stated = |program: &Value| {
            let name = program.get("name")?.as_str()?.to_owned();
            let path = match program.get("path").and_then(Value::as_str) {
                Some(path) => self.inside(path),
                None if name == self.name => self.inside("src/main.rs"),
                None => self.inside(&format!("src/bin/{name}.rs")),
            };
            Some((name, path))
        };
        programs.iter().filter_map(stated).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_names_its_library_and_programs() {
        let text = "[package]\nname = \"order-kit\"\n[[bin]]\nname = \"put\"\npath = \"src/put_order.rs\"\n";
        let stated = StatedPath { path: "order_kit".into(), place: "a/src/lib".to_owned(), everywhere: true };
        assert_eq!(libraries("a", text), [stated]);
        let files = ["a/Cargo.toml", "a/src/put_order.rs", "a/src/bin/get/main.rs", "a/src/bin/get/parts.rs"];
        let files: Vec<String> = files.map(str::to_owned).to_vec();
        let found = programs(&files, &|_| Some(text.to_owned()));
        let found: Vec<(&str, &str)> =
            found.iter().map(|program| (program.file.as_str(), program.folder.as_str())).collect();
        let expected =
            [("a/src/put_order.rs", "a/target/lambda/put"), ("a/src/bin/get/main.rs", "a/target/lambda/get")];
        assert_eq!(found, expected);
        assert!(libraries("", "[workspace]\nmembers = []\n").is_empty());
        assert!(programs(&files, &|_| Some("= broken".to_owned())).is_empty());
    }
}
