//! Terraform: the files of a folder.

use std::fmt::Write as _;

use indexmap::IndexMap;
use leastwise::infra::{self, Settings};
use leastwise::policy::Patterns;
use leastwise::text::{FileId, Source, Sources};
use pretty_assertions::assert_eq;

use crate::show::{functions_of, read_among, requirements_of, roles_of};

fn read(program: &str) -> (Source, infra::Deployment) {
    read_among("app/main.tf", program, &[("app/terraform.tfvars", "level = \"debug\"\n")])
}

const ORDERS: &str = r#"
locals {
  prefix = "shop-${var.stage}"
  common = { LEVEL = var.level }
}
variable "stage" { default = "dev" }
variable "level" {}
data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "out.zip"
}
data "aws_caller_identity" "me" {}
resource "aws_dynamodb_table" "orders" { name = "${local.prefix}-orders" }
resource "aws_sqs_queue" "jobs" {}
resource "aws_s3_bucket" "files" { bucket = "files-${data.aws_caller_identity.me.account_id}" }
resource "aws_lambda_function" "orders" {
  function_name = "${local.prefix}-orders"
  filename      = data.archive_file.code.output_path
  handler       = "app.handler"
  runtime       = "python3.13"
  role          = aws_iam_role.orders.arn
  environment {
    variables = merge(local.common, {
      TABLE  = aws_dynamodb_table.orders.name
      ARN    = aws_dynamodb_table.orders.arn
      QUEUE  = aws_sqs_queue.jobs.url
      BUCKET = aws_s3_bucket.files.id
      OTHER  = module.other.name
      EACH   = each.value.x
    })
  }
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = []
  }
  dead_letter_config { target_arn = aws_sqs_queue.jobs.arn }
  tracing_config { mode = "Active" }
}
resource "aws_lambda_event_source_mapping" "jobs" {
  event_source_arn = aws_sqs_queue.jobs.arn
  function_name    = aws_lambda_function.orders.arn
}
module "tool" {
  source        = "terraform-aws-modules/lambda/aws"
  handler       = "tool.main"
  runtime       = "python3.13"
  source_path   = "../tool"
}
"#;

#[test]
fn functions_and_what_their_arguments_refer_to() {
    assert_eq!(
        functions_of(&read(ORDERS)),
        "\
aws_lambda_function.orders:17 runtime python3.13 handler app.handler code app/src
  LEVEL=${level}
  TABLE=${aws_dynamodb_table.orders}
  ARN=arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${aws_dynamodb_table.orders}
  QUEUE=${aws_sqs_queue.jobs.QueueUrl}
  BUCKET=${aws_s3_bucket.files}
  OTHER=${module.other.name}
  EACH=*
  trigger sqs arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${aws_sqs_queue.jobs}
  setting dlq arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${aws_sqs_queue.jobs}
  setting vpc
  setting xray
module.tool:44 runtime python3.13 handler tool.main code tool role module.tool.role
"
    );
    let (_, deployment) = read(ORDERS);
    let table = &deployment.resources["aws_dynamodb_table.orders"];
    assert_eq!(table.name.as_ref().unwrap().to_string(), "shop-${stage}-orders");
    assert_eq!(deployment.parameters["level"].default.as_ref().unwrap().to_string(), "debug");
    assert!(requirements_of(&read(ORDERS)).contains("sqs:ReceiveMessage"));
}

#[test]
fn an_archive_leads_to_what_it_is_made_of() {
    let program = "\
resource \"aws_lambda_function\" \"f\" { filename = \"built/f.zip\" }
data \"archive_file\" \"f\" {
  output_path = \"${path.module}/built/f.zip\"
  source {
    content = file(\"src/f.py\")
    filename = \"f.py\"
  }
}
";
    assert_eq!(functions_of(&read(program)), "aws_lambda_function.f:1 code app/src/f.py\n");
}

