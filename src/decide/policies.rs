//! Two sets of policies by meaning: what only one of them allows, as rows for people.

use indexmap::IndexMap;
use rustc_hash::FxHashSet;

use super::model::{HeldBy, Row, Severity};
use super::risk::{self, Width};
use super::symbols::placed;
use crate::cloud::{Resolution, Resource};
use crate::infra::HeldPolicy;
use crate::policy::algebra::{
    Authority, Comparison, Engine, Gap, Reading, Relation, Side, Standing, Witness,
};
use crate::policy::{ActionFacts, Document, Pattern};
use crate::text::{Glob, Site, SmolStr, TemplateString};

/// At most so many actions of a pattern stand in rows of their own.
const SINGLE: usize = 4;

/// A set of policies that are held together.
#[derive(Clone, Debug, Default)]
pub struct PolicySet {
    /// The policies.
    pub policies: Vec<HeldPolicy>,
    /// What limits them: a boundary, the policies of an organisation. Each must allow what is to be allowed.
    pub limits: Vec<HeldPolicy>,
    /// Names and places of what is held, or limits it, and nobody has read: it may allow or deny anything.
    pub unread: Vec<(SmolStr, Site)>,
}

/// How two sets of policies differ.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyDifference {
    /// How the new set stands to the old one.
    pub standing: Standing,
    /// What only the old set allows.
    pub only_in_old: Vec<PolicyRow>,
    /// What only the new set allows.
    pub only_in_new: Vec<PolicyRow>,
    /// What could not be decided.
    pub undecided: Vec<PolicyRow>,
}

/// A row, and whose it is.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyRow {
    /// The set whose statement it is.
    pub side: Side,
    /// What it allows, with a request that the other set does not allow, but where it could not be decided.
    pub row: Row,
}

/// Compares two sets of policies.
pub fn compare_policies(old: &PolicySet, new: &PolicySet, facts: &dyn ActionFacts) -> PolicyDifference {
    let mut engine = Engine::new(facts);
    let [own, other] = placed([&old.policies, &new.policies], facts);
    let (first, second) = (authority(&own, &old.limits), authority(&other, &new.limits));
    let mut comparison = engine.compare(&first, &second, Reading::Whole);
    let (in_old, in_new) = (comparison.mentioned(Side::Old), comparison.mentioned(Side::New));
    let sets = Sets { old: &own, new: &other, in_old, in_new, facts };
    let relation = comparison.relation();
    let mut difference = PolicyDifference {
        standing: relation.standing(),
        only_in_old: Vec::new(),
        only_in_new: Vec::new(),
        undecided: Vec::new(),
    };
    for side in [Side::Old, Side::New] {
        let gaps = comparison.gaps(side);
        let rows = sets.rows(&mut comparison, Wanted { side, undecided: false }, &gaps);
        match side {
            Side::Old => difference.only_in_old = rows,
            Side::New => difference.only_in_new = rows,
        }
        difference.undecided.extend(sets.rows(&mut comparison, Wanted { side, undecided: true }, &gaps));
    }
    let mut other = engine.compare(&first, &second, Reading::Parts);
    sets.readings(&mut other, &relation, &mut difference);
    leave_open(old, new, &mut difference);
    for rows in [&mut difference.only_in_old, &mut difference.only_in_new, &mut difference.undecided] {
        rows.sort_by_key(|each| std::cmp::Reverse(each.row.severity));
    }
    difference
}

/// What nobody has read may give, or take away, whatever makes the difference: no row is certain any more. Sets of which the
/// rest is equal are equal where the same was not read on both sides.
fn leave_open(old: &PolicySet, new: &PolicySet, difference: &mut PolicyDifference) {
    let names =
        |set: &PolicySet| -> FxHashSet<SmolStr> { set.unread.iter().map(|(name, _)| name.clone()).collect() };
    let (in_old, in_new) = (names(old), names(new));
    let is_settled = in_old == in_new && difference.standing == Standing::Equal;
    if in_old.is_empty() && in_new.is_empty() || is_settled {
        return;
    }
    difference.standing = Standing::Unknown;
    let known = difference.only_in_old.drain(..).chain(difference.only_in_new.drain(..));
    difference.undecided.extend(known.map(of_unread));
    for (side, set, others) in [(Side::Old, old, &in_new), (Side::New, new, &in_old)] {
        let own = set.unread.iter().filter(|(name, _)| !others.contains(name));
        difference.undecided.extend(own.map(|(name, site)| unread_row(side, name, *site)));
    }
}

