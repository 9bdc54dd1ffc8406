//! Two sets of policies by meaning, against an evaluator that tries requests.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::float_cmp,
    reason = "a test stops where it cannot go on, and is written to be read"
)]
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "how many cases are tried is asked of the environment, and what came of it is told"
)]

#[path = "common/brute.rs"]
mod brute;
mod common;

use std::collections::{BTreeMap, BTreeSet};

use brute::{Keys, allows, set_meaning};
use common::{policy, read};
use leastwise::policy::algebra::{Answer, Authority, Engine, Reading, Relation, Side, Standing};
use leastwise::policy::{Access, ActionFacts, Document};
use leastwise::text::{Glob, SmolStr, TemplateString};
use serde_json::{Value, json};

const PLAIN: &str = "arn:${Partition}:s:::${Name}";
const PLACED: &str = "arn:${Partition}:s:${Region}:${Account}:${Name}";
const ACTIONS: &[(&str, &[&str])] =
    &[("s:a", &[PLAIN]), ("s:ab", &[PLACED]), ("s:b", &[]), ("t:bb", &[PLAIN])];

/// Four actions.
struct Facts;

impl ActionFacts for Facts {
    fn access(&self, _: &str) -> Option<Access> {
        Some(Access::Write)
    }

    fn expand(&self, pattern: &str) -> Vec<SmolStr> {
        let glob = Glob::pattern(&TemplateString::from(pattern)).ignoring_case();
        ACTIONS.iter().filter(|row| glob.matches(row.0).is_yes()).map(|row| row.0.into()).collect()
    }

    fn resource_types(&self, action: &str) -> Option<Vec<SmolStr>> {
        let row = ACTIONS.iter().find(|(name, _)| name.eq_ignore_ascii_case(action))?;
        Some(row.1.iter().map(|text| (*text).into()).collect())
    }

    fn service_types(&self, _: &str) -> Vec<SmolStr> {
        vec![PLAIN.into()]
    }

    fn prefixes(&self, service: &str) -> Vec<SmolStr> {
        vec![service.into()]
    }
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % below
    }

    fn one<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.roll(list.len())]
    }

    fn chance(&mut self, of: usize) -> bool {
        self.roll(of) == 0
    }
}

fn one_or_many(mut values: Vec<String>) -> Value {
    if values.len() == 1 { json!(values.remove(0)) } else { json!(values) }
}

fn action(dice: &mut Dice) -> String {
    dice.one(&["s:a", "s:b", "s:ab", "s:*", "*", "s:a*", "s:?", "S:A", "t:*", "t:z", "s:?b", "*:b*", "t:bb"])
        .to_owned()
}

fn resource(dice: &mut Dice) -> String {
    let name: String = (0..dice.roll(4)).map(|_| dice.one(&["a", "b", "*", "?", "/", "a", "*"])).collect();
    match dice.roll(16) {
        0 => "*".to_owned(),
        1 => dice.one(&["arn:p:s", "arn:p:s:*", "arn:*", "arn:p:s::", "arn:p:?:::a"]).to_owned(),
        2 => format!("arn:p:s:::{name}${{k}}"),
        3 => format!("arn:p:s:::${{K}}{name}"),
        4 => "arn:p:s:::${k, 'b'}".to_owned(),
        5 => "arn:p:s:::a${*}".to_owned(),
        6 => format!("arn:p:s:x:y:{name}"),
        7 => format!("arn:p:s:*:*:{name}"),
        8 => format!("arn:p:s:::a{name}${{j}}"),
        _ => format!("arn:p:s:::{name}"),
    }
}

