//! `diff` against what is deployed: answers of the AWS command line in files, and the command line itself.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "these tests run the program on files of their own, and stop where they cannot"
)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const APP: &str = "\
import boto3
def handler(event, context):
    boto3.client('sqs').send_message(QueueUrl='https://sqs.eu-west-1.amazonaws.com/111122223333/work', MessageBody='x')
";

const TEMPLATE: &str = "\
Resources:
  Work:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: work
      Runtime: python3.13
      Handler: app.handler
      Code: .
      Role: arn:aws:iam::111122223333:role/other
";

/// A stand-in for the AWS command line: it prints the file that is named like the command.
const AWS: &str = "#!/bin/sh
echo \"$*\" >> \"$ANSWERS/asked\"
if [ -f \"$ANSWERS/$2.json\" ]; then cat \"$ANSWERS/$2.json\"; else echo 'An error occurred (AccessDenied)' >&2; exit 254; fi
";

fn allow(action: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "arn:aws:sqs:eu-west-1:111122223333:work"}]})
}

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [&[("app.py", APP), ("template.yaml", TEMPLATE)], files].concat() {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn diff(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_leastwise"))
        .args(["diff", ".", "--format", "json"])
        .args(args)
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", folder.join("bin").display()))
        .env("ANSWERS", folder.join("answers"))
        .output()
        .unwrap()
}

/// The actions on queues that are missing and in excess.
fn sides(output: &Output) -> (Vec<String>, Vec<String>) {
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        json!({"failed": said})
    });
    let actions = |side: &str| -> Vec<String> {
        let rows = answer["functions"][0][side].as_array().cloned().unwrap_or_default();
        let actions = rows.iter().map(|row| row["action"].as_str().unwrap().to_owned());
        actions.filter(|action| action.starts_with("sqs:")).collect()
    };
    assert!(answer["failed"].is_null(), "{answer}");
    (actions("missing"), actions("excess"))
}

fn only(action: &str) -> Vec<String> {
    vec![action.to_owned()]
}

#[test]
fn answers_of_the_command_line_say_what_is_in_force() {
    let receive = allow("sqs:ReceiveMessage");
    let answers = [
        receive.clone(),
        json!({"RoleName": "other", "PolicyName": "p", "PolicyDocument": receive}),
        json!({"PolicyVersion": {"Document": receive, "IsDefaultVersion": true}}),
        json!([{"AttachedPolicies": []}, {"RoleName": "other", "PolicyName": "p", "PolicyDocument": receive}]),
        // What says nothing of policies is left aside.
        json!([
            {"Policy": {"PolicyName": "p", "Arn": "arn:aws:iam::1:policy/p", "DefaultVersionId": "v1"}},
            {"PolicyVersion": {"Document": receive}},
            {"Versions": [{"VersionId": "v1", "IsDefaultVersion": true}]},
            {"Policies": [{"PolicyName": "p", "Arn": "arn:aws:iam::1:policy/p"}]},
        ]),
        json!([
            {"FunctionName": "work", "FunctionArn": "arn:aws:lambda:eu-west-1:1:function:work", "Role": "arn:aws:iam::1:role/other"},
            {"RoleName": "other", "PolicyName": "p", "PolicyDocument": receive},
            {"RoleName": "third", "PolicyName": "p", "PolicyDocument": allow("sqs:SendMessage")},
        ]),
        json!([
            {"Functions": [{"FunctionName": "work", "FunctionArn": "arn:…", "Role": "arn:aws:iam::1:role/other"}]},
            {"RoleDetailList": [
                {"RoleName": "third", "RolePolicyList": [], "AttachedManagedPolicies": []},
                {"RoleName": "other", "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": receive}]},
            ]},
        ]),
    ];
    for answer in answers {
        let folder = project(&[("held.json", &answer.to_string())]);
        let found = sides(&diff(folder.path(), &["--deployed", "held.json"]));
        assert_eq!(found, (only("sqs:SendMessage"), only("sqs:ReceiveMessage")), "{answer}");
    }
}

