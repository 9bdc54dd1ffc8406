//! What overlays say of services and operations: checked, and merged with what the catalog says.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::file::{OperationChange, ServiceChange};
use super::place::{Step, at, element, name};
use super::{Mistake, OverlayFile};
use crate::catalog::arn::holes;
use crate::catalog::facts::{self, Prefix, Rule};
use crate::catalog::pack::{self, Outcome};
use crate::catalog::writer::Writer;
use crate::catalog::{
    Action, ArnTemplate, Catalog, Filter, Operation, Path, ResourceRule, ResourceType, Service,
    Step as PathStep, When,
};

const AUTHORIZATIONS: [&str; 2] = ["actions", "none"];
const CLASSES: [&str; 6] = ["always", "conditional", "pass-role", "state", "optional", "forward"];
const CONFIDENCES: [&str; 3] = ["low", "medium", "high"];

/// Where a rule of an overlay comes from.
const PROVENANCE: &str = "overlay";

type Checked = Result<(), Mistake>;

/// The services and prefixes that overlays touch, with everything that the catalog knows of them.
#[derive(Default)]
pub(super) struct Merged {
    services: BTreeMap<String, facts::Service>,
    prefixes: BTreeMap<String, Prefix>,
}

impl Merged {
    /// Takes in services, actions and resource types, so that rules may name them.
    pub(super) fn declare(&mut self, catalog: Catalog, file: &OverlayFile) -> Checked {
        for (service, change) in &file.services {
            let path = at(&at(&[], "services"), service);
            self.declare_service(&path, catalog, service, change)?;
        }
        Ok(())
    }

    /// Takes in what changes about operations.
    pub(super) fn change(&mut self, catalog: Catalog, file: &OverlayFile) -> Checked {
        for (service, change) in &file.services {
            let path = at(&at(&at(&[], "services"), service), "operations");
            for (operation, change) in &change.operations {
                self.change_operation(&path, catalog, service, operation, change)?;
            }
        }
        Ok(())
    }

    /// The table, where there is anything to put into it.
    pub(super) fn pack(self) -> Outcome<Option<Vec<u8>>> {
        if self.services.is_empty() {
            return Ok(None);
        }
        let mut writer = Writer::new()?;
        let services: Vec<facts::Service> = self.services.into_values().map(sorted).collect();
        let prefixes: Vec<Prefix> = self.prefixes.into_values().collect();
        pack::pack(&mut writer, &services, &prefixes)?;
        writer.finish().map(Some)
    }

    fn declare_service(
        &mut self,
        path: &[Step],
        catalog: Catalog,
        service: &str,
        change: &ServiceChange,
    ) -> Checked {
        let known = catalog.service(service).map(service_facts);
        if !self.services.contains_key(service) {
            let fresh = known.or_else(|| {
                Some(facts::Service {
                    name: service.to_owned(),
                    prefix: change.prefix.clone()?,
                    id: change.id.clone().unwrap_or_else(|| service.to_owned()),
                    operations: IndexMap::new(),
                    paginators: vec![],
                    waiters: IndexMap::new(),
                })
            });
            let Some(fresh) = fresh else {
                let message =
                    format!("there is no service `{service}`: a new one states the `prefix` of its actions");
                let names = catalog.services().map(Service::name);
                return Err(Mistake::new(&name(&at(&[], "services"), service), message).near(service, names));
            };
            self.services.insert(service.to_owned(), fresh);
        }
        let Some(merged) = self.services.get_mut(service) else { return Ok(()) };
        if let Some(prefix) = &change.prefix {
            if prefix.is_empty()
                || !prefix
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            {
                return Err(Mistake::new(&at(path, "prefix"), format!("`{prefix}` is no prefix of actions")));
            }
            merged.prefix.clone_from(prefix);
        }
        let prefix = merged.prefix.clone();
        self.declare_actions(path, catalog, &prefix, change)
    }

