//! Deployments that are programs: what is run is found, its code run, and what it deploys taken in beside the templates.

use indexmap::{IndexMap, IndexSet};
use rayon::prelude::*;

use super::code::{Code, Start};
use super::disk::Disk;
use super::functions::folders_above;
use super::settings::Scope;
use super::templates::Templates;
use crate::catalog::Catalog;
use crate::cloud::aws::cdk::{self, Cdk, Deployer, Surroundings};
use crate::flow::{self, Entry, Program};
use crate::infra::{self, Deployment, FORMATS, Format, Places};
use crate::ir::{Module, Routine, RoutineId};
use crate::lang::{self, Scope as Visible};
use crate::text::tree::{Node, Value};
use crate::text::{FileId, Site, SmolStr, Source, Sources, Span, paths, yaml};

/// Files that stand in the folder in which programs are run.
const ROOTS: &[&str] = &[
    "cdk.json",
    "package.json",
    "requirements.txt",
    "pyproject.toml",
    "setup.py",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "go.mod",
];
/// The routine that programs begin with, whatever the case.
const MAIN: &str = "main";

/// A program that deploys.
struct Deploying {
    /// The file that the project or a person names.
    named: FileId,
    /// Whether a person named it.
    by_hand: bool,
    /// The folder in which it is run.
    folder: String,
    /// Where it begins.
    start: Start,
    context: IndexMap<SmolStr, Node>,
}

/// Runs the programs and takes in what they deploy.
pub(super) fn read(
    scope: &Scope,
    disk: &dyn Disk,
    code: &mut Code<'_>,
    sources: &mut Sources,
    templates: &mut Templates,
) {
    let mut programs = vec![];
    for (named, by_hand) in std::mem::take(&mut templates.programs) {
        match find(named, by_hand, (code, &scope.parameters), sources) {
            Some(program) => programs.push(program),
            None => templates.unread.push((sources.path(named).to_owned(), "AWS CDK")),
        }
    }
    let starts: Vec<Start> = programs.iter().map(|program| program.start.clone()).collect();
    code.read(&starts, sources);
    let (code, sources) = (&*code, &*sources);
    let run = |program: &Deploying| Runner { scope, disk, code, sources, program }.deployments();
    templates.deployments.extend(programs.par_iter().flat_map(run).collect::<Vec<Deployment>>());
}

/// What is run for a file that says that something is. `None` where that is not found, or is in a language that is not read.
fn find(
    named: FileId,
    by_hand: bool,
    (code, given): (&Code<'_>, &IndexMap<SmolStr, SmolStr>),
    sources: &Sources,
) -> Option<Deploying> {
    let path = sources.path(named);
    let is_manifest = lang::language_of(path).is_none();
    let folders = folders_above(path);
    let at = |folder: &String, name: &str| paths::join(folder, name);
    let manifest = if is_manifest {
        Some(path.to_owned())
    } else {
        folders.iter().map(|folder| at(folder, "cdk.json")).find(|file| code.has(file))
    };
    let text = manifest.as_ref().and_then(|file| code.text(file)).unwrap_or_default();
    let (settings, _) = yaml::parse(&Source::new("cdk.json", text), named);
    let root = folders.iter().find(|folder| ROOTS.iter().any(|name| code.has(&at(folder, name))));
    let folder = match &manifest {
        Some(file) => paths::folder(file).to_owned(),
        None => root.or(folders.first()).cloned().unwrap_or_default(),
    };
    let command = settings.get("app").and_then(Node::as_str).unwrap_or_default();
    let entry = started(command, &folder, code)
        .or_else(|| application(command, &folder, code))
        .or_else(|| (!is_manifest).then(|| path.to_owned()))?;
    let start = Start { roots: folders_above(&entry), file: entry };
    Some(Deploying { named, by_hand, folder, start, context: context(&settings, given) })
}

/// The file that a command starts.
fn started(command: &str, folder: &str, code: &Code<'_>) -> Option<String> {
    let words = command.split(|letter: char| letter.is_whitespace() || "'\"&;".contains(letter));
    let file = |word: &str| {
        let path = paths::join(folder, word.trim_start_matches("./"));
        let stem = path.rsplit_once('.').map_or(path.as_str(), |(stem, _)| stem);
        let endings = ["", ".ts", ".js", ".py", ".go"].map(|ending| [path.as_str(), ending].concat());
        let source = [".ts", ".mts", ".js"].map(|ending| [stem, ending].concat());
        let mut choices = endings.into_iter().chain(source);
        choices.find(|path| code.has(path) && lang::language_of(path).is_some())
    };
    words.filter(|word| !word.is_empty() && !word.starts_with('-')).find_map(file)
}

/// The file below a folder that makes an application, in a language whose programs are built; the one of the project that
/// the command mentions where several do.
fn application(command: &str, folder: &str, code: &Code<'_>) -> Option<String> {
    let is_test = |path: &str| paths::is_of_tests(path) || path.contains("Test.");
    let candidates = code.files().filter(|path| {
        begins_with_routine(path)
            && paths::is_below(path, folder)
            && !is_test(path)
            && FORMATS.iter().any(|format| format.may_claim(path))
    });
    let makes = |path: &&str| {
        let Some(text) = code.text(path).filter(|text| text.contains("App(")) else { return false };
        infra::claims(&Source::new(*path, text)).is_some_and(Format::is_program)
    };
    let mut found: Vec<&str> = candidates.filter(makes).collect();
    let words: Vec<&str> = command.split([' ', '/', ':', ';']).filter(|word| !word.is_empty()).collect();
    let is_mentioned =
        |path: &str| path.trim_start_matches(folder).split('/').any(|part| words.contains(&part));
    found.sort_by_key(|path| (!is_mentioned(path), path.matches('/').count(), path.to_owned()));
    found.first().map(|path| (*path).to_owned())
}

/// Whether programs in the language of a file begin with a routine, and not with a file.
fn begins_with_routine(path: &str) -> bool {
    lang::language_of(path).is_some_and(|language| !matches!(language.scope, Visible::File))
}

/// The routine that a module's program begins with.
fn beginning(module: &Module) -> Option<SmolStr> {
    let is_main = |routine: &&Routine| routine.name.eq_ignore_ascii_case(MAIN);
    let path = |routine: &Routine| match routine.class {
        Some(class) => Some([module.class_path(class).as_str(), ".", &routine.name].concat().into()),
        None => module.export(&routine.name).map(|_| routine.name.clone()),
    };
    let stated = module.dialect.main;
    let own = || module.export(stated).map(|_| SmolStr::from(stated)).filter(|name| !name.is_empty());
    module.routines.iter().filter(is_main).find_map(path).or_else(own)
}

/// The context: what the settings hold, and what was given by hand.
fn context(settings: &Node, given: &IndexMap<SmolStr, SmolStr>) -> IndexMap<SmolStr, Node> {
    let entries = settings.get("context").and_then(Node::as_map).into_iter().flatten();
    let mut context: IndexMap<SmolStr, Node> =
        entries.map(|(name, entry)| (name.clone(), entry.node.clone())).collect();
    for (name, value) in given {
        let value = Value::Text(value.as_str().into());
        context.insert(name.clone(), Node::new(Span::default(), value));
    }
    context
}

/// One program with what it is run in.
struct Runner<'a> {
    scope: &'a Scope,
    disk: &'a dyn Disk,
    code: &'a Code<'a>,
    sources: &'a Sources,
    program: &'a Deploying,
}

