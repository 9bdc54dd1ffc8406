//! A request behind each row: one that is denied where something is missing, one that is allowed where something is too
//! much. The evaluator has confirmed it.

use std::cell::RefCell;

use indexmap::IndexMap;

use super::{request_facts, spellings};
use crate::cloud::{Requirement, Resource};
use crate::decide::model::{Row, Severity};
use crate::infra::Role;
use crate::policy::algebra::{Answer, Authority, Engine, Reading, Side};
use crate::policy::{ActionFacts, Condition, Document, Effect, Pattern, Patterns, Statement, VERSION, arn};
use crate::text::{Hole, Piece, SmolStr, TemplateString};

/// The parts of an ARN that say where something is, with the hole that stands for each and what it is where nobody says.
const PLACES: [(usize, Hole, &str); 3] =
    [(1, Hole::Partition, "aws"), (3, Hole::Region, "us-east-1"), (4, Hole::Account, "123456789012")];

/// So many actions of a row are tried before the row's own pattern is.
const TRIES: usize = 3;

/// Finds requests, with a name for everything that the deployment fills in.
pub(super) struct Shower<'a> {
    engine: RefCell<Engine<'a>>,
    names: IndexMap<Hole, TemplateString>,
    needed: Document,
    held: Vec<&'a Document>,
    given: Vec<&'a Document>,
    refused: Vec<&'a Document>,
    limits: Vec<&'a Document>,
}

