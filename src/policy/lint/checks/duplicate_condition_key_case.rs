//! A condition key stands twice under one operator.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "duplicate-condition-key-case",
    severity: Severity::High,
    title: "A condition key stands twice under one operator",
    why: "The case of keys does not count: IAM rejects the document.",
    help: "Join the values in one list.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1", "AWS:principalorgid": "o-2"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-1", "o-2"]}}}"#,
    run,
};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for statement in &lint.policy.statements {
        for (index, test) in statement.tests.iter().enumerate() {
            let is_known = statement.tests.iter().take(index).any(|other| {
                other.spelled.eq_ignore_ascii_case(&test.spelled) && other.key.eq_ignore_ascii_case(&test.key)
            });
            if is_known {
                report.add(test.site, format!("`{}` stands twice under `{}`", test.key, test.spelled));
            }
        }
    }
}
