//! The only room with input and output: arguments → settings, files, analysis, answer, exit code.
#![expect(clippy::disallowed_methods, reason = "this is the room that touches the disk and the environment")]

mod adapters;
mod analysis;
mod answers;
mod args;
mod assemblies;
mod aws;
mod builds;
mod code;
mod compare;
mod conventions;
mod data;
mod definitions;
mod deployed;
mod deployers;
mod disk;
mod exit;
mod failure;
mod functions;
mod git;
mod installed;
mod layers;
mod lint;
mod locate;
mod nearest;
mod output;
mod packages;
mod present;
mod programs;
mod review;
mod rules;
mod run;
mod settings;
mod shared;
mod source_maps;
mod templates;
mod write;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub use aws::Account;
pub use compare::compared;
pub use deployed::InForce;
pub use disk::{Disk, Folder, Listing, MemoryDisk, ReadError};
pub use exit::Exit;
pub use failure::Failure;
pub use lint::{Checked, LintRequest, check};
pub use present::{
    Shown, present, present_checks, present_coverage, present_difference, present_lint, present_review,
    present_rules, present_search, present_service,
};
pub use review::{Base, Review, review};
pub use rules::{operation, service};
pub use run::{Analysis, analyse};
pub use settings::{Comparing, Given, Handler, Scope, Settings, Suppressed, Task};
pub use write::Writing;

use args::{Cli, Command};

use crate::catalog::{Catalog, Coverage};
use crate::report::Search;

/// Does what the arguments say, the program's name first.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let cli = match args::parse(&args) {
        Ok(cli) => cli,
        Err(message) if args::wants_whole_version(&message, &args) => {
            let _ = output::write(&args::version(), None);
            return Exit::Clean.into();
        }
        Err(message) => {
            // Help and version come this way too. Where nobody listens, nothing is lost.
            let _ = message.print();
            return if message.use_stderr() { Exit::Failure.into() } else { Exit::Clean.into() };
        }
    };
    let exit = answer(&cli).unwrap_or_else(|failure| {
        output::complain(&failure, cli.screen.color);
        Exit::Failure
    });
    exit.into()
}

fn answer(cli: &Cli) -> Result<Exit, Failure> {
    let file = cli.screen.output.as_deref();
    let colour = output::colour(cli.screen.color, file);
    let shown = match root(&cli.command) {
        Some(root) => {
            let disk = Folder::open(root)?;
            let settings = Settings::resolve(cli, &disk)?;
            if let Task::Review { base, fail_on } = &settings.task {
                let (review, head) = review(&settings, base, &disk)?;
                let shown = present_review(&settings, &review, &head, *fail_on, colour)?;
                output::write(&shown.text, file)?;
                return Ok(shown.exit);
            }
            let analysis = analyse(&settings, &disk)?;
            if matches!(settings.task, Task::Write { dry_run: false, .. }) {
                for (path, _, text) in &analysis.writing.files {
                    output::write(text, Some(&settings.scope.root.join(path)))?;
                }
            }
            present(&settings, &analysis, colour)?
        }
        None => without_project(cli, colour)?,
    };
    output::write(&shown.text, file)?;
    Ok(shown.exit)
}

fn without_project(cli: &Cli, colour: crate::report::Colour) -> Result<Shown, Failure> {
    if let Command::Completions { shell } = &cli.command {
        return Ok(Shown { text: args::completions(*shell), exit: Exit::Clean });
    }
    if let Command::Lint(typed) = &cli.command {
        return linted(cli, typed, colour);
    }
    let settings = Settings::resolve(cli, &MemoryDisk::default())?;
    match &settings.task {
        Task::CatalogShow { service, operation: name } => {
            present_rules(&settings, &operation(service, name)?, colour)
        }
        Task::CatalogService { service: name } => present_service(&settings, service(name)?, colour),
        Task::CatalogSearch { text, limit } => {
            let search = Search { text, limit: *limit, found: Catalog::embedded().search(text) };
            present_search(&settings, &search, colour)
        }
        Task::CatalogCoverage => present_coverage(&settings, &Coverage::of(Catalog::embedded()), colour),
        Task::Compare(asked) => {
            let mut sources = crate::text::Sources::default();
            let difference = compared(asked, &Folder::open(Path::new("."))?, &mut sources)?;
            present_difference(&settings, asked, &sources, &difference, colour)
        }
        _ => Err(Failure::new("this command looks at a project")),
    }
}

/// Policies need no project; where there is one, its configuration counts.
fn linted(cli: &Cli, typed: &args::Lint, colour: crate::report::Colour) -> Result<Shown, Failure> {
    let folder = typed.policies.iter().find(|path| path.is_dir()).map_or(Path::new("."), PathBuf::as_path);
    let settings = Settings::resolve(cli, &Folder::open(folder)?)?;
    match &settings.task {
        Task::Lint(request) => {
            let checked = check(&settings.scope, request, &mut std::io::stdin().lock())?;
            present_lint(&settings, &checked, request.fail_on, colour)
        }
        _ => present_checks(&settings, colour),
    }
}

/// The project that a command looks at.
fn root(command: &Command) -> Option<&Path> {
    match command {
        Command::Generate(typed) => Some(&typed.path),
        Command::Scan(typed) => Some(&typed.path),
        Command::Diff(typed) => Some(&typed.path),
        Command::Review(typed) => Some(&typed.path),
        Command::Explain(typed) => Some(&typed.path),
        Command::Compare(_) | Command::Lint(_) | Command::Catalog(_) | Command::Completions { .. } => None,
    }
}
