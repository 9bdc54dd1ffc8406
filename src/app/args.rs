//! What was typed. [`super::settings`] says what it means.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::error::ErrorKind;
use clap::{ArgAction, Args, CommandFactory as _, Parser, Subcommand, ValueEnum, ValueHint};

use crate::catalog::Coverage;
use crate::report::{FORMATS, Format};

/// Works out the exact permissions that cloud functions need, and compares them with what their roles grant.
#[derive(Debug, Parser)]
#[command(name = "leastwise", version, about, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 nothing to report, 1 findings, 2 the command could not do its work.")]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) screen: Screen,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the smallest policy for each function
    Generate(Generate),
    /// List the API calls and the permissions behind them, with the lines they come from
    Scan(Scan),
    /// Compare what the functions need with the policies in force
    Diff(Diff),
    /// Say what a change of the code adds to the permissions that are needed, as review comments
    Review(Review),
    /// Check policies for what IAM rejects, what does nothing and what allows too much
    Lint(Lint),
    /// Compare two policies by meaning: does the new one allow anything that the old one does not, and the reverse
    Compare(Compare),
    /// Say why an action is needed, or what a line of code asks for
    Explain(Explain),
    /// Look at what is known of services and operations
    #[command(subcommand)]
    Catalog(Catalog),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[expect(clippy::struct_excessive_bools, reason = "each is an option that is typed or not")]
#[derive(Debug, Args)]
pub(super) struct Generate {
    /// The project
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub(super) path: PathBuf,
    /// Write what only some states of the deployment need, too
    #[arg(long, value_name = "WHAT")]
    pub(super) include: Option<Include>,
    /// Fail where a reference is still symbolic, instead of writing `*` in its place
    #[arg(long)]
    pub(super) exact: bool,
    /// Print the document alone; needs one `--function` or a project with one
    #[arg(long)]
    pub(super) bare: bool,
    /// Write patterns where they stand for exactly the actions that are needed, by the catalog of today
    #[arg(long)]
    pub(super) compact: bool,
    /// Deny the code of functions in a VPC what Lambda itself does with the role there
    #[arg(long, conflicts_with = "write")]
    pub(super) guard_network: bool,
    /// A policy written by hand whose statements stay, for one function or for all (repeatable)
    #[arg(long, value_name = "[NAME=]FILE", value_hint = ValueHint::FilePath)]
    pub(super) keep: Vec<String>,
    /// Put the policies into the templates, in the place of the statements that the roles have there
    #[arg(long, conflicts_with_all = ["exact", "bare", "format"])]
    pub(super) write: bool,
    /// With `--write`, show the changes as a patch and change nothing
    #[arg(long, requires = "write")]
    pub(super) dry_run: bool,
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", value_parser = names(|format| format.generate.is_some()))]
    #[arg(default_value = "text")]
    pub(super) format: String,
    #[command(flatten)]
    pub(super) project: Project,
}

#[derive(Debug, Args)]
pub(super) struct Scan {
    /// The project
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub(super) path: PathBuf,
    /// Exit with 1 where something could not be read or may hide a permission
    #[arg(long)]
    pub(super) strict: bool,
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", value_parser = names(|format| format.scan.is_some()))]
    #[arg(default_value = "text")]
    pub(super) format: String,
    #[command(flatten)]
    pub(super) project: Project,
}

#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The project
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub(super) path: PathBuf,
    /// The policy in force, for one function or for all; without it, what the template declares (repeatable)
    #[arg(long, value_name = "[NAME=]FILE", value_hint = ValueHint::FilePath)]
    pub(super) deployed: Vec<String>,
    /// A permissions boundary that limits every role (repeatable)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) boundary: Vec<PathBuf>,
    /// A service control policy that limits every role (repeatable)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) scp: Vec<PathBuf>,
    /// The role in force, by name: one of those in the files, else asked for through your own AWS command line, which is
    /// the only use of the network
    #[arg(long, value_name = "NAME")]
    pub(super) role: Option<String>,
    /// The profile of the AWS command line
    #[arg(long, value_name = "NAME", requires = "role")]
    pub(super) profile: Option<String>,
    /// Where the AWS command line sends its requests
    #[arg(long, value_name = "URL", requires = "role")]
    pub(super) endpoint_url: Option<String>,
    /// The severity from which a row makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "low")]
    pub(super) fail_on: Level,
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", value_parser = names(|format| format.diff.is_some()))]
    #[arg(default_value = "text")]
    pub(super) format: String,
    #[command(flatten)]
    pub(super) project: Project,
}