    fn declare_actions(
        &mut self,
        path: &[Step],
        catalog: Catalog,
        prefix: &str,
        change: &ServiceChange,
    ) -> Checked {
        if change.actions.is_empty() && change.resource_types.is_empty() {
            return Ok(());
        }
        let merged = self.prefixes.entry(prefix.to_owned()).or_insert_with(|| prefix_facts(catalog, prefix));
        for (kind, fact) in &change.resource_types {
            merged.resource_types.insert(kind.clone(), fact.clone());
        }
        merged.resource_types.sort_unstable_keys();
        for (action, fact) in &change.actions {
            let path = at(&at(path, "actions"), action);
            let levels = ["List", "Read", "Tagging", "Write", "Permissions management"];
            one_of(&at(&path, "access"), &fact.access, "access level", &levels)?;
            for (index, kind) in fact.resource_types.iter().enumerate() {
                let kind = kind.trim_end_matches('*');
                if !merged.resource_types.contains_key(kind) {
                    let message = format!("{prefix} has no resource type `{kind}`");
                    let path = element(&at(&path, "resource_types"), index);
                    let names = merged.resource_types.keys().map(String::as_str);
                    return Err(Mistake::new(&path, message).near(kind, names));
                }
            }
            merged.actions.insert(action.clone(), fact.clone());
        }
        merged
            .actions
            .sort_by(|left, _, right, _| left.to_ascii_lowercase().cmp(&right.to_ascii_lowercase()));
        Ok(())
    }

    fn change_operation(
        &mut self,
        path: &[Step],
        catalog: Catalog,
        service: &str,
        operation: &str,
        change: &OperationChange,
    ) -> Checked {
        let known = self.services.get(service).and_then(|merged| merged.operations.get(operation));
        let here = at(path, operation);
        let Some(parameters) =
            change.parameters.clone().or_else(|| known.map(|known| known.parameters.clone()))
        else {
            let message =
                format!("{service} has no operation `{operation}`: a new one states its `parameters`");
            let names = self.services.get(service).map(|merged| merged.operations.keys().map(String::as_str));
            return Err(
                Mistake::new(&name(path, operation), message).near(operation, names.into_iter().flatten())
            );
        };
        let authorization = change.authorization.as_deref();
        if let Some(authorization) = authorization {
            one_of(&at(&here, "authorization"), authorization, "authorization", &AUTHORIZATIONS)?;
        }
        if (authorization == Some("none")) != change.rules.is_empty()
            && (known.is_none() || authorization.is_some())
        {
            let message = format!("{service}.{operation} states rules, or the authorization `none`");
            return Err(Mistake::new(&name(path, operation), message));
        }
        for (index, rule) in change.rules.iter().enumerate() {
            let path = element(&at(&here, "rules"), index);
            self.check_rule(&path, catalog, &parameters, rule)?;
        }
        let rules = change.rules.iter().cloned().map(completed);
        let merged = self.services.get_mut(service);
        let Some(merged) = merged else { return Ok(()) };
        let entry = merged.operations.entry(operation.to_owned()).or_insert_with(|| facts::Operation {
            parameters: vec![],
            authorization: None,
            rules: vec![],
        });
        entry.parameters = parameters;
        if authorization.is_some() || !change.rules.is_empty() {
            entry.authorization = Some(authorization.unwrap_or("actions").to_owned());
            if !change.add {
                entry.rules.clear();
            }
            entry.rules.extend(rules);
        }
        Ok(())
    }

