//! A policy taken out of a template: its references lead to resources that nothing here declares, and stay what they are.

use indexmap::IndexMap;

use super::cloudformation::{Evaluator, expand};
use super::facts::{terraform_type, type_facts};
use crate::text::tree::{Entry, Node, Value};
use crate::text::{FileId, Hole, Piece, SmolStr, TemplateString};

/// The document with what its functions and references come to. One without any comes out as it went in.
pub fn fragment(node: &Node, file: FileId) -> Node {
    let nothing = IndexMap::new();
    let evaluator = Evaluator::fragment(file, &nothing);
    terraform(&evaluator.resolve(&expand(node.clone())))
}

/// The same with Terraform's references as holes. A policy variable has a `:` in it, or is no path.
fn terraform(node: &Node) -> Node {
    let value = match &node.value {
        Value::List(list) => Value::List(list.iter().map(terraform).collect()),
        Value::Map(map) => {
            let entry = |(key, entry): (&SmolStr, &Entry)| {
                (key.clone(), Entry { key: entry.key, node: terraform(&entry.node) })
            };
            Value::Map(map.iter().map(entry).collect())
        }
        Value::Text(text) => Value::Text(referring(text)),
        other => other.clone(),
    };
    Node { span: node.span, tag: node.tag.clone(), value }
}

fn referring(text: &TemplateString) -> TemplateString {
    let mut result = TemplateString::new();
    for piece in text.pieces() {
        let mut rest = match piece {
            Piece::Hole(hole) => {
                result.push_hole(hole.clone());
                continue;
            }
            Piece::Text(text) => text.as_str(),
        };
        while let Some((before, behind)) = rest.split_once("${") {
            let Some((path, after)) = behind.split_once('}') else { break };
            result.push_str(before);
            match reference(path.trim()) {
                Some(text) => result.push(&text),
                None => result.push_str(&format!("${{{path}}}")),
            }
            rest = after;
        }
        result.push_str(rest);
    }
    result
}

/// What a path of Terraform refers to.
fn reference(path: &str) -> Option<TemplateString> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let parts: Vec<&str> = path.split('.').collect();
    if !path.chars().all(is_path) {
        return None;
    }
    match parts.as_slice() {
        ["data", "aws_caller_identity", _, "account_id"] => Some(Hole::Account.into()),
        ["data", "aws_region", _, "name" | "id" | "region"] => Some(Hole::Region.into()),
        ["data", "aws_partition", _, "partition"] => Some(Hole::Partition.into()),
        ["var" | "local" | "module" | "data", _, ..] => Some(Hole::Parameter(path.into()).into()),
        [kind, name, attribute] if kind.starts_with("aws_") => {
            let id = SmolStr::from(format!("{kind}.{name}"));
            Some(attribute_of(kind, &id, attribute))
        }
        _ => None,
    }
}

fn attribute_of(kind: &str, id: &SmolStr, attribute: &str) -> TemplateString {
    let facts = terraform_type(kind).and_then(|facts| type_facts(&facts.kind));
    let arn = facts.and_then(|facts| facts.arn.as_deref()).filter(|_| attribute == "arn");
    if let Some(arn) = arn {
        return TemplateString::filled(arn, |word| match word {
            "Name" => TemplateString::resource(id.as_str()),
            word => Hole::Resource { id: id.clone(), attribute: word.into() }.into(),
        });
    }
    match attribute {
        "id" | "name" | "bucket" => TemplateString::resource(id.as_str()),
        "arn" => Hole::Resource { id: id.clone(), attribute: "Arn".into() }.into(),
        other => Hole::Resource { id: id.clone(), attribute: other.into() }.into(),
    }
}
