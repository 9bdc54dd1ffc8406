//! The program as a shell sees it: arguments in, text and exit code out.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "these tests run the program, and stop where they cannot"
)]

use std::process::{Command, Output, Stdio};

use pretty_assertions::assert_eq;

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leastwise"));
    command.args(args).env_clear().stdin(Stdio::null());
    command
}

fn run(args: &[&str]) -> Output {
    program(args).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The command could not do its work, and said so on standard error alone.
fn fails(args: &[&str], message: &str) {
    let output = run(args);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {}", err(&output));
    assert_eq!(out(&output), "", "{args:?}");
    assert!(err(&output).contains(message), "{args:?}: {}", err(&output));
}

#[test]
fn help_is_for_standard_output() {
    let output = run(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    let text = out(&output);
    for command in ["generate", "scan", "diff", "compare", "explain", "catalog", "completions"] {
        assert!(text.contains(&format!("\n  {command} ")), "{text}");
    }
    assert!(text.contains("Exit codes: 0 nothing to report, 1 findings, 2"), "{text}");
    assert_eq!(err(&output), "");
}

const BEFORE: &str = "examples/policies/before.json";
const AFTER: &str = "examples/policies/after.json";

#[test]
fn policies_are_compared() {
    let code = |args: &[&str]| program(args).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert_eq!(code(&["compare", BEFORE, BEFORE]).status.code(), Some(0));
    assert_eq!(code(&["compare", BEFORE, AFTER]).status.code(), Some(1));
    assert_eq!(code(&["compare", BEFORE, AFTER, "--exit-zero"]).status.code(), Some(0));
    // Both together are a set that allows all that each does.
    let wider = code(&["compare", BEFORE, "examples/policies", "--format", "json"]);
    let answer: serde_json::Value = serde_json::from_str(&out(&wider)).unwrap();
    assert_eq!(answer["relation"], "wider");
    // Under a boundary that allows nothing of what differs, nothing differs.
    let bounded = code(&["compare", BEFORE, "examples/policies", "--boundary", BEFORE]);
    assert_eq!(bounded.status.code(), Some(0), "{}", out(&bounded));
    let nowhere = code(&["compare", BEFORE, "no/such/file.json"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(err(&nowhere).contains("no/such/file.json"), "{}", err(&nowhere));
}

#[test]
fn a_policy_may_come_from_standard_input() {
    use std::io::Write as _;
    let mut child = program(&["compare", "-", BEFORE])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = std::fs::read(format!("{}/{BEFORE}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    child.stdin.take().unwrap().write_all(&text).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    fails(&["compare", "-", "-"], "only one of two policies");
}

#[test]
fn each_command_has_its_help() {
    for command in [
        "generate",
        "scan",
        "diff",
        "compare",
        "explain",
        "catalog show",
        "catalog search",
        "catalog coverage",
    ] {
        let args: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let output = run(&args);
        assert_eq!(output.status.code(), Some(0), "{command}");
        assert!(out(&output).contains("--format <FORMAT>"), "{command}: {}", out(&output));
    }
}

#[test]
fn the_version_is_said() {
    assert_eq!(out(&run(&["--version"])), format!("leastwise {}\n", env!("CARGO_PKG_VERSION")));
    let catalog = leastwise::catalog::Catalog::embedded();
    let wanted =
        format!("leastwise {}\ncatalog {} {}\n", env!("CARGO_PKG_VERSION"), catalog.date(), catalog.hash());
    for args in [["--version", "--verbose"], ["-v", "-V"]] {
        let output = run(&args);
        assert_eq!(output.status.code(), Some(0));
        assert!(out(&output).starts_with(&wanted), "{}", out(&output));
    }
}

#[test]
fn the_catalog_is_looked_at_without_a_project() {
    let json = |args: &[&str]| -> serde_json::Value {
        let output = run(&[args, &["--format", "json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let catalog = leastwise::catalog::Catalog::embedded();
    let stamp = format!("{} {}", catalog.date(), catalog.hash());
    for args in [
        &["catalog", "show", "dynamodb", "PutItem"][..],
        &["catalog", "show", "dynamodb"],
        &["catalog", "search", "PutItem"],
        &["catalog", "coverage"],
    ] {
        assert_eq!(json(args)["tool"]["catalog"], stamp, "{args:?}");
    }
    fails(&["catalog", "show", "dynamo"], "there is no service `dynamo`");
    fails(&["catalog", "show", "dynamodb", "PutItm"], "help: did you mean `PutItem`?");
    fails(&["catalog", "search", " "], "there is nothing to search for");
}

#[test]
fn what_makes_no_sense_is_refused() {
    fails(&[], "Usage: leastwise");
    fails(&["scam"], "unrecognized subcommand 'scam'");
    fails(&["scan", "--format", "xml"], "possible values: text, json, markdown, sarif");
    fails(&["explain", "s3:GetObject", "--format", "sarif"], "possible values: text, json");
    fails(&["diff", "--fail-on", "huge"], "invalid value 'huge'");
    fails(&["scan", "--quiet", "--verbose"], "cannot be used with");
    fails(
        &["generate", "--param", "Stage"],
        "error: `Stage` is no parameter\nhelp: write `--param NAME=VALUE`\n",
    );
    fails(&["generate", "--account", "12"], "error: `12` is no account\n");
    fails(&["explain", "GetObject"], "error: `GetObject` is neither an action nor a line\nhelp: ");
    fails(&["scan", "--config", "no.toml"], "error: cannot read `no.toml`: there is no such file\n");
}

#[test]
fn a_project_must_be_a_folder() {
    fails(&["scan", "no/such/folder"], "error: there is no folder `no/such/folder`\n");
    fails(&["diff", "Cargo.toml"], "error: `Cargo.toml` is not a folder\nhelp: ");
}

#[test]
fn a_mistake_in_the_configuration_is_said() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("leastwise.toml"), "\nregion = 1\n").unwrap();
    fails(&["scan", folder.path().to_str().unwrap()], "error: `leastwise.toml:2:");
}

#[test]
fn errors_are_coloured_only_when_asked() {
    let plain = err(&run(&["scan", "no/such/folder"]));
    let coloured = err(&run(&["scan", "no/such/folder", "--color", "always"]));
    assert!(!plain.contains('\u{1b}') && coloured.contains('\u{1b}'), "{plain}{coloured}");
}

#[test]
fn shells_are_completed() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let output = run(&["completions", shell]);
        assert_eq!(output.status.code(), Some(0), "{shell}");
        assert!(out(&output).contains("leastwise"), "{shell}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("_leastwise");
    let output = run(&["completions", "zsh", "--output", file.to_str().unwrap()]);
    assert_eq!(out(&output), "");
    assert!(std::fs::read_to_string(file).unwrap().starts_with("#compdef leastwise"));
}

#[test]
fn a_file_that_cannot_be_written_is_said() {
    fails(
        &["completions", "zsh", "--output", "no/such/folder/x"],
        "error: cannot write `no/such/folder/x`: ",
    );
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_failure() {
    let mut child =
        program(&["completions", "zsh"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    assert_eq!(err(&output), "");
}
