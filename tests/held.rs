//! What a template grants a role from elsewhere than the role: boundaries, other functions' needs, policies of resources.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop where it stands")]

use leastwise::app::{InForce, MemoryDisk, Scope, Settings, Task, analyse, present};
use leastwise::decide::Severity;
use leastwise::report::{Colour, Detail, format};
use pretty_assertions::assert_eq;
use serde_json::Value;

const SOURCE: &str = r#"
import boto3, os
def read(event, context):
    boto3.client("s3").get_object(Bucket="orders-files", Key="a")
def send(event, context):
    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody="x")
"#;

fn settings(task: Task) -> Settings {
    Settings {
        task,
        format: format("json").unwrap(),
        scope: Scope { root: ".".into(), ..Scope::default() },
        detail: Detail::Full,
        exit_zero: false,
        quiet: false,
        progress: false,
    }
}

/// The functions of `diff --format json`, by their order in the template.
fn difference(template: &str) -> Vec<Value> {
    of_files([("app.py", SOURCE), ("template.yaml", template)])
}

fn of_files<const N: usize>(files: [(&str, &str); N]) -> Vec<Value> {
    answer(files)["functions"].as_array().unwrap().clone()
}

/// The whole of `diff --format json`.
fn answer<const N: usize>(files: [(&str, &str); N]) -> Value {
    let settings = settings(Task::Diff { in_force: InForce::default(), fail_on: Severity::Low });
    let disk = MemoryDisk::new(files);
    let analysis = analyse(&settings, &disk).unwrap();
    serde_json::from_str(&present(&settings, &analysis, Colour::Plain).unwrap().text).unwrap()
}

/// The actions of the rows, at least of that weight.
fn actions(function: &Value, rows: &str) -> Vec<String> {
    let rows = function[rows].as_array().unwrap().iter().filter(|row| row["severity"] != "note");
    rows.map(|row| row["action"].as_str().unwrap().to_owned()).collect()
}

const FUNCTION: &str = "{Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Code: ., Role: !GetAtt Role.Arn, \
     Environment: {Variables: {QUEUE: !Ref Queue}}, Handler: app.";

fn role(extra: &str, actions: &str) -> String {
    format!(
        "  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
{extra}      Policies:
        - PolicyName: own
          PolicyDocument:
            Statement:
            - {{Effect: Allow, Action: [{actions}], Resource: '*'}}
"
    )
}

const LOGS: &str = "'logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'";

#[test]
fn a_boundary_of_the_template_must_allow_what_is_needed() {
    let with = |allowed: &str| {
        let role = role("      PermissionsBoundary: !Ref Bound\n", &format!("{LOGS}, 's3:GetObject'"));
        difference(&format!(
            "Resources:
{role}  Read: {FUNCTION}read}}}}
  Bound:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: [{{Effect: Allow, Action: [{allowed}], Resource: '*'}}]
"
        ))
    };
    assert_eq!(actions(&with("'logs:*', 's3:*'")[0], "missing"), Vec::<String>::new());
    assert_eq!(actions(&with("'logs:*'")[0], "missing"), ["s3:GetObject"]);
}

#[test]
fn a_boundary_that_nobody_has_read_is_a_blind_spot() {
    let role = role(
        "      PermissionsBoundary: arn:aws:iam::111122223333:policy/other\n",
        &format!("{LOGS}, 's3:GetObject'"),
    );
    let functions = difference(&format!("Resources:\n{role}  Read: {FUNCTION}read}}}}\n"));
    assert_eq!(actions(&functions[0], "missing"), Vec::<String>::new());
    let told = functions[0]["blind_spots"].to_string();
    assert!(told.contains("the boundary `arn:aws:iam::111122223333:policy/other` limits the role"), "{told}");
}

