//! What the documentation shows is what the program prints.
//!
//! A block fenced as `console` begins with `$ leastwise …` and holds the whole of standard output. With `UPDATE_DOCS=1`
//! the outputs are written anew. What was written must then be read: it has to be right, not only what the program says.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "this test runs the program on files, and stops where it cannot"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pretty_assertions::StrComparison;

const FENCE: &str = "```";

/// The documents: those of the project, and one of each example.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let markdown = |folder: &str| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
    };
    let examples = std::fs::read_dir(root.join("examples")).unwrap();
    let examples = examples.map(|entry| entry.unwrap().path().join("README.md")).filter(|path| path.exists());
    let mut documents: Vec<PathBuf> =
        [".", "docs", "examples"].into_iter().flat_map(markdown).chain(examples).collect();
    documents.sort();
    documents
}

/// What a command prints, run in the project's folder.
fn output(command: &str) -> String {
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("leastwise"), "`{command}` is not run by this test");
    let run = Command::new(env!("CARGO_BIN_EXE_leastwise"))
        .args(words)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let errors = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.code().is_some_and(|code| code < 2), "`{command}` failed: {errors}");
    String::from_utf8(run.stdout).unwrap()
}

/// A document with the outputs that the program prints today.
fn refreshed(document: &str) -> String {
    let mut text = String::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        text.push_str(line);
        text.push('\n');
        if line != "```console" {
            continue;
        }
        let command = lines.next().unwrap();
        text.push_str(command);
        text.push('\n');
        text.push_str(output(command.trim_start_matches("$ ")).trim_end());
        text.push('\n');
        text.push_str(lines.find(|line| *line == FENCE).unwrap());
        text.push('\n');
    }
    text
}

#[test]
fn outputs_are_those_of_the_program() {
    for path in documents() {
        let document = std::fs::read_to_string(&path).unwrap();
        let refreshed = refreshed(&document);
        if document == refreshed {
            continue;
        }
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, refreshed).unwrap();
            continue;
        }
        let difference = StrComparison::new(&document, &refreshed);
        assert!(document == refreshed, "{}: run `just refresh`\n{difference}", path.display());
    }
}

/// Pages that are an output as a whole.
const PAGES: &[(&str, &str)] = &[("docs/checks.md", "leastwise lint --rules --format markdown")];

#[test]
fn pages_are_those_of_the_program() {
    for (page, command) in PAGES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let printed = output(command);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, printed).unwrap();
            continue;
        }
        let document = std::fs::read_to_string(&path).unwrap();
        let difference = StrComparison::new(&document, &printed);
        assert!(document == printed, "{page}: run `just refresh`\n{difference}");
    }
}
