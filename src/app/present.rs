//! An analysis → the text of the answer and the exit code. Pure: what is shown depends on nothing else.

use super::disk;
use super::exit::Exit;
use super::failure::Failure;
use super::lint::Checked;
use super::review::Review;
use super::run::Analysis;
use super::settings::{Comparing, Settings, Task};
use super::write::Writing;
use crate::catalog::{Catalog, Coverage, Service};
use crate::decide::{Difference, Explanation, PolicyDifference, Question, Severity, explain};
use crate::policy::algebra::Standing;
use crate::policy::lint::CHECKS;
use crate::report::{
    Colour, Compare, Context, Diff, Explain, Generate, Linted, OperationRules, Reviewed, Scan, Search, escape,
};
use crate::text::Sources;

/// An answer, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its text.
    pub text: String,
    /// The exit code that it asks for.
    pub exit: Exit,
}

/// Shows what was asked for.
pub fn present(settings: &Settings, analysis: &Analysis, colour: Colour) -> Result<Shown, Failure> {
    let prefix = settings.prefix();
    let context = Context {
        sources: &analysis.sources,
        version: env!("CARGO_PKG_VERSION"),
        catalog: &analysis.catalog,
        prefix: &prefix,
        colour,
        detail: settings.detail,
    };
    let text = match &settings.task {
        Task::Generate { bare, .. } => generate(settings, &context, analysis, *bare)?,
        Task::Write { dry_run, .. } => written(&analysis.writing, *dry_run),
        Task::Scan { .. } => {
            let answer = Scan { functions: &analysis.functions, findings: &analysis.findings };
            renderer(settings, settings.format.scan)?(&context, &answer)
        }
        Task::Diff { .. } => {
            let functions: Vec<_> = analysis.functions.iter().zip(&analysis.differences).collect();
            let answer = Diff { functions: &functions, findings: &analysis.findings };
            renderer(settings, settings.format.diff)?(&context, &answer)
        }
        Task::Explain(question) => explained(settings, &context, analysis, question)?,
        Task::Compare(_)
        | Task::Review { .. }
        | Task::Lint(_)
        | Task::LintRules
        | Task::CatalogShow { .. }
        | Task::CatalogService { .. }
        | Task::CatalogSearch { .. }
        | Task::CatalogCoverage => return Err(Failure::new("this is shown without a project")),
    };
    Ok(Shown { text, exit: exit(settings, analysis) })
}

/// Shows what the catalog says of an operation.
pub fn present_rules(settings: &Settings, rules: &OperationRules, colour: Colour) -> Result<Shown, Failure> {
    of_catalog(settings, colour, settings.format.catalog_show, rules)
}

/// Shows the operations of a service.
pub fn present_service(settings: &Settings, service: Service, colour: Colour) -> Result<Shown, Failure> {
    of_catalog(settings, colour, settings.format.catalog_service, &service)
}

/// Shows what was found in the catalog.
pub fn present_search(settings: &Settings, search: &Search<'_>, colour: Colour) -> Result<Shown, Failure> {
    of_catalog(settings, colour, settings.format.catalog_search, search)
}

/// Shows how much the catalog is sure of.
pub fn present_coverage(settings: &Settings, coverage: &Coverage, colour: Colour) -> Result<Shown, Failure> {
    of_catalog(settings, colour, settings.format.catalog_coverage, coverage)
}

/// Shows what a change adds and removes.
pub fn present_review(
    settings: &Settings,
    review: &Review,
    head: &Analysis,
    fail_on: Severity,
    colour: Colour,
) -> Result<Shown, Failure> {
    let prefix = settings.prefix();
    let context = Context {
        sources: &head.sources,
        version: env!("CARGO_PKG_VERSION"),
        catalog: &head.catalog,
        prefix: &prefix,
        colour,
        detail: settings.detail,
    };
    let answer = Reviewed {
        base: &review.base,
        head: &review.head,
        within: &review.within,
        changes: &review.changes,
        base_sources: &review.base_sources,
        comments: &review.comments,
    };
    let text = renderer(settings, settings.format.review)?(&context, &answer);
    let any = review.changes.iter().flat_map(|change| &change.added).any(|row| row.severity >= fail_on);
    Ok(Shown { text, exit: Exit::of_findings(any && !settings.exit_zero) })
}

/// Shows what the checks found in policies.
pub fn present_lint(
    settings: &Settings,
    checked: &Checked,
    fail_on: Severity,
    colour: Colour,
) -> Result<Shown, Failure> {
    let answer = Linted { issues: &checked.issues, policies: checked.policies, left_out: checked.left_out };
    let shown = of_catalog(settings, colour, settings.format.lint, &answer)?;
    let any = checked.issues.iter().any(|issue| issue.severity >= fail_on);
    Ok(Shown { exit: Exit::of_findings(any && !settings.exit_zero), ..shown })
}

