//! `compare`: two sets of policies, read from what was named, and how they stand to each other.

use std::path::{Component, Path};

use super::assemblies;
use super::deployed::{checked, held_policies};
use super::disk::{self, Disk, Folder, ReadError};
use super::failure::Failure;
use super::nearest::nearest;
use super::output;
use super::settings::{Comparing, Scope};
use super::templates;
use crate::catalog::Catalog;
use crate::cloud::aws::CatalogFacts;
use crate::decide::{PolicyDifference, PolicySet, compare_policies};
use crate::infra::{self, Answered, Answers, Deployment, HeldPolicy, Role};
use crate::policy::lint::Kind;
use crate::text::{Site, SmolStr, Source, Sources, TemplateString};

/// Extensions of files that may hold a policy.
const EXTENSIONS: [&str; 3] = ["json", "yaml", "yml"];

/// Reads both sides and compares them.
///
/// # Errors
/// A file that cannot be read, or holds no policy.
pub fn compared(
    asked: &Comparing,
    disk: &dyn Disk,
    sources: &mut Sources,
) -> Result<PolicyDifference, Failure> {
    if asked.old.as_os_str() == "-" && asked.new.as_os_str() == "-" {
        return Err(Failure::new("only one of two policies can come from standard input"));
    }
    let mut reader = Reader { asked, disk, sources, catalog: Catalog::embedded() };
    let mut old = reader.set(&asked.old)?;
    let mut new = reader.set(&asked.new)?;
    for file in &asked.limits {
        let limits = reader.set(file)?.policies;
        old.limits.extend(limits.iter().cloned());
        new.limits.extend(limits);
    }
    let facts = CatalogFacts(Catalog::embedded());
    Ok(compare_policies(&old, &new, &facts))
}

struct Reader<'a> {
    asked: &'a Comparing,
    disk: &'a dyn Disk,
    sources: &'a mut Sources,
    catalog: Catalog,
}

