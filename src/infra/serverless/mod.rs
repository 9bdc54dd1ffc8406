//! Services of the Serverless Framework.
//!
//! The framework turns a service into a CloudFormation template, and so does this reader: variables are replaced, the
//! functions become resources beside those that the service declares itself, and the template is read as any other.

mod events;
mod function;
mod machines;
mod role;
mod service;
mod variables;

use indexmap::IndexMap;

use self::service::Service;
use self::variables::Variables;
use super::cloudformation::{Reading, deployment, expand};
use super::documents::{map, text};
use super::model::Deployment;
use super::references::Dialect;
use super::{Settings, sam};
use crate::text::paths::folder;
use crate::text::tree::{Entry, Node, Value};
use crate::text::{FileId, Problem, SmolStr, Source, TemplateString, yaml};

/// The provider whose functions are read.
const PROVIDER: &str = "aws";

/// Reads a service.
pub(super) fn read(source: &Source, file: FileId, settings: &Settings<'_>) -> Deployment {
    let (written, problems) = yaml::parse(source, file);
    document(&expand(written), problems, (file, source), settings)
}

/// Reads a service that a program states.
pub(super) fn read_document(written: &Node, named: (FileId, &Source), settings: &Settings<'_>) -> Deployment {
    document(written, vec![], named, settings)
}

fn document(
    written: &Node,
    problems: Vec<Problem>,
    (file, source): (FileId, &Source),
    settings: &Settings<'_>,
) -> Deployment {
    let variables = Variables::new(written, folder(source.path()), file, settings);
    let root = variables.resolve(written);
    let provider =
        root.get("provider").and_then(|provider| provider.get("name").unwrap_or(provider).as_str());
    if let Some(other) = provider.filter(|name| *name != PROVIDER) {
        let span = root.get("provider").map_or(root.span, |provider| provider.span);
        let shown = other.escape_debug();
        variables.problem(span, format!("functions of the provider `{shown}` are not read"));
        let problems = problems.into_iter().chain(variables.take_problems()).collect();
        return Deployment { problems, ..Deployment::default() };
    }
    let service = Service::new(&root, &variables);
    let template = template(&service);
    let extend = |reading: &Reading<'_>, deployment: &mut Deployment| {
        for function in &mut deployment.functions {
            if let Some(declared) = service.functions.values().find(|known| known.id == function.id) {
                function.label = declared.key.clone();
                events::read(reading, &service, declared, function);
            }
        }
    };
    let mut deployment = deployment(source, file, settings, &template, problems, &extend);
    deployment.dialect = Dialect::Serverless;
    deployment.environment = Some(variables.environment());
    deployment.problems.extend(variables.take_problems());
    deployment
}

/// The template that the framework would make.
fn template(service: &Service<'_>) -> Node {
    let span = service.root.span;
    let mut made: IndexMap<SmolStr, Entry> = IndexMap::new();
    service.layers(&mut made);
    service.constructs(&mut made);
    for function in service.functions.values() {
        function::declare(service, function, &mut made);
        events::imply(service, function, &mut made);
    }
    role::declare(service, &mut made);
    machines::declare(service, &mut made);
    let mut template = map(vec![("Resources", Node::new(span, Value::Map(made)))], span);
    let parameters = Node::new(span, Value::Map(variables::parameters(span)));
    template = sam::merge(&template, &map(vec![("Parameters", parameters)], span));
    let parts = service.root.get("resources").map(Node::one_or_many).unwrap_or_default();
    for part in parts {
        template = sam::merge(&template, part);
        if let Some(extensions) = part.get("extensions") {
            template = sam::merge(&template, &map(vec![("Resources", extensions.clone())], span));
        }
    }
    keep_places(service, &mut template);
    template
}

/// Functions stand where the service declares them, whatever it adds to them below.
fn keep_places(service: &Service<'_>, template: &mut Node) {
    let Value::Map(parts) = &mut template.value else { return };
    let Some(resources) = parts.get_mut("Resources") else { return };
    let Value::Map(resources) = &mut resources.node.value else { return };
    for function in service.functions.values() {
        if let Some(entry) = resources.get_mut(&function.id) {
            entry.key = function.span;
        }
    }
}

/// A text of the catalog with its words replaced: those of the deployment, and any other by `named`.
fn fill(words: &str, named: &TemplateString) -> TemplateString {
    TemplateString::filled(words, |_| named.clone())
}

/// A reference to the ARN of a resource of the template.
fn arn_of(id: &str, span: crate::text::Span) -> Node {
    let words = [id, "Arn"].map(|word| text(word.into(), span));
    map(vec![("Fn::GetAtt", Node::new(span, Value::List(words.into())))], span)
}

/// Whether a part is a reference of the template rather than a map of settings.
fn is_reference(node: &Node) -> bool {
    let only = node.as_map().filter(|map| map.len() == 1).and_then(|map| map.first());
    only.is_some_and(|(key, _)| key == "Ref" || key.starts_with("Fn::"))
}
