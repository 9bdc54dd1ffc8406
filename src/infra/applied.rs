//! What Terraform has applied, or plans to: its state, and what `terraform show -json` prints of a plan or a state.

use indexmap::IndexMap;

use super::answers::{Answers, decoded_document};
use crate::policy::lint::Kind;
use crate::text::tree::Node;
use crate::text::{FileId, Site, SmolStr};

/// A resource, in whatever file it stands.
struct Applied<'a> {
    /// Its address without indices and modules (`aws_iam_role.orders`).
    address: String,
    kind: &'a str,
    values: &'a Node,
    /// What its arguments refer to, where the file says.
    expressions: Option<&'a Node>,
}

/// Whether the document is a state or a plan.
pub(super) fn is_applied(node: &Node) -> bool {
    let is_shown = node.get("format_version").is_some()
        && (node.get("planned_values").is_some() || node.get("values").is_some());
    is_shown || (node.get("terraform_version").is_some() && node.get("resources").is_some())
}

/// Takes in the roles of a state or plan.
pub(super) fn add(node: &Node, file: FileId, answers: &mut Answers) {
    let mut found = Vec::new();
    let root = node.get("planned_values").or_else(|| node.get("values"));
    if let Some(module) = root.and_then(|values| values.get("root_module")) {
        let expressions = node.at(&["configuration", "root_module"]).map(expressions).unwrap_or_default();
        shown(module, &expressions, &mut found);
    }
    for resource in node.get("resources").map(Node::one_or_many).unwrap_or_default() {
        stored(resource, &mut found);
    }
    let mut reader = Reader { file, answers, roles: IndexMap::new(), policies: IndexMap::new() };
    for resource in &found {
        reader.declared(resource);
    }
    for resource in &found {
        reader.attached(resource);
    }
}

/// What the arguments of each resource refer to.
fn expressions(module: &Node) -> IndexMap<String, &Node> {
    let resources = module.get("resources").map(Node::one_or_many).unwrap_or_default();
    let of = |resource: &'_ Node| resource.get("address").and_then(Node::as_str).map(str::to_owned);
    resources.iter().filter_map(|each| Some((of(each)?, each.get("expressions")?))).collect()
}

/// The resources of a module as `terraform show` prints them, and of those within.
fn shown<'a>(module: &'a Node, all: &IndexMap<String, &'a Node>, found: &mut Vec<Applied<'a>>) {
    for resource in module.get("resources").map(Node::one_or_many).unwrap_or_default() {
        let text = |key: &str| resource.get(key).and_then(Node::as_str);
        let (Some(kind), Some(name), Some(values)) = (text("type"), text("name"), resource.get("values"))
        else {
            continue;
        };
        if text("mode") != Some("data") {
            let address = format!("{kind}.{name}");
            let expressions = all.get(&address).copied();
            found.push(Applied { address, kind, values, expressions });
        }
    }
    let inner = module.get("child_modules").map(Node::one_or_many).unwrap_or_default();
    for module in inner {
        shown(module, &IndexMap::new(), found);
    }
}

/// The instances of a resource as a state stores them.
fn stored<'a>(resource: &'a Node, found: &mut Vec<Applied<'a>>) {
    let text = |key: &str| resource.get(key).and_then(Node::as_str);
    let (Some(kind), Some(name)) = (text("type"), text("name")) else { return };
    if text("mode") == Some("data") {
        return;
    }
    for instance in resource.get("instances").map(Node::one_or_many).unwrap_or_default() {
        if let Some(values) = instance.get("attributes") {
            let address = format!("{kind}.{name}");
            found.push(Applied { address, kind, values, expressions: None });
        }
    }
}

impl<'a> Applied<'a> {
    fn text(&self, key: &str) -> Option<&'a str> {
        self.values.get(key).and_then(Node::as_str).filter(|text| !text.is_empty())
    }

    /// The resource that an argument refers to, by its address.
    fn referred(&self, key: &str) -> Option<String> {
        let references = self.expressions?.at(&[key, "references"])?;
        let first = references.one_or_many().iter().find_map(Node::as_str)?;
        let parts: Vec<&str> = first.split('.').take(2).collect();
        Some(parts.join(".").split('[').next().unwrap_or_default().to_owned())
    }
}

