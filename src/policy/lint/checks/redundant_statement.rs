//! A statement is included in another one.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "redundant-statement",
    severity: Severity::Note,
    title: "A statement is included in another one",
    why: "It changes nothing.",
    help: "Remove it, or narrow the other one.",
    bad: r#"[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/x/*"}]"#,
    good: r#"[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}, {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*"}]"#,
    run,
};

use super::super::Statement;
use crate::policy::arn::held_glob;
use crate::text::{Glob, TemplateString};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let statements = &lint.policy.statements;
    for (index, inner) in statements.iter().enumerate() {
        let includes = |(other_index, outer): (usize, &Statement)| {
            // Of two that include each other the first stays.
            other_index != index && includes(outer, inner) && (other_index < index || !includes(inner, outer))
        };
        if let Some((place, _)) = statements.iter().enumerate().find(|outer| includes(*outer)) {
            let number = place + 1;
            report.add(inner.site, format!("statement {number} of the document says all that this one says"));
        }
    }
}

/// Whether all that one statement says is said by the other. Lists of what is left out must be the same.
fn includes(outer: &Statement, inner: &Statement) -> bool {
    let has_effect = (inner.allows() && outer.allows()) || (inner.denies() && outer.denies());
    let has_names = |statement: &Statement| statement.has("Principal") || statement.has("NotPrincipal");
    has_effect
        && !has_names(outer)
        && !has_names(inner)
        && covers(outer, inner, |each| each.actions.as_ref(), |text| Glob::held(text).ignoring_case())
        && covers(outer, inner, |each| each.resources.as_ref(), held_glob)
        && outer.tests.iter().all(|test| {
            inner.tests.iter().any(|own| {
                let texts = |test: &super::super::Test| {
                    test.values.iter().map(|value| value.raw.clone()).collect::<Vec<_>>()
                };
                own.spelled == test.spelled && own.key == test.key && texts(own) == texts(test)
            })
        })
}

fn covers(
    outer: &Statement,
    inner: &Statement,
    list: fn(&Statement) -> Option<&super::super::List>,
    glob: fn(&TemplateString) -> Glob,
) -> bool {
    let (Some(outer), Some(inner)) = (list(outer), list(inner)) else { return false };
    if outer.negated || inner.negated {
        let texts =
            |list: &super::super::List| list.members.iter().map(|text| text.raw.clone()).collect::<Vec<_>>();
        return outer.negated == inner.negated && texts(outer) == texts(inner);
    }
    let outer: Vec<Glob> = outer.members.iter().map(|text| glob(&text.text)).collect();
    let is_covered = |text: &super::super::Text| {
        let inner = glob(&text.text);
        outer.iter().any(|outer| outer.contains(&inner).is_yes())
    };
    !inner.members.is_empty() && inner.members.iter().all(is_covered)
}
