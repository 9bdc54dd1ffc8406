//! The overlays of a project: files that its configuration names, and what stands in the configuration itself.

use serde::Deserialize;
use toml::Spanned;

use crate::app::disk::Disk;
use crate::app::failure::Failure;
use crate::app::nearest::nearest;
use crate::catalog::{Overlay, OverlayError, OverlayFile, OverlaySource};
use crate::lang::LANGUAGES;
use crate::text::Source;

/// `[catalog]` in the configuration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Section {
    /// Overlay files, relative to the project.
    files: Vec<Spanned<String>>,
    /// What an overlay file would hold.
    overlay: Option<OverlayFile>,
}

/// Reads what the configuration `file` says of the catalog. The configuration's own overlay is the last word.
pub(super) fn read(section: &Section, file: &str, text: &str, disk: &dyn Disk) -> Result<Overlay, Failure> {
    let mut sources = vec![];
    for named in &section.files {
        let path = named.get_ref().as_str();
        let bytes = disk.read(path).map_err(|error| {
            let start = u32::try_from(named.span().start).unwrap_or(u32::MAX);
            let at = Source::new(file, text).position(start);
            Failure::new(format!("`{file}:{}:{}`: cannot read `{path}`: {error}", at.line, at.column))
        })?;
        sources.push(
            OverlaySource::parse(path, &String::from_utf8_lossy(&bytes)).map_err(|error| failure(&error))?,
        );
    }
    if let Some(content) = &section.overlay {
        sources.push(OverlaySource::inside(file, text, &["catalog", "overlay"], content.clone()));
    }
    let languages: Vec<&str> = LANGUAGES.iter().map(|language| language.name).collect();
    Overlay::read(&sources, &languages).map_err(|error| failure(&error))
}

/// The mistake as the person who wrote the file sees it.
pub(super) fn failure(error: &OverlayError) -> Failure {
    let failure = Failure::new(error.to_string());
    let near =
        error.typed.as_ref().and_then(|(typed, names)| nearest(typed, names.iter().map(String::as_str)));
    match near {
        Some(name) => failure.help(format!("did you mean `{name}`?")),
        None => failure,
    }
}
