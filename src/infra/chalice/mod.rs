//! Applications of AWS Chalice: settings in `.chalice/config.json`, functions by what the program beside it registers.
//!
//! The framework packages an application as a template of the serverless transform, and so does this reader.

mod registered;
mod settings;

use indexmap::IndexMap;

use self::registered::{Registered, registered};
use self::settings::Application;
use super::Settings;
use super::cloudformation::{Reading, deployment};
use super::documents::{Allowed, document, list, map, text};
use super::facts::chalice;
use super::model::{Deployment, Environment};
use crate::text::paths;
use crate::text::tree::{Entry, Node, Value};
use crate::text::{FileId, SmolStr, Source, Span, TemplateString, yaml};

/// The stage that is deployed where nobody says.
const STAGE: &str = "dev";
/// The role of every function that has none of its own.
const SHARED: &str = "DefaultRole";

/// The function that answers requests of the API.
const API: &str = "api_handler";

/// A function of the application.
struct Declared {
    /// Its name, and its id in the template.
    name: SmolStr,
    id: SmolStr,
    handler: String,
    /// What of the file is entered for other functions only.
    apart: Vec<SmolStr>,
    /// What it is registered for.
    registered: Vec<usize>,
}

/// Reads an application.
pub(super) fn read(source: &Source, file: FileId, settings: &Settings<'_>) -> Deployment {
    let (written, problems) = yaml::parse(source, file);
    let stage = settings.environment.unwrap_or(STAGE);
    let application = Application { written: &written, stage };
    let folder = paths::folder(paths::folder(source.path())).to_owned();
    let of_all = application.environment("");
    let variable = |name: &str| of_all.get(name).cloned();
    let registered = registered(&folder, file, settings, &variable);
    let functions = functions(&registered);
    let maker = Maker { application: &application, registered: &registered, folder: &folder, settings };
    let template = maker.template(&functions);
    let extend = |_: &Reading<'_>, deployment: &mut Deployment| {
        for function in &mut deployment.functions {
            if let Some(declared) = functions.iter().find(|known| known.id == function.id) {
                function.label = declared.name.clone();
            }
        }
    };
    let mut deployment = deployment(source, file, settings, &template, problems, &extend);
    deployment.environment = Some(Environment {
        name: stage.into(),
        chosen: settings.environment.is_some(),
        others: application.stages(),
    });
    deployment
}

/// The functions that an application comes to.
fn functions(registered: &[Registered]) -> Vec<Declared> {
    let mut functions: IndexMap<SmolStr, Declared> = IndexMap::new();
    for (one, place) in registered.iter().zip(0..) {
        let shared = one.facts.function.as_deref();
        let stated = one.arguments.get("name").and_then(TemplateString::as_literal);
        let name = SmolStr::from(shared.or(stated).unwrap_or(&one.routine));
        let own = || format!("{}.{}", one.module, one.routine);
        let handler = if one.by == "route" { "app.app".to_owned() } else { own() };
        let known = functions.entry(name.clone()).or_insert_with(|| Declared {
            id: resource_name(&name),
            name,
            handler,
            apart: vec![],
            registered: vec![],
        });
        known.registered.push(place);
    }
    let mut functions: Vec<Declared> = functions.into_values().collect();
    for function in &mut functions {
        let apart = registered.iter().zip(0..).filter(|(_, place)| !function.registered.contains(place));
        function.apart = apart.map(|(one, _)| one.routine.clone()).collect();
    }
    functions
}

/// A name as an id of the template.
fn resource_name(name: &str) -> SmolStr {
    if name == API {
        return "APIHandler".into();
    }
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let capital = |word: &str| -> String {
        let mut letters = word.chars();
        letters.next().into_iter().map(|first| first.to_ascii_uppercase()).chain(letters).collect()
    };
    words.map(capital).collect::<String>().into()
}

/// What the template is made of.
struct Maker<'a> {
    application: &'a Application<'a>,
    registered: &'a [Registered],
    folder: &'a str,
    settings: &'a Settings<'a>,
}

