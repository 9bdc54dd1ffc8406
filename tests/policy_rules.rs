//! The rules by which requests are decided, one test a rule, as the IAM user guide states them.
#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod common;
#[path = "common/facts.rs"]
mod facts;

use common::{policy, read};
use facts::Facts;
use leastwise::catalog::Catalog;
use leastwise::cloud::aws::CatalogLintFacts;
use leastwise::policy::algebra::{Authority, Engine, Reading, Standing};
use leastwise::policy::lint::{self, Kind};
use leastwise::policy::print::by_name;
use leastwise::policy::{Context, Decision, Document, Request, evaluate, quota};
use leastwise::text::{Source, Sources, TemplateString};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};

const OBJECT: &str = "arn:aws:s3:::b/key";

fn context(keys: &[(&str, &[&str])]) -> Context {
    let values =
        |values: &[&str]| values.iter().map(|value| TemplateString::from(*value)).collect::<Vec<_>>();
    keys.iter().fold(Context::complete(), |context, (key, list)| context.with(key, values(list)))
}

fn asked(document: &Document, action: &str, resource: &str, keys: &[(&str, &[&str])]) -> Decision {
    evaluate([document], &Request { action, resource, context: &context(keys) })
}

/// Whether the statement, `Allow` where it says nothing else, allows the object to be read.
fn allows(mut statement: Value, keys: &[(&str, &[&str])]) -> bool {
    for (element, usual) in [("Effect", "Allow"), ("Action", "s3:GetObject"), ("Resource", "*")] {
        let negated = format!("Not{element}");
        if statement.get(element).is_none() && statement.get(&negated).is_none() {
            statement.as_object_mut().unwrap().insert(element.to_owned(), json!(usual));
        }
    }
    asked(&policy(statement), "s3:GetObject", OBJECT, keys) == Decision::Allowed
}

fn when(operator: &str, stated: Value, keys: &[(&str, &[&str])]) -> bool {
    allows(json!({"Condition": {operator: {"k": stated}}}), keys)
}

fn standing(old: Value, new: Value) -> Standing {
    let (old, new) = (policy(old), policy(new));
    let one = |document| Authority { layers: vec![vec![document]] };
    Engine::new(&Facts).compare(&one(&old), &one(&new), Reading::Whole).relation().standing()
}

#[test]
fn s01_variables_exist_in_the_second_version_only() {
    let with = |version: Value| {
        let mut document = json!({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:username}"}});
        if version != Value::Null {
            document["Version"] = version;
        }
        let (document, _) = read(document);
        asked(&document, "s3:GetObject", OBJECT, &[("aws:username", &["key"])])
    };
    assert_eq!(with(json!("2012-10-17")), Decision::Allowed);
    assert_eq!(with(json!("2008-10-17")), Decision::NotMentioned);
    assert_eq!(with(Value::Null), Decision::NotMentioned);
}

#[test]
fn s02_one_statement_or_many_in_any_order() {
    let deny = json!({"Effect": "Deny", "Action": "s3:Put*", "Resource": "*"});
    let allow = json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"});
    assert_eq!(standing(json!([deny, allow]), json!([allow, deny])), Standing::Equal);
    assert_eq!(standing(json!(allow), json!([allow])), Standing::Equal);
}

#[test]
fn s03_principals_and_ids_are_no_part_of_an_identity_policy() {
    let found = |statement: &str, kind: Kind| {
        let text = format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{statement}]}}");
        let mut sources = Sources::default();
        let file = sources.add(Source::new("policy.json", text.as_str()));
        let policy = lint::read(sources.get(file).unwrap(), file, Some(kind), &|_| false);
        let found = lint::lint(&policy, &CatalogLintFacts::new(Catalog::embedded()));
        found.iter().any(|found| found.check.id == "unsupported-principal")
    };
    let statement =
        r#"{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#;
    assert!(found(statement, Kind::Identity));
    assert!(!found(statement, Kind::Resource));
}

