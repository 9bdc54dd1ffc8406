//! The rules of evaluation once more, written for tests alone and from the rules alone: over the JSON of the policies,
//! by trying. It shares no code with the program.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde_json::Value;

/// Keys in small letters, with their values.
pub(crate) type Keys = BTreeMap<String, Vec<String>>;

thread_local! {
    /// What operators mean that nobody knows: another number, another meaning.
    static MEANING: Cell<u64> = const { Cell::new(0) };
}

/// Gives operators that nobody knows another meaning.
pub(crate) fn set_meaning(meaning: u64) {
    MEANING.set(meaning);
}

/// Whether a condition holds of which nobody knows the operator: something or other, the same for the same request.
fn holds_by_chance(operator: &str, key: &str, stated: &[String], keys: &Keys) -> bool {
    let mut stated = stated.to_vec();
    stated.sort();
    stated.dedup();
    let mut hasher = DefaultHasher::new();
    (operator.to_lowercase(), key.to_lowercase(), stated, keys, MEANING.get()).hash(&mut hasher);
    hasher.finish().is_multiple_of(2)
}

#[derive(Clone, Copy, PartialEq)]
enum Step {
    Char(char),
    One,
    Run,
}

/// Whether a request is allowed by policies taken together.
pub(crate) fn allows(documents: &[Value], action: &str, resource: &str, keys: &Keys) -> bool {
    let mut allowed = false;
    for document in documents {
        let variables = document["Version"] == "2012-10-17";
        for statement in list(&document["Statement"]) {
            if applies(statement, variables, action, resource, keys) {
                if statement["Effect"] == "Deny" {
                    return false;
                }
                allowed = true;
            }
        }
    }
    allowed
}

fn list(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().collect(),
        Value::Null => Vec::new(),
        one => vec![one],
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn applies(statement: &Value, variables: bool, action: &str, resource: &str, keys: &Keys) -> bool {
    let (actions, not_action) = element(statement, "Action");
    let lower = action.to_lowercase();
    let names = |pattern: &Value| {
        matches(&steps(&text(pattern).to_lowercase(), false, keys).unwrap_or_default(), &lower)
    };
    if actions.iter().any(|pattern| names(pattern)) == not_action {
        return false;
    }
    let (resources, not_resource) = element(statement, "Resource");
    let is_named = |pattern: &Value| {
        let mut pattern = text(pattern);
        while pattern.starts_with("arn:") && pattern.matches(':').count() < 5 {
            pattern.push_str(":*");
        }
        steps(&pattern, variables, keys).is_some_and(|steps| matches(&steps, resource))
    };
    if resources.iter().any(|pattern| is_named(pattern)) == not_resource {
        return false;
    }
    let Some(block) = statement["Condition"].as_object() else { return true };
    block.iter().all(|(operator, tests)| {
        tests.as_object().unwrap().iter().all(|(key, values)| {
            let stated: Vec<String> = list(values).into_iter().map(text).collect();
            if operator.contains("Matches") {
                return holds_by_chance(operator, key, &stated, keys);
            }
            holds(
                operator,
                &stated,
                keys.get(&key.to_lowercase()).map(Vec::as_slice).unwrap_or_default(),
                variables,
                keys,
            )
        })
    })
}

fn element<'a>(statement: &'a Value, name: &str) -> (Vec<&'a Value>, bool) {
    match statement.get(name) {
        Some(value) => (list(value), false),
        None => (list(&statement[format!("Not{name}")]), true),
    }
}

/// The pattern with its variables replaced; none where a variable has no value.
fn steps(pattern: &str, variables: bool, keys: &Keys) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        if variables && rest.starts_with("${") {
            let end = rest.find('}').unwrap();
            let name = &rest[2..end];
            rest = &rest[end + 1..];
            if ["*", "?", "$"].contains(&name) {
                steps.extend(name.chars().map(Step::Char));
                continue;
            }
            let (key, default) = match name.split_once(", ") {
                Some((key, default)) => (key, Some(default.trim_matches('\'').to_owned())),
                None => (name, None),
            };
            let value = match keys.get(&key.to_lowercase()).map(Vec::as_slice) {
                Some([one]) => one.clone(),
                Some([]) | None => default?,
                Some(_) => return None,
            };
            steps.extend(value.chars().map(Step::Char));
            continue;
        }
        steps.push(match first {
            '*' => Step::Run,
            '?' => Step::One,
            other => Step::Char(other),
        });
        rest = &rest[first.len_utf8()..];
    }
    Some(steps)
}