#[test]
fn a_boundary_that_terraform_refers_to_limits_the_role() {
    let document = |actions: &str| {
        format!(
            "jsonencode({{ Version = \"2012-10-17\", Statement = [{{ Effect = \"Allow\", Action = [{actions}], Resource = \"*\" }}] }})"
        )
    };
    let with = |allowed: &str| {
        let program = format!(
            r#"
resource "aws_iam_policy" "bound" {{ policy = {} }}
resource "aws_iam_role" "r" {{
  assume_role_policy   = "{{}}"
  permissions_boundary = aws_iam_policy.bound.arn
}}
resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.r.name
  policy = {}
}}
resource "aws_lambda_function" "read" {{
  function_name = "read"
  role          = aws_iam_role.r.arn
  runtime       = "python3.13"
  handler       = "app.read"
  filename      = "app.zip"
}}
data "archive_file" "z" {{
  type        = "zip"
  source_dir  = "."
  output_path = "app.zip"
}}
"#,
            document(allowed),
            document("\"logs:*\", \"s3:*\""),
        );
        of_files([("app.py", SOURCE), ("main.tf", program.as_str())])[0].clone()
    };
    assert_eq!(actions(&with("\"logs:*\", \"s3:Get*\""), "missing"), Vec::<String>::new());
    let limited = with("\"logs:*\"");
    assert_eq!(actions(&limited, "missing"), ["s3:GetObject"]);
    // What the boundary does not allow is not granted on too much either.
    let shown = limited["too_wide"].as_array().unwrap().iter();
    let shown = shown.filter(|row| row["witness"].is_object() && row["severity"] != "note");
    assert!(shown.clone().all(|row| row["witness"]["action"] == row["action"]), "{limited}");
}

#[test]
fn a_shared_role_is_compared_with_the_needs_of_all() {
    let role = role("", &format!("{LOGS}, 's3:GetObject', 's3:DeleteObject'"));
    let functions =
        difference(&format!("Resources:\n{role}  Read: {FUNCTION}read}}}}\n  Send: {FUNCTION}send}}}}\n"));
    assert_eq!(functions[0]["shared_with"][0], "Send");
    assert_eq!(actions(&functions[0], "missing"), Vec::<String>::new());
    assert_eq!(actions(&functions[1], "missing"), ["sqs:SendMessage"]);
    for function in &functions {
        assert_eq!(actions(function, "excess"), ["s3:DeleteObject"]);
    }
    let wide = functions[1]["too_wide"].as_array().unwrap();
    let needed_by = |action: &str| {
        let row = wide.iter().find(|row| row["action"] == action).unwrap();
        row["needed_by"]
            .as_array()
            .unwrap()
            .iter()
            .map(|part| part["function"].as_str().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(needed_by("s3:GetObject"), ["Read"]);
    assert_eq!(needed_by("logs:PutLogEvents"), ["Read", "Send"]);
}

#[test]
fn roles_of_the_same_id_in_two_templates_are_two() {
    let role = role("", &format!("{LOGS}, 's3:GetObject', 'sqs:SendMessage'"));
    let template = |function: &str| {
        format!("Resources:\n{role}  {function}: {FUNCTION}{}}}}}\n", function.to_lowercase())
    };
    let (read, send) = (template("Read"), template("Send"));
    let functions = of_files([
        ("a/app.py", SOURCE),
        ("a/template.yaml", &read),
        ("b/app.py", SOURCE),
        ("b/template.yaml", &send),
    ]);
    assert_eq!(functions[0]["shared_with"], Value::Array(vec![]));
    assert_eq!(actions(&functions[0], "excess"), ["sqs:SendMessage"]);
    assert_eq!(actions(&functions[1], "excess"), ["s3:GetObject"]);
}

#[test]
fn what_only_the_types_of_resources_show_to_be_granted_is_not_missing() {
    let service =
        "service: shop\nprovider: {name: aws, runtime: python3.13}\nfunctions: {read: {handler: app.read}}\n";
    let functions = of_files([("app.py", SOURCE), ("serverless.yml", service)]);
    assert_eq!(actions(&functions[0], "missing"), ["s3:GetObject"]);
}

#[test]
fn what_a_resource_gives_is_not_missing() {
    let role = role("", LOGS);
    let functions = |principal: &str| {
        difference(&format!(
            "Resources:
{role}  Read: {FUNCTION}read}}}}
  Send: {FUNCTION}send}}}}
  Files: {{Type: AWS::S3::Bucket, Properties: {{BucketName: orders-files}}}}
  Queue: {{Type: AWS::SQS::Queue, Properties: {{QueueName: orders-queue}}}}
  FilesPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Files
      PolicyDocument:
        Statement:
          - {{Effect: Allow, Principal: {{AWS: {principal}}}, Action: 's3:GetObject', Resource: !Sub '${{Files.Arn}}/*'}}
  QueuePolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Queue]
      PolicyDocument:
        Statement:
          - {{Effect: Allow, Principal: {{AWS: {principal}}}, Action: 'sqs:SendMessage', Resource: !GetAtt Queue.Arn}}
"
        ))
    };
    let given = functions("!GetAtt Role.Arn");
    assert_eq!(actions(&given[0], "missing"), Vec::<String>::new());
    assert_eq!(actions(&given[1], "missing"), Vec::<String>::new());
    let to_others = functions("'arn:aws:iam::123456789012:role/other'");
    assert_eq!(actions(&to_others[0], "missing"), ["s3:GetObject"]);
    assert_eq!(actions(&to_others[1], "missing"), ["sqs:SendMessage"]);
}

