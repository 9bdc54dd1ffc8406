//! Two authorities as one list of clauses, ready for questions: patterns and conditions by number, actions in blocks
//! that no statement tells apart.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use super::actions::{ActionId, Actions};
use super::atoms::Atom;
use super::{Authority, Side};
use crate::policy::arn::held_glob;
use crate::policy::condition::Operator;
use crate::policy::model::{Condition, Effect, Pattern, Patterns, Statement};
use crate::text::{Glob, Hole, SmolStr, TemplateString};

/// Which of the two readings of `*` in the parts of an ARN holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// It reaches over `:`.
    #[default]
    Whole,
    /// It stays within its part, except in the last one.
    Parts,
}

/// A statement of one side.
pub(super) struct Clause<'a> {
    pub(super) side: Side,
    pub(super) layer: usize,
    pub(super) allow: bool,
    /// The numbers of its resource patterns, sorted.
    pub(super) resources: Vec<usize>,
    /// Whether it is about all resources but those.
    pub(super) negated: bool,
    /// The numbers of its conditions, sorted.
    pub(super) atoms: Vec<usize>,
    /// The statement, with a name of its own in place of what the deployment fills in.
    pub(super) filled: Cow<'a, Statement>,
    pub(super) statement: &'a Statement,
    /// The number of its document in its layer.
    pub(super) document: usize,
    /// For each resource as the statement lists them, the number of its pattern.
    pub(super) listed: Vec<usize>,
}

/// Actions that no statement tells apart.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// The clauses that are about them.
    pub(super) signature: Rc<[usize]>,
    pub(super) actions: Vec<ActionId>,
}

/// Both sides.
#[derive(Default)]
pub(super) struct Clauses<'a> {
    pub(super) list: Vec<Clause<'a>>,
    pub(super) globs: Vec<Glob>,
    pub(super) atoms: Vec<Atom>,
    pub(super) blocks: Rc<[Block]>,
    /// How many layers each side has, the old one first.
    pub(super) layers: [usize; 2],
    /// Whether a statement is about actions that nobody can name.
    pub(super) has_vague_actions: bool,
    glob_ids: FxHashMap<Glob, usize>,
    atom_ids: FxHashMap<Condition, usize>,
    names: IndexMap<Hole, SmolStr>,
}

impl<'a> Clauses<'a> {
    pub(super) fn new(
        old: &Authority<'a>,
        new: &Authority<'a>,
        actions: &mut Actions<'_>,
        reading: Reading,
    ) -> Self {
        let statements = |authority: &Authority<'a>| {
            authority.layers.iter().flatten().flat_map(|document| &document.statements).collect::<Vec<_>>()
        };
        let all = statements(old).into_iter().chain(statements(new));
        actions.set_unknown(all.flat_map(|statement| &statement.actions.list).map(|pattern| &pattern.text));
        let mut clauses = Self { layers: [old.layers.len(), new.layers.len()], ..Self::default() };
        let mut about: Vec<(Vec<ActionId>, bool)> = Vec::new();
        for (side, authority) in [(Side::Old, old), (Side::New, new)] {
            for (layer, documents) in authority.layers.iter().enumerate() {
                for (number, document) in documents.iter().enumerate() {
                    for statement in &document.statements {
                        let (ids, negated, vague) = about_of(&statement.actions, actions);
                        clauses.has_vague_actions |= vague;
                        about.push((ids, negated));
                        let place = Place { side, layer, document: number };
                        clauses.add(statement, place, reading);
                    }
                }
            }
        }
        clauses.blocks = blocks(&about, actions).into();
        clauses
    }

    fn add(&mut self, statement: &'a Statement, place: Place, reading: Reading) {
        let listed: Vec<usize> =
            statement.resources.list.iter().map(|pattern| self.glob(&pattern.text, reading)).collect();
        let mut resources = listed.clone();
        resources.sort_unstable();
        resources.dedup();
        let mut atoms: Vec<usize> =
            statement.conditions.iter().map(|condition| self.atom(condition)).collect();
        atoms.sort_unstable();
        atoms.dedup();
        let filled = self.fill(statement);
        self.list.push(Clause {
            side: place.side,
            layer: place.layer,
            allow: statement.effect == Effect::Allow,
            resources,
            negated: statement.resources.negated,
            atoms,
            filled,
            statement,
            document: place.document,
            listed,
        });
    }

    fn glob(&mut self, text: &TemplateString, reading: Reading) -> usize {
        let glob = match reading {
            Reading::Whole => held_glob(text),
            Reading::Parts if text.as_literal() == Some("*") => held_glob(text),
            Reading::Parts => Glob::arn_parts(text),
        };
        // Of two texts that are not known nobody knows whether they are the same.
        let is_unknown = glob.holes().any(|hole| *hole == Hole::Unknown);
        if let Some(known) = self.glob_ids.get(&glob).filter(|_| !is_unknown) {
            return *known;
        }
        let id = self.globs.len();
        self.glob_ids.insert(glob.clone(), id);
        self.globs.push(glob);
        id
    }

    fn atom(&mut self, condition: &Condition) -> usize {
        let mut values = condition.values.clone();
        values.sort();
        values.dedup();
        let lower = |text: &str| SmolStr::from(text.to_ascii_lowercase());
        let key = Condition { operator: lower(&condition.operator), key: lower(&condition.key), values };
        let is_unreadable = key.operator.is_empty()
            || key.values.iter().any(|value| value.holes().any(|hole| *hole == Hole::Unknown));
        if let Some(known) = self.atom_ids.get(&key).filter(|_| !is_unreadable) {
            return *known;
        }
        let id = self.atoms.len();
        self.atom_ids.insert(key.clone(), id);
        let operator = Operator::parse(&key.operator).filter(|_| !is_unreadable);
        let condition = Condition { key: condition.key.clone(), ..key };
        self.atoms.push(Atom { condition, operator });
        id
    }

    /// The statement with a name of its own for everything that the deployment fills in.
    fn fill(&mut self, statement: &'a Statement) -> Cow<'a, Statement> {
        let patterns = statement.resources.list.iter().map(|pattern| &pattern.text);
        let values = statement.conditions.iter().flat_map(|condition| &condition.values);
        if !patterns.chain(values).any(|text| text.holes().any(is_fixed)) {
            return Cow::Borrowed(statement);
        }
        let mut filled = statement.clone();
        for pattern in &mut filled.resources.list {
            pattern.text = self.named(&pattern.text);
        }
        for value in filled.conditions.iter_mut().flat_map(|condition| &mut condition.values) {
            *value = self.named(value);
        }
        Cow::Owned(filled)
    }

    /// The text with a name of its own for everything that the deployment fills in.
    pub(super) fn named(&mut self, text: &TemplateString) -> TemplateString {
        text.fill(|hole| {
            is_fixed(hole).then(|| {
                let next = self.names.len();
                let name = self.names.entry(hole.clone()).or_insert_with(|| name_of(hole, next));
                TemplateString::from(name.as_str())
            })
        })
    }

    /// Whether both sides hold the same among these clauses.
    pub(super) fn are_alike(&self, signature: &[usize]) -> bool {
        let of = |side: Side| {
            let clauses = signature.iter().filter_map(|index| self.list.get(*index));
            let mut all: Vec<_> = clauses
                .filter(|clause| clause.side == side)
                .map(|clause| (clause.layer, clause.allow, &clause.resources, clause.negated, &clause.atoms))
                .collect();
            all.sort();
            all.dedup();
            all
        };
        let [old, new] = self.layers;
        old == new && of(Side::Old) == of(Side::New)
    }
}

