//! What the configuration asks of the role.

use pretty_assertions::assert_eq;

use crate::show::requirements;

#[test]
fn logs_of_every_function() {
    let template = "\
Resources:
  Plain: {Type: AWS::Serverless::Function, Properties: {CodeUri: .}}
  Named: {Type: AWS::Serverless::Function, Properties: {CodeUri: ., FunctionName: orders}}
  Group: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: /aws/lambda/orders}}
  Stated: {Type: AWS::Serverless::Function, Properties: {CodeUri: ., LoggingConfig: {LogGroup: !Ref Group}}}
";
    assert_eq!(
        requirements(template),
        "\
Plain
  logs:CreateLogGroup :2 arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/${Plain}:*
  logs:CreateLogStream :2 arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/${Plain}:*
  logs:PutLogEvents :2 arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/${Plain}:*
Named
  logs:CreateLogStream :3 arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/orders:* (arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/${Named}:*)
  logs:PutLogEvents :3 arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/orders:* (arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/${Named}:*)
Stated
  logs:CreateLogStream :5 arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/orders:* (arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}:*)
  logs:PutLogEvents :5 arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/orders:* (arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}:*)
"
    );
}

/// The requirements without those of the logs.
fn beside_logs(template: &str) -> String {
    let lines = requirements(template);
    let lines = lines.lines().filter(|line| !line.contains("logs:") && line.starts_with(' '));
    lines
        .map(|line| {
            format!(
                "{}\n",
                line.trim_start()
                    .replace("${AWS::Partition}", "P")
                    .replace("${AWS::Region}:${AWS::AccountId}", "R:A")
            )
        })
        .collect()
}

#[test]
fn event_sources_with_and_without_a_key() {
    let template = "\
Resources:
  Key: {Type: AWS::KMS::Key}
  Plain: {Type: AWS::SQS::Queue}
  Secret: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: !Ref Key}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Events:
        One: {Type: SQS, Properties: {Queue: !GetAtt Plain.Arn}}
        Two: {Type: SQS, Properties: {Queue: !GetAtt Secret.Arn}}
        Api: {Type: HttpApi}
";
    assert_eq!(
        beside_logs(template),
        "\
kms:Decrypt :11 arn:P:kms:R:A:key/${Key}
sqs:DeleteMessage :10,11 arn:P:sqs:R:A:${Plain} arn:P:sqs:R:A:${Secret}
sqs:GetQueueAttributes :10,11 arn:P:sqs:R:A:${Plain} arn:P:sqs:R:A:${Secret}
sqs:ReceiveMessage :10,11 arn:P:sqs:R:A:${Plain} arn:P:sqs:R:A:${Secret}
"
    );
}

#[test]
fn destinations_by_the_service_of_their_target() {
    let template = "\
Parameters: {Elsewhere: {Type: String}}
Resources:
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: failed}}
  Queue: {Type: AWS::SQS::Queue}
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      DeadLetterQueue: {Type: SNS, TargetArn: !Ref Elsewhere}
      EventInvokeConfig:
        DestinationConfig:
          OnSuccess: {Destination: !GetAtt Queue.Arn}
          OnFailure: {Destination: !GetAtt Bucket.Arn}
";
    assert_eq!(
        beside_logs(template),
        "\
kms:Decrypt? :9 arn:P:kms:R:A:key/*
kms:GenerateDataKey? :9 arn:P:kms:R:A:key/*
s3:ListBucket :13 arn:P:s3:::failed (arn:P:s3:::${Bucket})
s3:PutObject :13 arn:P:s3:::failed/* (arn:P:s3:::${Bucket}/*)
sns:Publish :9 ${Elsewhere}
sqs:SendMessage :12 arn:P:sqs:R:A:${Queue}
"
    );
}

#[test]
fn network_tracing_files_and_kafka() {
    let template = "\
Resources:
  Files: {Type: AWS::EFS::FileSystem}
  Point: {Type: AWS::EFS::AccessPoint, Properties: {FileSystemId: !Ref Files}}
  Secret: {Type: AWS::SecretsManager::Secret}
  F:
    Type: AWS::Lambda::Function
    Properties:
      Code: .
      TracingConfig: {Mode: Active}
      VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}
      FileSystemConfigs: [{Arn: !GetAtt Point.Arn, LocalMountPath: /mnt/x}]
  M:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      FunctionName: !Ref F
      SelfManagedEventSource: {Endpoints: {KafkaBootstrapServers: ['a:9092']}}
      SourceAccessConfigurations: [{Type: BASIC_AUTH, URI: !Ref Secret}]
";
    let shown = beside_logs(template);
    for line in [
        "ec2:CreateNetworkInterface :10 *\n",
        "elasticfilesystem:ClientMount :11 arn:P:elasticfilesystem:R:A:file-system/${Files} if elasticfilesystem:AccessPointArn StringEquals arn:P:elasticfilesystem:R:A:access-point/${Point}\n",
        "elasticfilesystem:ClientWrite? :11 ",
        "secretsmanager:GetSecretValue :12 arn:P:secretsmanager:R:A:secret:${Secret}-??????\n",
        "xray:PutTraceSegments :9 *\n",
    ] {
        assert!(shown.contains(line), "{line} is not in\n{shown}");
    }
    assert!(!shown.contains("kms:"), "{shown}");
}

#[test]
fn what_the_defaults_switch_off_is_possible() {
    let template = "\
Parameters: {Network: {Type: String, Default: ''}}
Conditions: {HasNetwork: !Not [!Equals [!Ref Network, '']]}
Resources:
  Queue: {Type: AWS::SQS::Queue, Condition: HasNetwork}
  F:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      VpcConfig: !If [HasNetwork, {SubnetIds: [!Ref Network]}, !Ref AWS::NoValue]
  M:
    Type: AWS::Lambda::EventSourceMapping
    Condition: HasNetwork
    Properties: {FunctionName: !Ref F, EventSourceArn: !GetAtt Queue.Arn}
";
    let shown = beside_logs(template);
    assert!(shown.contains("ec2:CreateNetworkInterface? :9 *\n"), "{shown}");
    assert!(shown.contains("sqs:ReceiveMessage? :10 arn:P:sqs:R:A:${Queue}\n"), "{shown}");
}
