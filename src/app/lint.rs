//! `lint`: policies from files, folders, templates, answers of the AWS command line and standard input.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::assemblies;
use super::disk::{self, Disk, Folder};
use super::failure::Failure;
use super::settings::{Scope, Suppressed};
use super::templates;
use crate::cloud::aws::CatalogLintFacts;
use crate::infra::{self, Answers};
use crate::policy::Severity;
use crate::policy::lint::{self, Found, Kind, LintFacts as _, Policy};
use crate::report::Issue;
use crate::text::{FileId, Source, Sources, yaml};

/// How much is read from standard input.
const MAX_INPUT: u64 = 16 << 20;

/// What is to be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintRequest {
    /// Files and folders; `-` is standard input.
    pub policies: Vec<PathBuf>,
    /// What bare documents are attached to; `None` where they say it themselves.
    pub kind: Option<Kind>,
    /// The severity from which a finding makes the exit code 1.
    pub fail_on: Severity,
    /// What the configuration leaves out.
    pub suppressed: Suppressed,
}

/// What the checks say.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What was found, by file and place.
    pub issues: Vec<Issue>,
    /// How many policies were looked at.
    pub policies: usize,
    /// How many findings the configuration left out.
    pub left_out: usize,
}

/// Checks policies.
///
/// # Errors
/// A path that cannot be read or holds no policy.
pub fn check(scope: &Scope, request: &LintRequest, input: &mut dyn Read) -> Result<Checked, Failure> {
    let facts = CatalogLintFacts::new(scope.overlay.catalog());
    let mut checker = Checker { scope, request, facts, checked: Checked::default() };
    for path in &request.policies {
        checker.path(path, input)?;
    }
    let mut checked = checker.checked;
    checked.issues.sort_by(|a, b| (&a.file, a.start, a.rule).cmp(&(&b.file, b.start, b.rule)));
    checked.issues.dedup();
    Ok(checked)
}

struct Checker<'a> {
    scope: &'a Scope,
    request: &'a LintRequest,
    facts: CatalogLintFacts,
    checked: Checked,
}

