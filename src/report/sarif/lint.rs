//! `lint` as SARIF: the rules are the checks.

use super::model::{
    ArtifactLocation, Descriptor, DescriptorProperties, Fingerprints, Help, Location, Message, Output,
    PhysicalLocation, Properties, Region,
};
use super::{level, log};
use crate::policy::Severity;
use crate::policy::lint::{CHECKS, Check};
use crate::report::fingerprint::fingerprint;
use crate::report::{Context, Issue, Linted, escape};

/// The answer of `lint`.
pub(super) fn lint(context: &Context<'_>, linted: &Linted<'_>) -> String {
    let rules = CHECKS.iter().map(|check| descriptor(check)).collect();
    let mut outputs: Vec<Output> = vec![];
    for issue in linted.issues {
        let first = fingerprint(&[issue.rule, &issue.file, &issue.message]);
        let times =
            outputs.iter().filter(|other| other.partial_fingerprints.first.starts_with(&first)).count();
        let first = if times == 0 { first } else { format!("{first}:{}", times + 1) };
        outputs.push(output(issue, first));
    }
    log(context, rules, outputs)
}

fn output(issue: &Issue, first: String) -> Output {
    Output {
        rule_id: issue.rule,
        rule_index: CHECKS.iter().position(|check| check.id == issue.rule),
        level: level(issue.severity),
        message: Message { text: escape::sarif(&issue.message) },
        locations: vec![location(issue)],
        related_locations: vec![],
        partial_fingerprints: Fingerprints { first },
        properties: Properties { severity: issue.severity.name(), function: None },
    }
}

fn location(issue: &Issue) -> Location {
    Location {
        id: None,
        physical: PhysicalLocation {
            artifact_location: ArtifactLocation {
                uri: escape::uri_path(&issue.file),
                uri_base_id: "%SRCROOT%",
            },
            region: Region {
                start_line: issue.start.line,
                start_column: issue.start.column,
                end_line: issue.end.line,
                end_column: issue.end.column,
            },
        },
        message: None,
    }
}

fn descriptor(check: &Check) -> Descriptor {
    let message = |text: &str| Message { text: text.to_owned() };
    Descriptor {
        id: check.id,
        short_description: message(check.title),
        full_description: message(check.why),
        help: Help {
            text: format!("{} {}", check.why, check.help).replace('`', ""),
            markdown: format!("{}\n\n{}", check.why, check.help),
        },
        properties: DescriptorProperties {
            tags: &["security", "iam"],
            security_severity: score(check.severity),
        },
    }
}

/// How much a check matters as a security finding. What IAM rejects, and style, is none.
const fn score(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.0"),
        Severity::Medium => Some("6.0"),
        Severity::High | Severity::Low | Severity::Note => None,
    }
}
