//! Where the classes of a program lie: which files are compiled together, and which file a handler setting means.

use crate::ir::Import;
use crate::text::{SmolStr, paths};

use super::super::{ModulePath, ReadText};
use super::entries::HANDLER_METHOD;

/// What says that a folder is built on its own.
const BUILD_FILES: [&str; 3] = ["pom.xml", "build.gradle", "build.gradle.kts"];
/// Where build tools look for the program inside such a folder.
const SOURCE_ROOTS: [&str; 3] = ["src/main/java", "src", "app/src/main/java"];

/// The files that are compiled together with one: those of its build folder and of the build folders that it depends on. Without a
/// build file, those below the folder in which its package begins.
pub(super) fn compiled_together(path: &str, listing: &[String], read: &ReadText<'_>) -> Vec<String> {
    packed_with(path, listing, read, is_program).into_iter().cloned().collect()
}

/// The files of a kind that are packed together with one; those of tests are not.
pub(in super::super) fn packed_with<'a>(
    path: &str,
    listing: &'a [String],
    read: &ReadText<'_>,
    is_wanted: fn(&str) -> bool,
) -> Vec<&'a String> {
    let folders = build_folders(listing);
    let Some(own) = folder_of(path, &folders) else {
        let root = source_root(path, read);
        let inside = |file: &&String| is_wanted(file) && paths::is_below(file, &root) && !is_test(file);
        return listing.iter().filter(inside).collect();
    };
    let wanted = dependencies(own, &folders, read);
    let inside = |file: &&String| {
        is_wanted(file)
            && !is_test(file)
            && folder_of(file, &folders).is_some_and(|folder| wanted.contains(&folder))
    };
    listing.iter().filter(inside).collect()
}

/// The folders that have a build file, with those files, sorted.
fn build_folders(listing: &[String]) -> Vec<(&str, &str)> {
    let mut folders: Vec<(&str, &str)> = listing
        .iter()
        .filter_map(|file| {
            let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
            BUILD_FILES.contains(&name).then_some((folder, file.as_str()))
        })
        .collect();
    folders.sort_unstable();
    folders
}

/// What a file is built as: its innermost build folder, in a project whose paths are sorted.
pub(in super::super) fn build_of(path: &str, listing: &[String]) -> Option<String> {
    let has = |file: String| listing.binary_search(&file).is_ok();
    let is_build = |folder: &&str| BUILD_FILES.iter().any(|name| has(paths::join(folder, name)));
    paths::up(paths::folder(path)).find(is_build).map(str::to_owned)
}

/// The innermost build folder around a file.
fn folder_of<'a>(file: &str, folders: &[(&'a str, &str)]) -> Option<&'a str> {
    let mut around = paths::folder(file);
    loop {
        if let Ok(place) = folders.binary_search_by(|(folder, _)| (*folder).cmp(around)) {
            return folders.get(place).map(|(folder, _)| *folder);
        }
        if around.is_empty() {
            return None;
        }
        around = paths::folder(around);
    }
}

/// A build folder and those that its build file names, and so on.
fn dependencies<'a>(own: &'a str, folders: &[(&'a str, &str)], read: &ReadText<'_>) -> Vec<&'a str> {
    let mut found = vec![own];
    if folders.len() < 2 {
        return found;
    }
    let text_of = |folder: &str| {
        let files = folders.iter().filter(|(known, _)| *known == folder);
        files.filter_map(|(_, file)| read(file)).collect::<Vec<_>>().join("\n")
    };
    let mut done = 0;
    let mut names: Option<Vec<(String, &'a str)>> = None;
    while let Some(folder) = found.get(done).copied() {
        done += 1;
        let text = text_of(folder);
        let is_maven = text.contains("<dependency>");
        if is_maven {
            let names = names.get_or_insert_with(|| {
                let name = |(folder, _): &(&'a str, &str)| Some((artifact(&text_of(folder))?, *folder));
                folders.iter().filter_map(name).collect()
            });
            for (name, other) in names.iter() {
                if text.contains(&format!("<artifactId>{name}</artifactId>"))
                    && !found.contains(other)
                    && is_near(own, other)
                {
                    found.push(other);
                }
            }
        }
        for project in projects(&text) {
            let ends = |other: &str| other == project || other.ends_with(&format!("/{project}"));
            let others = folders.iter().map(|(folder, _)| *folder);
            for other in others.filter(|other| ends(other) && is_near(own, other)) {
                if !found.contains(&other) {
                    found.push(other);
                }
            }
        }
    }
    found
}

/// Whether two build folders may belong to one build: they have a folder in common, or lie in the root of the project.
fn is_near(one: &str, other: &str) -> bool {
    let first = |path: &str| path.split('/').next().unwrap_or_default().to_owned();
    !one.contains('/') || !other.contains('/') || first(one) == first(other)
}

/// The name under which others depend on what a Maven build makes: the first that is not the parent's.
fn artifact(text: &str) -> Option<String> {
    let own = text.split_once("</parent>").map_or(text, |(_, behind)| behind);
    let (_, behind) = own.split_once("<artifactId>")?;
    let (name, _) = behind.split_once("</artifactId>")?;
    Some(name.trim().to_owned())
}

/// The folders of the projects that a Gradle build depends on: `project(':a:b')`.
fn projects(text: &str) -> Vec<String> {
    let behind = text.split("project(").skip(1);
    let name = |rest: &str| {
        let rest = rest.trim_start().trim_start_matches("path:").trim_start();
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''))?;
        let (name, _) = rest.get(1..)?.split_once(quote)?;
        Some(name.trim_matches(':').replace(':', "/"))
    };
    behind.filter_map(name).filter(|name| !name.is_empty()).collect()
}

