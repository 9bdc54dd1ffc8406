//! From what is known of the functions to what was asked for: policies and differences.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::deployed::held_policies;
use super::disk::Disk;
use super::failure::Failure;
use super::run::Analysis;
use super::settings::{Scope, Settings};
use super::templates::Templates;
use crate::catalog::Catalog;
use crate::cloud::aws::{CatalogFacts, configuration};
use crate::cloud::{Requirement, Resource};
use crate::decide::{
    self, Difference, Finding, FunctionAnalysis, Include, NamedPolicy, PolicyKind, Synthesis, Target,
};
use crate::infra::{self, Deployment, Dialect, HeldPolicy};
use crate::policy::quota::{
    INLINE_POLICIES_SIZE, MANAGED_POLICIES_PER_ROLE, MANAGED_POLICIES_PER_ROLE_MOST, MANAGED_POLICY_SIZE,
    size, split,
};
use crate::policy::{self, Statement};
use crate::text::{Hole, Site, SmolStr, Sources, TemplateString};

/// The policies of each function.
///
/// # Errors
/// A reference that nothing fills, where only exact policies are wanted.
pub(super) fn syntheses(
    settings: &Settings,
    functions: &[FunctionAnalysis],
    templates: &Templates,
    kept: &KeptPolicies,
    possible: bool,
    exact: bool,
) -> Result<Vec<Synthesis>, Failure> {
    let include = if possible { Include::Possible } else { Include::Certain };
    let facts = CatalogFacts(settings.scope.overlay.catalog());
    let synthesis = |function: &FunctionAnalysis| {
        let deployment = templates
            .deployments
            .iter()
            .find(|each| each.function_at(function.template, &function.name).is_some());
        let (dialect, uses_templates) = (settings.format.dialect, settings.format.uses_templates);
        let scope = &settings.scope;
        let (granted, kept) = (vec![], kept.of(&function.name));
        Making { scope, dialect, uses_templates, granted, kept, function, deployment, include, facts: &facts }
            .synthesis(exact)
    };
    functions.iter().map(synthesis).collect()
}

/// Statements that were written by hand, each with the function that it is for; `None` for all.
#[derive(Default)]
pub(super) struct KeptPolicies(Vec<(Option<SmolStr>, Vec<HeldPolicy>)>);

impl KeptPolicies {
    /// Reads the files that were named.
    ///
    /// # Errors
    /// A file that cannot be read, is no policy or is of the old version, a function that there is not.
    pub(super) fn read(
        scope: &Scope,
        functions: &[FunctionAnalysis],
        disk: &dyn Disk,
        sources: &mut Sources,
    ) -> Result<Self, Failure> {
        let mut all = Vec::with_capacity(scope.kept.len());
        for given in &scope.kept {
            if let Some(name) = &given.function
                && !functions.iter().any(|function| function.name == *name)
            {
                return Err(Failure::new(format!("there is no function `{name}` to keep statements for")));
            }
            let policies = read_policies(&given.file, disk, sources)?;
            let shown = super::disk::slashes(&given.file);
            if let Some(why) = policies.iter().find_map(|policy| unfit(&policy.document)) {
                return Err(Failure::new(format!("the statements of `{shown}` cannot be kept: {why}")));
            }
            all.push((given.function.clone(), policies));
        }
        Ok(Self(all))
    }

    /// The documents that are kept for a function.
    pub(super) fn of(&self, function: &str) -> Vec<&policy::Document> {
        let own = self.0.iter().filter(|(name, _)| name.as_ref().is_none_or(|name| name == function));
        own.flat_map(|(_, policies)| policies).map(|policy| &policy.document).collect()
    }
}

/// Why the statements of a document would mean something else in a document of today.
fn unfit(document: &policy::Document) -> Option<&'static str> {
    if document.version.as_deref() == Some(policy::VERSION) {
        return None;
    }
    let texts = document.statements.iter().flat_map(|statement| {
        let values = statement.conditions.iter().flat_map(|condition| &condition.values);
        statement.resources.list.iter().map(|pattern| &pattern.text).chain(values)
    });
    let has_variable = |text: &TemplateString| text.as_literal().is_some_and(|text| text.contains("${"));
    texts
        .into_iter()
        .any(has_variable)
        .then_some("they hold `${…}`, which the old version of the language does not replace")
}

