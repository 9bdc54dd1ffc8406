//! Where the analysis could not see, nothing may be called superfluous.

use super::model::FunctionAnalysis;
use crate::flow::BlindSpot;
use crate::policy::ActionFacts;
use crate::text::SmolStr;

/// The blind spots that could hide the need for an action.
pub(super) struct Blindness<'a> {
    /// Each with the action prefixes that it may concern; none means any.
    spots: Vec<(&'a BlindSpot, Vec<SmolStr>)>,
}

impl<'a> Blindness<'a> {
    pub(super) fn new(users: &[&'a FunctionAnalysis], facts: &dyn ActionFacts) -> Self {
        let hiding = users.iter().flat_map(|user| &user.blind_spots).filter(|spot| spot.kind.hides_actions());
        let spots = hiding.map(|spot| {
            let prefixes = spot.services.iter().flat_map(|service| facts.prefixes(service));
            (spot, prefixes.collect())
        });
        Self { spots: spots.collect() }
    }

    /// A blind spot that could hide the need for some of these actions.
    pub(super) fn hiding(&self, actions: &[SmolStr]) -> Option<&'a BlindSpot> {
        let concerns = |prefixes: &[SmolStr]| {
            prefixes.is_empty()
                || actions.iter().any(|action| {
                    let prefix = action.split(':').next().unwrap_or("");
                    prefix.contains('*') || prefixes.iter().any(|other| other.eq_ignore_ascii_case(prefix))
                })
        };
        self.spots.iter().find(|(_, prefixes)| concerns(prefixes)).map(|(spot, _)| *spot)
    }
}
