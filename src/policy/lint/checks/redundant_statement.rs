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

use super::super::{List, Statement, Test};
use super::texts::{Pattern, patterns};
use crate::text::TemplateString;

/// A statement with its lists as patterns.
struct Sides<'a> {
    statement: &'a Statement,
    actions: Vec<Pattern>,
    resources: Vec<Pattern>,
}

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let list = |list: &Option<List>, pattern: fn(&TemplateString) -> Pattern| {
        list.as_ref().map(|list| patterns(list, pattern)).unwrap_or_default()
    };
    let statements: Vec<Sides<'_>> = lint
        .policy
        .statements
        .iter()
        .map(|statement| Sides {
            statement,
            actions: list(&statement.actions, Pattern::action),
            resources: list(&statement.resources, Pattern::resource),
        })
        .collect();
    for (index, inner) in statements.iter().enumerate() {
        let includes = |(other_index, outer): (usize, &Sides<'_>)| {
            // Of two that include each other the first stays.
            other_index != index && outer.includes(inner) && (other_index < index || !inner.includes(outer))
        };
        if let Some((place, _)) = statements.iter().enumerate().find(|outer| includes(*outer)) {
            let number = place + 1;
            let message = format!("statement {number} of the document says all that this one says");
            report.add(inner.statement.site, message);
        }
    }
}

impl Sides<'_> {
    /// Whether all that the other statement says is said by this one.
    fn includes(&self, inner: &Self) -> bool {
        let (own, other) = (self.statement, inner.statement);
        let has_effect = (own.allows() && other.allows()) || (own.denies() && other.denies());
        let has_names = |statement: &Statement| statement.has("Principal") || statement.has("NotPrincipal");
        let tested = own.tests.iter().all(|test| other.tests.iter().any(|each| is_same(test, each)));
        has_effect
            && tested
            && !has_names(own)
            && !has_names(other)
            && covers(own.actions.as_ref(), &self.actions, other.actions.as_ref(), &inner.actions)
            && covers(own.resources.as_ref(), &self.resources, other.resources.as_ref(), &inner.resources)
    }
}

fn is_same(test: &Test, other: &Test) -> bool {
    let values = |test: &Test| test.values.iter().map(|value| value.raw.clone()).collect::<Vec<_>>();
    test.spelled == other.spelled && test.key == other.key && values(test) == values(other)
}

/// Whether a list covers another. Lists of what is left out must be the same.
fn covers(outer: Option<&List>, own: &[Pattern], inner: Option<&List>, other: &[Pattern]) -> bool {
    let (Some(outer), Some(inner)) = (outer, inner) else { return false };
    if outer.negated || inner.negated {
        let texts = |list: &List| list.members.iter().map(|text| text.raw.clone()).collect::<Vec<_>>();
        return outer.negated == inner.negated && texts(outer) == texts(inner);
    }
    !other.is_empty() && other.iter().all(|inner| own.iter().any(|outer| outer.includes(inner)))
}
