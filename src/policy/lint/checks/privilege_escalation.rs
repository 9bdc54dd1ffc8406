//! Together, the actions let the role become more than it is.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "privilege-escalation",
    severity: Severity::Medium,
    title: "Together, the actions let the role become more than it is",
    why: "Whoever holds the role can reach permissions that it does not have.",
    help: "Take one of the actions out, or narrow it to resources and services that are needed.",
    bad: r#"{"Effect": "Allow", "Action": ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], "Resource": "*"}"#,
    good: r#"{"Effect": "Allow", "Action": ["lambda:CreateFunction", "lambda:InvokeFunction"], "Resource": "*"}"#,
    run,
};

use crate::policy::{Escalation, Grants, Ways};

/// The id of the check.
pub(in super::super) const ID: &str = CHECK.id;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    if lint.policy.kind != Kind::Identity {
        return;
    }
    let grants = Grants::new([&lint.policy.document]);
    self::report(&lint.facts.escalations().held(&grants), &grants, report);
}

/// Adds one finding for each statement on which combinations turn.
pub(in super::super) fn report(held: &[Escalation<'_>], grants: &Grants<'_>, report: &mut Report<'_>) {
    for ways in Ways::by_statement(held, grants) {
        report.add_as(ways.severity(), ways.site, ways.message());
    }
}
