//! Which files a program is made of, and what handler settings mean.

use std::sync::OnceLock;

use regex::Regex;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::ir::{Import, Module, RoutineId};
use crate::text::{SmolStr, paths};

use super::super::{ModulePath, ReadText};
use super::composer::{self, Autoload};
use super::{CALL_METHOD, GIVEN, HANDLER_METHOD, types::dotted};

/// How many files one function may be made of.
const MAX_FILES: usize = 2000;

/// Where a required file may lie: beside the file, below a root.
pub(super) fn candidates(import: &Import, from: &str, roots: &[String]) -> Vec<ModulePath> {
    let single = |path: String| ModulePath { chain: vec![path], member: None };
    if import.member.is_some() {
        return vec![];
    }
    let beside = paths::climb(paths::folder(from), &import.module).map(single);
    if import.module.starts_with('.') {
        return beside.into_iter().collect();
    }
    let below = roots.iter().filter_map(|root| paths::climb(root, &import.module)).map(single);
    beside.into_iter().chain(below).collect()
}

pub(super) fn files(path: &str) -> Vec<String> {
    vec![format!("{path}.php")]
}

/// `index.php`, `public/index.php`: the program itself, or what it gives. A name alone is a function in a file of that
/// name, as runtimes of a project's own have it.
pub(super) fn handler(setting: &str) -> Vec<(String, SmolStr)> {
    if let Some(file) = setting.strip_suffix(".php") {
        return vec![(file.to_owned(), GIVEN.into())];
    }
    let (file, function) = setting.rsplit_once('.').unwrap_or((setting, setting));
    if setting.contains('\\') || function.contains('/') {
        return vec![];
    }
    vec![(file.to_owned(), function.into()), (format!("src/{file}"), function.into())]
}

/// `App\Orders\Handler`: the file below a folder that declares the class, and what is called of it.
pub(super) fn find(
    setting: &str,
    folder: &str,
    all: &[String],
    read: &ReadText<'_>,
) -> Option<(String, SmolStr)> {
    if setting.contains(['.', '/']) {
        return None;
    }
    let path = dotted(setting);
    let (_, name) = path.rsplit_once('.').unwrap_or(("", &path));
    let ending = format!("/{name}.php");
    let is_below = |file: &&String| paths::is_below(file, folder);
    let named = all.iter().filter(|file| is_own(file) && format!("/{file}").ends_with(&ending));
    let (file, text) = named.filter(is_below).find_map(|file| {
        let text = read(file)?;
        (path_in(&namespace_of(&text), name) == path).then_some((file, text))
    })?;
    let has = |method: &str| text.contains(&format!("function {method}("));
    let method = if !has(HANDLER_METHOD) && has(CALL_METHOD) { CALL_METHOD } else { HANDLER_METHOD };
    Some((file.clone(), format!("{name}.{method}").into()))
}

/// What a name that a person gives means: a function, `Class::method`, a class, a method; the file itself under whatever name
/// else.
pub(super) fn symbol(module: &Module, spelled: &str) -> SmolStr {
    let spelled = spelled.trim_end_matches("()").replace("::", ".").replace("->", ".");
    let inside = spelled.rsplit('\\').next().unwrap_or(&spelled);
    let first = inside.split('.').next().unwrap_or(inside);
    let class = module.classes.iter().find(|class| class.name == first);
    if let (Some(class), false) = (class, inside.contains('.')) {
        let has = |name: &str| {
            module.routine(class.body).is_some_and(|body| body.variables.iter().any(|one| one.name == name))
        };
        let method = if !has(HANDLER_METHOD) && has(CALL_METHOD) { CALL_METHOD } else { HANDLER_METHOD };
        return format!("{inside}.{method}").into();
    }
    if module.export(first).is_some() {
        return inside.into();
    }
    let mut methods = module.routines.iter().filter(|routine| routine.name == inside);
    let class = methods.find_map(|routine| {
        let class = module.class(routine.class?)?;
        (module.routine(class.body)?.outer == Some(RoutineId::BODY)).then_some(&class.name)
    });
    class.map_or_else(|| GIVEN.into(), |class| format!("{class}.{inside}").into())
}

pub(super) fn installed(_: &str) -> Option<&str> {
    None
}

pub(super) fn installed_names(_: &str) -> Vec<String> {
    vec![]
}

