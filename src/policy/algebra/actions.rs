//! The actions that exist, numbered, and what patterns stand for among them.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::policy::facts::ActionFacts;
use crate::text::{Glob, Hole, SmolStr, TemplateString};

/// The number of an action.
pub(super) type ActionId = u32;

/// Actions by number, in alphabetical order; names that are only known from a policy stand behind them.
pub(super) struct Actions<'f> {
    facts: &'f dyn ActionFacts,
    names: Vec<SmolStr>,
    lower: Vec<SmolStr>,
    /// How many of them the catalog knows.
    known: usize,
    expansions: FxHashMap<SmolStr, Rc<[ActionId]>>,
    kinds: FxHashMap<ActionId, usize>,
    universes: Vec<Universe>,
    universe_of: FxHashMap<(Vec<SmolStr>, bool), usize>,
}

/// What requests of an action may name.
pub(super) struct Universe {
    /// Patterns of which one matches.
    pub(super) patterns: Vec<Glob>,
    /// Texts that such requests may name.
    samples: Vec<TemplateString>,
}

/// The universe of any ARN or `*`, which includes all others.
pub(super) const ANYTHING: usize = 0;

impl<'f> Actions<'f> {
    pub(super) fn new(facts: &'f dyn ActionFacts) -> Self {
        let mut names: Vec<(SmolStr, SmolStr)> = facts
            .expand("*")
            .into_iter()
            .map(|name| (SmolStr::from(name.to_ascii_lowercase()), name))
            .collect();
        names.sort();
        names.dedup_by(|a, b| a.0 == b.0);
        let known = names.len();
        let (lower, names) = names.into_iter().unzip();
        let mut actions = Self {
            facts,
            names,
            lower,
            known,
            expansions: FxHashMap::default(),
            kinds: FxHashMap::default(),
            universes: Vec::new(),
            universe_of: FxHashMap::default(),
        };
        let any = Glob::arn_parts(&"arn:*:*:*:*:*".into());
        actions.universes.push(Universe { patterns: vec![any, star()], samples: Vec::new() });
        actions
    }

    /// How many actions there are.
    pub(super) fn count(&self) -> usize {
        self.names.len()
    }

    /// Whether the catalog knows the action.
    pub(super) fn is_known(&self, id: ActionId) -> bool {
        (id as usize) < self.known
    }

    /// How the authorization reference, or the policy, spells the action.
    pub(super) fn name(&self, id: ActionId) -> SmolStr {
        self.names.get(id as usize).cloned().unwrap_or_default()
    }

    /// Numbers names that no catalog knows, and forgets those of the last question.
    pub(super) fn set_unknown<'p>(&mut self, patterns: impl Iterator<Item = &'p TemplateString>) {
        let mut more: Vec<SmolStr> = patterns
            .filter_map(TemplateString::as_literal)
            .filter(|name| name.contains(':') && !name.contains(['*', '?']))
            .filter(|name| self.lookup(&name.to_ascii_lowercase()).is_none())
            .map(SmolStr::from)
            .collect();
        if more.is_empty() && self.names.len() == self.known {
            return;
        }
        more.sort();
        more.dedup_by(|a, b| a.eq_ignore_ascii_case(b));
        self.names.truncate(self.known);
        self.lower.truncate(self.known);
        self.lower.extend(more.iter().map(|name| SmolStr::from(name.to_ascii_lowercase())));
        self.names.extend(more);
        self.expansions.clear();
        let known = self.known;
        self.kinds.retain(|id, _| (*id as usize) < known);
    }

    fn lookup(&self, lower: &str) -> Option<ActionId> {
        let known = self.lower.get(..self.known)?;
        number(known.binary_search_by(|other| other.as_str().cmp(lower)).ok()?)
    }

    /// The actions that a pattern stands for, by number.
    pub(super) fn expand(&mut self, pattern: &TemplateString) -> Rc<[ActionId]> {
        let Some(text) = pattern.as_literal() else { return Rc::from([]) };
        if let Some(known) = self.expansions.get(text) {
            return Rc::clone(known);
        }
        let expanded: Rc<[ActionId]> = self.search(text).into();
        self.expansions.insert(text.into(), Rc::clone(&expanded));
        expanded
    }

    fn search(&self, pattern: &str) -> Vec<ActionId> {
        let lower = pattern.to_ascii_lowercase();
        let behind = self.lower.get(self.known..).unwrap_or_default();
        let unknown = || (self.known..).zip(behind);
        let Some(end) = lower.find(['*', '?']) else {
            let other = unknown().find(|(_, name)| **name == lower).and_then(|(id, _)| number(id));
            return self.lookup(&lower).or(other).into_iter().collect();
        };
        let prefix = lower.get(..end).unwrap_or("");
        let known = self.lower.get(..self.known).unwrap_or_default();
        let first = known.partition_point(|name| name.as_str() < prefix);
        let within = known.iter().skip(first).take_while(|name| name.starts_with(prefix));
        let glob = Glob::held(&lower.as_str().into());
        let matching = (first..).zip(within).chain(unknown()).filter(|(_, name)| glob.matches(name).is_yes());
        matching.filter_map(|(id, _)| number(id)).collect()
    }

    /// What requests of the action may name, by number.
    pub(super) fn universe(&mut self, id: ActionId) -> usize {
        if let Some(known) = self.kinds.get(&id) {
            return *known;
        }
        let name = self.name(id);
        let universe = match self.facts.resource_types(&name) {
            None => ANYTHING,
            Some(types) => self.intern(types, !self.facts.names_resource(&name)),
        };
        self.kinds.insert(id, universe);
        universe
    }

    fn intern(&mut self, mut types: Vec<SmolStr>, with_star: bool) -> usize {
        types.sort();
        types.dedup();
        let with_star = with_star || types.is_empty();
        let key = (types, with_star);
        if let Some(known) = self.universe_of.get(&key) {
            return *known;
        }
        let mut patterns: Vec<Glob> =
            key.0.iter().map(|template| Glob::resource_type_with_names(template)).collect();
        let mut samples: Vec<TemplateString> =
            key.0.iter().flat_map(|template| SAMPLES.map(|place| sample(template, place))).collect();
        if with_star {
            patterns.push(star());
            samples.push("*".into());
        }
        let index = self.universes.len();
        self.universes.push(Universe { patterns, samples });
        self.universe_of.insert(key, index);
        index
    }

    /// Texts of a universe that are likely in requests.
    pub(super) fn samples(&self, universe: usize) -> &[TemplateString] {
        self.universes.get(universe).map(|universe| universe.samples.as_slice()).unwrap_or_default()
    }

    /// The patterns of a universe.
    pub(super) fn patterns(&self, universe: usize) -> &[Glob] {
        self.universes.get(universe).map(|universe| universe.patterns.as_slice()).unwrap_or_default()
    }
}

/// Likely names for regions and accounts: those that are taken first, and others.
const SAMPLES: [(&str, &str); 2] = [("us-east-1", "123456789012"), ("eu-west-1", "111122223333")];

/// A likely ARN of that type.
fn sample(template: &str, (region, account): (&str, &str)) -> TemplateString {
    let likely = TemplateString::filled(template, |_| "example".into());
    likely.fill(|hole| {
        Some(TemplateString::from(match hole {
            Hole::Partition => "aws",
            Hole::Region => region,
            Hole::Account => account,
            _ => "example",
        }))
    })
}

/// The text `*` and no other: what a request of an action without resources names.
fn star() -> Glob {
    Glob::exact(&"*".into())
}

fn number(index: usize) -> Option<ActionId> {
    ActionId::try_from(index).ok()
}
