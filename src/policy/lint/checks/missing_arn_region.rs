//! An ARN lacks its region.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "missing-arn-region",
    severity: Severity::High,
    title: "An ARN lacks its region",
    why: "The ARNs of such resources have a region: without one the pattern matches nothing.",
    help: "Write the region, or `*`.",
    bad: r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs::123456789012:q"}"#,
    good: r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:123456789012:q"}"#,
    run,
};

use super::texts::template_part;

/// The place of the region in an ARN.
const PLACE: usize = 3;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (resource, [_, service, region, _, name]) in lint.arns() {
        let types = lint.types_of(&service, &name);
        let have_one = types.iter().all(|template| !template_part(template, PLACE).is_empty());
        if region.is_empty() && !types.is_empty() && have_one {
            report.add(resource.site, format!("`{}` lacks its region", resource.raw));
        }
    }
}
