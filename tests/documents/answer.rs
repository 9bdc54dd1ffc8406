//! What the program says of a case, in lines that are short enough to be read and compared.
//!
//! ```text
//! dynamodb.PutItem src/app.py:12 TableName=${env:TABLE} Item={id: ?event}     calls
//! dynamodb:PutItem certain call arn:…:dynamodb:…:table/${Orders} (template)   requirements
//! blind unknown-service src/app.py:7 dynamodb                                 both
//! ```
//!
//! In a call, `?=` marks an argument that is there on some paths only, `?why` a value of which nothing is known, `…`
//! that there may be more. In an ARN, `…` stands for the partition, and `…` between two colons for region and account.

use crate::decided::{condition, difference, policy, short};
use leastwise::app::{Analysis, Failure};
use leastwise::cloud::{Cause, Certainty, Origin, Requirement, Resolution, Resource};
use leastwise::decide::FunctionAnalysis;
use leastwise::flow::{ApiCall, Argument, BlindSpot, Confidence, Principal, Record};
use leastwise::infra::Environment;
use leastwise::text::{Site, Sources, TemplateString};

/// The answer, by the kinds of its lines.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    functions: Vec<Function>,
    failure: Option<String>,
}

#[derive(Debug, Default)]
struct Function {
    name: String,
    /// Which environment of the deployment it is looked at for.
    environment: Vec<String>,
    calls: Vec<String>,
    routes: Vec<String>,
    requirements: Vec<String>,
    configuration: Vec<String>,
    causes: Vec<String>,
    policy: Vec<String>,
    difference: Vec<String>,
    /// What may hide an action.
    hidden: Vec<String>,
    /// What only widens a resource.
    widened: Vec<String>,
}

impl Answer {
    pub(crate) fn of_failure(failure: &Failure) -> Self {
        let advice = failure.advice().map_or_else(String::new, |advice| format!(": {advice}"));
        Self { failure: Some(format!("{failure}{advice}")), ..Self::default() }
    }

    pub(crate) fn of(analysis: &Analysis) -> Self {
        let page = Page { sources: &analysis.sources };
        let functions = analysis.functions.iter().map(|function| page.function(function)).collect();
        Self { functions, failure: None }
    }

    /// Adds what another run over the same files decided.
    pub(crate) fn add_decided(&mut self, analysis: &Analysis) {
        for (function, synthesis) in self.functions.iter_mut().zip(&analysis.syntheses) {
            function.policy = policy(synthesis);
        }
        for (function, found) in self.functions.iter_mut().zip(&analysis.differences) {
            function.difference = difference(found, &analysis.sources);
        }
    }

    /// The lines of a block. Blind spots that may hide an action stand with the calls, those that widen a resource
    /// with the requirements; a block that is alone tells of both.
    pub(crate) fn block(&self, kind: &str, is_alone: bool) -> String {
        if let Some(failure) = &self.failure {
            return format!("failure {failure}\n");
        }
        let mut text = String::new();
        for function in &self.functions {
            if self.functions.len() > 1 {
                text.extend(["[", function.name.as_str(), "]\n"]);
            }
            let mut lines: Vec<&String> = match kind {
                "calls" => function.calls.iter().chain(&function.hidden).collect(),
                "environments" => function.environment.iter().collect(),
                "routes" => function.routes.iter().collect(),
                "configuration" => function.configuration.iter().collect(),
                "policy" => function.policy.iter().collect(),
                "difference" => function.difference.iter().collect(),
                "causes" => function.causes.iter().collect(),
                _ => {
                    let hidden = function.hidden.iter().filter(|_| is_alone);
                    function.requirements.iter().chain(hidden).chain(&function.widened).collect()
                }
            };
            let nothing = "nothing".to_owned();
            if lines.is_empty() {
                lines.push(&nothing);
            }
            for line in lines {
                text.extend([line.as_str(), "\n"]);
            }
        }
        if self.functions.is_empty() { "no function\n".to_owned() } else { text }
    }
}

fn environment(environment: &Environment) -> String {
    format!("{}{}", environment.name, if environment.chosen { "" } else { " by default" })
}

/// The files that places are told in.
struct Page<'a> {
    sources: &'a Sources,
}

