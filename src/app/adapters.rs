//! Functions whose handler is a class of a framework: what of the project that enters is found as the framework finds it.

use super::code::{Code, Start};
use super::functions::folders_above;
use super::{builds, locate, programs};
use crate::catalog::Entries;
use crate::cloud::aws::{AwsSdk, Names};
use crate::flow::{self, World as _};
use crate::infra::{Code as CodeLocation, Deployment, Function};
use crate::ir::Module;
use crate::lang::{self, LANGUAGES, Language, Scope};
use crate::text::{SmolStr, Sources, TemplateString, paths};

/// How many build folders are searched for one function.
const MAX_BUILDS: usize = 16;

/// What a framework enters.
pub(super) struct Adapted {
    /// The member of the framework's class that the platform calls.
    pub(super) adapter: SmolStr,
    /// The files and symbols that it enters, the first of each file first.
    pub(super) entries: Vec<(String, SmolStr)>,
    /// What the source was taken to be, where the deployment names what is built of it.
    pub(super) taken: Option<String>,
}

/// Finds what the framework enters whose class a handler setting names; `None` where it names no such class, or the framework
/// would find nothing.
pub(super) fn adapted(
    deployment: &Deployment,
    function: &Function,
    code: &mut Code<'_>,
    sources: &mut Sources,
    sdk: &AwsSdk,
) -> Option<Adapted> {
    let setting = function.handler.as_deref()?;
    let named = LANGUAGES.iter().find_map(|language| {
        let adapter = adapter(setting, language)?;
        let entries = sdk.entries(language.family, &adapter)?;
        Some((language, adapter, entries))
    });
    let (language, adapter, entries) = named.or_else(|| native(function, code, sdk))?;
    let (path, is_built) = match &function.code {
        CodeLocation::Path(path) => (path.trim_end_matches('/'), !code.is_folder(path)),
        CodeLocation::Elsewhere(what) => (what.as_str(), true),
        CodeLocation::Image { context, .. } => (context.as_str(), false),
        _ => return None,
    };
    let builds = builds(language, path, code, sources);
    let found = search(deployment, function, &entries, &builds, code);
    let (file, _) = found.first()?;
    let taken = is_built.then(|| format!("its code is named as `{path}`: `{file}` is taken for the source"));
    Some(Adapted { adapter, entries: found, taken })
}

/// What enters a program of its own whose handler names nothing: the framework that its build depends on.
fn native(
    function: &Function,
    code: &Code<'_>,
    sdk: &AwsSdk,
) -> Option<(&'static Language, SmolStr, Entries)> {
    function.runtime.as_deref().filter(|runtime| programs::is_program(runtime))?;
    if locate::compiled(function, code).is_some() {
        return None;
    }
    let (CodeLocation::Path(path) | CodeLocation::Elsewhere(path)) = &function.code else { return None };
    let build = paths::up(path.trim_end_matches('/')).find_map(|folder| {
        let mut files = builds::BUILD_FILES.iter().map(|name| paths::join(folder, name));
        files.find(|file| code.has(file)).and_then(|file| code.text(&file))
    })?;
    let is_meant = |entries: &Entries| entries.native.iter().any(|package| build.contains(package.as_str()));
    LANGUAGES.iter().find_map(|language| {
        let mut natives = sdk.natives(language.name).into_iter();
        let (adapter, entries) = natives.find(|(_, entries)| is_meant(entries))?;
        Some((language, adapter, entries))
    })
}

/// `a.b.Class::member` as a dotted path, with the member that the platform calls where none is named.
fn adapter(setting: &str, language: &Language) -> Option<SmolStr> {
    let class = setting.split("::").next()?;
    let (_, symbol) = (language.handler)(setting).into_iter().next()?;
    let member = symbol.rsplit('.').next()?;
    class.contains('.').then(|| format!("{class}.{member}").into())
}

/// The programs at a place, or around it where that is built of them: a file of each, read with all that is built with it.
fn builds(language: &Language, path: &str, code: &mut Code<'_>, sources: &mut Sources) -> Vec<Start> {
    let Scope::Namespace(..) = language.scope else { return vec![] };
    let is_program =
        |file: &str| lang::language_of(file).is_some_and(|other| other.family == language.family);
    let below = |folder: &str| -> Vec<String> {
        let inside = |file: &&str| paths::is_below(file, folder);
        code.files().filter(|file| is_program(file)).filter(inside).map(str::to_owned).collect()
    };
    let path = if path == "." { "" } else { path };
    let files = paths::up(path).map(below).find(|files| !files.is_empty()).unwrap_or_default();
    let mut builds: Vec<Start> = vec![];
    let mut seen: Vec<String> = vec![];
    for file in files {
        if builds.len() >= MAX_BUILDS {
            break;
        }
        if seen.contains(&file) {
            continue;
        }
        let start = Start { roots: folders_above(&file), file };
        code.read(std::slice::from_ref(&start), sources);
        seen.extend(code.beginning(&start));
        builds.push(start);
    }
    builds
}

/// What the framework finds, each with its file.
fn search(
    deployment: &Deployment,
    function: &Function,
    entries: &Entries,
    builds: &[Start],
    code: &Code<'_>,
) -> Vec<(String, SmolStr)> {
    let mut found = vec![];
    for start in builds {
        let files = code.beginning(start);
        let read: Vec<(&String, &Module)> = files
            .iter()
            .filter_map(|file| code.module(file).map(|(_, module)| (file, module.as_ref())))
            .collect();
        let modules: Vec<&Module> = read.iter().map(|(_, module)| *module).collect();
        let settings = code.settings(&start.file);
        let names = Names {
            deployment: Some(deployment),
            function: Some(function),
            platform: &[],
            settings: &settings,
        };
        let asked: Option<TemplateString> =
            names.setting(&entries.named).map(|setting| names.resolve(&setting));
        for entry in flow::asked_for(flow::marked(&modules, &entries.found), asked.as_ref()) {
            if let Some((file, _)) = read.get(entry.module) {
                found.push(((*file).clone(), entry.symbol()));
            }
        }
    }
    found
}
