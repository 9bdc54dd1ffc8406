//! Two statements have the same `Sid`.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "duplicate-sid",
    severity: Severity::High,
    title: "Two statements have the same `Sid`",
    why: "IAM rejects the document.",
    help: "Give each statement a `Sid` of its own, or none.",
    bad: r#"[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Sid": "A"}, {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*", "Sid": "A"}]"#,
    good: r#"[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Sid": "A"}, {"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/*", "Sid": "B"}]"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let sids: Vec<_> = lint.policy.statements.iter().filter_map(|statement| statement.sid.as_ref()).collect();
    for (index, sid) in sids.iter().enumerate() {
        let is_known = sids.iter().take(index).any(|other| other.raw == sid.raw);
        if is_known && !sid.raw.is_empty() {
            report.add(sid.site, format!("another statement has the `Sid` `{}` too", sid.raw));
        }
    }
}
