//! What the serverless transform adds to a template: global properties, events, roles and their policies.

mod added;
mod connectors;
mod events;
mod globals;
mod profiles;
mod role;

pub(super) use connectors::connectors;
pub(super) use events::{events, source_arn};
pub(super) use globals::{merge, with_globals};
pub(super) use profiles::profile;
pub(super) use role::fill_role;
pub(crate) use role::role_id;

use indexmap::IndexMap;

use super::cloudformation::Declared;
use crate::text::SmolStr;
use crate::text::tree::{Node, Value};

/// The type of a serverless function.
const FUNCTION: &str = "AWS::Serverless::Function";

/// The type of a serverless state machine.
const MACHINE: &str = "AWS::Serverless::StateMachine";

/// Adds the resources that others imply and that the template may refer to.
pub(super) fn imply(resources: &mut IndexMap<SmolStr, Declared>) {
    let mut implied: Vec<(SmolStr, Declared)> = Vec::new();
    for (id, declared) in &*resources {
        if declared.kind != FUNCTION && declared.kind != MACHINE {
            continue;
        }
        let mut add = |id: String, kind: &str| {
            let node = Node::new(declared.site.span, Value::Map(IndexMap::new()));
            implied.push((id.into(), Declared { kind: kind.into(), node, site: declared.site }));
        };
        if let Some(role) = role_id(&declared.kind, id).filter(|_| !names_a_role(declared)) {
            add(role.to_string(), "AWS::IAM::Role");
        }
        if declared.kind == MACHINE {
            continue;
        }
        let events = declared.node.at(&["Properties", "Events"]).and_then(Node::as_map);
        for event in events.into_iter().flat_map(IndexMap::values) {
            match event.node.get("Type").and_then(Node::as_str) {
                Some("Api") => add("ServerlessRestApi".to_owned(), "AWS::Serverless::Api"),
                Some("HttpApi") => add("ServerlessHttpApi".to_owned(), "AWS::Serverless::HttpApi"),
                _ => {}
            }
        }
    }
    for (id, declared) in implied {
        resources.entry(id).or_insert(declared);
    }
}

fn names_a_role(declared: &Declared) -> bool {
    let role = declared.node.at(&["Properties", "Role"]);
    // A role that a condition may take away again leaves the transform's own in its place.
    role.is_some_and(|role| role.get("Fn::If").is_none())
}
