//! A pattern stands for no action.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "action-matches-nothing",
    severity: Severity::High,
    title: "A pattern stands for no action",
    why: "There is no action of that form, so that the pattern allows nothing.",
    help: "Correct the pattern.",
    bad: r#"{"Effect": "Allow", "Action": "s3:Fetch*", "Resource": "*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject*", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (action, expanded) in
        lint.statements.iter().flat_map(|each| each.statement.all_actions().iter().zip(&each.expanded))
    {
        let Some(text) = action.raw.as_literal() else { continue };
        let Some((service, name)) = text.split_once(':') else { continue };
        let is_pattern = text.contains(['*', '?']) && !text.contains('$') && !name.contains(':');
        let is_known = service.contains(['*', '?']) || lint.facts.is_service(service);
        if is_pattern && is_known && expanded.is_empty() {
            report.add(action.site, format!("no action is of the form `{text}`"));
        }
    }
}
