//! What the conditions on one key can come to together: every combination of truths that some value gives.

use rustc_hash::FxHashSet;

use crate::policy::condition::{Comparison, Operator, Quantifier};
use crate::policy::literal::{address_text, addresses, date, date_text, number};
use crate::policy::model::Condition;
use crate::text::{Glob, Hole, Product, SmolStr, TemplateString, TooMuch};

/// Outcomes of one key beyond this number are not looked at.
const MOST_OUTCOMES: usize = 4_096;
/// Conditions on one key beyond this number are not told apart.
const MOST_ATOMS: usize = 128;
/// Conditions whose truth is left open beyond this number are too many combinations.
const MOST_OPEN: usize = 6;

/// One condition: an operator on a key.
#[derive(Clone, Debug)]
pub(super) struct Atom {
    pub(super) condition: Condition,
    /// `None` where nobody knows what the operator, or the value, means.
    pub(super) operator: Option<Operator>,
}

/// A value that a key may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeyValue {
    Absent,
    Values(Vec<TemplateString>),
}

/// One way in which a key decides all the conditions on it.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    /// Which of the conditions hold, one bit each.
    pub(super) truth: u128,
    pub(super) value: KeyValue,
    /// What policy variables must be for it.
    pub(super) binds: Vec<(Hole, TemplateString)>,
}

/// A single value, and the conditions that name it, before negation.
struct Candidate {
    base: u128,
    value: TemplateString,
    binds: Vec<(Hole, TemplateString)>,
}

/// How the values of a key are told apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Family {
    Text,
    Flag,
    Number,
    Date,
    Address,
}

impl Atom {
    fn family(&self) -> Option<Family> {
        Some(match self.operator?.comparison {
            Comparison::Null => return None,
            Comparison::Text | Comparison::TextIgnoringCase | Comparison::Like | Comparison::Arn => {
                Family::Text
            }
            Comparison::Flag => Family::Flag,
            Comparison::Number(_) => Family::Number,
            Comparison::Date(_) => Family::Date,
            Comparison::Address => Family::Address,
        })
    }

    fn is_null(&self) -> bool {
        self.operator.is_some_and(|operator| operator.comparison == Comparison::Null)
    }

    /// The patterns of one that compares texts.
    fn globs(&self) -> Vec<Glob> {
        let Some(operator) = self.operator else { return Vec::new() };
        let glob = |text: &TemplateString| match operator.comparison {
            Comparison::Arn => Glob::arn_parts(text),
            Comparison::Like => Glob::held(text),
            Comparison::TextIgnoringCase | Comparison::Flag => Glob::exact(text).ignoring_case(),
            _ => Glob::exact(text),
        };
        self.condition.values.iter().map(glob).collect()
    }

    fn has_holes(&self) -> bool {
        self.globs().iter().any(|glob| glob.holes().next().is_some())
    }

    /// Whether the value passes, before negation.
    fn names(&self, value: &TemplateString) -> bool {
        let Some(operator) = self.operator else { return false };
        match self.family() {
            Some(Family::Text | Family::Flag) => self.globs().iter().any(|glob| glob.matches_word(value)),
            Some(_) => {
                let passes = self.condition.admits(operator, value, &crate::policy::Context::complete());
                passes.is_yes() != operator.negated
            }
            None => false,
        }
    }

    fn states(&self, text: &str) -> bool {
        self.condition
            .values
            .iter()
            .any(|value| value.as_literal().is_some_and(|value| value.eq_ignore_ascii_case(text)))
    }

    /// Whether it holds where the key is absent.
    fn holds_without_key(&self) -> bool {
        if self.is_null() { self.states("true") } else { self.operator.is_some_and(Operator::without_key) }
    }
}

/// Everything that the conditions on one key may come to. What is impossible may be among it; nothing possible is
/// left out.
///
/// # Errors
/// There is more than is looked at.
pub(super) fn outcomes(atoms: &[&Atom]) -> Result<Vec<Outcome>, TooMuch> {
    if atoms.len() > MOST_ATOMS {
        return Err(TooMuch);
    }
    let mut singles = Outcomes::default();
    for candidate in candidates(atoms)? {
        singles.add(Outcome {
            truth: lifted(atoms, candidate.base),
            value: KeyValue::Values(vec![candidate.value]),
            binds: candidate.binds,
        });
    }
    let mut all = Outcomes::default();
    let absent = mask(atoms, Atom::holds_without_key);
    all.add(Outcome { truth: absent, value: KeyValue::Absent, binds: Vec::new() });
    singles.list.iter().for_each(|single| all.add(single.clone()));
    sets(atoms, &singles.list, &mut all)?;
    with_unknown_operators(atoms, all.list)
}

