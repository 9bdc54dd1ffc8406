//! State machines of the plugin `serverless-step-functions`: the resources that it makes of them.

use indexmap::IndexMap;

use super::super::documents::{list, map, text};
use super::arn_of;
use super::service::{Service, normalized, resource};
use crate::text::tree::{Entry, Node, Value};
use crate::text::{SmolStr, Span};

/// The type of a state machine in the template.
const MACHINE: &str = "AWS::StepFunctions::StateMachine";
/// What the plugin finds by itself and grants the roles that it makes.
const GRANTED: &str = "what `serverless-step-functions` grants";

/// Adds the state machines and the roles that are made for them.
pub(super) fn declare(service: &Service<'_>, made: &mut IndexMap<SmolStr, Entry>) {
    let machines = service.root.at(&["stepFunctions", "stateMachines"]).map(Node::one_or_many);
    for part in machines.unwrap_or_default() {
        for (key, entry) in part.as_map().into_iter().flatten() {
            machine(service, key, &entry.node, entry.key, made);
        }
    }
}

fn machine(service: &Service<'_>, key: &str, node: &Node, span: Span, made: &mut IndexMap<SmolStr, Entry>) {
    let stated = ["id", "name"].into_iter().find_map(|name| node.get(name)?.as_str());
    let id = stated.map_or_else(
        || [&normalized(key), "StepFunctionsStateMachine"].concat(),
        |stated| stated.chars().filter(char::is_ascii_alphanumeric).collect(),
    );
    let role = [id.as_str(), "Role"].concat();
    let named = node.get("role").cloned();
    let mut properties = vec![("RoleArn", named.clone().unwrap_or_else(|| arn_of(&role, span)))];
    properties.extend(node.get("name").map(|name| ("StateMachineName", name.clone())));
    properties.extend(node.get("definition").map(|states| ("Definition", local(service, states))));
    let traced = node.get("tracingConfig").and_then(|tracing| tracing.get("enabled"));
    properties.extend(traced.map(|on| ("TracingConfiguration", map(vec![("Enabled", on.clone())], on.span))));
    made.insert(id.as_str().into(), resource(MACHINE, map(properties, span), span));
    if named.is_some() {
        return;
    }
    let mut properties = vec![("ManagedPolicyArns", list(vec![GRANTED.into()], span))];
    if let Some(statements) = node.get("iamRoleStatements") {
        let document = map(vec![("Statement", statements.clone())], statements.span);
        let name = text(role.as_str().into(), statements.span);
        let policy = map(vec![("PolicyName", name), ("PolicyDocument", document)], statements.span);
        properties.push(("Policies", Node::new(statements.span, Value::List(vec![policy]))));
    }
    made.insert(role.as_str().into(), resource("AWS::IAM::Role", map(properties, span), span));
}

/// An attribute, in either of its spellings, of what a key stands for.
fn attribute(node: &Node, translated: &dyn Fn(&Node) -> Node) -> Node {
    let mut words = match node.as_str().and_then(|whole| whole.split_once('.')) {
        Some((id, name)) => [id, name].map(|word| text(word.into(), node.span)).to_vec(),
        None => node.one_or_many().to_vec(),
    };
    if let Some(first) = words.first_mut() {
        *first = translated(first);
    }
    Node::new(node.span, Value::List(words))
}

/// A definition in which the keys of functions stand for their ids in the template.
fn local(service: &Service<'_>, node: &Node) -> Node {
    let translated = |word: &Node| {
        let function = word.as_str().and_then(|key| service.functions.get(key));
        function.map_or_else(|| word.clone(), |function| text(function.id.as_str().into(), word.span))
    };
    let value = match &node.value {
        Value::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|(key, entry)| {
                    let node = match (key.as_str(), &entry.node.value) {
                        ("Ref", _) => translated(&entry.node),
                        ("Fn::GetAtt", Value::List(_) | Value::Text(_)) => {
                            attribute(&entry.node, &translated)
                        }
                        _ => local(service, &entry.node),
                    };
                    (key.clone(), Entry { key: entry.key, node })
                })
                .collect(),
        ),
        Value::List(items) => Value::List(items.iter().map(|item| local(service, item)).collect()),
        other => other.clone(),
    };
    Node::new(node.span, value)
}