/// The row as one that depends on what was not read.
fn of_unread(mut each: PolicyRow) -> PolicyRow {
    each.row.severity = Severity::Note;
    each.row.message = format!("{}, or not: it depends on a policy that is not known", each.row.message);
    each
}

/// The row of a policy that was not read.
fn unread_row(side: Side, name: &SmolStr, site: Site) -> PolicyRow {
    let own = name_of(side);
    let row = Row {
        action: "*".into(),
        except: Vec::new(),
        resources: Vec::new(),
        held_resources: Vec::new(),
        conditions: Vec::new(),
        severity: Severity::Note,
        message: format!("the statements of `{name}`, which only the {own} side has, are not known"),
        evidence: Vec::new(),
        held_by: Some(HeldBy { site: Some(site), sid: None, policy: name.clone() }),
        witness: None,
        needed_by: Vec::new(),
    };
    PolicyRow { side, row }
}

fn authority<'a>(policies: &'a [HeldPolicy], limits: &'a [HeldPolicy]) -> Authority<'a> {
    let own: Vec<&Document> = policies.iter().map(|policy| &policy.document).collect();
    let further = limits.iter().map(|policy| vec![&policy.document]);
    Authority { layers: std::iter::once(own).chain(further).collect() }
}

/// The two sets.
struct Sets<'a> {
    old: &'a [HeldPolicy],
    new: &'a [HeldPolicy],
    /// The actions that statements of each allow on some resource.
    in_old: FxHashSet<SmolStr>,
    in_new: FxHashSet<SmolStr>,
    facts: &'a dyn ActionFacts,
}

/// Which rows are wanted.
#[derive(Clone, Copy)]
struct Wanted {
    side: Side,
    /// Those that could not be decided, instead of those that were.
    undecided: bool,
}

/// A pattern of a statement.
#[derive(Clone, Copy)]
struct Part<'p> {
    /// It, where the statement has one.
    pattern: Option<&'p Pattern>,
    name: &'p str,
    /// The actions that it stands for.
    expanded: &'p [SmolStr],
}

/// What a row is named by.
struct Named {
    action: SmolStr,
    /// What is left out of it.
    except: Vec<SmolStr>,
    /// The differing actions among it.
    concerned: Vec<SmolStr>,
}

/// Resources of a statement on which the same of a pattern differs.
#[derive(Default)]
struct Group {
    resources: Vec<Option<usize>>,
    /// Requests, in the order of the actions.
    witnesses: Vec<Witness>,
}

