//! `lint` as a shell sees it: files, folders, templates, answers of the AWS command line, standard input.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "these tests run the program on files of their own, and stop where they cannot"
)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

/// A policy with one finding of low severity.
const WIDE: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]
}"#;

fn run(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_leastwise"))
        .arg("lint")
        .args(args)
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input may be done before it is written.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn project(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// The answer in JSON, which keeps to its schema.
fn answer(schema: &str, output: &Output) -> Value {
    let path = format!("{}/schemas/{schema}.schema.json", env!("CARGO_MANIFEST_DIR"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    answer
}

/// Rule, file and line of each finding.
fn found(folder: &Path, args: &[&str]) -> Vec<(String, String, u64)> {
    let output = run(folder, &[args, &["--format", "json"]].concat(), "");
    let answer = answer("lint", &output);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let one = |each: &Value| (text(&each["rule"]), text(&each["file"]), each["line"].as_u64().unwrap());
    answer["findings"].as_array().unwrap().iter().map(one).collect()
}

fn is(rule: &str, file: &str, line: u64) -> (String, String, u64) {
    (rule.to_owned(), file.to_owned(), line)
}

#[test]
fn a_finding_has_its_place_and_a_help() {
    let folder = project(&[("p.json", WIDE)]);
    let output = run(folder.path(), &["p.json", "--format", "json"], "");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        answer("lint", &output)["findings"],
        json!([{
            "rule": "resource-star",
            "severity": "low",
            "message": "`s3:PutObject` could be allowed on fewer resources",
            "file": "p.json",
            "line": 3,
            "column": 75,
            "help": "Name the resources; leave `*` to the actions that take none.",
        }])
    );
}

#[test]
fn the_exit_code_follows_the_severity() {
    let folder = project(&[("p.json", WIDE)]);
    let code = |args: &[&str]| run(folder.path(), args, "").status.code();
    assert_eq!(code(&["p.json", "--fail-on", "medium"]), Some(0));
    assert_eq!(code(&["p.json", "--exit-zero"]), Some(0));
    assert_eq!(code(&["p.json"]), Some(1));
    assert_eq!(code(&["q.json"]), Some(2));
    assert_eq!(code(&[]), Some(2));
    assert_eq!(code(&["--rules"]), Some(0));
}

#[test]
fn standard_input_is_a_policy() {
    let folder = project(&[]);
    let output = run(folder.path(), &["-", "--format", "json"], WIDE);
    assert_eq!(answer("lint", &output)["findings"][0]["file"], "-");
    let output = run(folder.path(), &["-"], "not json");
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("-:1:2  high  json-syntax\n"));
}

#[test]
fn a_folder_gives_its_policies_and_templates() {
    let template = "\
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
      Policies:
        - Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: dynamodb:*
              Resource: !GetAtt Table.Arn
  Table:
    Type: AWS::DynamoDB::Table
  Bucket:
    Type: AWS::S3::Bucket
  Public:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Allow
            Principal: '*'
            Action: s3:GetObjects
            Resource: !Sub '${Bucket.Arn}/*'
";
    let files = [
        ("shop/template.yaml", template),
        ("shop/policies/p.json", WIDE),
        ("shop/package.json", "{\"name\": \"x\"}"),
    ];
    let folder = project(&files);
    let expected = [
        is("resource-star", "shop/policies/p.json", 3),
        is("service-wildcard", "shop/template.yaml", 12),
        is("unknown-action", "shop/template.yaml", 27),
    ];
    assert_eq!(found(folder.path(), &["shop"]), expected);
    assert_eq!(found(folder.path(), &["shop/template.yaml"]), expected[1..]);
}

#[test]
fn answers_of_the_command_line_are_read() {
    let encoded = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22\
                   Action%22%3A%22s3%3APutObject%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D";
    let statement = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]});
    let answers = [
        json!({"RoleName": "r", "PolicyName": "p", "PolicyDocument": statement}),
        json!({"RoleName": "r", "PolicyName": "p", "PolicyDocument": encoded}),
        json!({"PolicyVersion": {"Document": statement, "VersionId": "v1", "IsDefaultVersion": true}}),
        json!({"RoleDetailList": [{"RoleName": "r", "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": statement}]}], "Policies": []}),
        json!([statement]),
    ];
    for answer in answers {
        let folder = project(&[("answer.json", &answer.to_string())]);
        assert_eq!(
            found(folder.path(), &["answer.json"]),
            [is("resource-star", "answer.json", 1)],
            "{answer}"
        );
    }
    let folder = project(&[("encoded.txt", encoded)]);
    assert_eq!(found(folder.path(), &["encoded.txt"]), [is("resource-star", "encoded.txt", 1)]);
}

