//! The policies in force: from files that a person names, and from the account by way of the AWS command line.

use indexmap::IndexMap;

use super::aws::Account;
use super::disk::{self, Disk};
use super::failure::Failure;
use super::nearest::nearest;
use super::settings::{Given, Scope};
use super::templates;
use crate::catalog::Catalog;
use crate::decide::FunctionAnalysis;
use crate::infra::{self, Answered, Answers, Deployment, HeldPolicy, Role};
use crate::policy;
use crate::policy::lint::Kind;
use crate::text::tree::Node;
use crate::text::{FileId, Problem, SmolStr, Source, Sources, yaml};

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InForce {
    /// Files with policies.
    pub files: Vec<Given>,
    /// The role, by name: of those in the files, else the one that the account is asked for.
    pub role: Option<SmolStr>,
    /// The account.
    pub account: Account,
}

/// What is known of one function's role, or of all.
#[derive(Default)]
struct Held {
    answers: Answers,
    deployments: Vec<Deployment>,
    /// The files, for messages.
    shown: Vec<String>,
}

/// Puts the policies in force in the place of what the template declares.
///
/// # Errors
/// A file that cannot be read or is no policy, a role that is not clear, an account that says no.
pub(super) fn apply(
    in_force: &InForce,
    scope: &Scope,
    disk: &dyn Disk,
    deployments: &[Deployment],
    functions: &mut [FunctionAnalysis],
    sources: &mut Sources,
) -> Result<(), Failure> {
    let mut groups: IndexMap<Option<SmolStr>, Held> = IndexMap::new();
    for given in &in_force.files {
        groups.entry(given.function.clone()).or_default().read(given, scope, disk, sources)?;
    }
    if let (Some(role), true) = (&in_force.role, in_force.files.is_empty()) {
        let held = groups.entry(None).or_default();
        let name = role.rsplit('/').next().unwrap_or(role);
        for answer in in_force.account.role(name, sources)? {
            held.answers.add(&answer.node, answer.file, &answer.name);
        }
        held.shown.push(format!("role {name}"));
    }
    let catalog = scope.overlay.catalog();
    for (name, held) in &groups {
        let mut found = false;
        let is_meant =
            |function: &&mut FunctionAnalysis| name.as_ref().is_none_or(|name| *name == function.name);
        for function in functions.iter_mut().filter(is_meant) {
            found = true;
            function.held = Some(held.role(in_force.role.as_deref(), function, deployments, catalog)?);
            function.role = None;
        }
        if let Some(name) = name.as_ref().filter(|_| !found) {
            return Err(Failure::new(format!("there is no function `{name}` to compare with a policy")));
        }
    }
    Ok(())
}

impl Held {
    /// Takes in a file: a template, an answer of the command line, or a document.
    fn read(
        &mut self,
        given: &Given,
        scope: &Scope,
        disk: &dyn Disk,
        sources: &mut Sources,
    ) -> Result<(), Failure> {
        let shown = disk::slashes(&given.file);
        let bytes = disk
            .read_given(&given.file)
            .map_err(|error| Failure::new(format!("cannot read the policy `{shown}`: {error}")))?;
        let source = Source::from_bytes(shown.clone(), bytes);
        self.shown.push(shown.clone());
        if infra::claims(&source).is_some_and(infra::Format::is_read) {
            let scope = Scope { template: Some(given.file.clone()), ..scope.clone() };
            self.deployments
                .extend(templates::read(&scope, disk, &disk.walk().files, None, sources)?.deployments);
            return Ok(());
        }
        let (node, file) = checked(source, sources)?;
        let name = shown.rsplit('/').next().unwrap_or(&shown);
        self.answers.add(&node, file, name);
        Ok(())
    }

    /// The role of a function among all that is known.
    fn role(
        &self,
        wanted: Option<&str>,
        function: &FunctionAnalysis,
        deployments: &[Deployment],
        catalog: Catalog,
    ) -> Result<Role, Failure> {
        if let Some(role) = self.declared(wanted, function) {
            return Ok(role);
        }
        let name = self.name(wanted, function, deployments)?;
        let managed = |arn: &str| catalog.managed_policy(arn);
        self.answers.role(name, &managed).ok_or_else(|| {
            Failure::new(format!("`{}` says nothing of the policies of a role", self.shown.join("`, `")))
        })
    }