impl<'a> Shower<'a> {
    pub(super) fn new(role: &'a Role, needs: &[&Requirement], facts: &'a dyn ActionFacts) -> Self {
        let documents = |policies: &'a [crate::infra::HeldPolicy]| {
            policies.iter().map(|policy| &policy.document).collect::<Vec<_>>()
        };
        let (held, given) = (documents(&role.policies), documents(&role.given));
        let (refused, limits) = (documents(&role.refused), documents(&role.limits));
        let needed = needed(needs);
        let texts: Vec<&TemplateString> = held
            .iter()
            .chain(&given)
            .chain(&refused)
            .chain(&limits)
            .copied()
            .chain([&needed])
            .flat_map(texts)
            .collect();
        let mut names = stated_names(needs);
        for hole in texts.iter().flat_map(|text| text.holes()) {
            if !names.contains_key(hole) {
                let name = fresh_name(hole, names.len(), &texts);
                names.insert(hole.clone(), name);
            }
        }
        Self { engine: RefCell::new(Engine::new(facts)), names, needed, held, given, refused, limits }
    }

    /// Adds to a row about something missing a request that is denied. `false` where there is none: the types of the
    /// resources leave no request that would be.
    pub(super) fn missing(&self, row: &mut Row, requirement: &Requirement, by_resource: bool) -> bool {
        let resources = row.resources.iter().map(|resource| opened(&resource.arn)).collect();
        // That a request is encrypted is told only where a policy asks.
        let asks = |condition: &Condition| self.asks(&condition.key);
        let facts = request_facts(requirement, &row.resources).into_iter();
        let facts = facts.filter(|fact| requirement.conditions.contains(fact) || asks(fact)).collect();
        let statement = allow(row.action.clone(), resources, facts);
        let mut own: Vec<&Document> = self.held.iter().chain(&self.refused).copied().collect();
        if !by_resource {
            own.extend(&self.given);
        }
        let layers: Vec<Vec<&Document>> =
            std::iter::once(own).chain(self.limits.iter().map(|limit| vec![*limit])).collect();
        match self.ask(&statement, &[], &layers) {
            Answer::Found(witness) => {
                row.witness = Some(witness);
                true
            }
            Answer::Unknown => true,
            Answer::None => !matches!(self.ask(&statement, &[], &[]), Answer::Found(_)),
        }
    }

    /// Adds to a row about something that is held a request that is allowed, and that nothing needs. Where there is none,
    /// the row is a note. `actions` are those that the row is about.
    pub(super) fn held(&self, row: &mut Row, statement: &Statement, actions: &[SmolStr]) {
        let limits: Vec<Vec<&Document>> = self.limits.iter().map(|limit| vec![*limit]).collect();
        let within: Vec<Vec<&Document>> = std::iter::once(self.held.clone()).chain(limits).collect();
        let needed = [vec![&self.needed]];
        let single = |action: &SmolStr| Statement { actions: listed(action.clone()), ..statement.clone() };
        let singles = actions.iter().take(TRIES).map(single);
        let mut answer = Answer::None;
        for narrowed in singles.chain([statement.clone()]) {
            match self.ask(&narrowed, &within, &needed) {
                Answer::Found(witness) => {
                    row.witness = Some(witness);
                    return;
                }
                Answer::Unknown => answer = Answer::Unknown,
                Answer::None => {}
            }
        }
        if row.severity > Severity::Note {
            row.severity = Severity::Note;
            row.message.push_str(match answer {
                Answer::None if !self.limits.is_empty() => "; what limits the role does not allow it anyway",
                Answer::None => "; no request is allowed by it",
                _ => "; whether a request is allowed by it could not be decided",
            });
        }
    }

    /// Whether what is held asks for the key.
    fn asks(&self, key: &str) -> bool {
        let documents = self.held.iter().chain(&self.given).chain(&self.refused).chain(&self.limits);
        let statements = documents.flat_map(|document| &document.statements);
        statements.flat_map(|statement| &statement.conditions).any(|own| own.key.eq_ignore_ascii_case(key))
    }

    /// A request that the statement and each of the layers allow, and that the others do not.
    fn ask(&self, statement: &Statement, within: &[Vec<&Document>], others: &[Vec<&Document>]) -> Answer {
        let statement = Document { version: Some(VERSION.into()), statements: vec![statement.clone()] };
        let places = places(&statement);
        let filled = |layers: &[Vec<&Document>]| -> Vec<Vec<Document>> {
            let layer =
                |layer: &Vec<&Document>| layer.iter().map(|each| self.filled(each, &places)).collect();
            layers.iter().map(layer).collect()
        };
        let (own, within, others) = (filled(&[vec![&statement]]), filled(within), filled(others));
        let allowing = Authority { layers: own.iter().chain(&within).map(|layer| all(layer)).collect() };
        let other = Authority { layers: others.iter().map(|layer| all(layer)).collect() };
        self.engine.borrow_mut().compare(&other, &allowing, Reading::Whole).answer(Side::New)
    }

    /// The document with a name for everything that the deployment fills in.
    fn filled(&self, document: &Document, places: &IndexMap<Hole, TemplateString>) -> Document {
        let fill = |text: &TemplateString| {
            text.fill(|hole| places.get(hole).or_else(|| self.names.get(hole)).cloned())
                .fill(|hole| places.get(hole).cloned())
        };
        let mut filled = document.clone();
        for statement in &mut filled.statements {
            let patterns = statement.actions.list.iter_mut().chain(&mut statement.resources.list);
            patterns.for_each(|pattern| pattern.text = fill(&pattern.text));
            let values = statement.conditions.iter_mut().flat_map(|condition| &mut condition.values);
            values.for_each(|value| *value = fill(value));
        }
        filled
    }
}

fn all(documents: &[Document]) -> Vec<&Document> {
    documents.iter().collect()
}

/// Everything that is needed, as a policy that allows it. What nothing is known of is needed whatever it is.
fn needed(needs: &[&Requirement]) -> Document {
    let statement = |need: &&Requirement| {
        let resources = need.resources.iter().flat_map(spellings).map(opened).collect();
        let is_known =
            |condition: &&Condition| !condition.values.iter().flat_map(TemplateString::holes).any(is_open);
        let conditions = need.conditions.iter().filter(is_known).cloned().collect();
        allow(need.action.clone(), resources, conditions)
    };
    Document { version: Some(VERSION.into()), statements: needs.iter().map(statement).collect() }
}

fn allow(action: SmolStr, resources: Vec<TemplateString>, conditions: Vec<Condition>) -> Statement {
    let pattern = |text: TemplateString| Pattern { text, site: None };
    Statement {
        sid: None,
        effect: Effect::Allow,
        actions: listed(action),
        resources: Patterns { negated: false, list: resources.into_iter().map(pattern).collect() },
        conditions,
        site: None,
    }
}

/// The action alone.
pub(super) fn listed(action: SmolStr) -> Patterns {
    Patterns { negated: false, list: vec![Pattern { text: action.as_str().into(), site: None }] }
}

