//! Reading, printing and measuring policies.

mod common;

use common::{policy, read, template};
use leastwise::policy::print::{by_name, pretty, to_json};
use leastwise::policy::{Effect, quota};
use leastwise::text::{Hole, TemplateString};
use pretty_assertions::assert_eq;
use serde_json::json;

#[test]
fn a_document_comes_out_as_it_went_in() {
    let source = json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "ReadOrders",
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": "arn:{partition}:s3:::{Orders}/*",
                "Condition": {"StringEquals": {"aws:PrincipalTag/team": ["a", "b"]}, "Bool": {"aws:SecureTransport": true}}
            },
            {"Effect": "Deny", "NotAction": "iam:*", "NotResource": ["arn:aws:s3:::x", "arn:aws:s3:::${aws:username}"]}
        ]
    });
    let (document, problems) = read(source);
    assert_eq!(problems, []);
    let expected = json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "ReadOrders",
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": "arn:${AWS::Partition}:s3:::${Orders}/*",
                "Condition": {"StringEquals": {"aws:PrincipalTag/team": ["a", "b"]}, "Bool": {"aws:SecureTransport": "true"}}
            },
            {"Effect": "Deny", "NotAction": "iam:*", "NotResource": ["arn:aws:s3:::x", "arn:aws:s3:::${aws:username}"]}
        ]
    });
    assert_eq!(to_json(&document, &by_name), expected);
}

#[test]
fn one_statement_needs_no_list() {
    let document = policy(json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}));
    assert_eq!(document.statements.len(), 1);
    assert_eq!(document.statements[0].effect, Effect::Allow);
}

#[test]
fn variables_exist_from_the_second_version_on() {
    let statement =
        json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}"});
    let (second, _) = read(json!({"Version": "2012-10-17", "Statement": statement}));
    let (first, _) = read(json!({"Statement": statement}));
    let mut variable = TemplateString::from("arn:aws:s3:::b/");
    variable.push_hole(Hole::PolicyVariable("aws:username".into()));
    assert_eq!(second.statements[0].resources.list[0].text, variable);
    assert_eq!(
        first.statements[0].resources.list[0].text.as_literal(),
        Some("arn:aws:s3:::b/${aws:username}")
    );
}

#[test]
fn what_cannot_be_read_is_reported_and_the_rest_kept() {
    let fine = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"});
    let cases = [
        (json!("text"), 0, "a policy document is a map with `Version` and `Statement`"),
        (json!({"Version": "2012-10-17"}), 0, "the policy document has no `Statement`"),
        (json!({"Statement": [fine, "text"]}), 1, "a statement is a map; this one is left out"),
        (json!({"Statement": [fine, {"Action": "*"}]}), 1, "the statement has no `Effect` and is left out"),
        (
            json!({"Statement": [{"Effect": "allow", "Action": "*", "Resource": "*"}, fine]}),
            1,
            "`Effect` is `Allow` or `Deny`; the statement is left out",
        ),
        (
            json!({"Statement": [fine, {"Effect": "Allow", "Action": "s3:*"}]}),
            2,
            "the statement has no `Resource`",
        ),
        (
            json!({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": {"Fn::Get": "x"}}}),
            1,
            "a member of `Resource` is not text",
        ),
    ];
    for (source, statements, message) in cases {
        let (document, problems) = read(source);
        assert_eq!(document.statements.len(), statements, "{message}");
        assert_eq!(problems.first().map(|problem| problem.message.as_str()), Some(message));
    }
}

#[test]
fn sizes_leave_out_white_space() {
    let document =
        policy(json!([{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::a b"}]));
    let compact = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::ab\"}]}";
    assert_eq!(quota::size(&document, &by_name), compact.len());
    assert!(pretty(&to_json(&document, &by_name)).contains("\n  \"Version\""));
}

#[test]
fn a_policy_that_is_too_large_is_cut_into_few() {
    let resources: Vec<String> = (0..260).map(|number| format!("arn:aws:s3:::bucket-{number}/*")).collect();
    let small = json!({"Sid": "Small", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"});
    let large = json!({"Sid": "Large", "Effect": "Allow", "Action": "s3:GetObject", "Resource": resources});
    let document = policy(json!([large, small]));
    let parts = quota::split(&document, quota::MANAGED_POLICY_SIZE, &by_name);
    assert_eq!(parts.len(), 2);
    assert!(parts.iter().all(|part| quota::size(part, &by_name) <= quota::MANAGED_POLICY_SIZE));
    let kept: usize =
        parts.iter().flat_map(|part| &part.statements).map(|statement| statement.resources.list.len()).sum();
    assert_eq!(kept, 261);
}

#[test]
fn the_caller_decides_how_holes_are_written() {
    let document = policy(json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "{Orders}"}));
    let value = to_json(&document, &|text| match text.as_hole() {
        Some(_) => json!({"Ref": "Orders"}),
        None => by_name(text),
    });
    assert_eq!(value["Statement"][0]["Resource"], json!({"Ref": "Orders"}));
    assert_eq!(template("{Orders}").to_string(), "${Orders}");
}
