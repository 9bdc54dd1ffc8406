//! The documents under `tests/cases`: source, template and expected answer side by side, each checked as it stands.
//!
//! A document is one file about one matter; each `##` heading in it is a case of its own. What a case may hold:
//!
//! - a sentence of intent, then fenced files with their paths (` ```python src/app.py `, ` ```yaml template.yaml `);
//! - ` ```text entry `, where the entry is named by hand (`src/app.py:handler`), one a line;
//! - ` ```text environment `, where one of several environments is asked for;
//! - what is expected: ` ```text environments `, ` ```text calls `, ` ```text requirements `, ` ```text configuration `, ` ```text causes `, ` ```text routes `,
//!   ` ```text policy `, ` ```text difference ` or ` ```text failure `.
//!
//! With `UPDATE_CASES=1` the expectations are rewritten. What was written must then be read: it has to be right, not
//! only what the program says.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "this test reads the documents and stops where it cannot"
)]

#[path = "documents/answer.rs"]
mod answer;
#[path = "documents/decided.rs"]
mod decided;
#[path = "documents/document.rs"]
mod document;

use std::path::{Path, PathBuf};

use leastwise::app::{Handler, InForce, MemoryDisk, Scope, Settings, Task, analyse};
use leastwise::decide::Severity;
use leastwise::report::{Detail, format};
use pretty_assertions::StrComparison;
use rayon::prelude::*;

use answer::Answer;
use document::{Case, Document};

/// Every document under `tests/cases`, sorted by path.
fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut found = vec![];
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn settings(case: &Case, task: Task) -> Settings {
    let handler = |line: &str| {
        let (file, symbol) = line.split_once(':').map_or((line, None), |(file, symbol)| (file, Some(symbol)));
        Handler { file: file.into(), symbol: symbol.map(Into::into) }
    };
    Settings {
        // The references of the template stay in policies.
        format: format(if matches!(task, Task::Generate { .. }) { "cloudformation" } else { "json" })
            .unwrap(),
        task,
        scope: Scope {
            handlers: case.entries.iter().map(|line| handler(line)).collect(),
            environment: case.environment.as_deref().map(Into::into),
            ..Scope::default()
        },
        detail: Detail::Full,
        exit_zero: false,
        quiet: true,
        progress: false,
    }
}

fn answer(case: &Case) -> Answer {
    let disk = MemoryDisk::new(case.files.iter().map(|file| (file.path.clone(), file.text.clone())));
    let mut answer = match analyse(&settings(case, Task::Scan { strict: false }), &disk) {
        Ok(run) => Answer::of(&run),
        Err(failure) => return Answer::of_failure(&failure),
    };
    let generate = Task::Generate { possible: false, exact: false, bare: false };
    let diff = Task::Diff { in_force: InForce::default(), fail_on: Severity::Low };
    for (kind, task) in [("policy", generate), ("difference", diff)] {
        if case.expectations.iter().any(|expectation| expectation.kind == kind) {
            match analyse(&settings(case, task), &disk) {
                Ok(run) => answer.add_decided(&run),
                Err(failure) => return Answer::of_failure(&failure),
            }
        }
    }
    answer
}

/// The document as it would be with the answers that the program gives now.
fn rewritten(document: &Document) -> String {
    let mut text = document.clone();
    for case in document.cases() {
        let answer = answer(case);
        for expectation in &case.expectations {
            let is_alone = case.expectations.len() == 1;
            text.replace(expectation, &answer.block(&expectation.kind, is_alone));
        }
    }
    text.to_string()
}

#[test]
fn every_case_holds() {
    let update = std::env::var_os("UPDATE_CASES").is_some();
    let failed: Vec<String> = documents()
        .par_iter()
        .filter_map(|path| {
            let before = std::fs::read_to_string(path).unwrap();
            let document = Document::parse(&before)
                .unwrap_or_else(|problem| Document::broken(&format!("{}: {problem}", path.display())));
            let after = rewritten(&document);
            if before == after {
                return None;
            }
            if update {
                std::fs::write(path, after).unwrap();
                return None;
            }
            Some(format!("{}\n{}", path.display(), StrComparison::new(&before, &after)))
        })
        .collect();
    assert!(failed.is_empty(), "{} documents differ:\n\n{}", failed.len(), failed.join("\n\n"));
}

#[test]
fn every_case_says_what_it_is_for() {
    let mut names: Vec<String> = vec![];
    for path in documents() {
        let text = std::fs::read_to_string(&path).unwrap();
        let document = Document::parse(&text).unwrap();
        assert!(!document.cases().is_empty(), "{} has no case", path.display());
        for case in document.cases() {
            let name = format!("{}: {}", path.display(), case.name);
            assert!(!case.intent.trim().is_empty(), "{name} says nothing of its intent");
            assert!(!case.files.is_empty(), "{name} has no file");
            assert!(!case.expectations.is_empty(), "{name} expects nothing");
            assert!(!names.contains(&name), "{name} is there twice");
            names.push(name);
        }
    }
}
