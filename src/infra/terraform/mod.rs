//! Terraform: the files of one folder are one deployment, with the modules of the project that they call.
//!
//! Resources are put in the terms of CloudFormation, by a table, and the template that comes of it is read as any other.
//! Blocks that are repeated for known keys are read once for each; what other loops and foreign modules come to stays open.

mod calls;
mod instances;
mod json;
mod known;
mod names;
mod plan;
mod policies;
mod scopes;
mod translate;
mod values;

use hcl_edit::Span as _;
use hcl_edit::parser::parse_body;
use hcl_edit::structure::{Block, Body};
use indexmap::IndexMap;

use self::instances::{Instances, id, label};
use self::scopes::{Bodies, Placed, labels};
use self::values::{In, Values, place};
use super::Settings;
use super::cloudformation::deployment;
use super::documents::map;
use super::facts::{TerraformType, terraform_type, terraform_types};
use super::model::{Deployment, Environment};
use super::paths::join;
use super::places::Places;
use super::references::Dialect;
use crate::text::paths::folder;
use crate::text::tree::{Entry, Node, Value};
use crate::text::{FileId, Problem, Site, SmolStr, Source, Span};

pub(super) use plan::{read as read_plan, shows as shows_plan};

/// Reads the files of a folder.
pub(super) fn read(files: &[(FileId, &Source)], settings: &Settings<'_>) -> Deployment {
    let Some((first, source)) = files.first() else { return Deployment::default() };
    let root = folder(source.path());
    let mut all: Vec<(FileId, &Source)> = files.to_vec();
    let mut folders: Vec<String> = vec![root.to_owned()];
    let mut problems = Problems::default();
    let mut places = Places::default();
    let mut parsed: Vec<(String, usize, Body)> = vec![];
    // Each folder that a module leads to brings further files.
    let mut next = 0;
    while let Some((file, source)) = all.get(next).copied() {
        let (base, body) = parse(source, file, &mut places, &mut problems);
        let here = folder(source.path()).to_owned();
        for path in body.iter().flat_map(|body| local_modules(body, &here)) {
            if !folders.contains(&path) {
                let more = (settings.among)(&path).into_iter();
                all.extend(more.filter_map(|file| Some((file, settings.sources.get(file)?))));
                folders.push(path);
            }
        }
        parsed.push((here, base, body.unwrap_or_default()));
        next += 1;
    }
    let bodies = |path: &str| -> Bodies<'_> {
        let path = if path == "." { "" } else { path };
        let of = parsed.iter().filter(|(folder, _, _)| folder == path);
        of.map(|(_, base, body)| (*base, body)).collect()
    };
    let (stated, environment) = stated(root, settings);
    let values =
        values(settings, &|repeated| scopes::scopes(root, stated.iter().collect(), &bodies, repeated));
    let template = template(&values);
    if values.is_spent() {
        let site = Site { file: *first, span: Span::default() };
        let message = "the values of these files grow without end: the rest of them stays open".to_owned();
        problems.placed.push(Problem { site, message });
    }
    let mut deployment = deployment(source, *first, settings, &template, problems.placed, &|_, _| {});
    deployment.dialect = Dialect::Terraform;
    deployment.own_names = own_names(&values);
    deployment.environment = environment;
    deployment.parts = folders.into_iter().skip(1).collect();
    for function in &mut deployment.functions {
        function.label = label(&function.id);
    }
    places.put_back(&mut deployment);
    deployment.problems.extend(problems.read);
    deployment
}

/// The values of the names. Modules that are called for several keys are read once for each.
fn values<'a>(
    settings: &'a Settings<'a>,
    scopes: &dyn Fn(&Instances) -> Vec<scopes::Scope<'a>>,
) -> Values<'a> {
    let once = Values::new(scopes(&Instances::default()), settings);
    let repeated = once.repeated_calls();
    if repeated.is_empty() { once } else { Values::new(scopes(&repeated), settings) }
}

/// What could not be read.
#[derive(Default)]
struct Problems {
    /// With places among all files.
    placed: Vec<Problem>,
    /// With places in their own files.
    read: Vec<Problem>,
}

/// The blocks of a file, with the place where it begins among all; none where it is no program.
fn parse(
    source: &Source,
    file: FileId,
    places: &mut Places,
    problems: &mut Problems,
) -> (usize, Option<Body>) {
    let written = json::is_json(source.path()).then(|| json::written(source, file));
    let (text, words) = match &written {
        Some((written, broken)) => {
            problems.read.extend(broken.iter().cloned());
            (written.text.as_str(), written.places.clone())
        }
        None => (source.text(), vec![]),
    };
    let base = places.add(file, text.len(), words);
    match parse_body(text) {
        Ok(body) => (base, Some(body)),
        Err(error) => {
            let at = error.location().offset();
            let site = Site { file, span: place(Some(at..at), base) };
            let message = format!("this is not valid HCL: {}", error.message());
            problems.placed.push(Problem { site, message });
            (base, None)
        }
    }
}

/// The folders of the project that a file calls as modules.
fn local_modules(body: &Body, here: &str) -> Vec<String> {
    let calls = body.blocks().filter(|block| block.ident.value().as_str() == "module");
    let source = |block: &Block| {
        let source = block.body.get_attribute("source")?.value.as_str()?.to_owned();
        let is_here = source.starts_with("./") || source.starts_with("../");
        join(here, &source).filter(|_| is_here)
    };
    calls.filter_map(source).map(|path| if path == "." { String::new() } else { path }).collect()
}