/// A function whose policy is to be made.
pub(super) struct Making<'a> {
    pub(super) scope: &'a Scope,
    /// The dialect in which it is written; `None` for a document to upload.
    pub(super) dialect: Option<Dialect>,
    /// Whether policy templates may stand in the place of statements.
    pub(super) uses_templates: bool,
    /// What is granted anyway, beside what the format adds by itself.
    pub(super) granted: Vec<&'a policy::Document>,
    /// What was written by hand and stays.
    pub(super) kept: Vec<&'a policy::Document>,
    pub(super) function: &'a FunctionAnalysis,
    pub(super) deployment: Option<&'a Deployment>,
    pub(super) include: Include,
    pub(super) facts: &'a CatalogFacts,
}

impl Making<'_> {
    pub(super) fn synthesis(&self, exact: bool) -> Result<Synthesis, Failure> {
        let fill = |hole: &Hole| fill(hole, self.scope, self.deployment);
        let account = |hole: &Hole| match hole {
            Hole::Account | Hole::Region | Hole::Partition => None,
            other => fill(other),
        };
        let nothing = |_: &Hole| None;
        let dialect = self.dialect;
        let home = self.deployment.filter(|home| dialect.is_some_and(|own| own.speaks(home.dialect)));
        let spell = |resource: &Resource| self.spelled(resource, home);
        let target = || match (dialect, home) {
            (None, _) => Target::upload(&fill),
            (Some(_), None) => Target::foreign(&account),
            (Some(_), Some(_)) => Target::template(&nothing).spelling(&spell),
        };
        let held = self.function.held.iter().flat_map(|role| &role.policies);
        let implied = held.filter(|policy| policy.implied && home.is_some()).map(|policy| &policy.document);
        let needed = decide::narrowed(self.function, self.facts);
        let all = decide::ungranted(&needed, implied.chain(self.granted.iter().copied()));
        let needs = self.beside_kept(&all, &target());
        let target = target();
        let mut document = self.proven(&needs, &target)?;
        let refused = self.refused(&document, &all, &target);
        if self.scope.guard_network {
            document.statements.extend(self.guards(&target));
        }
        let widened = target.widened();
        let mut warnings: Vec<String> =
            widened.iter().map(|place| format!("`{}` became `{}`", place.from, place.to)).collect();
        if exact && let Some(first) = warnings.first() {
            return Err(Failure::new(format!("in the policy of `{}`, {first}", self.function.name))
                .help("say more with `--account`, `--region` and `--param NAME=VALUE`"));
        }
        let complete = !self.function.blind_spots.iter().any(|spot| spot.kind.hides_actions());
        let function = self.function;
        let own = home.and_then(|home| Some((home, home.function_at(function.template, &function.name)?)));
        let has_templates = self.uses_templates && own.is_some_and(|(home, own)| home.makes_role(own));
        let (templates, document) =
            if has_templates { decide::with_templates(document, self.facts) } else { (vec![], document) };
        let document = decide::with_kept(document, &self.kept);
        warnings.extend(refused);
        let kept = decide::kept(&self.kept, &self.function.requirements);
        let policies = policies(&self.function.name, document);
        warnings.extend(plan(&policies));
        Ok(Synthesis { policies, templates, kept, complete, warnings })
    }

    /// The policy for what is needed. It was proven.
    fn proven(&self, needs: &[Requirement], target: &Target<'_>) -> Result<policy::Document, Failure> {
        let mut document = decide::synthesize(needs, self.include, target, self.facts);
        if self.scope.compact {
            decide::compact(&mut document.statements, self.facts);
        }
        let defects = decide::prove(&document, needs, self.include, target, self.facts);
        match defects.first() {
            None => Ok(document),
            Some(defect) => {
                let name = &self.function.name;
                Err(Failure::new(format!("the policy of `{name}` is not sound: {defect:?}"))
                    .help("this is a defect of leastwise: please report it with the function"))
            }
        }
    }

    /// What is needed and statements that are kept deny, as sentences.
    fn refused(
        &self,
        document: &policy::Document,
        needs: &[Requirement],
        target: &Target<'_>,
    ) -> Vec<String> {
        if self.kept.is_empty() {
            return vec![];
        }
        let whole = decide::with_kept(document.clone(), &self.kept);
        decide::denied(&whole, needs, self.include, target, self.facts)
    }

    /// What must be generated beside the statements that are kept.
    fn beside_kept(&self, needs: &[Requirement], target: &Target<'_>) -> Vec<Requirement> {
        let text = |requirement: &Requirement, resource: &Resource| {
            vec![target.resource(&requirement.action, &target.spelled(resource), self.facts)]
        };
        decide::ungranted_as(needs, self.kept.iter().copied(), text)
    }

    /// What the code is denied, as it reads in the target. Where a part of the function's ARN is not known there, any is
    /// meant: without its condition the statement would deny it to Lambda, too.
    fn guards(&self, target: &Target<'_>) -> Vec<Statement> {
        let function = self.function;
        let own = self.deployment.and_then(|home| home.function_at(function.template, &function.name));
        let mut statements =
            own.map(|own| configuration::guards(own, &function.requirements)).unwrap_or_default();
        let values = statements.iter_mut().flat_map(|statement| &mut statement.conditions);
        for value in values.flat_map(|condition| &mut condition.values) {
            let open = |_: &Hole| Some(TemplateString::from("*"));
            *value = target.value(value).unwrap_or_else(|| value.fill(open));
        }
        statements
    }

    /// The spelling of a resource that the template has a reference for. The function itself goes by its name where
    /// that is known: it waits for its role, so that the role cannot wait for it.
    fn spelled(&self, resource: &Resource, home: Option<&Deployment>) -> TemplateString {
        let (Some(reference), Some(home)) = (&resource.reference, home) else { return resource.arn.clone() };
        let own = home.function_at(self.function.template, &self.function.name).map(|own| &own.id);
        let is_itself =
            reference.holes().any(|hole| matches!(hole, Hole::Resource { id, .. } if Some(id) == own));
        let dialect = self.dialect.unwrap_or_default();
        if !is_itself && home.has_arn_reference(reference, dialect) {
            reference.clone()
        } else {
            resource.arn.clone()
        }
    }
}

