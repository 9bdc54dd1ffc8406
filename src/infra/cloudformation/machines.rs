//! State machines of a template: functions whose code is their states.

use indexmap::IndexMap;

use super::super::documents::from_text;
use super::super::facts::triggers;
use super::super::model::{Code, Definition, Deployment, Function, Resource, Workflow};
use super::super::sam;
use super::functions::{role_of, stated};
use super::intrinsics::null;
use super::{Reading, says_something};
use crate::text::tree::Node;
use crate::text::{SmolStr, TemplateString};

/// The types of resource that are state machines.
pub(super) const MACHINE_KINDS: &[&str] =
    &["AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"];

/// The state machines, in the order of the template.
pub(super) fn read(reading: &Reading<'_>, deployment: &Deployment) -> Vec<Function> {
    let machines =
        deployment.resources.iter().filter(|(_, resource)| MACHINE_KINDS.contains(&resource.kind.as_str()));
    machines.map(|(id, resource)| machine(reading, deployment, id, resource)).collect()
}

fn machine(reading: &Reading<'_>, deployment: &Deployment, id: &SmolStr, resource: &Resource) -> Function {
    let properties = &resource.properties;
    let substitutions = properties.get("DefinitionSubstitutions").and_then(Node::as_map);
    let substitutions: IndexMap<SmolStr, TemplateString> = substitutions
        .into_iter()
        .flatten()
        .filter_map(|(name, entry)| Some((name.clone(), entry.node.as_template()?)))
        .collect();
    let definition = definition(reading, resource);
    Function {
        id: id.clone(),
        label: id.clone(),
        name: resource.name.clone(),
        runtime: None,
        handler: None,
        code: Code::Workflow(Box::new(Workflow { definition, substitutions })),
        layers: Vec::new(),
        build: null(),
        environment: IndexMap::new(),
        triggers: Vec::new(),
        settings: stated(properties, resource, triggers().iter().filter(|row| row.is_for_machines())),
        role: role(deployment, id, resource),
        site: resource.site,
    }
}

fn role(deployment: &Deployment, id: &str, resource: &Resource) -> Option<SmolStr> {
    let stated = ["RoleArn", "Role"].into_iter().find_map(|name| resource.properties.get(name));
    match stated.filter(|role| says_something(role)) {
        None => sam::role_id(&resource.kind, id),
        Some(role) => role_of(deployment, &role.as_template()?),
    }
}

fn definition(reading: &Reading<'_>, resource: &Resource) -> Definition {
    let properties = &resource.properties;
    let file = resource.site.file;
    if let Some(node) = ["DefinitionString", "Definition"].into_iter().find_map(|name| properties.get(name)) {
        if node.as_map().is_some() {
            return Definition::Read { node: node.clone(), file };
        }
        let text = node.as_template().unwrap_or_default();
        return match from_text(&text, file, node.span) {
            Some(node) => Definition::Read { node, file },
            None => Definition::Elsewhere(text.to_string()),
        };
    }
    match ["DefinitionUri", "DefinitionS3Location"].into_iter().find_map(|name| properties.get(name)) {
        Some(stored) => match reading.stored(stored) {
            Code::Path(path) => Definition::File(path),
            Code::Elsewhere(what) => Definition::Elsewhere(what),
            _ => Definition::Elsewhere(String::new()),
        },
        None => Definition::Elsewhere(String::new()),
    }
}
