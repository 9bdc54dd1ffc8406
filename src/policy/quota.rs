//! How large policies may be, and how a policy that is too large is cut.

use super::model::{Document, Pattern, Statement};
use super::print::{Render, to_json};

/// Characters that a managed policy may have.
pub const MANAGED_POLICY_SIZE: usize = 6_144;

/// Characters that all inline policies of a role may have together.
pub const INLINE_POLICIES_SIZE: usize = 10_240;

/// Managed policies that a role may have unless the account's quota was raised.
pub const MANAGED_POLICIES_PER_ROLE: usize = 10;

/// Managed policies that a role may have at most.
pub const MANAGED_POLICIES_PER_ROLE_MOST: usize = 25;

/// The size of a document as the quotas count it: white space is left out.
pub fn size(document: &Document, render: Render<'_>) -> usize {
    to_json(document, render).to_string().chars().filter(|character| !character.is_whitespace()).count()
}

/// The same statements in documents of at most `limit` characters, as few as first-fit finds. Statements stay whole
/// where they fit; one that does not is cut at its longer list.
pub fn split(document: &Document, limit: usize, render: Render<'_>) -> Vec<Document> {
    let with = |statements: Vec<Statement>| Document { version: document.version.clone(), statements };
    let mut parts: Vec<Document> = Vec::new();
    let mut pending: Vec<Statement> = document.statements.iter().rev().cloned().collect();
    while let Some(statement) = pending.pop() {
        let single = with(vec![statement.clone()]);
        if size(&single, render) > limit
            && let Some((first, second)) = halves(&statement)
        {
            pending.extend([second, first]);
            continue;
        }
        let fitting = parts.iter_mut().find(|part| {
            let mut trial = (**part).clone();
            trial.statements.push(statement.clone());
            size(&trial, render) <= limit
        });
        match fitting {
            Some(part) => part.statements.push(statement),
            None => parts.push(single),
        }
    }
    parts
}

/// The statement in two, cut at its longer list; nothing where neither list can be cut. A negated list is not cut:
/// two halves of it would allow more.
fn halves(statement: &Statement) -> Option<(Statement, Statement)> {
    let (mut first, mut second) = (statement.clone(), statement.clone());
    let lists = [(&statement.actions, true), (&statement.resources, false)];
    let cuttable = lists.into_iter().filter(|(patterns, _)| !patterns.negated && patterns.list.len() > 1);
    let (patterns, is_actions) = cuttable.max_by_key(|(patterns, _)| patterns.list.len())?;
    let (head, tail) = patterns.list.split_at(patterns.list.len() / 2);
    let put = |statement: &mut Statement, list: &[Pattern], suffix: &str| {
        let own = if is_actions { &mut statement.actions } else { &mut statement.resources };
        own.list = list.to_vec();
        statement.sid = statement.sid.as_ref().map(|sid| format!("{sid}{suffix}").into());
    };
    put(&mut first, head, "A");
    put(&mut second, tail, "B");
    Some((first, second))
}