/// What becomes of a policy that is too long for a role to hold inline.
fn plan(policies: &[NamedPolicy]) -> Option<String> {
    let is_split = policies.first().is_some_and(|policy| policy.kind == PolicyKind::Managed);
    let count = policies.len();
    let rest = match count {
        _ if count <= MANAGED_POLICIES_PER_ROLE => {
            format!(
                "a role may have {MANAGED_POLICIES_PER_ROLE}, so that {} are left",
                MANAGED_POLICIES_PER_ROLE - count
            )
        }
        _ if count <= MANAGED_POLICIES_PER_ROLE_MOST => {
            format!("a role may have {MANAGED_POLICIES_PER_ROLE} until its account's quota is raised")
        }
        _ => format!(
            "more than the {MANAGED_POLICIES_PER_ROLE_MOST} that a role may ever have: divide the function"
        ),
    };
    is_split.then(|| {
        format!("the policy is longer than the {INLINE_POLICIES_SIZE} characters that a role may hold inline; it is divided into {count} managed ones: {rest}")
    })
}

/// One inline policy, or several managed ones where one would be too long.
fn policies(function: &str, document: policy::Document) -> Vec<NamedPolicy> {
    let name: String = function.chars().filter(char::is_ascii_alphanumeric).collect();
    let render = &policy::print::by_name;
    if document.statements.is_empty() {
        return vec![];
    }
    if size(&document, render) <= INLINE_POLICIES_SIZE {
        return vec![NamedPolicy { name: name.into(), kind: PolicyKind::Inline, document }];
    }
    let parts = split(&document, MANAGED_POLICY_SIZE, render);
    let policy = |(document, number): (policy::Document, usize)| NamedPolicy {
        name: SmolStr::from(format!("{name}{number}")),
        kind: PolicyKind::Managed,
        document,
    };
    parts.into_iter().zip(1..).map(policy).collect()
}

