//! A resource is neither an ARN nor `*`.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "invalid-arn-prefix",
    severity: Severity::High,
    title: "A resource is neither an ARN nor `*`",
    why: "IAM rejects it.",
    help: "Write the whole ARN.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "b/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

use crate::text::Piece;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for resource in lint.resources() {
        // Text that begins with a reference may be a whole ARN.
        let Some(Piece::Text(start)) = resource.text.pieces().first() else { continue };
        let is_arn = start.starts_with("arn:") || start.starts_with("arn*") || start.starts_with("arn?");
        if lint.is_short(&resource.raw) {
            continue;
        }
        if !is_arn && !is_everything(&resource.raw) && !resource.raw.is_empty() {
            report.add(resource.site, format!("`{}` is neither an ARN nor `*`", resource.raw));
        }
    }
}
