//! Where the source of a deployed function is: the deployment may name a folder, a file, an archive or an image.

use super::assemblies;
use super::code::{Code, Start};
use super::functions::{inline_path, roots};
use super::programs;
use crate::infra::{Code as CodeLocation, Deployment, Function};
use crate::lang::{self, LANGUAGES, Language};
use crate::text::{SmolStr, paths};

/// The source of a function.
pub(super) struct Found {
    pub(super) start: Start,
    pub(super) symbol: SmolStr,
    /// What the source was taken to be, where the deployment names what is built of it.
    pub(super) taken: Option<String>,
}

/// Finds the file and symbol that the platform enters.
///
/// # Errors
/// Why there is none, as a sentence without a final period.
pub(super) fn locate(deployment: &Deployment, function: &Function, code: &Code<'_>) -> Result<Found, String> {
    if let CodeLocation::Image { context, dockerfile } = &function.code {
        return image(deployment, function, context, dockerfile.as_deref(), code);
    }
    if let Some(found) = named_file(function, code) {
        return Ok(found);
    }
    if let Some(found) = compiled(function, code) {
        return Ok(found);
    }
    if function.runtime.as_deref().is_some_and(programs::is_program)
        && !names_a_routine(function)
        && let Some(found) = programs::program(function, code)
    {
        return Ok(found);
    }
    let language = function.runtime.as_deref().and_then(lang::language_of_runtime);
    let runtime = function.runtime.as_deref().unwrap_or("no runtime");
    let Some(language) = language else {
        let image = unnamed_image(deployment, function, code);
        return image.map_or_else(|| unknown_runtime(function, runtime, code), Ok);
    };
    let handler = function.handler.as_deref().ok_or("the template states no handler")?;
    let entry = |language| Handler { function, language, setting: handler };
    // A runtime may run the programs of several languages.
    let is_other = |other: &&Language| other.family == language.family && other.name != language.name;
    entry(language).locate(code).or_else(|lost| {
        let mut others = LANGUAGES.iter().filter(is_other);
        others.find_map(|other| entry(other).locate(code).ok()).ok_or(lost)
    })
}

/// The class of the project that a program of its own runs, where the handler names it as for the platform's own runtime: the
/// program was compiled ahead of time.
pub(super) fn compiled(function: &Function, code: &Code<'_>) -> Option<Found> {
    function.runtime.as_deref().filter(|runtime| programs::is_program(runtime))?;
    let setting = function.handler.as_deref()?;
    let class = setting.split("::").next()?;
    let (_, name) = class.rsplit_once('.')?;
    let is_compiled = |language: &&Language| {
        language.programs.is_none() && matches!(language.scope, lang::Scope::Namespace(..))
    };
    let mut languages = LANGUAGES.iter().filter(is_compiled).filter(|_| name.starts_with(char::is_uppercase));
    languages.find_map(|language| Handler { function, language, setting }.locate(code).ok())
}

/// The source of a function whose runtime says nothing (a place that somebody fills before it is deployed): the only program at
/// the place of its code that has what the handler names.
fn unknown_runtime(function: &Function, runtime: &str, code: &Code<'_>) -> Result<Found, String> {
    let lost = || format!("programs for {runtime} are not read");
    // A name with a version is one of the platform's, of a language that is not read.
    if runtime.contains(|letter: char| letter.is_ascii_digit()) {
        return Err(lost());
    }
    let (CodeLocation::Path(path), Some(setting)) = (&function.code, function.handler.as_deref()) else {
        return Err(lost());
    };
    let (path, names_file) = (path.trim_end_matches('/'), code.has(path) || paths::names_a_file(path));
    let folder = if names_file { paths::folder(path) } else { path };
    let handlers = || LANGUAGES.iter().map(|language| Handler { function, language, setting });
    let only = |found: Vec<Found>| {
        let mut found = found.into_iter();
        let first = found.next()?;
        found.all(|other| other.start.file == first.start.file).then_some(first)
    };
    let there = only(handlers().filter_map(|handler| handler.below(folder, code)).collect());
    let found = there
        .or_else(|| only(handlers().filter_map(|handler| handler.built(path, names_file, code)).collect()));
    let mut found = found.ok_or_else(lost)?;
    found.taken =
        Some(format!("its runtime is named as `{runtime}`: `{}` is taken for the source", found.start.file));
    Ok(found)
}

