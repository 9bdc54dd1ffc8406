//! A pattern covers names that others may take.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "bucket-name-wildcard",
    severity: Severity::Medium,
    title: "A pattern covers names that others may take",
    why: "The names of such resources are shared by all accounts, and anybody may create one that begins like yours: `app*` is also `app-of-somebody-else`.",
    help: "End the name before the wildcard: `arn:aws:s3:::app/*`. Or add a condition on `aws:ResourceAccount`.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::app*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::app/*"}"#,
    run,
};

use super::texts::template_part;

/// The key that says whose the resource is.
const OWNER: [&str; 3] = ["aws:ResourceAccount", "aws:ResourceOrgID", "s3:ResourceAccount"];

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let is_open =
        |statement: &&crate::policy::lint::Statement| !OWNER.iter().any(|key| statement.tests_key(key));
    let statements = lint.granting().map(|each| each.statement).filter(is_open);
    for resource in statements.flat_map(crate::policy::lint::Statement::on) {
        let Some([_, _, service, _, _, name]) = crate::policy::arn::parts(&resource.text) else { continue };
        // Names without account and region, with nothing in front of them, are those of all accounts.
        let is_shared = |template: &crate::text::SmolStr| {
            let part = |place| template_part(template, place);
            part(3).is_empty() && part(4).is_empty() && part(5).starts_with("${")
        };
        let types = lint.types_of(&service, &name);
        if types.is_empty() || !types.iter().all(is_shared) {
            continue;
        }
        let first = name.split('/').into_iter().next().unwrap_or_default();
        if has_wildcard(&first) && !is_everything(&first) {
            report.add(resource.site, format!("`{first}` also covers names that other accounts may take"));
        }
    }
}
