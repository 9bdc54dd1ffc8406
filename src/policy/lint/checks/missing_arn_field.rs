//! An ARN has too few parts.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "missing-arn-field",
    severity: Severity::High,
    title: "An ARN has too few parts",
    why: "An ARN has six parts between colons. IAM rejects a shorter one that does not end in `*`.",
    help: "Write all parts; a part may be empty.",
    bad: r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:q"}"#,
    good: r#"{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:123456789012:q"}"#,
    run,
};

use crate::text::Piece;

/// The parts of an ARN.
const PARTS: usize = 6;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for resource in lint.resources() {
        let text = &resource.text;
        // What a reference holds may have parts of its own.
        let ends_open = match text.pieces().last() {
            Some(Piece::Text(end)) => end.ends_with('*'),
            _ => true,
        };
        if text.starts_with("arn:") && !ends_open && text.split(':').len() < PARTS {
            report.add(resource.site, format!("`{}` has fewer than six parts", resource.raw));
        }
    }
}