fn matches(steps: &[Step], word: &str) -> bool {
    let word: Vec<char> = word.chars().collect();
    let mut reached = vec![false; word.len() + 1];
    reached[0] = true;
    for step in steps {
        let mut next = vec![false; word.len() + 1];
        for at in 0..=word.len() {
            match step {
                Step::Run => next[at] = reached[at] || (at > 0 && next[at - 1]),
                Step::One => next[at] = at > 0 && reached[at - 1],
                Step::Char(own) => next[at] = at > 0 && reached[at - 1] && word[at - 1] == *own,
            }
        }
        reached = next;
    }
    reached[word.len()]
}

fn holds(operator: &str, stated: &[String], values: &[String], variables: bool, keys: &Keys) -> bool {
    let (set, name) = operator.split_once(':').map_or(("", operator), |(set, name)| (set, name));
    let (name, if_exists) = name.strip_suffix("IfExists").map_or((name, false), |name| (name, true));
    if name == "Null" {
        return stated.iter().any(|text| text == if values.is_empty() { "true" } else { "false" });
    }
    let negated = name.contains("Not");
    let passes =
        |value: &String| stated.iter().any(|stated| one(name, stated, value, variables, keys)) != negated;
    match (set, values) {
        ("ForAllValues", values) => values.iter().all(passes),
        ("ForAnyValue", []) => if_exists,
        ("ForAnyValue", values) => values.iter().any(passes),
        (_, []) => if_exists || negated,
        (_, [only]) => passes(only),
        (_, _) => false,
    }
}

/// Whether one value passes against one that is stated, before negation.
fn one(name: &str, stated: &str, value: &str, variables: bool, keys: &Keys) -> bool {
    let literal = |text: &str| {
        steps(text, variables, keys).map(|steps| {
            steps
                .into_iter()
                .map(|step| match step {
                    Step::Run => '*',
                    Step::One => '?',
                    Step::Char(own) => own,
                })
                .collect::<String>()
        })
    };
    let name = name.replace("Not", "");
    match name.as_str() {
        "StringEquals" | "BinaryEquals" => literal(stated).is_some_and(|stated| stated == value),
        "StringEqualsIgnoreCase" | "Bool" => {
            literal(stated).is_some_and(|stated| stated.eq_ignore_ascii_case(value))
        }
        "StringLike" => steps(stated, variables, keys).is_some_and(|steps| matches(&steps, value)),
        "ArnEquals" | "ArnLike" => {
            let (own, other): (Vec<&str>, Vec<&str>) =
                (stated.splitn(6, ':').collect(), value.splitn(6, ':').collect());
            own.len() == other.len()
                && own.iter().zip(&other).all(|(own, other)| {
                    steps(own, variables, keys).is_some_and(|steps| matches(&steps, other))
                })
        }
        "IpAddress" => {
            let (network, length) = stated.split_once('/').unwrap_or((stated, "32"));
            let bits = |text: &str| {
                text.split('.')
                    .filter_map(|part| part.parse::<u32>().ok())
                    .fold(0_u64, |all, part| all << 8 | u64::from(part))
            };
            let free = 32 - length.parse::<u32>().unwrap();
            value.split('.').filter(|part| part.parse::<u8>().is_ok()).count() == 4
                && bits(network) >> free == bits(value) >> free
        }
        other => {
            let (read, order): (fn(&str) -> Option<f64>, &str) = match other.strip_prefix("Numeric") {
                Some(order) => (|text| text.parse().ok(), order),
                None => (day, other.strip_prefix("Date").unwrap()),
            };
            let (Some(value), Some(stated)) = (read(value), read(stated)) else { return false };
            match order {
                "Equals" => value == stated,
                "LessThan" => value < stated,
                "LessThanEquals" => value <= stated,
                "GreaterThan" => value > stated,
                "GreaterThanEquals" => value >= stated,
                _ => unreachable!("{other}"),
            }
        }
    }
}

/// Days of January 2026, with a time of the day behind them; few seconds since 1970.
fn day(text: &str) -> Option<f64> {
    let (day, time) = text.split_once('T').map_or((text, "00:00:00Z"), |(day, time)| (day, time));
    if text.len() != 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds: f64 = text.parse().ok()?;
        return Some((1970.0 * 13.0 + 1.0) * 32.0 + 1.0 + seconds / 86400.0);
    }
    let mut parts = day.split('-').map(|part| part.parse::<f64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let mut clock = time.trim_end_matches('Z').split(':').map(|part| part.parse::<f64>().ok());
    let (hours, minutes, seconds) = (clock.next()??, clock.next()??, clock.next()??);
    Some((year * 13.0 + month) * 32.0 + day + (hours * 3600.0 + minutes * 60.0 + seconds) / 86400.0)
}
