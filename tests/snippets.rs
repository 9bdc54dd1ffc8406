//! What `generate` writes for a template, put into it, leaves `diff` with nothing to say.
#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use leastwise::app::{Analysis, Exit, InForce, MemoryDisk, Scope, Settings, Task, analyse, present};
use leastwise::decide::Severity;
use leastwise::report::{Colour, Detail, format};
use pretty_assertions::assert_eq;

/// The files of a project.
type Project = Vec<(String, String)>;

fn settings(task: Task, name: &str) -> Settings {
    Settings {
        task,
        format: format(name).unwrap(),
        scope: Scope { root: ".".into(), ..Scope::default() },
        detail: Detail::Brief,
        exit_zero: false,
        quiet: false,
        progress: false,
    }
}

fn disk(project: &Project) -> MemoryDisk {
    MemoryDisk::new(project.iter().map(|(path, text)| (path.as_str(), text.as_str())))
}

/// The snippet in a format.
fn snippet(project: &Project, name: &str) -> String {
    let task = Task::Generate { possible: false, exact: false, bare: false };
    let settings = settings(task, name);
    let analysis = analyse(&settings, &disk(project)).unwrap();
    present(&settings, &analysis, Colour::Plain).unwrap().text
}

/// What `diff` says, and its exit code.
fn difference(project: &Project) -> (Analysis, String, Exit) {
    let settings = settings(Task::Diff { in_force: InForce::default(), fail_on: Severity::Low }, "text");
    let analysis = analyse(&settings, &disk(project)).unwrap();
    let shown = present(&settings, &analysis, Colour::Plain).unwrap();
    (analysis, shown.text, shown.exit)
}

/// `diff` has something to say of the project, and nothing once it is changed.
fn settles(before: &Project, after: &Project) {
    let (_, said, exit) = difference(before);
    assert_eq!(exit, Exit::Findings, "{said}");
    let (analysis, said, exit) = difference(after);
    assert_eq!(exit, Exit::Clean, "{said}");
    assert!(analysis.functions.iter().all(|function| function.held.is_some()), "{said}");
}

const SOURCE: &str = r#"
import os, boto3
orders = boto3.resource("dynamodb").Table(os.environ["ORDERS"])
files = boto3.client("s3")
topic = boto3.client("sns")

def place(event, context):
    orders.put_item(Item=event["order"])
    topic.publish(TopicArn=os.environ["TOPIC"], Message="placed")

def show(event, context):
    orders.query(IndexName="by-customer", KeyConditionExpression="x")
    files.get_object(Bucket=os.environ["FILES"], Key="receipts/" + event["id"])
"#;

fn project(path: &str, template: &str) -> Project {
    vec![("app.py".to_owned(), SOURCE.to_owned()), (path.to_owned(), template.to_owned())]
}

/// The same project with the file at `path` changed.
fn changed(project: &Project, path: &str, change: impl Fn(&str) -> String) -> Project {
    let change = |(known, text): &(String, String)| {
        (known.clone(), if known == path { change(text) } else { text.clone() })
    };
    project.iter().map(change).collect()
}

const CLOUDFORMATION: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - {AttributeName: id, AttributeType: S}
      KeySchema:
        - {AttributeName: id, KeyType: HASH}
  Files:
    Type: AWS::S3::Bucket
  Topic:
    Type: AWS::SNS::Topic
  PlaceRole: &role
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
  ShowRole: *role
  Place:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.place
      Runtime: python3.13
      Code: .
      Role: !GetAtt PlaceRole.Arn
      Environment: &environment
        Variables:
          ORDERS: !Ref Orders
          TOPIC: !Ref Topic
          FILES: !Ref Files
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Handler: app.show
      Runtime: python3.13
      Code: .
      Role: !GetAtt ShowRole.Arn
      Environment: *environment
"#;

#[test]
fn a_policy_resource_for_cloudformation() {
    let before = project("template.yaml", CLOUDFORMATION);
    let written = snippet(&before, "cloudformation");
    let resources = written.strip_prefix("Resources:\n").unwrap();
    assert!(resources.contains("Resource: !Sub \"${Orders.Arn}/index/by-customer\"\n"), "{written}");
    assert!(resources.contains("Resource: !Sub \"${Files.Arn}/receipts/*\"\n"), "{written}");
    assert!(resources.contains("Resource: !Ref Topic\n"), "{written}");
    settles(&before, &changed(&before, "template.yaml", |text| text.to_owned() + resources));
}

