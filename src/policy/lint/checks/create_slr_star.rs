//! Roles of any service may be created.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "create-slr-star",
    severity: Severity::Low,
    title: "Roles of any service may be created",
    why: "The action creates the role that a service acts with; on `*` it creates that of every service.",
    help: "Name the service: a condition on `iam:AWSServiceName`.",
    bad: r#"{"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*"}"#,
    good: r#"{"Effect": "Allow", "Action": "iam:CreateServiceLinkedRole", "Resource": "*", "Condition": {"StringEquals": {"iam:AWSServiceName": "ecs.amazonaws.com"}}}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let role = &lint.facts.iam().service_role;
    for sentence in lint.granting_a_part().filter(|each| !each.statement.tests_key(&role.key)) {
        let Some(action) = sentence.action(&role.action) else { continue };
        if sentence.statement.everything().is_some() {
            report.add(action.site, format!("`{}` allows `{}` for any service", action.raw, role.action));
        }
    }
}