#[test]
fn policies_of_one_role_are_looked_at_together() {
    let policy = |actions: Value| json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]});
    let inline = json!([
        {"PolicyName": "a", "PolicyDocument": policy(json!("iam:PassRole"))},
        {"PolicyName": "b", "PolicyDocument": policy(json!(["lambda:CreateFunction", "lambda:InvokeFunction"]))},
    ]);
    let answer = json!({"RoleDetailList": [{"RoleName": "r", "RolePolicyList": inline}], "Policies": []});
    let folder = project(&[("role.json", &answer.to_string())]);
    let rules: Vec<String> =
        found(folder.path(), &["role.json"]).into_iter().map(|(rule, ..)| rule).collect();
    assert_eq!(rules.iter().filter(|rule| *rule == "privilege-escalation").count(), 1, "{rules:?}");
}

#[test]
fn the_kind_decides_what_may_stand_in_a_policy() {
    let public = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}]}"#;
    let trust = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}"#;
    let guard =
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;
    let folder = project(&[("public.json", public), ("trust.json", trust), ("guard.json", guard)]);
    let none = Vec::<(String, String, u64)>::new();
    assert_eq!(found(folder.path(), &["public.json"]), none);
    let wrong = [is("unsupported-principal", "public.json", 1)];
    assert_eq!(found(folder.path(), &["public.json", "--kind", "identity"]), wrong);
    assert_eq!(found(folder.path(), &["trust.json"]), none);
    assert_eq!(found(folder.path(), &["guard.json", "--kind", "scp"]), none);
}

#[test]
fn a_file_that_a_program_fills_is_a_policy_only_then() {
    let text = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "${bucket_arn}/*"}]}"#;
    let folder = project(&[("templates/role.json", text)]);
    assert_eq!(found(folder.path(), &["."]), []);
    // Who names the file says that it is one.
    let rules = [is("variable-unknown-key", "templates/role.json", 1)];
    assert_eq!(found(folder.path(), &["templates/role.json"]), rules);
}

#[test]
fn a_module_has_its_findings_at_its_own_lines() {
    let module = "resource \"aws_iam_role\" \"r\" {\n  assume_role_policy = \"{}\"\n}\n\n\
                  resource \"aws_iam_role_policy\" \"p\" {\n  role = aws_iam_role.r.id\n  policy = jsonencode({\n    \
                  Version = \"2012-10-17\"\n    Statement = [{\n      Effect = \"Allow\"\n      \
                  Action = \"s3:PutObject\"\n      Resource = \"*\"\n    }]\n  })\n}\n";
    let root = "# one line\nmodule \"store\" {\n  source = \"./modules/store\"\n}\n";
    let folder = project(&[("main.tf", root), ("modules/store/main.tf", module)]);
    assert_eq!(found(folder.path(), &["."]), [is("resource-star", "modules/store/main.tf", 12)]);
}

#[test]
fn policies_of_resources_have_forms_of_their_own() {
    let policy = |resource: &str, action: &str, sid: &str| {
        json!({"Version": "2012-10-17", "Statement": [{
        "Sid": sid, "Effect": "Allow", "Principal": "*", "Action": action, "Resource": resource}]})
        .to_string()
    };
    let folder = project(&[
        ("api.json", &policy("execute-api:/*", "execute-api:Invoke", "Api")),
        ("topic.json", &policy("arn:aws:sns:eu-west-1:123456789012:t", "SNS:Receive", "Topic")),
        ("key.json", &policy("*", "kms:*", "Let the account use the key")),
    ]);
    assert_eq!(found(folder.path(), &["."]), []);
    let task = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "states:InvokeHTTPEndpoint",
        "Resource": "arn:aws:states:eu-west-1:123456789012:stateMachine:m",
        "Condition": {"StringEquals": {"states:HTTPMethod": "POST"}}}]});
    let folder = project(&[("task.json", &task.to_string())]);
    assert_eq!(found(folder.path(), &["."]), []);
}

#[test]
fn what_everything_includes_is_said_once() {
    let all =
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;
    let folder = project(&[("p.json", all)]);
    let rules: Vec<String> = found(folder.path(), &["p.json"]).into_iter().map(|(rule, ..)| rule).collect();
    assert_eq!(rules, ["privilege-escalation", "admin-access"]);
    let text = String::from_utf8(run(folder.path(), &["p.json"], "").stdout).unwrap();
    assert!(text.contains("the role can become more in "), "{text}");
}

