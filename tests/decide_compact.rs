//! `generate --compact`, and policies that are too long, against the catalog.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it cannot go on")]

#[expect(dead_code, reason = "a part of it is used here")]
mod common;
#[path = "common/needs.rs"]
mod needs;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use leastwise::app::{MemoryDisk, Scope, Settings, Task, analyse, present};
use leastwise::catalog::Catalog;
use leastwise::cloud::Requirement;
use leastwise::cloud::aws::CatalogFacts;
use leastwise::decide::{Include, Target, compact, prove, synthesize};
use leastwise::policy::ActionFacts as _;
use leastwise::policy::algebra::{Authority, Engine, Reading, Standing};
use leastwise::policy::print::by_name;
use leastwise::policy::{Document, quota};
use leastwise::report::{Colour, Detail, format};
use leastwise::text::{Hole, SmolStr, TemplateString};
use needs::need;
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use serde_json::Value;

fn nothing(_: &Hole) -> Option<TemplateString> {
    None
}

/// The actions of a service, as the catalog spells them.
fn actions(prefix: &str) -> Vec<SmolStr> {
    CatalogFacts(Catalog::embedded()).expand(&format!("{prefix}:*"))
}

/// Everything that the patterns of the document stand for.
fn expanded(document: &Document) -> BTreeSet<SmolStr> {
    let facts = CatalogFacts(Catalog::embedded());
    let patterns = document.statements.iter().flat_map(|statement| &statement.actions.list);
    patterns.flat_map(|pattern| facts.expand(pattern.text.as_literal().unwrap())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Of any actions of a service: the patterns stand for exactly these, and there are no more of them.
    #[test]
    fn patterns_stand_for_exactly_the_same_actions(
        prefix in prop::sample::select(vec!["s3", "dynamodb", "sqs", "ec2", "iam", "logs", "kms", "lambda", "ssm"]),
        chosen in prop::collection::vec(any::<prop::sample::Index>(), 1..40),
        family in any::<prop::sample::Index>(),
        length in 1_usize..7,
    ) {
        let facts = CatalogFacts(Catalog::embedded());
        let all = actions(prefix);
        // Some here and there, and all that begin like one of them.
        let beginning = family.get(&all).split(':').nth(1).unwrap().chars().take(length).collect::<String>();
        let alike = facts.expand(&format!("{prefix}:{beginning}*"));
        let named: BTreeSet<SmolStr> =
            chosen.iter().map(|index| index.get(&all).clone()).chain(alike).collect();
        let needs: Vec<Requirement> = named.iter().map(|action| need(action, &["*"])).collect();
        let target = Target::template(&nothing);
        let plain = synthesize(&needs, Include::Certain, &target, &facts);
        let mut short = plain.clone();
        compact(&mut short.statements, &facts);
        prop_assert_eq!(expanded(&plain), named.clone());
        prop_assert_eq!(expanded(&short), named);
        prop_assert_eq!(prove(&short, &needs, Include::Certain, &target, &facts), []);
        prop_assert!(quota::size(&short, &by_name) <= quota::size(&plain, &by_name));
        let one = |document| Authority { layers: vec![vec![document]] };
        let relation = Engine::new(&facts).compare(&one(&plain), &one(&short), Reading::Whole).relation();
        prop_assert_eq!(relation.standing(), Standing::Equal);
    }
}

#[test]
fn a_whole_family_becomes_one_pattern() {
    let facts = CatalogFacts(Catalog::embedded());
    let needs: Vec<Requirement> =
        facts.expand("sqs:List*").iter().map(|action| need(action, &["*"])).collect();
    assert!(needs.len() > 2);
    let mut document = synthesize(&needs, Include::Certain, &Target::template(&nothing), &facts);
    compact(&mut document.statements, &facts);
    let patterns: usize = document.statements.iter().map(|statement| statement.actions.list.len()).sum();
    // Reading and listing are not brought together, and each is shorter than it was.
    assert!(patterns < needs.len(), "{document:?}");
}

/// What `generate` says for a function that reads from so many buckets.
fn generated(buckets: usize) -> Value {
    let mut source = String::from("import boto3\ns3 = boto3.client('s3')\ndef handler(event, context):\n");
    let key = "long/".repeat(180);
    for number in 0..buckets {
        writeln!(source, "    s3.get_object(Bucket='bucket-number-{number:04}', Key='{key}')").unwrap();
    }
    let handler = leastwise::app::Handler { file: "app.py".into(), symbol: Some("handler".into()) };
    let settings = Settings {
        task: Task::Generate { possible: false, exact: false, bare: false },
        format: format("json").unwrap(),
        scope: Scope { root: ".".into(), handlers: vec![handler], ..Scope::default() },
        detail: Detail::Full,
        exit_zero: false,
        quiet: true,
        progress: false,
    };
    let analysis = analyse(&settings, &MemoryDisk::new([("app.py", source.as_str())])).unwrap();
    let shown = present(&settings, &analysis, Colour::Plain).unwrap();
    serde_json::from_str::<Value>(&shown.text).unwrap()["functions"][0].clone()
}

/// Kinds and sizes of the policies, all of their resources, and what is said of them.
fn plan(buckets: usize) -> (BTreeSet<String>, usize, BTreeSet<String>, String) {
    let function = generated(buckets);
    let policies = function["policies"].as_array().unwrap();
    let mut kinds = BTreeSet::new();
    let mut resources = BTreeSet::new();
    for policy in policies {
        let kind = policy["kind"].as_str().unwrap();
        let text = policy["document"].to_string();
        let size = text.chars().filter(|character| !character.is_whitespace()).count();
        let most = if kind == "inline" { quota::INLINE_POLICIES_SIZE } else { quota::MANAGED_POLICY_SIZE };
        assert!(size <= most, "{size} characters in a policy that is {kind}");
        kinds.insert(kind.to_owned());
        for statement in policy["document"]["Statement"].as_array().unwrap() {
            let list = &statement["Resource"];
            let list = list.as_array().cloned().unwrap_or_else(|| vec![list.clone()]);
            resources.extend(list.iter().map(|each| each.as_str().unwrap().to_owned()));
        }
    }
    let warnings = function["warnings"].as_array().cloned().unwrap_or_default();
    let said = warnings.iter().filter_map(Value::as_str).find(|text| text.contains("characters"));
    (kinds, policies.len(), resources, said.unwrap_or_default().to_owned())
}

#[test]
fn a_policy_that_is_too_long_is_divided_by_a_plan() {
    let only = |kind: &str| BTreeSet::from([kind.to_owned()]);
    let (kinds, count, resources, said) = plan(8);
    assert_eq!((kinds, count, resources.len(), said.as_str()), (only("inline"), 1, 8, ""));
    let (kinds, count, resources, said) = plan(12);
    assert_eq!((kinds, count, resources.len()), (only("managed"), 2, 12));
    assert!(said.contains("into 2 managed ones: a role may have 10, so that 8 are left"), "{said}");
    let (kinds, count, resources, said) = plan(80);
    assert_eq!((kinds, resources.len()), (only("managed"), 80));
    assert!((11..=25).contains(&count), "{count}");
    assert!(said.contains("a role may have 10 until its account's quota is raised"), "{said}");
    let (_, count, resources, said) = plan(170);
    assert!(count > 25 && resources.len() == 170, "{count}");
    assert!(said.contains("more than the 25 that a role may ever have: divide the function"), "{said}");
}
