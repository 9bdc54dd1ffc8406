//! Conditions: what an operator means, and whether a condition holds for a request known in whole or in part.

use std::cmp::Ordering;

use indexmap::IndexMap;

use super::literal::{addresses, date, number};
use super::model::Condition;
use crate::text::{Glob, Hole, SmolStr, TemplateString, Verdict};

/// How the values of a key that has many are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantifier {
    /// The key has one value.
    One,
    /// `ForAnyValue:`
    Any,
    /// `ForAllValues:`
    All,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Text,
    TextIgnoringCase,
    Like,
    Arn,
    Flag,
    Number(Order),
    Date(Order),
    Address,
    Null,
}

/// The order that a number or date of the request must have to the stated one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A condition operator, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    pub(super) quantifier: Quantifier,
    pub(super) comparison: Comparison,
    pub(super) negated: bool,
    pub(super) if_exists: bool,
}

impl Operator {
    /// Takes an operator apart, whatever its case; `None` for one that is not known.
    pub fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (quantifier, name) = match name.split_once(':') {
            Some(("foranyvalue", name)) => (Quantifier::Any, name),
            Some(("forallvalues", name)) => (Quantifier::All, name),
            Some(_) => return None,
            None => (Quantifier::One, name.as_str()),
        };
        let (name, if_exists) = match name.strip_suffix("ifexists") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (comparison, negated) = comparison(name)?;
        Some(Self { quantifier, comparison, negated, if_exists })
    }

    /// Whether the condition holds where the request has no such key.
    pub(super) fn without_key(self) -> bool {
        match self.quantifier {
            Quantifier::All => true,
            Quantifier::Any => self.if_exists,
            Quantifier::One => self.if_exists || self.negated,
        }
    }
}

fn comparison(name: &str) -> Option<(Comparison, bool)> {
    Some(match name {
        "stringequals" | "binaryequals" => (Comparison::Text, false),
        "stringnotequals" => (Comparison::Text, true),
        "stringequalsignorecase" => (Comparison::TextIgnoringCase, false),
        "stringnotequalsignorecase" => (Comparison::TextIgnoringCase, true),
        "stringlike" => (Comparison::Like, false),
        "stringnotlike" => (Comparison::Like, true),
        "arnequals" | "arnlike" => (Comparison::Arn, false),
        "arnnotequals" | "arnnotlike" => (Comparison::Arn, true),
        "bool" => (Comparison::Flag, false),
        "ipaddress" => (Comparison::Address, false),
        "notipaddress" => (Comparison::Address, true),
        "null" => (Comparison::Null, false),
        _ => {
            let (kind, name): (fn(Order) -> Comparison, _) = match name.strip_prefix("numeric") {
                Some(name) => (Comparison::Number, name),
                None => (Comparison::Date, name.strip_prefix("date")?),
            };
            let (order, negated) = order(name)?;
            (kind(order), negated)
        }
    })
}

fn order(name: &str) -> Option<(Order, bool)> {
    Some(match name {
        "equals" => (Order::Equal, false),
        "notequals" => (Order::Equal, true),
        "lessthan" => (Order::Less, false),
        "lessthanequals" => (Order::LessOrEqual, false),
        "greaterthan" => (Order::Greater, false),
        "greaterthanequals" => (Order::GreaterOrEqual, false),
        _ => return None,
    })
}

/// The values of a request's condition keys.
#[derive(Clone, Debug, Default)]
pub struct Context {
    values: IndexMap<SmolStr, Vec<TemplateString>>,
    /// Whether a key that is not listed is known to be absent; else nothing is known of it.
    complete: bool,
}

impl Context {
    /// A context in which every key that is not listed is absent.
    pub fn complete() -> Self {
        Self { values: IndexMap::new(), complete: true }
    }

    /// A context of which only the listed keys are known.
    pub fn partial() -> Self {
        Self::default()
    }