/// The file that a handler names by its whole name, or as a runtime in the function's own code takes it.
fn named_file(function: &Function, code: &Code<'_>) -> Option<Found> {
    function.runtime.as_deref().filter(|runtime| programs::is_program(runtime))?;
    let setting = function.handler.as_deref()?;
    let CodeLocation::Path(path) = &function.code else { return None };
    let is_file = code.has(path.trim_end_matches('/'));
    let folder = if is_file { paths::folder(path) } else { path.trim_end_matches('/') };
    if let Some(language) = interpreter(folder, code) {
        return Handler { function, language, setting }.below(folder, code);
    }
    let language = lang::language_of(setting)?;
    let found = Handler { function, language, setting }.below(folder, code)?;
    found.start.file.ends_with(setting).then_some(found)
}

/// The language of the program that a folder's runtime is written in, which says so in its first line.
fn interpreter(folder: &str, code: &Code<'_>) -> Option<&'static Language> {
    let folder = if folder == "." { "" } else { folder };
    let path = paths::join(folder, "bootstrap");
    let text = code.has(&path).then(|| code.text(&path)).flatten()?;
    let first = text.lines().next().filter(|line| line.starts_with("#!"))?.to_owned();
    LANGUAGES.iter().find(|language| language.runtimes.iter().any(|name| first.contains(name)))
}

/// Whether a function's handler is a routine, in a language whose functions may be programs too.
fn names_a_routine(function: &Function) -> bool {
    let language = function.runtime.as_deref().and_then(lang::language_of_runtime);
    let settings = |language: &Language| (language.handler)(function.handler.as_deref().unwrap_or_default());
    language.is_some_and(|language| language.find.is_some() && !settings(language).is_empty())
}

/// A handler setting in a language.
#[derive(Clone, Copy)]
pub(super) struct Handler<'a> {
    pub(super) function: &'a Function,
    pub(super) language: &'static Language,
    pub(super) setting: &'a str,
}

