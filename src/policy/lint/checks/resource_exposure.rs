//! Access to everything can be handed on.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "resource-exposure",
    severity: Severity::Medium,
    title: "Access to everything can be handed on",
    why: "The action changes who may reach a resource, and it is allowed on everything.",
    help: "Name the resources, or leave the action out.",
    bad: r#"{"Effect": "Allow", "Action": "s3:PutBucketPolicy", "Resource": "*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:PutBucketPolicy", "Resource": "arn:aws:s3:::b"}"#,
    run,
};

use super::risks::on_everything;
use crate::policy::Access;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let hands_on = |name: &str| {
        let takes_one = lint.facts.resource_types(name).is_some_and(|types| !types.is_empty());
        takes_one && lint.facts.access(name) == Some(Access::Permissions)
    };
    for (action, message) in on_everything(lint, hands_on) {
        report.add(action.site, message);
    }
}
