//! The roles that the framework makes: one for all functions, and one for each function that has statements of its own.

use indexmap::IndexMap;

use super::super::cloudformation::IMPLIED;
use super::super::documents::{map, moved, text};
use super::super::facts::{Grant, framework};
use super::function::{destinations, is_traced, key, vpc};
use super::service::{Declared, Service, normalized, resource};
use super::variables::construct_name;
use super::{arn_of, events, fill, is_reference};
use crate::text::tree::{Entry, Node, Value};
use crate::text::{Hole, SmolStr, Span, TemplateString};

/// The role of every function that has none of its own.
const SHARED: &str = "IamRoleLambdaExecution";
/// The policy of AWS that the framework attaches where functions are in a network.
const NETWORK: &str = "arn:${Partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole";

/// A statement that allows actions on resources of the template.
pub(super) fn allow(actions: &[String], resources: Vec<Node>, span: Span) -> Node {
    let actions = actions.iter().map(|action| text(action.as_str().into(), span)).collect();
    let parts = vec![
        ("Effect", text("Allow".into(), span)),
        ("Action", Node::new(span, Value::List(actions))),
        ("Resource", Node::new(span, Value::List(resources))),
    ];
    map(parts, span)
}

/// The role that a function runs with, as its property in the template.
pub(super) fn role_of(service: &Service<'_>, function: &Declared) -> Node {
    let Some(stated) = stated(service, function) else {
        let own = own_statements(function).map(|_| own_id(function));
        return arn_of(own.as_deref().unwrap_or(SHARED), function.span);
    };
    // A plain word is the id of a role of the template.
    match stated.as_str() {
        Some(id) if !id.contains(':') => arn_of(id, stated.span),
        _ => stated.clone(),
    }
}

/// The role that the function or the provider names.
fn stated<'a>(service: &Service<'a>, function: &'a Declared) -> Option<&'a Node> {
    let names = |node: &&Node| node.as_template().is_some() || is_reference(node);
    let own = function.node.get("role").filter(names);
    let of_all = || {
        let role = service.provider(&["iam", "role"]).filter(names);
        role.or_else(|| service.provider(&["role"]).filter(names))
    };
    own.or_else(|| if own_statements(function).is_some() { None } else { of_all() })
}

fn own_statements(function: &Declared) -> Option<&Node> {
    let stated = function.node.get("iamRoleStatements");
    stated
        .or_else(|| function.node.at(&["iam", "role", "statements"]))
        .or_else(|| function.node.at(&["iam", "statements"]))
}

fn own_id(function: &Declared) -> String {
    [&normalized(&function.key), SHARED].concat()
}

/// Adds the roles that the framework makes.
pub(super) fn declare(service: &Service<'_>, made: &mut IndexMap<SmolStr, Entry>) {
    let without = service.functions.values().filter(|function| stated(service, function).is_none());
    let (own, shared): (Vec<&Declared>, Vec<&Declared>) =
        without.partition(|function| own_statements(function).is_some());
    if let Some(first) = shared.first() {
        let statements: Vec<&Node> = of_provider(service).into_iter().collect();
        let name = service.provider(&["iam", "role", "name"]).cloned();
        let name = name.unwrap_or_else(|| {
            let mut name = service.prefix.clone();
            name.push_str("-");
            name.push_hole(Hole::Region);
            name.push_str("-lambdaRole");
            text(name, first.span)
        });
        made.insert(SHARED.into(), role(service, &shared, &statements, name));
    }
    for function in own {
        let mut statements: Vec<&Node> = own_statements(function).into_iter().collect();
        if inherits(service, function) {
            statements.extend(of_provider(service));
        }
        let mut name = service.physical_name(function);
        name.push_str("-");
        name.push_hole(Hole::Region);
        name.push_str("-lambdaRole");
        let name =
            function.node.get("iamRoleStatementsName").cloned().unwrap_or_else(|| text(name, function.span));
        made.insert(own_id(function).into(), role(service, &[function], &statements, name));
    }
}

/// The statements for all functions.
fn of_provider<'a>(service: &Service<'a>) -> Option<&'a Node> {
    let statements = service.provider(&["iam", "role", "statements"]);
    statements.or_else(|| service.provider(&["iamRoleStatements"]))
}

/// Whether a function's own role holds the statements for all functions too.
fn inherits(service: &Service<'_>, function: &Declared) -> bool {
    let own = ["iamRoleStatementsInherit"].into_iter().find_map(|key| function.node.get(key));
    let own = own.or_else(|| function.node.at(&["iam", "inheritStatements"]));
    let default = service.root.at(&["custom", "serverless-iam-roles-per-function", "defaultInherit"]);
    own.or(default).and_then(Node::as_flag) == Some(true)
}

