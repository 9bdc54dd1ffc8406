//! The rooms of the program stand on floors, and a room uses only rooms on floors below it.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "this test reads the program's own source, and stops where it cannot"
)]

use std::path::{Path, PathBuf};

use pretty_assertions::assert_eq;
use syn::UseTree;
use syn::visit::{self, Visit};

/// The rooms with their floors. `ARCHITECTURE.md` says what is in them.
const FLOORS: &[(&str, u8)] = &[
    ("text", 0),
    ("ir", 1),
    ("catalog", 1),
    ("policy", 2),
    ("lang", 2),
    ("infra", 3),
    ("flow", 4),
    ("cloud", 5),
    ("decide", 6),
    ("report", 7),
    ("app", 8),
];

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

/// Collects the rooms that a file names by `crate::`.
#[derive(Default)]
struct Rooms(Vec<String>);

impl<'ast> Visit<'ast> for Rooms {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut segments = path.segments.iter();
        if segments.next().is_some_and(|first| first.ident == "crate") {
            self.0.extend(segments.next().map(|room| room.ident.to_string()));
        }
        visit::visit_path(self, path);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let UseTree::Path(path) = &item.tree else { return };
        if path.ident == "crate" {
            self.first_names(&path.tree);
        }
    }
}

impl Rooms {
    fn first_names(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => self.0.push(path.ident.to_string()),
            UseTree::Name(name) => self.0.push(name.ident.to_string()),
            UseTree::Rename(rename) => self.0.push(rename.ident.to_string()),
            UseTree::Glob(_) => self.0.push("*".to_owned()),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.first_names(item)),
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn rooms_use_only_rooms_below() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut upwards = vec![];
    for path in files(&source) {
        let inside = path.strip_prefix(&source).unwrap();
        let room = inside.iter().next().unwrap().to_string_lossy().into_owned();
        let Some(own) = floor(&room) else {
            assert!(matches!(room.as_str(), "lib.rs" | "main.rs"), "`{room}` has no floor");
            continue;
        };
        let mut rooms = Rooms::default();
        rooms.visit_file(&syn::parse_file(&std::fs::read_to_string(&path).unwrap()).unwrap());
        let is_wrong = |used: &String| *used != room && floor(used).is_none_or(|floor| floor >= own);
        upwards.extend(
            rooms
                .0
                .iter()
                .filter(|used| is_wrong(used))
                .map(|used| format!("{} uses `{used}`", inside.display())),
        );
    }
    assert_eq!(upwards, Vec::<String>::new());
}
