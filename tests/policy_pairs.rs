//! Pairs of policies that are easily taken for something else, worked out by hand.

mod common;
#[path = "common/facts.rs"]
mod facts;

use common::policy;
use facts::Facts;
use leastwise::policy::algebra::{Authority, Engine, Reading, Standing};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use Standing::{Equal, Incomparable, Narrower, Unknown, Wider};

fn standing(old: &Value, new: &Value) -> Standing {
    let (old, new) = (policy(old.clone()), policy(new.clone()));
    let one = |document| Authority { layers: vec![vec![document]] };
    Engine::new(&Facts).compare(&one(&old), &one(&new), Reading::Whole).relation().standing()
}

fn allow(action: Value, resource: Value) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

fn get(resource: &str) -> Value {
    allow(json!("s3:GetObject"), json!(resource))
}

fn get_if(condition: Value) -> Value {
    json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": condition})
}

fn deny(action: &str, resource: &str) -> Value {
    json!({"Effect": "Deny", "Action": action, "Resource": resource})
}

/// Checks the pairs, each way round.
fn check(cases: &[(&str, Value, Value, Standing)]) {
    for (what, old, new, expected) in cases {
        assert_eq!(standing(old, new), *expected, "{what}");
        let reverse = match expected {
            Narrower => Wider,
            Wider => Narrower,
            same => *same,
        };
        assert_eq!(standing(new, old), reverse, "{what}, the other way round");
    }
}