    fn check_rule(&self, path: &[Step], catalog: Catalog, parameters: &[String], rule: &Rule) -> Checked {
        self.check_action(&at(path, "action"), catalog, &rule.action)?;
        let class = rule.class.as_deref().unwrap_or("always");
        one_of(&at(path, "class"), class, "class", &CLASSES)?;
        if class == "conditional" && rule.when.is_empty() {
            return Err(Mistake::new(&at(path, "class"), "a conditional rule says `when`"));
        }
        if let Some(confidence) = &rule.confidence {
            one_of(&at(path, "confidence"), confidence, "confidence", &CONFIDENCES)?;
        }
        condition(&at(path, "when"), parameters, &rule.when)?;
        for (index, resource) in rule.resources.iter().enumerate() {
            self.check_resource(
                &element(&at(path, "resources"), index),
                catalog,
                parameters,
                rule,
                resource,
            )?;
        }
        for (list, conditions) in [("conditions", &rule.conditions), ("narrowing", &rule.narrowing)] {
            for (key, value) in conditions {
                if !key.contains(':') {
                    let message = format!("`{key}` is no condition key");
                    return Err(Mistake::new(&name(&at(path, list), key), message));
                }
                template(&at(&at(path, list), key), parameters, value)?;
            }
        }
        Ok(())
    }

    fn check_action(&self, path: &[Step], catalog: Catalog, action: &str) -> Checked {
        let Some((prefix, own)) = action.split_once(':') else {
            return Err(Mistake::new(path, format!("`{action}` is no action: write `prefix:Name`")));
        };
        let declared = self.prefixes.get(prefix);
        if declared.is_some_and(|prefix| prefix.actions.contains_key(own)) || is_action(catalog, action) {
            return Ok(());
        }
        let known: Vec<String> = catalog.actions(prefix).map(|action| action.to_string()).collect();
        let own = declared.into_iter().flat_map(|prefix| prefix.actions.keys());
        let own: Vec<String> = own.map(|name| format!("{prefix}:{name}")).collect();
        let names = known.iter().chain(&own).map(String::as_str);
        Err(Mistake::new(path, format!("there is no action `{action}`")).near(action, names))
    }

    fn check_resource(
        &self,
        path: &[Step],
        catalog: Catalog,
        parameters: &[String],
        rule: &Rule,
        resource: &[String],
    ) -> Checked {
        let (kind, arn, when) = match resource {
            [kind, arn] => (kind, arn, ""),
            [kind, arn, when] => (kind, arn, when.as_str()),
            _ => {
                return Err(Mistake::new(
                    path,
                    "a resource is a type, an ARN template and perhaps a condition",
                ));
            }
        };
        let prefix = rule.action.split(':').next().unwrap_or_default();
        let declared = self.prefixes.get(prefix).is_some_and(|known| known.resource_types.contains_key(kind));
        if kind != "*" && !declared && catalog.resource_type(prefix, kind).is_none() {
            let message = format!("{prefix} has no resource type `{kind}`");
            let names = catalog.resource_types(prefix).map(ResourceType::name);
            return Err(Mistake::new(&element(path, 0), message).near(kind, names));
        }
        let whole = ["arn:", "${"].iter().any(|start| arn.starts_with(start));
        if arn != "*" && !whole {
            return Err(Mistake::new(&element(path, 1), format!("`{arn}` is no ARN")));
        }
        template(&element(path, 1), parameters, arn)?;
        condition(&element(path, 2), parameters, when)
    }
}

/// Whether the catalog has an action, spelled that way.
fn is_action(catalog: Catalog, action: &str) -> bool {
    catalog.action(action).is_some_and(|known| known.to_string() == action)
}

/// A rule with what it need not state.
fn completed(rule: Rule) -> Rule {
    let any = || vec![vec!["*".to_owned(), "*".to_owned()]];
    Rule {
        resources: if rule.resources.is_empty() { any() } else { rule.resources },
        provenance: Some(rule.provenance.unwrap_or_else(|| PROVENANCE.to_owned())),
        ..rule
    }
}

fn one_of(path: &[Step], text: &str, what: &str, known: &[&str]) -> Checked {
    if known.contains(&text) {
        return Ok(());
    }
    Err(Mistake::new(path, format!("`{text}` is no {what}")).near(text, known.iter().copied()))
}

/// Checks that a condition asks about members of the request.
fn condition(path: &[Step], parameters: &[String], text: &str) -> Checked {
    if text.is_empty() {
        return Ok(());
    }
    When::parse(text).paths().try_for_each(|asked| member(path, parameters, asked))
}

