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

use crate::policy::{Escalation, Grants};

/// The id of the check.
pub(in super::super) const ID: &str = CHECK.id;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    if lint.policy.kind != Kind::Identity {
        return;
    }
    let grants = Grants::new([&lint.policy.document]);
    for held in lint.facts.escalations().held(&grants) {
        self::report(&held, &grants, report);
    }
}

/// Adds the finding of a combination, at the statement that allows the first of its actions.
pub(in super::super) fn report(held: &Escalation<'_>, grants: &Grants<'_>, report: &mut Report<'_>) {
    let allows = |action: &str| grants.allowing().find(|grant| grant.has_action(action).is_yes());
    let Some(site) = held.path.actions.iter().find_map(|action| allows(action)?.statement.site) else {
        return;
    };
    let actions: Vec<String> = held.path.actions.iter().map(|action| format!("`{action}`")).collect();
    let message = format!("with {} {} ({})", actions.join(", "), held.effect, held.path.id);
    report.add_as(held.severity, site, message);
}