/// Whether the deployment does not say what stands there.
fn is_open(hole: &Hole) -> bool {
    matches!(hole, Hole::Environment(_) | Hole::Event(_) | Hole::Unknown)
}

fn opened(text: &TemplateString) -> TemplateString {
    text.fill(|hole| is_open(hole).then(|| "*".into()))
}

fn texts(document: &Document) -> impl Iterator<Item = &TemplateString> {
    document.statements.iter().flat_map(|statement| {
        let patterns = statement.resources.list.iter().map(|pattern| &pattern.text);
        patterns.chain(statement.conditions.iter().flat_map(|condition| &condition.values))
    })
}

/// Partition, region and account as the texts name them.
fn places(document: &Document) -> IndexMap<Hole, TemplateString> {
    let named = |place: usize| {
        texts(document).find_map(|text| {
            let name = arn::parts(text)?.into_iter().nth(place)?;
            let is_name =
                name.as_literal().is_some_and(|name| !name.is_empty() && !name.contains(['*', '?']));
            is_name.then_some(name)
        })
    };
    PLACES
        .into_iter()
        .map(|(place, hole, usual)| (hole, named(place).unwrap_or_else(|| usual.into())))
        .collect()
}

/// The physical names of resources, as far as needs spell them both ways.
fn stated_names(needs: &[&Requirement]) -> IndexMap<Hole, TemplateString> {
    let resources = needs.iter().flat_map(|need| &need.resources);
    resources.filter_map(stated_name).collect()
}

fn stated_name(resource: &Resource) -> Option<(Hole, TemplateString)> {
    let reference = resource.reference.as_ref()?;
    let is_own = |piece: &&Piece| matches!(piece, Piece::Hole(Hole::Resource { .. }));
    let own: Vec<&Piece> = reference.pieces().iter().filter(is_own).collect();
    let [Piece::Hole(hole)] = own.as_slice() else { return None };
    let hole = hole.clone();
    let mark = "\u{1}";
    let marked = reference.fill(|other| (*other == hole).then(|| mark.into()));
    let (before, behind) = marked.to_string().split_once(mark).map(|(a, b)| (a.to_owned(), b.to_owned()))?;
    let name = resource.arn.to_string().strip_prefix(&before)?.strip_suffix(&behind)?.to_owned();
    (!name.contains("${")).then(|| (hole, name.as_str().into()))
}

/// A name for a hole that no policy mentions: its own, where it can be.
fn fresh_name(hole: &Hole, number: usize, texts: &[&TemplateString]) -> TemplateString {
    let own = match hole {
        Hole::Resource { id, attribute } if attribute.is_empty() => id.as_str(),
        Hole::Parameter(name) => name.rsplit("::").next().unwrap_or(name),
        Hole::PolicyVariable(_) => return TemplateString::hole(hole.clone()),
        _ => "unknown",
    };
    let own: String = own.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c)).collect();
    let candidates = [own.clone(), format!("example-{own}"), format!("zq{number}x-{own}")];
    let is_fresh = |name: &&String| !name.is_empty() && !texts.iter().any(|text| collides(name, text));
    let name = candidates.iter().find(is_fresh).or(candidates.last());
    name.map(|name| name.as_str().into()).unwrap_or_default()
}

/// Whether a pattern may match a name for what the name is: where it holds the name, or a part of it beside a wildcard.
fn collides(name: &str, text: &TemplateString) -> bool {
    let literals = text.pieces().iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(text.as_str()),
        Piece::Hole(_) => None,
    });
    literals.into_iter().any(|literal| {
        let runs: Vec<&str> = literal.split(['*', '?']).collect();
        runs.iter().enumerate().filter(|(_, run)| !run.is_empty()).any(|(place, run)| {
            let (open_before, open_behind) = (place > 0, place + 1 < runs.len());
            let begins = open_behind
                && (1..=name.len()).any(|end| name.get(..end).is_some_and(|part| run.ends_with(part)));
            let ends = open_before
                && (0..name.len()).any(|from| name.get(from..).is_some_and(|part| run.starts_with(part)));
            begins || ends || run.contains(name) || (open_before && open_behind && name.contains(run))
        })
    })
}
