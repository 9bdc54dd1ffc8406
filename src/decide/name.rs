//! Names of generated statements: what they are for, the same in every run, and rarely numbered.

use indexmap::IndexSet;
use rustc_hash::FxHashMap;

use crate::policy::{ActionFacts, Statement, arn};
use crate::text::{Hole, Piece, SmolStr, TemplateString};

/// Longer names say no more.
const LONGEST: usize = 64;

/// Gives every statement a `Sid` of letters and digits that no other has: service and access, and where that is not
/// enough the resource, then the actions, then the condition.
pub(super) fn name_statements(statements: &mut [Statement], facts: &dyn ActionFacts) {
    let mut names: Vec<String> =
        statements.iter().map(|statement| service_and_access(statement, facts)).collect();
    for more in [resource_words, action_words, condition_words] {
        let counts = counts(&names);
        for (statement, name) in statements.iter().zip(&mut names) {
            if counts.get(name.as_str()).is_some_and(|count| *count > 1) {
                name.push_str(&more(statement));
                *name = name.chars().take(LONGEST).collect();
            }
        }
    }
    let mut given: IndexSet<SmolStr> = IndexSet::new();
    for (statement, name) in statements.iter_mut().zip(names) {
        let numbered = (2..).map(|number| SmolStr::from(format!("{name}{number}")));
        let sid =
            std::iter::once(SmolStr::from(name.as_str())).chain(numbered).find(|sid| !given.contains(sid));
        given.extend(sid.clone());
        statement.sid = sid;
    }
}

fn counts(names: &[String]) -> FxHashMap<String, usize> {
    let mut counts = FxHashMap::default();
    for name in names {
        *counts.entry(name.clone()).or_default() += 1;
    }
    counts
}

fn service_and_access(statement: &Statement, facts: &dyn ActionFacts) -> String {
    let actions: Vec<String> = statement.actions.list.iter().map(|action| action.text.to_string()).collect();
    let service = actions.first().and_then(|action| action.split(':').next()).unwrap_or("");
    let mut access: Vec<_> = actions.iter().filter_map(|action| facts.access(action)).collect();
    access.sort_unstable();
    access.dedup();
    let words: String = access.iter().map(|access| access.word()).collect();
    camel(service) + if words.is_empty() { "Use" } else { &words }
}

/// The name of the first resource.
fn resource_words(statement: &Statement) -> String {
    let Some(first) = statement.resources.list.first() else { return String::new() };
    if first.text.as_literal() == Some("*") {
        return "All".to_owned();
    }
    let name = arn::parts(&first.text).and_then(|parts| parts.into_iter().nth(5));
    words(&name.unwrap_or_else(|| first.text.clone()))
}

fn words(text: &TemplateString) -> String {
    let words = text.pieces().iter().map(|piece| match piece {
        Piece::Text(text) | Piece::Hole(Hole::Parameter(text) | Hole::PolicyVariable(text)) => camel(text),
        Piece::Hole(Hole::Resource { id, .. }) => camel(id),
        Piece::Hole(_) => String::new(),
    });
    words.collect()
}

fn action_words(statement: &Statement) -> String {
    let names = statement.actions.list.iter().map(|action| action.text.to_string());
    names.take(2).filter_map(|name| name.split_once(':').map(|(_, name)| camel(name))).collect()
}

fn condition_words(statement: &Statement) -> String {
    statement.conditions.iter().flat_map(|condition| &condition.values).map(words).collect()
}

/// The letters and digits, each run of them with a capital in front.
fn camel(text: &str) -> String {
    let mut camel = String::new();
    for word in text.split(|character: char| !character.is_ascii_alphanumeric()) {
        let mut characters = word.chars();
        camel.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(characters.as_str());
    }
    camel
}