fn role(service: &Service<'_>, functions: &[&Declared], stated: &[&Node], name: Node) -> Entry {
    let span = stated.first().map_or_else(
        || functions.first().map_or(service.root.span, |function| function.span),
        |statements| statements.span,
    );
    let mut statements = logs(service, functions, span);
    let grants =
        |function: &&Declared| [events::grants(service, function), added(service, function)].concat();
    for statement in functions.iter().flat_map(grants).chain(constructs(service)) {
        let same = |known: &Node| moved(known.clone(), span) == moved(statement.clone(), span);
        if !statements.iter().any(same) {
            statements.push(statement);
        }
    }
    let implied = std::mem::take(&mut statements);
    let mut policies = vec![];
    for item in stated.iter().flat_map(|node| node.one_or_many()) {
        if item.as_map().is_some() {
            statements.push(item.clone());
        } else {
            // What a variable leaves open may be any statement.
            let parts = vec![("PolicyName", item.clone()), ("PolicyDocument", item.clone())];
            policies.push(map(parts, item.span));
        }
    }
    let mut policy = service.prefix.clone();
    policy.push_str("-lambda");
    // One policy when it is deployed; what nobody wrote stands apart here, so that it can be told from the rest.
    for (statements, is_implied) in [(statements, false), (implied, true)] {
        if statements.is_empty() {
            continue;
        }
        let version = ("Version", text("2012-10-17".into(), span));
        let document = map(vec![version, ("Statement", Node::new(span, Value::List(statements)))], span);
        let mut parts = vec![("PolicyName", text(policy.clone(), span)), ("PolicyDocument", document)];
        if is_implied {
            parts.push((IMPLIED, Node::new(span, Value::Flag(true))));
        }
        policies.insert(0, map(parts, span));
    }
    let mut parts = vec![("RoleName", name), ("Policies", Node::new(span, Value::List(policies)))];
    let managed = managed(service, functions);
    parts.push(("ManagedPolicyArns", Node::new(span, Value::List(managed))));
    let boundary = [
        &["iam", "role", "permissionsBoundary"][..],
        &["iam", "role", "permissionBoundary"],
        &["rolePermissionsBoundary"],
    ];
    let boundary = boundary.into_iter().find_map(|path| service.provider(path));
    parts.extend(boundary.map(|boundary| ("PermissionsBoundary", boundary.clone())));
    resource("AWS::IAM::Role", map(parts, span), span)
}

/// The managed policies of a role.
fn managed(service: &Service<'_>, functions: &[&Declared]) -> Vec<Node> {
    let stated = service.provider(&["iam", "role", "managedPolicies"]);
    let stated = stated.or_else(|| service.provider(&["iamManagedPolicies"]));
    let mut managed: Vec<Node> = stated.map(Node::one_or_many).unwrap_or_default().to_vec();
    for function in functions {
        managed.extend(
            function
                .node
                .get("iamManagedPolicies")
                .map(Node::one_or_many)
                .unwrap_or_default()
                .iter()
                .cloned(),
        );
    }
    let network = functions.iter().find_map(|function| vpc(service, function));
    managed.extend(network.map(|vpc| text(fill(NETWORK, &TemplateString::new()), vpc.span)));
    managed
}

/// What the framework allows on the functions' logs: by the name that all of them begin with, or by a name of its own.
fn logs(service: &Service<'_>, functions: &[&Declared], span: Span) -> Vec<Node> {
    let mut names: Vec<TemplateString> = vec![];
    for function in functions {
        let stated = function.node.get("name").is_some() || functions.len() == 1;
        let name = if stated {
            service.physical_name(function)
        } else {
            let mut prefix = service.prefix.clone();
            prefix.push_str("*");
            prefix
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let grants = framework().role.iter().filter(|grant| grant.when.as_deref() == Some("logs"));
    let statement = |grant: &Grant| {
        let resources = names.iter().map(|name| text(fill(&grant.resource, name), span)).collect();
        allow(&grant.actions, resources, span)
    };
    grants.map(statement).collect()
}

/// What the framework allows for the settings of a function.
fn added(service: &Service<'_>, function: &Declared) -> Vec<Node> {
    let span = function.span;
    let mut causes: Vec<(&str, Node)> = vec![];
    if is_traced(service, function) {
        causes.push(("tracing", text("*".into(), span)));
    }
    causes.extend(key(service, function).map(|key| ("key", key.clone())));
    causes.extend(function.node.get("onError").map(|target| ("dead-letters", target.clone())));
    causes.extend(function.node.at(&["fileSystemConfig", "arn"]).map(|arn| ("file-system", arn.clone())));
    let mut statements = vec![];
    for (cause, target) in causes {
        let grants = framework().role.iter().filter(|grant| grant.when.as_deref() == Some(cause));
        statements.extend(grants.map(|grant| allow(&grant.actions, vec![target.clone()], target.span)));
    }
    for (_, service, target) in destinations(service, function) {
        let span = target.span;
        let actions = framework().destination.get(&service);
        statements.extend(actions.map(|actions| allow(actions, vec![target], span)));
    }
    statements
}

/// What constructs allow to every function.
fn constructs(service: &Service<'_>) -> Vec<Node> {
    let mut statements = vec![];
    for (id, entry) in service.root.get("constructs").and_then(Node::as_map).into_iter().flatten() {
        let kind = entry.node.get("type").and_then(Node::as_str).unwrap_or_default();
        let Some(facts) = framework().construct.get(kind) else { continue };
        let name = construct_name(id, facts);
        let statement = |grant: &Grant| {
            allow(&grant.actions, vec![text(fill(&grant.resource, &name), entry.key)], entry.key)
        };
        statements.extend(facts.grants.iter().map(statement));
    }
    statements
}
