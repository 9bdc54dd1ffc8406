//! What is deployed, as the AWS command line prints it: answers of `aws iam …` and `aws lambda …`, policy documents, or
//! a list of any of them.

use indexmap::IndexMap;

use super::documents::foreign;
use super::model::{HeldPolicy, Role};
use super::trust::trusted;
use crate::policy;
use crate::policy::lint::Kind;
use crate::text::tree::{Node, Value};
use crate::text::{FileId, Site, SmolStr, Source, TemplateString};

/// The type of policies of an organization that limit what its accounts may do.
const SERVICE_CONTROL: &str = "SERVICE_CONTROL_POLICY";

/// A policy document in an answer.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Its name.
    pub name: SmolStr,
    /// The document.
    pub node: Node,
    /// What it is attached to.
    pub kind: Kind,
    /// Where it stands.
    pub site: Site,
}

/// What answers say of a role.
#[derive(Clone, Debug, Default)]
pub struct AnsweredRole {
    /// Its inline policies.
    pub inline: Vec<Answered>,
    /// Names of inline policies that are listed without their documents.
    pub listed: Vec<(SmolStr, Site)>,
    /// The managed policies attached to it, by ARN.
    pub attached: Vec<(SmolStr, Site)>,
    /// The policy that bounds it, by ARN.
    pub boundary: Option<SmolStr>,
    /// The services that its trust policy lets in, where it is told.
    pub trusted: Option<Vec<TemplateString>>,
    /// Where all of its policies are listed, where they are.
    pub described: Option<Site>,
}

/// What answers say.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Roles by name. What is not said of a role by name stands under the empty name.
    pub roles: IndexMap<SmolStr, AnsweredRole>,
    /// Managed policies by ARN.
    pub managed: IndexMap<SmolStr, Answered>,
    /// The name of each function's role.
    pub functions: IndexMap<SmolStr, SmolStr>,
    /// Documents that are no role's: trust policies, those of resources.
    pub others: Vec<Answered>,
    /// Parts that are no answer.
    pub unknown: Vec<Site>,
}

/// Whether the document looks like an answer, and not like a policy of its own.
pub fn is_answer(node: &Node) -> bool {
    let known = [
        "PolicyDocument",
        "PolicyVersion",
        "RoleDetailList",
        "Role",
        "AttachedPolicies",
        "PolicyNames",
        "Configuration",
        "FunctionArn",
        "Functions",
        "Policy",
        "Policies",
        "Roles",
        "Versions",
        "Document",
    ];
    node.as_list().is_some_and(|list| list.iter().any(|each| is_answer(each) || is_document(each)))
        || (node.get("Statement").is_none() && known.iter().any(|key| node.get(key).is_some()))
}

fn is_document(node: &Node) -> bool {
    node.get("Statement").is_some()
}

impl Answers {
    /// Takes in a file: one answer or document, or a list of them. `name` is what a bare document is called.
    pub fn add(&mut self, node: &Node, file: FileId, name: &str) {
        let mut reader = Reader { file, name, answers: self };
        match node.as_list() {
            Some(list) => list.iter().for_each(|each| reader.answer(each)),
            None => reader.answer(node),
        }
    }

    /// The names of the roles.
    pub fn names(&self) -> Vec<&str> {
        self.roles.keys().map(SmolStr::as_str).filter(|name| !name.is_empty()).collect()
    }

    /// What a role holds. `managed` has the documents of the policies that AWS manages.
    pub fn role(&self, name: &str, managed: &dyn Fn(&str) -> Option<String>) -> Option<Role> {
        let own = self.roles.get(name).filter(|_| !name.is_empty());
        let found: Vec<&AnsweredRole> = own.into_iter().chain(self.roles.get("")).collect();
        let site = found.iter().find_map(|role| role.site())?;
        let mut role = Role {
            policies: vec![],
            given: vec![],
            refused: vec![],
            unknown: vec![],
            boundary: None,
            limits: vec![],
            trusted: found.iter().find_map(|role| role.trusted.clone()),
            site,
        };
        for answered in &found {
            self.fill(&mut role, answered, managed);
        }
        let is_written =
            |name: &str| found.iter().flat_map(|role| &role.inline).any(|policy| policy.name == name);
        let listed = found.iter().flat_map(|role| &role.listed).filter(|(name, _)| !is_written(name));
        role.unknown.extend(listed.map(|(name, site)| (name.as_str().into(), *site)));
        Some(role)
    }