/// Whether a file is one of the project, and not of a package that was installed.
fn is_own(file: &str) -> bool {
    file.rsplit_once('.').is_some_and(|(_, ending)| ending == "php")
        && !format!("/{file}").contains("/vendor/")
}

/// The path that a class has in a namespace.
fn path_in(namespace: &str, name: &str) -> String {
    if namespace.is_empty() { name.to_owned() } else { format!("{namespace}.{name}") }
}

/// The namespace that a text states, with dots.
fn namespace_of(text: &str) -> String {
    static NAMESPACE: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern =
        NAMESPACE.get_or_init(|| Regex::new(r"(?m)^\s*(?:<\?php\s+)?namespace\s+([\w\\]+)\s*[;{]").ok());
    let stated = pattern.as_ref().and_then(|pattern| pattern.captures(text)).and_then(|found| found.get(1));
    stated.map(|stated| dotted(stated.as_str())).unwrap_or_default()
}

/// The path that a statement requires, as far as it is written out: relative to the file where it begins with a dot, and
/// without its ending.
pub(super) fn stated_path(expression: &str) -> Option<String> {
    let expression = expression.trim().trim_start_matches('(').trim_end_matches(')').trim();
    let mut path = String::new();
    for part in joined(expression) {
        let part = part.trim();
        let text = ['\'', '"'].iter().find_map(|quote| part.strip_prefix(*quote)?.strip_suffix(*quote));
        match text {
            Some(text) => path.push_str(text),
            None if path.is_empty() => path.push_str(&folder_of(part)?),
            None => return None,
        }
    }
    if path.contains('$') {
        return None;
    }
    path.strip_suffix(".php").filter(|path| !path.is_empty()).map(str::to_owned)
}

/// The operands of a sum of texts.
fn joined(expression: &str) -> Vec<&str> {
    let (mut parts, mut from, mut quote) = (vec![], 0, None);
    for (place, sign) in expression.char_indices() {
        match (sign, quote) {
            ('\'' | '"', None) => quote = Some(sign),
            (_, Some(open)) if sign == open => quote = None,
            ('.', None) => {
                parts.extend(expression.get(from..place));
                from = place + 1;
            }
            _ => {}
        }
    }
    parts.extend(expression.get(from..));
    parts
}

/// The folder that an expression stands for: `__DIR__`, `dirname(__FILE__)`, `dirname(__DIR__, 2)`.
fn folder_of(expression: &str) -> Option<String> {
    let spelled: String = expression.chars().filter(|sign| !sign.is_whitespace()).collect();
    let inner = |spelled: &str| -> Option<String> {
        spelled.strip_prefix("dirname(").and_then(|rest| rest.strip_suffix(')')).map(str::to_owned)
    };
    match spelled.as_str() {
        "__DIR__" | "dirname(__FILE__)" => return Some(".".into()),
        // Where the platform unpacks the code, which is where imports begin.
        "getenv('LAMBDA_TASK_ROOT')" | "$_ENV['LAMBDA_TASK_ROOT']" => return Some("/".into()),
        _ => {}
    }
    let inside = inner(&spelled)?;
    let (of, levels) = inside.rsplit_once(',').unwrap_or((&inside, "1"));
    let levels: usize = levels.parse().ok().filter(|levels| *levels < 9)?;
    let base = folder_of(of)?;
    Some(format!("{base}{}", "/..".repeat(levels)))
}

/// The files that a program is made of: what it requires, the classes that it names, and what is loaded by itself.
pub(super) fn compiled_together(path: &str, all: &[String], read: &ReadText<'_>) -> Vec<String> {
    let files: Vec<&String> = all.iter().filter(|file| is_own(file)).collect();
    let mut search = Search {
        known: files.iter().map(|file| file.as_str()).collect(),
        by_name: FxHashMap::default(),
        autoload: autoload(path, all, read),
        found: vec![path.to_owned()],
    };
    for file in files {
        let stem = file.rsplit('/').next().and_then(|name| name.strip_suffix(".php")).unwrap_or(file);
        search.by_name.entry(stem.to_lowercase()).or_default().push(file);
    }
    search.loaded_by_itself();
    let mut namespaces: FxHashMap<String, String> = FxHashMap::default();
    let mut done = 0;
    while let Some(file) = search.found.get(done).cloned() {
        done += 1;
        let Some(text) = read(&file) else { continue };
        for required in statements(&text) {
            search.require(&required, &file);
        }
        search.classes(&text, &file, &mut |path| {
            let stated = || namespace_of(&read(path).unwrap_or_default());
            namespaces.entry(path.to_owned()).or_insert_with(stated).clone()
        });
    }
    search.found
}