#[test]
fn actions() {
    let all = |list: &[&str]| allow(json!(list), json!("*"));
    check(&[
        ("case", get("*"), allow(json!("S3:GETOBJECT"), json!("*")), Equal),
        (
            "a wildcard and what it stands for",
            all(&["sqs:*"]),
            all(&["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"]),
            Equal,
        ),
        ("one letter", all(&["s3:?etObject"]), get("*"), Equal),
        ("a letter too many", all(&["s3:GetObject?"]), all(&[]), Equal),
        ("a name that nobody knows", all(&["s3:*", "s3:Fly"]), all(&["s3:*"]), Equal),
        ("a name that nobody knows, alone", all(&["s3:Fly"]), all(&[]), Narrower),
        ("a wildcard in the service", all(&["*:GetObject"]), get("*"), Equal),
        ("all but all", json!({"Effect": "Allow", "NotAction": "*", "Resource": "*"}), all(&[]), Equal),
        (
            "all but one, of two lists",
            json!({"Effect": "Allow", "NotAction": ["s3:*", "iam:*"], "Resource": "*"}),
            json!([{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}, deny("iam:*", "*")]),
            Equal,
        ),
        (
            "all but some, twice, is all",
            json!([{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}, {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]),
            all(&["*"]),
            Equal,
        ),
    ]);
}

#[test]
fn resources() {
    check(&[
        ("an object behind any bucket", get("arn:aws:s3:::b*/x"), get("arn:aws:s3:::b*"), Wider),
        ("a run reaches over a slash", get("arn:aws:s3:::b/*"), get("arn:aws:s3:::b/*/*"), Narrower),
        ("an ARN cut short", get("arn:aws:s3"), get("arn:aws:s3:*:*:*"), Equal),
        ("an ARN cut short and the star", get("arn:*"), get("*"), Equal),
        ("another service", get("arn:aws:sqs:*:*:*"), allow(json!([]), json!("*")), Equal),
    ]);
}

#[test]
fn resources_by_type() {
    check(&[
        ("a bucket holds no objects", get("arn:aws:s3:::bucket"), allow(json!([]), json!("*")), Equal),
        ("letters of any kind", get("arn:aws:s3:::b/??"), get("arn:aws:s3:::b/*"), Wider),
        ("at least two", get("arn:aws:s3:::b/?*?"), get("arn:aws:s3:::b/??*"), Equal),
        (
            "two halves",
            get("arn:aws:s3:::b/*"),
            json!([get("arn:aws:s3:::b/?*"), get("arn:aws:s3:::b/")]),
            Equal,
        ),
        (
            "an action without resources on an ARN",
            allow(json!("s3:ListAllMyBuckets"), json!("arn:aws:s3:::*")),
            allow(json!([]), json!("*")),
            Equal,
        ),
        (
            "an action without resources on all but an ARN",
            json!({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "NotResource": "arn:aws:s3:::x"}),
            allow(json!("s3:ListAllMyBuckets"), json!("*")),
            Equal,
        ),
        (
            "all but two is not all but one or all but the other",
            json!({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]}),
            json!([
                {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::a/*"},
                {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::b/*"}
            ]),
            Wider,
        ),
    ]);
}

#[test]
fn denials() {
    let b = get("arn:aws:s3:::b/*");
    check(&[
        ("of a part", json!([b, deny("s3:*", "arn:aws:s3:::b/secret/*")]), b.clone(), Wider),
        ("of another bucket", json!([b, deny("s3:*", "arn:aws:s3:::c/*")]), b.clone(), Equal),
        (
            "that overlap",
            json!([b, deny("s3:*", "arn:aws:s3:::b/a*"), deny("s3:*", "arn:aws:s3:::b/*a")]),
            json!([b, deny("s3:*", "arn:aws:s3:::b/a*")]),
            Wider,
        ),
        (
            "in the other order",
            json!([b, deny("s3:Get*", "arn:aws:s3:::*")]),
            allow(json!([]), json!("*")),
            Equal,
        ),
        (
            "of all but a part",
            json!([get("*"), {"Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::b/*"}]),
            b.clone(),
            Equal,
        ),
        (
            "under a condition and its opposite",
            json!([
                get("*"),
                {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
                {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"BoolIfExists": {"aws:SecureTransport": "false"}}}
            ]),
            allow(json!([]), json!("*")),
            Equal,
        ),
        (
            "under conditions that an absent key escapes",
            json!([
                get("*"),
                {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
                {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
            ]),
            get_if(json!({"Null": {"aws:SecureTransport": "true"}})),
            Equal,
        ),
    ]);
}

#[test]
fn conditions() {
    check(&[
        (
            "a text in a pattern",
            get_if(json!({"StringEquals": {"k": "ab"}})),
            get_if(json!({"StringLike": {"k": "a*"}})),
            Wider,
        ),
        (
            "a star that is none",
            get_if(json!({"StringEquals": {"k": "a*"}})),
            get_if(json!({"StringLike": {"k": "a*"}})),
            Wider,
        ),
        (
            "without a wildcard",
            get_if(json!({"StringEquals": {"k": "a"}})),
            get_if(json!({"StringLike": {"k": "a"}})),
            Equal,
        ),
        (
            "values in another order",
            get_if(json!({"StringEquals": {"k": ["a", "b"]}})),
            get_if(json!({"StringEquals": {"K": ["b", "a", "b"]}})),
            Equal,
        ),
        (
            "case",
            get_if(json!({"StringEquals": {"k": "A"}})),
            get_if(json!({"StringEqualsIgnoreCase": {"k": "a"}})),
            Wider,
        ),
        (
            "case, twice",
            get_if(json!({"StringEqualsIgnoreCase": {"k": "aB"}})),
            get_if(json!({"StringEqualsIgnoreCase": {"k": "Ab"}})),
            Equal,
        ),
        (
            "if it exists",
            get_if(json!({"StringEquals": {"k": "a"}})),
            get_if(json!({"StringEqualsIfExists": {"k": "a"}})),
            Wider,
        ),
        (
            "if it exists, and it does",
            get_if(json!({"StringEquals": {"k": "a"}})),
            get_if(json!({"StringEqualsIfExists": {"k": "a"}, "Null": {"k": "false"}})),
            Equal,
        ),
        (
            "not, where it is absent",
            get_if(json!({"StringNotEquals": {"k": "a"}})),
            get_if(json!({"StringNotEqualsIfExists": {"k": "a"}})),
            Equal,
        ),
    ]);
}

#[test]
fn conditions_on_many_values() {
    check(&[
        (
            "all of no values",
            get_if(json!({"ForAllValues:StringEquals": {"k": "a"}})),
            get_if(json!({"ForAllValues:StringEquals": {"k": "a"}, "Null": {"k": "false"}})),
            Narrower,
        ),
        (
            "any and all",
            get_if(json!({"ForAllValues:StringEquals": {"k": "a"}, "Null": {"k": "false"}})),
            get_if(json!({"ForAnyValue:StringEquals": {"k": "a"}})),
            Wider,
        ),
        (
            "not any is not all of the opposite",
            get_if(json!({"ForAnyValue:StringNotEquals": {"k": "a"}})),
            get_if(json!({"ForAllValues:StringNotEquals": {"k": "a"}})),
            Incomparable,
        ),
    ]);
}

#[test]
fn conditions_on_values_of_a_kind() {
    check(&[
        (
            "numbers",
            get_if(json!({"NumericLessThan": {"k": "5"}})),
            get_if(json!({"NumericLessThanEquals": {"k": "5.0"}})),
            Wider,
        ),
        (
            "one of two numbers",
            get_if(json!({"NumericLessThan": {"k": ["5", "9"]}})),
            get_if(json!({"NumericLessThan": {"k": "9"}})),
            Equal,
        ),
        (
            "dates",
            get_if(json!({"DateLessThan": {"k": "2026-01-01T00:00:00Z"}})),
            get_if(json!({"DateLessThan": {"k": "2026-01-01T01:00:00+01:00"}})),
            Equal,
        ),
        (
            "addresses",
            get_if(json!({"IpAddress": {"k": ["10.0.0.0/9", "10.128.0.0/9"]}})),
            get_if(json!({"IpAddress": {"k": "10.0.0.0/8"}})),
            Equal,
        ),
        (
            "all addresses of one kind",
            get_if(json!({"IpAddress": {"k": "0.0.0.0/0"}})),
            get_if(json!({"Null": {"k": "false"}})),
            Wider,
        ),
        (
            "a flag is one of two",
            get_if(json!({"Bool": {"k": ["true", "false"]}})),
            get_if(json!({"Null": {"k": "false"}})),
            Equal,
        ),
        (
            "ARNs part by part",
            get_if(json!({"ArnLike": {"k": "arn:aws:s3:*:*:b"}})),
            get_if(json!({"StringLike": {"k": "arn:aws:s3:*:*:b"}})),
            Wider,
        ),
        (
            "equal and like are one for ARNs",
            get_if(json!({"ArnEquals": {"k": "arn:aws:s3:::b*"}})),
            get_if(json!({"ArnLike": {"k": "arn:aws:s3:::b*"}})),
            Equal,
        ),
    ]);
}

#[test]
fn conditions_that_say_everything_or_nothing() {
    check(&[
        (
            "what cannot be",
            get_if(json!({"StringEquals": {"k": "a"}, "StringNotLike": {"k": "a*"}})),
            allow(json!([]), json!("*")),
            Equal,
        ),
        (
            "an operator that nobody knows",
            get_if(json!({"StringMatches": {"k": "a"}})),
            get_if(json!({"StringMatches": {"k": "a"}})),
            Equal,
        ),
        (
            "an operator that nobody knows, alone",
            get_if(json!({"StringMatches": {"k": "a"}})),
            get("*"),
            Unknown,
        ),
        (
            "split by a condition",
            json!([
                get_if(json!({"StringLike": {"k": "a*"}})),
                get_if(json!({"StringNotLike": {"k": "a*"}}))
            ]),
            get("*"),
            Equal,
        ),
    ]);
}

#[test]
fn variables() {
    let own = get("arn:aws:s3:::b/${aws:username}/*");
    check(&[
        ("the same", own.clone(), get("arn:aws:s3:::b/${AWS:USERNAME}/*"), Equal),
        ("in a wildcard", own.clone(), get("arn:aws:s3:::b/*"), Wider),
        ("another", own.clone(), get("arn:aws:s3:::b/${aws:userid}/*"), Incomparable),
        (
            "for a bucket",
            get("arn:aws:s3:::${aws:username}/*"),
            get("arn:aws:s3:::${aws:userid}/*"),
            Incomparable,
        ),
        ("that stands for a star", get("arn:aws:s3:::b/${*}"), get("arn:aws:s3:::b/*"), Wider),
        (
            "of one user",
            json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*", "Condition": {"StringEquals": {"aws:username": "bob"}}}),
            own.clone(),
            Wider,
        ),
        (
            "with a denial of a part",
            json!([own, deny("s3:*", "arn:aws:s3:::b/*/secret")]),
            own.clone(),
            Wider,
        ),
        (
            "denied to each",
            json!([get("arn:aws:s3:::b/*"), deny("s3:*", "arn:aws:s3:::b/${aws:username}/*")]),
            get("arn:aws:s3:::b/*"),
            Wider,
        ),
        (
            "in a condition, whatever its case",
            get_if(json!({"StringEquals": {"aws:ResourceTag/owner": "${aws:username}"}})),
            get_if(json!({"StringEqualsIgnoreCase": {"aws:ResourceTag/owner": "${aws:username}"}})),
            Unknown,
        ),
        (
            "in a condition",
            get_if(json!({"StringEquals": {"aws:ResourceTag/owner": "${aws:username}"}})),
            get_if(json!({"StringLike": {"aws:ResourceTag/owner": "${aws:username}*"}})),
            Wider,
        ),
    ]);
}
