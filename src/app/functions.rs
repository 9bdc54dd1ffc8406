//! Which functions a run looks at: those that a deployment declares, those named by hand, else those that look like
//! handlers.

use rustc_hash::FxHashMap;

use crate::catalog::Platform;
use crate::cloud::aws::AwsSdk;
use crate::infra::{Code as CodeLocation, Deployment, Function, FunctionKind};
use crate::ir::Module;
use crate::lang::{self, Language};
use crate::text::{Hole, SmolStr, Source, Sources, TemplateString, paths};

use super::adapters::{Adapted, adapted};
use super::code::{Code, Start};
use super::conventions;
use super::failure::Failure;
use super::locate::locate;
use super::settings::Handler;

/// A function before its code is run.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Its name in the reports.
    pub name: SmolStr,
    /// What it is.
    pub kind: FunctionKind,
    /// The number of its deployment and of the function in it.
    pub declared: Option<(usize, usize)>,
    /// Where its code begins; `None` where that was not found.
    pub start: Option<Start>,
    /// What the platform calls there.
    pub symbol: Option<SmolStr>,
    /// Why the code was not found.
    pub lost: Option<String>,
    /// What the source was taken to be, where the deployment names what is built of it.
    pub taken: Option<String>,
    /// Whether a person named what is entered.
    pub by_hand: bool,
    /// The way to the construct that it is, where the deployment says.
    pub path: Option<String>,
    /// The member of a framework's class that the platform calls, where that finds the entry by itself.
    pub adapter: Option<SmolStr>,
    /// All that such a framework enters: files and symbols.
    pub entries: Vec<(String, SmolStr)>,
}

/// The functions of all deployments.
pub(super) fn declared(
    deployments: &[Deployment],
    code: &mut Code<'_>,
    sources: &mut Sources,
    sdk: &AwsSdk,
) -> Vec<Candidate> {
    let mut found = vec![];
    for (deployment, index) in deployments.iter().zip(0..) {
        for (function, number) in deployment.functions.iter().zip(0..) {
            let adapted = adapted(deployment, function, code, sources, sdk);
            found.push(of_function(deployment, function, (index, number), adapted, code));
        }
    }
    found
}

fn of_function(
    deployment: &Deployment,
    function: &Function,
    place: (usize, usize),
    adapted: Option<Adapted>,
    code: &Code<'_>,
) -> Candidate {
    let mut candidate = Candidate {
        name: function.label.clone(),
        kind: function.kind(),
        declared: Some(place),
        start: None,
        symbol: None,
        lost: None,
        taken: None,
        by_hand: false,
        path: function.construct().map(str::to_owned),
        adapter: None,
        entries: vec![],
    };
    if function.kind() != FunctionKind::Function {
        return candidate;
    }
    if let Some(adapted) = adapted {
        let first = adapted.entries.first().cloned();
        candidate.start =
            first.as_ref().map(|(file, _)| Start { file: file.clone(), roots: folders_above(file) });
        candidate.symbol = first.map(|(_, symbol)| symbol);
        candidate.taken = adapted.taken;
        candidate.adapter = Some(adapted.adapter);
        candidate.entries = adapted.entries;
        return candidate;
    }
    match locate(deployment, function, code) {
        Ok(found) => {
            candidate.start = Some(found.start);
            candidate.symbol = Some(found.symbol);
            candidate.taken = found.taken;
        }
        Err(lost) => candidate.lost = Some(lost),
    }
    candidate
}

/// What the platform calls in each file, for whatever function.
pub(super) fn entries(declared: &[Candidate]) -> FxHashMap<String, Vec<SmolStr>> {
    let mut entries: FxHashMap<String, Vec<SmolStr>> = FxHashMap::default();
    for candidate in declared {
        if let (Some(start), Some(symbol)) = (&candidate.start, &candidate.symbol) {
            entries.entry(start.file.clone()).or_default().push(symbol.clone());
        }
    }
    entries
}

/// The path under which a program that stands in a template is known.
pub(super) fn inline_path(function: &str, language: &Language) -> String {
    let extension = language.extensions.first().copied().unwrap_or("txt");
    format!("#{function}.{extension}")
}

