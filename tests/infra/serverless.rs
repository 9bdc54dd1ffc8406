//! Services of the Serverless Framework.

use std::fmt::Write as _;

use pretty_assertions::assert_eq;

use crate::show::{functions_of, read_among, requirements_of, roles_of};

fn functions(service: &str) -> String {
    functions_of(&read_among("app/serverless.yml", service, &[]))
}

fn roles(service: &str) -> String {
    roles_of(&read_among("app/serverless.yml", service, &[]))
}

const SHOP: &str = "\
service: shop
provider:
  name: aws
  runtime: python3.13
  region: eu-west-1
  environment:
    STAGE: ${sls:stage}
    TABLE: {Ref: Orders}
functions:
  listOrders:
    handler: ./src/list.handler
    environment:
      TABLE_ARN: !GetAtt Orders.Arn
      QUEUE: !Sub '${Jobs}-${self:service}'
      REGION: ${self:provider.region}
    layers: [{Ref: CommonLambdaLayer}]
    package: {artifact: target/list.zip}
  pay-order:
    handler: src/pay.handler
    runtime: nodejs22.x
    name: pay
    vpc: {securityGroupIds: [sg-1], subnetIds: [subnet-1]}
    tracing: true
    onError: arn:aws:sns:eu-west-1:123456789012:failed
    destinations: {onSuccess: listOrders, onFailure: {type: sqs, arn: !GetAtt Jobs.Arn}}
  built: {image: {name: tool, command: [app.main]}}
layers:
  common: {path: layers/common}
resources:
  - Resources:
      Orders: {Type: 'AWS::DynamoDB::Table', Properties: {TableName: 'orders-${sls:stage}'}}
  - Resources:
      Jobs: {Type: 'AWS::SQS::Queue'}
    extensions:
      ListOrdersLambdaFunction: {Properties: {KmsKeyArn: 'arn:aws:kms:eu-west-1:1:key/k'}}
";

#[test]
fn a_service_with_functions_and_resources() {
    assert_eq!(
        functions(SHOP),
        "\
ListOrdersLambdaFunction:10 runtime python3.13 handler src/list.handler code app/target/list.zip role IamRoleLambdaExecution
  layer app/layers/common
  STAGE=${sls:stage}
  TABLE=${Orders}
  TABLE_ARN=arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}
  QUEUE=${Jobs.QueueUrl}-shop
  REGION=${AWS::Region}
  setting env-kms arn:aws:kms:eu-west-1:1:key/k
  setting layers
PayDashorderLambdaFunction:18 runtime nodejs22.x handler src/pay.handler code app role IamRoleLambdaExecution
  STAGE=${sls:stage}
  TABLE=${Orders}
  setting async-destination arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${ListOrdersLambdaFunction}
  setting async-destination arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Jobs}
  setting dlq arn:aws:sns:eu-west-1:123456789012:failed
  setting vpc
  setting xray
BuiltLambdaFunction:26 runtime python3.13 handler app.main elsewhere tool role IamRoleLambdaExecution
  STAGE=${sls:stage}
  TABLE=${Orders}
  setting container-image
"
    );
}

