//! An overlay as its file states it.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::catalog::facts::{Action, ResourceType, Rule};
use crate::catalog::{Behaviour, EntryRule, Library, LibraryClass, PathPattern};
use crate::text::SmolStr;

/// An overlay: the description of a library, and what changes about services.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OverlayFile {
    package: SmolStr,
    /// The language that the paths are of; any where it is not stated.
    pub(super) language: SmolStr,
    version: SmolStr,
    source: SmolStr,
    pub(super) symbols: IndexMap<SmolStr, Behaviour>,
    pub(super) classes: IndexMap<SmolStr, LibraryClass>,
    pub(super) patterns: Vec<PathPattern>,
    /// What the platform enters in programs that no deployment names.
    pub(super) handlers: Vec<EntryRule>,
    pub(super) services: IndexMap<String, ServiceChange>,
}

/// What changes about a service, or a service that is new.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ServiceChange {
    /// The prefix of its actions; a new service states it.
    pub(super) prefix: Option<String>,
    /// The service id; the name where it is not stated.
    pub(super) id: Option<String>,
    /// Operations by the API's name.
    pub(super) operations: IndexMap<String, OperationChange>,
    /// Actions of the prefix that the catalog lacks.
    pub(super) actions: IndexMap<String, Action>,
    /// Resource types of the prefix that the catalog lacks.
    pub(super) resource_types: IndexMap<String, ResourceType>,
}

/// What changes about an operation, or an operation that is new.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct OperationChange {
    /// The members of its request; a new operation states them.
    pub(super) parameters: Option<Vec<String>>,
    /// `actions` or `none`.
    pub(super) authorization: Option<String>,
    /// Whether the rules stand beside those of the catalog instead of replacing them.
    pub(super) add: bool,
    /// What a call is checked against.
    pub(super) rules: Vec<Rule>,
}

impl OverlayFile {
    /// The description of the library.
    pub(super) fn library(&self) -> Library {
        let library = Library {
            package: self.package.clone(),
            language: self.language.clone(),
            version: self.version.clone(),
            source: self.source.clone(),
            symbols: self.symbols.clone(),
            classes: self.classes.clone(),
            patterns: self.patterns.clone(),
            handlers: self.handlers.clone(),
        };
        library.spread()
    }

    /// The names of the classes that are described.
    pub(super) fn class_names(&self) -> impl Iterator<Item = &str> {
        self.classes.keys().flat_map(|names| names.split('|')).map(str::trim)
    }
}
