//! The contexts in which a resource is allowed by one side and not by the other.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::atoms::{Outcome, key_of, outcomes};
use super::search::Query;
use super::{Answer, Comparison, Side, Witness};
use crate::text::{SmolStr, TemplateString};

/// Combinations of outcomes looked at for one resource.
const FUEL: usize = 200_000;
/// Requests put to the evaluator for one resource.
const TRIES: usize = 24;

/// Makes a request of what was chosen, where the evaluator confirms it.
type Verify<'v> = dyn FnMut(&[Key], &[Option<usize>]) -> Option<Witness> + 'v;

/// A condition of a clause: the number of its key, and of its bit there.
type Test = (usize, usize);

/// What the clauses that match a resource come to, as their conditions.
struct Formula {
    /// For each layer of the side that allows, its clauses; one of each must hold.
    allowing: Vec<Vec<Vec<Test>>>,
    /// Its clauses that deny; none may hold.
    denying: Vec<Vec<Test>>,
    /// The same of the other side, which must not allow.
    other_allowing: Vec<Vec<Vec<Test>>>,
    other_denying: Vec<Vec<Test>>,
}

/// What may and what must be, as far as the keys are decided.
#[derive(Clone, Copy)]
struct Bounds {
    can: bool,
    must: bool,
}

/// A key, with everything that it may come to.
pub(super) struct Key {
    pub(super) name: SmolStr,
    pub(super) outcomes: Rc<Vec<Outcome>>,
    atoms: Vec<usize>,
}

/// Keys as they are being decided.
struct Solver<'s> {
    formula: Formula,
    keys: &'s [Key],
    chosen: Vec<Option<usize>>,
    fuel: usize,
    tries: usize,
    doubt: bool,
}

impl Comparison<'_, '_, '_> {
    /// Whether there is a context for a resource that exactly these clauses match.
    pub(super) fn solve(&mut self, query: &Query<'_>, matched: &[usize], word: &TemplateString) -> Answer {
        let memory = (matched.to_vec(), query.clause);
        if self.impossible.contains(&memory) {
            return Answer::None;
        }
        let Some(side) = self.clauses.list.get(query.clause).map(|clause| clause.side) else {
            return Answer::None;
        };
        let clauses = |of: Side, allow: bool, layer: Option<usize>| -> Vec<usize> {
            let is_one = |index: &usize| {
                self.clauses.list.get(*index).is_some_and(|clause| {
                    clause.side == of
                        && clause.allow == allow
                        && layer.is_none_or(|layer| clause.layer == layer)
                })
            };
            matched.iter().copied().filter(is_one).collect()
        };
        let mut allowing = vec![vec![query.clause]];
        allowing.extend((1..self.layers_of(side)).map(|layer| clauses(side, true, Some(layer))));
        let denying = clauses(side, false, None);
        let rival = side.other();
        let others: Vec<Vec<usize>> =
            (0..self.layers_of(rival)).map(|layer| clauses(rival, true, Some(layer))).collect();
        let other_denying = clauses(rival, false, None);
        let all: Vec<usize> =
            allowing.iter().chain(&others).flatten().chain(&denying).chain(&other_denying).copied().collect();
        let Some(keys) = self.keys(&all) else { return Answer::Unknown };
        let tests = |list: &[usize]| list.iter().map(|index| self.tests(*index, &keys)).collect::<Vec<_>>();
        let formula = Formula {
            allowing: allowing.iter().map(|list| tests(list)).collect(),
            denying: tests(&denying),
            other_allowing: others.iter().map(|list| tests(list)).collect(),
            other_denying: tests(&other_denying),
        };
        let mut solver = Solver {
            formula,
            chosen: vec![None; keys.len()],
            keys: &keys,
            fuel: FUEL,
            tries: TRIES,
            doubt: false,
        };
        let found = solver.search(0, &mut |keys, chosen| self.witness(query, word, keys, chosen));
        match found {
            Some(witness) => Answer::Found(witness),
            None if solver.doubt => Answer::Unknown,
            None => {
                self.impossible.insert(memory);
                Answer::None
            }
        }
    }

    /// The keys that the clauses ask for; `None` where there is too much to them.
    fn keys(&mut self, clauses: &[usize]) -> Option<Vec<Key>> {
        let mut by_key: BTreeMap<SmolStr, Vec<usize>> = BTreeMap::new();
        for index in clauses {
            for atom in
                self.clauses.list.get(*index).map(|clause| clause.atoms.as_slice()).unwrap_or_default()
            {
                let Some(found) = self.clauses.atoms.get(*atom) else { continue };
                let atoms = by_key.entry(key_of(&found.condition)).or_default();
                if !atoms.contains(atom) {
                    atoms.push(*atom);
                }
            }
        }
        let mut keys = Vec::with_capacity(by_key.len());
        for mut atoms in by_key.into_values() {
            atoms.sort_unstable();
            let outcomes = self.outcomes_of(&atoms)?;
            let first = atoms.first().and_then(|atom| self.clauses.atoms.get(*atom));
            let name = first.map(|atom| atom.condition.key.clone()).unwrap_or_default();
            keys.push(Key { name, outcomes, atoms });
        }
        Some(keys)
    }

    fn outcomes_of(&mut self, atoms: &[usize]) -> Option<Rc<Vec<Outcome>>> {
        if let Some(known) = self.outcomes.get(atoms) {
            return known.clone();
        }
        let list: Vec<_> = atoms.iter().filter_map(|atom| self.clauses.atoms.get(*atom)).collect();
        let found = outcomes(&list).ok().map(Rc::new);
        self.outcomes.insert(atoms.to_vec(), found.clone());
        found
    }

    fn tests(&self, clause: usize, keys: &[Key]) -> Vec<Test> {
        let atoms = self.clauses.list.get(clause).map(|clause| clause.atoms.as_slice()).unwrap_or_default();
        let place = |atom: &usize| {
            keys.iter().enumerate().find_map(|(key, each)| {
                each.atoms.iter().position(|other| other == atom).map(|bit| (key, bit))
            })
        };
        atoms.iter().filter_map(place).collect()
    }
}

