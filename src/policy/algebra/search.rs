//! The resources of one statement on which the other side may allow less.

use super::clauses::{Clause, is_fixed};
use super::{Answer, Comparison, Side};
use crate::policy::algebra::actions::ActionId;
use crate::text::{Glob, Hole, Product, TemplateString};

/// Texts tried in the place of runs before all of them are looked at.
const FILLS: [&str; 4] = ["example", "", "x9q", "x/y"];

/// Is there a resource, and a context, for which a clause allows the action and the other side does not?
#[derive(Clone, Copy)]
pub(super) struct Query<'q> {
    /// The clauses that are about the action.
    pub(super) signature: &'q [usize],
    /// What the action acts on.
    pub(super) universe: usize,
    pub(super) action: ActionId,
    /// The clause that allows.
    pub(super) clause: usize,
    /// The pattern of its resource; `None` for one about all resources but some.
    pub(super) pattern: Option<usize>,
    /// Whether the whole of the policies is put to the evaluator, or only the statements about the action.
    pub(super) verify: bool,
}

/// How holes are read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holes {
    /// As letters of their own.
    Letters,
    /// As whatever makes a difference.
    Open,
    /// What the deployment fills in, as whatever makes none.
    Closed,
}

/// What the other clauses do to the search for a difference.
#[derive(Default)]
struct Live {
    /// Clauses that play a part, the one that allows among them.
    clauses: Vec<usize>,
    /// Those that end the search where they match all that follows.
    stop: Vec<usize>,
}

