//! A name ends in a wildcard without a separator.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "name-prefix-wildcard",
    severity: Severity::Note,
    title: "A name ends in a wildcard without a separator",
    why: "`f*` is `f`, and every other name that begins with it: `f2`, `free`.",
    help: "End the name with what separates it from the rest (`/aws/lambda/f:*`), or spell it out.",
    bad: r#"{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f*"}"#,
    good: r#"{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f:*"}"#,
    run,
};

use crate::text::{Piece, TemplateString};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let resources = lint.granting().flat_map(|each| each.statement.on());
    for resource in resources {
        let Some([_, _, service, _, _, name]) = crate::policy::arn::parts(&resource.text) else { continue };
        let before = match name.pieces() {
            [.., Piece::Hole(_), Piece::Text(end)] if end == "*" => Some('x'),
            [.., Piece::Text(end)] => end.strip_suffix('*').and_then(|rest| rest.chars().next_back()),
            _ => None,
        };
        if before.is_some_and(char::is_alphanumeric) && !is_kind(lint, &service, &name) {
            report.add(resource.site, format!("`{name}` also covers other names that begin like it"));
        }
    }
}

/// Whether what stands in front of the wildcard is no name but the kind of resource (`table*`).
fn is_kind(lint: &Lint<'_>, service: &TemplateString, name: &TemplateString) -> bool {
    let (Some(service), Some(name)) = (service.as_literal(), name.as_literal()) else { return false };
    let kind = name.trim_end_matches('*');
    lint.facts.arn_types(service).iter().any(|template| {
        let own = super::texts::template_part(template, 5);
        own.split("${").next().unwrap_or("").starts_with(kind)
    })
}