#[test]
fn roles_and_the_policies_attached_to_them() {
    let program = r#"
resource "aws_iam_role" "f" {
  assume_role_policy = "{}"
  inline_policy {
    name   = "own"
    policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.b.arn}/*" }] })
  }
}
resource "aws_s3_bucket" "b" {}
data "aws_iam_policy_document" "send" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.q.arn]
    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = ["1"]
    }
  }
}
resource "aws_sqs_queue" "q" { name = "q" }
resource "aws_iam_role_policy" "send" {
  role   = aws_iam_role.f.id
  policy = data.aws_iam_policy_document.send.json
}
resource "aws_iam_policy" "logs" {
  name   = "logs"
  policy = <<EOF
{"Statement": [{"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": "arn:aws:logs:*:${data.aws_caller_identity.me.account_id}:*"}]}
EOF
}
resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.f.name
  policy_arn = aws_iam_policy.logs.arn
}
resource "aws_iam_role_policy_attachment" "basic" {
  role       = aws_iam_role.f.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
"#;
    assert_eq!(
        roles_of(&read(program)),
        "\
aws_iam_role.f
  own:4
    6 allow s3:GetObject on arn:${AWS::Partition}:s3:::${aws_s3_bucket.b}/*
  logs:26
    28 allow logs:PutLogEvents on arn:aws:logs:*:${AWS::AccountId}:*
  AWSLambdaBasicExecutionRole:38
    38 allow logs:PutLogEvents on *
  aws_iam_role_policy.send:22
    11 allow sqs:SendMessage on arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${aws_sqs_queue.q}
"
    );
}

#[test]
fn the_files_of_a_folder_are_one_deployment() {
    let main = Source::new(
        "app/main.tf",
        "# first\nresource \"aws_lambda_function\" \"f\" {\n  handler = var.handler\n  role = aws_iam_role.r.arn\n}\n",
    );
    let other = Source::new(
        "app/other.tf",
        "\nvariable \"handler\" { default = \"a.b\" }\n\nresource \"aws_iam_role\" \"r\" {}\n",
    );
    let format = infra::claims(&main).unwrap();
    assert!(format.is_of_folder());
    let parameters = IndexMap::new();
    let settings = Settings {
        parameters: &parameters,
        managed_policy: &|_| None,
        sibling: &|_| None,
        among: &|_| vec![],
        data: &|_| None,
        callers: &|_| vec![],
        sources: &Sources::default(),
        listing: &|_| vec![],
        environment: None,
    };
    let files = [(FileId(3), &main), (FileId(7), &other)];
    let deployment = format.read_together(&files, &settings).unwrap();
    let function = &deployment.functions[0];
    assert_eq!((function.label.as_str(), function.handler.as_deref()), ("f", Some("a.b")));
    assert_eq!((function.site.file, main.position(function.site.span.start).line), (FileId(3), 2));
    let role = &deployment.roles["aws_iam_role.r"];
    assert_eq!((role.site.file, other.position(role.site.span.start).line), (FileId(7), 4));
}

#[test]
fn hostile_programs() {
    let circle = "locals {\n  a = local.b\n  b = \"${local.a}${local.a}\"\n}\nresource \"aws_lambda_function\" \"f\" { handler = local.a }\n";
    assert!(functions_of(&read(circle)).starts_with("aws_lambda_function.f"));
    let outside = "resource \"aws_lambda_function\" \"f\" { filename = \"../../x.zip\" }";
    assert!(functions_of(&read(outside)).contains("leads outside of the project"));
    assert!(functions_of(&read("resource \"a\" {")).contains("not valid HCL"));
    let mut doubling = String::from("locals {\n  v0 = \"x\"\n");
    for level in 1..40 {
        let below = level - 1;
        doubling.push_str(
            &[
                "  v",
                &level.to_string(),
                " = \"${local.v",
                &below.to_string(),
                "}${local.v",
                &below.to_string(),
                "}\"\n",
            ]
            .concat(),
        );
    }
    doubling.push_str("}\nresource \"aws_lambda_function\" \"f\" { handler = local.v39 }\n");
    let doubling = functions_of(&read(&doubling));
    assert!(
        doubling.starts_with("aws_lambda_function.f") && doubling.contains("grow without end"),
        "{doubling}"
    );
    for odd in [
        "resource \"aws_lambda_function\" {}",
        "resource \"aws_lambda_function\" \"f\" { environment = 1 }",
        "data \"aws_iam_policy_document\" \"d\" { statement {} }\nresource \"aws_iam_role\" \"r\" { inline_policy { policy = data.aws_iam_policy_document.d.json } }",
        "variable \"v\" { default = [var.v] }\nlocals { x = var.v }",
    ] {
        roles_of(&read(odd));
    }
}

/// Reads the files of a project in which `app` is the root.
fn read_project(files: &[(&str, &str)], environment: Option<&str>) -> (Sources, infra::Deployment) {
    let mut sources = Sources::default();
    let ids: Vec<(FileId, &str)> =
        files.iter().map(|(path, text)| (sources.add(Source::new(*path, *text)), *path)).collect();
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let of = |wanted: &str| -> Vec<FileId> {
        let programs = ids.iter().filter(|(_, path)| path.ends_with("main.tf") && folder(path) == wanted);
        programs.map(|(id, _)| *id).collect()
    };
    let listing = |wanted: &str| {
        let here = ids.iter().filter(|(_, path)| folder(path) == wanted);
        here.map(|(_, path)| path.rsplit('/').next().unwrap().to_owned()).collect()
    };
    let sibling =
        |path: &str| files.iter().find(|(known, _)| *known == path).map(|(_, text)| (*text).to_owned());
    let parameters = IndexMap::new();
    let settings = Settings {
        parameters: &parameters,
        managed_policy: &|_| None,
        sibling: &sibling,
        among: &of,
        data: &|_| None,
        callers: &|_| vec![],
        sources: &sources,
        listing: &listing,
        environment,
    };
    let root: Vec<(FileId, &Source)> =
        of("app").into_iter().map(|id| (id, sources.get(id).unwrap())).collect();
    let format = infra::claims(root.first().unwrap().1).unwrap();
    let deployment = format.read_together(&root, &settings).unwrap();
    (sources, deployment)
}

const MODULE: &str = r#"
variable "name" {}
variable "table" {}
variable "memory" { default = 128 }
resource "aws_iam_role" "this" {}
resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.id
  policy = templatefile("${path.module}/policy.json.tpl", { table = var.table.arn })
}
data "aws_iam_policy_document" "logs" {
  statement {
    actions   = ["logs:PutLogEvents"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "all" {
  source_policy_documents = [data.aws_iam_policy_document.logs.json]
  dynamic "statement" {
    for_each = ["logs:CreateLogGroup", "logs:CreateLogStream"]
    content {
      actions   = [statement.value]
      resources = ["*"]
    }
  }
}
resource "aws_iam_role_policy" "logs" {
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.all.json
}
resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = aws_iam_role.this.arn
  filename      = "${path.module}/../src"
  handler       = replace("app-handler", "-", ".")
  environment { variables = { TABLE = var.table.name, SIZE = var.memory } }
}
output "arn" { value = aws_lambda_function.this.arn }
"#;

const CALLS: &str = r#"
variable "stage" { default = "dev" }
variable "level" { default = "info" }
resource "aws_dynamodb_table" "orders" { name = "orders-${var.stage}" }
module "place" {
  source = "../fn"
  name   = format("%s-%s", "place", lower("X"))
  table  = { name = aws_dynamodb_table.orders.name, arn = aws_dynamodb_table.orders.arn }
}
module "other" {
  source = "../fn"
  name   = "other-${var.level}"
  table  = { name = join("-", [for part in ["a", "b"] : upper(part)]), arn = "*" }
}
resource "aws_lambda_function" "off" {
  count   = var.stage == "prod" ? 1 : 0
  handler = "app.handler"
}
resource "aws_cloudwatch_event_rule" "placed" { event_pattern = jsonencode({ source = ["shop"] }) }
resource "aws_cloudwatch_event_target" "placed" {
  rule = aws_cloudwatch_event_rule.placed.name
  arn  = module.place.arn
}
"#;

const TEMPLATE: &str =
    r#"{"Statement": [{"Effect": "Allow", "Action": "dynamodb:PutItem", "Resource": "${table}"}]}"#;

/// What is read of each function: label, code, environment, triggers, statements of the role.
fn modules(environment: Option<&str>) -> String {
    let files = [
        ("app/main.tf", CALLS),
        ("app/a.auto.tfvars", "level = \"auto\"\n"),
        ("app/prod.tfvars", "stage = \"prod\"\n"),
        ("fn/main.tf", MODULE),
        ("fn/policy.json.tpl", TEMPLATE),
    ];
    let (sources, deployment) = read_project(&files, environment);
    let mut out = String::new();
    for function in &deployment.functions {
        write!(out, "{} {}", function.label, sources.path(function.site.file)).unwrap();
        write!(out, " {:?} {}", function.code, function.name.clone().unwrap_or_default()).unwrap();
        for (name, value) in &function.environment {
            write!(out, " {name}={value}").unwrap();
        }
        for trigger in &function.triggers {
            write!(out, " on {}", trigger.kind).unwrap();
        }
        out += "\n";
        let role = function.role.as_ref().and_then(|role| deployment.roles.get(role));
        let policies = role.iter().flat_map(|role| &role.policies);
        for statement in policies.flat_map(|policy| &policy.document.statements) {
            let first = |patterns: &Patterns| patterns.list.first().unwrap().text.to_string();
            let (action, resource) = (first(&statement.actions), first(&statement.resources));
            writeln!(out, "  {action} on {resource}").unwrap();
        }
    }
    assert_eq!(deployment.parts, ["fn"]);
    assert_eq!(deployment.problems, []);
    out
}

#[test]
fn modules_of_the_project_are_parts_of_what_calls_them() {
    let expected = "\
place.this fn/main.tf Path(\"src\") place-x TABLE=${aws_dynamodb_table.orders} SIZE=128 on eventbridge-rule
  dynamodb:PutItem on arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${aws_dynamodb_table.orders}
  logs:PutLogEvents on *
  logs:CreateLogGroup on *
  logs:CreateLogStream on *
other.this fn/main.tf Path(\"src\") other-${level} TABLE=A-B SIZE=128
  dynamodb:PutItem on *
  logs:PutLogEvents on *
  logs:CreateLogGroup on *
  logs:CreateLogStream on *
";
    assert_eq!(modules(None), expected);
    // What a file with values says counts.
    let prod = modules(Some("prod"));
    assert!(prod.contains("off app/main.tf"), "{prod}");
}