#[derive(Debug, Args)]
pub(super) struct Review {
    /// The project
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub(super) path: PathBuf,
    /// The revision before the change, as `git` names it
    #[arg(long, value_name = "REV", required_unless_present = "base_path")]
    pub(super) base: Option<String>,
    /// A folder with the project before the change, instead of a revision
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "base")]
    pub(super) base_path: Option<PathBuf>,
    /// The severity from which something added makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "low")]
    pub(super) fail_on: Level,
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", value_parser = names(|format| format.review.is_some()))]
    #[arg(default_value = "text")]
    pub(super) format: String,
    #[command(flatten)]
    pub(super) project: Project,
}

#[derive(Debug, Args)]
pub(super) struct Lint {
    /// Policies, templates, answers of `aws iam` in JSON, or folders of them; `-` is standard input
    #[arg(value_name = "POLICY", value_hint = ValueHint::AnyPath, required_unless_present = "rules")]
    pub(super) policies: Vec<PathBuf>,
    /// List the checks instead
    #[arg(long, conflicts_with = "policies")]
    pub(super) rules: bool,
    /// What policy documents are attached to; without it, trust policies are known by their content
    #[arg(long)]
    pub(super) kind: Option<Attached>,
    /// The severity from which a finding makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "low")]
    pub(super) fail_on: Level,
    /// A parameter of a template (repeatable)
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(super) parameters: Vec<String>,
    /// A configuration file (default: `leastwise.toml` in the first folder named, else in the current one)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) config: Option<PathBuf>,
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", value_parser = names(|format| format.lint.is_some()))]
    #[arg(default_value = "text")]
    pub(super) format: String,
}

#[derive(Debug, Args)]
pub(super) struct Compare {
    /// The old policy: a document, an answer of `aws iam`, a template, a state or plan of Terraform, a folder of a template or
    /// of policies that are held together, or `-` for standard input
    #[arg(value_name = "OLD", value_hint = ValueHint::AnyPath)]
    pub(super) old: PathBuf,
    /// The new policy
    #[arg(value_name = "NEW", value_hint = ValueHint::AnyPath)]
    pub(super) new: PathBuf,
    /// The role of a template, state, plan or answer that has several: by its name or id, or by a function's
    #[arg(long, value_name = "NAME")]
    pub(super) role: Option<String>,
    /// A permissions boundary that limits both (repeatable)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) boundary: Vec<PathBuf>,
    /// A service control policy that limits both (repeatable)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) scp: Vec<PathBuf>,
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", value_parser = names(|format| format.compare.is_some()))]
    #[arg(default_value = "text")]
    pub(super) format: String,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// An action (`s3:GetObject`), or a line of a file (`src/app.py:12`)
    #[arg(value_name = "ACTION|FILE:LINE")]
    pub(super) question: String,
    /// The project
    #[arg(default_value = ".", value_hint = ValueHint::DirPath)]
    pub(super) path: PathBuf,
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", value_parser = names(|format| format.explain.is_some()))]
    #[arg(default_value = "text")]
    pub(super) format: String,
    #[command(flatten)]
    pub(super) project: Project,
}

#[derive(Debug, Subcommand)]
pub(super) enum Catalog {
    /// Show the actions that an operation needs, or the operations of a service
    Show {
        /// The service by its client name (`dynamodb`)
        service: String,
        /// The operation by the API's name (`PutItem`)
        operation: Option<String>,
        /// How the answer is written
        #[arg(long, value_name = "FORMAT", value_parser = names(|format| format.catalog_show.is_some()))]
        #[arg(default_value = "text")]
        format: String,
    },
    /// Find operations, actions and condition keys by a part of their names
    Search {
        /// A part of a name (`putitem`, `s3:Get`), or the form of a whole one (`*:Put*Policy`)
        text: String,
        /// How many of each kind are shown; 0 for all
        #[arg(long, value_name = "COUNT", default_value_t = 20)]
        limit: usize,
        /// How the answer is written
        #[arg(long, value_name = "FORMAT", value_parser = names(|format| format.catalog_search.is_some()))]
        #[arg(default_value = "text")]
        format: String,
    },
    /// Say of how many operations it is known what they need, and list the others
    Coverage {
        /// How the answer is written
        #[arg(long, value_name = "FORMAT", value_parser = names(|format| format.catalog_coverage.is_some()))]
        #[arg(default_value = "text")]
        format: String,
    },
}