impl Handler<'_> {
    fn none(&self) -> String {
        format!("`{}` is no handler of {}", self.setting, self.language.name)
    }

    /// The file and symbol that the setting means in the code of the function.
    fn locate(&self, code: &Code<'_>) -> Result<Found, String> {
        match &self.function.code {
            CodeLocation::Inline { text, .. } => {
                let settings = (self.language.handler)(self.setting);
                let (_, symbol) = settings.into_iter().next().ok_or_else(|| self.none())?;
                // What does not even name the handler stands there until the program is uploaded.
                if !text.contains(symbol.as_str())
                    && let Some(found) = self.anywhere("a placeholder in the template", "", code)
                {
                    return Ok(found);
                }
                let file = inline_path(&self.function.id, self.language);
                Ok(Found {
                    start: Start { file, roots: roots(self.function, self.language, "") },
                    symbol,
                    taken: None,
                })
            }
            CodeLocation::Path(path) => {
                let path = path.trim_end_matches('/');
                if let Some(found) = self.copied(path, code) {
                    return Ok(found);
                }
                if let Some(found) = self.itself(path, code) {
                    return Ok(found);
                }
                let is_file = code.has(path) || paths::names_a_file(path);
                let folder = if is_file { paths::folder(path) } else { path };
                if let Some(found) = self.entry_point(folder, code) {
                    return Ok(found);
                }
                self.below(folder, code).or_else(|| self.built(path, is_file, code)).ok_or_else(|| {
                    format!("there is no file for the handler `{}` under `{path}`", self.setting)
                })
            }
            CodeLocation::Elsewhere(what) => {
                let built = format!("named as `{what}`");
                self.anywhere(&built, what, code)
                    .ok_or_else(|| format!("its code is not in the project: {what}"))
            }
            CodeLocation::Image { .. } | CodeLocation::Workflow(_) | CodeLocation::Integrations(_) => {
                Err(self.none())
            }
        }
    }

    /// The file that is the code, where that is program text: a build tool makes of it what the handler names.
    fn itself(&self, path: &str, code: &Code<'_>) -> Option<Found> {
        let file = code.has(path).then(|| lang::language_of(path)).flatten()?;
        if file.family != self.language.family {
            return None;
        }
        let (_, symbol) = (self.language.handler)(self.setting).into_iter().next()?;
        let folder = paths::folder(path);
        let start = Start { file: path.to_owned(), roots: roots(self.function, self.language, folder) };
        Some(Found { start, symbol, taken: None })
    }

    /// The source of code that a tool copied or bundled; the copy itself where the project has none.
    fn copied(&self, folder: &str, code: &Code<'_>) -> Option<Found> {
        let name = folder.rsplit('/').next().unwrap_or(folder);
        if !assemblies::is_copy(name) {
            return None;
        }
        let settings = (self.language.handler)(self.setting);
        let construct = self.function.construct().unwrap_or_default();
        let (module, symbol) = settings.into_iter().next()?;
        let path = paths::join(folder, &module);
        let names = (self.language.files)(&path);
        let copy = names.iter().find(|file| code.has(file)).or(names.first())?;
        let Some((file, guessed)) = assemblies::original(copy, construct, code) else {
            return self.below(folder, code);
        };
        let inside = (self.language.files)(&module);
        let of = inside.iter().find_map(|name| file.strip_suffix(name.as_str()));
        let root = of.map_or_else(|| paths::folder(&file), |folder| folder.trim_end_matches('/'));
        let roots = roots(self.function, self.language, root);
        let taken =
            guessed.then(|| format!("its code is a copy, `{folder}`: `{file}` is taken for the source"));
        Some(Found { taken, start: Start { file, roots }, symbol })
    }

    /// The handler's file below a folder.
    pub(super) fn below(&self, folder: &str, code: &Code<'_>) -> Option<Found> {
        let folder = if folder == "." { "" } else { folder };
        if let Some(found) = self.declared(folder, code) {
            return Some(found);
        }
        (self.language.handler)(self.setting).into_iter().find_map(|(module, symbol)| {
            let path = paths::join(folder, &module);
            let file = (self.language.files)(&path).into_iter().find(|file| code.has(file))?;
            let start = Start { file, roots: roots(self.function, self.language, folder) };
            Some(Found { start, symbol, taken: None })
        })
    }

    /// The file below a folder that declares what the setting names.
    pub(super) fn declared(&self, folder: &str, code: &Code<'_>) -> Option<Found> {
        let find = self.language.find?;
        let (file, symbol) = find(self.setting, folder, code.listing(), &|path| code.text(path))?;
        let start = Start { file, roots: roots(self.function, self.language, folder) };
        Some(Found { start, symbol, taken: None })
    }
}

/// The source of an image of which the deployment does not say what it is built of: that of the only file of the project
/// which builds one whose command is found.
fn unnamed_image(deployment: &Deployment, function: &Function, code: &Code<'_>) -> Option<Found> {
    let CodeLocation::Elsewhere(what) = &function.code else { return None };
    if function.runtime.is_some() {
        return None;
    }
    let is_dockerfile =
        |file: &&str| file.rsplit('/').next().is_some_and(|name| name.starts_with("Dockerfile"));
    let files: Vec<&str> = code.files().filter(is_dockerfile).collect();
    let mut built = files.into_iter().filter_map(|file| {
        let found = image(deployment, function, paths::folder(file), Some(file), code).ok()?;
        Some((file, found))
    });
    let (file, mut found) = built.next().filter(|_| built.next().is_none())?;
    found.taken = Some(format!("its image is named as `{what}`: it is taken to be what `{file}` builds"));
    Some(found)
}