    fn fill(&self, role: &mut Role, answered: &AnsweredRole, managed: &dyn Fn(&str) -> Option<String>) {
        for policy in &answered.inline {
            role.policies.push(policy.held());
        }
        for (arn, site) in &answered.attached {
            let known = self.managed.get(arn).map(Answered::held).or_else(|| {
                let node = foreign(&managed(arn)?, site.file, site.span)?;
                let name = arn.rsplit('/').next().unwrap_or(arn).into();
                Some(Answered { name, node, kind: Kind::Identity, site: *site }.held())
            });
            match known {
                Some(policy) => role.policies.push(policy),
                None => role.unknown.push((arn.as_str().into(), *site)),
            }
        }
        if let Some(boundary) = answered.boundary.as_deref().filter(|_| role.boundary.is_none()) {
            role.boundary = Some(boundary.into());
            role.limits.extend(self.managed.get(boundary).map(Answered::held));
        }
    }

    /// Every document, those of roles first.
    pub fn documents(&self) -> impl Iterator<Item = &Answered> {
        let inline = self.roles.values().flat_map(|role| &role.inline);
        inline.chain(self.managed.values()).chain(&self.others)
    }
}

impl AnsweredRole {
    /// Where something of the role stands.
    fn site(&self) -> Option<Site> {
        let inline = self.inline.iter().map(|policy| policy.site);
        inline
            .chain(self.listed.iter().chain(&self.attached).map(|(_, site)| *site))
            .next()
            .or(self.described)
    }
}

impl Answered {
    /// The policy as a role holds it.
    pub fn held(&self) -> HeldPolicy {
        let (document, _) = policy::parse(&self.node, self.site.file);
        HeldPolicy { name: self.name.clone(), document, site: self.site, implied: false }
    }
}

struct Reader<'a> {
    file: FileId,
    name: &'a str,
    answers: &'a mut Answers,
}

