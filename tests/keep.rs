//! `generate --keep`: statements written by hand beside those that are generated.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "these tests run the program on files of their own, and stop where they cannot"
)]

use std::path::Path;
use std::process::{Command, Output};

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const APP: &str = "\
import boto3
def handler(event, context):
    boto3.client('sqs').send_message(QueueUrl='https://sqs.eu-west-1.amazonaws.com/111122223333/work', MessageBody='x')
    boto3.client('s3').get_object(Bucket='files', Key='a')
";

const HERE: [&str; 4] = ["--handler", "app.py:handler", "--region", "eu-west-1"];

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [&[("shop/app.py", APP)], files].concat() {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn generate(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_leastwise"))
        .args(["generate", "shop"])
        .args(HERE)
        .args(args)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

/// The answer for the only function, which keeps to its schema.
fn answer(folder: &Path, args: &[&str]) -> Value {
    let output = generate(folder, &[args, &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let path = format!("{}/schemas/generate.schema.json", env!("CARGO_MANIFEST_DIR"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let errors = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = errors.iter_errors(&answer).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    answer["functions"][0].clone()
}

/// Name, effect and actions of each statement.
fn statements(function: &Value) -> Vec<String> {
    let statements = function["policies"][0]["document"]["Statement"].as_array().unwrap().iter();
    let one =
        |each: &Value| format!("{} {} {}", each["Sid"], each["Effect"], each["Action"]).replace('"', "");
    statements.map(one).collect()
}

fn policy(statements: &Value) -> String {
    json!({"Version": "2012-10-17", "Statement": statements}).to_string()
}

#[test]
fn what_is_kept_is_not_generated_again() {
    let by_hand = json!([
        {"Sid": "Files", "Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::files/*"},
        {"Sid": "SqsWrite", "Effect": "Allow", "Action": "sns:Publish", "Resource": "arn:aws:sns:eu-west-1:111122223333:audit"},
    ]);
    let folder = project(&[("hand/kept.json", &policy(&by_hand))]);
    let function = answer(folder.path(), &["--keep", "hand/kept.json"]);
    let expected = ["SqsWrite2 Allow sqs:SendMessage", "Files Allow s3:*", "SqsWrite Allow sns:Publish"];
    assert_eq!(statements(&function), expected);
    let kept = json!([
        {"sid": "Files", "file": "hand/kept.json", "line": 1, "needed": true},
        {"sid": "SqsWrite", "file": "hand/kept.json", "line": 1, "needed": false},
    ]);
    assert_eq!(function["kept"], kept);
    let text = String::from_utf8(generate(folder.path(), &["--keep", "hand/kept.json"]).stdout).unwrap();
    let shown = "  kept hand/kept.json:1 Files grants something that is needed\n  \
                 kept hand/kept.json:1 SqsWrite nothing here needs it\n";
    assert!(text.contains(shown), "{text}");
}

#[test]
fn a_statement_of_fewer_resources_grants_nothing_of_what_is_needed() {
    let narrow = json!({"Sid": "One", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::files/b"});
    let folder = project(&[("kept.json", &policy(&narrow))]);
    let function = answer(folder.path(), &["--keep", "kept.json"]);
    let expected = ["S3Read Allow s3:GetObject", "SqsWrite Allow sqs:SendMessage", "One Allow s3:GetObject"];
    assert_eq!(statements(&function), expected);
}

#[test]
fn a_denial_of_what_is_needed_is_told() {
    let denial = |resource: &str| {
        policy(&json!({"Sid": "Never", "Effect": "Deny", "Action": "s3:*", "Resource": resource}))
    };
    let folder = project(&[
        ("all.json", &denial("arn:aws:s3:::files/*")),
        ("other.json", &denial("arn:aws:s3:::secrets/*")),
    ]);
    let warnings = |file: &str| answer(folder.path(), &["--keep", file])["warnings"].clone();
    let told =
        "`s3:GetObject` is needed on `arn:aws:s3:::files/a`, and a kept statement denies it or may deny it";
    assert_eq!(warnings("all.json"), json!([told]));
    assert_eq!(warnings("other.json"), Value::Null);
}

#[test]
fn what_cannot_be_kept_is_an_error() {
    let old = json!({"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}"}]});
    let folder = project(&[("old.json", &old.to_string())]);
    let said = |args: &[&str]| {
        let output = generate(folder.path(), args);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let expected = "error: the statements of `old.json` cannot be kept: they hold `${…}`, which the old version of the \
                    language does not replace\n";
    assert_eq!(said(&["--keep", "old.json"]), expected);
    assert!(
        said(&["--keep", "Orders=old.json"]).contains("there is no function `Orders` to keep statements for")
    );
    assert!(said(&["--keep", "none.json"]).contains("cannot read the policy `none.json`"));
}

/// The template, written anew by `generate --write` under what is kept.
fn rewritten(folder: &Path) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_leastwise"))
        .args(["generate", "shop", "--write", "--keep", "hand/kept.json"])
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    std::fs::read_to_string(folder.join("shop/template.yaml")).unwrap()
}

#[test]
fn what_is_kept_is_written_into_the_template() {
    let template = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: .
      Policies: AmazonS3FullAccess
";
    let by_hand = json!([
        {"Sid": "Files", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::files/*"},
        {"Sid": "Never", "Effect": "Deny", "Action": "s3:Delete*", "Resource": "*"},
    ]);
    let folder = project(&[("shop/template.yaml", template), ("hand/kept.json", &policy(&by_hand))]);
    let written = rewritten(folder.path());
    for line in ["Sid: Files", "Sid: Never", "Effect: Deny", "Sid: SqsWrite"] {
        assert_eq!(written.matches(line).count(), 1, "{line}\n{written}");
    }
    assert!(!written.contains("AmazonS3FullAccess") && !written.contains("s3:GetObject"), "{written}");
    assert_eq!(rewritten(folder.path()), written);
}
