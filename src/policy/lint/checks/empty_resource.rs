//! The list of resources is empty.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "empty-resource",
    severity: Severity::Note,
    title: "The list of resources is empty",
    why: "The statement says nothing.",
    help: "Add a resource, or remove the statement.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": []}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let has_problem = |site: crate::text::Site| {
        lint.policy.wrong_types.iter().any(|problem| problem.site.span.start >= site.span.start)
    };
    let lists = lint.policy.statements.iter().filter_map(|statement| statement.resources.as_ref());
    for list in lists.filter(|list| list.members.is_empty() && !has_problem(list.site)) {
        report.add(list.site, "the list of resources is empty");
    }
}
