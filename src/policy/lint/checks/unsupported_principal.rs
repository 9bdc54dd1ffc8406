//! A principal stands in a policy that has none.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "unsupported-principal",
    severity: Severity::High,
    title: "A principal stands in a policy that has none",
    why: "The policy of a role, user or group, and a service control policy, says nothing of principals; IAM rejects one that does. A document in which every statement has a principal is taken for a resource policy, unless `--kind` says what it is.",
    help: "Remove it. Where the document is a resource policy, say `--kind resource`.",
    bad: r#"[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Principal": "*"}, {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b"}]"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    if !matches!(lint.policy.kind, Kind::Identity | Kind::ServiceControl) {
        return;
    }
    let elements = lint.policy.statements.iter().flat_map(|statement| &statement.elements);
    for element in elements.filter(|element| matches!(element.name.as_str(), "Principal" | "NotPrincipal")) {
        let kind = lint.policy.kind.name();
        report.add(element.site, format!("`{}` does not belong into an {kind}", element.name));
    }
}
