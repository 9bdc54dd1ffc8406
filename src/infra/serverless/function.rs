//! A function of a service → the properties of the function in the template.

use indexmap::IndexMap;

use super::super::documents::{map, text};
use super::super::facts::framework;
use super::super::sam;
use super::role::role_of;
use super::service::{Declared, Service, resource};
use super::{arn_of, is_reference};
use crate::text::tree::{Entry, Node, Value};
use crate::text::{SmolStr, Span};

/// The type of a function in the template.
const FUNCTION: &str = "AWS::Lambda::Function";
/// What runs a function where neither it nor the provider says.
const RUNTIME: &str = "nodejs20.x";

/// Adds a function and its log group.
pub(super) fn declare(service: &Service<'_>, function: &Declared, made: &mut IndexMap<SmolStr, Entry>) {
    let span = function.span;
    let name = service.physical_name(function);
    let mut parts = vec![("FunctionName", text(name.clone(), span))];
    parts.extend(basics(service, function));
    parts.extend(places(service, function));
    let mut made_of = resource(FUNCTION, map(parts, span), span);
    if let (Value::Map(map), Some(image)) = (&mut made_of.node.value, image(service, function)) {
        let (image, metadata) = image;
        if let Some(properties) = map.get_mut("Properties") {
            properties.node = sam::merge(&properties.node, &image);
        }
        map.extend(metadata.map(|node| ("Metadata".into(), Entry { key: span, node })));
    }
    made.insert(function.id.clone(), made_of);
    let muted = setting(service, function, "disableLogs").and_then(Node::as_flag) == Some(true);
    if !muted && log_group(service, function).is_none() {
        let mut group = crate::text::TemplateString::from("/aws/lambda/");
        group.push(&name);
        let properties = map(vec![("LogGroupName", text(group, span))], span);
        let id = [&super::service::normalized(&function.key), "LogGroup"].concat();
        made.insert(id.into(), resource("AWS::Logs::LogGroup", properties, span));
    }
}

/// A setting of the function, else that of the provider.
fn setting<'a>(service: &Service<'a>, function: &'a Declared, key: &str) -> Option<&'a Node> {
    let own = function.node.get(key).filter(|node| node.value != Value::Null);
    own.or_else(|| service.provider(&[key]))
}

fn log_group<'a>(service: &Service<'a>, function: &'a Declared) -> Option<&'a Node> {
    function.node.at(&["logs", "logGroup"]).or_else(|| service.provider(&["logs", "lambda", "logGroup"]))
}

/// Handler, runtime, role, code, environment and layers.
fn basics(service: &Service<'_>, function: &Declared) -> Vec<(&'static str, Node)> {
    let span = function.span;
    let mut parts = vec![];
    parts.extend(handler(service, function).map(|handler| ("Handler", handler)));
    let runtime = setting(service, function, "runtime").cloned();
    parts.push(("Runtime", runtime.unwrap_or_else(|| text(RUNTIME.into(), span))));
    parts.push(("Role", role_of(service, function)));
    let artifact = function.node.at(&["package", "artifact"]);
    let artifact = artifact.or_else(|| service.root.at(&["package", "artifact"])).cloned();
    parts.push(("Code", artifact.unwrap_or_else(|| text(".".into(), span))));
    let mut environment = IndexMap::new();
    for variables in [service.provider(&["environment"]), function.node.get("environment")] {
        environment.extend(variables.and_then(Node::as_map).cloned().into_iter().flatten());
    }
    let variables = Node::new(span, Value::Map(environment));
    parts.push(("Environment", map(vec![("Variables", variables)], span)));
    parts.extend(setting(service, function, "layers").map(|layers| ("Layers", layers.clone())));
    parts
}

/// The handler. What the plugin for WSGI applications puts in front of one stands for that application.
fn handler(service: &Service<'_>, function: &Declared) -> Option<Node> {
    let handler = function.node.get("handler")?;
    let wrapped = matches!(handler.as_str(), Some("wsgi.handler" | "wsgi_handler.handler"));
    let application = service.root.at(&["custom", "wsgi", "app"]).filter(|_| wrapped);
    let handler = application.unwrap_or(handler);
    let inside = handler.as_template().and_then(|text| text.strip_prefix("./"));
    Some(inside.map_or_else(|| handler.clone(), |inside| text(inside, handler.span)))
}

