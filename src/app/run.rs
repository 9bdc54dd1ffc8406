//! The path from a project to an analysis: the rooms in order, no step back.

use rayon::prelude::*;

use super::analysis::Run;
use super::answers::{self, KeptPolicies};
use super::assemblies::{self, Assemblies};
use super::code::{Code, Start};
use super::disk::Disk;
use super::failure::Failure;
use super::functions::{self, Candidate};
use super::settings::{Settings, Task};
use super::source_maps::SourceMaps;
use super::write::{self, Writing};
use super::{conventions, definitions, deployed, deployers, rules, templates};
use crate::cloud::aws::AwsSdk;
use crate::decide::{self, Difference, Finding, FunctionAnalysis, Synthesis};
use crate::infra::{Deployment, FunctionKind};
use crate::report::OperationRules;
use crate::text::{Problem, Sources};

/// How much stack the analysis gets: programs nest, and so does the walk over them.
const STACK: usize = 512 << 20;

/// Everything that the answers are made from.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// The functions that were asked for.
    pub functions: Vec<FunctionAnalysis>,
    /// For `generate`, the policies of each function, in the same order.
    pub syntheses: Vec<Synthesis>,
    /// For `diff`, the difference of each function, in the same order.
    pub differences: Vec<Difference>,
    /// For `generate --write`, the changes of the templates.
    pub writing: Writing,
    /// What to tell people beside the answer.
    pub findings: Vec<Finding>,
    /// What the catalog says of each operation that is called.
    pub rules: Vec<OperationRules>,
    /// The deployments of the project.
    pub deployments: Vec<Deployment>,
    /// The files that sites point into.
    pub sources: Sources,
    /// The date and hash of the catalog.
    pub catalog: String,
}

/// Analyses the project on `disk`.
///
/// # Errors
/// What was asked for cannot be done: an entry, function or template that is not there.
pub fn analyse(settings: &Settings, disk: &dyn Disk) -> Result<Analysis, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build();
    let pool = pool.map_err(|error| Failure::new(format!("cannot start the analysis: {error}")))?;
    pool.install(|| steps(settings, disk))
}

fn steps(settings: &Settings, disk: &dyn Disk) -> Result<Analysis, Failure> {
    let overlay = &settings.scope.overlay;
    let catalog = overlay.catalog();
    let listing = disk.walk();
    let (files, assemblies) = Assemblies::split(listing.files);
    let mut sources = Sources::default();
    let mut code = Code::new(disk, &files, &assemblies.copies, overlay);
    let mut templates = templates::read(&settings.scope, disk, &files, Some(&mut code), &mut sources)?;
    templates.mark(&assemblies, &sources);
    deployers::read(&settings.scope, disk, &mut code, &mut sources, &mut templates);
    templates.choose(&settings.scope)?;
    definitions::read(disk, &mut templates.deployments, &mut sources);
    for (path, source) in functions::inline_programs(&templates.deployments, &sources) {
        code.add_inline(path, source, &mut sources);
    }
    let sdk = AwsSdk::with(overlay);
    let mut declared = functions::declared(&templates.deployments, &mut code, &mut sources, &sdk);
    assemblies::once(&mut declared, &templates.deployments, &code);
    let entries = functions::entries(&declared);
    let candidates = candidates(settings, &templates, declared, &mut code, &mut sources, &sdk)?;
    let starts: Vec<Start> = candidates.iter().filter_map(|candidate| candidate.start.clone()).collect();
    code.read(&starts, &mut sources);
    let maps = SourceMaps::find(disk, &mut sources);
    let run = Run {
        catalog,
        sdk: &sdk,
        code: &code,
        templates: &templates,
        maps: &maps,
        sources: &sources,
        entries: &entries,
    };
    let functions: Result<Vec<FunctionAnalysis>, Failure> =
        candidates.par_iter().map(|candidate| run.function(candidate)).collect();
    let functions = functions?;
    let problems: Vec<Problem> =
        templates.deployments.iter().flat_map(|deployment| deployment.problems.iter().cloned()).collect();
    let mut findings = decide::findings(&functions, &problems);
    findings.extend(listing.problems.into_iter().map(Finding::of_unread));
    let analysis = Analysis { findings, sources, catalog: overlay.stamp(), ..Analysis::default() };
    answered(settings, disk, functions, templates, analysis)
}

