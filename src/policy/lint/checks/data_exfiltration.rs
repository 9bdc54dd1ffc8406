//! Data of the whole account can be read.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "data-exfiltration",
    severity: Severity::Medium,
    title: "Data of the whole account can be read",
    why: "The action hands out the data itself, and it is allowed on everything.",
    help: "Name the resources.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

use super::risks::on_everything;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (action, message) in on_everything(lint, |name| lint.facts.exfiltrates(name)) {
        report.add(action.site, message);
    }
}
