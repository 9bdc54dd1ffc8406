//! What was asked for, resolved once from arguments and configuration, and not changed afterwards.

mod config;
mod lint;
mod overlay;

use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::args::{self, Catalog, Command, Level, Project};
use super::aws::Account;
use super::deployed::InForce;
use super::disk::{self, Disk};
use super::failure::Failure;
use super::lint::LintRequest;
use super::review::Base;
use crate::catalog::Overlay;
use crate::decide::{Question, Severity};
use crate::policy::lint::Kind;
use crate::report::{self, Detail, Format};
use crate::text::SmolStr;
use config::Config;

pub use lint::Suppressed;

/// What to do and what with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the answer is to be.
    pub task: Task,
    /// The format of the answer.
    pub format: &'static Format,
    /// What is looked at.
    pub scope: Scope,
    /// How much text is shown.
    pub detail: Detail,
    /// Whether findings leave the exit code alone.
    pub exit_zero: bool,
    /// Whether nothing is said but the answer and errors.
    pub quiet: bool,
    /// Whether progress may be shown, where there is a terminal.
    pub progress: bool,
}

/// What the answer is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Task {
    /// Policies.
    Generate {
        /// Whether possible requirements are written too.
        possible: bool,
        /// Whether a reference that stays symbolic is an error.
        exact: bool,
        /// Whether the document is wanted alone.
        bare: bool,
    },
    /// Policies in the place of those that the templates have.
    Write {
        /// Whether possible requirements are written too.
        possible: bool,
        /// Whether the changes are shown and not made.
        dry_run: bool,
    },
    /// Calls and requirements.
    Scan {
        /// Whether findings make the exit code 1.
        strict: bool,
    },
    /// Requirements against the policy in force.
    Diff {
        /// The policies in force, where they are not what the template declares.
        in_force: InForce,
        /// The severity from which a row makes the exit code 1.
        fail_on: Severity,
    },
    /// What a change adds and removes.
    Review {
        /// What is compared with.
        base: Base,
        /// The severity from which something added makes the exit code 1.
        fail_on: Severity,
    },
    /// Checks of policies.
    Lint(LintRequest),
    /// The checks themselves.
    LintRules,
    /// Two policies by meaning.
    Compare(Comparing),
    /// An action or a line.
    Explain(Question),
    /// The actions of an operation.
    CatalogShow {
        /// The service by its client name.
        service: SmolStr,
        /// The operation by the API's name.
        operation: SmolStr,
    },
    /// The operations of a service.
    CatalogService {
        /// The service by its client name.
        service: SmolStr,
    },
    /// Operations, actions and condition keys by a part of their names.
    CatalogSearch {
        /// A part of a name, or the form of one.
        text: String,
        /// How many of each kind are shown; 0 for all.
        limit: usize,
    },
    /// How much the catalog is sure of.
    CatalogCoverage,
}

/// What is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The project, as it was typed.
    pub root: PathBuf,
    /// The functions wanted; none means all.
    pub functions: Vec<SmolStr>,
    /// Entries named by hand.
    pub handlers: Vec<Handler>,
    /// The template, as it was typed; `None` where it is to be discovered.
    pub template: Option<PathBuf>,
    /// The account.
    pub account: Option<SmolStr>,
    /// The region.
    pub region: Option<SmolStr>,
    /// The partition.
    pub partition: Option<SmolStr>,
    /// Values of the template's parameters.
    pub parameters: IndexMap<SmolStr, SmolStr>,
    /// Which of several environments of the deployment is meant: a file with values.
    pub environment: Option<SmolStr>,
    /// Policies that limit every role further.
    pub limits: Vec<PathBuf>,
    /// Statements that were written by hand and stay in the policies.
    pub kept: Vec<Given>,
    /// Whether policies are written with patterns for the actions that they stand for.
    pub compact: bool,
    /// Whether the code is denied what Lambda itself does with the role in a VPC.
    pub guard_network: bool,
    /// What the project teaches the catalog.
    pub overlay: Overlay,
}

