//! What a function's own configuration asks of its role: logs, event sources, destinations, network, tracing.
//!
//! The facts are rows of `catalogs/aws/triggers.toml`; here they are put on the resources of a deployment.

mod causes;
mod guard;
mod places;

pub use causes::causes;
pub use guard::guards;

use indexmap::IndexMap;

use self::places::{Condition as When, Place};
use crate::cloud::{Certainty, Evidence, Origin, Requirement, Resource};
use crate::flow::Confidence;
use crate::infra::{Deployment, Function, FunctionKind, Need, TriggerKind, trigger, triggers};
use crate::policy::Condition;
use crate::text::tree::Node;
use crate::text::{Site, SmolStr, TemplateString};

/// What the role of `function` must allow because of how the function is deployed, sorted by action.
pub fn require(function: &Function, deployment: &Deployment) -> Vec<Requirement> {
    let mut rows = Rows::default();
    let is_program = function.kind() == FunctionKind::Function;
    for row in triggers().iter().filter(|row| row.always && is_program) {
        let subject = Subject { row, named: None, properties: None, certain: true, site: function.site };
        rows.take(function, deployment, &subject);
    }
    for found in &function.triggers {
        if let Some(row) = trigger(&found.kind) {
            let (named, properties) = (found.source.as_ref(), Some(&found.properties));
            rows.take(
                function,
                deployment,
                &Subject { row, named, properties, certain: found.certain, site: found.site },
            );
        }
    }
    for found in &function.settings {
        if let Some(row) = trigger(&found.kind) {
            let (named, properties) = (found.target.as_ref(), Some(&found.properties));
            rows.take(
                function,
                deployment,
                &Subject { row, named, properties, certain: found.certain, site: found.site },
            );
        }
    }
    rows.finish()
}

/// A trigger or a setting, with its row of the catalog.
struct Subject<'a> {
    row: &'static TriggerKind,
    /// What triggers, or what the setting names.
    named: Option<&'a TemplateString>,
    properties: Option<&'a Node>,
    certain: bool,
    site: Site,
}

/// What tells one requirement from another: action, certainty and conditions.
type Key = (SmolStr, Certainty, Vec<Condition>);

/// Requirements with the same key are one row.
#[derive(Default)]
struct Rows {
    rows: IndexMap<Key, (Vec<Resource>, Vec<Evidence>)>,
}

impl Rows {
    fn take(&mut self, function: &Function, deployment: &Deployment, subject: &Subject<'_>) {
        let place = Place { function, deployment, subject };
        for need in &subject.row.needs {
            let possible = match place.condition(need.when.as_deref()) {
                When::Holds => false,
                When::Open => true,
                When::Fails => continue,
            };
            let possible = possible || !subject.certain || need.certainty.as_deref() == Some("possible");
            let certainty = if possible { Certainty::Possible } else { Certainty::Certain };
            self.add(&place, need, certainty);
        }
    }

    fn add(&mut self, place: &Place<'_>, need: &Need, certainty: Certainty) {
        let resources = place.resources(need);
        let conditions = place.conditions(need);
        let evidence = Evidence { site: place.subject.site, what: place.subject.row.id.as_str().into() };
        for action in &need.actions {
            let key = (action.as_str().into(), certainty, conditions.clone());
            let (known, why) = self.rows.entry(key).or_default();
            known.extend(resources.iter().cloned());
            why.push(evidence.clone());
        }
    }

    fn finish(self) -> Vec<Requirement> {
        let rows = self.rows.into_iter();
        let mut requirements: Vec<Requirement> = rows.map(|(key, row)| requirement(key, row)).collect();
        requirements.sort_by(|left, right| {
            let key = |row: &Requirement| (row.action.clone(), row.certainty, row.conditions.clone());
            key(left).cmp(&key(right))
        });
        requirements
    }
}

fn requirement(key: Key, row: (Vec<Resource>, Vec<Evidence>)) -> Requirement {
    let ((action, certainty, conditions), (mut resources, mut evidence)) = (key, row);
    resources.sort();
    resources.dedup();
    evidence.sort();
    evidence.dedup();
    let (origin, confidence) = (Origin::Configuration, Confidence::Proven);
    let carried = vec![];
    Requirement { action, resources, conditions, carried, certainty, origin, confidence, evidence }
}