/// Outcomes of different truths, in the order in which they were found.
#[derive(Default)]
struct Outcomes {
    /// Truths, and whether the key is absent: what holds alike may still differ for variables.
    seen: FxHashSet<(u128, bool)>,
    list: Vec<Outcome>,
}

impl Outcomes {
    fn add(&mut self, outcome: Outcome) {
        if self.seen.insert((outcome.truth, outcome.value == KeyValue::Absent)) {
            self.list.push(outcome);
        }
    }
}

fn mask(atoms: &[&Atom], holds: impl Fn(&Atom) -> bool) -> u128 {
    atoms.iter().enumerate().filter(|(_, atom)| holds(atom)).fold(0, |mask, (index, _)| mask | 1 << index)
}

/// From what names a value to what holds for it.
fn lifted(atoms: &[&Atom], base: u128) -> u128 {
    let negated = mask(atoms, |atom| atom.operator.is_some_and(|operator| operator.negated));
    let null = mask(atoms, Atom::is_null);
    let present = mask(atoms, |atom| atom.is_null() && atom.states("false"));
    ((base ^ negated) & !null) | present
}

/// What several values of the key together come to: any of them for one quantifier, all of them for the other. A
/// key with several values passes no condition without a quantifier.
fn sets(atoms: &[&Atom], singles: &[Outcome], all: &mut Outcomes) -> Result<(), TooMuch> {
    let quantified = |quantifier: Quantifier| {
        mask(atoms, |atom| {
            !atom.is_null() && atom.operator.is_some_and(|operator| operator.quantifier == quantifier)
        })
    };
    let (any, every) = (quantified(Quantifier::Any), quantified(Quantifier::All));
    if any | every == 0 {
        return Ok(());
    }
    let null = mask(atoms, Atom::is_null);
    let mut reached = Outcomes::default();
    for single in singles {
        reached.add(Outcome { truth: single.truth & (any | every | null), ..single.clone() });
    }
    let mut at = 0;
    while let Some(set) = reached.list.get(at).cloned() {
        for single in singles {
            let truth = ((set.truth | single.truth) & any)
                | (set.truth & single.truth & every)
                | (single.truth & null);
            let (KeyValue::Values(mut values), KeyValue::Values(more)) =
                (set.value.clone(), single.value.clone())
            else {
                continue;
            };
            values.extend(more);
            let binds = set.binds.iter().chain(&single.binds).cloned().collect();
            reached.add(Outcome { truth, value: KeyValue::Values(values), binds });
            if reached.list.len() > MOST_OUTCOMES {
                return Err(TooMuch);
            }
        }
        at += 1;
    }
    for set in reached.list {
        // One value twice is two values.
        let value = match set.value {
            KeyValue::Values(values) if values.len() == 1 => {
                KeyValue::Values(values.iter().chain(&values).cloned().collect())
            }
            other => other,
        };
        all.add(Outcome { value, ..set });
    }
    Ok(())
}

/// Conditions with operators that nobody knows may hold or not, whatever the rest.
fn with_unknown_operators(atoms: &[&Atom], known: Vec<Outcome>) -> Result<Vec<Outcome>, TooMuch> {
    let open: Vec<usize> = atoms
        .iter()
        .enumerate()
        .filter(|(_, atom)| atom.operator.is_none())
        .map(|(index, _)| index)
        .collect();
    if open.is_empty() {
        return Ok(known);
    }
    if open.len() > MOST_OPEN {
        return Err(TooMuch);
    }
    let mut all = Outcomes::default();
    for outcome in known {
        for subset in 0..1_u32 << open.len() {
            let mut outcome = outcome.clone();
            for (place, index) in open.iter().enumerate() {
                let bit = 1 << index;
                outcome.truth =
                    if subset >> place & 1 == 1 { outcome.truth | bit } else { outcome.truth & !bit };
            }
            all.add(outcome);
        }
    }
    Ok(all.list)
}

