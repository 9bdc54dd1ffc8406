//! One function: its code run, its requirements worked out, what it holds put beside them.

use rustc_hash::FxHashMap;

use super::code::{Code, Start};
use super::failure::Failure;
use super::functions::{self, Candidate};
use super::nearest::nearest;
use super::source_maps::SourceMaps;
use super::templates::Templates;
use crate::catalog::Catalog;
use crate::cloud::aws::{self, AwsSdk, Names};
use crate::decide::{EntryPoint, FunctionAnalysis};
use crate::flow::{self, BlindKind, BlindSpot, Entry};
use crate::infra::{Code as CodeLocation, Function};
use crate::lang::{self, Language};
use crate::text::{Site, SmolStr, Sources, Span, paths};

/// What every function of a run shares.
pub(super) struct Run<'a> {
    pub(super) catalog: Catalog,
    pub(super) sdk: &'a AwsSdk,
    pub(super) code: &'a Code<'a>,
    pub(super) templates: &'a Templates,
    /// What leads back from what was built.
    pub(super) maps: &'a SourceMaps,
    pub(super) sources: &'a Sources,
    /// What the platform calls in each file, for whatever function.
    pub(super) entries: &'a FxHashMap<String, Vec<SmolStr>>,
}

impl Run<'_> {
    /// Everything known of a function.
    pub(super) fn function(&self, candidate: &Candidate) -> Result<FunctionAnalysis, Failure> {
        let place = candidate.declared;
        let deployment = place.and_then(|(deployment, _)| self.templates.deployments.get(deployment));
        let declared = place.and_then(|(_, function)| deployment?.functions.get(function));
        let platform = functions::platform_variables(deployment, declared);
        let settings = candidate.start.as_ref().map(|start| self.code.settings(&start.file));
        let settings = settings.unwrap_or_default();
        let names = Names { deployment, function: declared, platform: &platform, settings: &settings };
        let language = candidate.start.as_ref().and_then(|start| lang::language_of(&start.file));
        let mut analysis = FunctionAnalysis {
            name: candidate.name.clone(),
            kind: candidate.kind,
            language: language.map(|language| language.name.into()).unwrap_or_default(),
            runtime: declared.and_then(|function| function.runtime.clone()),
            entry: None,
            template: declared.map(|function| function.site),
            environment: deployment.and_then(|deployment| deployment.environment.clone()),
            calls: vec![],
            requirements: vec![],
            causes: declared.map(aws::configuration::causes).unwrap_or_default(),
            blind_spots: self.unread_templates(candidate),
            held: None,
            role: declared.and_then(|function| function.role.clone()),
        };
        let beside = match declared.map(|function| &function.code) {
            Some(CodeLocation::Workflow(workflow)) => {
                let asked = aws::workflow::asked(self.catalog, names, workflow);
                analysis.calls = asked.calls;
                analysis.blind_spots.extend(asked.blind_spots);
                asked.requirements
            }
            Some(CodeLocation::Integrations(integrations)) => {
                let (calls, blind) = aws::workflow::sent(self.catalog, integrations);
                analysis.calls = calls;
                analysis.blind_spots.extend(blind);
                vec![]
            }
            _ => {
                self.run_code(candidate, &names, &mut analysis)?;
                vec![]
            }
        };
        let (requirements, blind) = aws::require(self.catalog, names, &analysis.calls);
        analysis.requirements = requirements;
        analysis.requirements.extend(beside);
        analysis.blind_spots.extend(blind);
        if let (Some(deployment), Some(function)) = (deployment, declared) {
            let held = function.role.as_ref().and_then(|role| deployment.roles.get(role));
            analysis.held = held.cloned();
            analysis.requirements.extend(aws::configuration::require(function, deployment));
            analysis.requirements.sort_by(|a, b| (&a.action, a.origin).cmp(&(&b.action, b.origin)));
        }
        analysis.blind_spots.sort();
        analysis.blind_spots.dedup();
        Ok(analysis)
    }

    /// Templates that nobody reads may declare what the function is, holds and is invoked by.
    fn unread_templates(&self, candidate: &Candidate) -> Vec<BlindSpot> {
        // What a template that is read declares is not declared by another one too.
        let Some(start) = candidate.start.as_ref().filter(|_| candidate.declared.is_none()) else {
            return vec![];
        };
        let is_around = |(path, _): &&(String, &str)| {
            let folder = paths::folder(path);
            paths::is_below(&start.file, folder)
        };
        let spot = |(path, format): &(String, &str)| BlindSpot {
            kind: BlindKind::UnreadFormat,
            site: None,
            services: vec![],
            message: format!("`{path}` is not read: {format}"),
        };
        self.templates.unread.iter().filter(is_around).map(spot).collect()
    }

    fn run_code(
        &self,
        candidate: &Candidate,
        names: &Names<'_>,
        analysis: &mut FunctionAnalysis,
    ) -> Result<(), Failure> {
        if let Some(lost) = &candidate.lost {
            let mut spot = no_entry(analysis.template, lost.clone());
            if analysis.runtime.as_deref().is_some_and(|runtime| lang::language_of_runtime(runtime).is_none())
            {
                spot.kind = BlindKind::UnreadFormat;
            }
            analysis.blind_spots.push(spot);
        }
        if let Some(taken) = &candidate.taken {
            let kind = BlindKind::UnresolvedResource;
            analysis.blind_spots.push(BlindSpot {
                kind,
                site: analysis.template,
                services: vec![],
                message: taken.clone(),
            });
        }
        let Some(start) = &candidate.start else { return Ok(()) };
        let language = lang::language_of(&start.file);
        let beginning = self.code.module(&start.file).map(|(file, _)| Site { file, span: Span::default() });
        if let Some((program, unit)) = self.code.program(start) {
            let entry = Entry {
                unit,
                symbol: candidate.symbol.clone(),
                others: self.others(candidate, start, names.function),
                adapter: candidate.adapter.clone(),
                alone: is_entered_alone(candidate, language),
            };
            let mut findings = flow::run(&program, self.sdk, names, &entry);
            self.maps.lead_back(&mut findings, self.sources);
            if !findings.found {
                self.missing_symbol(candidate, start, analysis)?;
            }
            analysis.calls = findings.calls;
            analysis.blind_spots.extend(findings.blind_spots);
            let site = findings.entry.or(beginning);
            let symbol = findings.handed.or_else(|| candidate.symbol.clone()).unwrap_or_default();
            analysis.entry = site.map(|site| EntryPoint { site, symbol });
        }
        self.unread_files(start, analysis);
        Ok(())
    }

    /// What the platform calls for other functions in the file that this one begins in.
    fn others(&self, candidate: &Candidate, start: &Start, declared: Option<&Function>) -> Vec<SmolStr> {
        let names = self.entries.get(&start.file).into_iter().flatten();
        let names = names.filter(|name| Some(*name) != candidate.symbol.as_ref()).cloned();
        names.chain(declared.into_iter().flat_map(Function::apart).map(SmolStr::from)).collect()
    }

    /// An entry that the file does not have: an error where a person named it, a blind spot where a template did.
    fn missing_symbol(
        &self,
        candidate: &Candidate,
        start: &Start,
        analysis: &mut FunctionAnalysis,
    ) -> Result<(), Failure> {
        let symbol = candidate.symbol.as_deref().unwrap_or_default();
        let message = format!("`{}` has no `{symbol}`", start.file);
        if !candidate.by_hand {
            analysis.blind_spots.push(no_entry(analysis.template, message));
            return Ok(());
        }
        let names = self.code.module(&start.file).map(|(_, module)| module.exports().collect::<Vec<&str>>());
        let failure = match functions::mistake(&start.file, self.code) {
            Some(why) => Failure::new(format!("{message} that can be read: {why}")),
            None => Failure::new(message),
        };
        Err(match nearest(symbol, names.unwrap_or_default().into_iter()) {
            Some(name) => failure.help(format!("did you mean `{name}`?")),
            None => failure,
        })
    }

    fn unread_files(&self, start: &Start, analysis: &mut FunctionAnalysis) {
        let unread = |site: Option<Site>, message: String| BlindSpot {
            kind: BlindKind::UnreadFile,
            site,
            services: vec![],
            message,
        };
        for path in self.code.reached(start) {
            if let Some(reason) = self.code.unread.get(&path) {
                analysis.blind_spots.push(unread(None, format!("`{path}` could not be read: {reason}")));
            }
            let problems =
                self.code.module(&path).map(|(_, module)| module.problems.as_slice()).unwrap_or_default();
            let spots = problems.iter().map(|problem| unread(Some(problem.site), problem.message.clone()));
            analysis.blind_spots.extend(spots);
        }
    }
}

/// Whether a deployment names a method of a class, in a language whose functions may be programs too.
fn is_entered_alone(candidate: &Candidate, language: Option<&Language>) -> bool {
    candidate.declared.is_some()
        && language.is_some_and(|language| language.find.is_some() && language.programs.is_some())
        && candidate.symbol.as_ref().is_some_and(|symbol| symbol.contains('.'))
}

fn no_entry(site: Option<Site>, message: String) -> BlindSpot {
    BlindSpot { kind: BlindKind::NoEntry, site, services: vec![], message }
}