struct Reader<'a> {
    file: FileId,
    answers: &'a mut Answers,
    /// Names of roles by their addresses.
    roles: IndexMap<String, SmolStr>,
    /// ARNs of policies by their addresses; the address itself where nobody knows the ARN yet.
    policies: IndexMap<String, SmolStr>,
}

impl Reader<'_> {
    fn site(&self, node: &Node) -> Site {
        Site { file: self.file, span: node.span }
    }

    /// Roles, policies and functions.
    fn declared(&mut self, resource: &Applied<'_>) {
        let name = SmolStr::from(resource.text("name").unwrap_or(&resource.address));
        match resource.kind {
            "aws_iam_role" => {
                self.roles.insert(resource.address.clone(), name.clone());
                let site = self.site(resource.values);
                let inline = resource.values.get("inline_policy").map(Node::one_or_many).unwrap_or_default();
                let inline: Vec<_> = inline
                    .iter()
                    .filter_map(|policy| {
                        let name = policy.get("name").and_then(Node::as_str).unwrap_or("");
                        decoded_document(policy.get("policy")?, name, Kind::Identity, self.file)
                    })
                    .collect();
                let arns = resource.values.get("managed_policy_arns").map(Node::one_or_many);
                let attached: Vec<(SmolStr, Site)> = arns
                    .unwrap_or_default()
                    .iter()
                    .filter_map(|arn| Some((arn.as_str()?.into(), self.site(arn))))
                    .collect();
                let role = self.answers.roles.entry(name).or_default();
                role.described = Some(site);
                role.inline.extend(inline);
                role.attached.extend(attached);
                role.boundary = resource.text("permissions_boundary").map(SmolStr::from);
            }
            "aws_iam_policy" => {
                let arn = SmolStr::from(resource.text("arn").unwrap_or(&resource.address));
                self.policies.insert(resource.address.clone(), arn.clone());
                let document = resource
                    .values
                    .get("policy")
                    .and_then(|policy| decoded_document(policy, &name, Kind::Identity, self.file));
                if let Some(document) = document {
                    self.answers.managed.insert(arn, document);
                }
            }
            "aws_lambda_function" => {
                let role = resource.text("role").map(|role| role.rsplit('/').next().unwrap_or(role).into());
                let referred =
                    resource.referred("role").and_then(|address| self.roles.get(&address).cloned());
                if let (Some(function), Some(role)) = (resource.text("function_name"), role.or(referred)) {
                    self.answers.functions.insert(function.into(), role);
                }
            }
            _ => {}
        }
    }

    /// What is attached to roles.
    fn attached(&mut self, resource: &Applied<'_>) {
        if !matches!(resource.kind, "aws_iam_role_policy" | "aws_iam_role_policy_attachment") {
            return;
        }
        let named = resource.text("role").map(SmolStr::from);
        let referred = || self.roles.get(&resource.referred("role")?).cloned();
        let Some(role) = named.or_else(referred) else { return };
        let site = self.site(resource.values);
        if resource.kind == "aws_iam_role_policy" {
            let name = resource.text("name").unwrap_or(&resource.address);
            let document = resource
                .values
                .get("policy")
                .and_then(|policy| decoded_document(policy, name, Kind::Identity, self.file));
            let role = self.answers.roles.entry(role).or_default();
            match document {
                Some(document) => role.inline.push(document),
                // The text is known only once it is applied.
                None => role.listed.push((name.into(), site)),
            }
            return;
        }
        let arn = resource.text("policy_arn").map(SmolStr::from);
        let referred = || self.policies.get(&resource.referred("policy_arn")?).cloned();
        let arn = arn.or_else(referred).unwrap_or_else(|| resource.address.as_str().into());
        self.answers.roles.entry(role).or_default().attached.push((arn, site));
    }
}
