//! A policy variable has no end.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "variable-missing-brace",
    severity: Severity::High,
    title: "A policy variable has no end",
    why: "IAM rejects the document.",
    help: "Write the `}`; where `${` itself is meant, write `${$}{`.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:username}/*"}"#,
    run,
};

use super::variables::places;
use crate::text::Piece;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for text in places(lint) {
        let known = text.text.pieces().iter().filter_map(|piece| match piece {
            Piece::Text(known) => Some(known),
            Piece::Hole(_) => None,
        });
        if known.into_iter().any(|known| known.contains("${")) {
            report.add(text.site, format!("`{}` begins a variable and does not end it", text.raw));
        }
    }
}