impl Reader<'_> {
    fn site(&self, node: &Node) -> Site {
        Site { file: self.file, span: node.span }
    }

    fn role(&mut self, name: &str) -> &mut AnsweredRole {
        self.answers.roles.entry(name.into()).or_default()
    }

    /// One answer. Which command gave it is told by its keys.
    fn answer(&mut self, node: &Node) {
        let text = |key: &str| node.get(key).and_then(Node::as_str).unwrap_or("");
        if is_document(node) {
            let document = self.document(node, self.name, Kind::Identity);
            self.role("").inline.extend(document);
        } else if let Some(document) = node.get("PolicyDocument") {
            let document = self.document(document, text("PolicyName"), Kind::Identity);
            self.role(text("RoleName")).inline.extend(document);
        } else if let Some(version) = node.get("PolicyVersion") {
            let document =
                version.get("Document").and_then(|each| self.document(each, self.name, Kind::Identity));
            self.role("").inline.extend(document);
        } else if let Some(document) = node.get("Document") {
            let document = self.document(document, self.name, Kind::Identity);
            self.role("").inline.extend(document);
        } else if let Some(roles) = node.get("RoleDetailList") {
            self.managed(node.get("Policies"));
            roles.one_or_many().iter().for_each(|each| self.details(each));
        } else if let Some(role) = node.get("Role").filter(|role| role.as_map().is_some()) {
            self.details(role);
        } else if let Some(function) =
            node.get("Configuration").or_else(|| node.get("FunctionArn").map(|_| node))
        {
            self.function(function);
        } else if let Some(functions) = node.get("Functions") {
            functions.one_or_many().iter().for_each(|each| self.function(each));
        } else if let Some(policy) = node.get("Policy") {
            self.policy(policy);
        } else if let Some(roles) = node.get("Roles") {
            roles.one_or_many().iter().for_each(|each| self.details(each));
        } else if node.get("Policies").is_none() && node.get("Versions").is_none() {
            self.listed(node);
        }
    }

    /// What is called a policy: that of a function, as text, that of an organization, or what is said of a managed one.
    fn policy(&mut self, node: &Node) {
        if let Some(content) = node.get("Content") {
            let summary = |key: &str| node.at(&["PolicySummary", key]).and_then(Node::as_str);
            let is_limit = summary("Type").is_none_or(|kind| kind == SERVICE_CONTROL);
            let kind = if is_limit { Kind::ServiceControl } else { Kind::Resource };
            let document = self.document(content, summary("Name").unwrap_or(self.name), kind);
            self.answers.others.extend(document);
        } else if node.get("Arn").is_none() {
            let document = self.document(node, self.name, Kind::Resource);
            self.answers.others.extend(document);
        }
    }

    /// A role with all that belongs to it.
    fn details(&mut self, node: &Node) {
        let name = SmolStr::from(node.get("RoleName").and_then(Node::as_str).unwrap_or(""));
        let trust = node.get("AssumeRolePolicyDocument");
        let trust = trust.and_then(|each| self.document(each, &name, Kind::Trust));
        let trusted = trust.as_ref().and_then(|trust| trusted(&trust.node));
        self.answers.others.extend(trust);
        let inline = node.get("RolePolicyList").map(Node::one_or_many).unwrap_or_default();
        let inline: Vec<Answered> = inline
            .iter()
            .filter_map(|policy| {
                let name = policy.get("PolicyName").and_then(Node::as_str).unwrap_or("");
                self.document(policy.get("PolicyDocument")?, name, Kind::Identity)
            })
            .collect();
        let attached = self.attached(node.get("AttachedManagedPolicies"));
        let boundary = node.at(&["PermissionsBoundary", "PermissionsBoundaryArn"]).and_then(Node::as_str);
        let boundary = boundary.map(SmolStr::from);
        let tells = node.get("RolePolicyList").is_some() || node.get("AttachedManagedPolicies").is_some();
        let site = self.site(node);
        let role = self.role(&name);
        role.described = role.described.or(tells.then_some(site));
        role.inline.extend(inline);
        role.attached.extend(attached);
        role.trusted = trusted.or_else(|| role.trusted.take());
        role.boundary = boundary.or_else(|| role.boundary.take());
    }

    fn attached(&self, list: Option<&Node>) -> Vec<(SmolStr, Site)> {
        let list = list.map(Node::one_or_many).unwrap_or_default();
        let arn = |policy: &Node| Some((policy.get("PolicyArn")?.as_str()?.into(), self.site(policy)));
        list.iter().filter_map(arn).collect()
    }

    /// Managed policies with their versions, of which the default one is in force.
    fn managed(&mut self, list: Option<&Node>) {
        for policy in list.map(Node::one_or_many).unwrap_or_default() {
            let text = |key: &str| policy.get(key).and_then(Node::as_str);
            let versions = policy.get("PolicyVersionList").map(Node::one_or_many).unwrap_or_default();
            let default = versions
                .iter()
                .find(|each| each.get("IsDefaultVersion").and_then(Node::as_flag) == Some(true));
            let document = default.and_then(|version| version.get("Document"));
            let name = text("PolicyName").unwrap_or("");
            let document = document.and_then(|each| self.document(each, name, Kind::Identity));
            if let (Some(arn), Some(document)) = (text("Arn"), document) {
                self.answers.managed.insert(arn.into(), document);
            }
        }
    }

    fn function(&mut self, node: &Node) {
        let text = |key: &str| node.get(key).and_then(Node::as_str);
        if let (Some(name), Some(role)) = (text("FunctionName"), text("Role")) {
            let role = role.rsplit('/').next().unwrap_or(role);
            self.answers.functions.insert(name.into(), role.into());
        }
    }

    /// Lists of what a role holds, without the documents.
    fn listed(&mut self, node: &Node) {
        let attached = self.attached(node.get("AttachedPolicies"));
        let names = node.get("PolicyNames").map(Node::one_or_many).unwrap_or_default();
        let names: Vec<(SmolStr, Site)> =
            names.iter().filter_map(|name| Some((name.as_str()?.into(), self.site(name)))).collect();
        let is_list = node.get("AttachedPolicies").is_some() || node.get("PolicyNames").is_some();
        let site = self.site(node);
        if !is_list {
            self.answers.unknown.push(site);
            return;
        }
        let role = self.role("");
        role.described = role.described.or(Some(site));
        role.attached.extend(attached);
        role.listed.extend(names);
    }

    fn document(&mut self, node: &Node, name: &str, kind: Kind) -> Option<Answered> {
        let document = decoded_document(node, name, kind, self.file);
        if document.is_none() {
            self.answers.unknown.push(self.site(node));
        }
        document
    }
}

/// A document as a map, or as text, perhaps with `%` in it as URLs have it.
fn decoded_document(node: &Node, name: &str, kind: Kind, file: FileId) -> Option<Answered> {
    let document = match &node.value {
        Value::Map(_) => Some(node.clone()),
        Value::Text(text) => text.as_literal().and_then(|text| {
            let text = if text.trim_start().starts_with('{') { text.to_owned() } else { decoded(text)? };
            foreign(&text, file, node.span)
        }),
        _ => None,
    };
    let site = Site { file, span: node.span };
    document.map(|node| Answered { name: name.into(), node, kind, site })
}

/// Text in which `%xx` stands for a byte. `None` where a `%` stands for none.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            let digits = std::str::from_utf8(&digits).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// A document that is URL-encoded as a whole.
pub fn unescaped(source: &Source) -> Option<Source> {
    let text = source.text().trim().trim_matches('"');
    if !text.starts_with("%7B") && !text.starts_with("%7b") {
        return None;
    }
    Some(Source::new(source.path(), decoded(text)?))
}
