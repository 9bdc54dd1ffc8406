//! What `package.json` and `tsconfig.json` say of the paths of modules.

use crate::text::tree::Node;
use crate::text::{FileId, SmolStr, Source, paths, yaml};

use super::super::{OWN_FOLDER, StatedPath};
use super::resolve::{BUILT, stem};

/// Whether a file of that name says where modules lie.
pub(super) fn is_manifest(name: &str) -> bool {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    ending == "json" && (stem == "package" || stem.starts_with("tsconfig") || stem.starts_with("jsconfig"))
}

/// A file as a document. Settings of the compiler may have comments.
fn document(text: &str) -> Node {
    yaml::parse(&Source::new("manifest", without_comments(text)), FileId(0)).0
}

/// The settings that a file's own are put upon, the nearest first.
pub(super) fn extends(text: &str) -> Vec<String> {
    let document = document(text);
    let extended = document.get("extends").map(Node::one_or_many).unwrap_or_default();
    extended.iter().rev().filter_map(|one| Some(one.as_str()?.to_owned())).collect()
}

/// The paths of modules that a file in `folder` states, the likeliest place of each first.
pub(super) fn read(folder: &str, text: &str) -> Vec<StatedPath> {
    let document = document(text);
    let mut stated = vec![];
    settings(folder, &document, &mut stated);
    package(folder, &document, &mut stated);
    stated
}

/// `paths` and `baseUrl` of the compiler's settings.
fn settings(folder: &str, document: &Node, stated: &mut Vec<StatedPath>) {
    let base = document.at(&["compilerOptions", "baseUrl"]).and_then(Node::as_str);
    let root = paths::climb(folder, base.unwrap_or("."));
    let Some(root) = root else { return };
    let paths = document.at(&["compilerOptions", "paths"]).and_then(Node::as_map);
    for (path, entry) in paths.into_iter().flatten() {
        for target in entry.node.one_or_many() {
            let Some(place) = target.as_str().and_then(|target| paths::climb(&root, whole(target))) else {
                continue;
            };
            let path = SmolStr::from(whole(path));
            stated.push(StatedPath { path, place: stem(&place).to_owned(), everywhere: false });
        }
    }
    if base.is_some() {
        stated.push(StatedPath { path: SmolStr::default(), place: root, everywhere: false });
    }
}

/// A package's own name with what it exports, and the paths that only it has.
fn package(folder: &str, document: &Node, stated: &mut Vec<StatedPath>) {
    let mut state = |path: String, target: &str, everywhere: bool| {
        let Some(place) = paths::climb(folder, whole(target)) else { return };
        for place in sources(stem(&place)) {
            stated.push(StatedPath { path: path.as_str().into(), place, everywhere });
        }
    };
    let imports = document.get("imports").and_then(Node::as_map);
    for (path, entry) in imports.into_iter().flatten() {
        for target in targets(&entry.node) {
            state(whole(path).to_owned(), target, false);
        }
    }
    for target in ["source", "module", "main"].into_iter().filter_map(|key| document.get(key)?.as_str()) {
        state(OWN_FOLDER.to_owned(), target, false);
    }
    let Some(name) = document.get("name").and_then(Node::as_str) else { return };
    let exports = document.get("exports");
    let subpaths =
        exports.and_then(Node::as_map).into_iter().flatten().filter(|(path, _)| path.starts_with('.'));
    let mut has_paths = false;
    for (path, entry) in subpaths {
        has_paths = true;
        let inner = whole(path).trim_start_matches("./").trim_start_matches('.');
        let path = if inner.is_empty() { name.to_owned() } else { format!("{name}/{inner}") };
        for target in targets(&entry.node) {
            state(path.clone(), target, true);
        }
    }
    let main =
        ["source", "module", "main", "types"].into_iter().filter_map(|key| document.get(key)?.as_str());
    let whole_package = exports.filter(|_| !has_paths).map(targets).unwrap_or_default();
    for target in whole_package.into_iter().chain(main) {
        state(name.to_owned(), target, true);
    }
    for inner in [".", "src", "lib"] {
        state(name.to_owned(), inner, true);
    }
}

