//! CloudFormation templates, in YAML and JSON, and with them those of the serverless transform.

mod code;
mod conditions;
mod functions;
mod given;
mod include;
mod intrinsics;
mod invocations;
mod long_forms;
mod machines;
mod names;
mod nested;
mod roles;
mod senders;

pub(super) use functions::role_of;
pub(super) use intrinsics::{Declared, Evaluator, null};
pub(super) use invocations::on_failure;
pub(super) use long_forms::expand;
pub use nested::has_stacks;
pub(super) use roles::{Attachments, IMPLIED};

use indexmap::IndexMap;

use super::model::{Deployment, Environment, Resource};
use super::{Settings, sam};
use crate::text::paths::folder;
use crate::text::tree::{Node, Value};
use crate::text::{FileId, Problem, Site, SmolStr, Source};

/// What a reader of a part of the template has at hand.
pub(super) struct Reading<'a> {
    /// The file that is read.
    pub(super) source: &'a Source,
    /// Evaluates values.
    pub(super) evaluator: &'a Evaluator<'a>,
    /// The caller's settings.
    pub(super) settings: &'a Settings<'a>,
}

impl Reading<'_> {
    /// The folder of the template, to which the paths in it are relative.
    pub(super) fn folder(&self) -> &str {
        folder(self.source.path())
    }
}

/// Reads a template.
pub(super) fn read(source: &Source, file: FileId, settings: &Settings<'_>) -> Deployment {
    let template = nested::template(source, file, settings);
    let mut deployment = deployment(source, file, settings, &template.node, template.problems, &|_, _| {});
    deployment.environment = template.environment;
    deployment
}

/// A template with everything in it written out.
struct Template {
    node: Node,
    problems: Vec<Problem>,
    /// The environment whose values it has.
    environment: Option<Environment>,
}

/// The deployment of a template in long forms. What `extend` adds to the functions counts before what other resources
/// say of them.
pub(super) fn deployment(
    source: &Source,
    file: FileId,
    settings: &Settings<'_>,
    template: &Node,
    problems: Vec<Problem>,
    extend: &dyn Fn(&Reading<'_>, &mut Deployment),
) -> Deployment {
    let mut evaluator = Evaluator::new(file, template, settings.parameters);
    evaluator.give(nested::called_with(source.path(), settings));
    declare(template, &mut evaluator);
    evaluator.outputs = nested::returned(&evaluator, source, settings);
    sam::imply(&mut evaluator.resources);

    let mut deployment =
        Deployment { problems, parameters: evaluator.parameters.clone(), ..Deployment::default() };
    deployment.conditions = evaluator.all_conditions().collect();
    deployment.resources = resources(&evaluator);
    let reading = Reading { source, evaluator: &evaluator, settings };
    deployment.functions = functions::read(&reading, &deployment);
    deployment.functions.extend(machines::read(&reading, &deployment));
    extend(&reading, &mut deployment);
    invocations::read(&reading, &mut deployment);
    let senders = senders::read(&deployment);
    deployment.functions.extend(senders);
    deployment.roles = roles::read(&reading, &deployment);
    deployment.problems.extend(evaluator.take_problems());
    deployment
}

/// Takes in the resources that a template declares.
fn declare(template: &Node, evaluator: &mut Evaluator<'_>) {
    let globals = template.get("Globals");
    let Some(resources) = template.get("Resources").and_then(Node::as_map) else { return };
    let mut declared = IndexMap::new();
    for (id, entry) in resources {
        if id.starts_with("Fn::ForEach::") {
            long_forms::write_loop(&entry.node, evaluator.parameters(), &mut |id, key, node| {
                declare_one(id, evaluator.site(key), node, globals, &mut declared);
            });
        } else if id.starts_with("Fn::") {
            evaluator.problem(entry.key, "what this includes is not read");
        } else {
            declare_one(id.clone(), evaluator.site(entry.key), entry.node.clone(), globals, &mut declared);
        }
    }
    evaluator.resources = declared;
}

fn declare_one(
    id: SmolStr,
    site: Site,
    node: Node,
    globals: Option<&Node>,
    declared: &mut IndexMap<SmolStr, Declared>,
) {
    let Some(kind) = node.get("Type").and_then(Node::as_str).map(SmolStr::from) else { return };
    let node = sam::with_globals(&kind, node, globals);
    declared.insert(id, Declared { kind, node, site });
}

/// The resources with their values evaluated.
fn resources(evaluator: &Evaluator<'_>) -> IndexMap<SmolStr, Resource> {
    let resource = |(id, declared): (&SmolStr, &Declared)| {
        let properties = declared.node.get("Properties").map_or_else(null, |node| evaluator.resolve(node));
        let name = evaluator.stated_name(id, &properties);
        let resource = Resource {
            kind: declared.kind.clone(),
            name: name.filter(|name| *name != crate::text::TemplateString::resource(id.clone())),
            arn: evaluator.arn(id),
            key: evaluator.customer_key(id, &properties),
            roles: evaluator.roles_of(id, &properties),
            condition: declared.node.get("Condition").and_then(Node::as_str).map(SmolStr::from),
            site: declared.site,
            properties,
        };
        (id.clone(), resource)
    };
    evaluator.resources.iter().map(resource).collect()
}

/// Whether a part says something: it is neither null nor an empty list or map.
pub(in crate::infra) fn says_something(node: &Node) -> bool {
    match &node.value {
        Value::Null => false,
        Value::List(list) => !list.is_empty(),
        Value::Map(map) => !map.is_empty(),
        Value::Flag(_) | Value::Number(_) | Value::Text(_) => true,
    }
}
