//! Which functions a run looks at: those that a deployment declares, those named by hand, else those that look like
//! handlers.

use crate::infra::{Code as CodeLocation, Deployment, Function};
use crate::ir::Module;
use crate::lang::{self, Language};
use crate::text::{SmolStr, TemplateString};

use super::code::{Code, Start};
use super::failure::Failure;
use super::settings::{Handler, Scope};

/// A function before its code is run.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Its name in the reports.
    pub name: SmolStr,
    /// The number of its deployment and of the function in it.
    pub declared: Option<(usize, usize)>,
    /// Where its code begins; `None` where that was not found.
    pub start: Option<Start>,
    /// What the platform calls there.
    pub symbol: Option<SmolStr>,
    /// Why the code was not found.
    pub lost: Option<String>,
}

/// The functions of all deployments.
pub(super) fn declared(deployments: &[Deployment], code: &Code<'_>) -> Vec<Candidate> {
    let mut found = vec![];
    for (deployment, index) in deployments.iter().zip(0..) {
        for (function, number) in deployment.functions.iter().zip(0..) {
            found.push(of_function(deployment, function, (index, number), code));
        }
    }
    found
}

fn of_function(
    deployment: &Deployment,
    function: &Function,
    place: (usize, usize),
    code: &Code<'_>,
) -> Candidate {
    let mut candidate =
        Candidate { name: function.id.clone(), declared: Some(place), start: None, symbol: None, lost: None };
    let language = function.runtime.as_deref().and_then(lang::language_of_runtime);
    match locate(deployment, function, language, code) {
        Ok((start, symbol)) => {
            candidate.start = Some(start);
            candidate.symbol = Some(symbol);
        }
        Err(lost) => candidate.lost = Some(lost),
    }
    candidate
}

/// The path under which a program that stands in a template is known.
pub(super) fn inline_path(template: &str, function: &str, language: &Language) -> String {
    let extension = language.extensions.first().copied().unwrap_or("txt");
    format!("{template}#{function}.{extension}")
}

fn locate(
    deployment: &Deployment,
    function: &Function,
    language: Option<&'static Language>,
    code: &Code<'_>,
) -> Result<(Start, SmolStr), String> {
    let runtime = function.runtime.as_deref().unwrap_or("no runtime");
    let language = language.ok_or_else(|| format!("programs for {runtime} are not read"))?;
    let handler = function.handler.as_deref().ok_or("the template states no handler")?;
    let settings = (language.handler)(handler);
    let (_, symbol) =
        settings.first().ok_or_else(|| format!("`{handler}` is no handler of {}", language.name))?;
    match &function.code {
        CodeLocation::Inline { .. } => {
            let path = inline_path("", &function.id, language);
            Ok((Start { file: path, roots: roots(function, language, "") }, symbol.clone()))
        }
        CodeLocation::Elsewhere(what) => Err(format!("its code is not in the project: {what}")),
        CodeLocation::Path(folder) => {
            let folder = folder.trim_end_matches('/');
            let folder = if folder == "." { "" } else { folder };
            let _ = deployment;
            for (module, symbol) in &settings {
                let path = join(folder, module);
                if let Some(file) = language.files(&path).find(|file| code.has(file)) {
                    return Ok((Start { file, roots: roots(function, language, folder) }, symbol.clone()));
                }
            }
            Err(format!("there is no file for the handler `{handler}` under `{folder}`"))
        }
    }
}

/// The folders that absolute imports begin in: the function's code, then its layers.
fn roots(function: &Function, language: &Language, folder: &str) -> Vec<String> {
    let mut roots = vec![folder.to_owned()];
    for layer in &function.layers {
        roots.push(join(layer, language.layer));
        roots.push(layer.clone());
    }
    roots
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() || folder == "." { name.to_owned() } else { format!("{folder}/{name}") }
}

/// An entry named by hand: the functions of the deployment with that entry, else one made of it.
pub(super) fn by_hand(
    handler: &Handler,
    declared: &[Candidate],
    code: &Code<'_>,
) -> Result<Vec<Candidate>, Failure> {
    let language = lang::language_of(&handler.file);
    if !code.has(&handler.file) {
        return Err(Failure::new(format!("there is no file `{}` in the project", handler.file)));
    }
    let same = |candidate: &&Candidate| {
        candidate.start.as_ref().is_some_and(|start| start.file == handler.file)
            && handler.symbol.as_ref().is_none_or(|symbol| candidate.symbol.as_ref() == Some(symbol))
    };
    let known: Vec<Candidate> = declared.iter().filter(same).cloned().collect();
    if !known.is_empty() {
        return Ok(known);
    }
    let folder = handler.file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut roots = vec![folder.to_owned()];
    roots.extend(
        std::iter::successors(folder.rsplit_once('/'), |(folder, _)| folder.rsplit_once('/'))
            .map(|(folder, _)| folder.to_owned()),
    );
    roots.push(String::new());
    roots.dedup();
    let lost = language.is_none().then(|| format!("`{}` is in a language that is not read", handler.file));
    let start = Start { file: handler.file.clone(), roots };
    let name = handler.symbol.clone().unwrap_or_else(|| handler.file.as_str().into());
    Ok(vec![Candidate { name, declared: None, start: Some(start), symbol: handler.symbol.clone(), lost }])
}

/// One candidate for each likely handler of a module that was read.
pub(super) fn likely(file: &str, module: &Module, roots: &[String]) -> Vec<Candidate> {
    let Some(language) = lang::language_of(file) else { return vec![] };
    let start = Start { file: file.to_owned(), roots: roots.to_vec() };
    let candidate = |symbol: &SmolStr| Candidate {
        name: format!("{file}:{symbol}").into(),
        declared: None,
        start: Some(start.clone()),
        symbol: Some(symbol.clone()),
        lost: None,
    };
    let names = (language.likely_handlers)(module);
    names.iter().filter_map(|id| module.routine(*id)).map(|routine| candidate(&routine.name)).collect()
}

/// Whether the function was asked for.
pub(super) fn is_wanted(candidate: &Candidate, scope: &Scope) -> bool {
    scope.functions.is_empty() || scope.functions.contains(&candidate.name)
}

/// Variables that the platform sets for every function.
pub(super) fn platform_variables() -> Vec<(SmolStr, TemplateString)> {
    vec![]
}
