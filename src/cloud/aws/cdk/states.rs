//! State machines: what leads from a definition to its states, and the states that tasks are.

use indexmap::{IndexMap, IndexSet};

use crate::flow::Argument;
use crate::text::tree::{Node, Value};
use crate::text::{Hole, SmolStr, Span};

use super::expression::Scope;
use super::facts::{States, canonical};
use super::nodes::{map, set, text};
use super::template::Writer;
use super::trace::{Call, references};

/// What the ARNs of integrations begin with.
const NOWHERE: &str = "arn:aws:states:::";

impl Writer<'_> {
    /// The definition of a state machine whose states the program makes.
    pub(super) fn definition(&self, key: &str, call: &Call, span: Span) -> Option<Node> {
        let effects = self.program.facts.effects(&call.callee);
        let states = effects.iter().find_map(|described| described.states.as_ref())?;
        let reached = self.reached(states, Scope { key, call, extra: &[] });
        let mut nodes: Vec<(String, Node)> = vec![];
        for key in &reached {
            let Some(call) = self.program.trace.get(key) else { continue };
            let name = call.named.get("id").and_then(|id| self.program.text(id));
            let name = name.map_or_else(|| key.to_string(), |name| name.to_string());
            nodes.extend(self.state(key, call, states).map(|node| (name, node)));
        }
        // What is written in a file or as text has no states that are made.
        let is_made = |key: &SmolStr| {
            let call = self.program.trace.get(key);
            let described = call.and_then(|call| self.program.facts.described(&call.callee));
            described.is_none_or(|described| described.gives.is_empty())
        };
        if !reached.iter().any(is_made) {
            return None;
        }
        Some(map(vec![("States", map(nodes, span))], span))
    }

    /// The state that a construct is; a task that nothing describes may ask for anything.
    fn state(&self, key: &str, call: &Call, states: &States) -> Option<Node> {
        let span = self.span(call);
        let scope = Scope { key, call, extra: &[] };
        let effects = self.program.facts.effects(&call.callee);
        let Some(state) = effects.iter().find_map(|described| described.state.as_ref()) else {
            let module = call.callee.split('.').next().unwrap_or_default();
            let is_task = module == canonical(&[states.tasks.as_str(), "."].concat()).trim_end_matches('.')
                && call.named.contains_key("id");
            let class = call.callee.rsplit('.').next().unwrap_or_default();
            let resource = text([NOWHERE, class].concat().as_str().into(), span);
            let task = text("Task".into(), span);
            return is_task.then(|| map(vec![("Type", task), ("Resource", resource)], span));
        };
        if let Some(whole) = &state.whole {
            return self.node(&self.program.value(whole, scope)?, span);
        }
        let resource = self.program.value(&state.resource, scope).and_then(|text| self.node(&text, span));
        let resource = resource.unwrap_or_else(|| text(Hole::Unknown.into(), span));
        let mut parameters = map(Vec::<(&str, Node)>::new(), span);
        for (path, value) in &state.parameters {
            let value = self.program.value(value, scope).and_then(|value| self.node(&value, span));
            // Of a list of one element that element is meant.
            let value = value.map(|mut value| match &mut value.value {
                Value::List(items) if items.len() == 1 => items.swap_remove(0),
                _ => value,
            });
            match value {
                Some(value) if path.is_empty() => parameters = value,
                Some(value) => set(&mut parameters, path, value),
                None => {}
            }
        }
        let task = text("Task".into(), span);
        Some(map(vec![("Type", task), ("Resource", resource), ("Parameters", parameters)], span))
    }

    /// The calls that a definition leads to.
    pub(super) fn reached(&self, states: &States, scope: Scope<'_>) -> Vec<SmolStr> {
        let modules: Vec<SmolStr> =
            states.through.iter().map(|module| canonical(&[module.as_str(), "."].concat())).collect();
        let trace = &self.program.trace;
        let leads = |call: &Call| {
            modules.iter().any(|module| call.callee.starts_with(module.as_str()))
                && !self.program.facts.effects(&call.callee).iter().any(|it| it.states.is_some())
        };
        let mut users: IndexMap<SmolStr, Vec<&SmolStr>> = IndexMap::new();
        for (key, call) in trace {
            for (on, _) in call.on.iter().flat_map(references) {
                users.entry(on).or_default().push(key);
            }
        }
        let mut found: IndexSet<SmolStr> = IndexSet::new();
        let mut open: Vec<SmolStr> = vec![];
        for place in &states.from {
            if let Some(value) = self.program.value(place, scope) {
                mentioned(&value, &mut open);
            }
        }
        while let Some(key) = open.pop() {
            let Some(call) = trace.get(&key).filter(|call| leads(call)) else { continue };
            if !found.insert(key.clone()) {
                continue;
            }
            for value in call.on.iter().chain(call.named.values()).chain(&call.rest) {
                mentioned(value, &mut open);
            }
            open.extend(users.get(&key).into_iter().flatten().map(|user| (*user).clone()));
        }
        found.sort_unstable();
        found.into_iter().collect()
    }
}

/// The calls whose results a value holds.
fn mentioned(value: &Argument, into: &mut Vec<SmolStr>) {
    match value {
        Argument::Record(record) => {
            for field in record.fields.values() {
                mentioned(&field.value, into);
            }
        }
        Argument::List(several) | Argument::OneOf(several) => {
            for one in several {
                mentioned(one, into);
            }
        }
        value => into.extend(references(value).into_iter().map(|(key, _)| key)),
    }
}