/// Shows the checks of policies.
pub fn present_checks(settings: &Settings, colour: Colour) -> Result<Shown, Failure> {
    of_catalog(settings, colour, settings.format.checks, &CHECKS)
}

/// Shows an answer that needs no project.
fn of_catalog<A>(
    settings: &Settings,
    colour: Colour,
    render: Option<impl Fn(&Context<'_>, &A) -> String>,
    answer: &A,
) -> Result<Shown, Failure> {
    let sources = Sources::default();
    let context = Context {
        sources: &sources,
        version: env!("CARGO_PKG_VERSION"),
        catalog: &settings.scope.overlay.stamp(),
        prefix: "",
        colour,
        detail: settings.detail,
    };
    Ok(Shown { text: renderer(settings, render)?(&context, answer), exit: Exit::Clean })
}

/// Shows how two policies differ.
pub fn present_difference(
    settings: &Settings,
    asked: &Comparing,
    sources: &Sources,
    difference: &PolicyDifference,
    colour: Colour,
) -> Result<Shown, Failure> {
    let catalog = Catalog::embedded();
    let context = Context {
        sources,
        version: env!("CARGO_PKG_VERSION"),
        catalog: &format!("{} {}", catalog.date(), catalog.hash()),
        prefix: "",
        colour,
        detail: settings.detail,
    };
    let (old, new) = (disk::slashes(&asked.old), disk::slashes(&asked.new));
    let answer = Compare { old: &old, new: &new, difference };
    let text = renderer(settings, settings.format.compare)?(&context, &answer);
    let grows = matches!(difference.standing, Standing::Wider | Standing::Incomparable | Standing::Unknown);
    Ok(Shown { text, exit: Exit::of_findings(grows && !settings.exit_zero) })
}

fn generate(
    settings: &Settings,
    context: &Context<'_>,
    analysis: &Analysis,
    bare: bool,
) -> Result<String, Failure> {
    let functions: Vec<_> = analysis.functions.iter().zip(&analysis.syntheses).collect();
    if bare && functions.len() != 1 {
        let found = functions.len();
        return Err(Failure::new(format!("`--bare` prints the policy of one function, here are {found}"))
            .help("choose one by `--function NAME`"));
    }
    if bare && functions.iter().any(|(_, synthesis)| synthesis.policies.len() > 1) {
        return Err(Failure::new("`--bare` prints one document, the function needs several policies"));
    }
    Ok(renderer(settings, settings.format.generate)?(
        context,
        &Generate { functions: &functions, deployments: &analysis.deployments, bare },
    ))
}

/// What was written, or would be.
fn written(writing: &Writing, dry_run: bool) -> String {
    let notes: Vec<String> =
        writing.notes.iter().map(|note| format!("# {}\n", escape::terminal(note))).collect();
    let changes = if dry_run {
        writing.patch()
    } else {
        let lines: Vec<String> =
            writing.files.iter().map(|(path, ..)| format!("wrote {}\n", escape::terminal(path))).collect();
        lines.concat()
    };
    let nothing = if writing.files.is_empty() { "nothing to write\n" } else { "" };
    notes.concat() + nothing + &changes
}

fn explained(
    settings: &Settings,
    context: &Context<'_>,
    analysis: &Analysis,
    question: &Question,
) -> Result<String, Failure> {
    let explanations = explain(&analysis.functions, &analysis.sources, question);
    let rules: Vec<OperationRules> =
        analysis.rules.iter().filter(|rules| is_concerned(rules, &explanations)).cloned().collect();
    let answer = Explain { question, explanations: &explanations, rules: &rules };
    Ok(renderer(settings, settings.format.explain)?(context, &answer))
}

fn is_concerned(rules: &OperationRules, explanations: &[Explanation<'_>]) -> bool {
    let mut calls = explanations.iter().flat_map(|each| &each.calls);
    calls.any(|call| call.service == rules.service && call.operation == rules.operation)
}

fn renderer<R>(settings: &Settings, render: Option<R>) -> Result<R, Failure> {
    render.ok_or_else(|| Failure::new(format!("`{}` is no format of this command", settings.format.name)))
}

fn exit(settings: &Settings, analysis: &Analysis) -> Exit {
    let any = match &settings.task {
        Task::Scan { strict } => *strict && !analysis.findings.is_empty(),
        Task::Diff { fail_on, .. } => analysis.differences.iter().any(|each| is_at_least(each, *fail_on)),
        _ => false,
    };
    Exit::of_findings(any && !settings.exit_zero)
}

fn is_at_least(difference: &Difference, severity: Severity) -> bool {
    let rows = difference.missing.iter().chain(&difference.excess).chain(&difference.too_wide);
    rows.into_iter().any(|row| row.severity >= severity)
}