/// The source of an image: its command is a handler setting, its base image names the language.
fn image(
    deployment: &Deployment,
    function: &Function,
    context: &str,
    dockerfile: Option<&str>,
    code: &Code<'_>,
) -> Result<Found, String> {
    let default = paths::join(context, "Dockerfile");
    let path = dockerfile.unwrap_or(&default);
    let text = code.text(path).ok_or_else(|| format!("the image's `{path}` cannot be read"))?;
    let file = Dockerfile::read(&text);
    let properties = deployment.resources.get(&function.id).map(|resource| &resource.properties);
    let stated =
        properties.and_then(|node| node.at(&["ImageConfig", "Command"])?.one_or_many().first()?.as_str());
    let command = stated.map(str::to_owned).or(file.command);
    let command = command.ok_or_else(|| format!("`{path}` states no command that is a handler"))?;
    let language =
        LANGUAGES.iter().find(|language| language.runtimes.iter().any(|name| file.base.contains(name)));
    let languages: Vec<&'static Language> =
        language.map_or_else(|| LANGUAGES.iter().collect(), |found| vec![found]);
    // What is copied is a folder, or a file in one.
    let mut folders = vec![context.to_owned()];
    for copied in file.copied.iter().map(|from| paths::join(context, from)) {
        let around = paths::folder(&copied).to_owned();
        folders.extend([copied, around]);
    }
    for language in languages {
        let entry = Handler { function, language, setting: &command };
        if let Some(found) = folders.iter().find_map(|folder| entry.below(folder.trim_end_matches('/'), code))
        {
            return Ok(led_back(found, entry, code));
        }
    }
    Err(format!("there is no file for the command `{command}` of `{path}`"))
}

/// The source behind a file of a copied folder; the file itself where the project has none.
fn led_back(found: Found, entry: Handler<'_>, code: &Code<'_>) -> Found {
    let construct = entry.function.construct().unwrap_or_default();
    let known = Some(&found.start.file).filter(|file| code.is_copy(file));
    let Some((file, false)) = known.and_then(|copy| assemblies::original(copy, construct, code)) else {
        return found;
    };
    let roots = roots(entry.function, entry.language, paths::folder(&file));
    Found { start: Start { file, roots }, ..found }
}

/// What matters of the file that says how an image is built.
#[derive(Default)]
struct Dockerfile {
    base: String,
    command: Option<String>,
    /// Folders that are copied, relative to the context.
    copied: Vec<String>,
}

impl Dockerfile {
    fn read(text: &str) -> Self {
        let mut file = Self::default();
        for line in text.replace("\\\n", " ").lines() {
            let Some((instruction, rest)) = line.trim().split_once(char::is_whitespace) else { continue };
            match instruction.to_ascii_uppercase().as_str() {
                "FROM" => rest.trim().clone_into(&mut file.base),
                "CMD" => file.command = last_word(rest).filter(|word| word.contains('.')),
                "COPY" | "ADD" => {
                    let words: Vec<&str> =
                        rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
                    let sources = words.split_last().map(|(_, sources)| sources).unwrap_or_default();
                    let folder = |source: &&str| {
                        source.trim_start_matches("./").trim_end_matches(['/', '*']).to_owned()
                    };
                    file.copied.extend(sources.iter().map(folder));
                }
                _ => {}
            }
        }
        file
    }
}

/// The last word of a command, in either of its two forms.
fn last_word(command: &str) -> Option<String> {
    let words = command.trim().trim_matches(['[', ']']).split([',', ' ']);
    let mut words = words.map(|word| word.trim().trim_matches(['"', '\'']));
    let word = words.rfind(|word| !word.is_empty())?;
    Some(word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dockerfile_tells_base_command_and_folders() {
        let file = Dockerfile::read(
            "FROM public.ecr.aws/lambda/python:3.12\nCOPY --chown=1 src/ ./more ${LAMBDA_TASK_ROOT}\nCMD [ \"app.handler\" ]\n",
        );
        assert!(file.base.contains("python"));
        assert_eq!(file.command.as_deref(), Some("app.handler"));
        assert_eq!(file.copied, ["src", "more"]);
        assert_eq!(last_word("python -m awslambdaric app.handler").as_deref(), Some("app.handler"));
    }
}
