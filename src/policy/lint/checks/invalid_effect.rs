//! An `Effect` is neither `Allow` nor `Deny`.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "invalid-effect",
    severity: Severity::High,
    title: "An `Effect` is neither `Allow` nor `Deny`",
    why: "IAM rejects the document; the two words are spelled with a capital letter.",
    help: "Write `Allow` or `Deny`.",
    bad: r#"{"Effect": "allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for statement in lint.policy.statements.iter().filter(|each| !each.allows() && !each.denies()) {
        if let Some(effect) = &statement.effect
            && let Some(text) = effect.raw.as_literal()
        {
            report.add(effect.site, format!("`{text}` is neither `Allow` nor `Deny`"));
        }
    }
}
