//! A project that teaches the catalog: what the program says with an overlay, without one, and with one that is wrong.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "these tests run the program on files that they write, and stop where they cannot"
)]

use std::process::{Command, Output, Stdio};

use leastwise::catalog::{Overlay, OverlaySource};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use tempfile::TempDir;

const APP: &str = r#"import os

from acme.storage import save
from acme.vault import Vault


def handler(event, context):
    save(os.environ["BUCKET"], f"in/{event['id']}.json", b"")
    Vault(stage="prod").secret("db/password")
"#;

const TEMPLATE: &str = r"Transform: AWS::Serverless-2016-10-31
Resources:
  Store:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      CodeUri: src
      Handler: app.handler
      Environment:
        Variables:
          BUCKET: acme-orders
";

const CONFIG: &str = "[catalog]\nfiles = [\"leastwise/acme.toml\", \"leastwise/vault.toml\"]\n";

const ACME: &str = r#"language = "python"

[symbols."acme.storage.save"]
parameters = ["bucket", "key", "body"]
calls = [{ operation = "s3.PutObject", arguments = { Bucket = "{bucket}", Key = "{key}" } }]
"#;

const VAULT: &str = r#"[classes."acme.vault.Vault"]
parameters = ["stage"]

[classes."acme.vault.Vault".members]
secret = { parameters = ["path"], calls = [{ operation = "vault.ReadSecret", arguments = { Path = "{path}", Stage = "{self.stage}" } }] }

[services.vault]
prefix = "vault"

[services.vault.resource_types.secret]
arn = ["arn:${Partition}:vault:${Region}:${Account}:secret/${Path}"]

[services.vault.actions]
ReadSecret = { access = "Read", resource_types = ["secret*"] }

[services.vault.operations.ReadSecret]
parameters = ["Path", "Stage"]
rules = [{ action = "vault:ReadSecret", resources = [["secret", "arn:${Partition}:vault:${Region}:${Account}:secret/${param:Path}"]], conditions = { "vault:Stage" = "${param:Stage}" } }]
"#;

