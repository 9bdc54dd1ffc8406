//! Functions that no deployment names: what looks like a handler, and what libraries say that the platform enters.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::code::{Code, Start};
use super::functions::{self, Candidate};
use super::templates::Templates;
use crate::catalog::Overlay;
use crate::cloud::aws::{AwsSdk, may_send};
use crate::flow;
use crate::infra::FunctionKind;
use crate::ir::Module;
use crate::lang::{self, LANGUAGES, Scope};
use crate::text::{Sources, paths};

/// A file where a function may begin, with what it holds.
type Read<'a> = (&'a Start, &'a Arc<Module>);

/// Everything in the project that looks like a handler; in units where nothing does, whatever uses an SDK is taken for one.
pub(super) fn all(
    files: &[String],
    code: &mut Code<'_>,
    sources: &mut Sources,
    sdk: &AwsSdk,
    overlay: &Overlay,
) -> Vec<Candidate> {
    let starts = starts(files);
    code.read(&starts, sources);
    let modules = modules(&starts, code);
    let mut found = likely_in(&modules, sdk);
    let covered = reached(&found, code);
    let reaches = |module: &Module| {
        let language = module.dialect.language;
        let overlaid = overlay.packages(language);
        let is_overlaid = |name: &str| overlaid.contains(&name.split('.').next().unwrap_or_default());
        module.imports.iter().any(|import| may_send(language, &import.module) || is_overlaid(&import.module))
    };
    let is_left = |start: &Start| match &covered {
        None => true,
        Some(covered) => {
            is_unit(&start.file) && !paths::is_of_tests(&start.file) && !covered.contains(&start.file)
        }
    };
    let modules = modules.into_iter().filter(|(start, module)| is_left(start) && reaches(module));
    found.extend(modules.flat_map(|(start, module)| functions::exported(start, module)));
    found
}

/// The files that handlers reach; `None` where there is no handler. Only in languages where files are parts of units: there
/// is a handler for each unit that is deployed.
fn reached(found: &[Candidate], code: &Code<'_>) -> Option<FxHashSet<String>> {
    let starts = found.iter().filter_map(|candidate| candidate.start.as_ref());
    let mut reached = FxHashSet::default();
    for start in starts.filter(|start| is_unit(&start.file)) {
        if !reached.contains(&start.file) || matches!(scope(&start.file), Some(Scope::Folder(_))) {
            reached.extend(code.reached(start));
        }
    }
    (!found.is_empty()).then_some(reached)
}

fn scope(file: &str) -> Option<Scope> {
    lang::language_of(file).map(|language| language.scope)
}

/// Whether the file is a part of a unit that is built as one.
fn is_unit(file: &str) -> bool {
    matches!(scope(file), Some(Scope::Folder(_) | Scope::Namespace(..)))
}

/// What looks like a handler in some files.
pub(super) fn likely(
    files: &[String],
    code: &mut Code<'_>,
    sources: &mut Sources,
    sdk: &AwsSdk,
) -> Vec<Candidate> {
    let starts = starts(files);
    code.read(&starts, sources);
    likely_in(&modules(&starts, code), sdk)
}

/// What looks like a handler in one file.
pub(super) fn likely_at(start: &Start, module: &Arc<Module>, sdk: &AwsSdk) -> Vec<Candidate> {
    likely_in(&[(start, module)], sdk)
}

/// The files of which deployments that are read say nothing: those beside templates in a format that is not read, and those
/// around which no deployment has its template or its code.
pub(super) fn not_covered(
    files: &[String],
    declared: &[Candidate],
    templates: &Templates,
    sources: &Sources,
) -> Vec<String> {
    let beside = templates.unread.iter().map(|(path, _)| paths::folder(path));
    let unread: Vec<&str> = beside.filter(|folder| !folder.is_empty()).collect();
    let covered = covered(declared, templates, sources);
    let is_wanted = |file: &&String| {
        unread.iter().any(|folder| paths::is_below(file, folder))
            || !covered.iter().any(|folder| paths::is_below(file, folder))
    };
    files.iter().filter(is_wanted).cloned().collect()
}

/// For each deployment with functions, the folder around its template and its code.
fn covered(declared: &[Candidate], templates: &Templates, sources: &Sources) -> Vec<String> {
    let mut covered: Vec<(usize, String)> = vec![];
    for candidate in declared.iter().filter(|candidate| candidate.kind == FunctionKind::Function) {
        let Some((deployment, function)) = candidate.declared else { continue };
        let declared =
            templates.deployments.get(deployment).and_then(|deployment| deployment.functions.get(function));
        let template = declared.map(|function| paths::folder(sources.path(function.site.file)).to_owned());
        let code = candidate.start.as_ref().map(|start| paths::folder(&start.file).to_owned());
        for folder in template.into_iter().chain(code) {
            match covered.iter_mut().find(|(known, _)| *known == deployment) {
                Some((_, around)) => *around = common(around, &folder),
                None => covered.push((deployment, folder)),
            }
        }
    }
    covered.into_iter().map(|(_, folder)| folder).collect()
}

/// The folder that two folders are in.
fn common(one: &str, other: &str) -> String {
    let same = one.split('/').zip(other.split('/')).take_while(|(one, other)| one == other);
    same.map(|(part, _)| part).collect::<Vec<&str>>().join("/")
}

fn starts(files: &[String]) -> Vec<Start> {
    let start = |file: &String| Start { file: file.clone(), roots: functions::folders_above(file) };
    files.iter().filter(|file| lang::language_of(file).is_some()).map(start).collect()
}

fn modules<'a>(starts: &'a [Start], code: &'a Code<'_>) -> Vec<Read<'a>> {
    starts.iter().filter_map(|start| Some((start, code.module(&start.file)?.1))).collect()
}

fn likely_in(modules: &[Read<'_>], sdk: &AwsSdk) -> Vec<Candidate> {
    let mut found: Vec<Vec<Candidate>> =
        modules.iter().map(|(start, module)| functions::likely(start, module)).collect();
    for language in LANGUAGES {
        let rules = sdk.handlers(language.family);
        let is_of = |(_, (start, _)): &(usize, &Read<'_>)| {
            lang::language_of(&start.file).is_some_and(|other| other.name == language.name)
        };
        let own: Vec<(usize, &Read<'_>)> = modules.iter().enumerate().filter(is_of).collect();
        let graphs: Vec<&Module> = own.iter().map(|(_, (_, module))| module.as_ref()).collect();
        for entry in flow::marked(&graphs, &rules) {
            let Some((place, (start, _))) = own.get(entry.module) else { continue };
            let candidate = functions::of_symbol(start, &entry.symbol(), None);
            if let Some(beside) = found.get_mut(*place)
                && !beside.iter().any(|known| known.symbol == candidate.symbol)
            {
                beside.push(candidate);
            }
        }
    }
    found.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_around_two_folders() {
        assert_eq!(common("a/b", "a/c"), "a");
        assert_eq!(common("a/b", "a/b/c"), "a/b");
        assert_eq!(common("ab", "a"), "");
    }
}