impl Sets<'_> {
    fn of(&self, side: Side) -> &[HeldPolicy] {
        match side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }

    /// The rows of a side: one for each pattern of a statement and what of it differs.
    fn rows(
        &self,
        comparison: &mut Comparison<'_, '_, '_>,
        wanted: Wanted,
        gaps: &[Gap<'_>],
    ) -> Vec<PolicyRow> {
        let mut rows = Vec::new();
        for gaps in gaps.chunk_by(|a, b| std::ptr::eq(a.statement, b.statement) && a.document == b.document) {
            let Some(first) = gaps.first() else { continue };
            let patterns = &first.statement.actions;
            if patterns.negated {
                let all: Vec<SmolStr> = gaps.iter().flat_map(parts).cloned().collect();
                let part = Part { pattern: patterns.list.first(), name: "*", expanded: &all };
                self.pattern_rows(wanted, gaps, part, &mut rows);
                continue;
            }
            for pattern in &patterns.list {
                let Some(name) = pattern.text.as_literal() else { continue };
                let expanded = comparison.expand(&pattern.text);
                let part = Part { pattern: Some(pattern), name, expanded: &expanded };
                self.pattern_rows(wanted, gaps, part, &mut rows);
            }
        }
        rows
    }

    fn pattern_rows(&self, wanted: Wanted, gaps: &[Gap<'_>], part: Part<'_>, rows: &mut Vec<PolicyRow>) {
        let mut groups: IndexMap<(Vec<SmolStr>, Vec<SmolStr>), Group> = IndexMap::new();
        for gap in gaps {
            let list = if wanted.undecided { &gap.undecided } else { &gap.actions };
            let differing = within(list, part.expanded);
            if differing.is_empty() {
                continue;
            }
            let kept = within(&gap.shared, part.expanded);
            let shown = differing.iter().filter_map(|action| {
                let place = gap.actions.binary_search(action).ok().filter(|_| !wanted.undecided)?;
                gap.witnesses.get(place).cloned()
            });
            let shown: Vec<Witness> = shown.collect();
            let group = groups.entry((differing, kept)).or_default();
            group.resources.push(gap.resource);
            if group.witnesses.is_empty() {
                group.witnesses = shown;
            }
        }
        for ((differing, kept), group) in groups {
            let Some(gap) = gaps.first() else { continue };
            for (action, except) in named(part.name, &differing, &kept) {
                let concerned = concerned(&action, &differing);
                rows.push(self.row(wanted, gap, part.pattern, Named { action, except, concerned }, &group));
            }
        }
    }

    fn row(
        &self,
        Wanted { side, undecided }: Wanted,
        gap: &Gap<'_>,
        pattern: Option<&Pattern>,
        named: Named,
        group: &Group,
    ) -> PolicyRow {
        let statement = gap.statement;
        let held: Vec<TemplateString> = if statement.resources.negated {
            vec!["*".into()]
        } else {
            let listed =
                group.resources.iter().flatten().filter_map(|index| statement.resources.list.get(*index));
            listed.map(|pattern| pattern.text.clone()).collect()
        };
        let width = held.iter().map(|text| risk::width(text, self.facts)).max().unwrap_or(Width::Named);
        let severity = risk::of_pattern(&named.action, &named.concerned, width, self.facts);
        let policy = self.of(side).get(gap.document);
        let held_by = HeldBy {
            site: pattern.and_then(|pattern| pattern.site).or(statement.site),
            sid: statement.sid.clone(),
            policy: policy.map(|policy| policy.name.clone()).unwrap_or_default(),
        };
        let message = if undecided {
            let own = name_of(side);
            format!("whether only the {own} policy allows `{}` could not be decided", named.action)
        } else {
            self.message(side, &named)
        };
        let Named { action, except, concerned } = named;
        let row = Row {
            action,
            except,
            resources: held.iter().map(resource).collect(),
            held_resources: held,
            conditions: statement.conditions.clone(),
            severity: if undecided { Severity::Note } else { severity },
            message,
            evidence: Vec::new(),
            held_by: Some(held_by),
            witness: group.witnesses.iter().find(|witness| concerned.contains(&witness.action)).cloned(),
            needed_by: Vec::new(),
        };
        PolicyRow { side, row }
    }

    fn message(&self, side: Side, Named { action, except, concerned }: &Named) -> String {
        let (own, other) = (name_of(side), name_of(side.other()));
        if !except.is_empty() {
            return format!("of `{action}`, both policies allow {}", super::compare::list(except));
        }
        let rivals = match side {
            Side::Old => &self.in_new,
            Side::New => &self.in_old,
        };
        if concerned.iter().any(|action| rivals.contains(action)) {
            format!("the {own} policy allows `{action}` where the {other} one does not")
        } else {
            format!("only the {own} policy allows `{action}`")
        }
    }

    /// Where the two readings of `*` in an ARN lead to different answers, neither is one.
    fn readings(
        &self,
        comparison: &mut Comparison<'_, '_, '_>,
        relation: &Relation,
        difference: &mut PolicyDifference,
    ) {
        let other = comparison.relation();
        if other.standing() == relation.standing() {
            return;
        }
        let before = difference.undecided.len();
        for side in [Side::Old, Side::New] {
            let gaps = comparison.gaps(side);
            let known = match side {
                Side::Old => &mut difference.only_in_old,
                Side::New => &mut difference.only_in_new,
            };
            let rows = self.rows(comparison, Wanted { side, undecided: false }, &gaps);
            let is_in = |row: &PolicyRow, rows: &[PolicyRow]| rows.iter().any(|each| is_same(each, row));
            let (kept, lost): (Vec<_>, Vec<_>) = known.drain(..).partition(|row| is_in(row, &rows));
            let fresh: Vec<PolicyRow> = rows
                .into_iter()
                .filter(|row| !is_in(row, &kept) && !is_in(row, &lost))
                .map(|each| PolicyRow { row: Row { witness: None, ..each.row }, ..each })
                .collect();
            *known = kept;
            difference.undecided.extend(lost.into_iter().chain(fresh).map(of_reading));
        }
        if difference.undecided.len() > before {
            difference.standing = Standing::Unknown;
        }
    }
}

const fn name_of(side: Side) -> &'static str {
    match side {
        Side::Old => "old",
        Side::New => "new",
    }
}

