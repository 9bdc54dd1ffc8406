//! Roles and the policies that they hold.

use indexmap::IndexMap;

use super::super::documents::{foreign, from_text};
use super::super::model::{Deployment, HeldPolicy, Resource, Role};
use super::super::sam;
use super::super::trust::trusted;
use super::functions::role_of;
use super::{Reading, says_something};
use crate::policy;
use crate::text::tree::Node;
use crate::text::{Hole, Site, SmolStr, Span, TemplateString};

/// The key of a role's policy that its format adds by itself. No template has it.
pub(in crate::infra) const IMPLIED: &str = "leastwise:implied";

/// Gives policies to a role.
pub(in crate::infra) struct Attachments<'a> {
    pub(in crate::infra) reading: &'a Reading<'a>,
    pub(in crate::infra) deployment: &'a Deployment,
}

/// The roles of a template with everything that the template attaches to them.
pub(super) fn read(reading: &Reading<'_>, deployment: &Deployment) -> IndexMap<SmolStr, Role> {
    let attachments = Attachments { reading, deployment };
    let mut roles = IndexMap::new();
    for (id, resource) in &deployment.resources {
        if resource.kind == "AWS::IAM::Role" {
            roles.insert(id.clone(), attachments.declared(resource));
        }
    }
    for function in &deployment.functions {
        sam::fill_role(&attachments, function, &mut roles);
    }
    for (id, resource) in &deployment.resources {
        attachments.attach_policy(id, resource, &mut roles);
    }
    sam::connectors(&attachments, &mut roles);
    super::given::read(reading, deployment, &mut roles);
    for role in roles.values_mut() {
        attachments.bound(role);
    }
    roles
}

