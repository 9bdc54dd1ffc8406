//! The states of a state machine that send something.

use super::arguments::record;
use crate::flow::Record;
use crate::text::tree::Node;
use crate::text::{FileId, Site, SmolStr, TemplateString};

/// How deep states may lie in each other.
const DEPTH: usize = 32;

/// Something that a state asks for.
#[derive(Debug)]
pub(super) struct Task {
    /// The ARN of what it asks.
    pub(super) resource: TemplateString,
    /// The part of a distributed map that it is, where it is one; empty for the map itself.
    pub(super) part: Option<SmolStr>,
    /// What it hands over.
    pub(super) arguments: Record,
    /// The role that it takes for it, where it states one.
    pub(super) role: Option<TemplateString>,
    /// Where it stands.
    pub(super) site: Site,
}

impl Task {
    /// What evidence calls it.
    pub(super) fn label(&self) -> SmolStr {
        match &self.part {
            Some(part) if part.is_empty() => "distributed map".into(),
            Some(part) => part.clone(),
            None => self.resource.splitn(6, ':').pop().unwrap_or_default().to_string().into(),
        }
    }
}

/// Everything that the states of a definition ask for, in their order.
pub(super) fn tasks(definition: &Node, file: FileId) -> Vec<Task> {
    let mut tasks = vec![];
    walk(definition, file, DEPTH, &mut tasks);
    tasks
}

fn walk(machine: &Node, file: FileId, depth: usize, tasks: &mut Vec<Task>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    for state in machine.get("States").and_then(Node::as_map).into_iter().flat_map(|states| states.values()) {
        let state = &state.node;
        if state.get("Type").and_then(Node::as_str) == Some("Task") {
            tasks.extend(task(state, file, None));
        }
        for branch in state.get("Branches").map(Node::one_or_many).unwrap_or_default() {
            walk(branch, file, depth, tasks);
        }
        for inner in ["ItemProcessor", "Iterator"].into_iter().filter_map(|name| state.get(name)) {
            if inner.at(&["ProcessorConfig", "Mode"]).and_then(Node::as_str) == Some("DISTRIBUTED") {
                distributed(state, inner, file, tasks);
            }
            walk(inner, file, depth, tasks);
        }
    }
}

/// What a map asks for that runs each item as an execution of its own.
fn distributed(state: &Node, inner: &Node, file: FileId, tasks: &mut Vec<Task>) {
    let site = Site { file, span: inner.span };
    let (resource, arguments) = (TemplateString::new(), Record::default());
    tasks.push(Task { resource, part: Some("".into()), arguments, role: None, site });
    if let Some(reader) = state.get("ItemReader") {
        tasks.extend(task(reader, file, None));
    }
    if let Some(writer) = state.get("ResultWriter") {
        tasks.extend(task(writer, file, Some("ResultWriter")));
    }
}

fn task(state: &Node, file: FileId, part: Option<&str>) -> Option<Task> {
    let stated = state.get("Resource")?;
    let handed = ["Parameters", "Arguments"].into_iter().find_map(|name| state.get(name));
    Some(Task {
        resource: stated.as_template()?,
        part: part.map(SmolStr::from),
        arguments: handed.map(record).unwrap_or_default(),
        role: state.at(&["Credentials", "RoleArn"]).and_then(Node::as_template),
        site: Site { file, span: stated.span },
    })
}