#[test]
fn s04_effects_are_spelled_exactly() {
    let (document, problems) =
        read(json!({"Statement": [{"Effect": "allow", "Action": "*", "Resource": "*"}]}));
    assert_eq!((document.statements.len(), problems.len()), (0, 1));
}

#[test]
fn s05_an_empty_list_matches_nothing() {
    assert!(!allows(json!({"Action": []}), &[]));
    assert!(!allows(json!({"Resource": []}), &[]));
    assert!(allows(json!({"NotResource": []}), &[]));
}

#[test]
fn s06_actions_without_regard_to_case_and_with_wildcards() {
    for pattern in
        ["S3:getobject", "s3:Get*", "s3:*Object", "s3:Get?bject", "*", "*:GetObject", "s?:GetObject"]
    {
        assert!(allows(json!({"Action": pattern}), &[]), "{pattern}");
    }
    for pattern in ["s3:GetObjec", "s3:GetObject?", "s3:Get", "s3"] {
        assert!(!allows(json!({"Action": pattern}), &[]), "{pattern}");
    }
}

#[test]
fn s07_all_actions_but_some_are_those_of_the_resource() {
    let statement = json!({"Effect": "Allow", "NotAction": "s3:DeleteObject", "Resource": "arn:aws:s3:::*"});
    let same = json!({"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:PutBucketPolicy"], "Resource": "arn:aws:s3:::*"});
    assert_eq!(standing(statement, same), Standing::Equal);
}

#[test]
fn s08_resources_keep_their_case_and_wildcards_reach_over_slashes() {
    assert!(allows(json!({"Resource": "arn:aws:s3:::b*y"}), &[]));
    assert!(allows(json!({"Resource": "arn:aws:s3:::*/k?y"}), &[]));
    assert!(!allows(json!({"Resource": "arn:aws:s3:::B/key"}), &[]));
}

#[test]
fn s09_short_arns_are_filled_up() {
    assert!(allows(json!({"Resource": "arn:aws:s3"}), &[]));
    assert!(allows(json!({"Resource": "arn:aws:s3:*"}), &[]));
    assert!(!allows(json!({"Resource": "arn:aws:sqs"}), &[]));
}

