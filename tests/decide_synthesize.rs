//! The policies that are written for requirements.

mod common;
#[path = "common/facts.rs"]
mod facts;
#[path = "common/needs.rs"]
mod needs;

use common::{policy, template};
use facts::Facts;
use leastwise::cloud::{Certainty, Requirement};
use leastwise::decide::{Defect, Include, Target, compact, prove, synthesize};
use leastwise::policy::print::{by_name, to_json};
use leastwise::policy::{Condition, Document, quota};
use leastwise::text::{Hole, TemplateString};
use needs::need;
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use serde_json::{Value, json};

fn nothing(_: &Hole) -> Option<TemplateString> {
    None
}

/// The statements of the proven policy that stays in a template.
fn statements(requirements: &[Requirement]) -> Value {
    let target = Target::template(&nothing);
    let document = synthesize(requirements, Include::Certain, &target, &Facts);
    assert_eq!(prove(&document, requirements, Include::Certain, &target, &Facts), []);
    to_json(&document, &by_name).get("Statement").cloned().unwrap_or_default()
}

const ORDERS: &str = "arn:{partition}:dynamodb:{region}:{account}:table/{Orders}";

#[test]
fn resources_that_need_the_same_actions_share_a_statement() {
    let needs = [
        need("dynamodb:PutItem", &[ORDERS]),
        need("s3:GetObject", &["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]),
        need("dynamodb:GetItem", &[ORDERS]),
        need("s3:PutObject", &["arn:aws:s3:::b/*"]),
    ];
    let expected = json!([
        {
            "Sid": "DynamodbReadWrite",
            "Effect": "Allow",
            "Action": ["dynamodb:GetItem", "dynamodb:PutItem"],
            "Resource": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}"
        },
        {"Sid": "S3Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"},
        {
            "Sid": "S3ReadWrite",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject"],
            "Resource": "arn:aws:s3:::b/*"
        }
    ]);
    assert_eq!(statements(&needs), expected);
}

#[test]
fn patterns_stand_for_what_is_needed_and_nothing_else() {
    let queue = "arn:aws:sqs:eu-west-1:1:orders";
    let needs = [
        need("logs:CreateLogGroup", &["arn:aws:logs:eu-west-1:1:log-group:a"]),
        need("logs:CreateLogStream", &["arn:aws:logs:eu-west-1:1:log-group:a"]),
        need("logs:PutLogEvents", &["arn:aws:logs:eu-west-1:1:log-group:a"]),
        need("sqs:DeleteMessage", &[queue]),
        need("sqs:SendMessage", &[queue]),
        need("dynamodb:GetItem", &[ORDERS]),
    ];
    let target = Target::template(&nothing);
    let mut document = synthesize(&needs, Include::Certain, &target, &Facts);
    compact(&mut document.statements, &Facts);
    assert_eq!(prove(&document, &needs, Include::Certain, &target, &Facts), []);
    let actions: Vec<Vec<String>> = document
        .statements
        .iter()
        .map(|statement| statement.actions.list.iter().map(|pattern| pattern.text.to_string()).collect())
        .collect();
    assert_eq!(
        actions,
        [
            vec!["dynamodb:GetItem"],
            vec!["logs:Create*", "logs:PutLogEvents"],
            vec!["sqs:DeleteMessage", "sqs:SendMessage"],
        ]
    );
}

#[test]
fn what_another_resource_includes_is_left_out() {
    let needs = [
        need("s3:GetObject", &["arn:aws:s3:::a/x/*", "arn:aws:s3:::a/*"]),
        need("s3:GetObject", &["arn:aws:s3:::a/y"]),
    ];
    assert_eq!(statements(&needs)[0]["Resource"], json!("arn:aws:s3:::a/*"));
}

#[test]
fn sids_tell_equal_kinds_of_access_apart() {
    let needs = [
        need("sqs:SendMessage", &["arn:aws:sqs:eu-west-1:1:orders-out"]),
        need("sqs:DeleteMessage", &["arn:{partition}:sqs:{region}:{account}:{Inbox}"]),
    ];
    let statements = statements(&needs);
    let sids: Vec<&Value> =
        statements.as_array().unwrap().iter().map(|statement| &statement["Sid"]).collect();
    assert_eq!(sids, ["SqsWriteInbox", "SqsWriteOrdersOut"]);
}

fn passed_to(service: &str) -> Requirement {
    let mut requirement = need("iam:PassRole", &["arn:aws:iam::1:role/r"]);
    requirement.conditions = vec![Condition {
        operator: "StringEquals".into(),
        key: "iam:PassedToService".into(),
        values: vec![service.into()],
    }];
    requirement
}

#[test]
fn the_values_of_one_test_are_joined() {
    let statements = statements(&[passed_to("lambda.amazonaws.com"), passed_to("ecs.amazonaws.com")]);
    assert_eq!(statements.as_array().unwrap().len(), 1);
    let expected =
        json!({"StringEquals": {"iam:PassedToService": ["ecs.amazonaws.com", "lambda.amazonaws.com"]}});
    assert_eq!(statements[0]["Condition"], expected);
}

#[test]
fn values_are_not_joined_where_a_wider_resource_has_one_of_them() {
    let under = |resource: &str, value: &str| {
        let mut requirement = need("sqs:SendMessage", &[resource]);
        requirement.conditions =
            vec![Condition { operator: "StringEquals".into(), key: "k".into(), values: vec![value.into()] }];
        requirement
    };
    let needs = [
        under("arn:aws:sqs:::a/*", "a"),
        under("arn:aws:sqs:::a/x/*", "a"),
        under("arn:aws:sqs:::a/x/*", "b"),
        under("arn:aws:sqs:::b", "b"),
    ];
    let target = Target::template(&nothing);
    let document = synthesize(&needs, Include::Certain, &target, &Facts);
    assert_eq!(prove(&document, &needs, Include::Certain, &target, &Facts), []);
    assert_eq!(document.statements.len(), 2);
}

#[test]
fn possible_requirements_are_granted_on_request() {
    let mut possible = need("s3:GetObject", &["arn:aws:s3:::a/*"]);
    possible.certainty = Certainty::Possible;
    let requirements = [possible];
    let target = Target::template(&nothing);
    assert_eq!(synthesize(&requirements, Include::Certain, &target, &Facts).statements, []);
    assert_eq!(synthesize(&requirements, Include::Possible, &target, &Facts).statements.len(), 1);
}

#[test]
fn a_policy_for_upload_has_no_references() {
    let requirements = [
        need("dynamodb:PutItem", &[ORDERS]),
        need("s3:GetObject", &["arn:{partition}:s3:::{param:Bucket}/{event:key}"]),
        need("dynamodb:GetItem", &["{env:TABLE_ARN}"]),
        need("dynamodb:Query", &["{env:TABLE_ARN}/index/*"]),
        need("ec2:CreateNetworkInterface", &["*"]),
    ];
    let fill = |hole: &Hole| match hole {
        Hole::Partition => Some("aws".into()),
        Hole::Account => Some("123456789012".into()),
        _ => None,
    };
    let target = Target::upload(&fill);
    let document = synthesize(&requirements, Include::Certain, &target, &Facts);
    assert_eq!(prove(&document, &requirements, Include::Certain, &target, &Facts), []);
    let resources: Vec<String> = document
        .statements
        .iter()
        .flat_map(|statement| &statement.resources.list)
        .map(|pattern| pattern.text.to_string())
        .collect();
    let expected =
        ["arn:aws:dynamodb:*:123456789012:table/*", "arn:*:dynamodb:*:*:*/index/*", "*", "arn:aws:s3:::*/*"];
    assert_eq!(resources, expected);
    assert_eq!(target.widened().len(), 4);
}

#[test]
fn superfluous_and_missing_parts_are_defects() {
    let requirements =
        [need("s3:GetObject", &["arn:aws:s3:::a/*"]), need("s3:PutObject", &["arn:aws:s3:::a/*"])];
    let target = Target::template(&nothing);
    let defects = |held: Value| prove(&policy(held), &requirements, Include::Certain, &target, &Facts);
    let both = json!(["s3:GetObject", "s3:PutObject"]);
    let action = Defect::Action { statement: 0, action: "s3:DeleteObject".into() };
    let resource = Defect::Resource { statement: 0, resource: "arn:aws:s3:::b/*".into() };
    let missing =
        Defect::NotGranted { action: "s3:PutObject".into(), resource: template("arn:aws:s3:::a/*") };
    let cases = [
        (json!({"Effect": "Allow", "Action": both, "Resource": "arn:aws:s3:::a/*"}), vec![]),
        (
            json!({"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], "Resource": "arn:aws:s3:::a/*"}),
            vec![action],
        ),
        (
            json!({"Effect": "Allow", "Action": both, "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]}),
            vec![resource],
        ),
        (json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}), vec![missing]),
        (
            json!([
                {"Effect": "Allow", "Action": both, "Resource": "arn:aws:s3:::a/*"},
                {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
            ]),
            vec![Defect::Statement { statement: 1 }],
        ),
    ];
    for (held, expected) in cases {
        assert_eq!(defects(held.clone()), expected, "{held}");
    }
}

#[test]
fn the_order_of_requirements_does_not_matter() {
    let mut needs = vec![
        need("s3:ListBucket", &["arn:aws:s3:::a"]),
        need("s3:GetObject", &["arn:aws:s3:::a/*"]),
        need("sqs:SendMessage", &["arn:aws:sqs:eu-west-1:1:q"]),
        passed_to("lambda.amazonaws.com"),
    ];
    let forward = statements(&needs);
    needs.reverse();
    assert_eq!(statements(&needs), forward);
}

proptest! {
    #[test]
    fn every_policy_is_proven(
        picked in prop::collection::vec(
            (
                prop::sample::select(vec!["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "sqs:SendMessage"]),
                prop::sample::select(vec!["{A}", "{A}/*", "{A}/x/*", "{B}", "*", "{env:X}", "{?}", "{param:P}/{event:k}"]),
                prop::sample::select(vec![None, Some("a"), Some("b")]),
            ),
            0..8,
        ),
    ) {
        let requirement = |(action, name, value): &(&str, &str, Option<&str>)| {
            let mut requirement = need(action, &[&format!("arn:{{partition}}:s3:::{name}")]);
            let condition = |value: &&str| Condition {
                operator: "StringEquals".into(),
                key: "k".into(),
                values: vec![(*value).into()],
            };
            requirement.conditions = value.iter().map(condition).collect();
            requirement
        };
        let requirements: Vec<Requirement> = picked.iter().map(requirement).collect();
        for target in [Target::template(&nothing), Target::upload(&nothing)] {
            let document = synthesize(&requirements, Include::Certain, &target, &Facts);
            prop_assert_eq!(prove(&document, &requirements, Include::Certain, &target, &Facts), []);
            // What is divided grants the same, and nothing of it can be taken out.
            let parts = quota::split(&document, 300, &by_name);
            let statements = parts.into_iter().flat_map(|part| part.statements).collect();
            let whole = Document { version: document.version.clone(), statements };
            prop_assert_eq!(prove(&whole, &requirements, Include::Certain, &target, &Facts), []);
            let mut sids: Vec<_> = document.statements.iter().map(|statement| statement.sid.clone()).collect();
            sids.sort();
            sids.dedup();
            prop_assert_eq!(sids.len(), document.statements.len());
        }
    }
}
