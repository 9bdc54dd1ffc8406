//! The serverless transform.

use pretty_assertions::assert_eq;

use crate::show::{functions, roles};

#[test]
fn a_function_with_globals_references_and_events() {
    let template = "\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
Globals:
  Function:
    Runtime: python3.13
    Tracing: Active
    Environment:
      Variables:
        STAGE: !Ref Stage
        LEVEL: info
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Sub '${Stage}-orders'
  Jobs:
    Type: AWS::SQS::Queue
  Function:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: app.handler
      Layers: [!Ref Common, 'arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension:38']
      Environment:
        Variables:
          TABLE: !Ref Orders
          TABLE_ARN: !GetAtt Orders.Arn
          QUEUE_URL: !Ref Jobs
          LEVEL: debug
          BUCKET: !Join ['-', [!Ref AWS::AccountId, uploads]]
          SECRET: '{{resolve:ssm:/app/secret}}-x'
      DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt Jobs.Arn}
      Events:
        Stream: {Type: DynamoDB, Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST}}
        Upload: {Type: S3, Properties: {Bucket: !Ref Uploads, Events: 's3:ObjectCreated:*'}}
        Api: {Type: Api, Properties: {Path: /, Method: get}}
        Odd: {Type: Telegram}
  Uploads: {Type: 'AWS::S3::Bucket'}
  Common:
    Type: AWS::Serverless::LayerVersion
    Properties: {ContentUri: ../layers/common}
";
    assert_eq!(
        functions(template),
        "\
Function:19 runtime python3.13 handler app.handler code app/src role FunctionRole
  layer layers/common
  STAGE=${Stage}
  LEVEL=debug
  TABLE=${Orders}
  TABLE_ARN=arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}
  QUEUE_URL=${Jobs.QueueUrl}
  BUCKET=${AWS::AccountId}-uploads
  SECRET=*-x
  trigger dynamodb-streams arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}/stream/*
  trigger s3 arn:${AWS::Partition}:s3:::${Uploads}
  trigger apigateway-rest arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${ServerlessRestApi}
  setting lambda-insights
  setting dlq arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Jobs}
  setting xray
  setting layers
  setting layers
! 38:9 the event type `Telegram` is not known
"
    );
}

#[test]
fn what_a_function_of_its_own_role_holds() {
    let template = "\
Transform: AWS::Serverless-2016-10-31
Resources:
  Table: {Type: 'AWS::Serverless::SimpleTable'}
  Jobs: {Type: 'AWS::SQS::Queue'}
  Shared:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement: {Effect: Allow, Action: 'ses:SendEmail', Resource: '*'}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: app.handler
      Runtime: python3.13
      Policies:
        - AmazonPollyFullAccess
        - !Ref Shared
        - DynamoDBReadPolicy:
            TableName: !Ref Table
        - SQSSendMessagePolicy: {QueueName: !GetAtt Jobs.QueueName}
        - Version: '2012-10-17'
          Statement:
            - Effect: Allow
              Action: s3:GetObject
              Resource: arn:aws:s3:::data/*
            - Effect: Deny
              NotAction: [s3:*]
              Resource: '*'
      Events:
        Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
";
    assert_eq!(
        roles(template),
        "\
FunctionRole
  Shared:5
    9 allow ses:SendEmail on *
  DynamoDBReadPolicy:19
    19 allow dynamodb:GetItem dynamodb:Scan dynamodb:Query dynamodb:BatchGetItem dynamodb:DescribeTable on arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table} arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Table}/index/*
  SQSSendMessagePolicy:21
    21 allow sqs:SendMessage* on arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Jobs}
  FunctionRolePolicy3:22
    24 allow s3:GetObject on arn:aws:s3:::data/*
    27 deny s3:* on *
  AWSLambdaBasicExecutionRole:10
    10 allow logs:PutLogEvents on *
  unknown AmazonPollyFullAccess:17
  unknown AWSLambdaSQSQueueExecutionRole:31
"
    );
}

#[test]
fn a_role_that_a_condition_takes_away() {
    let template = "\
Parameters: {RoleArn: {Type: String, Default: ''}}
Conditions: {HasRole: !Not [!Equals [!Ref RoleArn, '']]}
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      InlineCode: |
        def handler(event, context):
          pass
      Handler: index.handler
      Role: !If [HasRole, !Ref RoleArn, !Ref AWS::NoValue]
";
    assert_eq!(functions(template), "Function:4 handler index.handler inline:8 role FunctionRole\n");
}

#[test]
fn images_and_connectors() {
    let template = "\
Resources:
  Function:
    Type: AWS::Serverless::Function
    Metadata: {Dockerfile: Dockerfile, DockerContext: ./image}
    Connectors:
      Writes: {Properties: {Destination: {Id: Table}, Permissions: [Write]}}
    Properties:
      PackageType: Image
      ImageConfig: {Command: [app.handler]}
  Table: {Type: 'AWS::Serverless::SimpleTable'}
";
    assert_eq!(
        functions(template),
        "Function:2 handler app.handler image app/image Some(\"app/image/Dockerfile\") role FunctionRole\n  setting container-image\n"
    );
    let granted = "allow dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem";
    assert!(roles(template).contains(granted), "{}", roles(template));
}
