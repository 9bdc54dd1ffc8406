//! Modules from elsewhere that are known: the function, and the role that the module makes for it.

use indexmap::IndexMap;

use super::super::cloudformation::IMPLIED;
use super::super::documents::{map, text};
use super::super::facts::{ModuleRole, TerraformType};
use super::{policies, translate};
use crate::text::tree::{Entry, Node, Value};
use crate::text::{Hole, SmolStr, Span, TemplateString};

/// Adds what a call of a module declares.
pub(super) fn declare(
    id: &str,
    source: &str,
    facts: &TerraformType,
    body: &Node,
    span: Span,
    resources: &mut IndexMap<SmolStr, Entry>,
) {
    let mut entry = translate::resource(Some(facts), source, body, span);
    if let Some(facts) = &facts.role {
        let is_off = |flag: &str| body.get(flag).and_then(Node::as_flag) == Some(false);
        let stated = body.get(&facts.stated).is_some_and(|role| role.value != Value::Null);
        if !stated && !is_off(&facts.unless) {
            let role = [id, ".", &facts.id].concat();
            let words = [role.as_str(), "Arn"].map(|word| text(word.into(), span));
            let reference = map(vec![("Fn::GetAtt", Node::new(span, Value::List(words.into())))], span);
            if let Value::Map(parts) = &mut entry.node.value
                && let Some(properties) = parts.get_mut("Properties")
                && let Value::Map(properties) = &mut properties.node.value
            {
                properties.insert("Role".into(), Entry { key: span, node: reference });
            }
            resources.insert(role.into(), self::role(facts, id, body, span));
        }
    }
    resources.insert(id.into(), entry);
}

/// The role that a module makes.
fn role(facts: &ModuleRole, id: &str, body: &Node, span: Span) -> Entry {
    let flag = |name: &str| body.get(name).and_then(Node::as_flag);
    let mut policies = vec![];
    let mut add = |name: &str, document: Node, is_implied: bool| {
        let mut parts = vec![("PolicyName", text(name.into(), span)), ("PolicyDocument", document)];
        if is_implied {
            parts.push((IMPLIED, Node::new(span, Value::Flag(true))));
        }
        policies.push(map(parts, span));
    };
    let statements = body.get(&facts.statements).map(items).unwrap_or_default();
    if !statements.is_empty() {
        let statements = statements.iter().map(policies::statement).collect();
        add(&facts.statements, of_statements(statements, span), false);
    }
    for name in &facts.documents {
        for document in body.get(name).map(Node::one_or_many).unwrap_or_default() {
            add(name, document.clone(), false);
        }
    }
    let mut own: Vec<Node> = vec![];
    for grant in &facts.adds {
        if flag(&grant.flag).unwrap_or(grant.default) {
            let target = grant.target.as_ref().and_then(|target| body.get(target));
            let list = |texts: &[String]| {
                let texts = texts.iter().map(|each| text(filled(each, id), span)).collect();
                Node::new(span, Value::List(texts))
            };
            let resources = target.cloned().unwrap_or_else(|| list(&grant.resources));
            let parts = vec![
                ("Effect", text("Allow".into(), span)),
                ("Action", list(&grant.actions)),
                ("Resource", resources),
            ];
            own.push(map(parts, span));
        }
    }
    if !own.is_empty() {
        add(id, of_statements(own, span), true);
    }
    let managed: Vec<Node> = facts
        .managed
        .iter()
        .filter_map(|name| body.get(name))
        .flat_map(|policies| policies.one_or_many().to_vec())
        .filter(|policy| policy.value != Value::Null)
        .collect();
    let parts = vec![
        ("Policies", Node::new(span, Value::List(policies))),
        ("ManagedPolicyArns", Node::new(span, Value::List(managed))),
    ];
    let properties = map(parts, span);
    let node = map(vec![("Type", text("AWS::IAM::Role".into(), span)), ("Properties", properties)], span);
    Entry { key: span, node }
}

/// The items of a list, or the values of a map.
fn items(node: &Node) -> Vec<Node> {
    match &node.value {
        Value::Map(entries) => entries.values().map(|entry| entry.node.clone()).collect(),
        _ => node.one_or_many().to_vec(),
    }
}

fn of_statements(statements: Vec<Node>, span: Span) -> Node {
    let version = ("Version", text("2012-10-17".into(), span));
    map(vec![version, ("Statement", Node::new(span, Value::List(statements)))], span)
}

/// A text of the catalog; `${Function}` is the function's name.
fn filled(words: &str, id: &str) -> TemplateString {
    TemplateString::filled(words, |word| {
        if word == "Function" { TemplateString::resource(id) } else { Hole::Unknown.into() }
    })
}
