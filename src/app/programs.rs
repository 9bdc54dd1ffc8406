//! The source behind a program that a deployment names by what is built of it: an executable, its archive, its folder.

use super::code::{Code, Start};
use super::functions::roots;
use super::locate::Found;
use crate::infra::{Code as CodeLocation, Function};
use crate::lang::{LANGUAGES, Language, ProgramFile};
use crate::text::paths;

/// Words of paths that name no program, but what every build makes.
const EVERYDAY: &[&str] = &[
    "bootstrap",
    "main",
    "handler",
    "function",
    "functions",
    "lambda",
    "lambdas",
    "target",
    "release",
    "debug",
    "build",
    "dist",
    "bin",
    "out",
    "output",
    "artifacts",
    "deploy",
    "package",
    "src",
    "cmd",
    "app",
    "asset",
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-gnu",
    "zip",
    "archive",
];

/// A program with its language.
type Program = (&'static Language, ProgramFile);

/// The program that a function runs; `None` where the project has none that it can mean.
pub(super) fn program(function: &Function, code: &Code<'_>) -> Option<Found> {
    let method = function.build.get("BuildMethod").and_then(|method| method.as_str()).unwrap_or_default();
    let runtime = function.runtime.as_deref().unwrap_or_default();
    let is_meant = |language: &Language| {
        language.runtimes.iter().any(|prefix| runtime.starts_with(prefix) || method.starts_with(prefix))
            || method.contains(language.name)
    };
    let with_programs = || LANGUAGES.iter().filter(|language| language.programs.is_some());
    let meant: Vec<&'static Language> = with_programs().filter(|language| is_meant(language)).collect();
    let languages = if meant.is_empty() { with_programs().collect() } else { meant };
    let programs: Vec<Program> = languages
        .into_iter()
        .flat_map(|language| code.programs(language).into_iter().map(move |program| (language, program)))
        .collect();
    Search { function, code, programs }.find()
}

struct Search<'a, 'c> {
    function: &'a Function,
    code: &'a Code<'c>,
    programs: Vec<Program>,
}

impl Search<'_, '_> {
    fn find(&self) -> Option<Found> {
        let path = match &self.function.code {
            CodeLocation::Path(path) => path.trim_end_matches('/').trim_start_matches("./"),
            CodeLocation::Elsewhere(path) => path.as_str(),
            CodeLocation::Image { context, .. } => context.as_str(),
            CodeLocation::Inline { .. } | CodeLocation::Workflow(_) | CodeLocation::Integrations(_) => {
                return None;
            }
        };
        let path = if path == "." { "" } else { path };
        if let Some(stated) = self.stated(path) {
            return Some(self.found(stated, false));
        }
        self.in_folder(path)
            .map(|program| self.found(program, false))
            .or_else(|| self.elsewhere(path).map(|program| self.found(program, true)))
    }

    /// The program that the deployment says is to be built.
    fn stated(&self, folder: &str) -> Option<&Program> {
        let stated = self.function.build.at(&["BuildProperties", "Binary"])?.as_str()?;
        let is_named = |(_, program): &&Program| program.names.iter().any(|name| name == stated);
        let is_below = |(_, program): &&Program| program.file.starts_with(folder);
        let mut named = self.programs.iter().filter(is_named);
        named.clone().find(is_below).or_else(|| named.next())
    }

    /// The program of the folder named, else the only one below it, or that of the handler's name.
    fn in_folder(&self, folder: &str) -> Option<&Program> {
        if let Some(exact) = self.programs.iter().find(|(_, program)| program.folder == folder) {
            return Some(exact);
        }
        let is_below = |(_, program): &&Program| paths::is_below(&program.folder, folder);
        let below: Vec<&Program> = self.programs.iter().filter(is_below).collect();
        let handler = self.function.handler.as_deref().unwrap_or_default();
        let by_path = below.iter().find(|(_, program)| {
            let inside = program.folder.get(folder.len()..).unwrap_or_default().trim_start_matches('/');
            let file = program.file.get(folder.len()..).unwrap_or_default().trim_start_matches('/');
            !handler.is_empty() && (inside == handler || file == handler)
        });
        by_path.copied().or_else(|| self.by_make(folder, &below)).or_else(|| by_name(handler, &below)).or(
            match below.as_slice() {
                [only] => Some(*only),
                _ => None,
            },
        )
    }

    /// The program of the project that what is built is named after.
    fn elsewhere(&self, path: &str) -> Option<&Program> {
        let all: Vec<&Program> = self.programs.iter().collect();
        let handler = self.function.handler.as_deref().unwrap_or_default();
        let named = [handler, path].into_iter().find_map(|words| by_name(words, &all));
        let own = || by_name(&plain_name(&self.function.id), &all);
        let label = || by_name(&plain_name(&self.function.label), &all);
        named.or_else(own).or_else(label).or(match all.as_slice() {
            [only] => Some(*only),
            _ => None,
        })
    }

    /// The program that the folder's `Makefile` builds for the function, or as what the handler names.
    fn by_make<'p>(&self, folder: &str, among: &[&'p Program]) -> Option<&'p Program> {
        let path = paths::join(folder, "Makefile");
        let text = if self.code.has(&path) { self.code.text(&path) } else { None }?;
        let target = format!("build-{}:", self.function.id);
        let rule = text.split_once(&target).and_then(|(_, rule)| {
            let lines =
                rule.lines().skip(1).take_while(|line| line.starts_with(['\t', ' ']) || line.is_empty());
            mentioned(folder, &lines.collect::<Vec<_>>().join("\n"), among)
        });
        let handler = self.function.handler.as_deref().unwrap_or_default();
        let builds_it = |line: &&str| {
            !handler.is_empty()
                && words(line).any(|word| {
                    word.strip_suffix(handler).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
                })
        };
        rule.or_else(|| text.lines().filter(builds_it).find_map(|line| mentioned(folder, line, among)))
    }

    fn found(&self, (language, program): &Program, guessed: bool) -> Found {
        let start =
            Start { file: program.file.clone(), roots: roots(self.function, language, &program.folder) };
        let taken =
            guessed.then(|| format!("what is deployed is built: `{}` is taken for the source", program.file));
        Found { start, symbol: program.symbol.clone(), taken }
    }
}

