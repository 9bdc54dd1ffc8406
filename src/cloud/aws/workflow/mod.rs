//! Functions that are no programs: the requests that the tasks of state machines send, with what else these ask of the role
//! that they run with, and those that a service sends for whoever comes to it.
//!
//! A task is a request like any other: it becomes an [`ApiCall`], and the catalog's rules say what that needs.

mod arguments;
mod facts;
mod sent;
mod states;

pub use sent::sent;

use indexmap::IndexMap;

use self::facts::{Integration, Need, facts};
use self::states::Task;
use super::super::{Certainty, Evidence, Origin, Requirement};
use super::names::Names;
use super::request::Arguments;
use super::resource::Filler;
use crate::catalog::{Catalog, Operation, SdkNames};
use crate::flow::{ApiCall, Argument, BlindKind, BlindSpot, Confidence, Field, Principal, Record};
use crate::infra::{Definition, Workflow};
use crate::text::{SmolStr, TemplateString};

/// What a state machine asks for.
#[derive(Debug, Default)]
pub struct Asked {
    /// The requests of its tasks.
    pub calls: Vec<ApiCall>,
    /// What is asked for beside what the requests need themselves.
    pub requirements: Vec<Requirement>,
    /// What could not be told.
    pub blind_spots: Vec<BlindSpot>,
}

/// What the states of a state machine ask for.
pub fn asked(catalog: Catalog, names: Names<'_>, workflow: &Workflow) -> Asked {
    let mut asked = Asked::default();
    let Definition::Read { node, file } = &workflow.definition else {
        asked.blind_spots.push(elsewhere(names, &workflow.definition));
        return asked;
    };
    let definition = arguments::substituted(node, &workflow.substitutions);
    let mut rows = Rows::default();
    for task in states::tasks(&definition, *file) {
        Sending { catalog, names, task: &task }.send(&mut asked, &mut rows);
    }
    asked.requirements = rows.finish();
    asked
}

fn elsewhere(names: Names<'_>, definition: &Definition) -> BlindSpot {
    let what = match definition {
        Definition::Elsewhere(what) if !what.is_empty() => format!(": {what}"),
        Definition::File(path) => format!(": {path}"),
        _ => String::new(),
    };
    BlindSpot {
        kind: BlindKind::NoEntry,
        site: names.function.map(|function| function.site),
        services: vec![],
        message: format!("the definition of the state machine is not in the project{what}"),
    }
}

/// The operation that an integration (`dynamodb:putItem`, `aws-sdk:s3:getObject`) sends.
fn operation(catalog: Catalog, name: &str, row: Option<&Integration>) -> Option<Operation> {
    if let Some(call) = row.and_then(|row| row.call.as_deref()) {
        let (service, operation) = call.split_once('.')?;
        return catalog.service(service)?.operation(operation);
    }
    let names = SdkNames::of(&facts().sdk.names, catalog)?;
    let (service, action) = match name.strip_prefix("aws-sdk:") {
        Some(name) => {
            let (service, action) = name.split_once(':')?;
            (names.package(&[&facts().sdk.package, service].concat())?, action)
        }
        None => {
            let (service, action) = name.split_once(':')?;
            let known = facts().services.get(service).map_or(service, String::as_str);
            (catalog.service(known)?, action)
        }
    };
    names.operation(service, action)
}

/// A task that is being read.
struct Sending<'a> {
    catalog: Catalog,
    names: Names<'a>,
    task: &'a Task,
}

