//! A resource is a pattern for everything of its kind.
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    id: "resource-effectively-star",
    severity: Severity::Low,
    title: "A resource is a pattern for everything of its kind",
    why: "It reads like a restriction and is none: every resource of that kind matches.",
    help: "Name the resources.",
    bad: r#"{"Effect": "Allow", "Action": "cloudtrail:PutEventSelectors", "Resource": "arn:*:cloudtrail:*:*:trail/*"}"#,
    good: r#"{"Effect": "Allow", "Action": "cloudtrail:PutEventSelectors", "Resource": "arn:aws:cloudtrail:us-east-1:123456789012:trail/audit"}"#,
    run,
};

use crate::policy::arn::held_glob;
use crate::text::{Glob, SmolStr};

fn run(lint: &Lint<'_>, report: &mut Report<'_>) {
    let sentences = lint.granting().filter(|each| each.statement.tests.is_empty());
    for (sentence, resource) in
        sentences.flat_map(|each| each.statement.on().iter().map(move |resource| (each, resource)))
    {
        let Some(text) = resource.text.as_literal().filter(|text| text.ends_with('*') && *text != "*") else {
            continue;
        };
        let Some(service) = text.split(':').nth(2) else { continue };
        let acted_on = |name: &SmolStr| lint.may_act_on(name, &resource.text);
        let mut listed = sentence.actions().flat_map(|(_, expanded)| expanded).peekable();
        if listed.peek().is_some() && !listed.any(acted_on) {
            continue;
        }
        let held = held_glob(&resource.text);
        // The partition is no restriction: an account is in one.
        let own = |template: &str| template.replace("${Partition}", text.split(':').nth(1).unwrap_or("aws"));
        let is_whole = |template: &str| held.contains(&Glob::resource_type(&own(template))).is_yes();
        if lint.facts.arn_types(service).iter().any(|template| is_whole(template)) {
            report.add(resource.site, format!("`{}` is every resource of its kind", resource.raw));
        }
    }
}
