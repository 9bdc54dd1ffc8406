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

use crate::policy::arn::held_glob;
use crate::policy::lint::Statement;
use crate::text::Glob;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    if lint.policy.kind != Kind::Identity || !lint.policy.statements.iter().any(Statement::allows) {
        return;
    }
    for deny in lint.policy.statements.iter().filter(|statement| statement.denies()) {
        let meets = |allow: &&Statement| may_meet(deny, allow);
        if !lint.policy.statements.iter().filter(|statement| statement.allows()).any(|allow| meets(&allow)) {
            report.add(deny.site, "no statement of the policy allows what this one denies");
        }
    }
}

/// Whether some request may be one of both. Lists of what is left out meet everything.
fn may_meet(deny: &Statement, allow: &Statement) -> bool {
    let lists =
        |list: fn(&Statement) -> Option<&crate::policy::lint::List>| Some((list(deny)?, list(allow)?));
    let meets = |pair: Option<(&crate::policy::lint::List, &crate::policy::lint::List)>,
                 glob: fn(&crate::text::TemplateString) -> Glob| {
        let Some((deny, allow)) = pair else { return true };
        let overlap = |a: &crate::policy::lint::Text| {
            deny.members.iter().any(|d| !glob(&d.text).overlaps(&glob(&a.text)).is_no())
        };
        deny.negated || allow.negated || allow.members.iter().any(overlap)
    };
    meets(lists(|each| each.actions.as_ref()), |text| Glob::held(text).ignoring_case())
        && meets(lists(|each| each.resources.as_ref()), held_glob)
}