/// The files with values for variables, the most important last: those that are read without being named, then the one
/// that was chosen. With it, which that is, where there are some to choose from.
fn stated(root: &str, settings: &Settings<'_>) -> (Vec<Body>, Option<Environment>) {
    let is_read = |name: &str| name == "terraform.tfvars" || name.ends_with(".auto.tfvars");
    let listed: Vec<String> =
        (settings.listing)(root).into_iter().filter(|name| name.ends_with(".tfvars")).collect();
    let read = |name: &str| (settings.sibling)(&join(root, name)?)?.parse::<Body>().ok();
    let unasked = std::iter::once("terraform.tfvars")
        .chain(listed.iter().map(String::as_str).filter(|name| name.ends_with(".auto.tfvars")));
    let mut bodies: Vec<Body> = unasked.filter_map(read).collect();
    let asked = settings.environment.and_then(|name| read(name).or_else(|| read(&format!("{name}.tfvars"))));
    let others: Vec<SmolStr> = listed
        .iter()
        .filter(|name| !is_read(name))
        .filter_map(|name| name.strip_suffix(".tfvars").map(SmolStr::from))
        .collect();
    let chosen = asked.is_some();
    let name = settings.environment.filter(|_| chosen).unwrap_or("default").into();
    let environment = (chosen || !others.is_empty()).then_some(Environment { name, chosen, others });
    bodies.extend(asked);
    (bodies, environment)
}

/// What the folder calls the account, region and partition.
fn own_names(values: &Values<'_>) -> IndexMap<SmolStr, SmolStr> {
    let mut names = IndexMap::new();
    for (kind, name) in values.scopes.first().into_iter().flat_map(|root| root.data.keys()) {
        let own = match *kind {
            "aws_caller_identity" => ("account", "account_id"),
            "aws_region" => ("region", "name"),
            "aws_partition" => ("partition", "partition"),
            _ => continue,
        };
        names.entry(own.0.into()).or_insert_with(|| ["data.", kind, ".", name, ".", own.1].concat().into());
    }
    names
}

/// The template that the resources and modules of a deployment come to.
fn template(values: &Values<'_>) -> Node {
    let (mut parameters, mut resources) = (IndexMap::new(), IndexMap::new());
    for scope in values.all() {
        if scope.scope.caller.is_none() {
            parameters = self::parameters(scope);
        }
        for placed in &scope.scope.blocks {
            for instance in scope.instances(*placed) {
                let id = [scope.scope.prefix.as_str(), &id(placed.part), &instance.suffix].concat();
                scope.within(instance.bound.as_ref(), || declare(scope, *placed, &id, &mut resources));
            }
        }
    }
    translate::attach(&mut resources);
    let whole = Span::default();
    let parts = [("Parameters", parameters), ("Resources", resources)];
    map(parts.into_iter().map(|(name, part)| (name, Node::new(whole, Value::Map(part)))).collect(), whole)
}

/// Adds what a block declares.
fn declare<'a>(
    scope: In<'_, 'a>,
    placed: Placed<'a, Block>,
    id: &str,
    resources: &mut IndexMap<SmolStr, Entry>,
) {
    let span = place(placed.part.span(), placed.base);
    match (placed.part.ident.value().as_str(), labels(placed.part).as_slice()) {
        ("resource", [kind, _]) => {
            let body = scope.body(&placed.part.body, placed.base, span);
            let mut entry = translate::resource(terraform_type(kind), kind, &body, span);
            translate::unpack(&mut entry.node, scope);
            resources.insert(id.into(), entry);
        }
        ("module", [name]) => {
            let source = scope.scope.sources.get(name).map(String::as_str).unwrap_or_default();
            let Some((known, facts)) = known_module(source) else { return };
            let body = scope.body(&placed.part.body, placed.base, span);
            known::declare(id, known, facts, &body, span, resources);
            if let Some(entry) = resources.get_mut(id) {
                translate::unpack(&mut entry.node, scope);
            }
        }
        _ => {}
    }
}

/// The variables of the root with their values.
fn parameters(root: In<'_, '_>) -> IndexMap<SmolStr, Entry> {
    let mut parameters = IndexMap::new();
    let mut variables: Vec<_> = root.scope.variables.iter().collect();
    variables.sort_by_key(|(_, placed)| (placed.base, placed.part.span().map(|span| span.start)));
    for (name, placed) in variables {
        let span = place(placed.part.span(), placed.base);
        let own = root.scope.given(name).map(|given| root.value(given, usize::MAX));
        let default = || Some(root.value(&placed.part.body.get_attribute("default")?.value, placed.base));
        let parts = own.or_else(default).into_iter().filter(|value| value.as_template().is_some());
        let parts = parts.map(|value| ("Default", value)).collect();
        parameters.insert(SmolStr::from(*name), Entry { key: span, node: map(parts, span) });
    }
    parameters
}

/// A module that is known by its source, with its facts.
fn known_module(source: &str) -> Option<(&'static str, &'static TerraformType)> {
    let plain = source.split('?').next().unwrap_or(source);
    let plain = plain.trim_start_matches("git::").trim_start_matches("https://").trim_end_matches(".git");
    terraform_types()
        .find(|(name, facts)| {
            name.contains('/') && (*name == plain || facts.sources.iter().any(|known| known == plain))
        })
        .map(|(name, facts)| (name.as_str(), facts))
}