/// The folder in which the package of a file begins.
fn source_root(path: &str, read: &ReadText<'_>) -> String {
    let folder = paths::folder(path);
    let text = read(path).unwrap_or_default();
    let package = text.lines().find_map(|line| line.trim().strip_prefix("package ")?.split(';').next());
    let package = package.unwrap_or_default().trim().replace('.', "/");
    if package.is_empty() {
        return folder.to_owned();
    }
    folder.strip_suffix(&package).map_or(folder, |root| root.trim_end_matches('/')).to_owned()
}

/// Whether a file is part of what is deployed.
fn is_program(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').is_some_and(|(stem, ending)| ending == "java" && !stem.contains('-'))
}

/// Whether a file lies in a folder of tests.
fn is_test(file: &str) -> bool {
    let parts: Vec<&str> = file.split('/').collect();
    parts.windows(2).any(|pair| match pair {
        [above, part] => *above == "src" && part.to_ascii_lowercase().contains("test"),
        _ => false,
    })
}

/// Where an imported package lies is asked of the files themselves.
pub(super) fn candidates(_: &Import, _: &str, _: &[String]) -> Vec<ModulePath> {
    vec![]
}

/// The file of a class by its path.
pub(super) fn files(path: &str) -> Vec<String> {
    vec![format!("{path}.java")]
}

/// `a.b.Class::method`, `a.b.Class`: the file has the name of the outermost class.
pub(super) fn handler(setting: &str) -> Vec<(String, SmolStr)> {
    let (class, method) = setting.split_once("::").unwrap_or((setting, HANDLER_METHOD));
    let class = class.trim();
    if class.is_empty() || class.contains('/') {
        return vec![];
    }
    let (path, inner) = class.split_once('$').map_or((class, None), |(path, inner)| (path, Some(inner)));
    let simple = path.rsplit('.').next().unwrap_or(path);
    let inner = inner.map(|inner| format!(".{}", inner.replace('$', "."))).unwrap_or_default();
    let symbol = SmolStr::from(format!("{simple}{inner}.{}", method.trim()));
    let file = path.replace('.', "/");
    let rooted = SOURCE_ROOTS.iter().map(|root| format!("{root}/{file}"));
    std::iter::once(file.clone()).chain(rooted).map(|file| (file, symbol.clone())).collect()
}

/// Dependencies lie in archives, never in the project.
pub(super) fn installed(_: &str) -> Option<&str> {
    None
}

/// See [`installed`].
pub(super) fn installed_names(_: &str) -> Vec<String> {
    vec![]
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn together(path: &str, files: &[(&str, &str)]) -> Vec<String> {
        let listing: Vec<String> = files.iter().map(|(path, _)| (*path).to_owned()).collect();
        let read =
            |path: &str| files.iter().find(|(known, _)| *known == path).map(|(_, text)| (*text).to_owned());
        compiled_together(path, &listing, &read)
    }

    #[test]
    fn a_build_folder_is_compiled_without_its_tests() {
        let files = [
            ("api/pom.xml", "<artifactId>api</artifactId>"),
            ("api/src/main/java/a/App.java", ""),
            ("api/src/main/java/b/Store.java", ""),
            ("api/src/test/java/a/AppTest.java", ""),
            ("other/pom.xml", "<artifactId>other</artifactId>"),
            ("other/src/main/java/a/App.java", ""),
        ];
        let found = together("api/src/main/java/a/App.java", &files);
        assert_eq!(found, ["api/src/main/java/a/App.java", "api/src/main/java/b/Store.java"]);
    }

    #[test]
    fn what_a_build_depends_on_is_compiled_with_it() {
        let maven = [
            (
                "api/pom.xml",
                "<parent><artifactId>all</artifactId></parent><artifactId>api</artifactId>\n<dependency><artifactId>core</artifactId></dependency>",
            ),
            ("api/src/main/java/a/App.java", ""),
            ("core/pom.xml", "<parent><artifactId>all</artifactId></parent><artifactId>core</artifactId>"),
            ("core/src/main/java/c/Core.java", ""),
            ("pom.xml", "<artifactId>all</artifactId>"),
        ];
        let found = together("api/src/main/java/a/App.java", &maven);
        assert_eq!(found, ["api/src/main/java/a/App.java", "core/src/main/java/c/Core.java"]);
        let gradle = [
            ("api/build.gradle", "implementation project(':shared:core')"),
            ("api/src/main/java/a/App.java", ""),
            ("shared/core/build.gradle", ""),
            ("shared/core/src/main/java/c/Core.java", ""),
        ];
        assert_eq!(together("api/src/main/java/a/App.java", &gradle).len(), 2);
    }

    #[test]
    fn without_a_build_file_the_package_says_where_a_program_begins() {
        let files = [
            ("lambda/a/b/App.java", "package a.b;"),
            ("lambda/a/c/Store.java", ""),
            ("x/a/c/Store.java", ""),
        ];
        assert_eq!(together("lambda/a/b/App.java", &files), ["lambda/a/b/App.java", "lambda/a/c/Store.java"]);
    }

    #[test]
    fn a_handler_names_a_class_and_perhaps_a_method() {
        let first = |setting| handler(setting).into_iter().next().unwrap();
        assert_eq!(first("a.b.App::run"), ("a/b/App".into(), "App.run".into()));
        assert_eq!(first("a.b.App"), ("a/b/App".into(), "App.handleRequest".into()));
        assert_eq!(first("a.App$Inner::run"), ("a/App".into(), "App.Inner.run".into()));
        assert!(handler("").is_empty());
    }
}