/// Where a statement stands.
#[derive(Clone, Copy)]
struct Place {
    side: Side,
    layer: usize,
    document: usize,
}

/// Whether the deployment fills the hole in, once and for all.
pub(super) fn is_fixed(hole: &Hole) -> bool {
    !matches!(hole, Hole::PolicyVariable(_))
}

/// A text that no policy mentions.
fn name_of(hole: &Hole, number: usize) -> SmolStr {
    match hole {
        Hole::Account => "999999999999".into(),
        Hole::Partition => "aws".into(),
        Hole::Region => "xx-fresh-1".into(),
        _ => format!("zq{number}w").into(),
    }
}

/// The actions that an element is about, whether it is about all others instead, and whether some cannot be named.
fn about_of(patterns: &Patterns, actions: &mut Actions<'_>) -> (Vec<ActionId>, bool, bool) {
    let is_all = |pattern: &Pattern| {
        pattern.text.as_literal().is_some_and(|text| {
            text == "*:*" || (!text.is_empty() && text.chars().all(|character| character == '*'))
        })
    };
    let vague = patterns.list.iter().any(|pattern| pattern.text.as_literal().is_none());
    if patterns.list.iter().any(is_all) {
        return (Vec::new(), !patterns.negated, vague);
    }
    let mut ids: Vec<ActionId> = Vec::new();
    for pattern in &patterns.list {
        ids.extend(actions.expand(&pattern.text).iter());
    }
    ids.sort_unstable();
    ids.dedup();
    (ids, patterns.negated, vague)
}

/// The blocks, those that the fewest clauses are about first.
fn blocks(about: &[(Vec<ActionId>, bool)], actions: &Actions<'_>) -> Vec<Block> {
    let mut toggles: FxHashMap<ActionId, Vec<usize>> = FxHashMap::default();
    for (clause, (ids, _)) in about.iter().enumerate() {
        for id in ids {
            toggles.entry(*id).or_default().push(clause);
        }
    }
    let mut grouped: BTreeMap<Vec<usize>, Vec<ActionId>> = BTreeMap::new();
    let usual: Vec<usize> =
        about.iter().enumerate().filter(|(_, (_, negated))| *negated).map(|(clause, _)| clause).collect();
    if !usual.is_empty() {
        let rest = (0..).take(actions.count()).filter(|id| !toggles.contains_key(id));
        grouped.insert(Vec::new(), rest.collect());
    }
    let mut listed: Vec<(ActionId, Vec<usize>)> = toggles.into_iter().collect();
    listed.sort_unstable();
    for (id, toggled) in listed {
        grouped.entry(toggled).or_default().push(id);
    }
    let mut blocks: Vec<Block> = grouped
        .into_iter()
        .map(|(toggled, actions)| {
            let on = toggled.iter().filter(|clause| !usual.contains(clause));
            let mut signature: Vec<usize> =
                on.chain(usual.iter().filter(|clause| !toggled.contains(clause))).copied().collect();
            signature.sort_unstable();
            Block { signature: signature.into(), actions }
        })
        .filter(|block| !block.signature.is_empty() && !block.actions.is_empty())
        .collect();
    blocks.sort_by_key(|block| (block.signature.len(), block.actions.first().copied()));
    blocks
}
