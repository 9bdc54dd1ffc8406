//! Go's front end against another parser: every call of a member that stands in the fixtures is in the graph.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "this test reads the fixtures and stops where it cannot"
)]

use std::path::Path;

use leastwise::ir::Node;
use leastwise::lang::language_of;
use leastwise::text::{FileId, Source};
use pretty_assertions::assert_eq;
use tree_sitter::{Node as Part, Parser};

/// Every file below a folder.
fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
    found.sort();
}

/// The Go programs of the fixtures: those of the cases and of the examples.
fn programs() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = vec![];
    files(&root.join("tests/cases/go"), &mut paths);
    files(&root.join("examples"), &mut paths);
    let mut programs = vec![];
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("go") => programs.push(text),
            Some("md") => {
                let blocks = text.split("```go ").skip(1).filter_map(|rest| rest.split_once('\n'));
                programs.extend(blocks.map(|(_, rest)| rest.split("\n```").next().unwrap().to_owned()));
            }
            _ => {}
        }
    }
    programs
}

/// The names of the members that are called, by the other parser; `None` where it finds a mistake.
fn called(text: &str) -> Option<Vec<String>> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_go::LANGUAGE.into()).unwrap();
    let tree = parser.parse(text, None).unwrap();
    let mut names = vec![];
    let mut open: Vec<Part<'_>> = vec![tree.root_node()];
    while let Some(part) = open.pop() {
        let function = part.child_by_field_name("function").filter(|_| part.kind() == "call_expression");
        if let Some(name) = function.and_then(|function| function.child_by_field_name("field")) {
            names.push(text.get(name.byte_range()).unwrap().to_owned());
        }
        open.extend((0..part.child_count()).filter_map(|place| part.child(place)));
    }
    names.sort();
    (!tree.root_node().has_error()).then_some(names)
}

/// The same from the graph.
fn lowered(text: &str) -> Vec<String> {
    let language = language_of("main.go").unwrap();
    let module = (language.lower)(&Source::new("main.go", text.to_owned()), FileId(0));
    let mut names = vec![];
    for routine in &module.routines {
        for node in &routine.nodes {
            if let Node::Call(call) = node
                && let Some(Node::Member(_, name)) = routine.node(call.callee)
            {
                names.push(name.to_string());
            }
        }
    }
    names.sort();
    names
}

#[test]
fn no_call_of_a_member_is_lost() {
    let programs = programs();
    let mut compared = 0;
    for text in programs.iter().filter(|text| !text.contains("//go:build")) {
        let Some(wanted) = called(text) else { continue };
        compared += wanted.len();
        assert_eq!(lowered(text), wanted, "in:\n{text}");
    }
    assert!(compared > 100, "only {compared} calls were compared");
}
