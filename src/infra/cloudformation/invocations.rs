//! Resources that invoke a function, or that configure one from beside it.

use super::super::facts::{
    Declared as Row, EventPart, Says, TriggerKind, trigger as trigger_facts, triggers,
};
use super::super::model::{Deployment, Resource, Setting, Trigger};
use super::super::paths::walk;
use super::super::sam::source_arn;
use super::Reading;
use super::intrinsics::null;
use crate::text::tree::Node;
use crate::text::{FileId, Hole, Site, SmolStr, Span, TemplateString};

/// What was found of one function, by its id.
enum Found {
    Trigger(Trigger),
    Setting(Setting),
}

/// Gives every function the triggers and settings that other resources declare for it.
pub(super) fn read(reading: &Reading<'_>, deployment: &mut Deployment) {
    let mut found: Vec<(SmolStr, Found)> = Vec::new();
    for (id, resource) in &deployment.resources {
        match resource.kind.as_str() {
            "AWS::Lambda::EventSourceMapping" => mapping(reading, deployment, resource, &mut found),
            "AWS::Lambda::EventInvokeConfig" => invoke_config(deployment, resource, &mut found),
            "AWS::Lambda::Permission" => {}
            _ => declared(deployment, id, resource, &mut found),
        }
    }
    give(deployment, found);
    let permissions: Vec<_> = deployment
        .resources
        .values()
        .filter(|resource| resource.kind == "AWS::Lambda::Permission")
        .flat_map(|resource| permission(deployment, resource))
        .collect();
    give_new_kinds(deployment, permissions);
}

fn give(deployment: &mut Deployment, found: Vec<(SmolStr, Found)>) {
    for (id, found) in found {
        let Some(function) = deployment.functions.iter_mut().find(|function| function.id == id) else {
            continue;
        };
        match found {
            Found::Setting(setting) => function.settings.push(setting),
            Found::Trigger(trigger) => {
                let keyed = trigger_facts(&trigger.kind)
                    .is_some_and(|row| row.event.values().any(|part| *part == EventPart::Key));
                let same = |known: &Trigger| {
                    known.kind == trigger.kind
                        && known.source == trigger.source
                        && (!keyed || known.properties == trigger.properties)
                };
                if !function.triggers.iter().any(same) {
                    function.triggers.push(trigger);
                }
            }
        }
    }
}

/// A permission to invoke says less than the resource that invokes: it counts where no such resource is there.
fn give_new_kinds(deployment: &mut Deployment, permissions: Vec<(SmolStr, Trigger)>) {
    for (id, trigger) in permissions {
        let Some(function) = deployment.functions.iter_mut().find(|function| function.id == id) else {
            continue;
        };
        let family = |kind: &str| match kind {
            "schedule" => "eventbridge-rule".to_owned(),
            kind if kind.starts_with("apigateway-") => "apigateway-rest".to_owned(),
            kind => kind.to_owned(),
        };
        if !function.triggers.iter().any(|known| family(&known.kind) == family(&trigger.kind)) {
            function.triggers.push(trigger);
        }
    }
}

/// The functions of the template that a text is about: ARNs, names, and texts that hold such.
fn functions_in(deployment: &Deployment, text: &TemplateString) -> Vec<SmolStr> {
    let known = |id: &SmolStr| deployment.functions.iter().any(|function| function.id == *id);
    let mut ids: Vec<SmolStr> = text
        .holes()
        .filter_map(|hole| match hole {
            Hole::Resource { id, .. } if known(id) => Some(id.clone()),
            _ => None,
        })
        .collect();
    if ids.is_empty() {
        let name = if text.starts_with("arn:") { text.split(':').into_iter().nth(6) } else { None };
        let name = name.as_ref().unwrap_or(text);
        let named = deployment.functions.iter().filter(|function| function.name.as_ref() == Some(name));
        ids.extend(named.map(|function| function.id.clone()));
    }
    ids.dedup();
    ids
}

fn functions_at(deployment: &Deployment, properties: &Node, path: &str) -> Vec<(SmolStr, Span)> {
    let places = walk(properties, path).into_iter();
    let found = places.flat_map(|node| {
        let text = node.as_template().unwrap_or_default();
        functions_in(deployment, &text).into_iter().map(move |id| (id, node.span))
    });
    found.collect()
}

/// The triggers that the catalog finds on a resource.
fn declared(deployment: &Deployment, id: &str, resource: &Resource, found: &mut Vec<(SmolStr, Found)>) {
    for row in triggers() {
        for shown in row.declared.iter().filter(|shown| applies(shown, resource)) {
            // Of several parts that invoke, each says what it sends.
            let (list, rest) = shown.function.rsplit_once("[].").unwrap_or(("", &shown.function));
            let whole = row.event.values().all(|part| *part != EventPart::Key) || list.is_empty();
            let path = format!("{list}[]");
            let parts = if whole { vec![&resource.properties] } else { walk(&resource.properties, &path) };
            for part in parts {
                let path = if whole { shown.function.as_str() } else { rest };
                for (function, span) in functions_at(deployment, part, path) {
                    let source = source(row, shown, id, resource);
                    if !fits(deployment, shown, source.as_ref()) {
                        continue;
                    }
                    let site = Site { file: resource.site.file, span };
                    let (kind, certain) = (row.id.as_str().into(), deployment.is_there(resource));
                    let trigger = Trigger { kind, source, properties: part.clone(), certain, site };
                    found.push((function, Found::Trigger(trigger)));
                }
            }
        }
    }
}

