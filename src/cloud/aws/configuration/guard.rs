//! What Lambda itself needs of the role and the code does not: a statement that denies it to the code.

use crate::cloud::{Origin, Requirement};
use crate::infra::{Function, Guard, trigger};
use crate::policy::{Condition, Effect, Pattern, Patterns, Statement};
use crate::text::{Hole, TemplateString};

/// The statements that deny the code of `function` what only its settings need. What the code itself asks for stays.
pub fn guards(function: &Function, requirements: &[Requirement]) -> Vec<Statement> {
    let settings = function.settings.iter().filter(|setting| setting.certain);
    let found = settings.filter_map(|setting| trigger(&setting.kind)?.guard.as_ref());
    let mut statements: Vec<Statement> = vec![];
    for statement in found.filter_map(|guard| statement(guard, function, requirements)) {
        if !statements.contains(&statement) {
            statements.push(statement);
        }
    }
    statements
}

fn statement(guard: &Guard, function: &Function, requirements: &[Requirement]) -> Option<Statement> {
    let is_asked_for = |action: &str| {
        let mut of_code = requirements.iter().filter(|needed| needed.origin != Origin::Configuration);
        of_code.any(|needed| needed.action.eq_ignore_ascii_case(action))
    };
    let actions = guard.actions.iter().filter(|action| !is_asked_for(action));
    let actions: Vec<TemplateString> = actions.map(|action| action.as_str().into()).collect();
    // A function that the role waits for cannot be named in it: any function's code is meant then.
    let name = function.name.clone().unwrap_or_else(|| "*".into());
    let value = TemplateString::filled(&guard.value, |word| match word {
        "FunctionName" => name.clone(),
        _ => Hole::Unknown.into(),
    });
    (!actions.is_empty()).then(|| Statement {
        sid: Some(guard.sid.as_str().into()),
        effect: Effect::Deny,
        actions: patterns(actions),
        resources: patterns(vec!["*".into()]),
        conditions: vec![Condition {
            operator: guard.operator.as_str().into(),
            key: guard.key.as_str().into(),
            values: vec![value],
        }],
        site: None,
    })
}

fn patterns(texts: Vec<TemplateString>) -> Patterns {
    Patterns { negated: false, list: texts.into_iter().map(|text| Pattern { text, site: None }).collect() }
}