impl Comparison<'_, '_, '_> {
    pub(super) fn ask(&mut self, query: &Query<'_>) -> Answer {
        let live = self.live(query);
        let answer = self.ask_by(query, &live, Holes::Letters);
        let answer = match answer {
            Answer::None if self.needs_open(query, &live) => match self.ask_by(query, &live, Holes::Open) {
                Answer::None => Answer::None,
                Answer::Found(witness) if !self.has_fixed(&live) => Answer::Found(witness),
                _ => Answer::Unknown,
            },
            other => other,
        };
        match answer {
            // What rests on names that the deployment gives is certain only where no name changes it.
            Answer::Found(_) if self.has_foreign(query, &live) => {
                match self.ask_by(query, &live, Holes::Closed) {
                    Answer::None if self.is_found_twice(query, &live) => answer,
                    Answer::None => Answer::Unknown,
                    other => other,
                }
            }
            other => other,
        }
    }

    fn clause(&self, index: usize) -> Option<&Clause<'_>> {
        self.clauses.list.get(index)
    }

    /// The clauses of the signature that can matter: their patterns may meet that of the query.
    fn live(&self, query: &Query<'_>) -> Live {
        let Some(granting) = self.clause(query.clause) else { return Live::default() };
        let matters = |index: &usize| self.matters(query, granting, *index);
        let clauses: Vec<usize> = query.signature.iter().copied().filter(matters).collect();
        let stop = self.stops(granting, &clauses);
        Live { clauses, stop }
    }

    fn matters(&self, query: &Query<'_>, granting: &Clause<'_>, index: usize) -> bool {
        let Some(clause) = self.clause(index) else { return false };
        let is_own = clause.side == granting.side;
        let is_rival = is_own && clause.allow && clause.layer == 0;
        let pattern = query.pattern.and_then(|pattern| self.clauses.globs.get(pattern));
        let meets = pattern.is_none_or(|pattern| self.may_meet(clause, pattern));
        let is_moot = !is_own && !clause.allow && self.is_denied_anyway(query, granting, clause);
        index == query.clause || (!is_rival && meets && !is_moot)
    }

    fn may_meet(&self, clause: &Clause<'_>, pattern: &Glob) -> bool {
        let mut globs = clause.resources.iter().filter_map(|index| self.clauses.globs.get(*index));
        clause.negated || globs.any(|glob| glob.may_meet(pattern))
    }

    /// Whether the side that allows denies all that a clause of the other side does.
    fn is_denied_anyway(&self, query: &Query<'_>, granting: &Clause<'_>, denying: &Clause<'_>) -> bool {
        query.signature.iter().filter_map(|index| self.clause(*index)).any(|own| {
            own.side == granting.side
                && !own.allow
                && own.negated == denying.negated
                && own.resources == denying.resources
                && own.atoms.iter().all(|atom| denying.atoms.contains(atom))
        })
    }

    /// The places among the clauses of those that end the search where they match all that follows.
    fn stops(&self, granting: &Clause<'_>, clauses: &[usize]) -> Vec<usize> {
        let all = || clauses.iter().filter_map(|index| self.clause(*index));
        let other_denies = all().any(|clause| clause.side != granting.side && !clause.allow);
        let single = self.layers_of(granting.side.other()) == 1;
        let ends = |clause: &Clause<'_>| {
            let settles = if clause.side == granting.side {
                !clause.allow
            } else {
                clause.allow && !other_denies && single
            };
            settles && clause.atoms.is_empty() && !clause.negated
        };
        let places = clauses.iter().enumerate();
        places.filter(|(_, index)| self.clause(**index).is_some_and(ends)).map(|(place, _)| place).collect()
    }

    pub(super) fn layers_of(&self, side: Side) -> usize {
        let [old, new] = self.clauses.layers;
        if side == Side::Old { old } else { new }
    }

    /// Whether a clause makes differences where it matches.
    fn favours(&self, clause: &Clause<'_>, query: &Query<'_>) -> bool {
        self.clause(query.clause).is_some_and(|granting| (clause.side == granting.side) == clause.allow)
    }

    /// Whether reading holes as letters may miss a difference: where several patterns must match the same text, and
    /// one of them has a hole, a text of the hole may bring them together.
    fn needs_open(&self, query: &Query<'_>, live: &Live) -> bool {
        let has_holes =
            |index: usize| self.clauses.globs.get(index).is_some_and(|glob| glob.holes().next().is_some());
        let own_holes = query.pattern.is_some_and(has_holes);
        let own_unknown = query.pattern.and_then(|pattern| self.clauses.globs.get(pattern));
        if own_unknown.is_some_and(|glob| glob.holes().any(|hole| *hole == Hole::Unknown)) {
            return true;
        }
        let others = live.clauses.iter().filter(|index| **index != query.clause);
        others.filter_map(|index| self.clause(*index)).any(|clause| {
            let favours = self.favours(clause, query) != clause.negated;
            favours
                && clause.resources.iter().any(|index| {
                    let is_all = self.clauses.globs.get(*index).is_some_and(Glob::is_everything);
                    has_holes(*index) || (own_holes && !is_all)
                })
        })
    }

    fn has_fixed(&self, live: &Live) -> bool {
        let clauses = live.clauses.iter().filter_map(|index| self.clause(*index));
        clauses
            .flat_map(|clause| &clause.resources)
            .any(|index| self.clauses.globs.get(*index).is_some_and(|glob| glob.holes().any(is_fixed)))
    }

    /// Whether a clause that takes differences away has text that the deployment fills in and the query does not know.
    fn has_foreign(&self, query: &Query<'_>, live: &Live) -> bool {
        let own = query.pattern.and_then(|pattern| self.clauses.globs.get(pattern));
        let others = live.clauses.iter().filter(|index| **index != query.clause);
        others.filter_map(|index| self.clause(*index)).any(|clause| {
            let takes = self.favours(clause, query) == clause.negated;
            takes
                && clause
                    .resources
                    .iter()
                    .filter_map(|index| self.clauses.globs.get(*index))
                    .any(|glob| glob.holes().any(|hole| is_foreign(hole, own)))
        }) || own.is_some_and(|own| {
            // A name in the query may be one that the other side spells out.
            own.holes().any(is_fixed)
                && !live.clauses.iter().filter(|index| **index != query.clause).all(|index| {
                    self.clause(*index).is_none_or(|clause| {
                        clause.resources.iter().all(|index| {
                            self.clauses
                                .globs
                                .get(*index)
                                .is_none_or(|glob| !glob.may_meet(own) || glob.holes().next().is_some())
                        })
                    })
                })
        })
    }

    /// The patterns of a clause as the holes are read.
    fn patterns(&self, clause: &Clause<'_>, query: &Query<'_>, holes: Holes) -> Vec<Glob> {
        let own = query.pattern.and_then(|pattern| self.clauses.globs.get(pattern));
        let favours = self.favours(clause, query) != clause.negated;
        let globs = clause.resources.iter().filter_map(|index| self.clauses.globs.get(*index));
        let globs = globs.filter(|glob| own.is_none_or(|own| holes != Holes::Letters || glob.may_meet(own)));
        globs
            .filter_map(|glob| {
                let has_holes = glob.holes().next().is_some();
                match holes {
                    Holes::Open if !has_holes => Some(glob.clone()),
                    Holes::Open => favours.then(|| glob.opened()),
                    Holes::Closed if !favours && glob.holes().any(|hole| is_foreign(hole, own)) => {
                        Some(glob.opened())
                    }
                    Holes::Letters | Holes::Closed => Some(glob.clone()),
                }
            })
            .collect()
    }

    fn ask_by(&mut self, query: &Query<'_>, live: &Live, holes: Holes) -> Answer {
        let Some(clause) = self.clause(query.clause) else { return Answer::None };
        let own = query.pattern.and_then(|pattern| self.clauses.globs.get(pattern)).cloned();
        let own = match holes {
            Holes::Open => own.map(|glob| glob.opened()),
            _ => own,
        };
        let own_negated = clause.negated;
        let patterns = self.all_patterns(query, live, holes);
        let mut doubt = false;
        let samples = if holes == Holes::Letters { self.samples(query, own.as_ref()) } else { Vec::new() };
        for word in samples {
            let matched = matched(&patterns, &word);
            if !matched.contains(&query.clause) {
                continue;
            }
            match self.solve(query, &matched, &word) {
                Answer::None => {}
                Answer::Unknown => doubt = true,
                found @ Answer::Found(_) => return found,
            }
        }
        if holes == Holes::Letters && !own_negated && self.is_covered(query, live, own.as_ref()) {
            return Answer::None;
        }
        match self.explore(query, live, &patterns, own.as_ref()) {
            Answer::None if doubt => Answer::Unknown,
            other => other,
        }
    }

    fn all_patterns(&self, query: &Query<'_>, live: &Live, holes: Holes) -> Vec<(usize, bool, Vec<Glob>)> {
        let of_clause = |index: &usize| {
            let clause = self.clause(*index)?;
            Some((*index, clause.negated, self.patterns(clause, query, holes)))
        };
        live.clauses.iter().filter_map(of_clause).collect()
    }

    /// Whether there are two differences of which no name that the deployment gives takes both away.
    fn is_found_twice(&mut self, query: &Query<'_>, live: &Live) -> bool {
        let own = query.pattern.and_then(|pattern| self.clauses.globs.get(pattern)).cloned();
        let Some(own) = own.filter(|own| !own.holes().any(is_fixed)) else { return false };
        let patterns = self.all_patterns(query, live, Holes::Letters);
        let mut words: Vec<TemplateString> = Vec::new();
        for word in self.samples(query, Some(&own)) {
            let matched = matched(&patterns, &word);
            if matched.contains(&query.clause)
                && matches!(self.solve(query, &matched, &word), Answer::Found(_))
            {
                words.push(word);
            }
        }
        let foreign: Vec<&Glob> = live
            .clauses
            .iter()
            .filter_map(|index| self.clause(*index))
            .flat_map(|clause| &clause.resources)
            .filter_map(|index| self.clauses.globs.get(*index))
            .filter(|glob| glob.holes().any(|hole| is_foreign(hole, Some(&own))))
            .collect();
        words.iter().enumerate().any(|(place, first)| {
            let mut others = words.iter().skip(place + 1);
            others.any(|second| foreign.iter().all(|glob| !may_match_both(glob, first, second)))
        })
    }

    /// Texts that are likely to make a difference where there is one.
    fn samples(&self, query: &Query<'_>, own: Option<&Glob>) -> Vec<TemplateString> {
        let universe = self.actions.patterns(query.universe);
        let mut samples: Vec<TemplateString> = match own {
            Some(own) => FILLS.iter().map(|fill| own.sample(fill, usual_part)).collect(),
            None => Vec::new(),
        };
        samples.retain(|word| universe.iter().any(|glob| glob.matches_word(word)));
        let of_types = self.actions.samples(query.universe).iter();
        samples.extend(of_types.filter(|word| own.is_none_or(|own| own.matches_word(word))).cloned());
        samples.dedup();
        samples
    }

    /// Whether a statement of the other side allows all of the pattern under fewer conditions, and nothing there denies.
    fn is_covered(&self, query: &Query<'_>, live: &Live, own: Option<&Glob>) -> bool {
        let (Some(granting), Some(own)) = (self.clause(query.clause), own) else { return false };
        let layers = self.layers_of(granting.side.other());
        let others: Vec<&Clause<'_>> = live
            .clauses
            .iter()
            .filter_map(|index| self.clause(*index))
            .filter(|clause| clause.side != granting.side)
            .collect();
        let covers = |clause: &&&Clause<'_>| {
            !clause.negated
                && clause.atoms.iter().all(|atom| granting.atoms.contains(atom))
                && clause.resources.iter().any(|index| {
                    query.pattern == Some(*index) && !own.holes().any(|hole| *hole == Hole::Unknown)
                        || self.clauses.globs.get(*index).is_some_and(|glob| glob.plainly_contains(own))
                })
        };
        // What has no layers allows nothing.
        layers > 0
            && others.iter().all(|clause| clause.allow)
            && (0..layers).all(|layer| {
                others.iter().filter(|clause| clause.layer == layer).any(|clause| covers(&clause))
            })
    }

    /// Looks at every combination of clauses that a resource can be matched by.
    fn explore(
        &mut self,
        query: &Query<'_>,
        live: &Live,
        patterns: &[(usize, bool, Vec<Glob>)],
        own: Option<&Glob>,
    ) -> Answer {
        let universe: Vec<Glob> = self.actions.patterns(query.universe).to_vec();
        let product = Product {
            within: own.into_iter().map(|own| vec![own]).chain([universe.iter().collect()]).collect(),
            groups: patterns.iter().map(|(_, _, globs)| globs.iter().collect()).collect(),
            stop: live.stop.clone(),
            budget: self.budget,
        };
        let (found, work) = product.explore();
        self.budget = self.budget.saturating_sub(work);
        let Ok(found) = found else { return Answer::Unknown };
        let mut doubt = false;
        for found in found {
            let is_matched = |place: usize, negated: bool| found.groups.has(place) != negated;
            let matched: Vec<usize> = patterns
                .iter()
                .enumerate()
                .filter(|(place, (_, negated, _))| is_matched(*place, *negated))
                .map(|(_, (index, _, _))| *index)
                .collect();
            if !matched.contains(&query.clause) {
                continue;
            }
            match self.solve(query, &matched, &found.word) {
                Answer::None => {}
                Answer::Unknown => doubt = true,
                found @ Answer::Found(_) => return found,
            }
        }
        if doubt { Answer::Unknown } else { Answer::None }
    }
}