#[test]
fn connectors_grant_what_the_transform_makes_of_them() {
    let functions = |read: &str, sent: &str| {
        difference(&format!(
            "Transform: AWS::Serverless-2016-10-31
Resources:
  Read:
    Type: AWS::Serverless::Function
    Properties: {{Runtime: python3.13, CodeUri: ., Handler: app.read}}
  Send:
    Type: AWS::Serverless::Function
    Connectors:
      Jobs: {{Properties: {{Destination: [{{Id: Queue}}], Permissions: [{sent}]}}}}
    Properties: {{Runtime: python3.13, CodeUri: ., Handler: app.send, Environment: {{Variables: {{QUEUE: !Ref Queue}}}}}}
  FilesOfRead:
    Type: AWS::Serverless::Connector
    Properties:
      Source: {{Id: Read}}
      Destination: {{Type: 'AWS::S3::Bucket', Arn: !GetAtt Files.Arn}}
      Permissions: [{read}]
  Files: {{Type: AWS::S3::Bucket, Properties: {{BucketName: orders-files}}}}
  Queue: {{Type: AWS::SQS::Queue}}
"
        ))
    };
    let right = functions("Read", "Write");
    assert_eq!(actions(&right[0], "missing"), Vec::<String>::new());
    assert_eq!(actions(&right[1], "missing"), Vec::<String>::new());
    assert!(actions(&right[1], "excess").contains(&"sqs:PurgeQueue".to_owned()), "{}", right[1]["excess"]);
    let wrong = functions("Write", "Read");
    assert_eq!(actions(&wrong[0], "missing"), ["s3:GetObject"]);
    assert_eq!(actions(&wrong[1], "missing"), ["sqs:SendMessage"]);
}

#[test]
fn a_connector_that_nobody_knows_may_grant_anything() {
    let functions = difference(
        "Transform: AWS::Serverless-2016-10-31
Resources:
  Read:
    Type: AWS::Serverless::Function
    Connectors: {Files: {Properties: {Destination: {Type: 'Acme::Some::Store', Arn: a}, Permissions: [Read]}}}
    Properties: {Runtime: python3.13, CodeUri: ., Handler: app.read}
",
    );
    assert_eq!(actions(&functions[0], "missing"), Vec::<String>::new());
    assert!(functions[0]["blind_spots"].to_string().contains("connector Files"), "{}", functions[0]);
}

#[test]
fn what_the_code_is_denied_lambda_may_do() {
    let network = "'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', \
         'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'";
    let with = |condition: &str| {
        let role = role("", &format!("{LOGS}, {network}, 's3:GetObject'"));
        difference(&format!(
            "Resources:
{role}            - {{Effect: Deny, Action: 'ec2:CreateNetworkInterface', Resource: '*'{condition}}}
  Read: {FUNCTION}read, VpcConfig: {{SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}}}}}}
"
        ))
    };
    let guarded = with(
        ", Condition: {ArnEquals: {'lambda:SourceFunctionArn': 'arn:aws:lambda:us-east-1:111122223333:function:x'}}",
    );
    assert!(!guarded[0]["missing"].to_string().contains("ec2:"), "{}", guarded[0]["missing"]);
    assert_eq!(actions(&with("")[0], "missing"), ["ec2:CreateNetworkInterface"]);
}

#[test]
fn the_code_may_be_denied_what_only_lambda_needs() {
    let guarded = |source: &str| {
        let template = format!(
            "Resources:\n  Read: {FUNCTION}read, FunctionName: read, VpcConfig: {{SubnetIds: [a]}}}}}}\n"
        );
        let mut settings = settings(Task::Generate { possible: false, exact: false, bare: false });
        settings.scope.guard_network = true;
        let disk = MemoryDisk::new([("app.py", source), ("template.yaml", template.as_str())]);
        let analysis = analyse(&settings, &disk).unwrap();
        let text = present(&settings, &analysis, Colour::Plain).unwrap().text;
        let answer: Value = serde_json::from_str(&text).unwrap();
        let statements = answer["functions"][0]["policies"][0]["document"]["Statement"].clone();
        statements.as_array().unwrap().iter().find(|each| each["Effect"] == "Deny").cloned().unwrap()
    };
    let denied = guarded("def read(event, context): pass");
    assert_eq!(denied["Condition"]["ArnLike"]["lambda:SourceFunctionArn"], "arn:*:lambda:*:*:function:read");
    assert_eq!(denied["Action"].as_array().unwrap().len(), 7);
    let own = "import boto3\ndef read(event, context):\n    boto3.client('ec2').describe_subnets()\n";
    assert!(!guarded(own)["Action"].to_string().contains("ec2:DescribeSubnets"));
}

