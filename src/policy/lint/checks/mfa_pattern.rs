//! A condition on the second factor does not do what it seems to.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "mfa-pattern",
    severity: Severity::Medium,
    title: "A condition on the second factor does not do what it seems to",
    why: "The key is absent from requests with long-lived credentials. A statement that allows where it is `false` allows exactly without a second factor; one that denies where it is `false` does not deny where it is absent.",
    help: r#"Allow with `"Bool": {"aws:MultiFactorAuthPresent": "true"}`; deny with `BoolIfExists` and `false`."#,
    bad: r#"{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}"#,
    run,
};

use crate::policy::condition::Comparison;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let key = &lint.facts.iam().second_factor_key;
    for statement in &lint.policy.statements {
        for test in statement.tests.iter().filter(|test| test.key.eq_ignore_ascii_case(key)) {
            let Some(operator) = test.operator.filter(|each| each.comparison == Comparison::Flag) else {
                continue;
            };
            let is_false = |value: &crate::policy::lint::Text| {
                value.raw.as_literal().is_some_and(|text| text.eq_ignore_ascii_case("false"))
            };
            if !test.values.iter().all(is_false) || test.values.is_empty() {
                continue;
            }
            if statement.allows() {
                report.add(test.site, "the statement allows only without a second factor");
            } else if statement.denies() && !operator.if_exists {
                report.add(test.site, format!("the statement does not deny where `{key}` is absent"));
            }
        }
    }
}
