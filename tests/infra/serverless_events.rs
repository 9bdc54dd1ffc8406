//! Events of the Serverless Framework: what invokes, and what the role needs for it.

use pretty_assertions::assert_eq;

use crate::show::{functions_of, read_among, requirements_of, roles_of};

/// What a service with these events says of them: triggers, settings, the statements of the role that the framework
/// adds, and what the configuration asks for beside logs.
fn told(events: &str, more: &str) -> String {
    let service = format!(
        "service: s\nprovider: {{name: aws, runtime: python3.13}}\nfunctions:\n  f:\n    handler: a.b\n    events:\n{events}{more}"
    );
    let read = read_among("serverless.yml", &service, &[]);
    let mut out: Vec<String> =
        functions_of(&read).lines().skip(1).map(|line| line.trim().to_owned()).collect();
    let statements = roles_of(&read);
    let added = statements.lines().filter(|line| line.contains(" allow ") && !line.contains("logs:"));
    out.extend(added.map(|line| line.trim().split_once(' ').unwrap().1.to_owned()));
    let needs = requirements_of(&read);
    let needs = needs.lines().filter(|line| line.starts_with(' ') && !line.contains("logs:"));
    out.extend(needs.map(|line| line.trim().replace("${AWS::Region}:${AWS::AccountId}", "R:A")));
    out.join("\n").replace("${AWS::Region}:${AWS::AccountId}", "R:A").replace("${AWS::Partition}", "aws")
}

const RESOURCES: &str = "\
resources:
  Resources:
    Jobs: {Type: 'AWS::SQS::Queue'}
    Failed: {Type: 'AWS::SQS::Queue'}
    Orders: {Type: 'AWS::DynamoDB::Table'}
";

#[test]
fn events_that_are_pushed() {
    let cases = [
        ("http: GET orders", "apigateway-rest arn:aws:execute-api:R:A:${ApiGatewayRestApi}"),
        ("http: {path: x, method: get}", "apigateway-rest arn:aws:execute-api:R:A:${ApiGatewayRestApi}"),
        ("httpApi: '*'", "apigateway-http arn:aws:execute-api:R:A:${HttpApi}"),
        ("s3: photos", "s3 arn:aws:s3:::photos"),
        ("s3: {bucket: photos, event: 's3:ObjectCreated:*'}", "s3 arn:aws:s3:::photos"),
        ("s3: {bucket: photos, existing: true}", "s3 arn:aws:s3:::photos"),
        ("sns: dispatch", "sns arn:aws:sns:R:A:dispatch"),
        ("sns: {topicName: dispatch}", "sns arn:aws:sns:R:A:dispatch"),
        ("sns: 'arn:aws:sns:us-east-1:1:t'", "sns arn:aws:sns:us-east-1:1:t"),
        ("schedule: rate(1 hour)", "schedule"),
        ("schedule: {rate: rate(1 hour), method: scheduler}", "scheduler"),
        ("eventBridge: {pattern: {source: [x]}}", "eventbridge-rule"),
        ("eventBridge: {schedule: rate(1 hour)}", "schedule"),
        ("cloudwatchEvent: {event: {source: [x]}}", "eventbridge-rule"),
        ("cloudwatchLog: /aws/x", "cloudwatch-logs arn:aws:logs:R:A:log-group:/aws/x"),
        ("cognitoUserPool: {pool: p, trigger: PreSignUp}", "cognito"),
        ("iot: {sql: x}", "iot-rule"),
        ("alexaSkill: amzn1.x", "alexa"),
        ("alb: {listenerArn: x}", "alb"),
        ("cloudFront: {eventType: viewer-request}", "cloudfront-edge"),
    ];
    for (event, expected) in cases {
        assert_eq!(told(&format!("      - {event}\n"), ""), format!("trigger {expected}"), "{event}");
    }
    assert_eq!(told("      - alexaSkill\n", ""), "trigger alexa");
    assert_eq!(told("      - fax: x\n", ""), "! 7:9 the event type `fax` is not known");
    assert_eq!(told("    url: true\n", ""), "setting function-url");
}

