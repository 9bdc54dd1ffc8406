//! API calls → requirements, by the catalog's rules.

use indexmap::IndexMap;
use indexmap::map::Entry;

use crate::catalog::{Answer, Authorization, Catalog, Class, Rule, When};
use crate::flow::{ApiCall, BlindKind, BlindSpot, Confidence, Principal};
use crate::policy::Condition;
use crate::text::{Hole, Piece, SmolStr, TemplateString};

use super::super::{Carried, Certainty, Evidence, Origin, Requirement, Resolution, Resource};
use super::encryption;
use super::handed;
use super::names::Names;
use super::narrowing;
use super::request::Arguments;
use super::resource::Filler;

/// What the calls of a function ask of its execution role, and which resources are not known.
pub fn require(catalog: Catalog, names: Names<'_>, calls: &[ApiCall]) -> (Vec<Requirement>, Vec<BlindSpot>) {
    let mut needs = Needs::default();
    for call in calls.iter().filter(|call| call.principal == Principal::ExecutionRole) {
        let arguments = Arguments::new(&call.arguments);
        let filler = Filler { arguments: &arguments, client: &call.client, names };
        let operation = catalog.service(&call.service).and_then(|service| service.operation(&call.operation));
        match operation {
            Some(operation) if operation.authorization() == Authorization::NotAuthorized => {}
            Some(operation) => {
                let own = operation.service().prefix();
                let keys = encryption::keys(operation, &filler);
                let roles = handed::roles(operation, &filler);
                for rule in operation.rules() {
                    match (&keys, &roles) {
                        (Some(keys), _) if encryption::is_about_keys(rule) => {
                            needs.add_keys(call, rule, keys);
                        }
                        (_, Some(roles)) if handed::is_about_roles(rule) => {
                            needs.add_roles(call, &filler, rule, roles);
                        }
                        _ => needs.add_rule(call, &filler, rule, own),
                    }
                }
            }
            None => needs.add_named(catalog, call),
        }
    }
    needs.finish()
}

/// What tells one row from another.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    action: SmolStr,
    origin: Origin,
    certainty: Certainty,
    conditions: Vec<Condition>,
}

#[derive(Default)]
struct Needs {
    rows: IndexMap<Key, Requirement>,
    /// What all requests for an action on a resource meet.
    carried: IndexMap<(SmolStr, TemplateString), Vec<Condition>>,
    blind: Vec<BlindSpot>,
}

impl Needs {
    fn add_rule(&mut self, call: &ApiCall, filler: &Filler<'_>, rule: Rule, own_prefix: &str) {
        if rule.action().contains('*') {
            return;
        }
        let Some(certainty) = certainty(rule, filler.arguments, call.certain) else { return };
        let dependent = matches!(rule.class(), Class::PassRole | Class::Forward)
            || rule.action().split(':').next() != Some(own_prefix)
                && matches!(rule.class(), Class::State | Class::Optional);
        let origin = if dependent { Origin::Dependent } else { Origin::Call };
        let mut resources = filler.of_rule(rule);
        if resources.is_empty() {
            resources.push(Resource {
                arn: "*".into(),
                reference: None,
                kind: "*".into(),
                resolution: Resolution::Any,
            });
        }
        if certainty == Certainty::Certain {
            self.note_unresolved(call, &resources, own_prefix);
        }
        let conditions = conditions(rule, filler);
        let context = |resource: &Resource| match call.confidence {
            Confidence::Proven => narrowing::carried(rule, filler, resource),
            _ => vec![],
        };
        self.carry(rule.action(), &resources, context);
        self.add(Key { action: rule.action().into(), origin, certainty, conditions }, call, resources);
    }

    /// Roles of what the call starts, as the deployment declares it.
    fn add_roles(&mut self, call: &ApiCall, filler: &Filler<'_>, rule: Rule, roles: &[Resource]) {
        let certainty = if call.certain { Certainty::Certain } else { Certainty::Possible };
        let (action, origin) = (rule.action().into(), Origin::Dependent);
        let conditions = conditions(rule, filler);
        self.carry(rule.action(), roles, |_| vec![]);
        self.add(Key { action, origin, certainty, conditions }, call, roles.to_vec());
    }

    /// Keys that the deployment declares for what the call touches.
    fn add_keys(&mut self, call: &ApiCall, rule: Rule, keys: &[Resource]) {
        if keys.is_empty() {
            return;
        }
        let certainty = if call.certain { Certainty::Certain } else { Certainty::Possible };
        for resource in keys {
            let conditions = encryption::via(&call.service, resource);
            let (action, origin) = (rule.action().into(), Origin::Dependent);
            self.add(Key { action, origin, certainty, conditions }, call, vec![resource.clone()]);
        }
    }

    /// What has no rule of its own but names an action (logins that are checked by IAM).
    fn add_named(&mut self, catalog: Catalog, call: &ApiCall) {
        let name = format!("{}:{}", call.service, call.operation);
        let Some(action) = catalog.action(&name) else { return };
        let action = SmolStr::from(format!("{}:{}", action.prefix(), action.name()));
        let resource =
            Resource { arn: "*".into(), reference: None, kind: "*".into(), resolution: Resolution::Any };
        let certainty = if call.certain { Certainty::Certain } else { Certainty::Possible };
        self.add(Key { action, origin: Origin::Call, certainty, conditions: vec![] }, call, vec![resource]);
    }