    /// The role in a template: the one wanted, that of the function of the same name, or the only one.
    fn declared(&self, wanted: Option<&str>, function: &FunctionAnalysis) -> Option<Role> {
        self.deployments.iter().find_map(|deployment| {
            let by_name = wanted.and_then(|name| {
                let named = |resource: &infra::Resource| {
                    resource.name.as_ref().is_some_and(|own| own.as_literal() == Some(name))
                };
                let id = deployment.resources.iter().find(|(_, resource)| named(resource)).map(|(id, _)| id);
                deployment.roles.get(id.map_or(name, SmolStr::as_str))
            });
            let own = deployment
                .functions
                .iter()
                .find(|each| each.label == function.name || each.id == function.name);
            let own = own.and_then(|own| deployment.roles.get(own.role.as_ref()?));
            let only = deployment.roles.values().next().filter(|_| deployment.roles.len() == 1);
            by_name.or(own).or(only).cloned()
        })
    }

    /// The name of the function's role: what was asked for, what an answer or the template says, else the only one.
    fn name(
        &self,
        wanted: Option<&str>,
        function: &FunctionAnalysis,
        deployments: &[Deployment],
    ) -> Result<&str, Failure> {
        let names = self.answers.names();
        let known = |name: &str| names.iter().copied().find(|own| *own == name);
        if let Some(wanted) = wanted.filter(|_| !names.is_empty()) {
            let wanted = wanted.rsplit('/').next().unwrap_or(wanted);
            return known(wanted).ok_or_else(|| {
                let failure =
                    Failure::new(format!("there is no role `{wanted}` in `{}`", self.shown.join("`, `")));
                match nearest(wanted, names.iter().copied()) {
                    Some(near) => failure.help(format!("did you mean `{near}`?")),
                    None => failure,
                }
            });
        }
        let deployment = deployments.iter().find_map(|deployment| {
            let own = deployment.functions.iter().find(|own| Some(own.site) == function.template)?;
            Some((deployment, own))
        });
        let of_function =
            deployment.and_then(|(_, own)| own.name.as_ref()?.as_literal()).unwrap_or(&function.name);
        let of_role = deployment.and_then(|(deployment, own)| {
            let resource = deployment.resources.get(own.role.as_ref()?)?;
            resource.name.as_ref()?.as_literal()
        });
        let told = self.answers.functions.get(of_function).map(SmolStr::as_str);
        if let Some(name) = told.and_then(known).or_else(|| of_role.and_then(known)) {
            return Ok(name);
        }
        match names.as_slice() {
            [] => Ok(""),
            [only] => Ok(only),
            several => {
                let shown: Vec<String> = several.iter().take(8).map(|name| format!("`{name}`")).collect();
                let function = &function.name;
                let message = format!("it is not clear which role `{function}` has: {}", shown.join(", "));
                Err(Failure::new(message).help("choose one by `--role NAME`"))
            }
        }
    }
}

/// The policies in a file of that name: a document, an answer of the command line, or a list of them.
///
/// # Errors
/// It cannot be read, or holds none.
pub(super) fn held_policies(
    shown: &str,
    bytes: Vec<u8>,
    sources: &mut Sources,
) -> Result<Vec<HeldPolicy>, Failure> {
    let (node, file) = checked(Source::from_bytes(shown, bytes), sources)?;
    let mut answers = Answers::default();
    answers.add(&node, file, shown.rsplit('/').next().unwrap_or(shown));
    let is_held = |document: &&Answered| matches!(document.kind, Kind::Identity | Kind::ServiceControl);
    let held = answers.documents().filter(is_held);
    let policies: Vec<HeldPolicy> = held.map(Answered::held).collect();
    if policies.is_empty() {
        return Err(Failure::new(format!("`{shown}` holds no policy of a role")));
    }
    Ok(policies)
}

/// What a file holds, all of which must be readable.
pub(super) fn checked(source: Source, sources: &mut Sources) -> Result<(Node, FileId), Failure> {
    let source = infra::unescaped(&source).unwrap_or(source);
    let shown = source.path().to_owned();
    let file = sources.add(source.outside());
    let Some(source) = sources.get(file) else { return Err(Failure::new(format!("cannot read `{shown}`"))) };
    let (node, mut problems) = yaml::parse(source, file);
    let node = infra::fragment(&node, file);
    if infra::is_answer(&node) || node.get("Statement").is_some() {
        let mut answers = Answers::default();
        answers.add(&node, file, "");
        problems.extend(answers.documents().flat_map(|document| policy::parse(&document.node, file).1));
        let message = "this is neither a policy document nor an answer about a role";
        let unknown = answers.unknown.iter();
        problems.extend(unknown.map(|site| Problem { site: *site, message: message.to_owned() }));
    } else {
        problems.extend(policy::parse(&node, file).1);
    }
    if let Some(problem) = problems.first() {
        let at = source.position(problem.site.span.start);
        return Err(Failure::new(format!("{shown}:{}:{}: {}", at.line, at.column, problem.message)));
    }
    Ok((node, file))
}