impl Maker<'_> {
    fn template(&self, functions: &[Declared]) -> Node {
        let span = self.application.written.span;
        let mut made: IndexMap<SmolStr, Entry> = IndexMap::new();
        for function in functions {
            made.insert(function.id.clone(), Entry { key: span, node: self.function(function, span) });
        }
        for function in functions {
            self.role(function, functions, &mut made, span);
        }
        map(vec![("Resources", Node::new(span, Value::Map(made)))], span)
    }

    fn function(&self, function: &Declared, span: Span) -> Node {
        let setting = |name: &str| self.application.setting(&function.name, name);
        let environment = self.application.environment(&function.name);
        let variables = environment.into_iter().map(|(name, value)| (name, text(value, span)));
        let variables = map(variables.collect(), span);
        let mut properties = vec![
            ("FunctionName", text(self.physical_name(&function.name), span)),
            ("Handler", text(function.handler.as_str().into(), span)),
            ("Runtime", text("python".into(), span)),
            ("CodeUri", text("..".into(), span)),
            ("Environment", map(vec![("Variables", variables)], span)),
            ("Role", self.role_of(function, span)),
        ];
        if let Some((subnets, groups)) = setting("subnet_ids").zip(setting("security_group_ids")) {
            let network = vec![("SubnetIds", subnets.clone()), ("SecurityGroupIds", groups.clone())];
            properties.push(("VpcConfig", map(network, span)));
        }
        if setting("xray").and_then(Node::as_flag) == Some(true) {
            properties.push(("Tracing", text("Active".into(), span)));
        }
        let events = function.registered.iter().filter_map(|place| self.event(*place, span));
        properties.push(("Events", map(events.collect(), span)));
        let apart = function.apart.iter().map(|name| name.as_str().into()).collect();
        map(
            vec![
                ("Type", text("AWS::Serverless::Function".into(), span)),
                ("Properties", map(properties, span)),
                ("Metadata", map(vec![("Apart", list(apart, span))], span)),
            ],
            span,
        )
    }

    fn physical_name(&self, name: &str) -> TemplateString {
        let prefix = [self.application.name().as_str(), "-", self.application.stage].concat();
        let whole = if name == API { prefix } else { [prefix.as_str(), "-", name].concat() };
        whole.as_str().into()
    }

    /// The event of a registration.
    fn event(&self, place: usize, span: Span) -> Option<(String, Node)> {
        let one = self.registered.get(place)?;
        let kind = one.facts.event.as_deref()?;
        let argument = |names: &str| names.split('|').find_map(|name| one.arguments.get(name));
        let mut properties = vec![];
        for (property, names) in &one.facts.source {
            let named = argument(names).cloned().unwrap_or_else(|| crate::text::Hole::Unknown.into());
            let arn = one.facts.arn.as_deref().filter(|_| !named.starts_with("arn:"));
            let named =
                arn.map_or_else(|| named.clone(), |arn| TemplateString::filled(arn, |_| named.clone()));
            properties.push((property.as_str(), text(named, span)));
        }
        for (property, name) in &one.facts.keys {
            properties.extend(argument(name).map(|value| (property.as_str(), text(value.clone(), span))));
        }
        let rule = |(name, from): (&String, &String)| {
            let value = text(argument(from)?.clone(), span);
            Some(map(vec![("Name", text(name.as_str().into(), span)), ("Value", value)], span))
        };
        let rules: Vec<Node> = one.facts.filters.iter().filter_map(rule).collect();
        if !rules.is_empty() {
            let rules = map(vec![("Rules", Node::new(span, Value::List(rules)))], span);
            properties.push(("Filter", map(vec![("S3Key", rules)], span)));
        }
        let event = vec![("Type", text(kind.into(), span)), ("Properties", map(properties, span))];
        Some((format!("{}{place}", one.by), map(event, span)))
    }

    fn is_analysed(&self, function: &Declared) -> bool {
        self.application.setting(&function.name, "autogen_policy").and_then(Node::as_flag) != Some(false)
    }

    fn role_id(&self, function: &Declared) -> SmolStr {
        if self.is_analysed(function) { SHARED.into() } else { [&*function.id, "Role"].concat().into() }
    }

    /// The role that a function runs with, as its property in the template.
    fn role_of(&self, function: &Declared, span: Span) -> Node {
        let managed = self.application.setting(&function.name, "manage_iam_role").and_then(Node::as_flag);
        let stated = self.application.setting(&function.name, "iam_role_arn");
        if let Some(role) = stated.filter(|_| managed == Some(false)) {
            return role.clone();
        }
        let words = [self.role_id(function).as_str(), "Arn"].map(|word| text(word.into(), span));
        map(vec![("Fn::GetAtt", Node::new(span, Value::List(words.into())))], span)
    }

    /// Adds the role of a function, where the framework makes it.
    fn role(&self, function: &Declared, all: &[Declared], made: &mut IndexMap<SmolStr, Entry>, span: Span) {
        if self.role_of(function, span).get("Fn::GetAtt").is_none() {
            return;
        }
        let id = self.role_id(function);
        if made.contains_key(&id) {
            return;
        }
        let mut properties = vec![];
        if self.is_analysed(function) {
            let policy = self.added(all, span);
            properties.push(("Policies", Node::new(span, Value::List(vec![policy]))));
            let rest = "what the analysis of `chalice` grants";
            properties.push(("ManagedPolicyArns", list(vec![rest.into()], span)));
        } else {
            match self.policy_file(function) {
                Some(policy) => properties.push(("Policies", Node::new(span, Value::List(vec![policy])))),
                None => properties
                    .push(("ManagedPolicyArns", list(vec!["a policy file that is not there".into()], span))),
            }
        }
        let kind = text("AWS::IAM::Role".into(), span);
        let node = map(vec![("Type", kind), ("Properties", map(properties, span))], span);
        made.insert(id, Entry { key: span, node });
    }

    /// What the framework adds to the role of all functions, whatever its analysis of the program finds.
    fn added(&self, all: &[Declared], span: Span) -> Node {
        let has = |setting: &str| {
            setting.is_empty()
                || all.iter().any(|function| {
                    let value = self.application.setting(&function.name, setting);
                    value.is_some_and(|value| value.as_flag() != Some(false))
                })
        };
        let allowed = |actions: &[String], resource: &str| Allowed {
            actions: actions.iter().map(|action| action.as_str().into()).collect(),
            resources: vec![resource.into()],
            conditions: vec![],
        };
        let settings = chalice().role.iter().filter(|addition| has(&addition.when));
        let mut statements: Vec<Allowed> =
            settings.map(|addition| allowed(&addition.actions, &addition.resource)).collect();
        let mut granting: Vec<&[String]> =
            self.registered.iter().map(|one| one.facts.grants.as_slice()).collect();
        granting.retain(|actions| !actions.is_empty());
        granting.sort_unstable();
        granting.dedup();
        statements.extend(granting.into_iter().map(|actions| allowed(actions, "*")));
        named_policy("DefaultRolePolicy", document(statements, span), span)
    }

    /// The policy that a file beside the settings holds.
    fn policy_file(&self, function: &Declared) -> Option<Node> {
        let stated = self.application.setting(&function.name, "iam_policy_file");
        let own = format!("policy-{}.json", self.application.stage);
        let name = stated.and_then(Node::as_str).unwrap_or(&own);
        let path = paths::climb(&paths::join(self.folder, ".chalice"), name)?;
        let json = (self.settings.sibling)(&path)?;
        let span = stated.map_or(self.application.written.span, |node| node.span);
        let file = FileId(0);
        let policy = super::documents::foreign(&json, file, span)?;
        Some(named_policy(name, policy, span))
    }
}

fn named_policy(name: &str, document: Node, span: Span) -> Node {
    map(vec![("PolicyName", text(name.into(), span)), ("PolicyDocument", document)], span)
}
