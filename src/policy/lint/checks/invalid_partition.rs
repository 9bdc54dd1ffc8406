//! An ARN has a partition that does not exist.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "invalid-partition",
    severity: Severity::High,
    title: "An ARN has a partition that does not exist",
    why: "The pattern matches nothing.",
    help: "Write `aws`, or the partition that the account is in.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:awz:s3:::b/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (resource, [partition, ..]) in lint.arns() {
        let Some(known) = partition.as_literal().filter(|text| !text.contains(['*', '?'])) else { continue };
        if !lint.facts.iam().partitions.iter().any(|other| other == known) {
            report.add(resource.site, format!("there is no partition `{known}`"));
        }
    }
}
