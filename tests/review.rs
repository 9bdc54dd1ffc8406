//! `review`: a change in a repository of its own, before and after.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "these tests run the program on files of their own, and stop where they cannot"
)]

use std::path::Path;
use std::process::{Command, Output};

use pretty_assertions::assert_eq;
use serde_json::Value;

const TEMPLATE: &str = "\
Resources:
  Save:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
  Table:
    Type: AWS::DynamoDB::Table
";

const BEFORE: &str = "\
import boto3
table = boto3.resource('dynamodb').Table('orders')
def handler(event, context):
    table.put_item(Item=event)
";

const AFTER: &str = "\
import boto3
table = boto3.resource('dynamodb').Table('orders')

def handler(event, context):
    table.delete_item(Key=event)
";

fn git(folder: &Path, args: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"])
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// A repository with the project in the folder `shop`, as it was.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q"]);
    write(folder.path(), "shop/template.yaml", TEMPLATE);
    write(folder.path(), "shop/src/app.py", BEFORE);
    git(folder.path(), &["add", "-A"]);
    git(folder.path(), &["commit", "-qm", "before"]);
    folder
}

fn review(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_leastwise"))
        .arg("review")
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn answer(folder: &Path, args: &[&str]) -> Value {
    let output = review(folder, &[args, &["--format", "json"]].concat());
    let path = format!("{}/schemas/review.schema.json", env!("CARGO_MANIFEST_DIR"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    answer
}

fn actions(rows: &Value) -> Vec<&str> {
    rows.as_array().unwrap().iter().map(|row| row["action"].as_str().unwrap()).collect()
}

#[test]
fn a_change_adds_and_removes() {
    let folder = repository();
    write(folder.path(), "shop/src/app.py", AFTER);
    let answer = answer(folder.path(), &["shop", "--base", "HEAD"]);
    let function = &answer["functions"][0];
    assert_eq!(function["name"], "Save");
    assert_eq!(actions(&function["added"]), ["dynamodb:DeleteItem"]);
    assert_eq!(actions(&function["removed"]), ["dynamodb:PutItem"]);
    assert_eq!(function["removed"][0]["evidence"][0]["line"], 4);
    let comment = &answer["comments"][0];
    assert_eq!((comment["file"].as_str(), comment["line"].as_u64()), (Some("src/app.py"), Some(5)));
    assert_eq!(comment["suggestion"]["file"], "template.yaml");
    assert!(comment["suggestion"]["text"].as_str().unwrap().contains("dynamodb:DeleteItem"));
    // What nobody changed is not reported, and the exit code says whether something was added.
    assert_eq!(review(folder.path(), &["shop", "--base", "HEAD"]).status.code(), Some(1));
    git(folder.path(), &["commit", "-qam", "after"]);
    let output = review(folder.path(), &["shop", "--base", "HEAD"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "0 functions changed · 0 added · 0 removed\n");
}

#[test]
fn a_comment_says_whether_the_role_grants_it() {
    let folder = repository();
    let message = || {
        let answer = answer(folder.path(), &["shop", "--base", "HEAD"]);
        let message = answer["functions"][0]["added"][0]["message"].as_str().unwrap().to_owned();
        assert!(answer["comments"][0]["body"].as_str().unwrap().contains(&message), "{answer}");
        message
    };
    write(folder.path(), "shop/src/app.py", AFTER);
    assert_eq!(message(), "`dynamodb:DeleteItem` is needed now, and the role does not grant it");
    let policies = "      CodeUri: src\n      Policies:\n        - Version: 2012-10-17\n          Statement:\n            \
                    - {Effect: Allow, Action: 'dynamodb:*', Resource: '*'}\n";
    write(folder.path(), "shop/template.yaml", &TEMPLATE.replace("      CodeUri: src\n", policies));
    assert_eq!(message(), "`dynamodb:DeleteItem` is needed now, and the role grants it already");
}

#[test]
fn a_fingerprint_stays_when_lines_move() {
    let folder = repository();
    write(folder.path(), "shop/src/app.py", AFTER);
    let first = answer(folder.path(), &["shop", "--base", "HEAD"]);
    write(folder.path(), "shop/src/app.py", &format!("# orders\n\n{AFTER}"));
    let second = answer(folder.path(), &["shop", "--base", "HEAD"]);
    assert_ne!(first["comments"][0]["line"], second["comments"][0]["line"]);
    assert_eq!(first["comments"][0]["fingerprint"], second["comments"][0]["fingerprint"]);
}

#[test]
fn functions_come_go_and_are_renamed() {
    let folder = repository();
    write(folder.path(), "shop/template.yaml", &TEMPLATE.replace("  Save:", "  Store:"));
    write(folder.path(), "shop/src/app.py", AFTER);
    let renamed = answer(folder.path(), &["shop", "--base", "HEAD"]);
    assert_eq!(renamed["functions"][0]["name"], "Store");
    assert_eq!(renamed["functions"][0]["before"], "Save");
    assert_eq!(actions(&renamed["functions"][0]["added"])[0], "dynamodb:DeleteItem");
    write(folder.path(), "shop/template.yaml", "Resources:\n  Table:\n    Type: AWS::DynamoDB::Table\n");
    write(folder.path(), "shop/src/app.py", "x = 1\n");
    let gone = answer(folder.path(), &["shop", "--base", "HEAD"]);
    assert_eq!(gone["functions"][0]["name"], "Save");
    assert_eq!(actions(&gone["functions"][0]["added"]), Vec::<&str>::new());
    assert!(actions(&gone["functions"][0]["removed"]).contains(&"dynamodb:PutItem"));
}

#[test]
fn a_review_for_github_names_lines_that_it_takes() {
    let folder = repository();
    write(folder.path(), "shop/src/app.py", AFTER);
    let output = review(folder.path(), &["shop", "--base", "HEAD", "--format", "github"]);
    let payload: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(payload["event"], "COMMENT");
    assert_eq!(payload["comments"][0]["path"], "shop/src/app.py");
    assert_eq!(payload["comments"][0]["line"], 5);
    assert_eq!(payload["comments"][0]["side"], "RIGHT");
    assert!(payload["body"].as_str().unwrap().contains("**removed** `dynamodb:PutItem`"));
}

#[test]
fn the_work_tree_stays_as_it_is() {
    let folder = repository();
    write(folder.path(), "shop/src/app.py", AFTER);
    let state = || {
        let output =
            Command::new("git").args(["status", "--porcelain"]).current_dir(folder.path()).output().unwrap();
        (output.stdout, std::fs::read(folder.path().join(".git/index")).unwrap())
    };
    let before = state();
    review(folder.path(), &["shop", "--base", "HEAD"]);
    assert_eq!(state(), before);
}

#[test]
fn a_folder_may_be_the_base() {
    let folder = repository();
    write(folder.path(), "old/template.yaml", TEMPLATE);
    write(folder.path(), "old/src/app.py", AFTER);
    let answer = answer(folder.path(), &["shop", "--base-path", "old"]);
    assert_eq!(actions(&answer["functions"][0]["added"]), ["dynamodb:PutItem"]);
    assert_eq!(answer["base"], "old");
}

#[test]
fn a_revision_that_is_not_there_is_an_error() {
    let folder = repository();
    for revision in ["nothing", "--all"] {
        let base = format!("--base={revision}");
        let output = review(folder.path(), &["shop", &base]);
        assert_eq!(output.status.code(), Some(2));
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with(&format!("error: there is no revision `{revision}`\nhelp: ")), "{said}");
    }
}