fn applies(shown: &Row, resource: &Resource) -> bool {
    let has = |property: &str| resource.properties.get(property).is_some();
    let kind = match shown.kind.strip_suffix('*') {
        Some(prefix) => resource.kind.starts_with(prefix),
        None => resource.kind == shown.kind,
    };
    kind && shown.has.as_deref().is_none_or(has) && !shown.lacks.as_deref().is_some_and(has)
}

/// Whether the source says what the row asks for.
fn fits(deployment: &Deployment, shown: &Row, source: Option<&TemplateString>) -> bool {
    let declared =
        source.and_then(|source| deployment.resource_of(source)).map(|(_, source)| &source.properties);
    let says =
        |says: &Says| declared.and_then(|source| source.get(&says.property)?.as_str()) == Some(&says.value);
    shown.if_source.as_ref().is_none_or(says) && !shown.unless_source.as_ref().is_some_and(says)
}

fn source(row: &TriggerKind, shown: &Row, id: &str, resource: &Resource) -> Option<TemplateString> {
    if shown.source == "@" {
        return Some(resource.arn.clone().unwrap_or_else(|| TemplateString::resource(id)));
    }
    let named = walk(&resource.properties, &shown.source).first()?.as_template()?;
    Some(source_arn(row, named))
}

/// An event source mapping: the service in the ARN of the source says what it reads.
fn mapping(
    reading: &Reading<'_>,
    deployment: &Deployment,
    resource: &Resource,
    found: &mut Vec<(SmolStr, Found)>,
) {
    let properties = &resource.properties;
    let source = properties.get("EventSourceArn").and_then(Node::as_template);
    let kind = mapping_kind(reading, source.as_ref(), properties);
    let certain = deployment.is_there(resource);
    for (function, _) in functions_at(deployment, properties, "FunctionName") {
        if let Some(setting) = on_failure(properties, resource.site.file, certain) {
            found.push((function.clone(), Found::Setting(setting)));
        }
        let Some(kind) = kind else {
            reading
                .evaluator
                .problem(resource.site.span, "what this event source mapping reads cannot be told");
            continue;
        };
        let (source, properties) = (source.clone(), properties.clone());
        let trigger = Trigger { kind: kind.into(), source, properties, certain, site: resource.site };
        found.push((function, Found::Trigger(trigger)));
    }
}

fn mapping_kind(
    reading: &Reading<'_>,
    source: Option<&TemplateString>,
    properties: &Node,
) -> Option<&'static str> {
    let of_service = source.and_then(|source| {
        let source = reading.evaluator.fill(source);
        let service = source.split(':').into_iter().nth(2)?;
        let service = service.as_literal()?;
        triggers().iter().find(|row| row.services.iter().any(|known| known == service))
    });
    let of_shape = || {
        let shapes = [
            ("SelfManagedEventSource", "self-managed-kafka"),
            ("DocumentDBEventSourceConfig", "documentdb"),
            ("Queues", "amazon-mq"),
            ("Topics", "msk"),
        ];
        shapes.into_iter().find(|(property, _)| properties.get(property).is_some()).map(|(_, id)| id)
    };
    of_service.map(|row| row.id.as_str()).or_else(of_shape)
}

/// The destination for what an event source mapping gives up on.
pub(in crate::infra) fn on_failure(properties: &Node, file: FileId, certain: bool) -> Option<Setting> {
    let place = properties.at(&["DestinationConfig", "OnFailure"])?;
    let target = place.get("Destination").and_then(Node::as_template);
    let site = Site { file, span: place.span };
    Some(Setting { kind: "esm-on-failure".into(), target, properties: place.clone(), certain, site })
}

fn invoke_config(deployment: &Deployment, resource: &Resource, found: &mut Vec<(SmolStr, Found)>) {
    for (function, _) in functions_at(deployment, &resource.properties, "FunctionName") {
        for path in ["DestinationConfig.OnSuccess", "DestinationConfig.OnFailure"] {
            for place in walk(&resource.properties, path) {
                let target = place.get("Destination").and_then(Node::as_template);
                let site = Site { file: resource.site.file, span: place.span };
                let (kind, certain) = ("async-destination".into(), deployment.is_there(resource));
                let setting = Setting { kind, target, properties: place.clone(), certain, site };
                found.push((function.clone(), Found::Setting(setting)));
            }
        }
    }
}

fn permission(deployment: &Deployment, resource: &Resource) -> Vec<(SmolStr, Trigger)> {
    let principal = resource.properties.get("Principal").and_then(Node::as_template).unwrap_or_default();
    let service = principal.to_string();
    let service = service.split('.').next().unwrap_or_default().to_owned();
    let serves = |known: &String| known.split('.').next() == Some(service.as_str());
    let Some(row) = triggers().iter().find(|row| row.principals.iter().any(serves)) else {
        return Vec::new();
    };
    let functions = functions_at(deployment, &resource.properties, "FunctionName").into_iter();
    let trigger = |(function, _)| {
        let source = resource.properties.get("SourceArn").and_then(Node::as_template);
        let (kind, certain) = (row.id.as_str().into(), deployment.is_there(resource));
        (function, Trigger { kind, source, properties: null(), certain, site: resource.site })
    };
    functions.map(trigger).collect()
}