/// What usually stands in a part of an ARN.
fn usual_part(part: usize) -> Option<&'static str> {
    match part {
        1 => Some("aws"),
        3 => Some("us-east-1"),
        4 => Some("123456789012"),
        _ => None,
    }
}

/// Whether the deployment fills the hole in and the query's own pattern does not have it.
fn is_foreign(hole: &Hole, own: Option<&Glob>) -> bool {
    let is_ambient = matches!(hole, Hole::Account | Hole::Region | Hole::Partition);
    let is_own = own.is_some_and(|own| own.holes().any(|other| other == hole && *hole != Hole::Unknown));
    is_fixed(hole) && !is_ambient && !is_own
}

/// Whether some name makes the pattern match both texts.
fn may_match_both(glob: &Glob, first: &TemplateString, second: &TemplateString) -> bool {
    let opened = glob.opened();
    if !opened.matches_word(first) || !opened.matches_word(second) {
        return false;
    }
    let mut holes: Vec<&Hole> = glob.holes().collect();
    holes.dedup();
    let ([hole], Some(text)) = (holes.as_slice(), first.as_literal()) else { return true };
    let ends = || text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let names = ends().flat_map(|start| ends().filter_map(move |end| text.get(start..end)));
    names.into_iter().any(|name| {
        let named = glob.filled(&[((*hole).clone(), name.into())]);
        named.matches_word(first) && named.matches_word(second)
    })
}

/// The clauses that are about the resource.
fn matched(patterns: &[(usize, bool, Vec<Glob>)], word: &TemplateString) -> Vec<usize> {
    let is_about =
        |globs: &[Glob], negated: bool| globs.iter().any(|glob| glob.matches_word(word)) != negated;
    patterns
        .iter()
        .filter(|(_, negated, globs)| is_about(globs, *negated))
        .map(|(index, _, _)| *index)
        .collect()
}
