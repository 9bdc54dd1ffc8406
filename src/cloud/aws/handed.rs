//! Roles that a call hands over without naming them: those of what it starts, where the deployment declares that.

use crate::catalog::{Class, Operation, Rule, is_arn};

use super::super::{Resolution, Resource};
use super::resource::Filler;

/// The action that is checked on a role that is handed over.
const PASS: &str = "iam:PassRole";

/// Whether a rule depends on which roles the resources run with.
pub(super) fn is_about_roles(rule: Rule) -> bool {
    rule.class() == Class::State && rule.action() == PASS
}

/// The roles of what a call starts. `None` where something is started that the deployment does not declare, or that
/// runs with a role which is named in a way that does not give its ARN, or with none.
pub(super) fn roles(operation: Operation, filler: &Filler<'_>) -> Option<Vec<Resource>> {
    let deployment = filler.names.deployment?;
    let started = operation.rules().filter(|rule| rule.class() == Class::Always);
    let mut roles = vec![];
    for resource in started.flat_map(|rule| filler.of_rule(rule)) {
        let reference = resource.reference.as_ref().unwrap_or(&resource.arn);
        let (_, declared) = deployment.resource_of(reference)?;
        for arn in &declared.roles {
            let reference = is_arn(arn).then(|| arn.clone())?;
            let arn = deployment.physical(arn);
            let reference = (arn != reference).then_some(reference);
            roles.push(Resource { arn, reference, kind: "role".into(), resolution: Resolution::Template });
        }
    }
    roles.sort();
    roles.dedup();
    (!roles.is_empty()).then_some(roles)
}