impl Solver<'_> {
    /// Decides the keys from that number on, each way in turn, until the evaluator confirms a request.
    fn search(&mut self, key: usize, verify: &mut Verify<'_>) -> Option<Witness> {
        if self.fuel == 0 || self.tries == 0 {
            self.doubt = true;
            return None;
        }
        self.fuel -= 1;
        let bounds = self.bounds();
        if !bounds.can {
            return None;
        }
        if bounds.must {
            self.tries -= 1;
            let found = verify(self.keys, &self.chosen);
            if found.is_some() {
                return found;
            }
            self.doubt = true;
        }
        let count = self.keys.get(key).map_or(0, |key| key.outcomes.len());
        for outcome in 0..count {
            self.choose(key, Some(outcome));
            let found = self.search(key + 1, verify);
            if found.is_some() {
                return found;
            }
            if self.fuel == 0 || self.tries == 0 {
                break;
            }
        }
        self.choose(key, None);
        None
    }

    fn choose(&mut self, key: usize, outcome: Option<usize>) {
        if let Some(chosen) = self.chosen.get_mut(key) {
            *chosen = outcome;
        }
    }

    /// Whether there may be, or is in any case, a difference.
    fn bounds(&self) -> Bounds {
        let own = self.side(&self.formula.allowing, &self.formula.denying);
        let rival = self.side(&self.formula.other_allowing, &self.formula.other_denying);
        Bounds { can: own.can && !rival.must, must: own.must && !rival.can }
    }

    fn side(&self, layers: &[Vec<Vec<Test>>], denying: &[Vec<Test>]) -> Bounds {
        let mut side = Bounds { can: !layers.is_empty(), must: !layers.is_empty() };
        for layer in layers {
            let layer = self.any(layer);
            side.can &= layer.can;
            side.must &= layer.must;
        }
        let denied = self.any(denying);
        Bounds { can: side.can && !denied.must, must: side.must && !denied.can }
    }

    fn any(&self, clauses: &[Vec<Test>]) -> Bounds {
        let mut any = Bounds { can: false, must: false };
        for tests in clauses {
            let mut all = Bounds { can: true, must: true };
            for (key, bit) in tests {
                match self.holds(*key, *bit) {
                    Some(holds) => {
                        all.can &= holds;
                        all.must &= holds;
                    }
                    None => all.must = false,
                }
            }
            any.can |= all.can;
            any.must |= all.must && all.can;
        }
        any
    }

    fn holds(&self, key: usize, bit: usize) -> Option<bool> {
        let chosen = (*self.chosen.get(key)?)?;
        Some(self.keys.get(key)?.outcomes.get(chosen)?.truth >> bit & 1 == 1)
    }
}
