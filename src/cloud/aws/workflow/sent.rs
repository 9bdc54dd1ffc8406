//! Requests that a service sends with a role of the deployment: what integrations of APIs and targets of rules come to.

use super::arguments::record;
use super::put;
use crate::catalog::{Catalog, Operation, SdkNames};
use crate::flow::{ApiCall, Argument, BlindKind, BlindSpot, Confidence, Field, Principal, Record};
use crate::infra::{Integration, IntegrationRequest, integrations};
use crate::text::tree::Node;
use crate::text::{Hole, TemplateString};

/// The calls behind integrations, and what of them is not known.
pub fn sent(catalog: Catalog, sent: &[Integration]) -> (Vec<ApiCall>, Vec<BlindSpot>) {
    let (mut calls, mut spots) = (vec![], vec![]);
    for integration in sent {
        let found = request(catalog, integration);
        let Some((operation, arguments)) = found else {
            spots.push(unknown(integration));
            continue;
        };
        calls.push(ApiCall {
            service: operation.service().name().into(),
            operation: operation.name().into(),
            arguments: within(operation, arguments),
            client: Record::default(),
            site: integration.site,
            route: vec![],
            principal: Principal::ExecutionRole,
            confidence: Confidence::Proven,
            certain: true,
        });
    }
    (calls, spots)
}

fn unknown(integration: &Integration) -> BlindSpot {
    BlindSpot {
        kind: BlindKind::UnknownOperation,
        site: Some(integration.site),
        services: vec![],
        message: format!("what `{}` asks for is not known", integration.target),
    }
}

fn request(catalog: Catalog, integration: &Integration) -> Option<(Operation, Record)> {
    let target = &integration.target;
    let carried = record(&integration.properties);
    let subtype = target.as_literal().filter(|text| !text.starts_with("arn:"));
    if let Some((first, action)) = subtype.and_then(|subtype| subtype.split_once('-')) {
        let service = integrations().subtype.get(first)?;
        return Some((catalog.service(service)?.operation(action)?, carried));
    }
    let parts = target.splitn(6, ':');
    let part = |index: usize| parts.get(index).and_then(TemplateString::as_literal);
    let rest = parts.get(5)?;
    match (part(2)?, part(4)) {
        ("apigateway", Some(service)) => of_api(catalog, service, rest, integration, carried),
        ("scheduler", _) => {
            let (service, action) = rest.as_literal()?.strip_prefix("aws-sdk:")?.split_once(':')?;
            let name = format!("aws-sdk:{service}:{action}");
            Some((super::operation(catalog, &name, None)?, carried))
        }
        (service, _) => of_arn(catalog, service, rest, target),
    }
}

/// `action/PutItem`, or a path that leads to a resource.
fn of_api(
    catalog: Catalog,
    service: &str,
    rest: &TemplateString,
    integration: &Integration,
    mut carried: Record,
) -> Option<(Operation, Record)> {
    let known = integrations().service.get(service).map_or(service, String::as_str);
    let client = catalog.service(known)?;
    let named = |action: &str| {
        let names = SdkNames::of(&super::facts::facts().sdk.names, catalog)?;
        client.operation(action).or_else(|| names.operation(client, action))
    };
    if let Some(action) = rest.strip_prefix("action/") {
        return Some((named(action.as_literal()?.split('&').next()?)?, carried));
    }
    let path = rest.strip_prefix("path/")?;
    let stated = literal(&integration.properties, "Action").and_then(|action| named(&action));
    if let Some(row) = integrations().path.get(service) {
        place(&mut carried, service, &row.parameter, &path);
        let (client, operation) = row.call.split_once('.')?;
        return Some((stated.or_else(|| catalog.service(client)?.operation(operation))?, carried));
    }
    let method = literal(&integration.properties, "$method")?;
    let (client, operation) = integrations().method.get(&method)?.split_once('.')?;
    let operation = catalog.service(client).filter(|client| client.name() == known)?.operation(operation)?;
    let mut parts = path.splitn(2, '/').into_iter();
    for name in ["Bucket", "Key"] {
        let Some(text) = parts.next() else { continue };
        // What stands in braces is filled in when the request is sent, unless the template says with what.
        let open = text.as_literal().is_some_and(|text| text.contains(['{', '$']));
        match text.as_literal().and_then(|text| text.strip_prefix('{')?.strip_suffix('}')) {
            Some(inner) => {
                let known = carried.fields.get(inner).cloned();
                let value = known.map_or_else(|| Argument::Unknown("event".into()), |field| field.value);
                carried.fields.insert(name.into(), Field { value, always: true });
            }
            None if open => put(&mut carried, name, Hole::Unknown.into()),
            None => put(&mut carried, name, text),
        }
    }
    Some((operation, carried))
}

/// Puts what a path names into the parameter that it is.
fn place(carried: &mut Record, service: &str, parameter: &str, path: &TemplateString) {
    if parameter.is_empty() || carried.fields.contains_key(parameter) {
        return;
    }
    let function = path.to_string().contains("functions/");
    if function {
        // `2015-03-31/functions/ARN/invocations`
        let inner = path.splitn(3, '/').pop().unwrap_or_default();
        let whole = inner.splitn(2, '/').swap_remove(0);
        return put(carried, parameter, whole);
    }
    let mut arn =
        TemplateString::filled(&format!("arn:${{Partition}}:{service}:${{Region}}:"), |_| "".into());
    arn.push(&path.splitn(2, '/').swap_remove(0));
    arn.push_str(":");
    arn.push(&path.splitn(2, '/').pop().unwrap_or_default());
    put(carried, parameter, arn);
}

fn literal(properties: &Node, name: &str) -> Option<String> {
    properties.get(name)?.as_template()?.as_literal().map(str::to_owned)
}

fn of_arn(
    catalog: Catalog,
    service: &str,
    rest: &TemplateString,
    target: &TemplateString,
) -> Option<(Operation, Record)> {
    let begins = |word: &String| rest.starts_with(word);
    let fits = |row: &&IntegrationRequest| row.service == service && row.word.as_ref().is_none_or(begins);
    let row = integrations().arn.iter().find(fits)?;
    let (client, operation) = row.call.split_once('.')?;
    let mut record = Record::default();
    put(&mut record, &row.parameter, target.clone());
    Some((catalog.service(client)?.operation(operation)?, record))
}

/// The arguments as the operation takes them: in the elements of a list, where it does.
fn within(operation: Operation, carried: Record) -> Record {
    let name = format!("{}.{}", operation.service().name(), operation.name());
    let Some(list) = integrations().within.get(&name) else { return carried };
    let mut record = Record::default();
    let value = Argument::List(vec![Argument::Record(carried)]);
    record.fields.insert(list.as_str().into(), Field { value, always: true });
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_leads_to_an_operation() {
        let facts = integrations();
        let catalog = Catalog::embedded();
        let calls = facts.arn.iter().chain(facts.path.values()).map(|row| row.call.as_str());
        let calls = calls.chain(facts.method.values().map(String::as_str));
        let mut count = 0;
        for call in calls.chain(facts.within.keys().map(String::as_str)) {
            let known = call
                .split_once('.')
                .and_then(|(service, operation)| catalog.service(service)?.operation(operation));
            assert!(known.is_some(), "{call}");
            count += 1;
        }
        assert!(count > 10);
        assert!(facts.source.iter().all(|row| row.role.is_empty() == row.own_role.is_some()));
    }
}
