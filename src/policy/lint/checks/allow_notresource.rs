//! Every resource but some is allowed.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "allow-notresource",
    severity: Severity::Medium,
    title: "Every resource but some is allowed",
    why: "A list of what is left out grows stale: new resources come in by themselves.",
    help: "Name what is allowed in `Resource`.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::b/secret/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for sentence in lint.granting() {
        if let Some(resources) = sentence.statement.resources.as_ref().filter(|list| list.negated) {
            report.add(resources.site, "the statement allows every resource but those listed");
        }
    }
}