impl Attachments<'_> {
    /// A role without policies.
    pub(in crate::infra) fn bare(site: Site, properties: &Node) -> Role {
        let boundary = properties.get("PermissionsBoundary").and_then(Node::as_template);
        Role {
            policies: Vec::new(),
            given: Vec::new(),
            refused: Vec::new(),
            unknown: Vec::new(),
            boundary,
            limits: Vec::new(),
            trusted: None,
            site,
        }
    }

    fn declared(&self, resource: &Resource) -> Role {
        let mut role = Self::bare(resource.site, &resource.properties);
        role.trusted = resource.properties.get("AssumeRolePolicyDocument").and_then(|document| {
            let file = resource.site.file;
            let written = document.as_template().and_then(|text| from_text(&text, file, document.span));
            trusted(written.as_ref().unwrap_or(document))
        });
        for policy in resource.properties.get("Policies").map(Node::one_or_many).unwrap_or_default() {
            let name = policy.get("PolicyName").and_then(Node::as_template);
            if let Some(document) = policy.get("PolicyDocument") {
                self.inline(&mut role, &name.unwrap_or_default(), document, policy.span);
                if let Some(last) = role.policies.last_mut().filter(|_| policy.get(IMPLIED).is_some()) {
                    last.implied = true;
                }
            }
        }
        for managed in resource.properties.get("ManagedPolicyArns").map(Node::one_or_many).unwrap_or_default()
        {
            if let Some(name) = managed.as_template() {
                self.managed(&mut role, &name, managed.span);
            }
        }
        role
    }

    /// A boundary that the template declares limits the role. One that it only names is somebody else's.
    fn bound(&self, role: &mut Role) {
        let Some(named) = role.boundary.clone() else { return };
        let Some((id, policy)) = self.declared_policy(&named) else { return };
        let Some(document) = policy.properties.get("PolicyDocument") else { return };
        let name = policy.name.clone().unwrap_or_else(|| id.as_str().into());
        let held = role.policies.len();
        self.inline(role, &name, document, policy.site.span);
        role.limits.extend(role.policies.drain(held..));
    }

    /// The managed policy of the template that a reference or an ARN leads to.
    fn declared_policy(&self, named: &TemplateString) -> Option<(&SmolStr, &Resource)> {
        let is_policy = |(_, resource): &(&SmolStr, &Resource)| resource.kind == "AWS::IAM::ManagedPolicy";
        let referred = named.holes().find_map(|hole| match hole {
            Hole::Resource { id, .. } => self.deployment.resources.get_key_value(id).filter(is_policy),
            _ => None,
        });
        referred.or_else(|| {
            let name = named.split('/').pop()?;
            let id = self.deployment.resource_named("AWS::IAM::ManagedPolicy", &name)?;
            self.deployment.resources.get_key_value(id)
        })
    }

    /// A policy that names the roles that it is attached to.
    fn attach_policy(&self, id: &str, resource: &Resource, roles: &mut IndexMap<SmolStr, Role>) {
        let (property, document, name) = match resource.kind.as_str() {
            "AWS::IAM::Policy" => ("Roles", "PolicyDocument", "PolicyName"),
            "AWS::IAM::ManagedPolicy" => ("Roles", "PolicyDocument", "ManagedPolicyName"),
            "AWS::IAM::RolePolicy" => ("RoleName", "PolicyDocument", "PolicyName"),
            _ => return,
        };
        let Some(document) = resource.properties.get(document) else { return };
        let name = resource.properties.get(name).and_then(Node::as_template);
        let name = name.unwrap_or_else(|| id.into());
        for attached in resource.properties.get(property).map(Node::one_or_many).unwrap_or_default() {
            let text = attached.as_template().unwrap_or_default();
            let role = role_of(self.deployment, &text).and_then(|id| roles.get_mut(&id));
            if let Some(role) = role {
                self.inline(role, &name, document, resource.site.span);
            }
        }
    }

    /// A policy whose statements stand in the template.
    pub(in crate::infra) fn inline(
        &self,
        role: &mut Role,
        name: &TemplateString,
        document: &Node,
        span: Span,
    ) {
        if !says_something(document) {
            return;
        }
        let site = self.reading.evaluator.site(span);
        let written = document.as_template().and_then(|text| from_text(&text, site.file, document.span));
        let document = written.as_ref().unwrap_or(document);
        if document.as_map().is_none() {
            role.unknown.push((name.clone(), site));
            return;
        }
        let (document, problems) = policy::parse(document, site.file);
        for problem in problems {
            self.reading.evaluator.problem(problem.site.span, problem.message);
        }
        role.policies.push(HeldPolicy { name: shown(name), document, implied: false, site });
    }

    /// A managed policy by its name or ARN: one of the template, one of AWS, or one that nobody here knows.
    pub(in crate::infra) fn managed(&self, role: &mut Role, named: &TemplateString, span: Span) {
        if let Some((id, policy)) = self.declared_policy(named) {
            let name = policy.name.clone().unwrap_or_else(|| id.as_str().into());
            if let Some(document) = policy.properties.get("PolicyDocument") {
                return self.inline(role, &name, document, policy.site.span);
            }
        }
        let site = self.reading.evaluator.site(span);
        let known = self.aws_managed(named).and_then(|name| {
            let json = (self.reading.settings.managed_policy)(&name)?;
            Some((name, foreign(&json, site.file, span)?))
        });
        let Some((name, document)) = known else {
            role.unknown.push((named.clone(), site));
            return;
        };
        let (document, _) = policy::parse(&document, site.file);
        let name: SmolStr = name.rsplit('/').next().unwrap_or_default().into();
        if !role.policies.iter().any(|held| held.name == name) {
            role.policies.push(HeldPolicy { name, document, implied: false, site });
        }
    }

    /// The name of a policy of AWS: its ARN in the first partition, or the name as it stands.
    fn aws_managed(&self, named: &TemplateString) -> Option<SmolStr> {
        let named = named.fill(|hole| matches!(hole, Hole::Partition).then(|| TemplateString::from("aws")));
        let literal = self.reading.evaluator.literal(&named)?;
        let own = literal.starts_with("arn:") && !literal.contains(":iam::aws:");
        (!own && !literal.is_empty()).then_some(literal)
    }
}

/// A policy's name as text.
fn shown(name: &TemplateString) -> SmolStr {
    name.to_string().into()
}
