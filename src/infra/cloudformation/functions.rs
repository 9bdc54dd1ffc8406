//! Functions of a template, those of the serverless transform among them.

use indexmap::IndexMap;

use super::super::facts::{TriggerKind, triggers};
use super::super::model::{Code, Deployment, Function, Resource, Setting};
use super::super::paths::walk;
use super::super::sam;
use super::intrinsics::{Declared, null};
use super::{Reading, says_something};
use crate::text::tree::{Node, Value};
use crate::text::{Hole, SmolStr, TemplateString};

/// The types of resource that are functions.
pub(super) const FUNCTION_KINDS: &[&str] = &["AWS::Serverless::Function", "AWS::Lambda::Function"];

/// The functions, in the order of the template.
pub(super) fn read(reading: &Reading<'_>, deployment: &Deployment) -> Vec<Function> {
    let functions = deployment.resources.iter().filter(|(_, resource)| is_function(resource));
    let functions = functions.filter_map(|(id, resource)| {
        let declared = reading.evaluator.resources.get(id)?;
        Some(function(reading, deployment, id, declared, resource))
    });
    let mut functions: Vec<Function> = functions.collect();
    label(&mut functions);
    functions
}

/// Calls functions as the program does that the template was made of: by as much of the way to a construct as tells it
/// from the others.
fn label(functions: &mut [Function]) {
    let paths: Vec<String> =
        functions.iter().filter_map(|function| function.construct().map(str::to_owned)).collect();
    let is_end = |path: &str, end: &str| {
        path.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    for function in functions {
        let label = function.construct().and_then(|path| {
            let mut ends = path.rmatch_indices('/').filter_map(|(at, _)| path.get(at + 1..)).chain([path]);
            let unique = ends.find(|end| paths.iter().filter(|path| is_end(path, end)).count() == 1);
            unique.map(SmolStr::from)
        });
        function.label = label.unwrap_or_else(|| function.id.clone());
    }
}

fn is_function(resource: &Resource) -> bool {
    FUNCTION_KINDS.contains(&resource.kind.as_str())
}

fn function(
    reading: &Reading<'_>,
    deployment: &Deployment,
    id: &SmolStr,
    declared: &Declared,
    resource: &Resource,
) -> Function {
    let properties = &resource.properties;
    let metadata = declared.node.get("Metadata").map_or_else(null, |node| reading.evaluator.resolve(node));
    let word = |node: Option<&Node>| reading.evaluator.literal(&node?.as_template()?);
    let command = properties.at(&["ImageConfig", "Command"]).and_then(|list| list.one_or_many().first());
    let environment = environment(reading, declared, properties);
    let (layers, mut settings) = layers(reading, deployment, properties);
    settings.extend(settings_of(properties, resource));
    settings.extend(switched_off(reading, declared, resource, &settings));
    settings.extend(shown_by_environment(&environment, resource));
    let mut function = Function {
        id: id.clone(),
        label: id.clone(),
        name: resource.name.clone(),
        runtime: word(properties.get("Runtime")),
        handler: word(properties.get("Handler")).or_else(|| word(command)),
        code: reading.code(declared, properties, &metadata),
        layers,
        build: metadata,
        environment,
        triggers: Vec::new(),
        settings,
        role: role(deployment, id, resource),
        site: resource.site,
    };
    sam::events(reading, declared, resource, &mut function);
    function
}

/// The variables of the environment. One that is empty by default, because a condition switches what it names off, names that
/// nevertheless: switched off, the program has nothing to ask for.
fn environment(
    reading: &Reading<'_>,
    declared: &Declared,
    properties: &Node,
) -> IndexMap<SmolStr, TemplateString> {
    const VARIABLES: [&str; 2] = ["Environment", "Variables"];
    let stated = |properties: &Node| -> IndexMap<SmolStr, TemplateString> {
        let variables = properties.at(&VARIABLES).and_then(Node::as_map).into_iter().flatten();
        variables.filter_map(|(name, entry)| Some((name.clone(), entry.node.as_template()?))).collect()
    };
    let mut environment = stated(properties);
    let raw = declared.node.at(&["Properties"]).filter(|raw| raw.at(&VARIABLES).is_some_and(has_choice));
    if let Some(raw) = raw {
        for (name, other) in stated(&reading.evaluator.resolve_other(raw)) {
            let known = environment.entry(name).or_default();
            if known.is_empty() {
                *known = other;
            }
        }
    }
    environment
}

/// The id of the execution role. A serverless function that names none has one of its own.
fn role(deployment: &Deployment, id: &str, resource: &Resource) -> Option<SmolStr> {
    let stated = resource.properties.get("Role").filter(|role| says_something(role));
    match stated {
        None => sam::role_id(&resource.kind, id),
        Some(role) => role_of(deployment, &role.as_template()?),
    }
}

/// The role of the template that an ARN or a name leads to.
pub(in crate::infra) fn role_of(deployment: &Deployment, text: &TemplateString) -> Option<SmolStr> {
    let is_role =
        |id: &SmolStr| deployment.resources.get(id).is_some_and(|role| role.kind == "AWS::IAM::Role");
    let referred = text.holes().find_map(|hole| match hole {
        Hole::Resource { id, .. } if is_role(id) => Some(id.clone()),
        _ => None,
    });
    referred.or_else(|| {
        let name = text.split('/').pop()?;
        deployment.resource_named("AWS::IAM::Role", &name).cloned()
    })
}

/// Layers: folders of the project, and what layers from elsewhere ask for.
fn layers(reading: &Reading<'_>, deployment: &Deployment, properties: &Node) -> (Vec<String>, Vec<Setting>) {
    let (mut folders, mut settings) = (Vec::new(), Vec::new());
    for layer in properties.get("Layers").map(Node::one_or_many).unwrap_or_default() {
        let Some(text) = layer.as_template() else { continue };
        let declared =
            deployment.resource_of(&text).filter(|(_, layer)| layer.kind.ends_with("::LayerVersion"));
        if let Some((_, declared)) = declared {
            let content =
                declared.properties.get("ContentUri").or_else(|| declared.properties.get("Content"));
            if let Some(Code::Path(folder)) = content.map(|content| reading.stored(content)) {
                folders.push(folder);
            }
            continue;
        }
        let shown = reading.evaluator.fill(&text).to_string();
        let rows =
            triggers().iter().filter(|row| row.layers.iter().any(|part| shown.contains(part.as_str())));
        settings.extend(rows.map(|row| Setting {
            kind: row.id.as_str().into(),
            target: None,
            properties: null(),
            certain: true,
            site: reading.evaluator.site(layer.span),
        }));
    }
    (folders, settings)
}

/// The settings that the catalog finds among a function's properties.
fn settings_of(properties: &Node, resource: &Resource) -> Vec<Setting> {
    stated(properties, resource, triggers().iter().filter(|row| !row.is_for_machines()))
}

/// The settings of these rows that stand among the properties of a resource.
pub(super) fn stated(
    properties: &Node,
    resource: &Resource,
    rows: impl Iterator<Item = &'static TriggerKind>,
) -> Vec<Setting> {
    let mut settings = Vec::new();
    for row in rows {
        for shown in &row.settings {
            for node in walk(properties, &shown.path).into_iter().filter(|node| says_something(node)) {
                if !shown.counts(node) {
                    continue;
                }
                let target = shown.target.as_ref().and_then(|path| walk(node, path).first()?.as_template());
                let site = crate::text::Site { file: resource.site.file, span: node.span };
                let kind = row.id.as_str().into();
                settings.push(Setting { kind, target, properties: node.clone(), certain: true, site });
            }
        }
    }
    settings
}

/// The settings that are there only if a condition that the defaults decide is decided the other way.
fn switched_off(
    reading: &Reading<'_>,
    declared: &Declared,
    resource: &Resource,
    settings: &[Setting],
) -> Vec<Setting> {
    let Some(properties) = declared.node.get("Properties").filter(|properties| has_choice(properties)) else {
        return Vec::new();
    };
    let other = settings_of(&reading.evaluator.resolve_other(properties), resource).into_iter();
    let same = |known: &Setting, other: &Setting| known.kind == other.kind && known.target == other.target;
    let new = other.filter(|other| !settings.iter().any(|known| same(known, other)));
    new.map(|setting| Setting { certain: false, ..setting }).collect()
}

/// Whether a condition decides some part.
fn has_choice(node: &Node) -> bool {
    match &node.value {
        Value::Map(map) => map.contains_key("Fn::If") || map.values().any(|entry| has_choice(&entry.node)),
        Value::List(list) => list.iter().any(has_choice),
        Value::Null | Value::Flag(_) | Value::Number(_) | Value::Text(_) => false,
    }
}

/// The settings that a variable of the environment shows.
fn shown_by_environment(
    environment: &IndexMap<SmolStr, TemplateString>,
    resource: &Resource,
) -> Vec<Setting> {
    let rows = triggers().iter().filter_map(|row| {
        let target = environment.get(row.environment.as_deref()?)?.clone();
        let kind = row.id.as_str().into();
        Some(Setting { kind, target: Some(target), properties: null(), certain: true, site: resource.site })
    });
    rows.collect()
}
