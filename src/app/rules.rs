//! What the catalog says of operations, as the reports show it.

use super::failure::Failure;
use super::nearest::nearest;
use crate::catalog::{Authorization, Catalog, Class, Operation, Service};
use crate::cloud::Certainty;
use crate::decide::FunctionAnalysis;
use crate::report::{ActionRule, OperationRules};

/// The rules of every operation that the functions call, by service and operation.
pub(super) fn called(catalog: Catalog, functions: &[FunctionAnalysis]) -> Vec<OperationRules> {
    let calls = functions.iter().flat_map(|function| &function.calls);
    let mut names: Vec<(&str, &str)> =
        calls.map(|call| (call.service.as_str(), call.operation.as_str())).collect();
    names.sort_unstable();
    names.dedup();
    let find = |(service, name): (&str, &str)| catalog.service(service)?.operation(name);
    names.into_iter().filter_map(find).map(of).collect()
}

/// What the catalog says of an operation.
///
/// # Errors
/// A service or operation that it does not have, with the nearest that it has.
pub fn operation(service: &str, operation: &str) -> Result<OperationRules, Failure> {
    let known = self::service(service)?;
    let found = known.operation(operation).or_else(|| known.operation_by_key(operation));
    found.map(of).ok_or_else(|| {
        let names = known.operations().map(Operation::name);
        unknown(format!("{service} has no operation `{operation}`"), nearest(operation, names))
    })
}

/// A service of the catalog.
///
/// # Errors
/// A service that it does not have, with the nearest that it has.
pub fn service(name: &str) -> Result<Service, Failure> {
    let catalog = Catalog::embedded();
    catalog.service(name).ok_or_else(|| {
        let names = catalog.services().map(Service::name);
        unknown(format!("there is no service `{name}`"), nearest(name, names))
    })
}

fn unknown(message: String, near: Option<&str>) -> Failure {
    match near {
        Some(name) => Failure::new(message).help(format!("did you mean `{name}`?")),
        None => Failure::new(message),
    }
}

fn of(operation: Operation) -> OperationRules {
    let actions = if operation.authorization() == Authorization::NotAuthorized {
        vec![]
    } else {
        operation.rules().map(|rule| action(operation, rule)).collect()
    };
    OperationRules { service: operation.service().name().into(), operation: operation.name().into(), actions }
}

fn action(operation: Operation, rule: crate::catalog::Rule) -> ActionRule {
    let certainty = match rule.class() {
        Class::State | Class::Optional => Certainty::Possible,
        _ => Certainty::Certain,
    };
    let resources = rule.resources().map(|resource| resource.arn().to_owned());
    let provenance = match operation.authorization() {
        Authorization::Unverified => format!("{}, unverified", rule.provenance()),
        _ => rule.provenance().to_owned(),
    };
    let demanded = rule.conditions().filter(|condition| !condition.is_narrowing());
    ActionRule {
        action: rule.action().into(),
        class: rule.class(),
        certainty,
        when: rule.when().map(Into::into),
        resources: resources.collect(),
        conditions: demanded.map(|condition| (condition.key().into(), condition.value().into())).collect(),
        provenance,
        confidence: rule.confidence(),
        note: rule.note().into(),
    }
}