/// The program whose name is a word of a path, the last word first.
fn by_name<'p>(path: &str, among: &[&'p Program]) -> Option<&'p Program> {
    let words = path.split(['/', '\\', '.']).rev().map(key);
    let everyday: Vec<String> = EVERYDAY.iter().map(|word| key(word)).collect();
    words.filter(|word| !word.is_empty() && !everyday.contains(word)).find_map(|word| {
        let is_named = |(_, program): &&&Program| program.names.iter().any(|name| key(name) == word);
        let found: Vec<&&Program> = among.iter().filter(is_named).collect();
        match found.as_slice() {
            [only] => Some(**only),
            _ => None,
        }
    })
}

/// The words of a command, paths without what shells put around them.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| letter.is_whitespace() || matches!(letter, ';' | '&' | '"'))
        .map(|word| word.trim_start_matches("./").trim_end_matches(['/', '*']))
}

/// The program whose folder, and of several in one whose file, commands mention.
fn mentioned<'p>(folder: &str, commands: &str, among: &[&'p Program]) -> Option<&'p Program> {
    let score = |program: &ProgramFile| {
        let inside = program.folder.get(folder.len()..).unwrap_or_default().trim_start_matches('/');
        let file = program.file.rsplit('/').next().unwrap_or_default();
        let is_in = |word: &str| {
            word.strip_prefix(inside).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let has_folder = !inside.is_empty() && words(commands).any(is_in);
        let has_file = words(commands).any(|word| word.rsplit('/').next() == Some(file));
        (has_folder || inside.is_empty() && has_file).then_some((inside.len(), has_file))
    };
    let scored = among.iter().filter_map(|program| Some((score(&program.1)?, *program)));
    scored.max_by_key(|(score, _)| *score).map(|(_, program)| program)
}

/// A function's name without what such names usually end in.
fn plain_name(name: &str) -> String {
    let mut name = name;
    for ending in ["Function", "Lambda", "Handler", "function", "lambda", "handler"] {
        name = name.strip_suffix(ending).filter(|rest| !rest.is_empty()).unwrap_or(name);
    }
    name.to_owned()
}

/// A name without case and signs.
fn key(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

/// Whether a runtime runs a program that brings its own.
pub(super) fn is_program(runtime: &str) -> bool {
    let of_language = LANGUAGES.iter().filter(|language| language.programs.is_some());
    runtime.starts_with("provided")
        || of_language.flat_map(|language| language.runtimes).any(|prefix| runtime.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_what_they_end_in() {
        assert_eq!(plain_name("GetOrdersFunction"), "GetOrders");
        assert_eq!(plain_name("Function"), "Function");
        assert_eq!(key("get-orders"), key("GetOrders"));
    }
}
