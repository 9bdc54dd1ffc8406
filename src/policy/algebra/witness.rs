//! From what a search found to a request in full, which the plain evaluator must confirm.

use indexmap::IndexMap;

use super::atoms::{KeyValue, Outcome};
use super::clauses::is_fixed;
use super::search::Query;
use super::solve::Key;
use super::{Comparison, Reading, Side, Witness};
use crate::policy::condition::Context;
use crate::policy::evaluate::{Decision, Request, evaluate_resource, evaluate_statements};
use crate::text::{Hole, SmolStr, TemplateString, Verdict};

/// Variables in values of variables, followed this far.
const DEPTH: usize = 4;

/// What the keys of the context are becoming.
struct Draft<'k> {
    /// What was chosen for the keys that conditions ask for, by their names in small letters.
    chosen: IndexMap<String, &'k Outcome>,
    /// What variables must be.
    binds: IndexMap<String, TemplateString>,
    /// What was given to variables that nothing else is known of.
    given: IndexMap<String, TemplateString>,
}

impl Comparison<'_, '_, '_> {
    /// The request, where the evaluator says that one side allows it and the other does not.
    pub(super) fn witness(
        &mut self,
        query: &Query<'_>,
        word: &TemplateString,
        keys: &[Key],
        chosen: &[Option<usize>],
    ) -> Option<Witness> {
        if self.reading == Reading::Parts {
            return self.unchecked(query, word, keys, chosen);
        }
        let mut draft = Draft::new(keys, chosen);
        draft.bind_resource(self, query, word);
        let word = self.clauses.named(word);
        let resource = draft.text(&word, 0)?;
        let context = draft.context(self, keys)?;
        let side = self.clauses.list.get(query.clause)?.side;
        let request_context = context.iter().fold(Context::complete(), |all, (key, values)| {
            all.with(key, values.iter().map(|value| TemplateString::from(value.as_str())))
        });
        let action = self.actions.name(query.action);
        let request = Request { action: &action, resource: &resource, context: &request_context };
        let allows = |side: Side| self.allows(query, side, &request);
        (allows(side).is_yes() && allows(side.other()).is_no()).then_some(Witness {
            action: action.clone(),
            resource,
            context,
        })
    }

    /// A request that nobody confirms: the evaluator knows the other reading of `*` only.
    fn unchecked(
        &mut self,
        query: &Query<'_>,
        word: &TemplateString,
        keys: &[Key],
        chosen: &[Option<usize>],
    ) -> Option<Witness> {
        let mut draft = Draft::new(keys, chosen);
        draft.bind_resource(self, query, word);
        let word = self.clauses.named(word);
        let resource = draft.text(&word, 0)?;
        let context = draft.context(self, keys)?;
        Some(Witness { action: self.actions.name(query.action), resource, context })
    }

    /// What the evaluator says of one side: every layer must allow.
    fn allows(&self, query: &Query<'_>, side: Side, request: &Request<'_>) -> Verdict {
        let decide = |layer: usize| {
            let is_here = |index: &usize| {
                self.clauses.list.get(*index).filter(|clause| clause.side == side && clause.layer == layer)
            };
            let decision = if query.verify {
                let all = 0..self.clauses.list.len();
                evaluate_statements(all.filter_map(|index| Some(&*is_here(&index)?.filled)), request)
            } else {
                let own = query.signature.iter().filter_map(is_here);
                evaluate_resource(own.map(|clause| &*clause.filled), request)
            };
            match decision {
                Decision::Allowed => Verdict::Yes,
                Decision::Denied | Decision::NotMentioned => Verdict::No,
                Decision::Unknown => Verdict::Unknown,
            }
        };
        let layers = self.layers_of(side);
        if layers == 0 { Verdict::No } else { Verdict::all((0..layers).map(decide)) }
    }
}

