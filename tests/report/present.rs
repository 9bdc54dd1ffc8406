//! From settings and an analysis to the answer and the exit code.

use leastwise::app::{Analysis, Exit, InForce, Scope, Settings, Task, present, present_rules};
use leastwise::decide::{Finding, Question, Severity};
use leastwise::report::{Colour, Detail, format};
use pretty_assertions::assert_eq;

use crate::sample::{rules, sample};

fn settings(task: Task, format_name: &str) -> Settings {
    Settings {
        task,
        format: format(format_name).unwrap(),
        scope: Scope { root: "./examples/orders/".into(), ..Scope::default() },
        detail: Detail::Brief,
        exit_zero: false,
        quiet: false,
        progress: false,
    }
}

fn analysis() -> Analysis {
    let sample = sample();
    Analysis {
        functions: vec![sample.function],
        syntheses: vec![sample.synthesis],
        differences: vec![sample.difference],
        sources: sample.sources,
        rules: vec![rules()],
        ..Analysis::default()
    }
}

fn exit(settings: &Settings, analysis: &Analysis) -> Exit {
    present(settings, analysis, Colour::Plain).unwrap().exit
}

fn diff(fail_on: Severity) -> Task {
    Task::Diff { in_force: InForce::default(), fail_on }
}

#[test]
fn diff_fails_from_the_chosen_severity() {
    let analysis = analysis();
    assert_eq!(exit(&settings(diff(Severity::Low), "json"), &analysis), Exit::Findings);
    assert_eq!(exit(&settings(diff(Severity::High), "json"), &analysis), Exit::Findings);
    assert_eq!(exit(&settings(diff(Severity::Critical), "json"), &analysis), Exit::Clean);
    let forgiving = Settings { exit_zero: true, ..settings(diff(Severity::Low), "json") };
    assert_eq!(exit(&forgiving, &analysis), Exit::Clean);
}

#[test]
fn scan_fails_only_when_strict() {
    let mut analysis = analysis();
    let strict = settings(Task::Scan { strict: true }, "json");
    assert_eq!(exit(&strict, &analysis), Exit::Clean);
    analysis.findings.push(Finding {
        rule: "unreadable",
        severity: Severity::Medium,
        message: "the list has no end".into(),
        site: None,
        function: None,
    });
    assert_eq!(exit(&strict, &analysis), Exit::Findings);
    assert_eq!(exit(&settings(Task::Scan { strict: false }, "json"), &analysis), Exit::Clean);
}

#[test]
fn text_names_places_from_the_readers_folder_and_json_from_the_project() {
    let analysis = analysis();
    let scan =
        |name| present(&settings(Task::Scan { strict: false }, name), &analysis, Colour::Plain).unwrap().text;
    assert!(scan("text").contains(" examples/orders/src/repo.py:6 "));
    assert!(scan("json").contains("\"file\": \"src/repo.py\""));
}

#[test]
fn a_bare_document_needs_one_function() {
    let mut analysis = analysis();
    let bare = settings(Task::Generate { possible: false, exact: false, bare: true }, "json");
    assert!(present(&bare, &analysis, Colour::Plain).unwrap().text.starts_with("{\n  \"Version\""));
    analysis.functions.clear();
    let failure = present(&bare, &analysis, Colour::Plain).unwrap_err();
    assert_eq!(failure.message(), "`--bare` prints the policy of one function, here are 0");
    assert_eq!(failure.advice(), Some("choose one by `--function NAME`"));
}

#[test]
fn explain_shows_the_rules_of_the_calls_concerned() {
    let analysis = analysis();
    let explain = |action: &str| {
        let settings = settings(Task::Explain(Question::Action(action.into())), "text");
        present(&settings, &analysis, Colour::Plain).unwrap().text
    };
    assert!(explain("dynamodb:PutItem").contains("what the catalog says"));
    assert!(!explain("sqs:SendMessage").contains("what the catalog says"));
}

#[test]
fn a_format_is_one_of_the_command() {
    let failure = present(
        &settings(Task::Explain(Question::Action("a:b".into())), "sarif"),
        &analysis(),
        Colour::Plain,
    );
    assert_eq!(failure.unwrap_err().message(), "`sarif` is no format of this command");
}

#[test]
fn catalog_show_needs_no_project() {
    let task = Task::CatalogShow { service: "dynamodb".into(), operation: "PutItem".into() };
    let shown = present_rules(&settings(task, "text"), &rules(), Colour::Plain).unwrap();
    assert!(shown.text.starts_with("dynamodb PutItem\n  dynamodb:PutItem\n"));
    assert_eq!(shown.exit, Exit::Clean);
}

#[test]
fn nothing_found_says_what_to_do() {
    for task in [
        Task::Scan { strict: false },
        diff(Severity::Low),
        Task::Generate { possible: false, exact: false, bare: false },
    ] {
        let shown = present(&settings(task, "text"), &Analysis::default(), Colour::Plain).unwrap();
        assert_eq!(
            shown.text,
            "no function was found: name a template by --template FILE or an entry by --handler FILE:SYMBOL\n"
        );
    }
}