#[test]
fn who_is_only_named_is_not_known_to_hold_nothing() {
    let role = json!({"RoleName": "other", "Arn": "arn:aws:iam::1:role/other"});
    for answer in [json!({"Role": role}), json!({"Roles": [role]})] {
        let folder = project(&[("held.json", &answer.to_string())]);
        let output = diff(folder.path(), &["--deployed", "held.json"]);
        assert_eq!(output.status.code(), Some(2), "{answer}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("says nothing of the policies of a role"), "{said}");
    }
    let empty = json!([{"Role": role}, {"PolicyNames": []}, {"AttachedPolicies": []}]);
    let folder = project(&[("held.json", &empty.to_string())]);
    let found = sides(&diff(folder.path(), &["--deployed", "held.json"]));
    assert_eq!(found, (only("sqs:SendMessage"), vec![]));
}

#[test]
fn a_policy_of_an_organization_limits_what_is_held() {
    let policy = |content: &Value| json!({"Policy": {"PolicySummary": {"Name": "limit", "Type": "SERVICE_CONTROL_POLICY"}, "Content": content.to_string()}});
    let everything =
        json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
    let files = [
        ("held.json", allow("sqs:SendMessage").to_string()),
        ("all.json", policy(&everything).to_string()),
        ("less.json", policy(&allow("sqs:ReceiveMessage")).to_string()),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let folder = project(&files);
    let missing = |limit: &str| sides(&diff(folder.path(), &["--deployed", "held.json", "--scp", limit])).0;
    assert_eq!(missing("all.json"), Vec::<String>::new());
    assert_eq!(missing("less.json"), only("sqs:SendMessage"));
}

#[test]
fn of_several_roles_one_is_chosen() {
    let role = |name: &str, action: &str| json!({"RoleName": name, "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": allow(action)}], "AttachedManagedPolicies": []});
    let all = json!({"RoleDetailList": [role("one", "sqs:SendMessage"), role("two", "sqs:PurgeQueue")], "Policies": []});
    let told =
        json!({"Configuration": {"FunctionName": "work", "Role": "arn:aws:iam::111122223333:role/two"}});
    let folder = project(&[("all.json", &all.to_string()), ("function.json", &told.to_string())]);
    let none = Vec::<String>::new();
    let chosen = sides(&diff(folder.path(), &["--deployed", "all.json", "--role", "one"]));
    assert_eq!(chosen, (none, vec![]));
    let told = sides(&diff(folder.path(), &["--deployed", "all.json", "--deployed", "function.json"]));
    assert_eq!(told, (only("sqs:SendMessage"), only("sqs:PurgeQueue")));
    let unclear = diff(folder.path(), &["--deployed", "all.json"]);
    assert_eq!(unclear.status.code(), Some(2));
    let message =
        "error: it is not clear which role `Work` has: `one`, `two`\nhelp: choose one by `--role NAME`\n";
    assert_eq!(String::from_utf8(unclear.stderr).unwrap(), message);
    let wrong = diff(folder.path(), &["--deployed", "all.json", "--role", "onne"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().ends_with("help: did you mean `one`?\n"));
}

#[test]
fn a_template_says_what_is_in_force() {
    let other = TEMPLATE.replace("arn:aws:iam::111122223333:role/other", "!GetAtt Role.Arn")
        + "  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: p
          PolicyDocument:
            Version: '2012-10-17'
            Statement: [{Effect: Allow, Action: 'sqs:PurgeQueue', Resource: '*'}]
";
    let folder = project(&[("old/other.yaml", &other)]);
    let args = ["--template", "template.yaml", "--deployed", "old/other.yaml"];
    assert_eq!(sides(&diff(folder.path(), &args)), (only("sqs:SendMessage"), only("sqs:PurgeQueue")));
}

#[test]
fn a_state_elsewhere_goes_by_the_name_that_was_typed() {
    let policy = allow("sqs:PurgeQueue").to_string();
    let state = json!({"version": 4, "terraform_version": "1.9.0", "resources": [
        {"module": "module.role", "mode": "managed", "type": "aws_iam_role", "name": "this", "each": "list",
            "instances": [{"index_key": 0, "attributes": {"name": "work", "permissions_boundary": ""}}]},
        {"module": "module.role", "mode": "managed", "type": "aws_iam_role_policy", "name": "p",
            "instances": [{"attributes": {"role": "work", "name": "p", "policy": policy}}]},
        {"module": "module.role", "mode": "managed", "type": "aws_iam_role_policy_attachment", "name": "none", "instances": []},
    ]});
    let folder = project(&[]);
    let elsewhere = tempfile::tempdir().unwrap();
    let state_file = elsewhere.path().join("terraform.tfstate");
    std::fs::write(&state_file, state.to_string()).unwrap();
    let typed = state_file.to_str().unwrap();
    let output = diff(folder.path(), &["--deployed", typed]);
    assert_eq!(sides(&output), (only("sqs:SendMessage"), only("sqs:PurgeQueue")));
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["functions"][0]["held"][0]["file"], typed);
}

