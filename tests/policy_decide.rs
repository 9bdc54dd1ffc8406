//! What policies say to requests: known in whole, and known in part.

mod common;

use common::{policy, template};
use leastwise::policy::{
    Condition, Context, Coverage, Decision, Document, Doubt, Grants, Need, Request, evaluate, implied,
};
use leastwise::text::{Glob, TemplateString, Verdict};
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use serde_json::{Value, json};

fn decide(document: &Document, action: &str, resource: &str, context: &Context) -> Decision {
    evaluate([document], &Request { action, resource, context })
}

#[test]
fn requests_against_one_statement() {
    use Decision::{Allowed, Denied, NotMentioned};
    let none = Context::complete();
    let bob = Context::complete().with("aws:username", [TemplateString::from("b*b")]);
    let cases = [
        (json!({"Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"}), &none, Allowed),
        (json!({"Action": "S3:getobject", "Resource": "*"}), &none, Allowed),
        (json!({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::b"}), &none, NotMentioned),
        (json!({"Action": "s3:GetObject", "Resource": "arn:aws:s3"}), &none, Allowed),
        (json!({"Action": [], "Resource": "*"}), &none, NotMentioned),
        (json!({"NotAction": "s3:Put*", "Resource": "*"}), &none, Allowed),
        (json!({"NotAction": ["s3:Put*", "s3:*"], "Resource": "*"}), &none, NotMentioned),
        (
            json!({"Action": "*", "NotResource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]}),
            &none,
            NotMentioned,
        ),
        (json!({"Action": "*", "NotResource": "arn:aws:s3:::a/*"}), &none, Allowed),
        (json!({"Action": "*", "Resource": "arn:aws:s3:::b/${aws:username}"}), &none, NotMentioned),
        (json!({"Action": "*", "Resource": "arn:aws:s3:::b/${aws:username}"}), &bob, NotMentioned),
        (json!({"Action": "*", "Resource": "arn:aws:s3:::b/${aws:username, 'key'}"}), &none, Allowed),
        (json!({"Effect": "Deny", "Action": "*", "Resource": "*"}), &none, Denied),
    ];
    for (mut statement, context, expected) in cases {
        if statement.get("Effect").is_none() {
            statement["Effect"] = json!("Allow");
        }
        let document = policy(json!([statement]));
        assert_eq!(decide(&document, "s3:GetObject", "arn:aws:s3:::b/key", context), expected, "{statement}");
    }
}

#[test]
fn actions_without_resources_need_the_star() {
    let none = Context::complete();
    let star = policy(json!({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}));
    let arn =
        policy(json!({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "arn:aws:s3:::b"}));
    let others =
        policy(json!({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "NotResource": "arn:aws:s3:::b"}));
    assert_eq!(decide(&star, "s3:ListAllMyBuckets", "*", &none), Decision::Allowed);
    assert_eq!(decide(&arn, "s3:ListAllMyBuckets", "*", &none), Decision::NotMentioned);
    assert_eq!(decide(&others, "s3:ListAllMyBuckets", "*", &none), Decision::Allowed);
}

#[test]
fn a_denial_wins() {
    let allow = policy(json!({"Effect": "Allow", "Action": "*", "Resource": "*"}));
    let deny =
        policy(json!({"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/secret/*"}));
    let context = Context::complete();
    let decide = |resource| {
        evaluate([&allow, &deny], &Request { action: "s3:GetObject", resource, context: &context })
    };
    assert_eq!(decide("arn:aws:s3:::b/secret/x"), Decision::Denied);
    assert_eq!(decide("arn:aws:s3:::b/x"), Decision::Allowed);
}

/// The truth of `{operator: {k: stated}}` where the key `K` has these values; `None` for an absent key.
fn condition(operator: &str, stated: &[&str], values: Option<&[&str]>) -> Verdict {
    let stated = stated.iter().map(|value| TemplateString::from(*value)).collect();
    let condition = Condition { operator: operator.into(), key: "k".into(), values: stated };
    let context = match values {
        Some(values) => {
            Context::complete().with("K", values.iter().map(|value| TemplateString::from(*value)))
        }
        None => Context::complete(),
    };
    condition.holds(&context)
}

/// Operator, stated values, values of the request, truth.
type Case = (&'static str, &'static [&'static str], Option<&'static [&'static str]>, bool);

#[test]
fn conditions() {
    let cases: &[Case] = &[
        ("StringEquals", &["a", "b"], Some(&["b"]), true),
        ("StringEquals", &["a*"], Some(&["ab"]), false),
        ("StringEquals", &["A"], Some(&["a"]), false),
        ("StringEqualsIgnoreCase", &["A"], Some(&["a"]), true),
        ("StringNotEquals", &["a", "b"], Some(&["b"]), false),
        ("StringNotEquals", &["a", "b"], Some(&["c"]), true),
        ("StringNotEquals", &["a"], None, true),
        ("StringEquals", &["a"], None, false),
        ("StringEqualsIfExists", &["a"], None, true),
        ("StringEqualsIfExists", &["a"], Some(&["b"]), false),
        ("StringLike", &["a?c*"], Some(&["abcd"]), true),
        ("StringNotLike", &["a*"], Some(&["abcd"]), false),
        ("StringEquals", &["a", "b"], Some(&["a", "b"]), false),
        ("ForAnyValue:StringEquals", &["a"], Some(&["a", "b"]), true),
        ("ForAllValues:StringEquals", &["a"], Some(&["a", "b"]), false),
        ("ForAllValues:StringEquals", &["a"], None, true),
        ("ForAnyValue:StringEquals", &["a"], None, false),
        ("ArnLike", &["arn:aws:*:*:1:x"], Some(&["arn:aws:s3:r:1:x"]), true),
        ("ArnEquals", &["arn:aws:*:1:x"], Some(&["arn:aws:s3:r:1:x"]), false),
        ("ArnNotLike", &["arn:aws:s3:::*"], Some(&["arn:aws:s3:::a:b"]), false),
        ("NumericLessThanEquals", &["10"], Some(&["10.0"]), true),
        ("NumericGreaterThan", &["10"], Some(&["10"]), false),
        ("NumericEquals", &["ten"], Some(&["10"]), false),
        ("DateGreaterThan", &["2026-01-01T00:00:00Z"], Some(&["2026-01-01T01:00:00Z"]), true),
        ("DateLessThan", &["2026-01-01"], Some(&["1767225600"]), false),
        ("Bool", &["true"], Some(&["True"]), true),
        ("BoolIfExists", &["false"], None, true),
        ("IpAddress", &["10.0.0.0/8"], Some(&["10.1.2.3"]), true),
        ("NotIpAddress", &["10.0.0.0/8", "::1"], Some(&["11.1.2.3"]), true),
        ("IpAddress", &["0.0.0.0/0"], Some(&["::1"]), false),
        ("Null", &["true"], None, true),
        ("Null", &["false"], Some(&["x"]), true),
        ("Null", &["true"], Some(&["x"]), false),
    ];
    for (operator, stated, values, expected) in cases {
        assert_eq!(
            condition(operator, stated, *values),
            (*expected).into(),
            "{operator} {stated:?} {values:?}"
        );
    }
    assert_eq!(condition("StringMatches", &["a"], Some(&["a"])), Verdict::Unknown);
}

fn facts(operator: &str, key: &str, values: &[&str]) -> Condition {
    Condition {
        operator: operator.into(),
        key: key.into(),
        values: values.iter().map(|value| template(value)).collect(),
    }
}

#[test]
fn what_follows_from_the_facts_of_a_request() {
    let passed = facts("StringEquals", "iam:PassedToService", &["lambda.amazonaws.com"]);
    let cases = [
        (facts("StringEquals", "iam:passedtoservice", &["lambda.amazonaws.com", "x"]), Verdict::Yes),
        (facts("StringLike", "iam:PassedToService", &["*.amazonaws.com"]), Verdict::Yes),
        (facts("StringEqualsIfExists", "iam:PassedToService", &["ecs.amazonaws.com"]), Verdict::No),
        (facts("StringNotEquals", "iam:PassedToService", &["ecs.amazonaws.com"]), Verdict::Yes),
        (facts("Null", "iam:PassedToService", &["false"]), Verdict::Yes),
        (facts("StringEquals", "aws:SourceVpc", &["vpc-1"]), Verdict::Unknown),
        (facts("Weird", "iam:PassedToService", &["x"]), Verdict::Unknown),
    ];
    for (condition, expected) in cases {
        assert_eq!(implied(&condition, std::slice::from_ref(&passed)), expected, "{condition:?}");
    }
    let some = facts("StringLike", "k", &["a*"]);
    assert_eq!(implied(&facts("StringEquals", "k", &["ab"]), std::slice::from_ref(&some)), Verdict::Unknown);
    assert_eq!(implied(&facts("StringEquals", "k", &["b"]), &[some]), Verdict::No);
}

fn coverage(held: Value, action: &str, resource: &str) -> (Verdict, Option<Doubt>) {
    let document = policy(held);
    let grants = Grants::new([&document]);
    let resource = template(resource);
    let Coverage { verdict, doubt, .. } = grants.coverage(Need { action, resource: &resource, facts: &[] });
    (verdict, doubt)
}

#[test]
fn what_is_held_against_what_is_needed() {
    let table = "arn:{partition}:dynamodb:{region}:{account}:table/{Orders}";
    let allow = |resource: &str| json!({"Effect": "Allow", "Action": "dynamodb:*Item", "Resource": resource});
    let deny = |condition: Value| json!([allow("*"), {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition}]);
    let cases = [
        (allow(table), (Verdict::Yes, None)),
        (allow("*"), (Verdict::Yes, None)),
        (allow("arn:aws:dynamodb:eu-west-1:1:table/{Orders}"), (Verdict::Yes, None)),
        (allow("arn:aws:dynamodb:*:*:table/*"), (Verdict::Yes, None)),
        (allow("arn:*:dynamodb:*:*:*"), (Verdict::Yes, None)),
        (allow("arn:aws:dynamodb:eu-west-1:1:table/orders"), (Verdict::Unknown, Some(Doubt::Resource))),
        (allow("arn:aws:dynamodb:eu-west-1:1:table/{Customers}"), (Verdict::No, None)),
        (allow("arn:aws:s3:::*"), (Verdict::No, None)),
        (allow("{?}"), (Verdict::Unknown, Some(Doubt::Resource))),
        (deny(json!({"Bool": {"aws:SecureTransport": "false"}})), (Verdict::Unknown, Some(Doubt::Deny))),
        (deny(json!({})), (Verdict::No, None)),
        (json!([allow("*"), {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]), (Verdict::Yes, None)),
        (
            json!([{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"k": "v"}}}]),
            (Verdict::Unknown, Some(Doubt::Condition)),
        ),
        (json!([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]), (Verdict::Yes, None)),
        (json!([{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::*"}]), (Verdict::Yes, None)),
    ];
    for (held, expected) in cases {
        assert_eq!(coverage(held.clone(), "dynamodb:PutItem", table), expected, "{held}");
    }
}

#[test]
fn several_statements_may_cover_together() {
    let held = json!([
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/?*"},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/"}
    ]);
    assert_eq!(coverage(held, "s3:GetObject", "arn:aws:s3:::b/*"), (Verdict::Yes, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    /// What is said of a pattern holds for each of its texts, by the plain rules.
    #[test]
    fn coverage_agrees_with_the_plain_rules(
        statements in prop::collection::vec(
            (any::<bool>(), "[ab*]{1,2}", any::<bool>(), prop::collection::vec("[ab*?]{0,3}", 1..3)), 1..4,
        ),
        needed in "[ab*?]{0,3}",
    ) {
        let statement = |(allow, action, negated, resources): &(bool, String, bool, Vec<String>)| {
            let effect = if *allow { "Allow" } else { "Deny" };
            let resources: Vec<String> = resources.iter().map(|name| format!("arn:aws:s3:::{name}")).collect();
            let element = if *negated { "NotResource" } else { "Resource" };
            json!({"Effect": effect, "Action": format!("s3:{action}"), element: resources})
        };
        let held = policy(statements.iter().map(statement).collect());
        let grants = Grants::new([&held]);
        let resource = TemplateString::from(format!("arn:aws:s3:::{needed}").as_str());
        let verdict = grants.coverage(Need { action: "s3:a", resource: &resource, facts: &[] }).verdict;
        let glob = Glob::pattern(&resource);
        let context = Context::complete();
        for name in ["", "a", "b", "c", "aa", "ab", "ba", "bb", "bc", "aab", "aba", "abc", "aaaa", "cccc"] {
            let arn = format!("arn:aws:s3:::{name}");
            if glob.matches(&arn).is_yes() {
                let decision = decide(&held, "s3:a", &arn, &context);
                prop_assert!(!verdict.is_yes() || decision == Decision::Allowed, "{arn} {decision:?}");
                let is_single = !needed.contains(['*', '?']);
                prop_assert!(!is_single || verdict.is_yes() == (decision == Decision::Allowed), "{arn} {decision:?}");
            }
        }
    }
}