const TERRAFORM: &str = r#"
resource "aws_dynamodb_table" "orders" { name = "orders" }
resource "aws_s3_bucket" "files" {}
resource "aws_sns_topic" "topic" {}
resource "aws_iam_role" "place" { assume_role_policy = "{}" }
resource "aws_iam_role" "show" { assume_role_policy = "{}" }
data "aws_region" "here" {}
resource "aws_lambda_function" "place" {
  function_name = "place"
  handler       = "app.place"
  runtime       = "python3.13"
  filename      = "."
  role          = aws_iam_role.place.arn
  environment {
    variables = { ORDERS = aws_dynamodb_table.orders.name, TOPIC = aws_sns_topic.topic.arn }
  }
}
resource "aws_lambda_function" "show" {
  handler  = "app.show"
  runtime  = "python3.13"
  filename = "."
  role     = aws_iam_role.show.arn
  environment {
    variables = { ORDERS = aws_dynamodb_table.orders.name, FILES = aws_s3_bucket.files.id }
  }
}
"#;

#[test]
fn a_policy_document_for_terraform() {
    let before = project("main.tf", TERRAFORM);
    let written = snippet(&before, "terraform");
    assert!(
        written.contains("resources = [\"${aws_dynamodb_table.orders.arn}/index/by-customer\"]\n"),
        "{written}"
    );
    assert!(written.contains("resources = [aws_sns_topic.topic.arn]\n"), "{written}");
    assert!(
        written.contains("log-group:/aws/lambda/${aws_lambda_function.show.function_name}:*"),
        "{written}"
    );
    assert!(written.contains("data.aws_region.here.name"), "{written}");
    let mut after = before.clone();
    after.push(("policy.tf".to_owned(), written));
    settles(&before, &after);
}

#[test]
fn statements_for_the_cdk() {
    let written = snippet(&project("template.yaml", CLOUDFORMATION), "cdk");
    assert!(written.contains("place.addToRolePolicy(new iam.PolicyStatement({\n"), "{written}");
    assert!(written.contains("  resources: [`${orders.tableArn}/index/by-customer`],\n"), "{written}");
    assert!(written.contains("new iam.Policy(this, \"ShowOwnPolicy\""), "{written}");
    let written = snippet(&project("template.yaml", CLOUDFORMATION), "cdk-python");
    assert!(written.contains("  resources=[f\"{orders.table_arn}/index/by-customer\"],\n"), "{written}");
}

const TYPESCRIPT: &str = r"import * as cdk from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';

class Shop extends cdk.Stack {
  constructor(scope: cdk.App, id: string) {
    super(scope, id);
    const orders = new dynamodb.Table(this, 'Orders', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING } });
    const files = new s3.Bucket(this, 'Files');
    const topic = new sns.Topic(this, 'Topic');
    const common = {
      runtime: lambda.Runtime.PYTHON_3_13,
      code: lambda.Code.fromAsset('src'),
      environment: { ORDERS: orders.tableName, TOPIC: topic.topicArn, FILES: files.bucketName },
    };
    const place = new lambda.Function(this, 'Place', { ...common, handler: 'app.place' });
    const show = new lambda.Function(this, 'Show', { ...common, handler: 'app.show' });
    // grants
  }
}

new Shop(new cdk.App(), 'Shop');
";

const PYTHON: &str = r#"import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb, aws_iam as iam, aws_lambda as lambda_, aws_s3 as s3, aws_sns as sns


class Shop(cdk.Stack):
    def __init__(self, scope, id):
        super().__init__(scope, id)
        orders = dynamodb.Table(self, "Orders", partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING))
        files = s3.Bucket(self, "Files")
        topic = sns.Topic(self, "Topic")
        common = dict(
            runtime=lambda_.Runtime.PYTHON_3_13,
            code=lambda_.Code.from_asset("src"),
            environment={"ORDERS": orders.table_name, "TOPIC": topic.topic_arn, "FILES": files.bucket_name},
        )
        place = lambda_.Function(self, "Place", handler="app.place", **common)
        show = lambda_.Function(self, "Show", handler="app.show", **common)
        # grants


app = cdk.App()
Shop(app, "Shop")
app.synth()
"#;

/// The program with the statements for it behind the last function, where its marks say, as deep as that stands.
fn with_statements(before: &Project, program: &str, mark: &str, format: &str) -> Project {
    let statements = snippet(before, format);
    changed(before, program, |text| {
        let line = text.lines().find(|line| line.trim() == mark).unwrap();
        let depth = line.len() - mark.len();
        let indent = |line: &str| {
            if line.is_empty() { String::new() } else { format!("{}{line}", " ".repeat(depth)) }
        };
        let block: Vec<String> = statements.lines().map(indent).collect();
        text.replace(line, &block.join("\n"))
    })
}

