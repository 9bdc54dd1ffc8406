//! The source of what a build makes: archives and bundles are named after it, and hold it under other names.

use super::code::{Code, Start};
use super::functions::roots;
use super::locate::{Found, Handler};
use crate::lang;
use crate::text::{FileId, Source, paths};

/// How many files are looked into for what a bundle exports.
const MOST_READ: usize = 400;

impl Handler<'_> {
    /// The file of the handler's name that a build is told to begin with.
    pub(super) fn entry_point(&self, folder: &str, code: &Code<'_>) -> Option<Found> {
        let stated = self.function.build.at(&["BuildProperties", "EntryPoints"])?;
        let (module, symbol) = (self.language.handler)(self.setting).into_iter().next()?;
        let name = module.rsplit('/').next()?;
        let of_name = |place: &String| {
            let last = place.rsplit('/').next().unwrap_or(place);
            last.rsplit_once('.').map_or(last, |(stem, _)| stem) == name || last == name
        };
        let mut places = stated.one_or_many().iter().filter_map(|one| paths::climb(folder, one.as_str()?));
        let place = places.find(of_name)?;
        let spelled = std::iter::once(place.clone()).chain((self.language.files)(&place));
        let file = spelled.into_iter().find(|file| code.has(file))?;
        let start = Start { file, roots: roots(self.function, self.language, folder) };
        Some(Found { start, symbol, taken: None })
    }

    /// The file that a build at a path is made of.
    pub(super) fn built(&self, path: &str, names_file: bool, code: &Code<'_>) -> Option<Found> {
        let folder = if names_file { paths::folder(path) } else { path };
        let built = format!("named as `{path}`");
        let beside = || self.exporting(folder, &built, code).filter(|_| !folder.is_empty());
        beside().or_else(|| self.anywhere(&built, path, code)).or_else(|| self.exporting("", &built, code))
    }

    /// The file of the project that the handler can mean, where the code named is built of something: the only one of its
    /// name, else the only one that lies where the name of the archive says.
    pub(super) fn anywhere(&self, built: &str, path: &str, code: &Code<'_>) -> Option<Found> {
        if let Some(found) = self.declared_for(path, code) {
            return Some(taken(found, built));
        }
        let (module, _) = (self.language.handler)(self.setting).into_iter().next()?;
        let names = (self.language.files)(&module);
        let folder_of = |file: &str| {
            names.iter().find_map(|name| {
                let folder = file.strip_suffix(name.as_str())?;
                (folder.is_empty() || folder.ends_with('/')).then(|| folder.trim_end_matches('/').to_owned())
            })
        };
        let mut folders: Vec<String> = code.files().filter_map(folder_of).collect();
        folders.sort();
        folders.dedup();
        let folder = match folders.as_slice() {
            [only] => only,
            _ => named_after(path, &folders)
                .or_else(|| of_build(path, &folders, code).filter(|_| module.contains('/')))?,
        };
        Some(taken(self.below(folder, code)?, built))
    }

    /// The file that declares what the setting names; of several of one name the one that the build is made of.
    fn declared_for(&self, path: &str, code: &Code<'_>) -> Option<Found> {
        let first = self.declared("", code)?;
        let find = self.language.find?;
        let name = first.start.file.rsplit('/').next().unwrap_or_default();
        let is_alike = |file: &&String| file.rsplit('/').next() == Some(name) && **file != first.start.file;
        let mut left: Vec<String> = code.listing().iter().filter(is_alike).cloned().collect();
        let mut found = vec![first.start.file.clone()];
        while let Some((file, _)) = find(self.setting, "", &left, &|path| code.text(path)) {
            left.retain(|other| *other != file);
            found.push(file);
        }
        let folders: Vec<String> = found.iter().map(|file| paths::folder(file).to_owned()).collect();
        let meant = named_after(path, &folders).or_else(|| of_build(path, &folders, code));
        meant.and_then(|folder| self.declared(folder, code)).or(Some(first))
    }

    /// The only file below a folder that exports what the handler names: a bundle has a name of its own.
    fn exporting(&self, folder: &str, built: &str, code: &Code<'_>) -> Option<Found> {
        let (_, symbol) = (self.language.handler)(self.setting).into_iter().next()?;
        let exports = |file: &&str| {
            let is_own = lang::language_of(file).is_some_and(|own| own.family == self.language.family);
            let is_source = is_own && !paths::is_of_tests(file);
            let text = is_source.then(|| code.text(file)).flatten();
            let text = text.filter(|text| text.contains(symbol.as_str()));
            let module = text
                .zip(lang::language_of(file))
                .map(|(text, language)| ((language.lower)(&Source::new(*file, text), FileId(0)), language));
            module.is_some_and(|(module, language)| (language.exported)(&module).contains(&symbol))
        };
        let below = || code.files().filter(|file| paths::is_below(file, folder));
        if below().count() > MOST_READ {
            return None;
        }
        let mut files = below().filter(exports);
        let file = files.next().filter(|_| files.next().is_none())?.to_owned();
        let start = Start { roots: roots(self.function, self.language, paths::folder(&file)), file };
        Some(taken(Found { start, symbol, taken: None }, built))
    }
}