/// Checks that the holes of a template are filled by members of the request, through filters that there are.
fn template(path: &[Step], parameters: &[String], text: &str) -> Checked {
    for hole in holes(text) {
        if let Some(filter) = hole.split('|').skip(1).find(|filter| Filter::parse(filter).is_none()) {
            return Err(Mistake::new(path, format!("`{filter}` is no filter")));
        }
    }
    ArnTemplate::parse(text).paths().try_for_each(|asked| member(path, parameters, asked))
}

fn member(path: &[Step], parameters: &[String], asked: Path<'_>) -> Checked {
    let first = asked.steps().find_map(|step| match step {
        PathStep::Field(field) => Some(field),
        _ => None,
    });
    let first = first.unwrap_or_default();
    if parameters.iter().any(|parameter| parameter == first) {
        return Ok(());
    }
    let message = format!("the request has no parameter `{first}`");
    Err(Mistake::new(path, message).near(first, parameters.iter().map(String::as_str)))
}

/// A service with its operations in the order of the table.
fn sorted(mut service: facts::Service) -> facts::Service {
    service
        .operations
        .sort_by(|left, _, right, _| left.to_ascii_lowercase().cmp(&right.to_ascii_lowercase()));
    service
}

fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    texts.map(str::to_owned).collect()
}

/// What the catalog says of a service.
fn service_facts(service: Service) -> facts::Service {
    let operation = |operation: Operation| {
        let facts = facts::Operation {
            parameters: texts(operation.parameters()),
            authorization: Some(operation.authorization().name().to_owned()),
            rules: operation.rules().map(rule_facts).collect(),
        };
        (operation.name().to_owned(), facts)
    };
    facts::Service {
        name: service.name().to_owned(),
        prefix: service.prefix().to_owned(),
        id: service.service_id().to_owned(),
        operations: service.operations().map(operation).collect(),
        paginators: texts(service.paginators().map(Operation::name)),
        waiters: service.waiters().map(|(name, asked)| (name.to_owned(), asked.name().to_owned())).collect(),
    }
}

fn rule_facts(rule: crate::catalog::Rule) -> Rule {
    let resource =
        |resource: ResourceRule| texts([resource.kind(), resource.arn()].into_iter().chain(resource.when()));
    let conditions = |narrowing| {
        let meant = rule.conditions().filter(move |condition| condition.is_narrowing() == narrowing);
        meant.map(|condition| (condition.key().to_owned(), condition.value().to_owned())).collect()
    };
    Rule {
        action: rule.action().to_owned(),
        class: Some(rule.class().name().to_owned()),
        when: rule.when().unwrap_or_default().to_owned(),
        resources: rule.resources().map(resource).collect(),
        conditions: conditions(false),
        narrowing: conditions(true),
        provenance: Some(rule.provenance().to_owned()),
        confidence: Some(rule.confidence().name().to_owned()),
        note: rule.note().to_owned(),
    }
}

/// What the catalog says of a prefix; nothing where it is new.
fn prefix_facts(catalog: Catalog, prefix: &str) -> Prefix {
    let action = |action: Action| {
        let kinds = action.resource_types();
        let facts = facts::Action {
            access: action.access_level().name().to_owned(),
            resource_types: kinds
                .map(|(kind, always)| format!("{}{}", kind.name(), if always { "*" } else { "" }))
                .collect(),
            condition_keys: texts(action.condition_keys()),
            dependents: texts(action.dependents()),
        };
        (action.name().to_owned(), facts)
    };
    let kind = |kind: ResourceType| {
        let facts = facts::ResourceType {
            arn: texts(kind.arn_patterns()),
            condition_keys: texts(kind.condition_keys()),
        };
        (kind.name().to_owned(), facts)
    };
    Prefix {
        name: prefix.to_owned(),
        actions: catalog.actions(prefix).map(action).collect(),
        resource_types: catalog.resource_types(prefix).map(kind).collect(),
    }
}