/// An entry named by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handler {
    /// The file, relative to the project, with `/`.
    pub file: String,
    /// The routine, object or class; `None` for the file's entries by convention.
    pub symbol: Option<SmolStr>,
}

/// A file with policies that is named by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The function that it belongs to; `None` for all.
    pub function: Option<SmolStr>,
    /// The file.
    pub file: PathBuf,
}

/// Two policies to compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparing {
    /// Where the old one is: a file, a folder, or `-` for standard input.
    pub old: PathBuf,
    /// Where the new one is.
    pub new: PathBuf,
    /// The role wanted, where there are several.
    pub role: Option<SmolStr>,
    /// Policies that limit both further.
    pub limits: Vec<PathBuf>,
}

impl Settings {
    /// Works out what was asked for.
    pub(super) fn resolve(cli: &args::Cli, disk: &dyn Disk) -> Result<Self, Failure> {
        let (task, format, scope) = match &cli.command {
            Command::Generate(typed) => generate(typed, disk)?,
            Command::Scan(typed) => {
                let (scope, config) = scope(&typed.path, &typed.project, disk)?;
                (Task::Scan { strict: typed.strict || config.strict }, &typed.format, scope)
            }
            Command::Diff(typed) => {
                let (mut scope, _) = scope(&typed.path, &typed.project, disk)?;
                scope.limits = typed.boundary.iter().chain(&typed.scp).cloned().collect();
                let in_force = InForce {
                    files: typed.deployed.iter().map(|text| given(text)).collect(),
                    role: typed.role.as_ref().map(SmolStr::from),
                    account: Account {
                        profile: typed.profile.clone(),
                        region: typed.project.region.clone(),
                        endpoint: typed.endpoint_url.clone(),
                    },
                };
                (Task::Diff { in_force, fail_on: severity(typed.fail_on) }, &typed.format, scope)
            }
            Command::Review(typed) => {
                let (scope, _) = scope(&typed.path, &typed.project, disk)?;
                let base = match (&typed.base_path, &typed.base) {
                    (Some(folder), _) => Base::Folder(folder.clone()),
                    (None, revision) => Base::Revision(revision.clone().unwrap_or_default()),
                };
                (Task::Review { base, fail_on: severity(typed.fail_on) }, &typed.format, scope)
            }
            Command::Lint(typed) => linted(typed, disk)?,
            Command::Explain(typed) => {
                let (scope, _) = scope(&typed.path, &typed.project, disk)?;
                (Task::Explain(question(&typed.question, &typed.path)?), &typed.format, scope)
            }
            Command::Catalog(command) => {
                let (task, format) = catalog(command)?;
                (task, format, Scope::default())
            }
            Command::Compare(typed) => {
                let limits = typed.boundary.iter().chain(&typed.scp).cloned().collect();
                let role = typed.role.as_deref().map(SmolStr::from);
                let asked = Comparing { old: typed.old.clone(), new: typed.new.clone(), role, limits };
                (Task::Compare(asked), &typed.format, Scope::default())
            }
            Command::Completions { .. } => return Err(Failure::new("completions look at no project")),
        };
        Ok(Self {
            task,
            format: report::format(format).ok_or_else(|| Failure::new("no such format"))?,
            scope,
            detail: if cli.screen.verbose { Detail::Full } else { Detail::Brief },
            exit_zero: cli.screen.exit_zero,
            quiet: cli.screen.quiet,
            progress: !cli.screen.no_progress && !cli.screen.quiet,
        })
    }

    /// What leads from the reader's folder to the project: empty, or a path that ends in `/`.
    pub fn prefix(&self) -> String {
        let path = disk::slashes(&self.scope.root);
        let path = path.trim_start_matches("./").trim_end_matches('/');
        if path.is_empty() || path == "." { String::new() } else { format!("{path}/") }
    }
}

