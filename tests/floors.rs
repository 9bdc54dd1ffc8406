//! The house as it is built: which room uses which, and how long its files and functions are.
//!
//! A room uses only rooms below it. What is allowed beyond the rules stands in the tables here, each with its reason.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this test reads the source and stops where it cannot"
)]

use std::collections::HashSet;
use std::path::Path;

use pretty_assertions::assert_eq;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// The rooms by floor. Among the rooms of one floor there is no way either.
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

/// What only `app` may touch: the disk, the environment, the network, other programs and the clock.
const OUTSIDE: &[&str] = &["fs", "env", "net", "process", "time"];

/// What may be mentioned all the same, with the reason.
const HARMLESS: &[(&str, &str)] = &[
    ("std::net::IpAddr", "an address is a value; nothing is opened"),
    ("std::net::Ipv4Addr", "the same"),
    ("std::net::Ipv6Addr", "the same"),
];

/// Files beside the rooms: the list of the rooms, and the door, which hands the arguments to `app`.
const DOORS: &[&str] = &["lib.rs", "main.rs"];

/// How long a file may be, in lines.
const LONGEST_FILE: usize = 600;
/// How long a function may be, in lines that hold code.
const LONGEST_FUNCTION: usize = 60;
/// Functions that may be longer, with the reason.
const LONG_FUNCTIONS: &[(&str, &str, &str)] = &[];

/// A file of the source.
struct File {
    /// Its path below `src`.
    path: String,
    text: String,
    syntax: syn::File,
}

impl File {
    /// The modules that lead to what the file holds, the room first.
    fn module(&self) -> Vec<String> {
        let path = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        path.split('/').map(str::to_owned).collect()
    }

    fn room(&self) -> Option<&str> {
        self.path.split_once('/').map(|(room, _)| room)
    }
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![];
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let syntax = syn::parse_file(&text).unwrap();
                let path = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                files.push(File { path, text, syntax });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(known, _)| *known == room).map(|(_, floor)| *floor)
}

/// Every path that a file mentions, as the segments of its names, imports spelled out.
#[derive(Default)]
struct Mentions {
    paths: Vec<Vec<String>>,
    /// The modules inside the file around the place that is visited.
    inner: Vec<String>,
    /// The modules of the file.
    module: Vec<String>,
}

impl Mentions {
    fn of(file: &File) -> Self {
        let mut mentions = Self { module: file.module(), ..Self::default() };
        mentions.visit_file(&file.syntax);
        mentions
    }

    /// Takes in a path; one that begins with `self` or `super` is led back to the root.
    fn add(&mut self, segments: Vec<String>) {
        let mut place: Vec<String> = self.module.iter().chain(&self.inner).cloned().collect();
        let mut is_relative = false;
        let mut rest = segments.as_slice();
        while let [first, behind @ ..] = rest {
            match first.as_str() {
                "super" => {
                    place.pop();
                }
                "self" => {}
                _ => break,
            }
            is_relative = true;
            rest = behind;
        }
        let path = if is_relative {
            ["crate".to_owned()].into_iter().chain(place).chain(rest.iter().cloned()).collect()
        } else {
            segments
        };
        self.paths.push(path);
    }

    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| before.iter().cloned().chain([name.to_string()]).collect::<Vec<_>>();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.add(with(&name.ident)),
            syn::UseTree::Rename(rename) => self.add(with(&rename.ident)),
            syn::UseTree::Glob(_) => self.add(before.to_vec()),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(before, tree)),
        }
    }

    /// The rooms that the file uses, its own left out.
    fn rooms(&self) -> Vec<&str> {
        let room = |path: &'_ Vec<String>| match path.as_slice() {
            [first, room, ..] if first == "crate" => {
                FLOORS.iter().map(|(name, _)| *name).find(|name| name == room)
            }
            _ => None,
        };
        let mut rooms: Vec<&str> = self.paths.iter().filter_map(room).collect();
        rooms.sort_unstable();
        rooms.dedup();
        rooms.retain(|room| self.module.first().is_none_or(|own| own != room));
        rooms
    }
}