#[test]
fn variables() {
    let service = "\
service: {name: shop}
provider: {name: aws, stage: \"${opt:stage, 'test'}\"}
params:
  default: {level: info, table: all}
  test: {table: mine}
custom:
  prefix: ${self:service}-${self:provider.stage}
  byStage: {test: {size: 3}, prod: {size: 9}}
  flag: ${strToBool(true)}
  list: [a, '${self:custom.prefix}']
functions:
  f:
    handler: app.handler
    environment:
      SELF: ${self:custom.prefix}
      NESTED: ${self:custom.byStage.${sls:stage}.size}
      ITEM: ${self:custom.list.1}
      FLAG: ${self:custom.flag}
      DEFAULT: \"${self:custom.absent, 'a, b'}\"
      CHAIN: ${opt:x, self:custom.absent, 7}
      OPTION: ${opt:size}
      HOST: ${env:HOST}-x
      PARAM: ${param:level}-${param:table}
      ACCOUNT: ${aws:accountId}:${aws:region}:${AWS::Partition}:#{AWS::AccountId}
      SSM: ${ssm:/app/${sls:stage}/key}
      STACK: ${cf:other-${sls:stage}.Url, 'none'}
      OURS: ${file(env.yml):${sls:stage}.url}
      TEXT: ${file(./name.txt)}
      NONE: ${opt:none, null}
";
    let files = [("app/env.yml", "test: {url: 'https://${self:custom.prefix}'}"), ("app/name.txt", "shop")];
    let shown = functions_of(&read_among("app/serverless.yml", service, &files));
    assert_eq!(
        shown,
        "\
FLambdaFunction:12 runtime nodejs20.x handler app.handler code app role IamRoleLambdaExecution
  SELF=shop-test
  NESTED=3
  ITEM=shop-test
  FLAG=true
  DEFAULT=a, b
  CHAIN=7
  OPTION=${opt:size}
  HOST=${env:HOST}-x
  PARAM=info-mine
  ACCOUNT=${AWS::AccountId}:${AWS::Region}:${AWS::Partition}:${AWS::AccountId}
  SSM=${ssm:/app/${sls:stage}/key}
  STACK=${cf:other-${sls:stage}.Url}
  OURS=https://shop-test
  TEXT=shop
"
    );
}

#[test]
fn the_role_of_all_functions() {
    let service = "\
service: shop
provider:
  name: aws
  runtime: python3.13
  tracing: {lambda: true}
  vpc: {subnetIds: [subnet-1]}
  iam:
    role:
      managedPolicies: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']
      statements:
        - Effect: Allow
          Action: dynamodb:PutItem
          Resource: !GetAtt Orders.Arn
        - ${ssm:/statement}
functions:
  a: {handler: a.handler, events: [{sqs: 'arn:aws:sqs:eu-west-1:1:jobs'}]}
  b: {handler: b.handler, name: bee}
resources:
  Resources:
    Orders: {Type: 'AWS::DynamoDB::Table'}
";
    assert_eq!(
        roles(service),
        "\
IamRoleLambdaExecution
  shop-${sls:stage}-lambda:11
    11 allow logs:CreateLogStream logs:CreateLogGroup logs:TagResource on arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/shop-${sls:stage}*:* arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/bee:*
    11 allow logs:PutLogEvents on arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/shop-${sls:stage}*:*:* arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/bee:*:*
    16 allow sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes on arn:aws:sqs:eu-west-1:1:jobs
    16 allow xray:PutTraceSegments xray:PutTelemetryRecords on *
  shop-${sls:stage}-lambda:11
    11 allow dynamodb:PutItem on arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}
  AWSLambdaBasicExecutionRole:9
    9 allow logs:PutLogEvents on *
  unknown ${ssm:/statement}:14
  unknown arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole:6
"
    );
}