impl Checker<'_> {
    fn path(&mut self, path: &Path, input: &mut dyn Read) -> Result<(), Failure> {
        if path == Path::new("-") {
            let mut bytes = Vec::new();
            input
                .take(MAX_INPUT)
                .read_to_end(&mut bytes)
                .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
            return self.named(Source::from_bytes("-", bytes));
        }
        if path.is_dir() {
            return self.folder(path);
        }
        let shown = disk::slashes(path);
        let bytes = disk::read_file(path)
            .map_err(|error| Failure::new(format!("cannot read the policy `{shown}`: {error}")))?;
        let source = Source::from_bytes(shown, bytes);
        if infra::claims(&source).is_some_and(infra::Format::is_read) {
            self.template(path)
        } else {
            self.named(source)
        }
    }

    /// A file that a person named: it must hold a policy.
    fn named(&mut self, source: Source) -> Result<(), Failure> {
        let before = self.checked.policies;
        let shown = source.path().to_owned();
        let mut sources = Sources::default();
        self.document(source, &mut sources, "", true);
        if self.checked.policies == before {
            return Err(Failure::new(format!("`{shown}` holds no policy"))
                .help("name a policy document, a template, or an answer of `aws iam` in JSON"));
        }
        Ok(())
    }

    /// Every template of a folder, and every other file that holds a policy.
    fn folder(&mut self, path: &Path) -> Result<(), Failure> {
        let folder = Folder::open(path)?;
        let files = assemblies::written(folder.walk().files);
        let scope = Scope { root: path.to_owned(), template: None, ..self.scope.clone() };
        let prefix = prefix(path);
        let mut sources = Sources::default();
        let found = templates::read(&scope, &folder, &files, None, &mut sources)?;
        self.deployments(&found.deployments, &sources, &prefix);
        let is_template = |path: &str| sources.iter().any(|(_, source)| source.path() == path);
        let others: Vec<&String> =
            files.iter().filter(|path| has_documents(path) && !is_template(path)).collect();
        for path in others {
            if let Ok(bytes) = folder.read(path) {
                let mut sources = Sources::default();
                self.document(Source::from_bytes(path.clone(), bytes), &mut sources, &prefix, false);
            }
        }
        Ok(())
    }

    fn template(&mut self, path: &Path) -> Result<(), Failure> {
        let root = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = Folder::open(root)?;
        let scope = Scope { root: root.to_owned(), template: Some(path.to_owned()), ..self.scope.clone() };
        let mut sources = Sources::default();
        let found = templates::read(&scope, &folder, &folder.walk().files, None, &mut sources)?;
        self.deployments(&found.deployments, &sources, &prefix(root));
        Ok(())
    }

    fn deployments(&mut self, deployments: &[infra::Deployment], sources: &Sources, prefix: &str) {
        for deployment in deployments {
            for stated in infra::stated(deployment) {
                self.policy(&stated.policy, sources, prefix);
            }
            for policies in infra::held_together(deployment) {
                self.together(&policies, sources, prefix);
            }
        }
    }

    /// A file of its own. Where no person named it, only what surely is a policy counts.
    fn document(&mut self, source: Source, sources: &mut Sources, prefix: &str, named: bool) {
        let source = infra::unescaped(&source).unwrap_or(source);
        let file = sources.add(source);
        let Some(source) = sources.get(file) else { return };
        let (node, _) = yaml::parse(source, file);
        if infra::is_answer(&node) {
            let name = source.path().rsplit('/').next().unwrap_or_default();
            let mut answers = Answers::default();
            answers.add(&node, file, name);
            self.answers(&answers, file, sources, prefix);
        } else if named || (node.get("Statement").is_some() && node.get("Version").is_some()) {
            let is_trust = |action: &str| self.facts.iam().trust_actions.iter().any(|other| other == action);
            let read = if named { lint::read } else { lint::read_template };
            let policy = read(source, file, self.request.kind, &is_trust);
            self.policy(&policy, sources, prefix);
        }
    }

    fn answers(&mut self, answers: &Answers, file: FileId, sources: &Sources, prefix: &str) {
        for document in answers.documents() {
            self.policy(&lint::of_node(&document.node, file, document.kind), sources, prefix);
        }
        for name in answers.roles.keys() {
            let managed = |arn: &str| self.scope.overlay.catalog().managed_policy(arn);
            let Some(role) = answers.role(name, &managed).filter(|role| role.policies.len() > 1) else {
                continue;
            };
            let of_held =
                |held: &infra::HeldPolicy| lint::of_document(&held.document, held.site, Kind::Identity);
            let policies: Vec<Policy> = role.policies.iter().map(of_held).collect();
            self.together(&policies, sources, prefix);
        }
    }

    fn policy(&mut self, policy: &Policy, sources: &Sources, prefix: &str) {
        self.checked.policies += 1;
        let found = lint::lint(policy, &self.facts);
        self.take(found, sources, prefix);
    }

    fn together(&mut self, policies: &[Policy], sources: &Sources, prefix: &str) {
        let policies: Vec<&Policy> = policies.iter().collect();
        let found = lint::lint_together(&policies, &self.facts);
        self.take(found, sources, prefix);
    }

    fn take(&mut self, found: Vec<Found>, sources: &Sources, prefix: &str) {
        for found in found {
            let issue = issue(&found, sources, prefix);
            if self.request.suppressed.leaves_out(issue.rule, &issue.file) {
                self.checked.left_out += 1;
            } else {
                self.checked.issues.push(issue);
            }
        }
    }
}

fn issue(found: &Found, sources: &Sources, prefix: &str) -> Issue {
    let start = sources.position(found.site);
    let source = sources.get(found.site.file);
    let end = source.map_or(start, |source| source.position(found.site.span.end)).max(start);
    Issue {
        rule: found.check.id,
        severity: found.severity,
        message: found.message.clone(),
        help: found.check.help,
        file: format!("{prefix}{}", sources.path(found.site.file)),
        start,
        end,
        excerpt: source.map_or("", |source| source.line(start.line).trim()).to_owned(),
    }
}

/// Whether files of that name may hold a policy.
fn has_documents(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| matches!(extension, "json" | "yaml" | "yml"))
}

/// What leads from the reader's folder to a folder: empty, or a path that ends in `/`.
fn prefix(path: &Path) -> String {
    let path = disk::slashes(path);
    let path = path.trim_start_matches("./").trim_end_matches('/');
    if path.is_empty() || path == "." { String::new() } else { format!("{path}/") }
}
