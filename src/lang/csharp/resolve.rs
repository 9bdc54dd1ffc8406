//! Which files are compiled together, and what handler settings mean.

use crate::ir::{Import, Module, RoutineId};
use crate::text::{SmolStr, paths};

use super::super::{ModulePath, ProgramFile, ReadText};
use super::MAIN;

/// How many projects are read for one function.
const MAX_PROJECTS: usize = 64;

/// Imports lead to namespaces, not to files.
pub(super) fn candidates(_: &Import, _: &str, _: &[String]) -> Vec<ModulePath> {
    vec![]
}

pub(super) fn files(path: &str) -> Vec<String> {
    vec![format!("{path}.cs")]
}

/// `Assembly::Namespace.Class::Method`, by the file that is named after the class.
pub(super) fn handler(setting: &str) -> Vec<(String, SmolStr)> {
    let Some(entry) = Entry::of(setting) else { return vec![] };
    let outer = entry.classes.first().map_or(MAIN, SmolStr::as_str);
    vec![(outer.to_owned(), entry.symbol())]
}

pub(super) fn installed(_: &str) -> Option<&str> {
    None
}

pub(super) fn installed_names(_: &str) -> Vec<String> {
    vec![]
}

/// What a handler setting or a symbol named by hand says.
pub(super) struct Entry {
    /// The assembly; empty where it is not said.
    pub(super) assembly: String,
    /// The namespace and the classes, one in the other, as far as they are told apart.
    path: Vec<SmolStr>,
    classes: Vec<SmolStr>,
    method: SmolStr,
}

impl Entry {
    /// `Assembly::Namespace.Class::Method`, `Namespace.Class::Method`; `None` for other settings.
    pub(super) fn of(setting: &str) -> Option<Self> {
        let parts: Vec<&str> = setting.split("::").map(str::trim).collect();
        let (assembly, path, method) = match parts.as_slice() {
            [assembly, path, method] => (*assembly, *path, *method),
            [path, method] => ("", *path, *method),
            _ => return None,
        };
        let path: Vec<SmolStr> = path.split('.').map(SmolStr::from).collect();
        let last = path.last()?;
        let mut classes: Vec<SmolStr> = last.split('+').map(SmolStr::from).collect();
        // A generated class has the name of the one that it stands for and of its method.
        if let Some(own) = classes.last_mut()
            && let Some(stem) = own.strip_suffix("_Generated")
        {
            *own = stem.strip_suffix(&format!("_{method}")).unwrap_or(stem).into();
        }
        Some(Self { assembly: assembly.into(), path, classes, method: method.into() })
    }

    /// The way from a file's types to the method.
    pub(super) fn symbol(&self) -> SmolStr {
        let path: Vec<&str> = self.classes.iter().chain([&self.method]).map(SmolStr::as_str).collect();
        path.join(".").into()
    }

    fn namespace(&self) -> String {
        let outer = self.path.split_last().map(|(_, outer)| outer).unwrap_or_default();
        outer.join(".")
    }

    /// Whether a text declares the class in its namespace.
    fn is_in(&self, text: &str) -> bool {
        let namespace = self.namespace();
        let class = self.classes.first().map(SmolStr::as_str).unwrap_or_default();
        declares(text, class)
            && (namespace.is_empty()
                || namespace.split('.').all(|part| text.contains(part)) && text.contains("namespace"))
    }
}

/// Finds the file that declares the class of a handler setting below a folder.
pub(super) fn find(
    setting: &str,
    folder: &str,
    all: &[String],
    read: &ReadText<'_>,
) -> Option<(String, SmolStr)> {
    let entry = Entry::of(setting)?;
    let outer = entry.classes.first()?;
    let mut files: Vec<&String> =
        all.iter().filter(|file| is_source(file) && paths::is_below(file, folder)).collect();
    let named = format!("/{outer}.cs");
    let assembly = format!("/{}/", entry.assembly);
    // The likely ones are looked at first.
    files.sort_by_key(|file| {
        let path = format!("/{file}");
        (paths::is_of_tests(file), !path.contains(&assembly), !path.ends_with(&named), path.len())
    });
    let file = files.into_iter().find(|file| read(file).is_some_and(|text| entry.is_in(&text)))?;
    Some((file.clone(), entry.symbol()))
}