/// What the functions come to for what was asked.
fn answered(
    settings: &Settings,
    disk: &dyn Disk,
    functions: Vec<FunctionAnalysis>,
    templates: templates::Templates,
    mut analysis: Analysis,
) -> Result<Analysis, Failure> {
    let catalog = settings.scope.overlay.catalog();
    match &settings.task {
        Task::Generate { possible, exact, .. } => {
            let kept = KeptPolicies::read(&settings.scope, &functions, disk, &mut analysis.sources)?;
            analysis.syntheses =
                answers::syntheses(settings, &functions, &templates, &kept, *possible, *exact)?;
        }
        Task::Diff { in_force, .. } => {
            let (mut functions, declared) = (functions, &templates.deployments);
            let sources = &mut analysis.sources;
            deployed::apply(in_force, &settings.scope, disk, declared, &mut functions, sources)?;
            analysis.functions = functions;
            analysis.deployments = templates.deployments;
            let limits = &settings.scope.limits;
            analysis.differences = answers::differences(&mut analysis, limits, catalog, disk)?;
            return Ok(analysis);
        }
        Task::Write { possible, .. } => {
            analysis.functions = functions;
            analysis.deployments = templates.deployments;
            analysis.differences = answers::differences(&mut analysis, &[], catalog, disk)?;
            let kept = KeptPolicies::read(&settings.scope, &analysis.functions, disk, &mut analysis.sources)?;
            analysis.writing = write::writing(settings, &analysis, &kept, *possible)?;
            return Ok(analysis);
        }
        Task::Explain(_) => analysis.rules = rules::called(catalog, &functions),
        _ => {}
    }
    analysis.functions = functions;
    analysis.deployments = templates.deployments;
    Ok(analysis)
}

fn candidates(
    settings: &Settings,
    templates: &templates::Templates,
    declared: Vec<Candidate>,
    code: &mut Code<'_>,
    sources: &mut Sources,
    sdk: &AwsSdk,
) -> Result<Vec<Candidate>, Failure> {
    let files = code.listing();
    let mut found = vec![];
    if !settings.scope.handlers.is_empty() {
        for handler in &settings.scope.handlers {
            found.extend(functions::by_hand(handler, &declared, code, sources, sdk)?);
        }
    } else if declared.iter().all(|candidate| candidate.kind != FunctionKind::Function) {
        found = conventions::all(files, code, sources, sdk, &settings.scope.overlay);
        found.extend(declared);
    } else {
        let others = conventions::not_covered(files, &declared, templates, sources);
        found = declared;
        let known: Vec<String> =
            found.iter().filter_map(|each| Some(each.start.as_ref()?.file.clone())).collect();
        let more = conventions::likely(&others, code, sources, sdk);
        let is_new = |each: &Candidate| each.start.as_ref().is_none_or(|start| !known.contains(&start.file));
        found.extend(more.into_iter().filter(is_new));
    }
    let wanted = &settings.scope.functions;
    if let Some(missing) = wanted.iter().find(|name| found.iter().all(|candidate| candidate.name != **name)) {
        let names = found.iter().map(|candidate| candidate.name.as_str());
        let nearest = super::nearest::nearest(missing, names);
        let failure = Failure::new(format!("there is no function `{missing}`"));
        return Err(match nearest {
            Some(name) => failure.help(format!("did you mean `{name}`?")),
            None => failure,
        });
    }
    found.retain(|candidate| wanted.is_empty() || wanted.contains(&candidate.name));
    Ok(found)
}