/// What the nearest `composer.json` says.
fn autoload(path: &str, all: &[String], read: &ReadText<'_>) -> Autoload {
    let manifests: FxHashSet<&str> =
        all.iter().map(String::as_str).filter(|file| file.ends_with("composer.json")).collect();
    let mut stated = paths::up(paths::folder(path)).filter_map(|folder| {
        let manifest = paths::join(folder, "composer.json");
        manifests.contains(manifest.as_str()).then(|| composer::read(folder, &read(&manifest)?).into())
    });
    stated.find_map(|found: Option<Autoload>| found).unwrap_or_default()
}

struct Search<'a> {
    known: FxHashSet<&'a str>,
    /// Files by their names without ending, in lower case.
    by_name: FxHashMap<String, Vec<&'a str>>,
    autoload: Autoload,
    found: Vec<String>,
}

impl Search<'_> {
    fn add(&mut self, file: &str) {
        if self.found.len() < MAX_FILES && !self.found.iter().any(|known| known == file) {
            self.found.push(file.to_owned());
        }
    }

    /// The files that the autoloader loads whatever is used.
    fn loaded_by_itself(&mut self) {
        let places = self.autoload.places.clone();
        let mut files: Vec<String> = vec![];
        for place in &places {
            let inside =
                |file: &&&str| **file == place || (!place.is_empty() && paths::is_below(file, place));
            files.extend(self.known.iter().filter(inside).map(|file| (*file).to_owned()));
        }
        files.sort();
        for file in &files {
            self.add(file);
        }
    }

    fn require(&mut self, required: &str, from: &str) {
        let beside = paths::climb(paths::folder(from), required);
        let first = self.found.first().map(|first| paths::folder(first).to_owned()).unwrap_or_default();
        let above = paths::up(&first).filter_map(|folder| paths::climb(folder, required));
        let places: Vec<String> = if required.starts_with('.') {
            beside.into_iter().collect()
        } else {
            beside.into_iter().chain(above).collect()
        };
        let files = places.iter().map(|place| format!("{place}.php"));
        let file = files.into_iter().find(|file| self.known.contains(file.as_str()));
        if let Some(file) = file {
            self.add(&file);
        }
    }

    /// The files of the classes that a text names.
    fn classes(&mut self, text: &str, from: &str, namespace: &mut dyn FnMut(&str) -> String) {
        let used = Used::of(text);
        for name in &used.names {
            let Some(files) = self.by_name.get(&name.to_lowercase()).cloned() else { continue };
            let mut fitting: Vec<&str> = files
                .into_iter()
                .filter(|file| *file != from && used.may_mean(name, &path_in(&namespace(file), name)))
                .collect();
            fitting.sort_by_key(|file| {
                (!self.is_stated(file, name), std::cmp::Reverse(shared(file, from)), *file)
            });
            if let Some(file) = fitting.first() {
                self.add(file);
            }
        }
    }

    /// Whether the autoloader finds a class in a file.
    fn is_stated(&self, file: &str, name: &str) -> bool {
        self.autoload.prefixes.iter().any(|(_, folder)| {
            let rest = file.strip_prefix(folder.as_str());
            rest.is_some_and(|rest| rest.trim_start_matches('/').ends_with(&format!("{name}.php")))
        })
    }
}

/// How many folders two files have in common.
fn shared(one: &str, other: &str) -> usize {
    one.split('/').zip(other.split('/')).take_while(|(a, b)| a == b).count()
}

/// The names of classes in a text, and where they may be declared.
struct Used {
    names: Vec<String>,
    /// Whole paths that the text states, in lower case.
    paths: FxHashSet<String>,
    /// Its own namespace, in lower case.
    namespace: String,
}