fn taken(mut found: Found, built: &str) -> Found {
    found.taken = Some(format!("its code is {built}: `{}` is taken for the source", found.start.file));
    found
}

/// The only folder whose path ends as the name of an archive or folder does, without regard to what parts the words; else
/// the only one whose own name is how that name ends.
fn named_after<'a>(path: &str, folders: &'a [String]) -> Option<&'a String> {
    let name = path.rsplit('/').next()?;
    let name = words(name.split_once('.').map_or(name, |(stem, _)| stem));
    let only = |holds: &dyn Fn(&str) -> bool| {
        let mut named = folders.iter().filter(|folder| holds(folder));
        let first = named.next()?;
        named.next().is_none().then_some(first)
    };
    let own = |folder: &str| words(folder.rsplit('/').next().unwrap_or(folder));
    only(&|folder| !name.is_empty() && words(folder).ends_with(&name))
        .or_else(|| only(&|folder| own(folder).len() >= TELLING && name.ends_with(&own(folder))))
}

/// The files that say how a folder is built.
pub(super) const BUILD_FILES: [&str; 4] = ["Makefile", "build.gradle", "build.gradle.kts", "pom.xml"];

/// The only folder that lies in one of the name of the archive, else nearest to the archive, else whose build mentions it.
fn of_build<'a>(path: &str, folders: &'a [String], code: &Code<'_>) -> Option<&'a String> {
    let file = path.rsplit('/').next().filter(|file| !file.is_empty())?;
    let name = words(file.split_once('.').map_or(file, |(stem, _)| stem));
    let only = |holds: &dyn Fn(&str) -> bool| {
        let mut held = folders.iter().filter(|folder| holds(folder));
        let first = held.next()?;
        held.next().is_none().then_some(first)
    };
    let near = || {
        let count = |around: &str| folders.iter().filter(|folder| paths::is_below(folder, around)).count();
        let around = paths::up(paths::folder(path)).find(|around| count(around) > 0)?;
        only(&|folder| paths::is_below(folder, around))
    };
    let mentions = |folder: &str| {
        let mut files = BUILD_FILES.iter().map(|name| paths::join(folder, name));
        files.any(|build| code.has(&build) && code.text(&build).is_some_and(|text| text.contains(file)))
    };
    only(&|folder| name.len() >= TELLING && folder.split('/').any(|part| words(part) == name))
        .or_else(near)
        .or_else(|| only(&|folder| paths::up(folder).any(mentions)))
}

/// How long the name of a folder is that tells which it is.
const TELLING: usize = 4;

fn words(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_are_named_after_folders() {
        let folders =
            ["src/me/articles/create".to_owned(), "src/articles/create".to_owned(), "src/a".to_owned()];
        assert_eq!(named_after("deploy/me_articles_create.zip", &folders), folders.first());
        assert_eq!(named_after("build/create.zip", &folders), None);
        assert_eq!(named_after("build/a.zip", &folders), folders.last());
        assert_eq!(
            named_after("build/shop-reader.zip", &["a/reader".into(), "b".into()]).map(String::as_str),
            Some("a/reader")
        );
        assert_eq!(named_after("", &folders), None);
    }
}