/// The way from a file's types to what a symbol named by hand means: `Class.Method`, `Namespace.Class::Method`,
/// `Method`, the name of an assembly for top-level statements.
pub(super) fn symbol(module: &Module, spelled: &str) -> SmolStr {
    let spelled = Entry::of(spelled).map_or_else(|| SmolStr::from(spelled), |entry| entry.symbol());
    let parts: Vec<&str> = spelled.split('.').collect();
    for start in 0..parts.len() {
        let rest = parts.get(start..).unwrap_or_default();
        if rest.first().is_some_and(|first| module.export(first).is_some()) {
            let path: SmolStr = rest.join(".").into();
            // A class alone is entered by its only method that looks like a handler.
            return if rest.len() == 1 { method_of(module, &path).unwrap_or(path) } else { path };
        }
    }
    let own = parts.last().copied().unwrap_or_default();
    if let Some(class) = class_with(module, own) {
        return format!("{class}.{own}").into();
    }
    if module.export(MAIN).is_some() { MAIN.into() } else { spelled }
}

/// The class of a file that has a method.
fn class_with(module: &Module, method: &str) -> Option<SmolStr> {
    let routine = module.routines.iter().find(|routine| routine.name == method && routine.class.is_some())?;
    module.class(routine.class?).map(|class| class.name.clone())
}

/// The method of a class that handles events, where only one can be meant.
fn method_of(module: &Module, class: &str) -> Option<SmolStr> {
    let likely = super::likely_handlers(module);
    let own: Vec<&SmolStr> = likely
        .iter()
        .filter(|name| name.strip_prefix(class).is_some_and(|rest| rest.starts_with('.')))
        .collect();
    match own.as_slice() {
        [only] => Some((*only).clone()),
        _ => None,
    }
}

/// The programs of the project: projects whose files have top-level statements or a `Main`.
pub(super) fn programs(all: &[String], read: &ReadText<'_>) -> Vec<ProgramFile> {
    let mut found = vec![];
    let known = projects(all);
    for project in known.iter().copied().filter(|file| !paths::is_of_tests(file)) {
        let folder = folder_of(project);
        let text = read(project).unwrap_or_default();
        let stem = project.rsplit('/').next().unwrap_or(project).trim_end_matches(".csproj");
        let assembly = between(&text, "<AssemblyName>", "</AssemblyName>").unwrap_or(stem);
        let names: Vec<SmolStr> = vec![assembly.into(), stem.into()];
        let own = all.iter().filter(|file| {
            is_source(file) && paths::is_below(file, folder) && project_of(file, &known) == Some(project)
        });
        for file in own {
            let Some(symbol) = read(file).and_then(|text| start_of(&text)) else { continue };
            found.push(ProgramFile {
                file: file.clone(),
                folder: folder.to_owned(),
                symbol,
                names: names.clone(),
            });
        }
    }
    found
}

/// The routine that a program begins with, where a text has it.
fn start_of(text: &str) -> Option<SmolStr> {
    if text.contains(" Main(") && text.contains("static ") {
        return Some(MAIN.into());
    }
    let source = crate::text::Source::new("Program.cs", text.to_owned());
    let has_statements = is_statements(text)
        && super::lower(&source, crate::text::FileId(0))
            .routines
            .iter()
            .any(|routine| routine.name == MAIN && routine.outer == Some(RoutineId::BODY));
    has_statements.then(|| MAIN.into())
}

/// Whether a text may have statements at its top: what declares everything in namespaces has none.
fn is_statements(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_start);
    lines.any(|line| {
        line.starts_with("var ")
            || line.starts_with("await ")
            || line.contains("LambdaBootstrap")
            || line.contains(".Run(")
            || line.contains(".RunAsync(")
    }) && !text.contains("\nnamespace ")
        || text.contains("LambdaBootstrapBuilder")
        || text.contains("WebApplication.CreateBuilder")
}

/// The files that are compiled together with one: those of its project and of the projects that this refers to.
pub(super) fn compiled_with(path: &str, all: &[String], read: &ReadText<'_>) -> Vec<String> {
    let known = projects(all);
    let Some(project) = project_of(path, &known) else {
        let folder = folder_of(path);
        return all.iter().filter(|file| is_source(file) && paths::is_below(file, folder)).cloned().collect();
    };
    let mut together: Vec<String> = vec![project.to_owned()];
    let mut done = 0;
    let mut linked = vec![];
    while let Some(project) = together.get(done).cloned() {
        done += 1;
        let folder = folder_of(&project).to_owned();
        let text = read(&project).unwrap_or_default();
        for include in includes(&text, "<ProjectReference") {
            if let Some(other) = paths::climb(&folder, &include)
                && known.contains(&other.as_str())
                && !together.contains(&other)
                && together.len() < MAX_PROJECTS
            {
                together.push(other);
            }
        }
        linked
            .extend(includes(&text, "<Compile").iter().filter_map(|include| paths::climb(&folder, include)));
    }
    let is_linked = |file: &str| {
        linked.iter().any(|link| match link.split_once('*') {
            Some((before, _)) => file.starts_with(before),
            None => link == file,
        })
    };
    let is_inside = |file: &str| together.iter().any(|project| paths::is_below(file, folder_of(project)));
    let is_own =
        |file: &str| project_of(file, &known).is_some_and(|own| together.iter().any(|one| one == own));
    let belongs = |file: &&String| is_source(file) && (is_inside(file) && is_own(file) || is_linked(file));
    all.iter().filter(belongs).cloned().collect()
}