impl Used {
    fn of(text: &str) -> Self {
        static PATH: OnceLock<Option<Regex>> = OnceLock::new();
        static GROUP: OnceLock<Option<Regex>> = OnceLock::new();
        let namespace = namespace_of(text).to_lowercase();
        let mut used = Self { names: vec![], paths: FxHashSet::default(), namespace };
        if let Some(pattern) = PATH.get_or_init(|| Regex::new(r"\\?\b[A-Za-z_]\w*(?:\\\w+)*").ok()) {
            for spelled in pattern.find_iter(text).map(|found| found.as_str()) {
                used.add(&dotted(spelled));
            }
        }
        let pattern =
            GROUP.get_or_init(|| Regex::new(r"use\s+(?:function\s+|const\s+)?([\w\\]+)\\\{([^}]*)\}").ok());
        for found in pattern.iter().flat_map(|pattern| pattern.captures_iter(text)) {
            let part = |place| found.get(place).map_or("", |part| part.as_str());
            for name in part(2).split(',') {
                let name = name.split_whitespace().next().unwrap_or_default();
                used.add(&dotted(&format!("{}\\{name}", part(1))));
            }
        }
        used.names.sort();
        used.names.dedup();
        used
    }

    fn add(&mut self, path: &str) {
        let name = path.rsplit('.').next().unwrap_or(path);
        if name.starts_with(char::is_uppercase) {
            self.names.push(name.to_owned());
            self.paths.insert(path.to_lowercase());
        }
    }

    /// Whether a name of the text may mean the class of a path.
    fn may_mean(&self, name: &str, path: &str) -> bool {
        let path = path.to_lowercase();
        let namespace = path.strip_suffix(&name.to_lowercase()).unwrap_or(&path).trim_end_matches('.');
        if namespace == self.namespace || self.paths.contains(&path) {
            return true;
        }
        // A part of a namespace that is used: `use A\B;`, `B\C`.
        let mut parts = path.split('.');
        let mut above = String::new();
        while let Some(part) = parts.next() {
            above = if above.is_empty() { part.to_owned() } else { format!("{above}.{part}") };
            let rest: Vec<&str> = std::iter::once(part).chain(parts.clone()).collect();
            if self.paths.contains(&above) && self.paths.contains(&rest.join(".")) {
                return true;
            }
        }
        false
    }
}

/// The paths that the statements of a text require.
fn statements(text: &str) -> Vec<String> {
    static REQUIRE: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = r"\b(?:require|include)(?:_once)?\b\s*([^;]+);";
    let Some(pattern) = REQUIRE.get_or_init(|| Regex::new(pattern).ok()) else { return vec![] };
    let stated = pattern.captures_iter(text).filter_map(|found| stated_path(found.get(1)?.as_str()));
    stated.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    #[test]
    fn settings_say_a_file_or_a_class() {
        assert_eq!(handler("public/index.php"), [("public/index".to_owned(), GIVEN.into())]);
        assert_eq!(handler("App\\Handler"), []);
    }

    #[test]
    fn paths_are_written_out() {
        let path = |expression: &str| stated_path(expression);
        assert_eq!(path("__DIR__ . '/a/b.php'").as_deref(), Some("./a/b"));
        assert_eq!(path("(dirname(__DIR__, 2).\"/c.php\")").as_deref(), Some("./../../c"));
        assert_eq!(path("'config.php'").as_deref(), Some("config"));
        assert_eq!(path("$file"), None);
        assert_eq!(path("__DIR__ . \"/$name.php\""), None);
    }

    #[test]
    fn a_program_is_what_it_requires_and_names() {
        let texts = [
            (
                "app/index.php",
                "<?php\nrequire __DIR__ . '/lib/config.php';\nuse App\\Store\\Orders;\nnew Orders();\n",
            ),
            ("app/lib/config.php", "<?php\n"),
            ("app/src/Store/Orders.php", "<?php\nnamespace App\\Store;\nclass Orders extends Base {}\n"),
            ("app/src/Store/Base.php", "<?php\nnamespace App\\Store;\nclass Base {}\n"),
            ("app/src/Other/Base.php", "<?php\nnamespace App\\Other;\nclass Base {}\n"),
            ("app/vendor/x/Orders.php", "<?php\nnamespace App\\Store;\n"),
            ("app/helpers.php", "<?php\n"),
            ("app/composer.json", "{\"autoload\": {\"files\": [\"helpers.php\"]}}"),
        ];
        let all: Vec<String> = texts.iter().map(|(path, _)| (*path).to_owned()).collect();
        let read =
            |path: &str| texts.iter().find(|(known, _)| *known == path).map(|(_, text)| (*text).to_owned());
        let found = compiled_together("app/index.php", &all, &read);
        let wanted = [
            "app/index.php",
            "app/helpers.php",
            "app/lib/config.php",
            "app/src/Store/Orders.php",
            "app/src/Store/Base.php",
        ];
        assert_eq!(found, wanted);
    }
}
