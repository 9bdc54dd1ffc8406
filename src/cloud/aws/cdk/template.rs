//! The template that a program's calls come to: resources, and policies for what is granted.

use indexmap::IndexMap;

use crate::flow::Argument;
use crate::text::tree::{Entry, Node, Value};
use crate::text::{Site, SmolStr, Span, TemplateString};

use super::expression::{Program, Scope};
use super::facts::{Attach, Described, Emit, Grant, facts, is_class};
use super::nodes::{list, map, set, text};
use super::prepare::{add_arguments, imply, owners};
use super::trace::{Call, Trace, literal, one_text, references, referring};

/// What is needed to know of a program beside its calls.
pub struct Surroundings<'a> {
    /// The path of the file that a place lies in.
    pub path: &'a dyn Fn(Site) -> String,
    /// Whether the project has a file.
    pub has: &'a dyn Fn(&str) -> bool,
    /// The bytes of a place in the template.
    pub place: &'a dyn Fn(Site) -> Span,
    /// The folder that relative paths of the program begin in.
    pub folder: &'a str,
}

/// Writes the template.
pub(super) struct Writer<'a> {
    pub(super) program: Program<'a>,
    pub(super) ids: IndexMap<SmolStr, SmolStr>,
    pub(super) around: &'a Surroundings<'a>,
    resources: IndexMap<SmolStr, Entry>,
    parameters: IndexMap<SmolStr, Entry>,
}

/// The template of a program. `handed` are constructs that code outside gets its hands on, with what that code is.
pub(super) fn template(trace: Trace, handed: &[(SmolStr, String)], around: &Surroundings<'_>) -> Node {
    let mut program = Program::new(facts(), trace, around.path, around.has);
    imply(&mut program);
    add_arguments(&mut program);
    let ids = super::names::ids(&program);
    let mut writer = Writer { program, ids, around, resources: IndexMap::new(), parameters: IndexMap::new() };
    let keys: Vec<SmolStr> = writer.program.trace.keys().cloned().collect();
    for key in &keys {
        writer.declare(key);
    }
    for key in &keys {
        writer.take_effect(key);
    }
    for (key, what) in handed {
        writer.attach_unknown(&referring(key, ""), &format!("what `{what}` grants"));
    }
    writer.finish()
}

