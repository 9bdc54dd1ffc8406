//! CloudFormation without a transform, in YAML and JSON.

use leastwise::infra::{Code, claims};
use leastwise::text::{Source, TemplateString};
use pretty_assertions::assert_eq;

use crate::show::{functions, functions_of, read, read_among, read_at, roles};

#[test]
fn json_with_long_names_of_functions() {
    let template = r#"{
  "Mappings": {"Names": {"eu-west-1": {"bucket": "data"}, "us-east-1": {"bucket": "data"}}},
  "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
  "Resources": {
    "Function": {
      "Type": "AWS::Lambda::Function",
      "Properties": {
        "Runtime": "nodejs22.x",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"S3Bucket": {"Ref": "Artifacts"}, "S3Key": "app.zip"},
        "Environment": {"Variables": {
          "A": {"Fn::FindInMap": ["Names", {"Ref": "AWS::Region"}, "bucket"]},
          "B": {"Fn::If": ["Never", "yes", "no"]},
          "C": {"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::GetAtt": ["Table", "Arn"]}]}]},
          "D": {"Fn::Sub": ["${Table}-${x}-${!y}", {"x": {"Ref": "Artifacts"}}]},
          "E": {"Fn::ImportValue": "elsewhere"}
        }}
      }
    },
    "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {}},
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"Policies": []}}
  },
  "Parameters": {"Artifacts": {"Type": "String"}}
}"#;
    assert_eq!(
        functions(template),
        "\
Function:5 runtime nodejs22.x handler index.handler elsewhere s3://${Artifacts}/app.zip role Role
  A=data
  B=no
  C=${Table}
  D=${Table}-${Artifacts}-${y}
  E=*
"
    );
}

#[test]
fn triggers_that_other_resources_declare() {
    let template = "\
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Code: {ZipFile: 'exports.handler = () => 1'}
      Role: arn:aws:iam::123456789012:role/elsewhere
  Live: {Type: AWS::Lambda::Alias, Properties: {FunctionName: !Ref Function, Name: live}}
  Topic: {Type: AWS::SNS::Topic}
  Stream: {Type: AWS::Kinesis::Stream}
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: {Protocol: lambda, Endpoint: !GetAtt Function.Arn, TopicArn: !Ref Topic}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref Live
      EventSourceArn: !GetAtt Stream.Arn
      DestinationConfig: {OnFailure: {Destination: !Ref Topic}}
  Nightly:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: rate(1 day), Targets: [{Id: a, Arn: !GetAtt Function.Arn}]}
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Function, Principal: events.amazonaws.com, SourceArn: !GetAtt Nightly.Arn}
  Cognito:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Function, Principal: cognito-idp.amazonaws.com}
  Invoke:
    Type: AWS::Lambda::EventInvokeConfig
    Properties: {FunctionName: !Ref Function, DestinationConfig: {OnSuccess: {Destination: !Ref Topic}}}
";
    assert_eq!(
        functions(template),
        "\
Function:2 handler index.handler inline:6
  trigger sns arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${Topic}
  trigger kinesis arn:${AWS::Partition}:kinesis:${AWS::Region}:${AWS::AccountId}:stream/${Stream}
  trigger schedule arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${Nightly}
  trigger cognito
  setting esm-on-failure arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${Topic}
  setting async-destination arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${Topic}
"
    );
}