/// What rows are named by, and what is left out of each: single actions where they are few, the pattern, or for one that
/// is about all services, a pattern for each service.
fn named(name: &str, differing: &[SmolStr], kept: &[SmolStr]) -> Vec<(SmolStr, Vec<SmolStr>)> {
    if !name.contains(['*', '?']) {
        return vec![(differing.first().cloned().unwrap_or_else(|| name.into()), Vec::new())];
    }
    if kept.is_empty() {
        return vec![(name.into(), Vec::new())];
    }
    if differing.len() <= SINGLE {
        return differing.iter().map(|action| (action.clone(), Vec::new())).collect();
    }
    if kept.len() < differing.len() || !service_of(name).contains(['*', '?']) {
        return vec![(name.into(), kept.to_vec())];
    }
    let mut rows = Vec::new();
    for own in differing.chunk_by(|a, b| service_of(a) == service_of(b)) {
        let service = own.first().map_or("", |first| service_of(first));
        let rest: Vec<SmolStr> =
            kept.iter().filter(|action| service_of(action) == service).cloned().collect();
        if own.len() <= SINGLE && !rest.is_empty() {
            rows.extend(own.iter().map(|action| (action.clone(), Vec::new())));
        } else {
            rows.push((format!("{service}:*").into(), rest));
        }
    }
    rows
}

fn service_of(action: &str) -> &str {
    action.split(':').next().unwrap_or("")
}

/// The actions that a row is about.
fn concerned(name: &str, differing: &[SmolStr]) -> Vec<SmolStr> {
    let glob = Glob::held(&name.into()).ignoring_case();
    differing.iter().filter(|action| glob.matches(action).is_yes()).cloned().collect()
}

fn is_same(left: &PolicyRow, right: &PolicyRow) -> bool {
    left.row.action == right.row.action
        && left.row.held_by == right.row.held_by
        && left.row.held_resources == right.row.held_resources
}

/// The row as one that depends on how `*` is read.
fn of_reading(mut each: PolicyRow) -> PolicyRow {
    each.row.severity = Severity::Note;
    each.row.message =
        format!("{}, or not: it depends on whether a `*` within an ARN reaches over `:`", each.row.message);
    each
}

fn parts<'g>(gap: &'g Gap<'_>) -> impl Iterator<Item = &'g SmolStr> {
    gap.actions.iter().chain(&gap.undecided).chain(&gap.shared)
}

/// Those of sorted actions that a pattern stands for.
fn within(actions: &[SmolStr], expanded: &[SmolStr]) -> Vec<SmolStr> {
    let has = |action: &&SmolStr| actions.binary_search(action).is_ok();
    let mut within: Vec<SmolStr> = expanded.iter().filter(has).cloned().collect();
    within.sort();
    within.dedup();
    within
}

fn resource(pattern: &TemplateString) -> Resource {
    let resolution =
        if pattern.holes().next().is_some() { Resolution::Template } else { Resolution::Literal };
    Resource { arn: pattern.clone(), reference: None, kind: "*".into(), resolution }
}
