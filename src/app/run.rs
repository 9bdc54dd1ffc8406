//! The path from a project to an analysis: the rooms in order, no step back.

use rayon::prelude::*;

use super::code::{Code, Start};
use super::disk::Disk;
use super::failure::Failure;
use super::functions::{self, Candidate};
use super::settings::Settings;
use crate::catalog::Catalog;
use crate::cloud::aws::{self, AwsSdk, Names};
use crate::decide::{self, Difference, EntryPoint, Finding, FunctionAnalysis, Synthesis};
use crate::flow::{self, BlindKind, BlindSpot, Entry};
use crate::infra::Deployment;
use crate::lang;
use crate::report::OperationRules;
use crate::text::{Site, SmolStr, Sources, Span, TemplateString};

/// Everything that the answers are made from.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// The functions that were asked for.
    pub functions: Vec<FunctionAnalysis>,
    /// For `generate`, the policies of each function, in the same order.
    pub syntheses: Vec<Synthesis>,
    /// For `diff`, the difference of each function, in the same order.
    pub differences: Vec<Difference>,
    /// What to tell people beside the answer.
    pub findings: Vec<Finding>,
    /// What the catalog says of each operation that is called.
    pub rules: Vec<OperationRules>,
    /// The files that sites point into.
    pub sources: Sources,
    /// The date and hash of the catalog.
    pub catalog: String,
}

/// Analyses the project on `disk`.
pub fn analyse(settings: &Settings, disk: &dyn Disk) -> Result<Analysis, Failure> {
    let catalog = Catalog::embedded();
    let listing = disk.walk();
    let mut sources = Sources::default();
    let mut code = Code::new(disk, &listing.files);
    let deployments: Vec<Deployment> = vec![];
    let candidates = candidates(settings, &deployments, &mut code, &listing.files, &mut sources)?;
    let starts: Vec<Start> = candidates.iter().filter_map(|candidate| candidate.start.clone()).collect();
    code.read(&starts, &mut sources);
    let sdk = AwsSdk::new(catalog);
    let platform = functions::platform_variables();
    let analysis = Run { catalog, sdk: &sdk, code: &code, deployments: &deployments, platform: &platform };
    let functions: Result<Vec<FunctionAnalysis>, Failure> =
        candidates.par_iter().map(|candidate| analysis.function(candidate)).collect();
    let functions = functions?;
    let findings = decide::findings(&functions, &[]);
    Ok(Analysis {
        functions,
        findings,
        sources,
        catalog: format!("{} {}", catalog.date(), catalog.hash()),
        ..Analysis::default()
    })
}

/// What the catalog says of an operation.
pub fn operation(service: &str, operation: &str) -> Result<OperationRules, Failure> {
    Err(Failure::new(format!("nothing is known of `{service}` `{operation}`")))
}

fn candidates(
    settings: &Settings,
    deployments: &[Deployment],
    code: &mut Code<'_>,
    files: &[String],
    sources: &mut Sources,
) -> Result<Vec<Candidate>, Failure> {
    let declared = functions::declared(deployments, code);
    let mut found = vec![];
    if !settings.scope.handlers.is_empty() {
        for handler in &settings.scope.handlers {
            found.extend(functions::by_hand(handler, &declared, code)?);
        }
    } else if !declared.is_empty() {
        found = declared;
    } else {
        let starts: Vec<Start> = files
            .iter()
            .filter(|file| lang::language_of(file).is_some())
            .map(|file| {
                let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
                Start { file: file.clone(), roots: vec![folder.to_owned(), String::new()] }
            })
            .collect();
        code.read(&starts, sources);
        for start in &starts {
            if let Some((_, module)) = code.module(&start.file) {
                found.extend(functions::likely(&start.file, module, &start.roots));
            }
        }
    }
    found.retain(|candidate| functions::is_wanted(candidate, &settings.scope));
    Ok(found)
}

struct Run<'a> {
    catalog: Catalog,
    sdk: &'a AwsSdk,
    code: &'a Code<'a>,
    deployments: &'a [Deployment],
    platform: &'a [(SmolStr, TemplateString)],
}

impl Run<'_> {
    fn function(&self, candidate: &Candidate) -> Result<FunctionAnalysis, Failure> {
        let deployment = candidate.declared.and_then(|(deployment, _)| self.deployments.get(deployment));
        let declared = candidate.declared.and_then(|(_, function)| deployment?.functions.get(function));
        let names = Names { deployment, function: declared, platform: self.platform };
        let mut analysis = FunctionAnalysis {
            name: candidate.name.clone(),
            language: candidate
                .start
                .as_ref()
                .and_then(|start| lang::language_of(&start.file))
                .map(|language| language.name.into())
                .unwrap_or_default(),
            runtime: declared.and_then(|function| function.runtime.clone()),
            entry: None,
            template: declared.map(|function| function.site),
            calls: vec![],
            requirements: vec![],
            blind_spots: vec![],
            held: None,
            role: declared.and_then(|function| function.role.clone()),
        };
        self.run_code(candidate, &names, &mut analysis)?;
        let (requirements, blind) = aws::require(self.catalog, names, &analysis.calls);
        analysis.requirements = requirements;
        analysis.blind_spots.extend(blind);
        analysis.blind_spots.sort();
        analysis.blind_spots.dedup();
        Ok(analysis)
    }

    fn run_code(
        &self,
        candidate: &Candidate,
        names: &Names<'_>,
        analysis: &mut FunctionAnalysis,
    ) -> Result<(), Failure> {
        if let Some(lost) = &candidate.lost {
            let spot = BlindSpot {
                kind: BlindKind::NoEntry,
                site: analysis.template,
                services: vec![],
                message: lost.clone(),
            };
            analysis.blind_spots.push(spot);
        }
        let Some(start) = &candidate.start else { return Ok(()) };
        let Some((program, unit)) = self.code.program(start) else {
            return Ok(());
        };
        let entry = Entry { unit, symbol: candidate.symbol.clone() };
        let findings = flow::run(&program, self.sdk, names, &entry);
        analysis.calls = findings.calls;
        analysis.blind_spots.extend(findings.blind_spots);
        self.unread(start, analysis);
        let beginning = self.code.module(&start.file).map(|(file, _)| Site { file, span: Span::default() });
        analysis.entry = findings
            .entry
            .or(beginning)
            .map(|site| EntryPoint { site, symbol: candidate.symbol.clone().unwrap_or_default() });
        Ok(())
    }

    fn unread(&self, start: &Start, analysis: &mut FunctionAnalysis) {
        for path in self.code.reached(start) {
            if let Some(reason) = self.code.unread.get(&path) {
                let message = format!("`{path}` could not be read: {reason}");
                analysis.blind_spots.push(BlindSpot {
                    kind: BlindKind::UnreadFile,
                    site: None,
                    services: vec![],
                    message,
                });
            }
            let problems =
                self.code.module(&path).map(|(_, module)| module.problems.as_slice()).unwrap_or_default();
            for problem in problems {
                analysis.blind_spots.push(BlindSpot {
                    kind: BlindKind::UnreadFile,
                    site: Some(problem.site),
                    services: vec![],
                    message: problem.message.clone(),
                });
            }
        }
    }
}
