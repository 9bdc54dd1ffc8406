//! Two sets of policies by meaning: is there a request that one allows and the other does not?
//!
//! Actions are taken apart into blocks that no statement tells apart, resources by a product of all patterns, conditions
//! by the combinations of truths that the values of each key give. What this finds is possible as far as it can see,
//! and nothing possible is left out: where nothing is found, there is no difference. Whatever is found is made a
//! request in full and put to the plain [`evaluate`](super::evaluate); only what that confirms is called a difference. The rest is unknown.
//!
//! A request is one action of the catalog, or one that a policy names in full; a resource that the action acts on, or
//! `*` where it needs none; and condition keys that are absent or have one value, or several where a statement asks for
//! the key with a set operator.

mod actions;
mod atoms;
mod clauses;
mod search;
mod solve;
mod witness;

pub use clauses::Reading;

use std::collections::hash_map::Entry;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::facts::ActionFacts;
use super::model::{Document, Statement};
use crate::text::SmolStr;
use actions::{ActionId, Actions};
use clauses::{Block, Clauses};
use search::Query;

/// What a principal may do: what its policies allow, as far as every further layer (a boundary, the policies of an
/// organisation) allows it too.
#[derive(Clone, Debug, Default)]
pub struct Authority<'a> {
    /// The policies of each layer, taken together.
    pub layers: Vec<Vec<&'a Document>>,
}

/// One of two sets of policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The first.
    Old,
    /// The second.
    New,
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Old => Self::New,
            Self::New => Self::Old,
        }
    }
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The action.
    pub action: SmolStr,
    /// The ARN, or `*`.
    pub resource: String,
    /// The condition keys that it has, with their values.
    pub context: Vec<(SmolStr, Vec<String>)>,
}

/// Whether one side allows a request that the other does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// There is none.
    None,
    /// It allows this one.
    Found(Witness),
    /// It could not be decided.
    Unknown,
}

/// How two sets of policies stand to each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Whether the old one allows more in some place.
    pub lost: Answer,
    /// Whether the new one does.
    pub gained: Answer,
}

/// How the new one stands to the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// Both allow the same.
    Equal,
    /// The new one allows less.
    Narrower,
    /// The new one allows more.
    Wider,
    /// Each allows something that the other does not.
    Incomparable,
    /// It could not be decided.
    Unknown,
}

impl Relation {
    /// The relation in one word.
    pub fn standing(&self) -> Standing {
        match (&self.lost, &self.gained) {
            (Answer::None, Answer::None) => Standing::Equal,
            (Answer::Found(_), Answer::None) => Standing::Narrower,
            (Answer::None, Answer::Found(_)) => Standing::Wider,
            (Answer::Found(_), Answer::Found(_)) => Standing::Incomparable,
            _ => Standing::Unknown,
        }
    }
}

/// What one statement allows, on one of its resources, that the other side does not.
#[derive(Clone, Debug)]
pub struct Gap<'a> {
    /// The statement.
    pub statement: &'a Statement,
    /// The number of its document in the first layer of its side.
    pub document: usize,
    /// The number of the resource in its list; `None` for a statement about all resources but some.
    pub resource: Option<usize>,
    /// The actions, sorted.
    pub actions: Vec<SmolStr>,
    /// For each of them, a request that one side allows and the other does not.
    pub witnesses: Vec<Witness>,
    /// Actions of which it could not be decided, sorted.
    pub undecided: Vec<SmolStr>,
    /// The other actions that the statement is about and that act on such a resource, sorted: both sides allow them
    /// there, or neither does.
    pub shared: Vec<SmolStr>,
}

/// Compares sets of policies over one catalog.
pub struct Engine<'f> {
    actions: Actions<'f>,
}

impl<'f> Engine<'f> {
    /// An engine for the actions of that catalog.
    pub fn new(facts: &'f dyn ActionFacts) -> Self {
        Self { actions: Actions::new(facts) }
    }

    /// Makes two sets ready for questions.
    pub fn compare<'a>(
        &mut self,
        old: &Authority<'a>,
        new: &Authority<'a>,
        reading: Reading,
    ) -> Comparison<'_, 'f, 'a> {
        let clauses = Clauses::new(old, new, &mut self.actions, reading);
        Comparison {
            actions: &mut self.actions,
            clauses,
            reading,
            outcomes: FxHashMap::default(),
            impossible: FxHashSet::default(),
            budget: WORK_LIMIT,
        }
    }
}

