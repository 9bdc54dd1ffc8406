//! A value of a condition is included in another one.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "redundant-condition-value",
    severity: Severity::Note,
    title: "A value of a condition is included in another one",
    why: "It changes nothing.",
    help: "Remove it.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringLike": {"s3:prefix": ["home/*", "home/x"]}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringLike": {"s3:prefix": ["home/*", "lib/*"]}}}"#,
    run,
};

use super::values::includes;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for test in lint.tests() {
        let Some(operator) = test.operator else { continue };
        for (index, inner) in test.values.iter().enumerate() {
            let outer = test.values.iter().enumerate().find(|(other, outer)| {
                *other != index
                    && includes(operator, &outer.text, &inner.text)
                    && (*other < index || !includes(operator, &inner.text, &outer.text))
            });
            if let Some((_, outer)) = outer {
                report.add(inner.site, format!("`{}` includes `{}`", outer.raw, inner.raw));
            }
        }
    }
}
