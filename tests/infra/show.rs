//! The model as lines that can be read beside the template.

use std::fmt::Write as _;

use indexmap::IndexMap;
use leastwise::cloud::aws::configuration;
use leastwise::cloud::{Certainty, Requirement};
use leastwise::infra::{self, Code, Deployment, Function, Role, Settings};
use leastwise::policy::{Document, Effect, Patterns};
use leastwise::text::{FileId, SmolStr, Source, Sources};

/// One managed policy, as a catalog would give it.
fn managed(name: &str) -> Option<String> {
    let document = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}]}"#;
    name.ends_with("AWSLambdaBasicExecutionRole").then(|| document.to_owned())
}

pub(crate) fn read_at(path: &str, template: &str) -> (Source, Deployment) {
    read_among(path, template, &[])
}

/// A template among other files of the project.
pub(crate) fn read_among(path: &str, template: &str, files: &[(&str, &str)]) -> (Source, Deployment) {
    let source = Source::new(path, template);
    let format = infra::claims(&source).expect("a template");
    let parameters: IndexMap<SmolStr, SmolStr> = IndexMap::new();
    let sibling = |path: &str| {
        let found = files.iter().find(|(known, _)| *known == path);
        found.map(|(_, text)| (*text).to_owned())
    };
    let settings = Settings {
        parameters: &parameters,
        managed_policy: &managed,
        sibling: &sibling,
        among: &|_| vec![],
        data: &|_| None,
        callers: &|_| vec![],
        sources: &Sources::default(),
        listing: &|_| vec![],
        environment: None,
    };
    let deployment = format.read(&source, FileId(0), &settings).expect("a reader");
    (source, deployment)
}

pub(crate) fn read(template: &str) -> (Source, Deployment) {
    read_at("app/template.yaml", template)
}

/// The functions of a template.
pub(crate) fn functions(template: &str) -> String {
    functions_of(&read(template))
}

/// The functions of what was read.
pub(crate) fn functions_of((source, deployment): &(Source, Deployment)) -> String {
    let mut out = String::new();
    for function in &deployment.functions {
        self::function(source, function, &mut out);
    }
    problems(source, deployment, &mut out);
    out
}

fn function(source: &Source, function: &Function, out: &mut String) {
    let line = source.position(function.site.span.start).line;
    write!(out, "{}:{line}", function.id).unwrap();
    for (label, part) in [("runtime", &function.runtime), ("handler", &function.handler)] {
        if let Some(part) = part {
            write!(out, " {label} {part}").unwrap();
        }
    }
    match &function.code {
        Code::Path(path) => write!(out, " code {path}").unwrap(),
        Code::Inline { site, .. } => {
            write!(out, " inline:{}", source.position(site.span.start).line).unwrap();
        }
        Code::Image { context, dockerfile } => write!(out, " image {context} {dockerfile:?}").unwrap(),
        Code::Elsewhere(what) => write!(out, " elsewhere {what}").unwrap(),
        Code::Workflow(workflow) => write!(out, " states {:?}", workflow.substitutions.keys()).unwrap(),
        Code::Integrations(sent) => write!(out, " {} requests", sent.len()).unwrap(),
    }
    if let Some(role) = &function.role {
        write!(out, " role {role}").unwrap();
    }
    out.push('\n');
    for layer in &function.layers {
        writeln!(out, "  layer {layer}").unwrap();
    }
    for (name, value) in &function.environment {
        writeln!(out, "  {name}={value}").unwrap();
    }
    let shown = |text: &Option<leastwise::text::TemplateString>| {
        text.as_ref().map_or_else(String::new, |text| format!(" {text}"))
    };
    for trigger in &function.triggers {
        writeln!(out, "  trigger {}{}", trigger.kind, shown(&trigger.source)).unwrap();
    }
    for setting in &function.settings {
        writeln!(out, "  setting {}{}", setting.kind, shown(&setting.target)).unwrap();
    }
}

fn problems(source: &Source, deployment: &Deployment, out: &mut String) {
    for problem in &deployment.problems {
        let at = source.position(problem.site.span.start);
        writeln!(out, "! {}:{} {}", at.line, at.column, problem.message).unwrap();
    }
}

/// The roles of a template.
pub(crate) fn roles(template: &str) -> String {
    roles_of(&read(template))
}

/// The roles of what was read.
pub(crate) fn roles_of((source, deployment): &(Source, Deployment)) -> String {
    let mut out = String::new();
    for (id, role) in &deployment.roles {
        self::role(source, id, role, &mut out);
    }
    problems(source, deployment, &mut out);
    out
}

fn role(source: &Source, id: &str, role: &Role, out: &mut String) {
    writeln!(out, "{id}").unwrap();
    for held in &role.policies {
        writeln!(out, "  {}:{}", held.name, source.position(held.site.span.start).line).unwrap();
        document(source, &held.document, out);
    }
    for given in &role.given {
        writeln!(out, "  given by {}:{}", given.name, source.position(given.site.span.start).line).unwrap();
        document(source, &given.document, out);
    }
    for refused in &role.refused {
        let line = source.position(refused.site.span.start).line;
        writeln!(out, "  refused by {}:{line}", refused.name).unwrap();
        document(source, &refused.document, out);
    }
    for limit in &role.limits {
        writeln!(out, "  limited by {}:{}", limit.name, source.position(limit.site.span.start).line).unwrap();
        document(source, &limit.document, out);
    }
    for (unknown, site) in &role.unknown {
        writeln!(out, "  unknown {unknown}:{}", source.position(site.span.start).line).unwrap();
    }
}

fn document(source: &Source, document: &Document, out: &mut String) {
    let list = |patterns: &Patterns| {
        let texts: Vec<String> = patterns.list.iter().map(|pattern| pattern.text.to_string()).collect();
        texts.join(" ")
    };
    for statement in &document.statements {
        let effect = if statement.effect == Effect::Allow { "allow" } else { "deny" };
        let line = statement.site.map_or(0, |site| source.position(site.span.start).line);
        let (actions, resources) = (list(&statement.actions), list(&statement.resources));
        writeln!(out, "    {line} {effect} {actions} on {resources}").unwrap();
    }
}

/// What the configuration of every function asks for.
pub(crate) fn requirements(template: &str) -> String {
    requirements_of(&read(template))
}

/// What the configuration asks for in what was read.
pub(crate) fn requirements_of((source, deployment): &(Source, Deployment)) -> String {
    let mut out = String::new();
    for function in &deployment.functions {
        writeln!(out, "{}", function.id).unwrap();
        for requirement in configuration::require(function, deployment) {
            self::requirement(source, &requirement, &mut out);
        }
    }
    out
}

fn requirement(source: &Source, requirement: &Requirement, out: &mut String) {
    let mark = if requirement.certainty == Certainty::Possible { "?" } else { "" };
    let lines: Vec<String> = requirement
        .evidence
        .iter()
        .map(|evidence| source.position(evidence.site.span.start).line.to_string())
        .collect();
    write!(out, "  {}{mark} :{}", requirement.action, lines.join(",")).unwrap();
    for resource in &requirement.resources {
        write!(out, " {}", resource.arn).unwrap();
        if let Some(reference) = &resource.reference {
            write!(out, " ({reference})").unwrap();
        }
    }
    for condition in &requirement.conditions {
        let values: Vec<String> = condition.values.iter().map(ToString::to_string).collect();
        write!(out, " if {} {} {}", condition.key, condition.operator, values.join(" ")).unwrap();
    }
    out.push('\n');
}
