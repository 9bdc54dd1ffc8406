//! The ids of constructs: what the program calls them, with as much of the way to them as tells them apart.

use indexmap::IndexMap;

use crate::text::SmolStr;

use super::expression::Program;
use super::facts::is_class;
use super::trace::references;

/// How far constructs are followed upwards.
const MAX_PATH: usize = 32;

/// The id of every construct.
pub(super) fn ids(program: &Program<'_>) -> IndexMap<SmolStr, SmolStr> {
    let paths: Vec<(SmolStr, Vec<String>)> =
        program.trace.keys().filter_map(|key| Some((key.clone(), path(program, key)?))).collect();
    let mut ids = IndexMap::new();
    let mut taken: IndexMap<String, u32> = IndexMap::new();
    let mut counts: IndexMap<String, u32> = IndexMap::new();
    for (_, path) in &paths {
        for length in 1..=path.len() {
            *counts.entry(tail(path, length)).or_default() += 1;
        }
    }
    for (key, path) in &paths {
        let unique =
            (1..=path.len()).map(|length| tail(path, length)).find(|tail| counts.get(tail) == Some(&1));
        let id = unique.unwrap_or_else(|| tail(path, path.len()));
        let number = taken.entry(id.clone()).or_default();
        *number += 1;
        let id = if *number > 1 { format!("{id}#{number}") } else { id };
        ids.insert(key.clone(), id.into());
    }
    ids
}

/// The ids on the way to a construct, outermost first; `None` for what is no construct.
fn path(program: &Program<'_>, key: &str) -> Option<Vec<String>> {
    let mut parts = vec![];
    let mut next = Some(SmolStr::from(key));
    while let Some(call) = next.take().and_then(|key| program.trace.get(&key)) {
        let scope = call.named.get("scope").or(call.on.as_ref());
        let id = call.named.get("id").and_then(|id| program.text(id));
        match id {
            Some(id) if parts.len() < MAX_PATH => parts.push(id.to_string()),
            None if parts.is_empty() => {
                let is_made = is_class(&call.callee) && scope.is_some();
                parts.push(is_made.then(|| call.callee.rsplit('.').next().unwrap_or_default().to_owned())?);
            }
            _ => break,
        }
        next = scope.and_then(|scope| references(scope).into_iter().next()).map(|(key, _)| key);
    }
    parts.reverse();
    Some(parts)
}

fn tail(path: &[String], length: usize) -> String {
    path.get(path.len() - length..).unwrap_or_default().join("/")
}