#[test]
fn policies_from_everywhere_reach_the_role() {
    let template = "\
Resources:
  Function:
    Type: AWS::Lambda::Function
    Properties: {Handler: a.b, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/orders', Code: ./src}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: orders
      ManagedPolicyArns:
        - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole
        - arn:aws:iam::123456789012:policy/ours
      Policies:
        - PolicyName: text
          PolicyDocument: !Sub '{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"a:b\", \"Resource\": \"arn:aws:s3:::${AWS::Region}/*\"}]}'
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: beside
      Roles: [!Ref Role]
      PolicyDocument: {Statement: [{Effect: Allow, Action: 'c:d', Resource: '*'}]}
  RolePolicy:
    Type: AWS::IAM::RolePolicy
    Properties:
      PolicyName: single
      RoleName: orders
      PolicyDocument: {Statement: [{Effect: Allow, Action: 'e:f', Resource: '*'}]}
";
    assert_eq!(functions(template), "Function:2 handler a.b code app/src role Role\n");
    assert_eq!(
        roles(template),
        "\
Role
  text:13
    14 allow a:b on arn:aws:s3:::${AWS::Region}/*
  AWSLambdaBasicExecutionRole:10
    10 allow logs:PutLogEvents on *
  beside:15
    20 allow c:d on *
  single:21
    26 allow e:f on *
  unknown arn:aws:iam::123456789012:policy/ours:11
"
    );
}

#[test]
fn physical_names() {
    let (_, deployment) = read(
        "\
Parameters: {Stage: {Type: String}}
Resources:
  A: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub '${Stage}-${B}'}}
  B: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
  C: {Type: AWS::S3::Bucket}
  D: {Type: AWS::SSM::Parameter, Properties: {Name: /app/key}}
  E: {Type: AWS::SecretsManager::Secret}
",
    );
    let arn = |id: &str| deployment.physical(deployment.resources[id].arn.as_ref().unwrap()).to_string();
    assert_eq!(arn("A"), "arn:${AWS::Partition}:s3:::${Stage}-orders");
    assert_eq!(arn("C"), "arn:${AWS::Partition}:s3:::${C}");
    assert_eq!(arn("D"), "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/app/key");
    assert_eq!(
        arn("E"),
        "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:${E}-??????"
    );
    let named = deployment.resource_named("AWS::DynamoDB::Table", &TemplateString::from("orders"));
    assert_eq!(named.map(ToString::to_string), Some("B".to_owned()));
}

#[test]
fn conditions_are_decided_by_defaults_or_stay_open() {
    let (_, deployment) = read(
        "\
Parameters: {Stage: {Type: String, Default: dev}, Name: {Type: String}}
Conditions:
  Prod: !Equals [!Ref Stage, prod]
  Named: !Not [!Equals [!Ref Name, '']]
  Either: !Or [!Condition Named, !Not [!Condition Prod]]
  Both: !And [!Condition Named, !Condition Prod]
  Round: !Not [!Condition Round]
Resources:
  A: {Type: AWS::S3::Bucket, Condition: Prod}
",
    );
    let shown: Vec<_> = deployment.conditions.iter().map(|(name, held)| (name.as_str(), *held)).collect();
    let expected = [
        ("Prod", Some(false)),
        ("Named", None),
        ("Either", Some(true)),
        ("Both", Some(false)),
        ("Round", None),
    ];
    assert_eq!(shown, expected);
    assert_eq!(deployment.resources["A"].condition.as_deref(), Some("Prod"));
}

#[test]
fn loops_are_written_out() {
    let (_, deployment) = read(
        "\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Tables:
    - Name
    - [Orders, Users]
    - ${Name}Table:
        Type: AWS::DynamoDB::Table
        Properties: {TableName: !Sub 'x-${Name}'}
",
    );
    let names: Vec<String> = deployment
        .resources
        .iter()
        .map(|(id, table)| format!("{id} {}", table.name.as_ref().unwrap()))
        .collect();
    assert_eq!(names, ["OrdersTable x-Orders", "UsersTable x-Users"]);
}

#[test]
fn a_synthesised_template_points_to_its_assets() {
    let (_, deployment) = read_at(
        "cdk.out/App.template.json",
        r#"{"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "a.b", "Code": {"S3Bucket": "x", "S3Key": "y"}}, "Metadata": {"aws:asset:path": "asset.0123"}}}}"#,
    );
    assert_eq!(deployment.functions[0].code, Code::Path("cdk.out/asset.0123".to_owned()));
}

#[test]
fn formats_are_told_apart() {
    let format = |path: &str, text: &str| {
        claims(&Source::new(path, text)).map(|format| (format.name, format.is_read()))
    };
    assert_eq!(format("a/serverless.yml", "functions: {}"), Some(("Serverless Framework", true)));
    assert_eq!(format("a/serverless.ts", "export default {}"), Some(("Serverless Framework", true)));
    assert_eq!(format("main.tf", "resource \"aws_lambda_function\" \"x\" {}"), Some(("Terraform", true)));
    assert_eq!(format("main.tf.json", "{\"aws_x\": 1}"), Some(("Terraform", true)));
    assert_eq!(
        format("plan.json", "{\"terraform_version\": \"1\", \"values\": {}}"),
        Some(("Terraform plan", true))
    );
    assert_eq!(format("serverless.toml", "service = 1"), Some(("Serverless Framework", false)));
    assert_eq!(format("cdk.json", "{}"), Some(("AWS CDK", true)));
    assert_eq!(format("lib/stack.ts", "import { Stack } from 'aws-cdk-lib';"), Some(("AWS CDK", true)));
    assert_eq!(format("lib/util.ts", "export const x = 1;"), None);
    assert_eq!(
        format("t.yaml", "Resources:\n  A:\n    Type: AWS::S3::Bucket\n"),
        Some(("CloudFormation", true))
    );
    assert_eq!(
        format("t.json", "{\"Resources\": {\"A\": {\"Type\": \"Custom::X\"}}}"),
        Some(("CloudFormation", true))
    );
    assert_eq!(format("t.yaml", "foo:\n  Resources:\n    A: AWS::S3::Bucket\n"), None);
    assert_eq!(format("package.json", "{\"Resources\": 1}"), None);
}

#[test]
fn what_policies_of_resources_give_to_roles() {
    let template = r#"
Resources:
  Read: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Other: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Files: {Type: AWS::S3::Bucket}
  FilesPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Files
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {AWS: !GetAtt Read.Arn}, Action: "s3:GetObject", Resource: !Sub "${Files.Arn}/*"}
          - {Effect: Deny, Principal: {AWS: !GetAtt Other.Arn}, Action: "s3:*", Resource: "*"}
          - {Effect: Allow, Principal: "*", Action: "s3:ListBucket", Resource: !GetAtt Files.Arn}
          - {Effect: Allow, NotPrincipal: {AWS: !GetAtt Other.Arn}, Action: "s3:ListBucket", Resource: !GetAtt Files.Arn}
          - {Effect: Deny, NotPrincipal: {AWS: !GetAtt Other.Arn}, Action: "s3:DeleteObject", Resource: "*"}
          - {Effect: Deny, Principal: {Service: lambda.amazonaws.com}, Action: "s3:*", Resource: "*"}
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement:
          - {Effect: Allow, Principal: {AWS: [!GetAtt Read.Arn, !GetAtt Other.Arn]}, Action: "kms:Decrypt", Resource: "*"}
"#;
    let key = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/${Key}";
    let expected = format!(
        "\
Read
  given by FilesPolicy:12
    12 allow s3:GetObject on arn:${{AWS::Partition}}:s3:::${{Files}}/*
  given by FilesPolicy:14
    14 allow s3:ListBucket on arn:${{AWS::Partition}}:s3:::${{Files}}
  given by Key:23
    23 allow kms:Decrypt on {key}
  refused by FilesPolicy:16
    16 deny s3:DeleteObject on *
Other
  given by FilesPolicy:14
    14 allow s3:ListBucket on arn:${{AWS::Partition}}:s3:::${{Files}}
  given by Key:23
    23 allow kms:Decrypt on {key}
  refused by FilesPolicy:13
    13 deny s3:* on *
"
    );
    assert_eq!(roles(template), expected);
}

#[test]
fn a_boundary_of_the_template_limits_its_roles() {
    let template = r#"
Resources:
  Read:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      PermissionsBoundary: !Ref Limit
  Limit:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: {Effect: Allow, Action: "s3:Get*", Resource: "*"}
"#;
    assert_eq!(roles(template), "Read\n  limited by Limit:8\n    12 allow s3:Get* on *\n");
}

#[test]
fn stacks_and_includes_that_lead_nowhere_are_told() {
    let template = "\
Transform:
  - {Name: AWS::Include, Parameters: {Location: s3://bucket/parts.yaml}}
Resources:
  Again: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: template.yaml}}
  Gone: {Type: AWS::Serverless::Application, Properties: {Location: ./gone.yaml}}
  Elsewhere: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://example.com/a.yaml'}}
  Topic:
    Type: AWS::SNS::Topic
    Fn::Transform: {Name: AWS::Include, Parameters: {Location: round.yaml}}
";
    let round = "Properties: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: round.yaml}}}";
    assert_eq!(
        functions_of(&read_among(
            "app/template.yaml",
            template,
            &[("app/template.yaml", template), ("app/round.yaml", round)]
        )),
        "\
! 2:5 what this includes is not in the project: `s3://bucket/parts.yaml`
! 9:5 `round.yaml` includes itself, or too much
! 4:3 the stack of `template.yaml` leads in a circle, or to too many
! 5:3 there is no file `./gone.yaml` for this stack
"
    );
}