/// How much is done for one comparison before it is left undecided.
const WORK_LIMIT: usize = 60_000_000;

/// Two sets of policies.
pub struct Comparison<'e, 'f, 'a> {
    actions: &'e mut Actions<'f>,
    clauses: Clauses<'a>,
    reading: Reading,
    outcomes: FxHashMap<Vec<usize>, Option<Rc<Vec<atoms::Outcome>>>>,
    impossible: FxHashSet<(Vec<usize>, usize)>,
    budget: usize,
}

impl<'a> Comparison<'_, '_, 'a> {
    /// How the two stand to each other, with a request for each difference.
    pub fn relation(&mut self) -> Relation {
        Relation { lost: self.answer(Side::Old), gained: self.answer(Side::New) }
    }

    /// Whether a side allows a request that the other does not.
    pub fn answer(&mut self, side: Side) -> Answer {
        let mut answer = if self.clauses.has_vague_actions { Answer::Unknown } else { Answer::None };
        for block in Rc::clone(&self.clauses.blocks).iter() {
            if self.clauses.are_alike(&block.signature) {
                continue;
            }
            match self.block(block, side) {
                Answer::None => {}
                Answer::Unknown => answer = Answer::Unknown,
                found @ Answer::Found(_) => return found,
            }
        }
        answer
    }

    /// Whether a side allows an action of the block that the other does not.
    fn block(&mut self, block: &Block, side: Side) -> Answer {
        let granting = self.granting(&block.signature, side);
        if granting.is_empty() {
            return Answer::None;
        }
        // Where there is no difference on any resource, there is none on those of a type.
        let untyped = granting.iter().any(|clause| {
            let action = block.actions.first().copied().unwrap_or_default();
            let query = Query {
                signature: &block.signature,
                universe: actions::ANYTHING,
                action,
                clause: *clause,
                pattern: None,
                verify: false,
            };
            self.any_pattern(&query) != Answer::None
        });
        if !untyped {
            return Answer::None;
        }
        let mut asked: FxHashSet<usize> = FxHashSet::default();
        let mut result = Answer::None;
        for action in &block.actions {
            let universe = self.actions.universe(*action);
            if !asked.insert(universe) {
                continue;
            }
            for clause in &granting {
                let query = Query {
                    signature: &block.signature,
                    universe,
                    action: *action,
                    clause: *clause,
                    pattern: None,
                    verify: true,
                };
                match self.any_pattern(&query) {
                    Answer::None => {}
                    Answer::Unknown => result = Answer::Unknown,
                    found @ Answer::Found(_) => return found,
                }
            }
        }
        result
    }

    /// The clauses of a side that allow, in its first layer.
    fn granting(&self, signature: &[usize], side: Side) -> Vec<usize> {
        let grants = |index: &usize| {
            self.clauses
                .list
                .get(*index)
                .is_some_and(|clause| clause.side == side && clause.allow && clause.layer == 0)
        };
        signature.iter().copied().filter(grants).collect()
    }

    /// Asks for every resource of the clause until a difference is found.
    fn any_pattern(&mut self, query: &Query<'_>) -> Answer {
        let Some(clause) = self.clauses.list.get(query.clause) else { return Answer::None };
        if clause.negated {
            return self.ask(query);
        }
        let mut result = Answer::None;
        for pattern in clause.resources.clone() {
            match self.ask(&Query { pattern: Some(pattern), ..*query }) {
                Answer::None => {}
                Answer::Unknown => result = Answer::Unknown,
                found @ Answer::Found(_) => return found,
            }
        }
        result
    }

