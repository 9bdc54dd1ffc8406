//! What calls do to other calls: arguments that methods add, and constructs that are made without being asked for.

use indexmap::IndexMap;

use crate::flow::{Argument, Field};
use crate::text::SmolStr;

use super::expression::{Program, Scope, is_nothing};
use super::facts::Attribute;
use super::trace::{Call, literal, references, referring};

/// The managed policies of AWS.
const MANAGED: &str = "aws-iam.ManagedPolicy.fromAwsManagedPolicyName";

/// Makes the roles and other constructs that constructs have of their own.
pub(super) fn imply(program: &mut Program<'_>) {
    let keys: Vec<SmolStr> = program.trace.keys().cloned().collect();
    for key in keys {
        let Some(call) = program.trace.get(&key).cloned() else { continue };
        let mut made: Vec<(&str, String, SmolStr, Vec<String>)> = vec![];
        let mut managed: Option<Vec<String>> = None;
        for described in program.facts.effects(&call.callee) {
            for (argument, names) in described.role.iter().flatten() {
                let list = managed.get_or_insert_default();
                if argument.is_empty() || call.named.get(argument.as_str()).is_some_and(|it| !is_nothing(it))
                {
                    list.extend(names.iter().cloned());
                }
            }
            for (name, attribute) in &described.attributes {
                if let Attribute::Construct { is, implied: true } = attribute {
                    made.push((name, capital(name), super::facts::canonical(is), vec![]));
                }
            }
        }
        if let Some(managed) = managed {
            made.push(("role", "ServiceRole".into(), "awsiam.Role".into(), managed));
        }
        made.sort();
        for (name, id, class, managed) in made {
            let given = call.named.get(name).filter(|given| !is_nothing(given));
            if given.is_none_or(|given| name != "role" && references(given).is_empty()) {
                let of = call.named.get("id").and_then(|id| program.text(id));
                let id = of.map_or_else(|| id.clone(), |of| format!("{of}.{id}"));
                add(program, &key, &call, (name, &id, class), &managed);
            }
        }
    }
}

/// A name with a capital at its front, as the ids of constructs are spelled.
fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// Makes one construct beside another and hands it over as an argument.
fn add(
    program: &mut Program<'_>,
    key: &str,
    owner: &Call,
    (name, id, class): (&str, &str, SmolStr),
    managed: &[String],
) {
    let own: SmolStr = [key, "/", name].concat().into();
    let bare =
        |callee: SmolStr| Call { callee, on: None, named: IndexMap::new(), rest: vec![], site: owner.site };
    let mut policies = vec![];
    for (policy, number) in managed.iter().zip(0..) {
        let key: SmolStr = format!("{own}/{number}").into();
        let mut call = bare(super::facts::canonical(MANAGED));
        call.named.insert("managedPolicyName".into(), literal(policy));
        policies.push(referring(&key, ""));
        program.trace.insert(key, call);
    }
    let mut call = bare(class);
    call.named.insert("scope".into(), referring(key, ""));
    call.named.insert("id".into(), literal(id));
    if !policies.is_empty() {
        call.named.insert("managedPolicies".into(), Argument::List(policies));
    }
    program.trace.insert(own.clone(), call);
    if let Some(owner) = program.trace.get_mut(key) {
        owner.named.insert(name.into(), referring(&own, ""));
    }
}

/// Gives every construct the arguments that methods add to it.
pub(super) fn add_arguments(program: &mut Program<'_>) {
    let mut added: Vec<(SmolStr, String, Argument)> = vec![];
    for (key, call) in &program.trace {
        let Some(described) = program.facts.described(&call.callee) else { continue };
        let scope = Scope { key, call, extra: &[] };
        for (path, value) in &described.adds {
            let Some(value) = program.value(value, scope) else { continue };
            let Some(path) = program.value(path, scope).and_then(|path| program.text(&path)) else {
                continue;
            };
            for target in call.on.iter().flat_map(|on| owners(program, on)) {
                added.push((target, path.to_string(), value.clone()));
            }
        }
    }
    for (target, path, value) in added {
        let Some(call) = program.trace.get_mut(&target) else { continue };
        match path.split_once('.') {
            Some((name, field)) => put(call.named.entry(name.into()).or_insert(Argument::Nil), field, value),
            None => append(call.named.entry(path.as_str().into()).or_insert(Argument::Nil), value),
        }
    }
}

/// The calls that made a value, members of constructs resolved to what they are.
pub(super) fn owners(program: &Program<'_>, value: &Argument) -> Vec<SmolStr> {
    let mut found = vec![];
    for (key, path) in references(value) {
        if path.is_empty() {
            found.push(key);
            continue;
        }
        let start = Some(referring(&key, ""));
        let end = path.split('.').fold(start, |value, name| program.member(&value?, name));
        let whole = end.iter().flat_map(references).filter(|(_, path)| path.is_empty());
        found.extend(whole.map(|(key, _)| key));
    }
    found
}

fn put(to: &mut Argument, name: &str, value: Argument) {
    match to {
        Argument::Record(record) => {
            record.fields.insert(name.into(), Field { value, always: true });
        }
        Argument::OneOf(several) => several.iter_mut().for_each(|one| put(one, name, value.clone())),
        other => *other = super::expression::record(IndexMap::from([(SmolStr::from(name), value)])),
    }
}

fn append(to: &mut Argument, value: Argument) {
    let mut items = match std::mem::replace(to, Argument::Nil) {
        Argument::Nil => vec![],
        Argument::List(items) => items,
        other => vec![other],
    };
    match value {
        Argument::List(more) => items.extend(more),
        one => items.push(one),
    }
    *to = Argument::List(items);
}
