//! A policy variable is no condition key.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "variable-unknown-key",
    severity: Severity::High,
    title: "A policy variable is no condition key",
    why: "It is never replaced. Often it is a reference of a template (`${AWS::AccountId}`) that nobody replaced.",
    help: "Replace it before the policy is attached, or use a condition key.",
    bad: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${AWS::AccountId}/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:PrincipalAccount}/*"}"#,
    run,
};

use super::variables::{keys, places};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    for text in places(lint) {
        for key in keys(text) {
            let key = key.split(',').next().unwrap_or(&key).trim();
            if !key.is_empty() && !is_key(lint, key) {
                report.add(text.site, format!("`{key}` is no condition key"));
            }
        }
    }
}

/// Whether a variable may be of that name. Keys of services and of providers of identities are many; those that are
/// not of the form are none.
fn is_key(lint: &Lint<'_>, key: &str) -> bool {
    if matches!(key, "*" | "?" | "$") {
        return true;
    }
    match key.split_once(':') {
        Some((service, name)) if service.eq_ignore_ascii_case("aws") => {
            !name.starts_with(':') && lint.facts.is_global_key(key)
        }
        Some((service, name)) => {
            !name.starts_with(':')
                && (service.contains('.') || lint.facts.is_service(service) || lint.key_type(key).is_some())
        }
        None => false,
    }
}