    /// The same context with the values of one more key.
    #[must_use]
    pub fn with(mut self, key: &str, values: impl IntoIterator<Item = TemplateString>) -> Self {
        self.values.insert(key.to_ascii_lowercase().into(), values.into_iter().collect());
        self
    }

    fn get(&self, key: &str) -> Option<&[TemplateString]> {
        self.values.get(key.to_ascii_lowercase().as_str()).map(Vec::as_slice)
    }

    /// The text with every policy variable replaced that the context has one value for; `None` where it is known to
    /// have none, so that the text stands for nothing.
    pub fn substitute(&self, text: &TemplateString) -> Option<TemplateString> {
        let mut missing = false;
        let filled = text.fill(|hole| {
            let Hole::PolicyVariable(name) = hole else { return None };
            let (key, default) = match name.split_once(", ") {
                Some((key, default)) => (key, Some(default.trim_matches('\''))),
                None => (name.as_str(), None),
            };
            match (self.get(key), default) {
                (Some([value]), _) => Some(literal(value)),
                (None, Some(default)) if self.complete => Some(literal(&default.into())),
                _ => {
                    missing |= self.complete && !matches!(key, "*" | "?" | "$");
                    None
                }
            }
        });
        (!missing).then_some(filled)
    }
}

/// The text with what would be wildcards as plain characters.
fn literal(text: &TemplateString) -> TemplateString {
    let Some(known) = text.as_literal() else { return text.clone() };
    let mut escaped = TemplateString::new();
    for character in known.chars() {
        let mut buffer = [0; 4];
        let text: &str = character.encode_utf8(&mut buffer);
        if matches!(character, '*' | '?') {
            escaped.push_hole(Hole::PolicyVariable(text.into()));
        } else {
            escaped.push_str(text);
        }
    }
    escaped
}

impl Condition {
    /// Whether the condition holds in this context.
    pub fn holds(&self, context: &Context) -> Verdict {
        let Some(operator) = Operator::parse(&self.operator) else { return Verdict::Unknown };
        let values = context.get(&self.key);
        if operator.comparison == Comparison::Null {
            return self.holds_null(values.is_some_and(|values| !values.is_empty()), context);
        }
        match values {
            None if !context.complete => Verdict::Unknown,
            None | Some([]) => operator.without_key().into(),
            Some([_, _, ..]) if operator.quantifier == Quantifier::One => Verdict::No,
            Some(values) => {
                let each = values.iter().map(|value| self.admits(operator, value, context));
                match operator.quantifier {
                    Quantifier::Any => Verdict::any(each),
                    Quantifier::One | Quantifier::All => Verdict::all(each),
                }
            }
        }
    }

    fn holds_null(&self, present: bool, context: &Context) -> Verdict {
        let wants = |text: &str| {
            self.values
                .iter()
                .any(|value| value.as_literal().is_some_and(|value| value.eq_ignore_ascii_case(text)))
        };
        match present {
            true => wants("false").into(),
            false if context.complete => wants("true").into(),
            false => Verdict::Unknown,
        }
    }

    /// Whether one value of the request passes.
    pub(super) fn admits(&self, operator: Operator, value: &TemplateString, context: &Context) -> Verdict {
        let stated = self.values.iter().filter_map(|stated| context.substitute(stated));
        // Numbers, dates and addresses know no variables: a text with one is no such value, and nothing passes it.
        let plain = self.values.iter().filter(|stated| !stated.holes().any(is_variable)).cloned();
        let verdict = match operator.comparison {
            Comparison::Null => Verdict::Unknown,
            Comparison::Number(order) => compare(plain, value, |a, b| in_order(order, a, b, number)),
            Comparison::Date(order) => compare(plain, value, |a, b| in_order(order, a, b, date)),
            Comparison::Address => compare(plain, value, |a, b| {
                let ((six, first, last), (of_six, low, high)) = (addresses(a)?, addresses(b)?);
                Some(six == of_six && first <= low && high <= last)
            }),
            text => text_admits(text, stated.collect(), value, context.complete),
        };
        if operator.negated { verdict.negate() } else { verdict }
    }
}

