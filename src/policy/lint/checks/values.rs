//! Values of conditions: which are readable, which are included in others, which exclude each other.

use super::super::{Lint, Statement, Test, Text};
use crate::policy::condition::{Comparison, Order, Quantifier};
use crate::policy::literal::{addresses, date, number};
use crate::policy::{Condition, Context, Operator};
use crate::text::{Glob, Hole, TemplateString};

/// The values that are compared in such a way.
pub(super) fn of_kind<'a>(
    lint: &Lint<'a>,
    is_kind: impl Fn(Comparison) -> bool,
) -> impl Iterator<Item = &'a Text> {
    let is_meant = move |test: &&Test| test.operator.is_some_and(|operator| is_kind(operator.comparison));
    lint.tests().filter(is_meant).flat_map(|test| &test.values)
}

/// The values that are compared in such a way and cannot be read for it. A variable is no value yet.
pub(super) fn unreadable<'a>(
    lint: &Lint<'a>,
    is_kind: impl Fn(Comparison) -> bool,
    is_readable: impl Fn(&str) -> bool,
) -> Vec<(&'a Text, &'a str)> {
    of_kind(lint, is_kind)
        .filter(|value| value.text.holes().next().is_none())
        .filter_map(|value| Some((value, value.raw.as_literal()?)))
        .filter(|(_, text)| !is_readable(text))
        .collect()
}

/// Whether a test passes where its key is absent, only because it counts all values, and no other test asks for the key.
pub(super) fn passes_without_key(statement: &Statement, test: &Test) -> bool {
    let asks = |other: &Test| {
        let is_null = other.operator.is_some_and(|operator| operator.comparison == Comparison::Null);
        let is_false = other.values.iter().any(|value| value.raw.as_literal() == Some("false"));
        is_null && is_false && other.key.eq_ignore_ascii_case(&test.key)
    };
    let counts_all = test.operator.is_some_and(|operator| {
        operator.quantifier == Quantifier::All && operator.comparison != Comparison::Null
    });
    counts_all && !statement.tests.iter().any(asks)
}

/// Whether whatever passes against one value passes against the other too.
pub(super) fn includes(operator: Operator, outer: &TemplateString, inner: &TemplateString) -> bool {
    let both = |read: fn(&str) -> Option<f64>| Some((read(outer.as_literal()?)?, read(inner.as_literal()?)?));
    let in_order = |order: Order, pair: Option<(f64, f64)>| {
        pair.is_some_and(|(outer, inner)| match order {
            Order::Equal => (outer - inner).abs() < f64::EPSILON,
            Order::Less | Order::LessOrEqual => inner <= outer,
            Order::Greater | Order::GreaterOrEqual => inner >= outer,
        })
    };
    match operator.comparison {
        Comparison::Number(order) => in_order(order, both(number)),
        Comparison::Date(order) => in_order(order, both(date)),
        Comparison::Address => {
            let pair = outer.as_literal().and_then(addresses).zip(inner.as_literal().and_then(addresses));
            pair.is_some_and(|((six, low, high), (of_six, first, last))| {
                six == of_six && low <= first && last <= high
            })
        }
        Comparison::Like => Glob::held(outer).contains(&Glob::held(inner)).is_yes(),
        Comparison::Arn => Glob::arn_parts(outer).contains(&Glob::arn_parts(inner)).is_yes(),
        Comparison::TextIgnoringCase | Comparison::Flag => {
            outer.to_string().eq_ignore_ascii_case(&inner.to_string())
        }
        Comparison::Text | Comparison::Null => outer == inner,
    }
}

/// The first test of a key of which no value passes all tests of the statement.
pub(super) fn contradiction(tests: &[Test]) -> Option<&Test> {
    tests.iter().enumerate().find_map(|(index, test)| {
        let is_same = |other: &Test| other.key.eq_ignore_ascii_case(&test.key);
        if tests.iter().take(index).any(is_same) {
            return None;
        }
        let about: Vec<&Test> = tests.iter().filter(|other| is_same(other)).collect();
        excludes(&about).then_some(test)
    })
}

/// Whether the tests of one key exclude each other. Only what can be tried out is decided.
fn excludes(tests: &[&Test]) -> bool {
    let Some(candidates) = candidates(tests) else { return false };
    let conditions: Vec<Condition> = tests.iter().map(|test| condition(test)).collect();
    let key = tests.first().map_or("", |test| test.key.as_str());
    let absent = Context::complete();
    let fails = |context: &Context| conditions.iter().any(|condition| condition.holds(context).is_no());
    fails(&absent) && candidates.into_iter().all(|value| fails(&Context::complete().with(key, [value])))
}

fn condition(test: &Test) -> Condition {
    let values = test.values.iter().map(|value| value.text.clone()).collect();
    Condition { operator: test.spelled.clone(), key: test.key.clone(), values }
}

/// Values of which one passes where any does; `None` where they cannot be listed.
fn candidates(tests: &[&Test]) -> Option<Vec<TemplateString>> {
    let mut candidates = vec![];
    let mut is_listed = false;
    for test in tests {
        let operator = test.operator?;
        let is_known = |value: &Text| {
            value.text.holes().all(|hole| matches!(hole, Hole::PolicyVariable(name) if name == "*"))
        };
        if operator.quantifier != Quantifier::One || !test.values.iter().all(is_known) {
            return None;
        }
        // A value that cannot be read is the business of another check.
        let is_readable = |text: &str| match operator.comparison {
            Comparison::Number(_) => number(text).is_some(),
            Comparison::Date(_) => date(text).is_some(),
            Comparison::Flag | Comparison::Null => matches!(text, "true" | "false"),
            _ => true,
        };
        if !test.values.iter().all(|value| value.text.as_literal().is_none_or(is_readable)) {
            return None;
        }
        match operator.comparison {
            // Any value will do.
            Comparison::Null => candidates.push(TemplateString::from("x")),
            Comparison::Number(_) => around(test, number, &[0.001, 1.0], &mut candidates),
            Comparison::Date(_) => around(test, date, &[1.0], &mut candidates),
            Comparison::Flag => candidates.extend(["true", "false"].map(TemplateString::from)),
            Comparison::Text if !operator.negated => {
                is_listed = true;
                candidates.extend(test.values.iter().map(|value| value.text.clone()));
            }
            // Patterns, ranges and what must differ have values without number.
            _ => candidates.push(TemplateString::from("\u{0}")),
        }
    }
    let open = TemplateString::from("\u{0}");
    let is_open = candidates.contains(&open);
    candidates.retain(|value| *value != open);
    let is_empty =
        tests.iter().any(|test| test.values.is_empty() && test.operator.is_some_and(|each| !each.negated));
    (!is_open || is_listed || is_empty).then_some(candidates)
}

/// The stated numbers, and those a step below and above.
fn around(test: &Test, read: fn(&str) -> Option<f64>, steps: &[f64], candidates: &mut Vec<TemplateString>) {
    for stated in test.values.iter().filter_map(|value| read(value.text.as_literal()?)) {
        let near = steps.iter().flat_map(|step| [stated - step, stated + step]);
        for value in near.chain([stated]) {
            candidates.push(TemplateString::from(value.to_string().as_str()));
        }
    }
}