impl Sending<'_> {
    fn send(&self, asked: &mut Asked, rows: &mut Rows) {
        let principal = self.assumed(asked);
        let own = principal == Principal::ExecutionRole;
        if let Some(part) = &self.task.part {
            self.needs(facts().part(part), &self.task.arguments, rows);
            return;
        }
        match Kind::of(&self.task.resource) {
            Kind::Function(confidence) => {
                let mut arguments = Record::default();
                put(&mut arguments, "FunctionName", self.task.resource.clone());
                self.call(asked, ("lambda", "Invoke"), arguments, principal, confidence);
            }
            Kind::Activity => {}
            Kind::Integration { name, pattern } => {
                let row = facts().integration(&name);
                self.integration(asked, &name, row, principal);
                if let Some(row) = row.filter(|_| own) {
                    self.needs(&row.needs, &self.task.arguments, rows);
                    if pattern.starts_with("sync") {
                        self.waiting(row, rows);
                    }
                }
            }
        }
    }

    fn integration(&self, asked: &mut Asked, name: &str, row: Option<&Integration>, principal: Principal) {
        if row.is_some_and(|row| row.call.as_deref() == Some("")) {
            return;
        }
        let Some(operation) = operation(self.catalog, name, row) else {
            let service = name.trim_start_matches("aws-sdk:").split(':').next().unwrap_or_default();
            asked.blind_spots.push(BlindSpot {
                kind: BlindKind::UnknownOperation,
                site: Some(self.task.site),
                services: vec![service.into()],
                message: format!("what the integration `{}` asks for is not known", name.escape_debug()),
            });
            return;
        };
        let mut arguments = self.task.arguments.clone();
        for (from, to) in row.map(|row| &row.renames).into_iter().flatten() {
            if let Some(field) = arguments.fields.shift_remove(from.as_str()) {
                arguments.fields.insert(to.as_str().into(), field);
            }
        }
        let named = (operation.service().name(), operation.name());
        self.call(asked, named, arguments, principal, Confidence::Proven);
    }

    /// What waiting for the end of what was started asks for.
    fn waiting(&self, row: &Integration, rows: &mut Rows) {
        self.needs(&row.sync, &self.task.arguments, rows);
        if let Some(rule) = &row.jobs {
            let mut arguments = Record::default();
            put(&mut arguments, "Rule", rule.as_str().into());
            self.needs(std::slice::from_ref(&facts().rule), &arguments, rows);
        }
    }

    fn call(
        &self,
        asked: &mut Asked,
        (service, operation): (&str, &str),
        arguments: Record,
        principal: Principal,
        confidence: Confidence,
    ) {
        asked.calls.push(ApiCall {
            service: service.into(),
            operation: operation.into(),
            arguments,
            client: Record::default(),
            site: self.task.site,
            route: vec![],
            principal,
            confidence,
            certain: true,
        });
    }

    /// Who sends the task's request: another role, where the task names one, which is assumed first.
    fn assumed(&self, asked: &mut Asked) -> Principal {
        let Some(role) = &self.task.role else { return Principal::ExecutionRole };
        let mut arguments = Record::default();
        put(&mut arguments, "RoleArn", role.clone());
        let own = Principal::ExecutionRole;
        self.call(asked, ("sts", "AssumeRole"), arguments, own, Confidence::Proven);
        Principal::AssumedRole(role.clone())
    }

    fn needs(&self, needs: &[Need], arguments: &Record, rows: &mut Rows) {
        let mut arguments = arguments.clone();
        if let Some(function) = self.names.function {
            put(&mut arguments, "Self", TemplateString::resource(function.id.clone()));
        }
        let (filled, client) = (Arguments::new(&arguments), Record::default());
        let filler = Filler { arguments: &filled, client: &client, names: self.names };
        for need in needs {
            let resources = filler.resources(&need.kind, &need.resource, None);
            for action in &need.actions {
                let evidence = Evidence { site: self.task.site, what: self.task.label() };
                let row = rows.0.entry(action.as_str().into()).or_insert_with(|| Requirement {
                    action: action.as_str().into(),
                    resources: vec![],
                    conditions: vec![],
                    carried: vec![],
                    certainty: Certainty::Certain,
                    origin: Origin::Dependent,
                    confidence: Confidence::Proven,
                    evidence: vec![],
                });
                row.resources.extend(resources.iter().cloned());
                row.evidence.push(evidence);
            }
        }
    }
}

/// Requirements by their action.
#[derive(Default)]
struct Rows(IndexMap<SmolStr, Requirement>);

impl Rows {
    fn finish(self) -> Vec<Requirement> {
        let mut rows: Vec<Requirement> = self.0.into_values().collect();
        for row in &mut rows {
            row.resources.sort();
            row.resources.dedup();
            row.evidence.sort();
            row.evidence.dedup();
        }
        rows
    }
}

/// Gives a record a field with a text.
fn put(record: &mut Record, name: &str, text: TemplateString) {
    record.fields.insert(name.into(), Field { value: Argument::Text(vec![text]), always: true });
}

/// What the resource of a task is.
enum Kind {
    /// A function, named by its ARN.
    Function(Confidence),
    /// Work that somebody fetches: nothing is asked of the role.
    Activity,
    /// A service, with the way in which its end is waited for.
    Integration { name: String, pattern: String },
}

impl Kind {
    fn of(resource: &TemplateString) -> Self {
        let parts = resource.split(':');
        let part = |index: usize| parts.get(index).and_then(TemplateString::as_literal);
        match (part(2), part(5)) {
            (Some("states"), Some("activity")) => Self::Activity,
            (Some("states"), Some(_)) if part(4) == Some("") => {
                let rest: Vec<&str> = (5..parts.len()).filter_map(part).collect();
                let rest = rest.join(":");
                let (name, pattern) = rest.split_once('.').unwrap_or((&rest, ""));
                Self::Integration { name: name.to_owned(), pattern: pattern.to_owned() }
            }
            (Some("lambda"), _) => Self::Function(Confidence::Proven),
            // Only functions and activities are named by what a template fills in whole.
            _ => Self::Function(Confidence::Likely),
        }
    }
}
