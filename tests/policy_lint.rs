//! The checks of policies: each finds what its own example shows, and nothing in the example without it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use leastwise::catalog::Catalog;
use leastwise::cloud::aws::CatalogLintFacts;
use leastwise::policy::lint::{CHECKS, Check, Found, Kind, lint, read};
use leastwise::text::{Source, Sources};
use pretty_assertions::assert_eq;

fn facts() -> CatalogLintFacts {
    CatalogLintFacts::new(Catalog::embedded())
}

/// What the checks find in a document.
fn found(text: &str, kind: Option<Kind>) -> Vec<Found> {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("policy.json", text));
    let policy = read(sources.get(file).unwrap(), file, kind, &is_trust);
    lint(&policy, &facts())
}

fn is_trust(action: &str) -> bool {
    Catalog::embedded().iam().trust_actions.iter().any(|other| other == action)
}

/// The ids of the checks that find something, without repetition.
fn ids(text: &str, kind: Option<Kind>) -> Vec<&'static str> {
    let mut ids: Vec<&str> = found(text, kind).iter().map(|found| found.check.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// A document of statements.
fn document(statements: &str) -> String {
    format!("{{\"Version\": \"2012-10-17\", \"Statement\": {statements}}}")
}

/// The example of a check as a whole document.
fn example(text: &str) -> String {
    let is_whole = text.contains("\"Version\"") || text.contains("\"Statement\"");
    if is_whole { text.to_owned() } else { document(text) }
}

#[test]
fn checks_are_sorted_and_documented() {
    assert!(CHECKS.is_sorted_by_key(|check| check.id));
    for check in CHECKS {
        let sentences = [check.why, check.help];
        assert!(sentences.iter().all(|text| text.ends_with('.')), "{}", check.id);
        assert!(!check.title.ends_with('.') && !check.good.is_empty(), "{}", check.id);
    }
}

#[test]
fn a_policy_has_a_quota() {
    let resources: Vec<String> =
        (0..400).map(|number| format!("\"arn:aws:s3:::bucket-{number}/*\"")).collect();
    let long = |count: usize| {
        let list = resources.iter().take(count).cloned().collect::<Vec<_>>().join(", ");
        ids(
            &document(&format!(
                "{{\"Effect\": \"Allow\", \"Action\": \"s3:GetObject\", \"Resource\": [{list}]}}"
            )),
            None,
        )
    };
    assert_eq!(long(200), Vec::<&str>::new());
    assert_eq!(long(300), ["policy-size"]);
}

#[test]
fn each_check_finds_its_own_example_and_nothing_in_the_other() {
    let misses = |check: &&&Check| {
        let finds = |text: &str| ids(&example(text), None).contains(&check.id);
        (!check.bad.is_empty() && !finds(check.bad)) || finds(check.good)
    };
    let wrong: Vec<&str> = CHECKS.iter().filter(misses).map(|check| check.id).collect();
    assert_eq!(wrong, Vec::<&str>::new());
}
