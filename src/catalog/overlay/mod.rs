//! What a user teaches the catalog: wrappers of their own, operations as they know better, services that it lacks.
//!
//! An overlay file is a library's description in TOML with `services` beside it. Files are read in order; where two of
//! them say something of one name, the later counts. A mistake is told with its place, and nothing of the files is used.

mod check;
mod file;
mod place;
mod services;

use std::sync::Arc;

use super::table::Table;
use super::{Catalog, Library};
use crate::text::{Source, Span};

pub use file::OverlayFile;

use place::Step;

/// A text that holds an overlay.
#[derive(Clone, Debug)]
pub struct OverlaySource {
    /// The path, as it is shown.
    file: String,
    text: String,
    /// The keys that lead to the overlay in the text.
    inside: &'static [&'static str],
    content: OverlayFile,
}

/// The overlays of a run.
#[derive(Clone, Debug, Default)]
pub struct Overlay {
    libraries: Vec<Arc<Library>>,
    table: Option<Table>,
    /// Of the texts, where there are any.
    hash: Option<u64>,
}

/// What is wrong with an overlay, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverlayError {
    /// The place: `file:line:column`.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What was typed, and the names that may have been meant.
    pub typed: Option<(String, Vec<String>)>,
}

/// A mistake in the words of the file's structure.
#[derive(Debug)]
struct Mistake {
    path: Vec<Step>,
    message: String,
    typed: Option<(String, Vec<String>)>,
}

impl OverlaySource {
    /// Reads a file.
    ///
    /// # Errors
    /// The first thing in it that cannot be read.
    pub fn parse(file: &str, text: &str) -> Result<Self, OverlayError> {
        match toml::from_str(text) {
            Ok(content) => Ok(Self::inside(file, text, &[], content)),
            Err(error) => Err(OverlayError::of_toml(file, text, &error)),
        }
    }

    /// An overlay inside of a file that holds other things too, under the keys `inside`.
    pub fn inside(file: &str, text: &str, inside: &'static [&'static str], content: OverlayFile) -> Self {
        Self { file: file.to_owned(), text: text.to_owned(), inside, content }
    }

    fn error(&self, mistake: Mistake) -> OverlayError {
        let outer = self.inside.iter().map(|key| Step::Key((*key).to_owned()));
        let path: Vec<Step> = outer.chain(mistake.path).collect();
        let span = place::span(&self.text, &path);
        OverlayError {
            place: place_of(&self.file, &self.text, span),
            message: mistake.message,
            typed: mistake.typed,
        }
    }
}

impl Overlay {
    /// Takes in overlays. `languages` are the languages that there are.
    ///
    /// # Errors
    /// The first mistake in them.
    pub fn read(sources: &[OverlaySource], languages: &[&str]) -> Result<Self, OverlayError> {
        if sources.is_empty() {
            return Ok(Self::default());
        }
        let embedded = Catalog::embedded();
        let mut merged = services::Merged::default();
        // What is declared anywhere may be used everywhere.
        for source in sources {
            merged.declare(embedded, &source.content).map_err(|mistake| source.error(mistake))?;
        }
        for source in sources {
            merged.change(embedded, &source.content).map_err(|mistake| source.error(mistake))?;
        }
        let table = match merged.pack() {
            Ok(bytes) => bytes.map(Table::of_overlay),
            Err(error) => return Err(OverlayError::whole(sources, &error.to_string())),
        };
        let mut overlay = Self { libraries: vec![], table, hash: Some(hash(sources)) };
        let classes: Vec<&str> = sources.iter().flat_map(|source| source.content.class_names()).collect();
        for source in sources {
            check::library(overlay.catalog(), &source.content, &classes, languages)
                .map_err(|mistake| source.error(mistake))?;
        }
        // Looked up in this order, so that the last word comes first.
        overlay.libraries = sources.iter().rev().map(|source| Arc::new(source.content.library())).collect();
        Ok(overlay)
    }

    /// The catalog with what the overlays say of services.
    pub fn catalog(&self) -> Catalog {
        Catalog { overlay: self.table, ..Catalog::embedded() }
    }

    /// The descriptions of libraries; the first that describes a path counts.
    pub fn libraries(&self) -> &[Arc<Library>] {
        &self.libraries
    }

    /// The packages that the overlays describe for a language, by the names under which they are imported.
    pub fn packages(&self, language: &str) -> Vec<&str> {
        let libraries = self.libraries.iter().filter(|library| library.is_for(language));
        let paths = libraries.flat_map(|library| library.symbols.keys().chain(library.classes.keys()));
        let mut names: Vec<&str> = paths.filter_map(|path| path.split('.').next()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Date and hash of the facts, and the hash of the overlays where there are any: what tells one state of knowledge
    /// from another.
    pub fn stamp(&self) -> String {
        let catalog = self.catalog();
        let own = format!("{} {}", catalog.date(), catalog.hash());
        self.hash.map_or_else(|| own.clone(), |hash| format!("{own} overlay {hash:016x}"))
    }
}

impl PartialEq for Overlay {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash
    }
}

impl Eq for Overlay {}

impl OverlayError {
    /// What a reader of TOML has to say.
    pub fn of_toml(file: &str, text: &str, error: &toml::de::Error) -> Self {
        let span = error.span().unwrap_or_default();
        let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        let message = error.message().trim_end();
        let message = if message.ends_with("untagged enum Value") {
            "this is no value of a description".to_owned()
        } else {
            message.to_owned()
        };
        Self { place: place_of(file, text, Span::new(at(span.start), at(span.end))), message, typed: None }
    }

    fn whole(sources: &[OverlaySource], message: &str) -> Self {
        let files: Vec<&str> = sources.iter().map(|source| source.file.as_str()).collect();
        Self { place: files.join(", "), message: message.to_owned(), typed: None }
    }
}

impl std::fmt::Display for OverlayError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "`{}`: {}", self.place, self.message)
    }
}

impl std::error::Error for OverlayError {}

impl Mistake {
    fn new(path: &[Step], message: impl Into<String>) -> Self {
        Self { path: path.to_vec(), message: message.into(), typed: None }
    }

    /// Adds what was typed and the names that may have been meant.
    fn near<'a>(self, typed: &str, names: impl IntoIterator<Item = &'a str>) -> Self {
        let names = names.into_iter().map(str::to_owned).collect();
        Self { typed: Some((typed.to_owned(), names)), ..self }
    }
}

/// `file:line:column`
fn place_of(file: &str, text: &str, span: Span) -> String {
    let at = Source::new(file, text).position(span.start);
    format!("{file}:{}:{}", at.line, at.column)
}

/// A hash of the texts in their order (FNV-1a).
fn hash(sources: &[OverlaySource]) -> u64 {
    let bytes = sources.iter().flat_map(|source| source.text.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests;