/// The folders that absolute imports begin in: the function's code, then its layers.
pub(super) fn roots(function: &Function, language: &Language, folder: &str) -> Vec<String> {
    let mut roots = vec![folder.to_owned()];
    for layer in &function.layers {
        roots.push(paths::join(layer, language.layer));
        roots.push(layer.clone());
    }
    roots
}

/// An entry named by hand: the functions of the deployment with that entry, else one made of it. Without a symbol the
/// file's entries by convention, else everything that it exports.
pub(super) fn by_hand(
    handler: &Handler,
    declared: &[Candidate],
    code: &mut Code<'_>,
    sources: &mut Sources,
    sdk: &AwsSdk,
) -> Result<Vec<Candidate>, Failure> {
    if !code.has(&handler.file) {
        return Err(Failure::new(format!("there is no file `{}` in the project", handler.file)));
    }
    let start = Start { file: handler.file.clone(), roots: folders_above(&handler.file) };
    let language = lang::language_of(&handler.file);
    let lost = language.is_none().then(|| format!("`{}` is in a language that is not read", handler.file));
    if lost.is_none() {
        code.read(std::slice::from_ref(&start), sources);
    }
    let module = code.module(&handler.file).map(|(_, module)| module.clone());
    let module = module.as_ref();
    let symbol = handler.symbol.as_ref().map(|name| match (language, module) {
        (Some(language), Some(module)) => (language.symbol)(module, name),
        _ => name.clone(),
    });
    let meant = Handler { symbol: symbol.clone(), ..handler.clone() };
    let known: Vec<Candidate> = declared.iter().filter_map(|candidate| named(&meant, candidate)).collect();
    if !known.is_empty() {
        return Ok(known);
    }
    if let (None, Some(module)) = (&symbol, module) {
        let mut found = conventions::likely_at(&start, module, sdk);
        if found.is_empty() {
            found = exported(&start, module);
        }
        return match mistake(&handler.file, code) {
            Some(why) if found.is_empty() => {
                Err(Failure::new(format!("`{}` has no entry that can be read: {why}", handler.file)))
            }
            _ => Ok(found),
        };
    }
    let name = handler.symbol.clone().unwrap_or_else(|| handler.file.as_str().into());
    Ok(vec![Candidate {
        name,
        kind: FunctionKind::Function,
        declared: None,
        start: Some(start),
        symbol,
        lost,
        taken: None,
        by_hand: true,
        path: None,
        adapter: None,
        entries: vec![],
    }])
}

/// The first mistake of a file that is not read whole, with its line.
pub(super) fn mistake(file: &str, code: &Code<'_>) -> Option<String> {
    let (_, module) = code.module(file)?;
    let problem = module.problems.first()?;
    let source = Source::new(file, code.text(file)?);
    Some(format!("line {}: {}", source.position(problem.site.span.start).line, problem.message))
}

/// A function of the deployment whose entry is the one named. A program hands its handlers over under names of their own.
fn named(handler: &Handler, candidate: &Candidate) -> Option<Candidate> {
    let start = candidate.start.as_ref()?;
    if candidate.adapter.is_some() {
        let is_meant = |(file, symbol): &&(String, SmolStr)| {
            *file == handler.file && handler.symbol.as_ref().is_none_or(|wanted| wanted == symbol)
        };
        let (file, symbol) = candidate.entries.iter().find(is_meant)?;
        let start = Start { file: file.clone(), roots: folders_above(file) };
        let symbol = Some(symbol.clone());
        return Some(Candidate { by_hand: true, start: Some(start), symbol, ..candidate.clone() });
    }
    let language = lang::language_of(&start.file)?;
    let folder = |file: &str| file.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let together = matches!(language.scope, lang::Scope::Folder(_))
        && lang::language_of(&handler.file).is_some_and(|other| other.name == language.name)
        && folder(&start.file) == folder(&handler.file);
    if start.file != handler.file && !together {
        return None;
    }
    let mut named = Candidate { by_hand: true, ..candidate.clone() };
    if handler.symbol.is_none() || handler.symbol == candidate.symbol {
        return Some(named);
    }
    if language.find.is_some() {
        return None;
    }
    language.programs?;
    named.symbol.clone_from(&handler.symbol);
    Some(named)
}