    /// Everything that statements of the side allow and the other side does not, by statement and resource.
    pub fn gaps(&mut self, side: Side) -> Vec<Gap<'a>> {
        let all = Rc::clone(&self.clauses.blocks);
        let differing: Vec<&Block> =
            all.iter().filter(|block| !self.clauses.are_alike(&block.signature)).collect();
        let mut gaps = Vec::new();
        for index in 0..self.clauses.list.len() {
            let Some(clause) = self.clauses.list.get(index) else { continue };
            if clause.side != side || !clause.allow || clause.layer != 0 {
                continue;
            }
            let (statement, document) = (clause.statement, clause.document);
            let listed: Vec<(Option<usize>, Option<usize>)> = if clause.negated {
                vec![(None, None)]
            } else {
                clause
                    .listed
                    .iter()
                    .enumerate()
                    .map(|(place, pattern)| (Some(place), Some(*pattern)))
                    .collect()
            };
            for (resource, pattern) in listed {
                let mut gap = Gap {
                    statement,
                    document,
                    resource,
                    actions: vec![],
                    undecided: vec![],
                    shared: vec![],
                    witnesses: vec![],
                };
                for block in differing.iter().filter(|block| block.signature.contains(&index)) {
                    self.gap(&mut gap, block, index, pattern);
                }
                if !gap.actions.is_empty() || !gap.undecided.is_empty() {
                    self.share(&mut gap, index, pattern);
                    gap.undecided.sort();
                    gaps.push(gap);
                }
            }
        }
        gaps
    }

    /// Adds the actions of a block to what a statement allows alone.
    fn gap(&mut self, gap: &mut Gap<'a>, block: &Block, clause: usize, pattern: Option<usize>) {
        let mut answers: FxHashMap<usize, Answer> = FxHashMap::default();
        for action in &block.actions {
            let universe = self.actions.universe(*action);
            if let Entry::Vacant(place) = answers.entry(universe) {
                let query = Query {
                    signature: &block.signature,
                    universe,
                    action: *action,
                    clause,
                    pattern,
                    // The request that is shown first is put to all of the policies; others to what is about them.
                    verify: gap.witnesses.is_empty(),
                };
                let answer = self.ask(&query);
                place.insert(answer);
            }
            match answers.get(&universe) {
                Some(Answer::Found(witness)) => {
                    let name = self.actions.name(*action);
                    let place = gap.actions.partition_point(|other| *other < name);
                    // No statement tells the actions of a block apart, so that the request serves for each.
                    gap.witnesses.insert(place, Witness { action: name.clone(), ..witness.clone() });
                    gap.actions.insert(place, name);
                }
                Some(Answer::Unknown) => gap.undecided.push(self.actions.name(*action)),
                _ => {}
            }
        }
    }

    /// Adds the actions of the statement that are in no difference.
    fn share(&mut self, gap: &mut Gap<'a>, clause: usize, pattern: Option<usize>) {
        let mut met: FxHashMap<usize, bool> = FxHashMap::default();
        for block in Rc::clone(&self.clauses.blocks).iter() {
            if !block.signature.contains(&clause) {
                continue;
            }
            for action in &block.actions {
                let name = self.actions.name(*action);
                let universe = self.actions.universe(*action);
                let meets = *met.entry(universe).or_insert_with(|| self.meets(universe, pattern));
                if meets && gap.actions.binary_search(&name).is_err() && !gap.undecided.contains(&name) {
                    gap.shared.push(name);
                }
            }
        }
        gap.shared.sort();
    }

    /// Whether a pattern includes a resource of that universe.
    fn meets(&self, universe: usize, pattern: Option<usize>) -> bool {
        let Some(own) = pattern.and_then(|pattern| self.clauses.globs.get(pattern)) else { return true };
        self.actions.patterns(universe).iter().any(|kind| !kind.overlaps(own).is_no())
    }

    /// The actions that some statement of the side's first layer allows on some resource.
    pub fn mentioned(&self, side: Side) -> FxHashSet<SmolStr> {
        let blocks = self.clauses.blocks.iter();
        let of_side = blocks.filter(|block| !self.granting(&block.signature, side).is_empty());
        of_side.flat_map(|block| &block.actions).map(|action| self.actions.name(*action)).collect()
    }

    /// The actions that a pattern of the statement stands for.
    pub fn expand(&mut self, pattern: &crate::text::TemplateString) -> Vec<SmolStr> {
        let ids: Rc<[ActionId]> = self.actions.expand(pattern);
        ids.iter().map(|id| self.actions.name(*id)).collect()
    }

    /// Whether the catalog knows an action of that name, spelled as it is.
    pub fn is_known(&mut self, action: &str) -> bool {
        let ids = self.actions.expand(&action.into());
        ids.iter().all(|id| self.actions.is_known(*id)) && !ids.is_empty()
    }
}