/// Operators of a kind, the keys they are used on, and values.
const KINDS: &[(&[&str], &[&str], &[&str])] = &[
    (
        &[
            "StringEquals",
            "StringNotEquals",
            "StringLike",
            "StringNotLike",
            "StringEqualsIgnoreCase",
            "StringNotEqualsIgnoreCase",
            "BinaryEquals",
        ],
        &["k", "j"],
        &["a", "b", "ab", "a*", "?", "A", "*", "${j}", "x${k}", "${k, 'a'}", "b*a"],
    ),
    (
        &[
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericLessThanEquals",
            "NumericGreaterThan",
            "NumericGreaterThanEquals",
        ],
        &["n"],
        &["1", "2", "2.0", "1.5"],
    ),
    (
        &[
            "DateEquals",
            "DateNotEquals",
            "DateLessThan",
            "DateLessThanEquals",
            "DateGreaterThan",
            "DateGreaterThanEquals",
        ],
        &["d"],
        &["2026-01-02", "2026-01-03T00:00:00Z"],
    ),
    (&["Bool"], &["f"], &["true", "false", "True"]),
    (&["IpAddress", "NotIpAddress"], &["i"], &["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "0.0.0.0/0"]),
    (
        &["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
        &["r"],
        &["arn:p:s:::a", "arn:p:s:::*", "arn:p:*:::a", "arn:*:s:::b?", "arn:p:s:*:*:a"],
    ),
    (&["Null"], &["k", "n", "f"], &["true", "false"]),
    (&["StringMatches", "NumericMatches"], &["k", "n"], &["a", "1"]),
];

fn condition(dice: &mut Dice, block: &mut BTreeMap<String, BTreeMap<String, Value>>) {
    let (operators, keys, values) = KINDS[if dice.chance(2) { 0 } else { dice.roll(KINDS.len()) }];
    let mut operator = dice.one(operators).to_owned();
    if operator != "Null" && !operator.ends_with("Matches") {
        match dice.roll(6) {
            0 => operator.insert_str(0, "ForAllValues:"),
            1 => operator.insert_str(0, "ForAnyValue:"),
            _ => {}
        }
        if dice.chance(4) {
            operator.push_str("IfExists");
        }
    }
    let key = if dice.chance(30) { "k" } else { dice.one(keys) };
    let key = if dice.chance(4) { key.to_uppercase() } else { key.to_owned() };
    let stated = (0..=dice.roll(2)).map(|_| dice.one(values).to_owned()).collect();
    block.entry(operator).or_default().insert(key, one_or_many(stated));
}

fn statement(dice: &mut Dice) -> Value {
    let mut statement = json!({"Effect": if dice.chance(3) { "Deny" } else { "Allow" }});
    let actions = (0..=dice.roll(2)).map(|_| action(dice)).collect();
    statement[if dice.chance(6) { "NotAction" } else { "Action" }] = one_or_many(actions);
    let resources = (0..=dice.roll(2)).map(|_| resource(dice)).collect();
    statement[if dice.chance(6) { "NotResource" } else { "Resource" }] = one_or_many(resources);
    let mut block = BTreeMap::new();
    for _ in 0..dice.roll(5).saturating_sub(1).min(2) {
        condition(dice, &mut block);
    }
    if !block.is_empty() {
        statement["Condition"] = json!(block);
    }
    statement
}

/// A document; now and then one that is nearly the other.
fn document(dice: &mut Dice, like: Option<&Value>) -> Value {
    let version = if dice.chance(12) { "2008-10-17" } else { "2012-10-17" };
    let mut statements: Vec<Value> = match like {
        Some(like) if dice.chance(2) => like["Statement"].as_array().unwrap().clone(),
        _ => (0..=dice.roll(3)).map(|_| statement(dice)).collect(),
    };
    if dice.chance(2) {
        let place = dice.roll(statements.len());
        let fresh = statement(dice);
        match dice.roll(4) {
            0 => statements.push(fresh),
            1 => statements[place]["Effect"] = fresh["Effect"].clone(),
            2 => {
                let statement = statements[place].as_object_mut().unwrap();
                statement.remove("Condition");
                statement.extend(fresh.get("Condition").map(|block| ("Condition".to_owned(), block.clone())));
            }
            _ => {
                let statement = statements[place].as_object_mut().unwrap();
                for name in ["Resource", "NotResource"] {
                    statement.remove(name);
                    statement.extend(fresh.get(name).map(|list| (name.to_owned(), list.clone())));
                }
            }
        }
    }
    json!({"Version": version, "Statement": statements})
}

/// Every value that is tried of a key, by its name: what it may be, alone or with others.
fn values(key: &str, sets: bool) -> Vec<Vec<String>> {
    let singles: &[&str] = match key {
        "k" | "j" => &["a", "b", "A", "ab", "c", "", "*", "xa", "ba", "b*"],
        "n" => &["0", "1", "1.25", "1.5", "1.75", "2", "3"],
        "d" => &["2026-01-01", "2026-01-02", "2026-01-02T12:00:00Z", "2026-01-03", "2026-01-04"],
        "f" => &["true", "false"],
        "i" => &["9.0.0.0", "10.0.0.1", "10.1.0.1", "10.1.2.3", "11.0.0.0", "::1"],
        _ => &["arn:p:s:::a", "arn:p:s:::bc", "arn:q:s:::bb", "arn:p:s:x:y:a", "arn:p:t:::a", "arn:p:s:::b"],
    };
    let mut all: Vec<Vec<String>> = singles.iter().map(|value| vec![(*value).to_owned()]).collect();
    if sets {
        for (place, first) in singles.iter().enumerate() {
            all.extend(singles[place..].iter().map(|second| vec![(*first).to_owned(), (*second).to_owned()]));
        }
    }
    all
}

/// The keys that documents ask for, with whether a set operator does.
fn keys(documents: [&Value; 2]) -> BTreeMap<String, bool> {
    let mut keys: BTreeMap<String, bool> = BTreeMap::new();
    for document in documents {
        for statement in document["Statement"].as_array().unwrap() {
            for (operator, tests) in statement["Condition"].as_object().into_iter().flatten() {
                for key in tests.as_object().unwrap().keys() {
                    *keys.entry(key.to_lowercase()).or_default() |= operator.starts_with("For");
                }
            }
        }
        let text = document.to_string().to_lowercase();
        for key in ["k", "j"] {
            if text.contains(&format!("${{{key}")) {
                keys.entry(key.to_owned()).or_default();
            }
        }
    }
    keys
}

fn resources(action: &str) -> Vec<String> {
    let mut names: Vec<String> = vec![String::new()];
    let mut last = names.clone();
    for _ in 0..3 {
        last = last
            .iter()
            .flat_map(|name| ["a", "b", "c", "/", "*"].map(|next| format!("{name}{next}")))
            .collect();
        names.extend(last.iter().cloned());
    }
    let plain = names.iter().map(|name| format!("arn:p:s:::{name}"));
    let placed = names.iter().flat_map(|name| [format!("arn:p:s:x:y:{name}"), format!("arn:p:s::y:{name}")]);
    match action {
        "s:a" | "t:bb" => plain.chain(["arn:q:s:::a".to_owned()]).collect(),
        "s:ab" => placed.collect(),
        "s:b" => vec!["*".to_owned()],
        _ => plain.chain(placed).chain(["*".to_owned()]).collect(),
    }
}

/// Whether a document uses an operator that nobody knows.
fn is_foreign(document: &Value) -> bool {
    document.to_string().contains("Matches")
}

/// A request that one side allows and the other does not, among some that are tried.
fn refutation(dice: &mut Dice, old: &Value, new: &Value, tries: usize) -> Option<(String, String, Keys)> {
    let asked = keys([old, new]);
    let choices: Vec<(String, Vec<Vec<String>>)> =
        asked.into_iter().map(|(key, sets)| (key.clone(), values(&key, sets))).collect();
    let lists: Vec<(&str, Vec<String>)> =
        ["s:a", "s:ab", "s:b", "t:bb", "t:z"].map(|action| (action, resources(action))).to_vec();
    let literal = [old, new].iter().any(|document| document.to_string().contains("\"t:z\""));
    for _ in 0..tries {
        set_meaning(dice.roll(1 << 16) as u64);
        let (action, resources) = &lists[dice.roll(lists.len())];
        if *action == "t:z" && !literal {
            continue;
        }
        let resource = &resources[dice.roll(resources.len())];
        let mut keys = Keys::new();
        for (key, values) in &choices {
            if !dice.chance(4) {
                keys.insert(key.clone(), values[dice.roll(values.len())].clone());
            }
        }
        let of = |document: &Value| allows(std::slice::from_ref(document), action, resource, &keys);
        if of(old) && !of(new) {
            return Some(((*action).to_owned(), resource.clone(), keys));
        }
    }
    None
}

fn authority(document: &Document) -> Authority<'_> {
    Authority { layers: vec![vec![document]] }
}

fn relation(engine: &mut Engine<'_>, old: &Document, new: &Document) -> Relation {
    engine.compare(&authority(old), &authority(new), Reading::Whole).relation()
}

/// Stops where the evaluator that tries does not agree; tells whether the answer was left open.
fn check(dice: &mut Dice, answer: &Answer, more: &Value, less: &Value, tries: usize) -> bool {
    match answer {
        Answer::Unknown => return true,
        Answer::Found(witness) => {
            let keys: Keys =
                witness.context.iter().map(|(key, values)| (key.to_lowercase(), values.clone())).collect();
            let of = |document: &Value| {
                allows(std::slice::from_ref(document), &witness.action, &witness.resource, &keys)
            };
            for meaning in 0..4 {
                set_meaning(meaning);
                assert!(of(more) && !of(less), "no witness: {witness:?}\n{more}\n{less}");
            }
        }
        Answer::None => {
            if let Some(found) = refutation(dice, more, less, tries) {
                panic!("overlooked: {found:?}\n{more}\n{less}");
            }
        }
    }
    false
}

/// How many cases are tried: a few thousand, or as many as the environment says.
fn cases() -> u64 {
    std::env::var("LEASTWISE_DEEP").ok().and_then(|text| text.parse().ok()).unwrap_or(1_500)
}

/// Of so many answers at most one is left open, where all operators are known.
const BOUND: u64 = 33;

#[test]
fn no_verdict_is_wrong() {
    let mut engine = Engine::new(&Facts);
    let (mut open, mut foreign, mut open_of_foreign) = (0, 0, 0);
    let mut standings: BTreeMap<&'static str, u64> = BTreeMap::new();
    for seed in 1..=cases() {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        dice.roll(1);
        let old = document(&mut dice, None);
        let new = document(&mut dice, Some(&old));
        let ((first, _), (second, _)) = (read(old.clone()), read(new.clone()));
        let found = relation(&mut engine, &first, &second);
        let lost = check(&mut dice, &found.lost, &old, &new, 150);
        let gained = check(&mut dice, &found.gained, &new, &old, 150);
        let undecided = u64::from(lost) + u64::from(gained);
        if is_foreign(&old) || is_foreign(&new) {
            foreign += 1;
            open_of_foreign += undecided;
        } else {
            open += undecided;
        }
        let word = match found.standing() {
            Standing::Equal => "equal",
            Standing::Narrower => "narrower",
            Standing::Wider => "wider",
            Standing::Incomparable => "incomparable",
            Standing::Unknown => "unknown",
        };
        *standings.entry(word).or_default() += 1;
    }
    let known = cases() - foreign;
    println!(
        "{} pairs: {standings:?}; left open: {open} of {} answers, {open_of_foreign} of {} where nobody knows an operator",
        cases(),
        known * 2,
        foreign * 2
    );
    assert!(foreign > cases() / 20, "{foreign} pairs with operators that nobody knows");
    assert!(open * BOUND < known * 2, "{open} answers left open");
    assert!(
        open_of_foreign * 2 < foreign * 2,
        "{open_of_foreign} answers left open where nobody knows an operator"
    );
}

/// What the statements allow alone is confirmed, and nothing that is lost is left out.
#[test]
fn gaps_add_up_to_the_difference() {
    let mut engine = Engine::new(&Facts);
    for seed in 1..=cases() / 4 {
        let mut dice = Dice(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1);
        dice.roll(1);
        let old = document(&mut dice, None);
        let new = document(&mut dice, Some(&old));
        let ((first, _), (second, _)) = (read(old.clone()), read(new.clone()));
        let mut comparison = engine.compare(&authority(&first), &authority(&second), Reading::Whole);
        let lost = comparison.relation().lost;
        let gaps = comparison.gaps(Side::Old);
        let actions: BTreeSet<&SmolStr> = gaps.iter().flat_map(|gap| &gap.actions).collect();
        match lost {
            Answer::None => assert!(actions.is_empty(), "{gaps:?}\n{old}\n{new}"),
            Answer::Found(_) => assert!(!actions.is_empty(), "{old}\n{new}"),
            Answer::Unknown => {}
        }
        for witness in gaps.iter().flat_map(|gap| &gap.witnesses) {
            let answer = Answer::Found(witness.clone());
            check(&mut dice, &answer, &old, &new, 0);
        }
        let undecided: BTreeSet<&SmolStr> = gaps.iter().flat_map(|gap| &gap.undecided).collect();
        if let Some((action, resource, keys)) = refutation(&mut dice, &old, &new, 150) {
            let known = |action: &str| {
                actions.iter().chain(&undecided).any(|other| other.eq_ignore_ascii_case(action))
            };
            assert!(known(&action), "{action} {resource} {keys:?} is in no gap\n{old}\n{new}");
        }
    }
}

/// Who holds a policy under a boundary may do what both allow.
#[test]
fn layers_intersect() {
    let mut engine = Engine::new(&Facts);
    for seed in 1..=cases() / 4 {
        let mut dice = Dice(seed.wrapping_mul(0xd134_2543_de82_ef95) | 1);
        dice.roll(1);
        let own = document(&mut dice, None);
        let boundary = document(&mut dice, Some(&own));
        let other = document(&mut dice, Some(&own));
        let read = |value: &Value| read(value.clone()).0;
        let (first, limit, second) = (read(&own), read(&boundary), read(&other));
        let bounded = Authority { layers: vec![vec![&first], vec![&limit]] };
        let found = engine.compare(&bounded, &authority(&second), Reading::Whole).relation();
        for (answer, is_lost) in [(&found.lost, true), (&found.gained, false)] {
            let Answer::Found(witness) = answer else { continue };
            let keys: Keys =
                witness.context.iter().map(|(key, values)| (key.to_lowercase(), values.clone())).collect();
            let of = |document: &Value| {
                allows(std::slice::from_ref(document), &witness.action, &witness.resource, &keys)
            };
            set_meaning(dice.roll(1 << 16) as u64);
            assert_eq!(of(&own) && of(&boundary), is_lost, "{witness:?}\n{own}\n{boundary}\n{other}");
            assert_eq!(of(&other), !is_lost, "{witness:?}\n{own}\n{boundary}\n{other}");
        }
        let nothing_lost = matches!(found.lost, Answer::None);
        if nothing_lost && let Some((action, resource, keys)) = refutation(&mut dice, &own, &other, 60) {
            let within = allows(std::slice::from_ref(&boundary), &action, &resource, &keys);
            assert!(!within, "overlooked: {action} {resource} {keys:?}\n{own}\n{boundary}\n{other}");
        }
        // A boundary takes away and never gives.
        let narrower = engine.compare(&authority(&first), &bounded, Reading::Whole).relation();
        assert!(!matches!(narrower.gained, Answer::Found(_)), "{own}\n{boundary}");
    }
}

#[test]
fn an_empty_layer_allows_nothing() {
    let mut engine = Engine::new(&Facts);
    let all = policy(json!({"Effect": "Allow", "Action": "*", "Resource": "*"}));
    let none = policy(json!([]));
    let bounded = Authority { layers: vec![vec![&all], vec![&none]] };
    let mut standing =
        |new: &Document| engine.compare(&bounded, &authority(new), Reading::Whole).relation().standing();
    assert_eq!(standing(&none), Standing::Equal);
    assert_eq!(standing(&all), Standing::Wider);
}