#[test]
fn roles_of_single_functions() {
    let service = "\
service: shop
provider:
  name: aws
  iamRoleStatements:
    - {Effect: Allow, Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop/*'}
functions:
  own:
    handler: a.handler
    iamRoleStatements:
      - {Effect: Allow, Action: 'sqs:SendMessage', Resource: '*'}
  inherits:
    handler: a.handler
    iamRoleStatementsInherit: true
    iamRoleStatements:
      - {Effect: Allow, Action: 'sns:Publish', Resource: '*'}
  named: {handler: a.handler, role: Given}
  elsewhere: {handler: a.handler, role: 'arn:aws:iam::1:role/theirs'}
resources:
  Resources:
    Given: {Type: 'AWS::IAM::Role', Properties: {Policies: []}}
";
    let shown = roles(service);
    let ids: Vec<&str> = shown.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(ids, ["OwnIamRoleLambdaExecution", "InheritsIamRoleLambdaExecution", "Given"]);
    assert_eq!(shown.matches("s3:GetObject").count(), 1, "{shown}");
    let functions = functions(service);
    let heads: Vec<&str> = functions.lines().filter(|line| !line.starts_with(' ')).collect();
    assert!(heads[0].ends_with("role OwnIamRoleLambdaExecution"), "{functions}");
    assert!(heads[2].ends_with("role Given"), "{functions}");
    assert!(heads[3].ends_with("code app"), "{functions}");
}

#[test]
fn what_plugins_make_of_functions() {
    let service = "\
service: jobs
provider: {name: aws, runtime: python3.13}
custom: {wsgi: {app: api/app.app}}
constructs:
  jobs: {type: queue, worker: {handler: worker.handler}}
functions:
  api:
    handler: wsgi_handler.handler
    environment: {QUEUE: '${construct:jobs.queueUrl}', NAME: '${construct:jobs.queueName}'}
";
    let read = read_among("app/serverless.yml", service, &[]);
    assert_eq!(
        functions_of(&read),
        "\
ApiLambdaFunction:7 runtime python3.13 handler api/app.app code app role IamRoleLambdaExecution
  QUEUE=https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/${construct:jobs.queueName}
  NAME=${construct:jobs.queueName}
JobsWorkerLambdaFunction:5 runtime python3.13 handler worker.handler code app role IamRoleLambdaExecution
  trigger sqs arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${construct:jobs.queueName}
"
    );
    let labels: Vec<&str> = read.1.functions.iter().map(|function| function.label.as_str()).collect();
    assert_eq!(labels, ["api", "jobsWorker"]);
    assert!(requirements_of(&read).contains("sqs:ReceiveMessage"));
}

#[test]
fn constructs_declare_what_only_a_deployment_names() {
    let service = "\
service: copies
provider: {name: aws, runtime: nodejs22.x}
constructs:
  uploads: {type: storage}
  orders: {type: database/dynamodb-single-table}
functions:
  copy:
    handler: copy.handler
    environment: {BUCKET: '${construct:uploads.bucketName}', TABLE: '${construct:orders.tableArn}'}
";
    let read = read_among("app/serverless.yml", service, &[]);
    assert_eq!(
        functions_of(&read),
        "\
CopyLambdaFunction:7 runtime nodejs22.x handler copy.handler code app role IamRoleLambdaExecution
  BUCKET=${uploads}
  TABLE=arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${orders}
"
    );
    assert_eq!(read.1.resources.get("uploads").map(|bucket| bucket.kind.as_str()), Some("AWS::S3::Bucket"));
}

#[test]
fn other_clouds_are_told() {
    let shown = functions("service: x\nprovider: {name: google}\nfunctions: {f: {handler: a}}\n");
    assert_eq!(shown, "! 2:11 functions of the provider `google` are not read\n");
}

#[test]
fn hostile_services() {
    let functions_of_file = |service: &str, files: &[(&str, &str)]| {
        functions_of(&read_among("app/serverless.yml", service, files))
    };
    let circle = functions(
        "custom: {a: '${self:custom.b}', b: '${self:custom.a}'}\nfunctions: {f: {handler: '${self:custom.a}'}}\n",
    );
    assert!(circle.contains("leads in a circle"), "{circle}");
    let whole = functions("custom: '${self:custom}'\nfunctions: '${self:}'\n");
    assert!(whole.contains("leads in a circle"), "{whole}");
    for path in ["../../x.yml", "/etc/passwd", "~/x.yml"] {
        let shown =
            functions_of_file(&format!("functions: {{f: '${{file({path}):f}}'}}\n"), &[("x.yml", "f: {}")]);
        assert!(shown.contains("leads outside of the project"), "{shown}");
    }
    let itself = functions_of_file("functions: ${file(a.yml)}\n", &[("app/a.yml", "f: '${file(a.yml)}'")]);
    assert!(itself.contains("leads in a circle"), "{itself}");
    let program = functions("functions: ${file(a.js)}\n");
    assert!(program.contains("a program of which is not known what it states"), "{program}");
    let mut doubling = String::from("functions: {f: {handler: '${self:custom.v0}'}}\ncustom:\n");
    for level in 0..28 {
        let next = level + 1;
        writeln!(doubling, "  v{level}: '${{self:custom.v{next}}}${{self:custom.v{next}}}'").unwrap();
    }
    let doubling = functions(&(doubling + "  v28: x\n"));
    assert!(doubling.contains("grow without end"), "{doubling}");
    for odd in [
        "1",
        "[]",
        "{}",
        "functions: 1",
        "functions: [1, {f: 2}]",
        "functions: {f: {events: {a: 1}}}",
        "resources: [1]",
        "provider: []",
        "functions: {f: {events: [1, [], {}, {sqs: }], layers: 3, vpc: 1, destinations: 2, image: []}}",
        "constructs: {a: {type: queue, worker: 1}}",
        "functions: '${'",
        "functions: '${self:}${file(}'",
        "layers: {a: 1}",
    ] {
        functions(odd);
        roles(odd);
    }
}
