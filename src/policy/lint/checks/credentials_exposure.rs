//! Credentials are handed out.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "credentials-exposure",
    severity: Severity::Medium,
    title: "Credentials are handed out",
    why: "Who gets them acts with them elsewhere and later.",
    help: "Leave the action out, or name the resources.",
    bad: r#"{"Effect": "Allow", "Action": "sts:GetFederationToken", "Resource": "*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let credentials = &lint.facts.iam().credentials;
    let exposes = |name: &&crate::text::SmolStr| credentials.actions.binary_search(name).is_ok();
    for sentence in lint.granting_a_part() {
        let everything = sentence.statement.everything().is_some() && sentence.statement.tests.is_empty();
        for (action, expanded) in sentence.actions() {
            let found: Vec<&crate::text::SmolStr> = expanded.iter().filter(exposes).collect();
            // Where nothing narrower could be written, `*` says nothing.
            let is_wide = |name: &&crate::text::SmolStr| {
                let takes_one = lint.facts.resource_types(name).is_some_and(|types| !types.is_empty());
                everything && (takes_one || credentials.ordinary.binary_search(name).is_err())
            };
            let severity = if found.iter().any(is_wide) { Severity::Medium } else { Severity::Note };
            let names: Vec<String> = found.iter().map(|name| format!("`{name}`")).collect();
            let (shown, more) = super::texts::first(&names);
            if !names.is_empty() {
                report.add_as(severity, action.site, format!("{shown}{more} hands out credentials"));
            }
        }
    }
}
