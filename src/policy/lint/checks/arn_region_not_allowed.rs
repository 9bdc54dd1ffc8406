//! An ARN names a region where the service has none.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "arn-region-not-allowed",
    severity: Severity::High,
    title: "An ARN names a region where the service has none",
    why: "The names of such resources are unique in all of AWS, and their ARNs have no region: the pattern matches nothing.",
    help: "Leave the region empty.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:us-east-1::b/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

use super::texts::template_part;

/// The place of the region in an ARN.
const PLACE: usize = 3;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (resource, [_, service, region, account, name]) in lint.arns() {
        let own = &region;
        let _ = &account;
        let Some(known) = own.as_literal().filter(|text| !text.is_empty() && !text.contains(['*', '?']))
        else {
            continue;
        };
        let types = lint.types_of(&service, &name);
        if !types.is_empty() && types.iter().all(|template| template_part(template, PLACE).is_empty()) {
            report
                .add(resource.site, format!("ARNs of such resources have no region, this one has `{known}`"));
        }
    }
}