fn catalog(command: &Catalog) -> Result<(Task, &String), Failure> {
    Ok(match command {
        Catalog::Show { service, operation: None, format } => {
            (Task::CatalogService { service: service.into() }, format)
        }
        Catalog::Show { service, operation: Some(operation), format } => {
            (Task::CatalogShow { service: service.into(), operation: operation.into() }, format)
        }
        Catalog::Search { text, .. } if text.trim().is_empty() => {
            return Err(
                Failure::new("there is nothing to search for").help("write a part of a name: `PutItem`")
            );
        }
        Catalog::Search { text, limit, format } => {
            (Task::CatalogSearch { text: text.trim().to_owned(), limit: *limit }, format)
        }
        Catalog::Coverage { format } => (Task::CatalogCoverage, format),
    })
}

fn generate<'a>(typed: &'a args::Generate, disk: &dyn Disk) -> Result<(Task, &'a String, Scope), Failure> {
    let (mut scope, config) = scope(&typed.path, &typed.project, disk)?;
    scope.compact = typed.compact;
    scope.guard_network = typed.guard_network;
    scope.kept = typed.keep.iter().map(|text| given(text)).collect();
    let possible = typed.include == Some(args::Include::Possible) || config.include_possible;
    let task = if typed.write {
        Task::Write { possible, dry_run: typed.dry_run }
    } else {
        Task::Generate { possible, exact: typed.exact, bare: typed.bare }
    };
    Ok((task, &typed.format, scope))
}

fn linted<'a>(typed: &'a args::Lint, disk: &dyn Disk) -> Result<(Task, &'a String, Scope), Failure> {
    let (config, overlay) = config::read(typed.config.as_deref(), disk)?;
    let parameters = parameters(&config, &typed.parameters)?;
    let scope = Scope { parameters, overlay, ..Scope::default() };
    if typed.rules {
        return Ok((Task::LintRules, &typed.format, scope));
    }
    let kind = typed.kind.map(|kind| match kind {
        args::Attached::Identity => Kind::Identity,
        args::Attached::Trust => Kind::Trust,
        args::Attached::Resource => Kind::Resource,
        args::Attached::Scp => Kind::ServiceControl,
    });
    let request = LintRequest {
        policies: typed.policies.clone(),
        kind,
        fail_on: severity(typed.fail_on),
        suppressed: config.suppressed,
    };
    Ok((Task::Lint(request), &typed.format, scope))
}

/// The parameters of the configuration, and those typed.
fn parameters(config: &Config, typed: &[String]) -> Result<IndexMap<SmolStr, SmolStr>, Failure> {
    let mut parameters = config.parameters.clone();
    for text in typed {
        let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
            Failure::new(format!("`{text}` is no parameter")).help("write `--param NAME=VALUE`")
        })?;
        parameters.insert(name.into(), value.into());
    }
    Ok(parameters)
}

fn scope(root: &Path, typed: &Project, disk: &dyn Disk) -> Result<(Scope, Config), Failure> {
    let (config, overlay) = config::read(typed.config.as_deref(), disk)?;
    let parameters = parameters(&config, &typed.parameters)?;
    let functions = if typed.functions.is_empty() {
        config.functions.clone()
    } else {
        typed.functions.iter().map(SmolStr::from).collect()
    };
    let either = |typed: &Option<String>, set: &Option<SmolStr>| {
        typed.as_ref().map(SmolStr::from).or_else(|| set.clone())
    };
    let account = either(&typed.account, &config.account);
    if let Some(account) =
        account.as_ref().filter(|id| id.len() != 12 || !id.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(
            Failure::new(format!("`{account}` is no account")).help("an account id has twelve digits")
        );
    }
    let scope = Scope {
        root: root.to_owned(),
        functions,
        handlers: typed.handlers.iter().map(|text| handler(text, root)).collect(),
        template: typed.template.clone(),
        account,
        region: either(&typed.region, &config.region),
        partition: either(&typed.partition, &config.partition),
        parameters,
        environment: typed.environment.as_ref().map(SmolStr::from),
        limits: Vec::new(),
        kept: Vec::new(),
        compact: false,
        guard_network: false,
        overlay,
    };
    Ok((scope, config))
}