#[test]
fn a_named_role_that_is_taken_on_is_good_to_know() {
    let assume = |resource: &str| json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": resource}]});
    let severities = |resource: &str| -> Vec<String> {
        let folder = project(&[("p.json", &assume(resource).to_string())]);
        let output = run(folder.path(), &["p.json", "--format", "json"], "");
        let answer = answer("lint", &output);
        let found = answer["findings"].as_array().unwrap().iter();
        let found = found.filter(|each| each["rule"] == "privilege-escalation");
        found.map(|each| each["severity"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(severities("arn:aws:iam::123456789012:role/audit"), ["note"]);
    assert_eq!(severities("arn:aws:iam::123456789012:role/audit-*"), ["medium"]);
}

#[test]
fn the_configuration_leaves_findings_out() {
    let config = "[lint]\nignore = [\"old-version\"]\n[[lint.allow]]\nrule = \"resource-star\"\nfile = \"*/seed.json\"\nreason = \"it runs once\"\n";
    let folder = project(&[("leastwise.toml", config), ("a/seed.json", WIDE), ("a/b.json", WIDE)]);
    assert_eq!(found(folder.path(), &["a/seed.json", "a/b.json"]), [is("resource-star", "a/b.json", 3)]);
    let text = String::from_utf8(run(folder.path(), &["a/seed.json"], "").stdout).unwrap();
    assert_eq!(text, "1 policy · no findings · 1 left out by the configuration\n");
    let folder = project(&[("leastwise.toml", "[lint]\nignore = [\"old-versions\"]\n"), ("p.json", WIDE)]);
    let output = run(folder.path(), &["p.json"], "");
    assert_eq!(output.status.code(), Some(2));
    let message =
        "error: `leastwise.toml:2:11`: there is no check `old-versions`\nhelp: did you mean `old-version`?\n";
    assert_eq!(String::from_utf8(output.stderr).unwrap(), message);
}

#[test]
fn code_scanning_gets_the_checks_as_rules() {
    let folder = project(&[("p.json", WIDE)]);
    let output = run(folder.path(), &["p.json", "--format", "sarif"], "");
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    let result = &log["runs"][0]["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][index]["id"], "resource-star");
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 3);
    assert_eq!(result["level"], "warning");
}

#[test]
fn the_checks_are_listed() {
    let folder = project(&[]);
    let output = run(folder.path(), &["--rules", "--format", "json"], "");
    let rules = answer("lint-rules", &output)["rules"].as_array().unwrap().len();
    assert_eq!(rules, leastwise::policy::lint::CHECKS.len());
}

#[test]
fn a_service_control_policy_is_known_by_its_statement_or_its_file() {
    let all = |sid: &str| {
        json!({"Version": "2012-10-17", "Statement": [{"Sid": sid, "Effect": "Allow", "Action": "*", "Resource": "*"}]})
            .to_string()
    };
    let folder = project(&[
        ("own.json", &all("FullAWSAccess")),
        ("org/scps/regions.json", &all("All")),
        ("service-control-policy.json", &all("All")),
        ("role.json", &all("All")),
    ]);
    let rules = |file: &str| {
        let found = found(folder.path(), &[file]);
        found.into_iter().map(|(rule, ..)| rule).collect::<Vec<_>>()
    };
    for limit in ["own.json", "org/scps/regions.json", "service-control-policy.json"] {
        assert_eq!(rules(limit), Vec::<String>::new(), "{limit}");
    }
    assert_eq!(rules("role.json"), ["privilege-escalation", "admin-access"]);
}

#[test]
fn what_is_filled_in_later_is_no_mistake() {
    let statement =
        |resource: &str| json!({"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": resource});
    let document =
        |resource: &str| json!({"Version": "2012-10-17", "Statement": [statement(resource)]}).to_string();
    let texts = ["{queue_arn}", "arn:aws:sqs:<region>:ACCOUNT_ID:q", "{{resolve:ssm:/queue}}", "%QUEUE%"];
    for text in texts {
        let folder = project(&[("p.json", &document(text))]);
        assert_eq!(found(folder.path(), &["p.json"]), [is("placeholder", "p.json", 1)], "{text}");
        assert_eq!(run(folder.path(), &["p.json"], "").status.code(), Some(0));
    }
    let folder = project(&[("p.json", &document("arn:aws:sqs:us-east-1a:12345678901:q"))]);
    assert_eq!(found(folder.path(), &["p.json"]).len(), 2);
}