#[test]
fn what_is_no_policy_is_an_error_with_its_place() {
    let folder = project(&[("held.json", "{\n  \"Statement\": [{\"Effect\": \"Permit\"}]\n}")]);
    let output = diff(folder.path(), &["--deployed", "held.json"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: held.json:2:28: `Effect` is `Allow` or `Deny`"), "{said}");
}

/// A project with the stand-in on its path.
fn with_aws(answers: &[(&str, Value)]) -> tempfile::TempDir {
    let folder = project(&[("bin/aws", AWS)]);
    let program = folder.path().join("bin/aws");
    std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::create_dir(folder.path().join("answers")).unwrap();
    for (command, answer) in answers {
        std::fs::write(folder.path().join(format!("answers/{command}.json")), answer.to_string()).unwrap();
    }
    folder
}

#[test]
fn the_account_is_asked_through_the_command_line() {
    let arn = "arn:aws:iam::111122223333:policy/shared";
    let folder = with_aws(&[
        ("get-role", json!({"Role": {"RoleName": "work", "Arn": "arn:aws:iam::111122223333:role/work"}})),
        ("list-role-policies", json!({"PolicyNames": ["inline"]})),
        (
            "get-role-policy",
            json!({"RoleName": "work", "PolicyName": "inline", "PolicyDocument": allow("sqs:SendMessage")}),
        ),
        (
            "list-attached-role-policies",
            json!({"AttachedPolicies": [{"PolicyName": "shared", "PolicyArn": arn}]}),
        ),
        ("get-policy", json!({"Policy": {"Arn": arn, "DefaultVersionId": "v3"}})),
        (
            "get-policy-version",
            json!({"PolicyVersion": {"Document": allow("sqs:PurgeQueue"), "VersionId": "v3"}}),
        ),
    ]);
    let options = ["--profile", "p", "--region", "eu-west-1", "--endpoint-url", "http://127.0.0.1:1"];
    let output = diff(folder.path(), &[&["--role", "work"][..], &options].concat());
    assert_eq!(sides(&output), (vec![], only("sqs:PurgeQueue")));
    let with = "--output json --profile p --region eu-west-1 --endpoint-url http://127.0.0.1:1";
    let asked = std::fs::read_to_string(folder.path().join("answers/asked")).unwrap();
    let expected = [
        format!("iam get-role --role-name work {with}"),
        format!("iam list-role-policies --role-name work {with}"),
        format!("iam get-role-policy --role-name work --policy-name inline {with}"),
        format!("iam list-attached-role-policies --role-name work {with}"),
        format!("iam get-policy --policy-arn {arn} {with}"),
        format!("iam get-policy-version --policy-arn {arn} --version-id v3 {with}"),
    ];
    assert_eq!(asked.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn what_the_command_line_says_is_passed_on() {
    let folder = with_aws(&[]);
    let output = diff(folder.path(), &["--role", "work"]);
    assert_eq!(output.status.code(), Some(2));
    let message = "error: `aws iam get-role --role-name work` failed: An error occurred (AccessDenied)\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), message);
    std::fs::remove_file(folder.path().join("bin/aws")).unwrap();
    let output = diff(folder.path(), &["--role", "work"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("help: install the AWS command line"));
    let output = diff(folder.path(), &["--role", "--all"]);
    assert_eq!(output.status.code(), Some(2));
}