/// The folder of a file and those above it, innermost first: where imports may begin when nobody says.
pub(super) fn folders_above(file: &str) -> Vec<String> {
    paths::up(paths::folder(file)).map(str::to_owned).collect()
}

/// One candidate for each likely handler of a module that was read.
pub(super) fn likely(start: &Start, module: &Module) -> Vec<Candidate> {
    let Some(language) = lang::language_of(&start.file) else { return vec![] };
    let names = (language.likely_handlers)(module);
    names.iter().filter(|name| !name.is_empty()).map(|name| of_symbol(start, name, None)).collect()
}

/// One candidate for everything that a module exports and that can be called.
pub(super) fn exported(start: &Start, module: &Module) -> Vec<Candidate> {
    let lost =
        format!("`{}` has no handler by convention: everything that it exports is taken for one", start.file);
    let names = lang::language_of(&start.file).map(|language| (language.exported)(module));
    let names = names.into_iter().flatten().filter(|name| !name.is_empty());
    names.map(|name| of_symbol(start, &name, Some(lost.clone()))).collect()
}

/// A candidate that no deployment declares.
pub(super) fn of_symbol(start: &Start, symbol: &SmolStr, lost: Option<String>) -> Candidate {
    Candidate {
        name: format!("{}:{symbol}", start.file).into(),
        kind: FunctionKind::Function,
        declared: None,
        start: Some(start.clone()),
        symbol: Some(symbol.clone()),
        lost,
        taken: None,
        by_hand: false,
        path: None,
        adapter: None,
        entries: vec![],
    }
}

/// Variables that the platform sets for a function.
pub(super) fn platform_variables(
    deployment: Option<&Deployment>,
    function: Option<&Function>,
) -> Vec<(SmolStr, TemplateString)> {
    let resource = function.and_then(|function| deployment?.resources.get(&function.id));
    let snapshot = resource.and_then(|resource| resource.properties.at(&["SnapStart", "ApplyOn"])?.as_str());
    let has_snapshot = snapshot.is_some_and(|versions| versions != "None");
    let id = function.map(|function| TemplateString::resource(function.id.clone()));
    let name =
        function.and_then(|function| function.name.clone()).or(id).unwrap_or_else(|| Hole::Unknown.into());
    let value = |text: &str| -> TemplateString {
        match text {
            "${Region}" => Hole::Region.into(),
            "${FunctionName}" => name.clone(),
            "${Initialization}" if has_snapshot => "snap-start".into(),
            "${Initialization}" if function.is_some() => "on-demand".into(),
            "${LogGroup}" => {
                let mut group = TemplateString::from("/aws/lambda/");
                group.push(&name);
                group
            }
            _ if text.contains('{') => Hole::Unknown.into(),
            _ => text.into(),
        }
    };
    Platform::embedded().variables().map(|(name, text)| (name.into(), value(text))).collect()
}

/// The programs that stand in templates, each under a path of its own. Their lines are those of the template.
pub(super) fn inline_programs(deployments: &[Deployment], sources: &Sources) -> Vec<(String, Source)> {
    let mut programs = vec![];
    for function in deployments.iter().flat_map(|deployment| &deployment.functions) {
        let CodeLocation::Inline { text, site } = &function.code else { continue };
        let Some(language) = function.runtime.as_deref().and_then(lang::language_of_runtime) else {
            continue;
        };
        let line = sources.position(*site).line;
        let starts_below =
            sources.get(site.file).is_some_and(|source| source.slice(site.span).starts_with(['|', '>']));
        let above = line.saturating_sub(1) + u32::from(starts_below);
        let padded = "\n".repeat(above as usize) + text;
        programs.push((inline_path(&function.id, language), Source::new(sources.path(site.file), padded)));
    }
    programs
}
