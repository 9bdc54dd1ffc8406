//! `compare` on everything that a policy in force may be read from.
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

fn files(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        std::fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

fn run(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_leastwise"))
        .arg("compare")
        .args(args)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap()
}

/// The relation of what a file holds to `s3:GetObject` on the objects of a bucket.
fn relation(file: &str, text: &str, args: &[&str]) -> String {
    let folder = files(&[("old.json", &get("arn:aws:s3:::b/*").to_string()), (file, text)]);
    let output = run(folder.path(), &[&["old.json", file, "--format", "json"], args].concat());
    let answer: Result<Value, _> = serde_json::from_slice(&output.stdout);
    answer.map_or_else(
        |_| String::from_utf8_lossy(&output.stderr).into_owned(),
        |answer| answer["relation"].as_str().unwrap().to_owned(),
    )
}

fn get(resource: &str) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}]})
}

#[test]
fn answers_of_the_command_line() {
    let document = get("arn:aws:s3:::b/*");
    let bytes: Vec<String> = document.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect();
    let encoded = bytes.concat();
    let role = |name: &str, document: &Value| json!({"RoleName": name, "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": document}], "AttachedManagedPolicies": []});
    let several = json!({"RoleDetailList": [role("one", &document), role("two", &get("*"))], "Policies": []});
    for (answer, expected) in [
        (json!({"RoleName": "r", "PolicyName": "p", "PolicyDocument": document}), "equal"),
        (json!({"RoleName": "r", "PolicyName": "p", "PolicyDocument": encoded}), "equal"),
        (json!({"PolicyVersion": {"Document": document}}), "equal"),
        (
            json!([{"PolicyNames": ["p"]}, {"RoleName": "r", "PolicyName": "p", "PolicyDocument": get("*")}]),
            "wider",
        ),
        (several.clone(), "equal"),
    ] {
        let args: &[&str] = if answer == several { &["--role", "one"] } else { &[] };
        assert_eq!(relation("new.json", &answer.to_string(), args), expected, "{answer}");
    }
    let unclear = relation("new.json", &several.to_string(), &[]);
    assert!(
        unclear.contains("has several roles: `one`, `two`") && unclear.contains("--role NAME"),
        "{unclear}"
    );
}

#[test]
fn what_is_attached_and_not_known_leaves_the_answer_open() {
    let held = |attached: &str| {
        let attached = json!({"AttachedPolicies": [{"PolicyName": "x", "PolicyArn": attached}]});
        json!([{"RoleName": "r", "PolicyName": "p", "PolicyDocument": get("arn:aws:s3:::b/*")}, attached])
            .to_string()
    };
    let (one, other) =
        (held("arn:aws:iam::111122223333:policy/x"), held("arn:aws:iam::111122223333:policy/y"));
    let wide = one.replace("arn:aws:s3:::b/*", "*");
    let folder =
        files(&[("one.json", &one), ("again.json", &one), ("other.json", &other), ("wide.json", &wide)]);
    let answer = |old: &str, new: &str| -> Value {
        let output = run(folder.path(), &[old, new, "--format", "json"]);
        serde_json::from_slice(&output.stdout).unwrap()
    };
    assert_eq!(answer("one.json", "again.json")["relation"], "equal");
    let open = answer("one.json", "other.json");
    let messages: Vec<&Value> =
        open["undecided"].as_array().unwrap().iter().map(|row| &row["message"]).collect();
    let unread = |name: &str, side: &str| {
        json!(format!(
            "the statements of `arn:aws:iam::111122223333:policy/{name}`, which only the {side} side has, are not known"
        ))
    };
    assert_eq!(
        (&open["relation"], messages),
        (&json!("unknown"), vec![&unread("x", "old"), &unread("y", "new")])
    );
    let wider = answer("one.json", "wide.json");
    assert_eq!((&wider["relation"], &wider["only_in_new"]), (&json!("unknown"), &json!([])));
    let message = wider["undecided"][0]["message"].as_str().unwrap();
    assert!(message.ends_with("or not: it depends on a policy that is not known"), "{message}");
    // What AWS manages is known by its name.
    let managed = held("arn:aws:iam::aws:policy/AmazonS3FullAccess");
    assert_eq!(relation("new.json", &managed, &[]), "wider");
}

