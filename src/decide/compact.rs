//! Fewer characters for the same policy: patterns in the place of the actions that they stand for, and no others.

use crate::policy::{ActionFacts, Effect, Pattern, Statement};
use crate::text::{SmolStr, TemplateString};

/// Puts a pattern in the place of actions wherever it stands for listed actions of one kind of access only, by the
/// catalog of today. An action that its service gets later may be among those that the pattern stands for.
pub fn compact(statements: &mut [Statement], facts: &dyn ActionFacts) {
    for statement in statements.iter_mut().filter(|statement| statement.effect == Effect::Allow) {
        if !statement.actions.negated {
            compact_actions(&mut statement.actions.list, facts);
        }
    }
}

fn compact_actions(list: &mut Vec<Pattern>, facts: &dyn ActionFacts) {
    let names: Vec<SmolStr> =
        list.iter().filter_map(|pattern| Some(pattern.text.as_literal()?.into())).collect();
    let mut patterns: Vec<SmolStr> = names.iter().flat_map(|name| beginnings(name)).collect();
    // The shortest stand for most; of those that stand for the same, the longest says best what it is about.
    patterns.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    patterns.dedup();
    for pattern in patterns {
        let expanded = facts.expand(&pattern);
        let is_listed = |action: &SmolStr| list.iter().any(|own| own.text.as_literal() == Some(action));
        let access = expanded.first().and_then(|first| facts.access(first));
        let is_one_kind = expanded.iter().all(|action| facts.access(action) == access);
        if expanded.len() < 2 || !is_one_kind || !expanded.iter().all(is_listed) {
            continue;
        }
        list.retain(|own| !expanded.iter().any(|action| own.text.as_literal() == Some(action)));
        list.push(Pattern { text: TemplateString::from(pattern.as_str()), site: None });
    }
    list.sort_by(|a, b| a.text.cmp(&b.text));
}

/// Patterns for what begins like the action, cut in front of its words (`s3:GetObjectAcl` → `s3:Get*`, `s3:GetObject*`).
fn beginnings(action: &str) -> Vec<SmolStr> {
    let Some((service, name)) = action.split_once(':') else { return Vec::new() };
    let capitals = name.char_indices().filter(|(at, character)| *at > 0 && character.is_ascii_uppercase());
    let ends = capitals.map(|(at, _)| at).chain([name.len()]);
    ends.filter_map(|end| Some(format!("{service}:{}*", name.get(..end)?).into())).collect()
}