/// The files that a condition of `exports` or `imports` may lead to.
fn targets(node: &Node) -> Vec<&str> {
    if let Some(text) = node.as_str() {
        return vec![text];
    }
    let conditions = node.as_map().into_iter().flatten();
    conditions.flat_map(|(_, entry)| targets(&entry.node)).collect()
}

/// A pattern without the part that stands for the rest.
fn whole(pattern: &str) -> &str {
    pattern.split_once('*').map_or(pattern, |(before, _)| before).trim_end_matches('/')
}

/// A place, and those that a build tool may have written it from.
fn sources(place: &str) -> Vec<String> {
    let mut places = vec![place.to_owned()];
    let parts: Vec<&str> = place.split('/').collect();
    if let Some(built) = parts.iter().position(|part| BUILT.contains(part)) {
        for replacement in [Some("src"), None] {
            let mut parts = parts.clone();
            parts.splice(built..=built, replacement);
            places.push(parts.join("/"));
        }
    }
    places
}

/// A document without the comments that JSON does not have.
fn without_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut quoted = false;
    while let Some(letter) = rest.next() {
        match (letter, rest.peek()) {
            ('\\', Some(_)) if quoted => {
                plain.push(letter);
                plain.extend(rest.next());
            }
            ('"', _) => {
                quoted = !quoted;
                plain.push(letter);
            }
            ('/', Some('/')) if !quoted => while rest.next_if(|letter| *letter != '\n').is_some() {},
            ('/', Some('*')) if !quoted => {
                let mut last = ' ';
                for letter in rest.by_ref() {
                    if last == '*' && letter == '/' {
                        break;
                    }
                    last = letter;
                }
            }
            _ => plain.push(letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(folder: &str, text: &str) -> Vec<(String, String)> {
        let all = read(folder, text).into_iter();
        all.map(|one| (one.path.to_string(), one.place)).collect()
    }

    fn has(all: &[(String, String)], path: &str, place: &str) -> bool {
        all.iter().any(|(known, at)| known == path && at == place)
    }

    #[test]
    fn settings_may_have_comments() {
        let text = r#"{ // the compiler's
            "compilerOptions": { "baseUrl": "./src", /* short */ "paths": { "@app/*": ["app/*"], "@one": ["one/index.ts"], }, } }"#;
        let all = stated("api", text);
        assert!(has(&all, "@app", "api/src/app"), "{all:?}");
        assert!(has(&all, "@one", "api/src/one/index"), "{all:?}");
        assert!(has(&all, "", "api/src"), "{all:?}");
    }

    #[test]
    fn a_package_is_found_where_it_was_built_from() {
        let text = r##"{ "name": "@acme/store", "main": "dist/index.js", "imports": { "#lib/*": "./lib/*.js" },
            "exports": { ".": { "import": "./dist/main.mjs" }, "./tables": "./dist/tables.js" } }"##;
        let all = stated("packages/store", text);
        assert!(has(&all, "@acme/store", "packages/store/src/main"), "{all:?}");
        assert!(has(&all, "@acme/store", "packages/store/src/index"), "{all:?}");
        assert!(has(&all, "@acme/store/tables", "packages/store/src/tables"), "{all:?}");
        assert!(has(&all, "#lib", "packages/store/lib"), "{all:?}");
    }

    #[test]
    fn settings_extend_others() {
        assert_eq!(extends(r#"{ "extends": "../base" }"#), ["../base"]);
        assert_eq!(
            extends(r#"{ "extends": ["@acme/node", "./paths.json"] }"#),
            ["./paths.json", "@acme/node"]
        );
        assert!(extends(r#"{ "name": "x" }"#).is_empty());
    }

    #[test]
    fn what_is_no_document_states_nothing() {
        assert!(read("a", "{ not: [").is_empty());
        assert!(read("a", "").is_empty());
        assert!(read("", r#"{ "compilerOptions": { "paths": { "@up/*": ["../../../up/*"] } } }"#).is_empty());
    }
}