impl<'k> Draft<'k> {
    fn new(keys: &'k [Key], chosen: &[Option<usize>]) -> Self {
        let mut draft = Self { chosen: IndexMap::new(), binds: IndexMap::new(), given: IndexMap::new() };
        for (key, chosen) in keys.iter().zip(chosen) {
            let Some(outcome) = chosen.and_then(|chosen| key.outcomes.get(chosen)) else { continue };
            draft.chosen.insert(key.name.to_ascii_lowercase(), outcome);
            for (hole, value) in &outcome.binds {
                if let Some(key) = key_of(hole) {
                    draft.binds.entry(key).or_insert_with(|| value.clone());
                }
            }
        }
        draft
    }

    /// Where the pattern of the resource has variables and the text does not, the variables are what fits.
    fn bind_resource(
        &mut self,
        comparison: &Comparison<'_, '_, '_>,
        query: &Query<'_>,
        word: &TemplateString,
    ) {
        let pattern = query.pattern.and_then(|pattern| comparison.clauses.globs.get(pattern));
        let Some(pattern) = pattern.filter(|pattern| !pattern.matches_word(word)) else { return };
        for (hole, value) in pattern.bind(word).unwrap_or_default() {
            if let Some(key) = key_of(&hole) {
                self.binds.entry(key).or_insert(value);
            }
        }
    }

    /// The text with a value for every variable; `None` where one has none.
    fn text(&mut self, text: &TemplateString, depth: usize) -> Option<String> {
        let mut missing = depth > DEPTH;
        let filled = text.fill(|hole| {
            let value = self.value(hole, depth);
            missing |= value.is_none();
            value
        });
        (!missing).then(|| filled.as_literal().map(str::to_owned)).flatten()
    }

    fn value(&mut self, hole: &Hole, depth: usize) -> Option<TemplateString> {
        if is_fixed(hole) || depth > DEPTH {
            return None;
        }
        let key = key_of(hole)?;
        let chosen = self.chosen.get(&key).map(|outcome| outcome.value.clone());
        let known = match chosen {
            Some(KeyValue::Values(values)) => match values.as_slice() {
                [only] => Some(only.clone()),
                _ => return None,
            },
            Some(KeyValue::Absent) => return default_of(hole).map(|default| default.as_str().into()),
            None => self.binds.get(&key).or_else(|| self.given.get(&key)).cloned(),
        };
        let value = match known {
            Some(known) => TemplateString::from(self.text(&known, depth + 1)?.as_str()),
            None => TemplateString::from(format!("zq{}v", self.given.len()).as_str()),
        };
        if !self.chosen.contains_key(&key) {
            self.given.insert(key, value.clone());
        }
        Some(value)
    }

    /// The values of all keys.
    fn context(
        &mut self,
        comparison: &mut Comparison<'_, '_, '_>,
        keys: &[Key],
    ) -> Option<Vec<(SmolStr, Vec<String>)>> {
        let mut context: Vec<(SmolStr, Vec<String>)> = Vec::new();
        for key in keys {
            let outcome =
                self.chosen.get(&key.name.to_ascii_lowercase()).map(|outcome| outcome.value.clone());
            if let Some(KeyValue::Values(values)) = outcome {
                let values: Option<Vec<String>> = values
                    .iter()
                    .map(|value| {
                        let named = comparison.clauses.named(value);
                        self.text(&named, 0)
                    })
                    .collect();
                context.push((key.name.clone(), values?));
            }
        }
        for (key, value) in &self.binds {
            if !self.chosen.contains_key(key) && !self.given.contains_key(key) {
                self.given.insert(key.clone(), value.clone());
            }
        }
        for (key, value) in &self.given {
            context.push((key.as_str().into(), vec![value.as_literal()?.to_owned()]));
        }
        Some(context)
    }
}

/// The key of a policy variable, in small letters.
fn key_of(hole: &Hole) -> Option<String> {
    let Hole::PolicyVariable(name) = hole else { return None };
    let key = name.split_once(',').map_or(name.as_str(), |(key, _)| key);
    Some(key.trim().to_ascii_lowercase())
}

/// What stands for a policy variable without a value.
fn default_of(hole: &Hole) -> Option<String> {
    let Hole::PolicyVariable(name) = hole else { return None };
    let (_, default) = name.split_once(',')?;
    Some(default.trim().trim_matches('\'').to_owned())
}
