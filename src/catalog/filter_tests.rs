//! What filters make of the texts of a request.

use super::*;

fn apply(filter: &str, text: &str) -> String {
    let filter = Filter::parse(filter).unwrap();
    let mut argument = TemplateString::new();
    for (index, part) in text.split("{}").enumerate() {
        if index > 0 {
            argument.push_hole(Hole::Environment("X".into()));
        }
        argument.push_str(part);
    }
    let (mark, result) = match filter.apply(&argument) {
        Filtered::Text(text) => ("", text),
        Filtered::Whole(text) => ("whole ", text),
        Filtered::AccessPoint(text) => ("point ", text),
    };
    let shown = result.pieces().iter().map(|piece| match piece {
        Piece::Text(known) => known.to_string(),
        Piece::Hole(Hole::Unknown) => "*".to_owned(),
        Piece::Hole(_) => "{}".to_owned(),
    });
    format!("{mark}{}", shown.collect::<String>())
}

#[test]
fn filters() {
    for (filter, argument, wanted) in [
        ("arn", "orders", "orders"),
        (
            "arn",
            "arn:aws:dynamodb:eu-west-1:1:table/orders",
            "whole arn:aws:dynamodb:eu-west-1:1:table/orders",
        ),
        ("name", "arn:aws:ecs:eu-west-1:1:cluster/blue", "blue"),
        ("name", "arn:aws:sns:eu-west-1:1:topic", "topic"),
        ("name", "path/name", "path/name"),
        ("suffix=-??????", "db/{}", "db/{}-??????"),
        ("suffix=/*", "stack/*", "stack/*"),
        ("queue", "https://sqs.eu-west-1.amazonaws.com/1/{}-jobs", "whole arn:{}:sqs:eu-west-1:1:{}-jobs"),
        ("queue", "{}", "{}"),
        ("topic", "arn:aws:sns:eu-west-1:1:topic:0123", "whole arn:aws:sns:eu-west-1:1:topic"),
        ("noslash", "/app/{}/key", "app/{}/key"),
        ("parameter", "/app/{}/key:3", "app/{}/key"),
        ("function", "123456789012:function:name:live", "name:live"),
        ("function", "name:live", "name:live"),
        ("key", "alias/app", "*"),
        ("key", "arn:aws:kms:eu-west-1:1:alias/app", "*"),
        ("key", "0123", "0123"),
        ("alias", "alias/app", "app"),
        ("revision", "family", "family:*"),
        ("revision", "family:3", "family:3"),
        ("revision", "{}", "{}"),
        ("address", "Shop <shop@example.com>", "shop@example.com"),
        ("domain", "Shop <shop@example.com>", "example.com"),
        ("bucket", "arn:aws:s3:eu-west-1:1:accesspoint/x", "point arn:aws:s3:eu-west-1:1:accesspoint/x"),
        ("copybucket", "{}/in/a.txt?versionId=1", "{}"),
        ("copykey", "{}/in/a.txt?versionId=1", "in/a.txt"),
        ("s3bucket", "s3://{}/in/a.txt", "{}"),
        ("s3bucket", "https://{}.s3.eu-west-1.amazonaws.com/in/a.txt", "{}"),
        ("s3key", "https://{}.s3.amazonaws.com/in/a.txt", "in/a.txt"),
        ("s3key", "s3://{}/in/a.txt", "in/a.txt"),
        ("s3key", "s3://bucket", ""),
        ("s3key", "s3://{}", "*"),
        ("id", "/hostedzone/Z123", "Z123"),
        ("id", "Z123", "Z123"),
        ("appconfig", "abc1234", "abc1234"),
        ("appconfig", "shop", "*"),
        ("appconfig", "{}", "*"),
        ("secretref", "/aws/reference/secretsmanager/db", "db"),
        ("image", "1.dkr.ecr.eu-west-1.amazonaws.com/team/app:latest", "team/app"),
        (
            "model",
            "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
            "anthropic.claude-3-5-sonnet-20241022-v2:0",
        ),
        ("model", "anthropic.claude-v2", "anthropic.claude-v2"),
        ("partiql", "SELECT * FROM \"orders\".\"byDate\" WHERE id=?", "orders/index/byDate"),
        ("partiql", "insert into {} value {}", "{}"),
        ("partiql", "UPDATE \"{}\" SET a=1", "{}"),
        ("partiql", "DELETE FROM orders WHERE id=1", "orders"),
        ("partiql", "{}", "*"),
    ] {
        assert_eq!(apply(filter, argument), wanted, "{filter} on {argument}");
    }
}

#[test]
fn an_attribute_that_is_an_arn_is_one() {
    let arn = TemplateString::hole(Hole::Resource { id: "Orders".into(), attribute: "Arn".into() });
    assert_eq!(Filter::Arn.apply(&arn), Filtered::Whole(arn.clone()));
    let name = TemplateString::resource("Orders");
    assert_eq!(Filter::Arn.apply(&name), Filtered::Text(name.clone()));
}