/// Network, tracing, file systems, keys, destinations, logs and the function's own URL.
fn places(service: &Service<'_>, function: &Declared) -> Vec<(&'static str, Node)> {
    let mut parts = vec![];
    if let Some(vpc) = vpc(service, function) {
        let renamed = [("securityGroupIds", "SecurityGroupIds"), ("subnetIds", "SubnetIds")];
        parts.push(("VpcConfig", translated(vpc, &renamed)));
    }
    if is_traced(service, function) {
        let mode = text("Active".into(), function.span);
        parts.push(("TracingConfig", map(vec![("Mode", mode)], function.span)));
    }
    if let Some(target) = setting(service, function, "onError") {
        parts.push(("DeadLetterConfig", map(vec![("TargetArn", target.clone())], target.span)));
    }
    parts.extend(key(service, function).map(|key| ("KmsKeyArn", key.clone())));
    if let Some(files) = function.node.get("fileSystemConfig") {
        let renamed = [("arn", "Arn"), ("localMountPath", "LocalMountPath")];
        parts.push((
            "FileSystemConfigs",
            Node::new(files.span, Value::List(vec![translated(files, &renamed)])),
        ));
    }
    let destinations = destinations(service, function);
    if !destinations.is_empty() {
        let span = function.span;
        let config = destinations.into_iter().map(|(when, service, target)| {
            let kind = text(service.as_str().into(), target.span);
            (when, map(vec![("Destination", target.clone()), ("Type", kind)], target.span))
        });
        let config = map(vec![("DestinationConfig", map(config.collect(), span))], span);
        parts.push(("EventInvokeConfig", config));
    }
    if let Some(group) = log_group(service, function) {
        parts.push(("LoggingConfig", map(vec![("LogGroup", group.clone())], group.span)));
    }
    let snap = setting(service, function, "snapStart").filter(|snap| snap.as_flag() == Some(true));
    parts.extend(snap.map(|snap| {
        let when = text("PublishedVersions".into(), snap.span);
        ("SnapStart", map(vec![("ApplyOn", when)], snap.span))
    }));
    parts.extend(function.node.get("url").map(|url| ("FunctionUrlConfig", url.clone())));
    parts
}

/// The network that a function is put into.
pub(super) fn vpc<'a>(service: &Service<'a>, function: &'a Declared) -> Option<&'a Node> {
    setting(service, function, "vpc").filter(|vpc| vpc.as_map().is_some_and(|map| !map.is_empty()))
}

/// Whether requests are traced.
pub(super) fn is_traced(service: &Service<'_>, function: &Declared) -> bool {
    let tracing = function.node.get("tracing").or_else(|| service.provider(&["tracing", "lambda"]));
    tracing.is_some_and(|tracing| {
        tracing.as_flag() == Some(true) || matches!(tracing.as_str(), Some("Active" | "PassThrough"))
    })
}

/// The customer's key for the environment.
pub(super) fn key<'a>(service: &Service<'a>, function: &'a Declared) -> Option<&'a Node> {
    let names = ["kmsKeyArn", "awsKmsKeyArn"];
    names.into_iter().find_map(|name| setting(service, function, name))
}

/// Where the results of asynchronous invocations go: when, to which service, and the ARN.
pub(super) fn destinations(service: &Service<'_>, function: &Declared) -> Vec<(&'static str, String, Node)> {
    let mut found = vec![];
    for (key, when) in [("onSuccess", "OnSuccess"), ("onFailure", "OnFailure")] {
        let Some(node) = function.node.at(&["destinations", key]) else { continue };
        let named = node.as_str().and_then(|name| service.functions.get(name));
        if let Some(named) = named {
            found.push((when, "lambda".to_owned(), arn_of(&named.id, node.span)));
            continue;
        }
        let (service, target) = destination(node);
        found.push((when, service, target));
    }
    found
}

/// A destination that is named by its ARN: the service and the ARN.
pub(super) fn destination(node: &Node) -> (String, Node) {
    let target = node.get("arn").filter(|_| !is_reference(node)).unwrap_or(node);
    let stated = node.get("type").and_then(Node::as_str);
    let service = stated.map(|stated| framework().destination_service(stated).to_owned());
    let of_arn = || {
        let arn = target.as_template()?;
        Some(arn.split(':').get(2)?.as_literal()?.to_owned())
    };
    (service.or_else(of_arn).unwrap_or_default(), target.clone())
}

/// What stands in for handler and code where a function is an image, and how that is built.
fn image(service: &Service<'_>, function: &Declared) -> Option<(Node, Option<Node>)> {
    let image = function.node.get("image")?;
    let span = image.span;
    let named = image.as_str().or_else(|| image.get("name").and_then(Node::as_str));
    let built = named.and_then(|name| service.provider(&["ecr", "images", name]));
    let path = built.map(|built| built.get("path").unwrap_or(built)).and_then(Node::as_str);
    let uri = image.get("uri").unwrap_or(image).as_template().or_else(|| named.map(Into::into));
    let uri = text(uri.unwrap_or_else(|| "an image".into()), span);
    let mut parts = vec![("PackageType", text("Image".into(), span)), ("ImageUri", uri)];
    if let Some(command) = image.get("command") {
        parts.push(("ImageConfig", map(vec![("Command", command.clone())], span)));
    }
    let is_local = path.filter(|path| !path.contains(".dkr.ecr."));
    let metadata = is_local.map(|path| {
        let file = built.and_then(|built| built.get("file")?.as_str()).unwrap_or("Dockerfile");
        let context = ("DockerContext", text(path.into(), span));
        map(vec![context, ("Dockerfile", text(file.into(), span))], span)
    });
    Some((map(parts, span), metadata))
}

/// A map with its keys as the template spells them.
fn translated(node: &Node, names: &[(&str, &str)]) -> Node {
    let span: Span = node.span;
    let parts = names.iter().filter_map(|(from, to)| Some((*to, node.get(from)?.clone())));
    map(parts.collect(), span)
}