fn is_variable(hole: &Hole) -> bool {
    matches!(hole, Hole::PolicyVariable(_))
}

/// Whether a value is among those stated. Of a request that is known in part it may be a pattern itself.
fn text_admits(
    comparison: Comparison,
    stated: Vec<TemplateString>,
    value: &TemplateString,
    is_text: bool,
) -> Verdict {
    let glob = |text: &TemplateString, value: bool| match comparison {
        Comparison::TextIgnoringCase | Comparison::Flag => Glob::exact(text).ignoring_case(),
        _ if value && is_text => Glob::exact(text),
        Comparison::Arn => Glob::arn_parts(text),
        Comparison::Like => Glob::held(text),
        _ if value => Glob::pattern(text),
        _ => Glob::exact(text),
    };
    let value = glob(value, true);
    let stated: Vec<Glob> = stated.iter().map(|text| glob(text, false)).collect();
    let all: Vec<&Glob> = stated.iter().collect();
    match value.covered_by(&all) {
        Verdict::No if stated.iter().all(|stated| stated.overlaps(&value).is_no()) => Verdict::No,
        Verdict::No => Verdict::Unknown,
        decided => decided,
    }
}

/// Whether the value passes against one of those stated; a text that is no such value passes nothing.
fn compare(
    stated: impl Iterator<Item = TemplateString>,
    value: &TemplateString,
    passes: impl Fn(&str, &str) -> Option<bool>,
) -> Verdict {
    Verdict::any(stated.map(|stated| match (stated.as_literal(), value.as_literal()) {
        (Some(stated), Some(value)) => passes(stated, value).unwrap_or(false).into(),
        _ => Verdict::Unknown,
    }))
}

fn in_order(order: Order, stated: &str, value: &str, read: fn(&str) -> Option<f64>) -> Option<bool> {
    let ordering = read(value)?.partial_cmp(&read(stated)?)?;
    Some(match order {
        Order::Equal => ordering == Ordering::Equal,
        Order::Less => ordering == Ordering::Less,
        Order::LessOrEqual => ordering != Ordering::Greater,
        Order::Greater => ordering == Ordering::Greater,
        Order::GreaterOrEqual => ordering != Ordering::Less,
    })
}

/// Whether a condition holds for every request of which the facts are known. Several values of a fact are
/// alternatives: each request has one of them.
pub fn implied(condition: &Condition, facts: &[Condition]) -> Verdict {
    if facts.contains(condition) {
        return Verdict::Yes;
    }
    let about = facts.iter().filter(|fact| fact.key.eq_ignore_ascii_case(&condition.key));
    if let Some(operator) = Operator::parse(&condition.operator)
        && operator.comparison != Comparison::Null
        && about.clone().any(says_absent)
    {
        return operator.without_key().into();
    }
    let verdicts = about.filter(|fact| states_values(fact)).map(|fact| {
        let mut each = fact
            .values
            .iter()
            .map(|value| condition.holds(&Context::partial().with(&fact.key, [value.clone()])));
        let first = each.next().unwrap_or(Verdict::Unknown);
        if each.all(|next| next == first) { first } else { Verdict::Unknown }
    });
    verdicts.reduce(|a, b| if a == Verdict::Unknown { b } else { a }).unwrap_or(Verdict::Unknown)
}

/// Whether the fact says that a request has no such key.
fn says_absent(fact: &Condition) -> bool {
    let is_true = |value: &TemplateString| value.as_literal() == Some("true");
    fact.operator.eq_ignore_ascii_case("Null") && fact.values.iter().all(is_true)
}

/// Whether the fact says which value a request has.
fn states_values(fact: &Condition) -> bool {
    Operator::parse(&fact.operator).is_some_and(|operator| {
        let comparison = operator.comparison;
        let is_value =
            matches!(comparison, Comparison::Text | Comparison::Like | Comparison::Arn | Comparison::Flag);
        is_value && operator.quantifier == Quantifier::One && !operator.negated && !operator.if_exists
    })
}