/// Single values of every kind that the conditions tell apart.
fn candidates(atoms: &[&Atom]) -> Result<Vec<Candidate>, TooMuch> {
    let mut families: Vec<Family> = atoms.iter().filter_map(|atom| atom.family()).collect();
    families.sort_unstable();
    families.dedup();
    // A flag beside texts is a text.
    if families.contains(&Family::Text) {
        families.retain(|family| *family != Family::Flag);
    }
    let mut values: Vec<TemplateString> = Vec::new();
    let mut found: Vec<Candidate> = Vec::new();
    for family in &families {
        let of_family: Vec<&Atom> =
            atoms.iter().filter(|atom| atom.family() == Some(*family)).copied().collect();
        match family {
            Family::Text => found.extend(texts(atoms)?),
            Family::Flag if of_family.iter().any(|atom| atom.has_holes()) => found.extend(texts(atoms)?),
            Family::Flag => values.extend(["true".into(), "false".into()]),
            Family::Number => values.extend(points(&of_family, number, |point| point.to_string())),
            Family::Date => values.extend(points(&of_family, date, date_text)),
            Family::Address => values.extend(address_points(&of_family)),
        }
    }
    if families.is_empty() {
        values.push("x".into());
    }
    for value in values {
        found.push(Candidate { base: mask(atoms, |atom| atom.names(&value)), value, binds: Vec::new() });
    }
    if families.len() > 1 {
        cross(atoms, &families, &mut found)?;
    }
    Ok(found)
}

/// Conditions of several kinds on one key: which values pass a mixture of them is not worked out, so that every mixture
/// is taken to be possible.
fn cross(atoms: &[&Atom], families: &[Family], found: &mut Vec<Candidate>) -> Result<(), TooMuch> {
    let of = |family: Family| {
        mask(atoms, |atom| {
            atom.family() == Some(family) || (family == Family::Text && atom.family() == Some(Family::Flag))
        })
    };
    let mut mixed: Vec<u128> = vec![0];
    for family in families {
        let own = of(*family);
        let mut parts: Vec<u128> = found.iter().map(|candidate| candidate.base & own).collect();
        parts.sort_unstable();
        parts.dedup();
        mixed = mixed.iter().flat_map(|mixed| parts.iter().map(move |part| mixed | part)).collect();
        if mixed.len() > MOST_OUTCOMES {
            return Err(TooMuch);
        }
    }
    found.extend(mixed.into_iter().map(|base| Candidate { base, value: "x".into(), binds: Vec::new() }));
    Ok(())
}

/// Texts that the conditions tell apart.
fn texts(atoms: &[&Atom]) -> Result<Vec<Candidate>, TooMuch> {
    let is_text = |atom: &Atom| matches!(atom.family(), Some(Family::Text | Family::Flag));
    let globs: Vec<Vec<Glob>> =
        atoms.iter().map(|atom| if is_text(atom) { atom.globs() } else { Vec::new() }).collect();
    let product = Product {
        within: Vec::new(),
        groups: globs.iter().map(|globs| globs.iter().collect()).collect(),
        stop: Vec::new(),
        budget: 2_000_000,
    };
    let found = product.explore().0?;
    let mut candidates: Vec<Candidate> = found
        .into_iter()
        .map(|found| {
            let base = (0..atoms.len()).filter(|index| found.groups.has(*index));
            Candidate {
                base: base.fold(0, |base, index| base | 1 << index),
                value: found.word,
                binds: vec![],
            }
        })
        .collect();
    // The empty text is an unlikely value; where another does as well, it is shown instead.
    if candidates.iter().any(|candidate| candidate.value.is_empty() && candidate.base == 0)
        && !globs.iter().flatten().any(|glob| glob.matches_word(&"x9q".into()))
    {
        candidates.retain(|candidate| candidate.base != 0);
        candidates.push(Candidate { base: 0, value: "x9q".into(), binds: Vec::new() });
    }
    with_variables(&globs, &mut candidates)?;
    Ok(candidates)
}

