//! A policy of which only the meaning is at hand → a policy as the checks see it.

use super::super::condition::Operator;
use super::super::model::{self, Document, Effect, Patterns};
use super::model::{Element, Kind, List, Policy, Statement, Test, Text};
use crate::policy::{print, quota};
use crate::text::{Site, SmolStr, TemplateString};

/// The policy of a document that was read elsewhere. `site` is where it is attached.
pub fn of_document(document: &Document, site: Site, kind: Kind) -> Policy {
    let element = |name: &str, site: Site| Element { name: name.into(), site };
    let version = document.version.as_ref().map(|version| text(&version.as_str().into(), site));
    let mut elements = vec![element("Statement", site)];
    elements.extend(version.as_ref().map(|_| element("Version", site)));
    let size = quota::size(document, &print::by_name);
    Policy {
        kind,
        site,
        elements,
        version,
        statements: document.statements.iter().map(|each| statement(each, site)).collect(),
        syntax: vec![],
        repeated: vec![],
        places: vec![],
        wrong_types: vec![],
        forbidden: vec![],
        size,
        whole_size: size,
        document: document.clone(),
    }
}

fn text(raw: &TemplateString, site: Site) -> Text {
    Text { text: super::super::parse::with_variables(raw), raw: raw.clone(), site }
}

fn statement(statement: &model::Statement, site: Site) -> Statement {
    let site = statement.site.unwrap_or(site);
    let effect = match statement.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    let name = |word: &str, patterns: &Patterns| -> SmolStr {
        if patterns.negated { format!("Not{word}").into() } else { word.into() }
    };
    let mut names: Vec<SmolStr> = vec!["Effect".into(), name("Action", &statement.actions)];
    // A statement without resources came from a policy that has none.
    if !statement.resources.list.is_empty() {
        names.push(name("Resource", &statement.resources));
    }
    names.extend(statement.sid.as_ref().map(|_| "Sid".into()));
    Statement {
        site,
        elements: names.into_iter().map(|name| Element { name, site }).collect(),
        sid: statement.sid.as_ref().map(|sid| text(&sid.as_str().into(), site)),
        effect: Some(text(&effect.into(), site)),
        actions: Some(list(&statement.actions, site)),
        resources: Some(list(&statement.resources, site)),
        tests: statement.conditions.iter().map(|condition| test(condition, site)).collect(),
    }
}

fn list(patterns: &Patterns, site: Site) -> List {
    let member = |pattern: &model::Pattern| text(&pattern.text, pattern.site.unwrap_or(site));
    List { negated: patterns.negated, site, members: patterns.list.iter().map(member).collect() }
}

fn test(condition: &model::Condition, site: Site) -> Test {
    Test {
        spelled: condition.operator.clone(),
        operator: Operator::parse(&condition.operator),
        operator_site: site,
        key: condition.key.clone(),
        site,
        values: condition.values.iter().map(|value| text(value, site)).collect(),
    }
}