impl Page<'_> {
    fn place(&self, site: Site) -> String {
        format!("{}:{}", self.sources.path(site.file), self.sources.position(site).line)
    }

    fn function(&self, function: &FunctionAnalysis) -> Function {
        let rows = |wanted: fn(Origin) -> bool| {
            let rows = function.requirements.iter().filter(move |row| wanted(row.origin));
            rows.map(requirement).collect()
        };
        let spots = |hides: bool| {
            let spots = function.blind_spots.iter().filter(move |spot| spot.kind.hides_actions() == hides);
            spots.map(|spot| self.blind(spot)).collect()
        };
        Function {
            name: function.name.to_string(),
            environment: function.environment.iter().map(environment).collect(),
            calls: function.calls.iter().map(|call| self.call(call)).collect(),
            routes: function.calls.iter().map(|call| self.route(call)).collect(),
            requirements: rows(|origin| origin != Origin::Configuration),
            configuration: rows(|origin| origin == Origin::Configuration),
            causes: function.causes.iter().map(|cause| self.cause(cause)).collect(),
            hidden: spots(true),
            widened: spots(false),
            ..Function::default()
        }
    }

    fn cause(&self, cause: &Cause) -> String {
        format!("{} {}: {}", cause.what, self.place(cause.site), cause.why)
    }

    fn call(&self, call: &ApiCall) -> String {
        let mut words = vec![format!("{}.{}", call.service, call.operation), self.place(call.site)];
        if let Some(field) = call.client.fields.get("region") {
            words.push(format!("in {}", argument(&field.value)));
        }
        words.extend(fields(&call.arguments, "="));
        match &call.principal {
            Principal::ExecutionRole => {}
            Principal::AssumedRole(role) => words.push(format!("as {role}")),
            Principal::Other(who) => words.push(format!("as other: {who}")),
        }
        words.extend(confidence(call.confidence).map(str::to_owned));
        if !call.certain {
            words.push("(possible)".to_owned());
        }
        words.join(" ")
    }

    fn route(&self, call: &ApiCall) -> String {
        let steps = call.route.iter().map(|step| format!(" ← {} {}", step.routine, self.place(step.site)));
        let steps: Vec<String> = steps.rev().collect();
        format!("{}.{} {}{}", call.service, call.operation, self.place(call.site), steps.concat())
    }

    fn blind(&self, spot: &BlindSpot) -> String {
        let site = spot.site.map_or_else(String::new, |site| format!(" {}", self.place(site)));
        let services: Vec<&str> = spot.services.iter().map(leastwise::text::SmolStr::as_str).collect();
        format!("blind {}{site} {}", spot.kind.name(), services.join(" ")).trim_end().to_owned()
    }
}

const fn confidence(confidence: Confidence) -> Option<&'static str> {
    match confidence {
        Confidence::Proven => None,
        Confidence::Likely => Some("(likely)"),
        Confidence::Assumed => Some("(assumed)"),
    }
}

fn fields(record: &Record, between: &str) -> Vec<String> {
    let field = |(name, field): (&_, &leastwise::flow::Field)| {
        let sometimes = if field.always { "" } else { "?" };
        format!("{name}{sometimes}{between}{}", argument(&field.value))
    };
    let keys = record.keys.iter().map(|key| format!("[{key}]"));
    let open = record.open.then(|| "…".to_owned());
    record.fields.iter().map(field).chain(keys).chain(open).collect()
}

fn argument(value: &Argument) -> String {
    match value {
        Argument::Text(texts) => texts.iter().map(text).collect::<Vec<_>>().join("|"),
        Argument::Flag(flag) => flag.to_string(),
        Argument::Number(number) if number.is_empty() => "number".to_owned(),
        Argument::Number(number) => number.to_string(),
        Argument::Nil => "none".to_owned(),
        Argument::List(elements) => {
            format!("[{}]", elements.iter().map(argument).collect::<Vec<_>>().join(", "))
        }
        Argument::Record(record) => format!("{{{}}}", fields(record, ": ").join(", ")),
        Argument::OneOf(choices) => choices.iter().map(argument).collect::<Vec<_>>().join("|"),
        Argument::Unknown(why) => format!("?{why}"),
    }
}

/// A text; in quotes where it is empty or has spaces in it.
fn text(text: &TemplateString) -> String {
    let text = text.to_string();
    if text.is_empty() || text.contains([' ', '\n']) { format!("{text:?}") } else { text }
}

fn requirement(row: &Requirement) -> String {
    let certainty = match row.certainty {
        Certainty::Certain => "certain",
        Certainty::Possible => "possible",
    };
    let origin = match row.origin {
        Origin::Call => "call",
        Origin::Dependent => "dependent",
        Origin::Configuration => "configuration",
    };
    let resources: Vec<String> = row.resources.iter().map(resource).collect();
    let conditions: String = row.conditions.iter().map(condition).collect();
    let confidence = confidence(row.confidence).map_or_else(String::new, |word| format!(" {word}"));
    format!("{} {certainty} {origin} {}{conditions}{confidence}", row.action, resources.join(" "))
}

fn resource(resource: &Resource) -> String {
    let arn = short(&resource.arn);
    let resolution = match resource.resolution {
        Resolution::Literal => "",
        Resolution::Template => " (template)",
        Resolution::Environment => " (environment)",
        Resolution::Event => " (event)",
        Resolution::Partial => " (partial)",
        Resolution::Any if arn == "*" => "",
        Resolution::Any => " (any)",
    };
    format!("{arn}{resolution}")
}