impl Runner<'_> {
    /// What the program deploys. Where that is no function, what each of the classes of the named file would.
    fn deployments(&self) -> Vec<Deployment> {
        let start = &self.program.start;
        let module = self.code.module(&start.file).filter(|_| begins_with_routine(&start.file));
        let whole = self.run(start, module.and_then(|(_, module)| beginning(module)));
        let reaches = |deployment: &Deployment| {
            let named = self.sources.path(self.program.named);
            deployment.resources.values().any(|resource| self.sources.path(resource.site.file) == named)
        };
        let named = self.sources.path(self.program.named);
        let is_program = lang::language_of(named).is_some();
        let enough = whole.as_ref().is_some_and(|whole| {
            !whole.functions.is_empty() && (!self.program.by_hand || !is_program || reaches(whole))
        });
        if enough {
            return whole.into_iter().collect();
        }
        let file = if is_program { named.to_owned() } else { self.program.start.file.clone() };
        let start = Start { roots: folders_above(&file), file };
        let mut found = self.classes(&start);
        if found.is_empty() {
            found.extend(whole);
        }
        found
    }

    /// What each class of a file deploys that another one does not.
    fn classes(&self, start: &Start) -> Vec<Deployment> {
        let Some((_, module)) = self.code.module(&start.file) else { return vec![] };
        let top = module.classes.iter().filter(|class| {
            let body = module.routine(class.body);
            body.is_some_and(|body| body.outer == Some(RoutineId::BODY))
                && module.export(&class.name).is_some()
        });
        let mut seen: IndexSet<(Site, SmolStr)> = IndexSet::new();
        let mut found: Vec<Deployment> = vec![];
        for class in top {
            let Some(mut deployment) = self.run(start, Some(class.name.clone())) else { continue };
            deployment.functions.retain(|function| seen.insert((function.site, function.id.clone())));
            if !deployment.functions.is_empty() {
                found.push(deployment);
            }
        }
        found
    }

    fn run(&self, start: &Start, symbol: Option<SmolStr>) -> Option<Deployment> {
        let (program, unit) = self.code.program(start)?;
        let language = lang::language_of(&start.file).map_or("", |language| language.name);
        let binding = Cdk::new(self.program.context.clone(), language);
        let entry = Entry { unit, symbol, others: vec![], adapter: None, alone: false };
        let findings = flow::run(&program, &binding, &Deployer, &entry);
        let files = self.files(&program);
        let places = Places::new(&files);
        let around = Surroundings {
            path: &|site| self.sources.path(site.file).to_owned(),
            has: &|path| self.code.has(path),
            place: &|site| places.place(site),
            folder: &self.program.folder,
        };
        let template = cdk::template(&findings, &around);
        let catalog = Catalog::embedded();
        let managed = |name: &str| catalog.managed_policy(name);
        let sibling = |path: &str| Some(String::from_utf8_lossy(&self.disk.read(path).ok()?).into_owned());
        let settings = infra::Settings {
            parameters: &self.scope.parameters,
            managed_policy: &managed,
            sibling: &sibling,
            among: &|_| vec![],
            data: &|_| None,
            callers: &|_| vec![],
            sources: self.sources,
            listing: &|_| vec![],
            environment: self.scope.environment.as_deref(),
        };
        let base = Source::new(paths::join(&self.program.folder, "cdk.json"), "");
        let file = files.first().map_or(self.program.named, |(file, _)| *file);
        Some(infra::synthesized(&template, (file, &base), &places, &settings))
    }

    /// The files of a program.
    fn files(&self, program: &Program) -> Vec<(FileId, &Source)> {
        let modules = program.units().filter_map(|(_, unit)| unit.module.as_ref());
        modules.filter_map(|module| Some((module.file, self.sources.get(module.file)?))).collect()
    }
}