/// What is looked at.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is looked at")]
pub(super) struct Project {
    /// Only this function (repeatable)
    #[arg(long = "function", value_name = "NAME")]
    pub(super) functions: Vec<String>,
    /// An entry named by hand, FILE relative to PATH (repeatable)
    #[arg(long = "handler", value_name = "FILE[:SYMBOL]", value_hint = ValueHint::FilePath)]
    pub(super) handlers: Vec<String>,
    /// The template that deploys the functions (default: discovered)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) template: Option<PathBuf>,
    /// The account that the functions run in
    #[arg(long, value_name = "ID")]
    pub(super) account: Option<String>,
    /// The region that the functions run in
    #[arg(long, value_name = "NAME")]
    pub(super) region: Option<String>,
    /// The partition that the functions run in (`aws`, `aws-cn`, `aws-us-gov`)
    #[arg(long, value_name = "NAME")]
    pub(super) partition: Option<String>,
    /// A parameter of the template (repeatable)
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(super) parameters: Vec<String>,
    /// The environment of the deployment: a profile of `samconfig.toml`, a stage of the Serverless Framework or of what the
    /// CDK made, a file with values for Terraform with or without `.tfvars`
    #[arg(long, value_name = "NAME")]
    pub(super) environment: Option<String>,
    /// A configuration file (default: `leastwise.toml` in PATH, where there is one)
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) config: Option<PathBuf>,
}

/// Where the answer goes and how it looks.
#[expect(clippy::struct_excessive_bools, reason = "each is an option that is typed or not")]
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct Screen {
    /// Write the answer into a file
    #[arg(long, short, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) output: Option<PathBuf>,
    /// Exit with 0 even where there are findings
    #[arg(long, global = true)]
    pub(super) exit_zero: bool,
    /// Say nothing but the answer and errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Show all of the evidence
    #[arg(long, short, global = true)]
    pub(super) verbose: bool,
    /// Whether text is coloured; `auto` is on a terminal that wants it
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: When,
    /// Show no progress
    #[arg(long, global = true, action = ArgAction::SetTrue)]
    pub(super) no_progress: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Include {
    Possible,
}

/// What a policy is attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Attached {
    /// A role, user or group
    Identity,
    /// A role, to say who may take it on
    Trust,
    /// A resource
    Resource,
    /// An account or organizational unit
    Scp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Level {
    Critical,
    High,
    Medium,
    Low,
    Note,
}

/// The names of the formats that can show an answer.
fn names(can: fn(&Format) -> bool) -> PossibleValuesParser {
    PossibleValuesParser::new(FORMATS.iter().filter(|format| can(format)).map(|format| format.name))
}

/// Reads the arguments, the program's name first.
pub(super) fn parse(args: &[OsString]) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(args)
}

/// Whether the version was asked for with all that belongs to it.
pub(super) fn wants_whole_version(message: &clap::Error, args: &[OsString]) -> bool {
    message.kind() == ErrorKind::DisplayVersion && args.iter().any(|arg| arg == "--verbose" || arg == "-v")
}

/// What `--version --verbose` says.
pub(super) fn version() -> String {
    let catalog = crate::catalog::Catalog::embedded();
    let all = Coverage::of(catalog).all;
    format!(
        "leastwise {}\ncatalog {} {}\n{} services, {} operations, {} actions\n",
        env!("CARGO_PKG_VERSION"),
        catalog.date(),
        catalog.hash(),
        catalog.services().len(),
        all.total(),
        catalog.all_actions().len(),
    )
}

/// The completion script of a shell.
pub(super) fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "leastwise", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory as _;

    #[test]
    fn arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