/// A project with these files beside its source and template.
fn project(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let all = [("src/app.py", APP), ("template.yaml", TEMPLATE)];
    for (path, text) in all.iter().chain(files) {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn run(command: &str, project: &TempDir, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_leastwise"))
        .arg(command)
        .args(more)
        .arg(project.path())
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn scan(project: &TempDir) -> Value {
    let output = run("scan", project, &["--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn calls(answer: &Value) -> Vec<String> {
    let calls = answer["functions"][0]["calls"].as_array().unwrap();
    calls.iter().map(|call| format!("{}.{}", call["service"], call["operation"]).replace('"', "")).collect()
}

#[test]
fn a_wrapper_is_known_with_an_overlay_only() {
    let without = scan(&project(&[]));
    assert_eq!(calls(&without), Vec::<String>::new());
    let project = project(&[
        ("leastwise.toml", CONFIG),
        ("leastwise/acme.toml", ACME),
        ("leastwise/vault.toml", VAULT),
    ]);
    let answer = scan(&project);
    assert_eq!(calls(&answer), ["s3.PutObject", "vault.ReadSecret"]);
    let function = &answer["functions"][0];
    let call = &function["calls"][0];
    assert_eq!((&call["file"], &call["line"]), (&json!("src/app.py"), &json!(8)));
    assert_eq!(call["arguments"]["Bucket"], "${env:BUCKET}");
    let needs = function["requirements"].as_array().unwrap();
    let need = |action: &str| needs.iter().find(|need| need["action"] == action).unwrap();
    assert_eq!(
        need("s3:PutObject")["resources"][0]["arn"],
        "arn:${AWS::Partition}:s3:::acme-orders/in/*.json"
    );
    assert_eq!(
        need("vault:ReadSecret")["resources"][0]["arn"],
        "arn:${AWS::Partition}:vault:${AWS::Region}:${AWS::AccountId}:secret/db/password"
    );
    assert_eq!(need("vault:ReadSecret")["conditions"], json!({"StringEquals": {"vault:Stage": ["prod"]}}));
    let stamp = |answer: &Value| answer["tool"]["catalog"].as_str().unwrap().to_owned();
    assert!(stamp(&answer).starts_with(&format!("{} overlay ", stamp(&without))), "{}", stamp(&answer));
    assert_eq!(answer, scan(&project));
    let policy = run("generate", &project, &["--bare", "--format", "json"]);
    let policy = String::from_utf8(policy.stdout).unwrap();
    assert!(policy.contains("\"vault:ReadSecret\"") && policy.contains("\"s3:PutObject\""), "{policy}");
}

#[test]
fn a_configuration_may_hold_the_overlay_itself() {
    let inline = r#"[catalog.overlay.symbols."acme.storage.save"]
parameters = ["bucket", "key", "body"]
calls = [{ operation = "s3.PutObject", arguments = { Bucket = "{bucket}", Key = "{key}" } }]

[catalog.overlay.services.s3.operations.PutObject]
rules = [{ action = "s3:PutObjectAcl", resources = [["object", "arn:${Partition}:s3:::${param:Bucket|bucket}/${param:Key}"]] }]
"#;
    let answer = scan(&project(&[("leastwise.toml", inline)]));
    assert_eq!(calls(&answer), ["s3.PutObject"]);
    let needs = answer["functions"][0]["requirements"].as_array().unwrap();
    let of_call: Vec<&Value> = needs.iter().filter(|need| need["source"] == "call").collect();
    assert_eq!(of_call.len(), 1, "{of_call:#?}");
    assert_eq!(of_call[0]["action"], "s3:PutObjectAcl");
}

#[track_caller]
fn fails(files: &[(&str, &str)], error: &str) {
    let output = run("scan", &project(files), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), error);
    assert!(output.stdout.is_empty());
}

#[test]
fn mistakes_are_said_with_file_line_and_column() {
    let config = ("leastwise.toml", CONFIG);
    let vault = ("leastwise/vault.toml", VAULT);
    fails(
        &[config, ("leastwise/acme.toml", &ACME.replace("PutObject", "PutObjct")), vault],
        "error: `leastwise/acme.toml:5:24`: s3 has no operation `PutObjct`\nhelp: did you mean `PutObject`?\n",
    );
    fails(
        &[config, ("leastwise/acme.toml", &ACME.replace("calls", "sends")), vault],
        "error: `leastwise/acme.toml:5:1`: unknown field `sends`, expected one of `parameters`, `calls`, `returns`, `is`, `invokes`, `serves`, `event`, `builds`, `enters`, `when`, `makes`, `keeps`\n",
    );
    fails(
        &[
            config,
            ("leastwise/acme.toml", ACME),
            (
                "leastwise/vault.toml",
                &VAULT.replace("action = \"vault:ReadSecret\"", "action = \"vault:ReadSecrets\""),
            ),
        ],
        "error: `leastwise/vault.toml:18:21`: there is no action `vault:ReadSecrets`\nhelp: did you mean `vault:ReadSecret`?\n",
    );
    fails(
        &[config, ("leastwise/acme.toml", ACME)],
        "error: `leastwise.toml:2:33`: cannot read `leastwise/vault.toml`: there is no such file\n",
    );
    fails(
        &[(
            "leastwise.toml",
            "[catalog.overlay.symbols.\"acme.f\"]\ncalls = [{ operation = \"s3.PutObject\", arguments = { Bucket = \"{name}\" } }]\n",
        )],
        "error: `leastwise.toml:2:63`: `name` is no parameter here\n",
    );
    fails(
        &[("leastwise.toml", "[catalog]\nfile = []\n")],
        "error: `leastwise.toml:2:1`: unknown field `file`, expected `files` or `overlay`\n",
    );
}

/// What the documentation shows as overlays.
#[test]
fn the_documentation_shows_overlays_that_read() {
    let document = include_str!("../docs/configuration.md");
    let (_, overlays) = document.split_once("## Overlays").unwrap();
    let blocks = overlays.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let blocks: Vec<&str> = blocks.filter(|block| !block.starts_with("[catalog]")).collect();
    assert_eq!(blocks.len(), 4);
    for block in blocks {
        let source = OverlaySource::parse("shown.toml", block).unwrap();
        Overlay::read(&[source], &["python"]).unwrap();
    }
}

#[test]
fn an_overlay_lies_in_the_project() {
    let outside = tempfile::tempdir().unwrap();
    let file = outside.path().join("acme.toml");
    std::fs::write(&file, ACME).unwrap();
    let config = format!("[catalog]\nfiles = [{:?}]\n", file.to_str().unwrap());
    let output = run("scan", &project(&[("leastwise.toml", &config)]), &[]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.ends_with("it lies outside the project\n"), "{error}");
}

/// A kit whose clients give a builder for each operation, and builders for parts of requests.
const BUILDERS: &str = r#"language = "python"

[symbols."kit.client"]
parameters = ["service"]
returns = { client = "{service}", members = "kit.Client" }

[symbols."kit.part"]
returns = { class = "kit.Part" }

[classes."kit.Client"]
names = "rust"
operations = { returns = { class = "kit.Request", with = { operation = "{operation}", input = { record = {} } } } }

[classes."kit.Request"]
setters = { forms = ["set_*", "*"], getters = ["get_*"], into = "input", pairs = true, appends = true, renames = { table = "table_name" } }

[classes."kit.Request".members]
"send|wait" = { calls = [{ operation = "{self.operation}", spread = ["self.input"], at = "self" }] }

[classes."kit.Part"]
setters = { forms = ["*"], changes = true }

[classes."kit.Part".members]
build = { returns = "{self}" }
"#;

/// The calls of a handler with these lines that uses the kit.
fn built(lines: &str) -> Vec<Value> {
    let body = lines.lines().fold(String::new(), |body, line| body + "    " + line + "\n");
    let app =
        format!("import kit\n\ndb = kit.client(\"dynamodb\")\n\n\ndef handler(event, context):\n{body}");
    let config = "[catalog]\nfiles = [\"kit.toml\"]\n";
    let answer = scan(&project(&[("src/app.py", &app), ("leastwise.toml", config), ("kit.toml", BUILDERS)]));
    answer["functions"][0]["calls"].as_array().unwrap().clone()
}

#[test]
fn a_builder_sends_what_was_set_where_the_operation_is_named() {
    let found = built(
        "request = db.put_item().table_name(\"orders\")\nrequest.item(\"id\", 1).set_item({\"at\": 2}).send()",
    );
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["operation"], &found[0]["line"]), (&json!("PutItem"), &json!(7)));
    assert_eq!(found[0]["arguments"]["TableName"], json!("orders"));
    assert!(built("db.put_item().table_name(\"orders\")").is_empty(), "nothing was sent");
}

#[test]
fn a_branch_that_sets_a_field_leaves_the_other_without_it() {
    let lines = "request = db.query().table(\"orders\")\nif event[\"by\"]:\n    request = request.index_name(\"by\")\nrequest.send()";
    let found: Vec<Value> = built(lines).iter().map(|call| call["arguments"].clone()).collect();
    assert_eq!(found.len(), 2);
    assert!(found.contains(&json!({"TableName": "orders"})));
    assert!(found.contains(&json!({"TableName": "orders", "IndexName": "by"})));
}

#[test]
fn what_is_set_again_is_a_list_and_two_arguments_are_an_entry() {
    let lines = "db.query().attributes_to_get(\"a\").attributes_to_get(\"b\").expression_attribute_names(\"#a\", \"a\").expression_attribute_names(\"#b\", \"b\").send()";
    let arguments = &built(lines)[0]["arguments"];
    assert_eq!(arguments["ExpressionAttributeNames"], json!({"#a": "a", "#b": "b"}));
    assert_eq!(arguments["AttributesToGet"], json!([{"$one_of": ["a", "b"]}]));
}

#[test]
fn parts_are_records_changed_in_place_and_waiters_are_operations() {
    let lines = "key = kit.part()\nkey.name(\"id\").build()\ndb.wait_until_table_exists().table_name(key.name()).wait()";
    let found = built(lines);
    assert_eq!(found[0]["operation"], json!("DescribeTable"));
    assert_eq!(found[0]["arguments"]["TableName"], json!("id"));
    let found = built("db.create_table().key_schema(kit.part().attribute_name(\"id\").build()).send()");
    assert_eq!(found[0]["arguments"]["KeySchema"], json!({"attribute_name": "id"}));
}

#[test]
fn a_loop_that_sets_fields_comes_to_an_end() {
    let lines = "request = db.batch_get_item()\nfor table in event[\"tables\"]:\n    request = request.request_items(table, 1).return_consumed_capacity(\"NONE\")\nrequest.send()";
    let found = built(lines);
    assert_eq!(found.len(), 2, "as it is before the loop and as it is behind it");
    assert!(found.iter().all(|call| call["operation"] == json!("BatchGetItem")));
}

#[test]
fn a_form_without_a_place_is_told() {
    let kit = BUILDERS.replace("[\"*\"]", "[\"with\"]");
    let project = project(&[("leastwise.toml", "[catalog]\nfiles = [\"kit.toml\"]\n"), ("kit.toml", &kit)]);
    let output = run("scan", &project, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("a form has one `*`"));
}
