//! Constants in the context of requests, which a policy may ask for: the prefix of a listing, the key of an item.

use std::sync::OnceLock;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::catalog::{ArnPiece, ArnTemplate, ParameterHole, Path, Presence, Request as _, Rule};
use crate::policy::Condition;
use crate::text::{SmolStr, TemplateString};

use super::super::Resource;
use super::resource::Filler;

/// How a policy asks for a key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    operator: SmolStr,
    #[serde(default)]
    present: bool,
    member: Option<String>,
}

fn asked() -> &'static IndexMap<SmolStr, Asked> {
    static ASKED: OnceLock<IndexMap<SmolStr, Asked>> = OnceLock::new();
    ASKED.get_or_init(|| {
        toml::from_str(include_str!("../../../catalogs/aws/narrowing.toml")).unwrap_or_default()
    })
}

/// What every request of a call meets where it asks for the rule's action on the resource.
pub(super) fn carried(rule: Rule, filler: &Filler<'_>, resource: &Resource) -> Vec<Condition> {
    let mut conditions = vec![];
    for stated in rule.conditions().filter(|condition| condition.is_narrowing()) {
        let Some(asked) = asked().get(stated.key()) else { continue };
        let member = match &asked.member {
            Some(property) => match member(filler, resource, property) {
                Some(member) => Some(member),
                None => continue,
            },
            None => None,
        };
        let text = member.map(|member| stated.value().replace('*', &member));
        let Some(values) = constants(text.as_deref().unwrap_or(stated.value()), filler) else { continue };
        let key = SmolStr::from(stated.key());
        if asked.present {
            let values = vec!["false".into()];
            conditions.push(Condition { operator: "Null".into(), key: key.clone(), values });
        }
        conditions.push(Condition { operator: asked.operator.clone(), key, values });
    }
    conditions.sort();
    conditions
}

/// The member of a request that a property of the declared resource names.
fn member(filler: &Filler<'_>, resource: &Resource, property: &str) -> Option<String> {
    let reference = resource.reference.as_ref().unwrap_or(&resource.arn);
    let (_, declared) = filler.names.deployment?.resource_of(reference)?;
    let names = declared.texts(property);
    let name = names.first()?.as_literal()?;
    let is_plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
    (!name.is_empty() && name.chars().all(is_plain)).then(|| name.to_owned())
}

/// The texts of an argument that is there in every request, and known in whole, or what begins with them; sorted.
fn constants(template: &str, filler: &Filler<'_>) -> Option<Vec<TemplateString>> {
    let template = ArnTemplate::parse(template);
    let (hole, is_open) = match template.pieces() {
        [ArnPiece::Parameter(hole)] => (hole, false),
        [ArnPiece::Parameter(hole), ArnPiece::Text("*")] => (hole, true),
        _ => return None,
    };
    let texts = filler.arguments.only_texts(always(hole, filler)?)?;
    let mut values: Vec<TemplateString> =
        texts.iter().flat_map(|text| filler.names.alternatives(text)).collect();
    values.sort();
    values.dedup();
    let is_fit = |text: &TemplateString| is_constant(text) && !(is_open && is_pattern(text));
    if values.is_empty() || !values.iter().all(is_fit) {
        return None;
    }
    if is_open {
        for text in &mut values {
            text.push_str("*");
        }
    }
    Some(values)
}

/// Whether the text is a pattern itself, of which the request carries a part.
fn is_pattern(text: &TemplateString) -> bool {
    text.as_literal().is_none_or(|text| text.contains(['*', '?', '[']))
}

/// The first path that requests carry, where all of them do.
fn always<'a>(hole: &ParameterHole<'a>, filler: &Filler<'_>) -> Option<Path<'a>> {
    let arguments = filler.arguments.strict();
    let carried = |path: &&Path<'_>| arguments.presence(**path) != Presence::Never;
    hole.paths.iter().find(carried).copied().filter(|path| arguments.presence(*path) == Presence::Always)
}

/// Whether a policy can spell the text: without what it would take for a variable.
fn is_constant(text: &TemplateString) -> bool {
    text.as_literal().is_some_and(|text| !text.is_empty() && !text.contains("${"))
}

/// What the requests of both calls meet: the keys that both ask for in the same way, with the values of either.
pub(super) fn join(known: &mut Vec<Condition>, other: &[Condition]) {
    known.retain_mut(|condition| {
        let is_same = |each: &&Condition| each.key == condition.key && each.operator == condition.operator;
        let Some(own) = other.iter().find(is_same) else { return false };
        condition.values.extend(own.values.iter().cloned());
        condition.values.sort();
        condition.values.dedup();
        true
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Operator;

    #[test]
    fn keys_are_asked_for_by_known_operators() {
        assert!(asked().len() > 2 && asked().keys().is_sorted());
        assert!(asked().values().all(|asked| Operator::parse(&asked.operator).is_some()));
        let all = |asked: &&Asked| asked.operator.starts_with("ForAllValues:");
        assert!(asked().values().filter(all).all(|asked| asked.present));
    }
}