/// The folder of the project that a file belongs to; its own where there is none.
pub(super) fn folder_of_project<'a>(path: &'a str, all: &'a [String]) -> &'a str {
    project_of(path, &projects(all)).map_or_else(|| folder_of(path), folder_of)
}

/// The project files of C#.
fn projects(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).filter(|file| extension(file) == Some("csproj")).collect()
}

/// The project that a file belongs to: the nearest one above it.
fn project_of<'a>(file: &str, projects: &[&'a str]) -> Option<&'a str> {
    paths::up(folder_of(file))
        .find_map(|path| projects.iter().copied().find(|other| folder_of(other) == path))
}

/// What elements of a build file include.
fn includes(text: &str, element: &str) -> Vec<String> {
    let mut found = vec![];
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once(element) {
        let head = behind.split('>').next().unwrap_or_default();
        found.extend(between(head, "Include=\"", "\"").map(|include| include.replace('\\', "/")));
        rest = behind;
    }
    found
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inside, _)| inside.trim())
}

/// Whether a text declares a type of that name.
fn declares(text: &str, name: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_');
    ["class ", "record ", "struct "].iter().any(|keyword| {
        text.match_indices(keyword).any(|(place, _)| {
            let behind = text.get(place + keyword.len()..).unwrap_or_default();
            behind.strip_prefix(name).is_some_and(ends)
        })
    })
}

/// Whether a file is source that people wrote.
fn is_source(file: &str) -> bool {
    let path = format!("/{file}");
    extension(file) == Some("cs")
        && !path.contains("/bin/")
        && !path.contains("/obj/")
        && !path.contains("/node_modules/")
}

fn extension(file: &str) -> Option<&str> {
    file.rsplit_once('.').map(|(_, extension)| extension)
}

fn folder_of(path: &str) -> &str {
    paths::folder(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn parts(setting: &str) -> (String, String, SmolStr) {
        let entry = Entry::of(setting).unwrap();
        (entry.assembly.clone(), entry.namespace(), entry.symbol())
    }

    #[test]
    fn settings_say_assembly_namespace_class_and_method() {
        let wanted = |assembly: &str, namespace: &str, symbol: &str| {
            (assembly.to_owned(), namespace.to_owned(), SmolStr::from(symbol))
        };
        assert_eq!(parts("Api::Orders.Api.Function::Handle"), wanted("Api", "Orders.Api", "Function.Handle"));
        assert_eq!(parts("Orders.Function::Handle"), wanted("", "Orders", "Function.Handle"));
        assert_eq!(parts("A::N.Outer+Inner::Run"), wanted("A", "N", "Outer.Inner.Run"));
        assert_eq!(parts("A::N.Functions_Add_Generated::Add"), wanted("A", "N", "Functions.Add"));
        assert!(Entry::of("bootstrap").is_none());
    }

    #[test]
    fn projects_bring_those_that_they_refer_to() {
        let all: Vec<String> = [
            "api/Api.csproj",
            "api/F.cs",
            "api/obj/G.cs",
            "lib/Lib.csproj",
            "lib/L.cs",
            "test/T.csproj",
            "test/T.cs",
        ]
        .map(String::from)
        .into();
        let read = |path: &str| {
            (path == "api/Api.csproj")
                .then(|| "<ProjectReference Include=\"..\\lib\\Lib.csproj\" />".to_owned())
        };
        assert_eq!(compiled_with("api/F.cs", &all, &read), ["api/F.cs", "lib/L.cs"]);
    }

    #[test]
    fn paths_stay_in_the_project() {
        assert_eq!(paths::climb("a/b", "../c/C.csproj").as_deref(), Some("a/c/C.csproj"));
        assert_eq!(paths::climb("a", "../../etc"), None);
    }

    #[test]
    fn programs_begin_with_statements_or_main() {
        assert_eq!(
            start_of("class Program { static async Task Main(string[] a) { } }").as_deref(),
            Some("Main")
        );
        assert_eq!(start_of("var app = WebApplication.CreateBuilder(args);").as_deref(), Some("Main"));
        assert_eq!(start_of("namespace A; class B { }"), None);
    }
}