#[test]
fn roles_of_templates() {
    let template = "
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - {PolicyName: p, PolicyDocument: {Version: '2012-10-17', Statement: [{Effect: Allow, Action: 's3:Get*', Resource: 'arn:aws:s3:::b/*'}]}}
";
    assert_eq!(relation("template.yaml", template, &[]), "wider");
    let terraform = r#"
resource "aws_iam_role" "r" { assume_role_policy = "{}" }
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.r.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::b/in/*" }] })
}
"#;
    assert_eq!(relation("main.tf", terraform, &[]), "narrower");
}

#[test]
fn states_and_plans_of_terraform() {
    let policy = get("arn:aws:s3:::b/*").to_string();
    let state = json!({"version": 4, "terraform_version": "1.9.0", "resources": [
        {"mode": "managed", "type": "aws_iam_role", "name": "r", "instances": [{"attributes": {"name": "work", "inline_policy": []}}]},
        {"mode": "managed", "type": "aws_iam_policy", "name": "p", "instances": [{"attributes": {"arn": "arn:aws:iam::1:policy/p", "name": "p", "policy": policy}}]},
        {"mode": "managed", "type": "aws_iam_role_policy_attachment", "name": "a", "instances": [{"attributes": {"role": "work", "policy_arn": "arn:aws:iam::1:policy/p"}}]},
    ]});
    assert_eq!(relation("terraform.tfstate", &state.to_string(), &[]), "equal");
    let plan = json!({"format_version": "1.2", "terraform_version": "1.9.0",
    "resource_changes": [{"address": "aws_iam_role_policy_attachment.a", "change": {"actions": ["create"], "after_unknown": {"policy_arn": true}}}],
    "planned_values": {"root_module": {"resources": [
        {"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "name": "r", "values": {"name": "work"}},
        {"address": "aws_iam_policy.p", "mode": "managed", "type": "aws_iam_policy", "name": "p", "values": {"name": "p", "policy": policy}},
        {"address": "aws_iam_role_policy_attachment.a", "mode": "managed", "type": "aws_iam_role_policy_attachment", "name": "a", "values": {"role": "work"}},
    ]}},
    "configuration": {"root_module": {"resources": [
        {"address": "aws_iam_role_policy_attachment.a", "mode": "managed", "type": "aws_iam_role_policy_attachment", "name": "a", "expressions": {"policy_arn": {"references": ["aws_iam_policy.p.arn", "aws_iam_policy.p"]}}},
    ]}}});
    assert_eq!(relation("plan.json", &plan.to_string(), &[]), "equal");
}

#[test]
fn references_compare_as_what_they_are() {
    let standing = |old: &Value, new: &Value| {
        let folder = files(&[("old.json", &old.to_string()), ("new.json", &new.to_string())]);
        let output = run(folder.path(), &["old.json", "new.json", "--format", "json"]);
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        answer["relation"].as_str().unwrap().to_owned()
    };
    let of = |resource: Value| {
        let mut document = get("");
        document["Statement"][0]["Resource"] = resource;
        document
    };
    let sub = of(json!({"Fn::Sub": "${Files.Arn}/*"}));
    let join = of(json!({"Fn::Join": ["", [{"Fn::GetAtt": ["Files", "Arn"]}, "/*"]]}));
    let other = of(json!({"Fn::Sub": "${Other.Arn}/*"}));
    let all = get("arn:aws:s3:::*");
    assert_eq!(standing(&sub, &join), "equal");
    assert_eq!(standing(&sub, &all), "wider");
    assert_eq!(standing(&all, &sub), "narrower");
    assert_ne!(standing(&sub, &other), "equal");
    assert_eq!(standing(&get("${aws_s3_bucket.a.arn}/*"), &get("${aws_s3_bucket.a.arn}/in/*")), "narrower");
    assert_eq!(
        standing(&get("${aws_s3_bucket.a.arn}/*"), &get("arn:aws:s3:::${aws_s3_bucket.a.id}/*")),
        "equal"
    );
    assert_ne!(standing(&get("${aws_s3_bucket.a.arn}/*"), &get("${aws_s3_bucket.b.arn}/*")), "equal");
}

#[test]
fn code_scanning_gets_each_difference_at_its_line() {
    let folder =
        files(&[("old.json", &get("arn:aws:s3:::b/*").to_string()), ("new.json", &get("*").to_string())]);
    let output = run(folder.path(), &["old.json", "new.json", "--format", "sarif"]);
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "gained-permission");
    let text = result["message"]["text"].as_str().unwrap();
    assert!(text.contains("for example `s3:GetObject` on `arn:aws:s3:"), "{text}");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(
        (&place["artifactLocation"]["uri"], &place["region"]["startLine"]),
        (&json!("new.json"), &json!(1))
    );
}