impl<'ast> Visit<'ast> for Mentions {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.add(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        // What a macro is given is no syntax yet: its names are taken one by one.
        let text = item.tokens.to_string();
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        for root in ["crate", "std"] {
            for behind in text.split(&format!("{root} :: ")).skip(1) {
                let name: String = behind.chars().take_while(|c| is_part(*c)).collect();
                self.add(vec![root.to_owned(), name]);
            }
        }
        visit::visit_macro(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.inner.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.inner.pop();
    }
}

#[test]
fn every_room_has_a_floor() {
    let mut unknown: Vec<String> = vec![];
    let mut seen = HashSet::new();
    for file in files() {
        match file.room() {
            Some(room) if floor(room).is_some() => {
                seen.insert(room.to_owned());
            }
            None if DOORS.contains(&file.path.as_str()) => {}
            _ => unknown.push(file.path),
        }
    }
    assert_eq!(unknown, Vec::<String>::new());
    let empty: Vec<&str> =
        FLOORS.iter().map(|(room, _)| *room).filter(|room| !seen.contains(*room)).collect();
    assert_eq!(empty, Vec::<&str>::new());
}

#[test]
fn a_room_uses_only_rooms_below_it() {
    let mut upwards = vec![];
    for file in files() {
        let Some(own) = file.room().and_then(floor) else { continue };
        let mentions = Mentions::of(&file);
        for room in mentions.rooms() {
            if floor(room).is_some_and(|floor| floor >= own) {
                upwards.push(format!("src/{} uses `{room}`", file.path));
            }
        }
    }
    assert_eq!(upwards, Vec::<String>::new());
}

#[test]
fn only_app_touches_the_outside() {
    let mut touching = vec![];
    for file in
        files().iter().filter(|file| file.room() != Some("app") && !DOORS.contains(&file.path.as_str()))
    {
        for path in &Mentions::of(file).paths {
            if let [first, room, ..] = path.as_slice()
                && first == "std"
                && OUTSIDE.contains(&room.as_str())
                && HARMLESS.iter().all(|(harmless, _)| *harmless != path.join("::"))
            {
                touching.push(format!("src/{} mentions `{}`", file.path, path.join("::")));
            }
        }
    }
    assert_eq!(touching, Vec::<String>::new());
}

#[test]
fn every_file_says_why_it_exists() {
    let silent = files().into_iter().filter(|file| !file.text.starts_with("//! ")).map(|file| file.path);
    assert_eq!(silent.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn no_file_is_too_long() {
    let long = files().into_iter().filter_map(|file| {
        let lines = file.text.lines().count();
        (lines > LONGEST_FILE).then(|| format!("src/{} has {lines} lines", file.path))
    });
    assert_eq!(long.collect::<Vec<_>>(), Vec::<String>::new());
}

/// The functions of a file with the number of their lines that hold code.
struct Functions<'a> {
    lines: Vec<&'a str>,
    found: Vec<(String, usize)>,
}

impl Functions<'_> {
    fn add(&mut self, name: &syn::Ident, body: &syn::Block) {
        let (first, last) = (body.span().start().line, body.span().end().line);
        let inside = self.lines.iter().take(last.saturating_sub(1)).skip(first);
        let count = inside.filter(|line| !line.trim().is_empty() && !line.trim().starts_with("//")).count();
        self.found.push((name.to_string(), count));
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.add(&item.sig.ident, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(&item.sig.ident, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.add(&item.sig.ident, body);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

#[test]
fn no_function_is_too_long() {
    let mut long = vec![];
    for file in files() {
        let mut functions = Functions { lines: file.text.lines().collect(), found: vec![] };
        functions.visit_file(&file.syntax);
        for (name, lines) in functions.found {
            let is_allowed =
                LONG_FUNCTIONS.iter().any(|(path, known, _)| *path == file.path && *known == name);
            if lines > LONGEST_FUNCTION && !is_allowed {
                long.push(format!("src/{}: `{name}` has {lines} lines", file.path));
            }
        }
    }
    assert_eq!(long, Vec::<String>::new());
}

/// What the tests above rest on: paths are led back to the room that they mean.
#[test]
fn paths_are_led_back_to_their_room() {
    let text = "
        use super::super::flow::{Shape, run as go};
        use crate::{text::Site, policy};
        fn f() -> crate::report::Format { super::leaf(); std::env::args(); g!(crate::infra::read(), 1) }
        mod tests { use super::super::super::decide; use super::own; }
    ";
    let syntax = syn::parse_file(text).unwrap();
    let file = File { path: "cloud/aws.rs".to_owned(), text: text.to_owned(), syntax };
    let mentions = Mentions::of(&file);
    assert_eq!(mentions.rooms(), ["decide", "flow", "infra", "policy", "report", "text"]);
    assert!(mentions.paths.contains(&vec!["std".to_owned(), "env".to_owned(), "args".to_owned()]));
}