#[test]
fn statements_of_a_cdk_program_settle_it() {
    let cases = [
        (r#"{"app": "npx ts-node stack.ts"}"#, "stack.ts", TYPESCRIPT, "// grants", "cdk"),
        (r#"{"app": "python stack.py"}"#, "stack.py", PYTHON, "# grants", "cdk-python"),
    ];
    for (settings, program, text, mark, format) in cases {
        let files = [("cdk.json", settings), (program, text), ("src/app.py", SOURCE)];
        let before = files.map(|(path, text)| (path.to_owned(), text.to_owned())).to_vec();
        let after = with_statements(&before, program, mark, format);
        assert_ne!(before, after);
        settles(&before, &after);
    }
}

#[test]
fn resources_of_another_format_stay_open() {
    let written = snippet(&project("template.yaml", CLOUDFORMATION), "terraform");
    assert!(written.contains("# `arn:${AWS::Partition}:s3:::${Files}/receipts/*` became"), "{written}");
    assert!(!written.contains("Files."), "{written}");
    assert!(!written.contains("aws_iam_role_policy"), "{written}");
}

/// The project with what `generate --write` changes, and the patch that shows it.
fn written(project: &Project) -> (Project, String) {
    let settings = settings(Task::Write { possible: false, dry_run: true }, "text");
    let analysis = analyse(&settings, &disk(project)).unwrap();
    let after = |(path, text): &(String, String)| {
        let changed = analysis.writing.files.iter().find(|(known, ..)| known == path);
        (path.clone(), changed.map_or_else(|| text.clone(), |(_, _, after)| after.clone()))
    };
    (project.iter().map(after).collect(), present(&settings, &analysis, Colour::Plain).unwrap().text)
}

/// What is written settles the difference, and writing again changes nothing.
fn writes(before: &Project) -> String {
    let (after, patch) = written(before);
    settles(before, &after);
    assert_eq!(written(&after).0, after);
    patch
}

const SAM: &str = r"Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.13
    CodeUri: .
    Environment:
      Variables: {ORDERS: !Ref Orders, TOPIC: !Ref Topic, FILES: !Ref Files}
Resources:
  Place:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.place
      # What it may do
      Policies: AmazonDynamoDBFullAccess  # too much
      Tracing: Active
  Show:
    Type: AWS::Serverless::Function # no policies yet
    Properties:
      Handler: app.show # the last line
  Orders:
    Type: AWS::Serverless::SimpleTable
  Files:
    Type: AWS::S3::Bucket
  Topic:
    Type: AWS::SNS::Topic
";

#[test]
fn policies_of_sam_functions_are_written_in_place() {
    let patch = writes(&project("template.yaml", SAM));
    let expected = r#"--- a/template.yaml
+++ b/template.yaml
@@ -11,12 +11,31 @@
     Properties:
       Handler: app.place
       # What it may do
-      Policies: AmazonDynamoDBFullAccess  # too much
+      Policies:  # too much
+        - SNSPublishMessagePolicy:
+            TopicName: !GetAtt Topic.TopicName
+        - Version: "2012-10-17"
+          Statement:
+            - Sid: DynamodbWrite
+              Effect: Allow
+              Action: dynamodb:PutItem
+              Resource: !GetAtt Orders.Arn
       Tracing: Active
   Show:
     Type: AWS::Serverless::Function # no policies yet
     Properties:
       Handler: app.show # the last line
+      Policies:
+        - Version: "2012-10-17"
+          Statement:
+            - Sid: DynamodbRead
+              Effect: Allow
+              Action: dynamodb:Query
+              Resource: !Sub "${Orders.Arn}/index/by-customer"
+            - Sid: S3Read
+              Effect: Allow
+              Action: s3:GetObject
+              Resource: !Sub "${Files.Arn}/receipts/*"
   Orders:
     Type: AWS::Serverless::SimpleTable
   Files:
"#;
    assert_eq!(patch, expected);
}

#[test]
fn templates_in_json_stay_json() {
    let template = r#"{
  "Transform": "AWS::Serverless-2016-10-31",
  "Resources": {
    "Orders": {"Type": "AWS::DynamoDB::Table"},
    "Topic": {"Type": "AWS::SNS::Topic"},
    "Place": {
      "Type": "AWS::Serverless::Function",
      "Properties": {
        "Handler": "app.place",
        "Runtime": "python3.13",
        "CodeUri": ".",
        "Environment": {"Variables": {"ORDERS": {"Ref": "Orders"}, "TOPIC": {"Ref": "Topic"}}}
      }
    }
  }
}
"#;
    let patch = writes(&project("template.json", template));
    assert!(patch.contains("+                \"Fn::GetAtt\": [\n"), "{patch}");
    assert_eq!(patch.lines().filter(|line| line.starts_with('-')).count(), 2, "{patch}");
}

/// The inline policy of a role, one that denies, and one that is attached by its name.
fn role(policies: &str) -> Project {
    let template = CLOUDFORMATION.replace(": &role", ":").replace(
        "  ShowRole: *role\n",
        "  ShowRole:\n    Type: AWS::IAM::Role\n    Properties:\n      AssumeRolePolicyDocument: {}\n",
    );
    project("template.yaml", &template.replacen("  Place:\n", &format!("{policies}  Place:\n"), 1))
}

#[test]
fn statements_of_a_declared_role_are_written_in_place() {
    let before = role(
        r#"      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
      Policies:
        - PolicyName: all
          PolicyDocument:
            Version: "2012-10-17"
            Statement: [{Effect: Allow, Action: "*", Resource: "*"}]
"#,
    );
    let (after, patch) = written(&before);
    settles(&before, &after);
    assert!(patch.contains("-        - PolicyName: all\n"), "{patch}");
    assert!(patch.contains("+  PlaceOwnPolicy:\n"), "{patch}");
}

#[test]
fn what_says_more_than_the_code_is_not_written_over() {
    let before = role(
        r#"      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement: [{Effect: Deny, Action: "dynamodb:Scan", Resource: "*"}]
"#,
    );
    let (after, said) = written(&before);
    assert!(said.contains("Show is not written: `all` has a statement that denies"), "{said}");
    assert!(!after.iter().any(|(_, text)| text.contains("ShowOwnPolicy")), "{said}");
}

const SERVERLESS: &str = r#"service: shop
provider:
  name: aws
  runtime: python3.13
  environment: {ORDERS: !Ref Orders, TOPIC: !Ref Topic, FILES: !Ref Files}
  iam:
    role:
      # what all functions may do
      statements:
        - Effect: Allow
          Action: dynamodb:*
          Resource: "*"
functions:
  place: {handler: app.place}
  show: {handler: app.show}
resources:
  Resources:
    Orders: {Type: AWS::DynamoDB::Table}
    Topic: {Type: AWS::SNS::Topic}
    Files: {Type: AWS::S3::Bucket, Properties: {BucketName: "files-${opt:stage}"}}
"#;

#[test]
fn statements_of_a_service_are_written_in_place() {
    let patch = writes(&project("serverless.yml", SERVERLESS));
    assert!(patch.contains("       # what all functions may do\n       statements:\n"), "{patch}");
    assert!(patch.contains("+          Resource: !GetAtt Orders.Arn\n"), "{patch}");
    assert!(!patch.contains("functions:\n-"), "{patch}");
}

#[test]
fn a_service_without_statements_gets_some() {
    let bare = SERVERLESS.split("  iam:\n").next().unwrap().to_owned()
        + "functions:"
        + SERVERLESS.split("functions:").nth(1).unwrap();
    let patch = writes(&project("serverless.yml", &bare));
    assert!(patch.contains("+  iam:\n+    role:\n+      statements:\n"), "{patch}");
    let before = project("serverless.yml", &bare);
    let written = snippet(&before, "serverless");
    let inner = written.split("provider:\n").nth(1).unwrap();
    let after = changed(&before, "serverless.yml", |text| {
        text.replacen("functions:", &format!("{inner}functions:"), 1)
    });
    settles(&before, &after);
}

#[test]
fn statements_of_terraform_are_written_in_place() {
    let attached = |policy: &str| {
        let mut before = project("main.tf", TERRAFORM);
        before.push(("iam.tf".to_owned(), policy.to_owned()));
        before
    };
    let none = writes(&attached(""));
    assert!(none.contains("+data \"aws_iam_policy_document\" \"place\" {\n"), "{none}");
    let document = writes(&attached(
        r#"
data "aws_iam_policy_document" "place" {
  # keep this
  statement {
    actions   = ["dynamodb:*"]
    resources = ["*"]
  }
}
resource "aws_iam_role_policy" "place" {
  role   = aws_iam_role.place.id
  policy = data.aws_iam_policy_document.place.json
}
"#,
    ));
    assert!(document.contains("   # keep this\n"), "{document}");
    assert!(document.contains("-    actions   = [\"dynamodb:*\"]\n"), "{document}");
    let encoded = writes(&attached(
        r#"
resource "aws_iam_role_policy" "place" {
  role   = aws_iam_role.place.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "dynamodb:*", Resource = "*" }] # all of it
  })
}
"#,
    ));
    assert!(encoded.contains("+        Resource = aws_dynamodb_table.orders.arn\n"), "{encoded}");
}