impl Writer<'_> {
    fn finish(self) -> Node {
        let whole = Span::default();
        let part = |entries| Node::new(whole, Value::Map(entries));
        map(vec![("Parameters", part(self.parameters)), ("Resources", part(self.resources))], whole)
    }

    pub(super) fn span(&self, call: &Call) -> Span {
        (self.around.place)(call.site)
    }

    /// Declares the resource or parameter that a call is.
    fn declare(&mut self, key: &SmolStr) {
        let Some(call) = self.program.trace.get(key) else { return };
        let Some(id) = self.ids.get(key).cloned() else { return };
        let span = self.span(call);
        let effects = self.program.facts.effects(&call.callee);
        if let Some(default) = effects.iter().find_map(|described| described.parameter.as_ref()) {
            let scope = Scope { key, call, extra: &[] };
            let default = self.program.value(default, scope).and_then(|value| self.node(&value, span));
            let node = map(default.into_iter().map(|node| ("Default", node)).collect(), span);
            self.parameters.insert(id, Entry { key: span, node });
            return;
        }
        let kind = effects.iter().find_map(|described| described.kind.clone());
        let own = kind.is_none().then(|| super::nodes::own_type(&call.callee)).flatten();
        let (properties, metadata) = match &own {
            Some(_) => (self.own_properties(call, span), None),
            None => {
                let parts = |pick: fn(&Described) -> &IndexMap<String, String>| {
                    effects.iter().rev().flat_map(|described| pick(described)).collect::<Vec<_>>()
                };
                let properties = self.properties(&parts(|described| &described.properties), key, call, span);
                let metadata = parts(|described| &described.metadata);
                let metadata = self.properties(&metadata, key, call, span);
                (properties, Some(metadata))
            }
        };
        let Some(kind) = kind.or(own) else { return };
        let mut properties = properties;
        if let Some(definition) = self.definition(key, call, span) {
            set(&mut properties, "Definition", definition);
        }
        let mut parts = vec![("Type", text(kind.as_str().into(), span)), ("Properties", properties)];
        parts.extend(metadata.map(|metadata| ("Metadata", metadata)));
        self.resources.insert(id, Entry { key: span, node: map(parts, span) });
    }

    fn properties(&self, parts: &[(&String, &String)], key: &str, call: &Call, span: Span) -> Node {
        let scope = Scope { key, call, extra: &[] };
        let mut node = map(Vec::<(&str, Node)>::new(), span);
        for (path, value) in parts {
            if let Some(value) = self.program.value(value, scope).and_then(|value| self.node(&value, span)) {
                set(&mut node, path, value);
            }
        }
        node
    }

    /// Whatever else a call brings about.
    fn take_effect(&mut self, key: &SmolStr) {
        let Some(call) = self.program.trace.get(key).cloned() else { return };
        let effects = self.program.facts.effects(&call.callee);
        if effects.is_empty() {
            self.unknown_grant(&call);
            return;
        }
        for described in effects {
            let scope = Scope { key, call: &call, extra: &[] };
            described.emits.iter().for_each(|emit| self.emit(emit, scope));
            described.grants.iter().for_each(|grant| self.grant(grant, scope));
            described.attaches.iter().for_each(|attach| self.attach(attach, scope));
            let itself = referring(key, "");
            let to = match &described.bind_to {
                Some(place) => self.program.value(place, scope),
                None if described.kind.is_some() => Some(itself),
                None => Some(call.on.clone().unwrap_or(itself)),
            };
            let Some(to) = to else { continue };
            if let Some(states) = &described.states {
                for state in self.reached(states, scope) {
                    self.bind(&referring(&state, ""), &to);
                }
            }
            for place in &described.binds {
                if let Some(value) = self.program.value(place, scope) {
                    self.bind(&value, &to);
                }
            }
        }
    }

    /// Lets the values that are bound to a construct take effect on it.
    fn bind(&mut self, values: &Argument, to: &Argument) {
        for (key, _) in references(values) {
            let Some(call) = self.program.trace.get(&key).cloned() else { continue };
            let effects = self.program.facts.effects(&call.callee);
            let Some(bound) = effects.iter().find_map(|described| described.bound.clone()) else { continue };
            let extra = [("to", to.clone())];
            let scope = Scope { key: &key, call: &call, extra: &extra };
            bound.emits.iter().for_each(|emit| self.emit(emit, scope));
            bound.grants.iter().for_each(|grant| self.grant(grant, scope));
        }
    }

    /// Does something once, or for each element of a place.
    fn for_each(
        &mut self,
        each: Option<&String>,
        scope: Scope<'_>,
        act: &mut dyn FnMut(&mut Self, Scope<'_>),
    ) {
        let Some(place) = each else { return act(self, scope) };
        let items: Vec<(SmolStr, Argument)> = match self.program.value(place, scope) {
            Some(Argument::Record(record)) => {
                record.fields.into_iter().map(|(name, field)| (name, field.value)).collect()
            }
            Some(Argument::List(items)) => items.into_iter().map(|item| (SmolStr::default(), item)).collect(),
            Some(one) => vec![(SmolStr::default(), one)],
            None => vec![],
        };
        for (name, item) in items {
            let mut extra = scope.extra.to_vec();
            extra.extend([("item", item), ("key", literal(&name))]);
            act(self, Scope { extra: &extra, ..scope });
        }
    }

    fn emit(&mut self, emit: &Emit, scope: Scope<'_>) {
        if emit.when.as_ref().is_some_and(|when| self.program.value(when, scope).is_none()) {
            return;
        }
        self.for_each(emit.each.as_ref(), scope, &mut |writer, scope| {
            let span = writer.span(scope.call);
            let parts: Vec<(&String, &String)> = emit.properties.iter().collect();
            let mut node = map(Vec::<(&str, Node)>::new(), span);
            for (path, value) in parts {
                let value = writer.program.value(value, scope).and_then(|value| writer.node(&value, span));
                if let Some(value) = value {
                    set(&mut node, path, value);
                }
            }
            let name = writer.program.value(&emit.id, scope).and_then(|id| writer.program.text(&id));
            let name = name.map_or_else(|| emit.kind.clone(), |name| name.to_string());
            let resource =
                map(vec![("Type", text(emit.kind.as_str().into(), span)), ("Properties", node)], span);
            writer.insert(&name, Entry { key: span, node: resource });
        });
    }

    /// Takes in a resource under a name of its own.
    fn insert(&mut self, name: &str, entry: Entry) {
        let mut id = SmolStr::from(name);
        let mut number = 1_u32;
        while self.resources.contains_key(&id) {
            number += 1;
            id = format!("{name}#{number}").into();
        }
        self.resources.insert(id, entry);
    }

    fn grant(&mut self, grant: &Grant, scope: Scope<'_>) {
        if let Some(when) = &grant.when {
            let Some(value) = self.program.value(when, scope) else { return };
            let shown = self.program.text(&value).unwrap_or_default().to_string();
            if grant.unless.contains(&shown) {
                return;
            }
        }
        let to = self.program.value(grant.to.as_deref().unwrap_or("{grantee|identity}"), scope);
        let roles: Vec<SmolStr> = match to {
            Some(to) => self.roles(&to),
            // A parameter that goes by another name in some version.
            None => scope.call.named.values().flat_map(|value| self.roles(value)).collect(),
        };
        self.for_each(grant.each.as_ref(), scope, &mut |writer, scope| {
            let span = writer.span(scope.call);
            let words = |texts: &[String]| -> Vec<Node> {
                let values = texts.iter().filter_map(|text| writer.program.value(text, scope));
                let nodes = values.filter_map(|value| writer.node(&value, span));
                nodes.flat_map(|node| node.one_or_many().to_vec()).collect()
            };
            let (actions, resources) = (words(&grant.actions), words(&grant.resources));
            if actions.is_empty() || resources.is_empty() {
                return;
            }
            let statement = map(
                vec![
                    ("Effect", text("Allow".into(), span)),
                    ("Action", list(actions, span)),
                    ("Resource", list(resources, span)),
                ],
                span,
            );
            writer.policy(&roles, &policy_name(scope.call), vec![statement], span);
        });
    }

    fn attach(&mut self, attach: &Attach, scope: Scope<'_>) {
        let Some(to) = self.program.value(&attach.to, scope) else { return };
        let roles = self.roles(&to);
        self.for_each(attach.each.as_ref(), scope, &mut |writer, scope| {
            let span = writer.span(scope.call);
            let read =
                |place: &Option<String>| writer.node(&writer.program.value(place.as_ref()?, scope)?, span);
            let written = read(&attach.statements);
            let held = read(&attach.document);
            let document = written.or_else(|| held.as_ref()?.get("Statement").cloned());
            let statements = document.map(|node| node.one_or_many().to_vec()).unwrap_or_default();
            writer.policy(&roles, &policy_name(scope.call), statements, span);
        });
    }

    /// A policy of roles.
    fn policy(&mut self, roles: &[SmolStr], name: &str, statements: Vec<Node>, span: Span) {
        if statements.is_empty() {
            return;
        }
        for role in roles {
            let Some(id) = self.ids.get(role).cloned() else { continue };
            let document = map(vec![("Statement", list(statements.clone(), span))], span);
            let reference = map(vec![("Ref", text(id.as_str().into(), span))], span);
            let properties = map(
                vec![
                    ("PolicyName", text(name.into(), span)),
                    ("PolicyDocument", document),
                    ("Roles", list(vec![reference], span)),
                ],
                span,
            );
            let kind = text("AWS::IAM::Policy".into(), span);
            let node = map(vec![("Type", kind), ("Properties", properties)], span);
            self.insert(&format!("{id}/{name}"), Entry { key: span, node });
        }
    }

    /// The roles behind something to which rights are granted.
    fn roles(&self, to: &Argument) -> Vec<SmolStr> {
        let mut found = vec![];
        for key in owners(&self.program, &principal(to)) {
            self.roles_of(&key, 0, &mut found);
        }
        found.dedup();
        found
    }

    fn roles_of(&self, key: &SmolStr, depth: u32, found: &mut Vec<SmolStr>) {
        let Some(call) = self.program.trace.get(key).filter(|_| depth < 8) else { return };
        if self.program.is_a(key, "awsiam.Role") {
            found.push(key.clone());
            return;
        }
        let names = ["role", "version", "lambda"];
        let next = names.iter().find_map(|name| call.named.get(*name)).or(call.on.as_ref());
        for key in next.into_iter().flat_map(|next| owners(&self.program, next)) {
            self.roles_of(&key, depth + 1, found);
        }
    }

    /// A method that grants and that nothing describes.
    fn unknown_grant(&mut self, call: &Call) {
        let name = call.callee.rsplit(['#', '.']).next().unwrap_or_default();
        if !name.starts_with("grant") {
            return;
        }
        let values: Vec<Argument> = call.named.values().chain(&call.rest).cloned().collect();
        for value in values {
            self.attach_unknown(&value, &format!("what `{name}` grants"));
        }
    }

    /// Notes that a role holds something that nobody here knows.
    fn attach_unknown(&mut self, to: &Argument, what: &str) {
        for role in self.roles(to) {
            let Some(id) = self.ids.get(&role) else { continue };
            let Some(entry) = self.resources.get_mut(id) else { continue };
            let span = entry.key;
            let Value::Map(parts) = &mut entry.node.value else { continue };
            let Some(properties) = parts.get_mut("Properties") else { continue };
            let known = properties.node.get("ManagedPolicyArns").map(|node| node.one_or_many().to_vec());
            let mut policies = known.unwrap_or_default();
            policies.push(text(TemplateString::from(what), span));
            set(&mut properties.node, "ManagedPolicyArns", list(policies, span));
        }
    }
}

/// What a policy is called: the method that grants it.
fn policy_name(call: &Call) -> String {
    let method = call.callee.rsplit(['#', '.']).next().unwrap_or_default();
    let id = call.named.get("id").and_then(one_text).filter(|_| is_class(&call.callee));
    id.map_or_else(|| method.to_owned(), |id| id.to_string())
}

/// A value with members that only name its principal left out.
fn principal(to: &Argument) -> Argument {
    let plain = |(key, path): (SmolStr, SmolStr)| {
        let own = path.strip_suffix("grantPrincipal").map(|before| before.trim_end_matches('.'));
        referring(&key, own.unwrap_or(&path))
    };
    Argument::List(references(to).into_iter().map(plain).collect())
}