#[test]
fn s10_all_resources_but_a_list_exclude_each_of_it() {
    assert!(!allows(json!({"NotResource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]}), &[]));
    assert!(allows(json!({"NotResource": ["arn:aws:s3:::a/*"]}), &[]));
}

#[test]
fn s11_actions_without_resources_are_checked_against_the_star() {
    let list = |element: &str, resource: &str| {
        let statement = json!({"Effect": "Allow", "Action": "s3:ListAllMyBuckets", element: resource});
        asked(&policy(statement), "s3:ListAllMyBuckets", "*", &[])
    };
    assert_eq!(list("Resource", "*"), Decision::Allowed);
    assert_eq!(list("Resource", "arn:aws:s3:::*"), Decision::NotMentioned);
    assert_eq!(list("NotResource", "arn:aws:s3:::b"), Decision::Allowed);
}

#[test]
fn s12_variables_in_resources_and_texts() {
    let user: &[(&str, &[&str])] = &[("aws:username", &["key"]), ("k", &["key"])];
    assert!(allows(json!({"Resource": "arn:aws:s3:::b/${aws:username}"}), user));
    assert!(allows(json!({"Resource": "arn:aws:s3:::b/${AWS:UserName}"}), user));
    assert!(allows(json!({"Resource": "arn:aws:s3:::b/${aws:userid, 'key'}"}), user));
    assert!(!allows(json!({"Resource": "arn:aws:s3:::b/${*}"}), user));
    assert!(when("StringEquals", json!("${aws:username}"), user));
    assert!(!when("NumericEquals", json!("${n}"), &[("k", &["1"]), ("n", &["1"])]));
}

#[test]
fn s13_a_variable_without_a_value_matches_nothing() {
    assert!(!allows(json!({"Resource": "arn:aws:s3:::b/${aws:username}"}), &[]));
    assert!(allows(json!({"NotResource": "arn:aws:s3:::b/${aws:username}"}), &[]));
    assert!(!when("StringEquals", json!("${aws:username}"), &[("k", &["key"])]));
    assert!(when("StringNotEquals", json!("${aws:username}"), &[("k", &["key"])]));
}

#[test]
fn s14_what_is_filled_in_is_no_wildcard() {
    assert!(!allows(json!({"Resource": "arn:aws:s3:::b/${k}"}), &[("k", &["*"])]));
    assert!(!when("StringLike", json!("${j}"), &[("k", &["key"]), ("j", &["*"])]));
}

#[test]
fn s15_all_keys_must_hold_and_one_value_of_each() {
    let both = json!({"Condition": {"StringEquals": {"k": ["a", "b"], "j": "c"}}});
    assert!(allows(both.clone(), &[("K", &["b"]), ("j", &["c"])]));
    assert!(!allows(both, &[("K", &["b"]), ("j", &["d"])]));
    assert!(!when("StringNotEquals", json!(["a", "b"]), &[("k", &["b"])]));
    assert!(when("StringNotEquals", json!(["a", "b"]), &[("k", &["c"])]));
}

#[test]
fn s16_a_key_that_is_absent() {
    for operator in
        ["StringEquals", "StringLike", "ArnLike", "NumericLessThan", "Bool", "IpAddress", "DateEquals"]
    {
        assert!(!when(operator, json!("1"), &[]), "{operator}");
        assert!(when(&format!("{operator}IfExists"), json!("1"), &[]), "{operator}");
    }
    for operator in [
        "StringNotEquals",
        "StringNotLike",
        "ArnNotLike",
        "NumericNotEquals",
        "DateNotEquals",
        "NotIpAddress",
    ] {
        assert!(when(operator, json!("1"), &[]), "{operator}");
    }
    assert!(when("Null", json!("true"), &[]) && !when("Null", json!("false"), &[]));
    assert!(when("Null", json!(false), &[("k", &["x"])]) && !when("Null", json!(true), &[("k", &["x"])]));
}

#[test]
fn s17_texts_patterns_and_arns() {
    assert!(!when("StringEquals", json!("a*"), &[("k", &["ab"])]));
    assert!(when("StringEquals", json!("a*"), &[("k", &["a*"])]));
    assert!(when("StringLike", json!("a*z"), &[("k", &["a:/z"])]));
    assert!(when("ArnLike", json!("arn:aws:s3:::*"), &[("k", &["arn:aws:s3:::a:b/c"])]));
    assert!(!when("ArnLike", json!("arn:aws:*:b"), &[("k", &["arn:aws:s3:::b"])]));
    assert!(when("ArnEquals", json!("arn:aws:*:*:*:b"), &[("k", &["arn:aws:s3:::b"])]));
}

#[test]
fn s18_numbers_dates_flags_and_addresses() {
    assert!(when("NumericEquals", json!("2.0"), &[("k", &["2"])]));
    assert!(when("DateLessThan", json!("2026-01-02"), &[("k", &["2026-01-01T23:59:59Z"])]));
    assert!(when("Bool", json!("TRUE"), &[("k", &["true"])]));
    assert!(when("BinaryEquals", json!("QmluYXJ5"), &[("k", &["QmluYXJ5"])]));
    assert!(!when("BinaryEquals", json!("qmluYXJ5"), &[("k", &["QmluYXJ5"])]));
    assert!(when("IpAddress", json!(["10.0.0.0/8", "2001:db8::/32"]), &[("k", &["2001:db8::1"])]));
    assert!(!when("IpAddress", json!("10.0.0.1"), &[("k", &["10.0.0.2"])]));
}

#[test]
fn s19_keys_with_many_values() {
    let two: &[(&str, &[&str])] = &[("k", &["a", "b"])];
    assert!(when("ForAllValues:StringEquals", json!(["a", "b", "c"]), two));
    assert!(!when("ForAllValues:StringEquals", json!("a"), two));
    assert!(when("ForAllValues:StringEquals", json!("a"), &[]));
    assert!(when("ForAnyValue:StringEquals", json!("a"), two));
    assert!(!when("ForAnyValue:StringEquals", json!("a"), &[]));
    assert!(when("ForAnyValue:StringEqualsIfExists", json!("a"), &[]));
    assert!(!when("StringEquals", json!(["a", "b"]), two));
}

#[test]
fn s20_a_denial_wins_and_layers_intersect() {
    let allow = json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"});
    let deny = json!({"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"});
    assert_eq!(asked(&policy(json!([allow, deny])), "s3:GetObject", OBJECT, &[]), Decision::Denied);
    assert_eq!(asked(&policy(json!([allow])), "sqs:SendMessage", OBJECT, &[]), Decision::NotMentioned);
    let (own, boundary) =
        (policy(json!([allow])), policy(json!({"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"})));
    let bounded = Authority { layers: vec![vec![&own], vec![&boundary]] };
    let alone = Authority { layers: vec![vec![&boundary]] };
    assert_eq!(
        Engine::new(&Facts).compare(&bounded, &alone, Reading::Whole).relation().standing(),
        Standing::Equal
    );
}

#[test]
fn s21_a_service_control_policy_speaks_the_whole_language() {
    let own = policy(json!({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}));
    let limit = policy(json!({
        "Effect": "Allow", "NotAction": ["s3:P*t*"], "Resource": "arn:aws:s3:::b/*",
        "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    }));
    let limited = Authority { layers: vec![vec![&own], vec![&limit]] };
    let same = policy(json!({
        "Effect": "Allow", "Action": ["s3:GetObject", "s3:DeleteObject"], "Resource": "arn:aws:s3:::b/*",
        "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}},
    }));
    let same = Authority { layers: vec![vec![&same]] };
    let relation = Engine::new(&Facts).compare(&limited, &same, Reading::Whole).relation();
    assert_eq!(relation.standing(), Standing::Equal);
}

#[test]
fn s22_sids_say_nothing() {
    let with = |sid: &str| json!({"Sid": sid, "Effect": "Allow", "Action": "s3:*", "Resource": "*"});
    assert_eq!(standing(with("A"), with("B")), Standing::Equal);
}

#[test]
fn s23_characters_are_those_of_latin_letters() {
    let found = |resource: &str| {
        let text = document(resource);
        let mut sources = Sources::default();
        let file = sources.add(Source::new("policy.json", text.as_str()));
        let policy = lint::read(sources.get(file).unwrap(), file, Some(Kind::Identity), &|_| false);
        let found = lint::lint(&policy, &CatalogLintFacts::new(Catalog::embedded()));
        found.iter().any(|found| found.check.id == "invalid-character")
    };
    assert!(!found("arn:aws:s3:::b/\u{e9}*"));
    assert!(found("arn:aws:s3:::b/\u{142}*"));
}

fn document(resource: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": resource}]})
        .to_string()
}

#[test]
fn s24_sizes_leave_out_white_space() {
    let document =
        policy(json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a b"}));
    let other = policy(json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::ab"}));
    assert_eq!(quota::size(&document, &by_name), quota::size(&other, &by_name));
}

#[test]
fn s25_a_role_has_ten_managed_policies_and_twenty_five_at_most() {
    assert_eq!((quota::MANAGED_POLICIES_PER_ROLE, quota::MANAGED_POLICIES_PER_ROLE_MOST), (10, 25));
    let actions: Vec<String> = (0..2_000).map(|number| format!("s3:Fictitious{number}")).collect();
    let long = policy(json!({"Effect": "Allow", "Action": actions, "Resource": "*"}));
    let parts = quota::split(&long, quota::MANAGED_POLICY_SIZE, &by_name);
    assert!(parts.len() > 1 && parts.len() <= quota::MANAGED_POLICIES_PER_ROLE);
    assert!(parts.iter().all(|part| quota::size(part, &by_name) <= quota::MANAGED_POLICY_SIZE));
}

#[test]
fn s26_numbers_and_flags_count_by_their_text() {
    assert!(when("Bool", json!(true), &[("k", &["true"])]));
    assert!(when("NumericEquals", json!(5), &[("k", &["5"])]));
    assert!(when("StringEquals", json!(5), &[("k", &["5"])]));
}