/// A variable may have the value of the key, whatever that is: conditions with variables may hold for every text that
/// they can match for some value of the variable, or not hold.
fn with_variables(globs: &[Vec<Glob>], candidates: &mut Vec<Candidate>) -> Result<(), TooMuch> {
    let has_holes = |globs: &[Glob]| globs.iter().any(|glob| glob.holes().next().is_some());
    let open: Vec<usize> =
        globs.iter().enumerate().filter(|(_, globs)| has_holes(globs)).map(|(index, _)| index).collect();
    if open.is_empty() {
        return Ok(());
    }
    if open.len() > MOST_OPEN {
        return Err(TooMuch);
    }
    let literal = |candidate: &&Candidate| candidate.value.as_literal().is_some();
    let mut more = Vec::new();
    for candidate in candidates.iter().filter(literal) {
        for subset in 1..1_u32 << open.len() {
            let mut next = Candidate { base: candidate.base, value: candidate.value.clone(), binds: vec![] };
            let mut possible = true;
            for (_, index) in open.iter().enumerate().filter(|(place, _)| subset >> place & 1 == 1) {
                let own = globs.get(*index).map(Vec::as_slice).unwrap_or_default();
                let way = own.iter().find(|glob| glob.opened().matches_word(&candidate.value));
                possible &= way.is_some();
                next.base |= 1 << index;
                next.binds.extend(way.and_then(|glob| glob.bind(&candidate.value)).unwrap_or_default());
            }
            let chosen = |index: usize| {
                open.iter().position(|own| *own == index).is_some_and(|place| subset >> place & 1 == 1)
            };
            if possible && is_consistent(globs, &open, chosen, &candidate.value) {
                more.push(next);
            }
        }
    }
    candidates.extend(more);
    Ok(())
}

/// Where a condition that holds is about a variable alone, the variable is the value of the key: that decides what else
/// has no other variable.
fn is_consistent(
    globs: &[Vec<Glob>],
    open: &[usize],
    chosen: impl Fn(usize) -> bool,
    value: &TemplateString,
) -> bool {
    let of = |index: &usize| globs.get(*index).map(Vec::as_slice).unwrap_or_default();
    let mut known: Vec<(Hole, TemplateString)> = Vec::new();
    for index in open.iter().filter(|index| chosen(**index)) {
        if let [only] = of(index)
            && only.is_hole()
        {
            known.extend(only.holes().map(|hole| (hole.clone(), value.clone())));
        }
    }
    open.iter().all(|index| {
        let filled: Vec<Glob> = of(index).iter().map(|glob| glob.filled(&known)).collect();
        let is_open = filled.iter().any(|glob| glob.holes().next().is_some());
        is_open || filled.iter().any(|glob| glob.matches_word(value)) == chosen(*index)
    })
}

/// The stated values, and one value between each two and on either side.
fn points(
    atoms: &[&Atom],
    read: fn(&str) -> Option<f64>,
    show: impl Fn(f64) -> String,
) -> Vec<TemplateString> {
    let stated = atoms.iter().flat_map(|atom| &atom.condition.values).filter_map(TemplateString::as_literal);
    let mut stated: Vec<f64> = stated.filter_map(read).collect();
    stated.sort_by(f64::total_cmp);
    stated.dedup();
    let mut points = Vec::new();
    points.extend(stated.first().map_or(Some(0.0), |first| Some(first - 1.0)));
    for (index, value) in stated.iter().enumerate() {
        points.push(*value);
        points.push(stated.get(index + 1).map_or(value + 1.0, |next| f64::midpoint(*value, *next)));
    }
    points.into_iter().map(|point| TemplateString::from(show(point).as_str())).collect()
}

/// The first address of every range in which all conditions say the same.
fn address_points(atoms: &[&Atom]) -> Vec<TemplateString> {
    let stated = atoms.iter().flat_map(|atom| &atom.condition.values).filter_map(TemplateString::as_literal);
    let ranges: Vec<(bool, u128, u128)> = stated.filter_map(addresses).collect();
    let mut points: Vec<(bool, u128)> = vec![(false, 0), (true, 0)];
    for (six, first, last) in ranges {
        let end = if six { u128::MAX } else { u128::from(u32::MAX) };
        points.push((six, first));
        points.extend((last < end).then(|| (six, last + 1)));
    }
    points.sort_unstable();
    points.dedup();
    points.into_iter().map(|(six, point)| TemplateString::from(address_text(six, point).as_str())).collect()
}

/// The key as all conditions on it are gathered under.
pub(super) fn key_of(condition: &Condition) -> SmolStr {
    condition.key.to_ascii_lowercase().into()
}