/// The functions of `diff --format json` of an application of AWS Chalice.
fn of_chalice(stage: &str) -> Vec<Value> {
    let mut settings = settings(Task::Diff { in_force: InForce::default(), fail_on: Severity::Low });
    settings.scope.environment = Some(stage.into());
    let program = r#"
import boto3
from chalice import Chalice

app = Chalice(app_name="shop")


@app.lambda_function()
def read(event, context):
    boto3.client("s3").get_object(Bucket="orders-files", Key="a")
"#;
    let config = r#"{"app_name": "shop", "stages": {"dev": {}, "prod": {"autogen_policy": false}}}"#;
    let policy = r#"{"Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"}]}"#;
    let disk = MemoryDisk::new([
        ("app.py", program),
        (".chalice/config.json", config),
        (".chalice/policy-prod.json", policy),
    ]);
    let analysis = analyse(&settings, &disk).unwrap();
    let answer: Value =
        serde_json::from_str(&present(&settings, &analysis, Colour::Plain).unwrap().text).unwrap();
    answer["functions"].as_array().unwrap().clone()
}

#[test]
fn a_stage_of_chalice_holds_what_its_policy_file_says() {
    let prod = of_chalice("prod");
    assert_eq!(prod[0]["held"][0]["name"], "policy-prod.json");
    assert_eq!(actions(&prod[0], "excess"), ["s3:PutObject"]);
    assert_eq!(actions(&prod[0], "too_wide"), ["s3:GetObject"]);
    // What the framework's own analysis grants is not written down: nothing is said to be missing.
    let dev = of_chalice("dev");
    assert_eq!(actions(&dev[0], "missing"), Vec::<String>::new());
    assert!(dev[0]["blind_spots"].to_string().contains("analysis of `chalice`"), "{}", dev[0]);
}

/// What is said of whom the trust policies of roles let in.
fn strangers(files: [(&str, &str); 2]) -> Vec<String> {
    let findings = answer(files)["findings"].as_array().unwrap().clone();
    let told = findings.iter().filter(|finding| finding["rule"] == "untrusted-service");
    told.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_role_that_the_service_cannot_take_on_is_told() {
    let of_template = |trust: &str| {
        let role = role("", LOGS)
            .replace("AssumeRolePolicyDocument: {}", &format!("AssumeRolePolicyDocument: {trust}"));
        strangers([
            ("app.py", SOURCE),
            ("template.yaml", &format!("Resources:\n{role}  Read: {FUNCTION}read}}}}\n")),
        ])
    };
    let allow = |service: &str| {
        format!(
            "{{Statement: [{{Effect: Allow, Action: 'sts:AssumeRole', Principal: {{Service: {service}}}}}]}}"
        )
    };
    let told = ["the role's trust policy does not let `lambda.amazonaws.com` take it on"];
    assert_eq!(of_template(&allow("ec2.amazonaws.com")), told);
    for good in [
        allow("lambda.amazonaws.com"),
        allow("[ec2.amazonaws.com, !Sub 'lambda.${AWS::URLSuffix}']"),
        allow("!Ref Service"),
        "{}".to_owned(),
        "{Statement: [{Effect: Allow, Action: 'sts:*', Principal: '*'}]}".to_owned(),
    ] {
        assert_eq!(of_template(&good), Vec::<String>::new(), "{good}");
    }
    let of_program = |service: &str| {
        let program = format!(
            r#"
data "aws_iam_policy_document" "trust" {{
  statement {{
    actions = ["sts:AssumeRole"]
    principals {{
      type        = "Service"
      identifiers = ["{service}"]
    }}
  }}
}}
resource "aws_iam_role" "r" {{ assume_role_policy = data.aws_iam_policy_document.trust.json }}
resource "aws_lambda_function" "read" {{
  function_name = "read"
  role          = aws_iam_role.r.arn
  runtime       = "python3.13"
  handler       = "app.read"
  filename      = "app.zip"
}}
data "archive_file" "z" {{
  type        = "zip"
  source_dir  = "."
  output_path = "app.zip"
}}
"#
        );
        strangers([("app.py", SOURCE), ("main.tf", &program)])
    };
    assert_eq!(of_program("ec2.amazonaws.com"), told);
    assert_eq!(of_program("lambda.amazonaws.com"), Vec::<String>::new());
}
