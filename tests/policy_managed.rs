//! The policies that AWS manages: read, printed, read again, shuffled, and compared with each other.
#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "how much is compared is asked of the environment, and how long it took is told"
)]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use leastwise::catalog::Catalog;
use leastwise::cloud::aws::CatalogFacts;
use leastwise::policy::algebra::{Authority, Engine, Reading, Standing};
use leastwise::policy::print::{by_name, pretty, to_json};
use leastwise::policy::{Document, parse};
use leastwise::text::{FileId, Source, yaml};

/// Documents by name; one in so many, or all where the environment asks for it.
fn documents() -> Vec<(&'static str, Document)> {
    let catalog = Catalog::embedded();
    let every = if deep() { 1 } else { 12 };
    let names = catalog.managed_policies().step_by(every);
    names
        .map(|name| {
            (name, document(&catalog.managed_policy(&format!("arn:aws:iam::aws:policy/{name}")).unwrap()))
        })
        .collect()
}

fn deep() -> bool {
    std::env::var_os("LEASTWISE_DEEP").is_some()
}

fn document(text: &str) -> Document {
    let (node, problems) = yaml::parse(&Source::new("policy.json", text.to_owned()), FileId(0));
    assert_eq!(problems, []);
    let (document, problems) = parse(&node, FileId(0));
    assert_eq!(problems, []);
    document
}

fn authority(document: &Document) -> Authority<'_> {
    Authority { layers: vec![vec![document]] }
}

fn standing(engine: &mut Engine<'_>, old: &Document, new: &Document) -> Standing {
    engine.compare(&authority(old), &authority(new), Reading::Whole).relation().standing()
}

#[test]
fn each_is_read_and_printed_with_the_same_meaning() {
    let facts = CatalogFacts(Catalog::embedded());
    let mut engine = Engine::new(&facts);
    for (name, document) in documents() {
        let printed = pretty(&to_json(&document, &by_name));
        let again = self::document(&printed);
        assert_eq!(standing(&mut engine, &document, &again), Standing::Equal, "{name}");
        assert_eq!(printed, pretty(&to_json(&again, &by_name)), "{name}");
    }
}

#[test]
fn each_equals_itself_in_another_order() {
    let facts = CatalogFacts(Catalog::embedded());
    let mut engine = Engine::new(&facts);
    for (name, document) in documents() {
        let mut shuffled = document.clone();
        shuffled.statements.reverse();
        for statement in &mut shuffled.statements {
            statement.actions.list.reverse();
            statement.resources.list.reverse();
            statement.conditions.reverse();
            statement.conditions.iter_mut().for_each(|condition| condition.values.reverse());
        }
        assert_eq!(standing(&mut engine, &document, &shuffled), Standing::Equal, "{name}");
        // One statement for each action says the same.
        let mut apart = document.clone();
        apart.statements = document
            .statements
            .iter()
            .flat_map(|statement| {
                let parts: Vec<_> = if statement.actions.negated {
                    vec![statement.actions.list.clone()]
                } else {
                    statement.actions.list.iter().map(|pattern| vec![pattern.clone()]).collect()
                };
                parts.into_iter().map(|list| {
                    let mut part = statement.clone();
                    part.actions.list = list;
                    part
                })
            })
            .collect();
        assert_eq!(standing(&mut engine, &document, &apart), Standing::Equal, "{name}");
    }
}

/// Pairs at random. How long each takes is printed, and of how many it is not known how they stand.
#[test]
fn pairs_are_decided_in_little_time() {
    let facts = CatalogFacts(Catalog::embedded());
    let mut engine = Engine::new(&facts);
    let documents = documents();
    let pairs = if deep() { 20_000 } else { 200 };
    let mut times: Vec<Duration> = Vec::new();
    let mut standings: BTreeMap<String, usize> = BTreeMap::new();
    let mut dice: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut roll = || {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        usize::try_from(dice >> 20).unwrap() % documents.len()
    };
    for _ in 0..pairs {
        let (old, new) = (&documents[roll()], &documents[roll()]);
        let start = Instant::now();
        let standing = standing(&mut engine, &old.1, &new.1);
        times.push(start.elapsed());
        *standings.entry(format!("{standing:?}")).or_default() += 1;
    }
    times.sort();
    let at = |part: usize| times[(times.len() - 1) * part / 10_000];
    println!(
        "{pairs} pairs: {standings:?}\nmedian {:?}, 90 % {:?}, 99 % {:?}, 99.9 % {:?}, most {:?}",
        at(5_000),
        at(9_000),
        at(9_900),
        at(9_990),
        at(10_000),
    );
    assert_eq!(standings.get("Unknown"), None);
}