#[test]
fn a_websocket() {
    assert_eq!(
        told("      - websocket: $connect\n", ""),
        "\
trigger apigateway-websocket arn:aws:execute-api:R:A:${WebsocketsApi}
allow execute-api:ManageConnections on arn:aws:execute-api:*:*:*/@connections/*"
    );
}

#[test]
fn a_queue() {
    assert_eq!(
        told("      - sqs: {arn: !GetAtt Jobs.Arn}\n", RESOURCES),
        "\
trigger sqs arn:aws:sqs:R:A:${Jobs}
allow sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes on arn:aws:sqs:R:A:${Jobs}
sqs:DeleteMessage :7 arn:aws:sqs:R:A:${Jobs}
sqs:GetQueueAttributes :7 arn:aws:sqs:R:A:${Jobs}
sqs:ReceiveMessage :7 arn:aws:sqs:R:A:${Jobs}"
    );
}

#[test]
fn streams() {
    let told = told(
        "      - stream: {type: dynamodb, arn: !GetAtt Orders.StreamArn, destinations: {onFailure: {type: sqs, arn: !GetAtt Failed.Arn}}}\n      - stream: arn:aws:kinesis:eu-west-1:1:stream/clicks\n",
        RESOURCES,
    );
    for line in [
        "trigger dynamodb-streams arn:aws:dynamodb:R:A:table/${Orders}/stream/*",
        "trigger kinesis arn:aws:kinesis:eu-west-1:1:stream/clicks",
        "setting esm-on-failure arn:aws:sqs:R:A:${Failed}",
        "allow sqs:SendMessage on arn:aws:sqs:R:A:${Failed}",
        "sqs:SendMessage :7 arn:aws:sqs:R:A:${Failed}",
        "kinesis:GetRecords :8 arn:aws:kinesis:eu-west-1:1:stream/clicks",
    ] {
        assert!(told.lines().any(|known| known == line), "{line}\n{told}");
    }
}

#[test]
fn brokers_and_clusters() {
    let told = told(
        "      - activemq: {arn: 'arn:aws:mq:eu-west-1:1:broker:b:x', queue: q, basicAuthArn: 'arn:aws:secretsmanager:eu-west-1:1:secret:s'}
      - msk: {arn: 'arn:aws:kafka:eu-west-1:1:cluster/c/x', topic: t}
      - kafka: {topic: t, bootstrapServers: [a], accessConfigurations: {saslScram512Auth: 'arn:aws:secretsmanager:eu-west-1:1:secret:k'}}
",
        "",
    );
    for line in [
        "trigger amazon-mq arn:aws:mq:eu-west-1:1:broker:b:x",
        "trigger msk arn:aws:kafka:eu-west-1:1:cluster/c/x",
        "trigger self-managed-kafka",
        "mq:DescribeBroker :7 arn:aws:mq:eu-west-1:1:broker:b:x",
        "secretsmanager:GetSecretValue :7,9 arn:aws:secretsmanager:eu-west-1:1:secret:k arn:aws:secretsmanager:eu-west-1:1:secret:s",
    ] {
        assert!(told.lines().any(|known| known == line), "{line}\n{told}");
    }
}

#[test]
fn what_events_declare_can_be_referred_to() {
    let read = read_among(
        "serverless.yml",
        "service: s\nprovider: {name: aws}\nfunctions: {f: {handler: a.b, events: [{s3: my-photos}, {http: GET x}]}}\n",
        &[],
    );
    let ids: Vec<&str> = read.1.resources.keys().map(leastwise::text::SmolStr::as_str).collect();
    assert_eq!(
        ids,
        ["FLambdaFunction", "FLogGroup", "S3BucketMyphotos", "ApiGatewayRestApi", "IamRoleLambdaExecution"]
    );
    assert!(!requirements_of(&read).contains("logs:CreateLogGroup"));
}
