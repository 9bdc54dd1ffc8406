//! An element is not part of the policy language.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "invalid-policy-element",
    severity: Severity::High,
    title: "An element is not part of the policy language",
    why: "IAM rejects the document.",
    help: "Correct the name, or remove the element.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Resources": "x"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}"#,
    run,
};

const DOCUMENT: &[&str] = &["Id", "Statement", "Version"];
const STATEMENT: &[&str] = &[
    "Action",
    "Condition",
    "Effect",
    "NotAction",
    "NotPrincipal",
    "NotResource",
    "Principal",
    "Resource",
    "Sid",
];

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let of_document =
        lint.policy.elements.iter().filter(|element| !DOCUMENT.contains(&element.name.as_str()));
    let of_statements = lint.policy.statements.iter().flat_map(|statement| &statement.elements);
    let of_statements = of_statements.filter(|element| !STATEMENT.contains(&element.name.as_str()));
    for element in of_document.chain(of_statements) {
        report.add(element.site, format!("`{}` is no element of the policy language", element.name));
    }
}