/// What the command line and the template's defaults say of a hole.
fn fill(hole: &Hole, scope: &Scope, deployment: Option<&Deployment>) -> Option<TemplateString> {
    let known = |text: &Option<SmolStr>| text.as_deref().map(TemplateString::from);
    match hole {
        Hole::Account => known(&scope.account),
        Hole::Region => known(&scope.region),
        Hole::Partition => {
            known(&scope.partition).or_else(|| Some(partition(scope.region.as_deref()).into()))
        }
        Hole::Parameter(name) => {
            let given = scope.parameters.get(name).map(|value| value.as_str().into());
            given.or_else(|| deployment?.parameters.get(name)?.default.clone())
        }
        _ => None,
    }
}

/// The partition of a region.
fn partition(region: Option<&str>) -> &'static str {
    match region {
        Some(region) if region.starts_with("cn-") => "aws-cn",
        Some(region) if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// The difference of each function, its role's users taken together, under the limits of these files.
///
/// # Errors
/// A policy that cannot be read, or is none.
pub(super) fn differences(
    analysis: &mut Analysis,
    limits: &[PathBuf],
    catalog: Catalog,
    disk: &dyn Disk,
) -> Result<Vec<Difference>, Failure> {
    limit(analysis, limits, catalog, disk)?;
    let facts = CatalogFacts(catalog);
    let functions = &analysis.functions;
    let mut groups: IndexMap<_, Vec<(usize, &FunctionAnalysis)>> = IndexMap::new();
    for (index, function) in functions.iter().enumerate() {
        groups.entry(shared_role(function).ok_or(index)).or_default().push((index, function));
    }
    let mut found: Vec<(usize, Difference)> = Vec::with_capacity(functions.len());
    for group in groups.into_values() {
        let (places, users): (Vec<usize>, Vec<&FunctionAnalysis>) = group.into_iter().unzip();
        found.extend(places.into_iter().zip(decide::compare_sharing(&users, &facts)));
    }
    found.sort_by_key(|(index, _)| *index);
    let differences = found.into_iter().map(|(_, difference)| difference).collect();
    let findings: Vec<Finding> = functions.iter().flat_map(decide::role_findings).collect();
    let strangers: Vec<Finding> =
        functions.iter().filter_map(|function| stranger(function, &analysis.deployments)).collect();
    analysis.findings.extend(strangers);
    analysis.findings.extend(findings);
    Ok(differences)
}

/// The role that a function may share: its id, where it is declared, and for which environment that is looked at.
fn shared_role(function: &FunctionAnalysis) -> Option<(&SmolStr, Site, Option<&SmolStr>)> {
    let environment = function.environment.as_ref().map(|environment| &environment.name);
    Some((function.role.as_ref()?, function.held.as_ref()?.site, environment))
}

/// What there is to say of a function whose role its own service cannot take on.
fn stranger(function: &FunctionAnalysis, deployments: &[Deployment]) -> Option<Finding> {
    let kind = deployments.iter().find_map(|home| {
        let own = home.function_at(function.template, &function.name)?;
        Some(home.resources.get(&own.id)?.kind.as_str())
    })?;
    decide::stranger(function, infra::stranger(function.held.as_ref()?, kind)?)
}

/// The policies in a file that was named by hand.
fn read_policies(file: &Path, disk: &dyn Disk, sources: &mut Sources) -> Result<Vec<HeldPolicy>, Failure> {
    let shown = super::disk::slashes(file);
    let bytes = disk
        .read_given(file)
        .map_err(|error| Failure::new(format!("cannot read the policy `{shown}`: {error}")))?;
    held_policies(&shown, bytes, sources)
}

/// Gives every role what limits it: the boundary that it names, where the catalog knows it, and the policies of these
/// files.
fn limit(
    analysis: &mut Analysis,
    files: &[PathBuf],
    catalog: Catalog,
    disk: &dyn Disk,
) -> Result<(), Failure> {
    let sources = &mut analysis.sources;
    let mut given = Vec::with_capacity(files.len());
    for file in files {
        given.extend(read_policies(file, disk, sources)?);
    }
    for role in analysis.functions.iter_mut().filter_map(|function| function.held.as_mut()) {
        let named = role.boundary.as_ref().and_then(TemplateString::as_literal);
        let document = named.and_then(|name| Some((name.to_owned(), catalog.managed_policy(name)?)));
        if let Some((name, text)) = document {
            role.limits.extend(held_policies(&name, text.into_bytes(), sources)?);
        }
        role.limits.extend(given.iter().cloned());
    }
    Ok(())
}
