//! The service has no such kind of resource.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "invalid-arn-resource",
    severity: Severity::High,
    title: "The service has no such kind of resource",
    why: "No ARN of the service has this form: the pattern matches nothing.",
    help: "Correct the kind of resource behind the account (`table/…`).",
    bad: r#"{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:us-east-1:123456789012:tables/t"}"#,
    good: r#"{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "arn:aws:dynamodb:us-east-1:123456789012:table/t"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (resource, [_, service, _, _, name]) in lint.arns() {
        let Some(known) = service.as_literal() else { continue };
        let open = lint.facts.open_arn_types();
        let is_open = open.iter().any(|template| lint.may_be(template, &name));
        let is_known = !lint.facts.arn_types(known).is_empty();
        if is_known && !is_open && lint.types_of(&service, &name).is_empty() {
            report.add(resource.site, format!("`{known}` has no kind of resource `{name}`"));
        }
    }
}