/// `FILE[:SYMBOL]`: the file ends at the first colon behind its last `/`, so that `Assembly::Class` is a symbol.
fn handler(text: &str, root: &Path) -> Handler {
    let name = text.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let colon = text.get(name..).and_then(|rest| rest.find(':')).map(|at| name + at);
    let (file, symbol) = colon.and_then(|at| text.split_at_checked(at)).unwrap_or((text, ""));
    let symbol = symbol.strip_prefix(':').filter(|symbol| !symbol.is_empty()).map(SmolStr::from);
    Handler { file: in_project(file, root), symbol }
}

fn given(text: &str) -> Given {
    match text.split_once('=') {
        // A function's name holds no separator of paths; then the sign belongs to the file.
        Some((name, file)) if !name.is_empty() && !name.contains(['/', '\\']) => {
            Given { function: Some(name.into()), file: file.into() }
        }
        _ => Given { function: None, file: text.into() },
    }
}

fn question(text: &str, root: &Path) -> Result<Question, Failure> {
    let unclear = || {
        Failure::new(format!("`{text}` is neither an action nor a line"))
            .help("write an action as `s3:GetObject`, a line as `src/app.py:12`")
    };
    let (before, after) = text.rsplit_once(':').ok_or_else(unclear)?;
    if let Ok(line) = after.parse::<u32>() {
        return Ok(Question::Place { file: in_project(before, root), line });
    }
    let is_name =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if is_name(before) && is_name(after) { Ok(Question::Action(text.into())) } else { Err(unclear()) }
}

/// A path relative to the project, with `/`; one that was typed from the reader's folder is cut.
fn in_project(file: &str, root: &Path) -> String {
    let typed = Path::new(file);
    let plain = |path: &Path| path.strip_prefix(".").unwrap_or(path).to_owned();
    let (typed, root) = (plain(typed), plain(root));
    let inside =
        if root.as_os_str().is_empty() { &typed } else { typed.strip_prefix(&root).unwrap_or(&typed) };
    disk::slashes(inside)
}

const fn severity(level: Level) -> Severity {
    match level {
        Level::Critical => Severity::Critical,
        Level::High => Severity::High,
        Level::Medium => Severity::Medium,
        Level::Low => Severity::Low,
        Level::Note => Severity::Note,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn entry(text: &str) -> (String, Option<SmolStr>) {
        let handler = handler(text, Path::new("shop"));
        (handler.file, handler.symbol)
    }

    #[test]
    fn a_handler_is_a_file_and_a_symbol() {
        assert_eq!(entry("src/app.py"), ("src/app.py".to_owned(), None));
        assert_eq!(entry("./shop/app.py:handler"), ("app.py".to_owned(), Some("handler".into())));
        assert_eq!(entry("F.cs:A::N.C::M"), ("F.cs".to_owned(), Some("A::N.C::M".into())));
        assert_eq!(
            entry("c:/x/App.java:App::handle"),
            ("c:/x/App.java".to_owned(), Some("App::handle".into()))
        );
    }

    #[test]
    fn a_given_policy_may_name_its_function() {
        assert_eq!(given("Orders=p.json"), Given { function: Some("Orders".into()), file: "p.json".into() });
        assert_eq!(given("p.json"), Given { function: None, file: "p.json".into() });
        assert_eq!(given("./a=b.json"), Given { function: None, file: "./a=b.json".into() });
    }

    #[test]
    fn a_question_is_an_action_or_a_line() {
        let here = Path::new(".");
        assert_eq!(question("s3:GetObject", here), Ok(Question::Action("s3:GetObject".into())));
        let place = Question::Place { file: "src/app.py".to_owned(), line: 12 };
        assert_eq!(question("./src/app.py:12", here), Ok(place));
        assert!(question("src/app.py", here).is_err());
        assert!(question("s3:Get Object", here).is_err());
    }
}
