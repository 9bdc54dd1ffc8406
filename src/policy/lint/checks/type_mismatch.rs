//! The operator does not fit the kind of its key.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "type-mismatch",
    severity: Severity::Low,
    title: "The operator does not fit the kind of its key",
    why: "The values are compared as what they are not, so that the test does not do what it says.",
    help: "Use an operator of the key's kind.",
    bad: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"NumericEquals": {"s3:prefix": "home/x"}}}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b", "Condition": {"StringEquals": {"s3:prefix": "home/x"}}}"#,
    run,
};

use crate::catalog::Holds;
use crate::policy::condition::Comparison;

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for test in lint.tests() {
        let (Some(operator), Some(kind)) = (test.operator, lint.key_type(&test.key)) else { continue };
        if !fits(operator.comparison, kind.holds) {
            let what = name(kind.holds);
            report.add(
                test.operator_site,
                format!("`{}` holds {what}, `{}` compares something else", test.key, test.spelled),
            );
        }
    }
}

/// Whether values of that kind can be compared so. Text may hold anything, and an ARN or a flag is text too.
fn fits(comparison: Comparison, holds: Holds) -> bool {
    match comparison {
        Comparison::Null => true,
        Comparison::Text | Comparison::TextIgnoringCase | Comparison::Like => {
            matches!(holds, Holds::Text | Holds::Arn | Holds::Flag)
        }
        Comparison::Arn => matches!(holds, Holds::Arn | Holds::Text),
        Comparison::Flag => matches!(holds, Holds::Flag | Holds::Text),
        // Dates may be written as seconds.
        Comparison::Number(_) => matches!(holds, Holds::Number | Holds::Date),
        Comparison::Date(_) => matches!(holds, Holds::Date),
        Comparison::Address => matches!(holds, Holds::Address),
    }
}

const fn name(holds: Holds) -> &'static str {
    match holds {
        Holds::Text => "text",
        Holds::Arn => "an ARN",
        Holds::Flag => "a flag",
        Holds::Number => "a number",
        Holds::Date => "a date",
        Holds::Address => "an address",
    }
}
