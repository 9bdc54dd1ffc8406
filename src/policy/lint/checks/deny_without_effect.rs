//! A statement denies what no statement of the policy allows.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "deny-without-effect",
    severity: Severity::Note,
    title: "A statement denies what no statement of the policy allows",
    why: "In this policy alone it changes nothing. It is a guard where the role has other policies.",
    help: "Remove it, or keep it as a guard.",
    bad: r#"[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}, {"Effect": "Deny", "Action": "ec2:TerminateInstances", "Resource": "*"}]"#,
    good: r#"[{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}, {"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"}]"#,
    run,
};

use super::super::{List, Statement};
use super::texts::{Pattern, patterns};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    if lint.policy.kind != Kind::Identity || !lint.policy.statements.iter().any(Statement::allows) {
        return;
    }
    for deny in lint.policy.statements.iter().filter(|statement| statement.denies()) {
        let mut allowing = lint.policy.statements.iter().filter(|statement| statement.allows());
        if !allowing.any(|allow| may_meet(deny, allow)) {
            report.add(deny.site, "no statement of the policy allows what this one denies");
        }
    }
}

/// Whether some request may be one of both.
fn may_meet(deny: &Statement, allow: &Statement) -> bool {
    lists_meet(deny.actions.as_ref(), allow.actions.as_ref(), Pattern::action)
        && lists_meet(deny.resources.as_ref(), allow.resources.as_ref(), Pattern::resource)
}

/// Lists of what is left out meet everything.
fn lists_meet(
    deny: Option<&List>,
    allow: Option<&List>,
    pattern: fn(&crate::text::TemplateString) -> Pattern,
) -> bool {
    let (Some(deny), Some(allow)) = (deny, allow) else { return true };
    if deny.negated || allow.negated {
        return true;
    }
    let denied = patterns(deny, pattern);
    patterns(allow, pattern).iter().any(|allow| denied.iter().any(|deny| deny.may_meet(allow)))
}