    /// Notes what a call's requests meet for each resource; of several calls, what the requests of all of them do.
    fn carry(&mut self, action: &str, resources: &[Resource], of: impl Fn(&Resource) -> Vec<Condition>) {
        for resource in resources {
            let own = of(resource);
            match self.carried.entry((action.into(), resource.arn.clone())) {
                Entry::Vacant(place) => drop(place.insert(own)),
                Entry::Occupied(mut known) => narrowing::join(known.get_mut(), &own),
            }
        }
    }

    fn add(&mut self, key: Key, call: &ApiCall, resources: Vec<Resource>) {
        let row = self.rows.entry(key);
        let (action, origin, certainty, conditions) =
            (row.key().action.clone(), row.key().origin, row.key().certainty, row.key().conditions.clone());
        let row = row.or_insert_with(|| Requirement {
            action,
            resources: vec![],
            conditions,
            carried: vec![],
            certainty,
            origin,
            confidence: call.confidence,
            evidence: vec![],
        });
        row.resources.extend(resources);
        row.confidence = row.confidence.min(call.confidence);
        let what = SmolStr::from(format!("{}.{}", call.service, call.operation));
        row.evidence.push(Evidence { site: call.site, what });
    }

    /// A resource whose own name is not known; what lies inside a known one (a key in a bucket) may well be anything.
    fn note_unresolved(&mut self, call: &ApiCall, resources: &[Resource], service: &str) {
        for resource in resources.iter().filter(|resource| is_open(resource)) {
            let message = format!(
                "the {} of {}.{} is not known: granted on `{}`",
                resource.kind, call.service, call.operation, resource.arn
            );
            let spot = BlindSpot {
                kind: BlindKind::UnresolvedResource,
                site: Some(call.site),
                services: vec![service.into()],
                message,
            };
            if !self.blind.contains(&spot) {
                self.blind.push(spot);
            }
        }
    }

    fn finish(self) -> (Vec<Requirement>, Vec<BlindSpot>) {
        let mut rows: Vec<Requirement> = self.rows.into_values().collect();
        for row in &mut rows {
            row.resources.sort();
            row.resources.dedup_by(|a, b| a.arn == b.arn && a.kind == b.kind);
            row.evidence.sort();
            row.evidence.dedup();
            let met = row.resources.iter().filter_map(|resource| {
                let place = (row.action.clone(), resource.arn.clone());
                Some((&resource.arn, self.carried.get(&place)?))
            });
            let each = met.flat_map(|(arn, conditions)| {
                conditions.iter().map(|condition| Carried { arn: arn.clone(), condition: condition.clone() })
            });
            row.carried = each.collect();
            row.carried.sort();
            row.carried.dedup();
        }
        // What is certain anyway need not be told as possible too.
        let certain: Vec<(SmolStr, Vec<Resource>)> = rows
            .iter()
            .filter(|row| row.certainty == Certainty::Certain)
            .map(|row| (row.action.clone(), row.resources.clone()))
            .collect();
        for row in rows.iter_mut().filter(|row| row.certainty == Certainty::Possible) {
            let known = |resource: &Resource| {
                certain.iter().any(|(action, held)| {
                    *action == row.action && held.iter().any(|held| held.arn == resource.arn)
                })
            };
            let resources = row.resources.iter().filter(|resource| !known(resource)).cloned().collect();
            row.resources = resources;
        }
        rows.retain(|row| !row.resources.is_empty());
        rows.sort_by(|a, b| {
            (&a.action, a.origin, a.certainty, &a.conditions).cmp(&(
                &b.action,
                b.origin,
                b.certainty,
                &b.conditions,
            ))
        });
        (rows, self.blind)
    }
}

/// What a rule says of the request's context, as far as it is known.
fn conditions(rule: Rule, filler: &Filler<'_>) -> Vec<Condition> {
    let stated = rule.conditions().filter(|condition| !condition.is_narrowing()).map(|condition| Condition {
        operator: "StringEquals".into(),
        key: condition.key().into(),
        values: filler.values(condition.value()),
    });
    stated.filter(|condition| condition.values.iter().all(|value| value.as_literal().is_some())).collect()
}

/// Whether a rule's action is checked for a call; `None` where it is not.
fn certainty(rule: Rule, arguments: &Arguments<'_>, sent: bool) -> Option<Certainty> {
    let when = rule.when().map(When::parse);
    let answer = when.as_ref().map_or(Answer::Yes, |when| when.holds(arguments));
    let certain = match (rule.class(), answer) {
        (_, Answer::No) => return None,
        (Class::State | Class::Optional, _) => false,
        (_, Answer::Yes) => true,
        // What is not known to be there is taken as absent: the plain call is made, the special one may be.
        (_, Answer::Maybe) => when.is_some_and(|when| when.holds(&arguments.strict()) == Answer::Yes),
    };
    Some(if certain && sent { Certainty::Certain } else { Certainty::Possible })
}

/// Whether nothing is known of a resource's own name. What lies inside a known one (a key in a bucket) does not count.
fn is_open(resource: &Resource) -> bool {
    let unknown = Piece::Hole(Hole::Unknown);
    let Some(own) = resource.arn.splitn(6, ':').pop() else { return false };
    let behind_type = own.splitn(2, '/').pop().unwrap_or_default();
    resource.resolution >= Resolution::Event
        && (own.pieces().first() == Some(&unknown) || behind_type.as_hole() == Some(&Hole::Unknown))
}
