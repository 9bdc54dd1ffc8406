//! What is decided about a case: the statements of its policies, and the rows of its difference.
//!
//! ```text
//! S3List Allow s3:ListBucket on arn:…:s3:::files if s3:prefix StringEquals in/           policy
//! excess medium s3:* but s3:GetObject on arn:…:s3:::files/* by template.yaml:12 Files   difference
//! ```

use leastwise::decide::{Difference, Row, Synthesis};
use leastwise::policy::{Condition, Effect, Patterns, Statement};
use leastwise::text::{Sources, TemplateString};

/// The statements of the policies, in order.
pub(crate) fn policy(synthesis: &Synthesis) -> Vec<String> {
    let statements = synthesis.policies.iter().flat_map(|policy| &policy.document.statements);
    let warnings = synthesis.warnings.iter().map(|warning| format!("warning {warning}"));
    statements.map(statement).chain(warnings).collect()
}

fn statement(statement: &Statement) -> String {
    let sid = statement.sid.as_deref().unwrap_or("-");
    let effect = match statement.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    let conditions: String = statement.conditions.iter().map(condition).collect();
    format!("{sid} {effect} {} on {}{conditions}", list(&statement.actions), list(&statement.resources))
}

fn list(patterns: &Patterns) -> String {
    let texts: Vec<String> = patterns.list.iter().map(|pattern| short(&pattern.text)).collect();
    format!("{}{}", if patterns.negated { "all but " } else { "" }, texts.join(" "))
}

/// A condition, as it stands behind what it is about.
pub(crate) fn condition(condition: &Condition) -> String {
    let values: Vec<String> = condition.values.iter().map(ToString::to_string).collect();
    format!(" if {} {} {}", condition.key, condition.operator, values.join("|"))
}

/// A text with what every ARN has left out.
pub(crate) fn short(text: &TemplateString) -> String {
    let text = text.to_string();
    text.replace("arn:${AWS::Partition}", "arn:…").replace(":${AWS::Region}:${AWS::AccountId}:", ":…:")
}

/// The rows, those that are missing first.
pub(crate) fn difference(difference: &Difference, sources: &Sources) -> Vec<String> {
    let sides =
        [("missing", &difference.missing), ("excess", &difference.excess), ("wide", &difference.too_wide)];
    let rows = |(side, rows): (&str, &Vec<Row>)| {
        rows.iter().map(|each| format!("{side} {}", row(each, sources))).collect::<Vec<_>>()
    };
    sides.into_iter().flat_map(rows).collect()
}

fn row(row: &Row, sources: &Sources) -> String {
    let except: Vec<String> = row.except.iter().map(|action| format!(" but {action}")).collect();
    let resources: Vec<String> = row.resources.iter().map(|resource| short(&resource.arn)).collect();
    let held = row.held_by.as_ref().map_or_else(String::new, |held| {
        let place = held.site.map_or_else(String::new, |site| {
            format!(" {}:{}", sources.path(site.file), sources.position(site).line)
        });
        format!(" by{place} {}", held.sid.as_deref().unwrap_or(&held.policy))
    });
    format!(
        "{} {}{} on {}{held}: {}",
        row.severity.name(),
        row.action,
        except.concat(),
        resources.join(" "),
        row.message
    )
}