impl Reader<'_> {
    /// What a file, standard input (`-`), or a folder holds.
    fn set(&mut self, path: &Path) -> Result<PolicySet, Failure> {
        let shown = disk::slashes(path);
        if shown == "-" {
            return self.answers(Source::from_bytes("standard input", output::standard_input()?));
        }
        match self.disk.read_given(path) {
            Ok(bytes) => {
                let source = Source::from_bytes(shown.clone(), bytes);
                if infra::claims(&source).is_some_and(infra::Format::is_read) {
                    return self.template(path, &shown);
                }
                self.answers(source)
            }
            Err(ReadError::NotAFile) => self.folder(path, &shown),
            Err(error) => Err(Failure::new(format!("cannot read the policy `{shown}`: {error}"))),
        }
    }

    /// The role that a template declares.
    fn template(&mut self, path: &Path, shown: &str) -> Result<PolicySet, Failure> {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let is_below = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        let root = if is_below { Path::new(".") } else { parent };
        let beside = if is_below { disk::slashes(parent) } else { String::new() };
        let beside = beside.trim_start_matches("./").trim_matches('.');
        let join = |file: String| if beside.is_empty() { file } else { format!("{beside}/{file}") };
        let files: Vec<String> = Folder::open(parent)?.walk().files.into_iter().map(join).collect();
        let template = Some(path.to_owned());
        let scope = Scope { root: root.to_owned(), template, ..Scope::default() };
        let found = templates::read(&scope, &Folder::open(root)?, &files, None, self.sources)?;
        self.declared(&found.deployments, shown)
    }

    /// The role of a deployment: the only one, or the one that was asked for by its id, its name, or a function's.
    fn declared(&mut self, deployments: &[Deployment], shown: &str) -> Result<PolicySet, Failure> {
        let mut names: Vec<SmolStr> = Vec::new();
        let mut roles: Vec<(&SmolStr, &Role)> = Vec::new();
        for deployment in deployments {
            for (id, role) in &deployment.roles {
                let stated = deployment.resources.get(id).and_then(|resource| resource.name.as_ref());
                let users = deployment.functions.iter().filter(|own| own.role.as_ref() == Some(id));
                let own: Vec<SmolStr> = [id.clone()]
                    .into_iter()
                    .chain(stated.and_then(TemplateString::as_literal).map(SmolStr::from))
                    .chain(users.flat_map(|own| [own.label.clone(), own.id.clone()]))
                    .collect();
                if self.asked.role.as_ref().is_none_or(|wanted| own.contains(wanted)) {
                    roles.push((id, role));
                }
                names.extend(own);
            }
        }
        match roles.as_slice() {
            [(_, role)] => Ok(self.of_role(role)),
            [] => Err(self.no_role(&names, shown)),
            several => {
                let ids: Vec<&str> = several.iter().map(|(id, _)| id.as_str()).collect();
                Err(several_roles(&ids, shown))
            }
        }
    }

    fn no_role(&self, names: &[SmolStr], shown: &str) -> Failure {
        let Some(wanted) = &self.asked.role else {
            return Failure::new(format!("`{shown}` declares no role"));
        };
        let failure = Failure::new(format!("there is no role `{wanted}` in `{shown}`"));
        match nearest(wanted, names.iter().map(SmolStr::as_str)) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure,
        }
    }

    /// A document, or answers about one role.
    fn answers(&mut self, source: Source) -> Result<PolicySet, Failure> {
        let shown = source.path().to_owned();
        let (node, file) = checked(source, self.sources)?;
        let mut answers = Answers::default();
        answers.add(&node, file, shown.rsplit('/').next().unwrap_or(&shown));
        let names = answers.names();
        let wanted = self.asked.role.as_deref().map(|wanted| wanted.rsplit('/').next().unwrap_or(wanted));
        let name = match (wanted, names.as_slice()) {
            (_, []) => "",
            (None, [only]) => only,
            (None, several) => return Err(several_roles(several, &shown)),
            (Some(wanted), names) if names.contains(&wanted) => wanted,
            (Some(_), names) => {
                let names: Vec<SmolStr> = names.iter().map(|name| SmolStr::from(*name)).collect();
                return Err(self.no_role(&names, &shown));
            }
        };
        let managed = |arn: &str| self.catalog.managed_policy(arn);
        let has_some = |role: &Role| !role.policies.is_empty() || !role.unknown.is_empty();
        if let Some(role) = answers.role(name, &managed).filter(has_some) {
            return Ok(self.of_role(&role));
        }
        let held = answers.documents().filter(|document| document.kind == Kind::Identity);
        let policies: Vec<HeldPolicy> = held.map(Answered::held).collect();
        if policies.is_empty() {
            return Err(Failure::new(format!("`{shown}` holds no policy of a role")));
        }
        Ok(PolicySet { policies, ..PolicySet::default() })
    }

    /// What a role holds and what limits it, with the names of what is not known of that.
    fn of_role(&mut self, role: &Role) -> PolicySet {
        let mut unread: Vec<(SmolStr, Site)> =
            role.unknown.iter().map(|(name, site)| (name.to_string().into(), *site)).collect();
        let mut limits = role.limits.clone();
        if let Some(boundary) = role.boundary.as_ref().filter(|_| limits.is_empty()) {
            let name = boundary.to_string();
            let document = self.catalog.managed_policy(&name).map(String::into_bytes);
            match document.and_then(|text| held_policies(&name, text, self.sources).ok()) {
                Some(known) => limits.extend(known),
                None => unread.push((name.into(), role.site)),
            }
        }
        PolicySet { policies: role.policies.clone(), limits, unread }
    }

    /// The role that the templates of a folder declare, else its policies, held together, in the order of their names.
    fn folder(&mut self, path: &Path, shown: &str) -> Result<PolicySet, Failure> {
        let folder = Folder::open(path)?;
        let files = assemblies::written(folder.walk().files);
        let mut read = Sources::default();
        let scope = Scope { root: path.to_owned(), ..Scope::default() };
        let found = templates::read(&scope, &folder, &files, None, &mut read)?;
        if found.deployments.iter().any(|deployment| !deployment.roles.is_empty()) {
            let found = templates::read(&scope, &folder, &files, None, self.sources)?;
            return self.declared(&found.deployments, shown);
        }
        let mut set = PolicySet::default();
        for file in files.iter().filter(|file| can_hold(file)) {
            let name = format!("{}/{file}", shown.trim_end_matches('/'));
            let bytes = folder
                .read(file)
                .map_err(|error| Failure::new(format!("cannot read the policy `{name}`: {error}")))?;
            let own = self.answers(Source::from_bytes(name, bytes))?;
            set.policies.extend(own.policies);
            set.limits.extend(own.limits);
            set.unread.extend(own.unread);
        }
        if set.policies.is_empty() {
            return Err(Failure::new(format!("the folder `{shown}` holds no policy"))
                .help("policies are files that end in `.json`, `.yaml` or `.yml`"));
        }
        Ok(set)
    }
}

fn can_hold(file: &str) -> bool {
    let extension = Path::new(file).extension();
    extension.is_some_and(|extension| EXTENSIONS.iter().any(|own| extension == *own))
}

fn several_roles(names: &[&str], shown: &str) -> Failure {
    let listed: Vec<String> = names.iter().take(8).map(|name| format!("`{name}`")).collect();
    Failure::new(format!("`{shown}` has several roles: {}", listed.join(", ")))
        .help("choose one by `--role NAME`")
}
