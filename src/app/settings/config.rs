//! The configuration file: what a project would otherwise type each time. What is typed goes first.

use std::path::Path;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::app::disk::{Disk, ReadError};
use crate::app::failure::Failure;
use crate::catalog::{Overlay, OverlayError};
use crate::text::SmolStr;

use super::lint;
use super::overlay::{self, Section};

/// Where the file is looked for in a project.
const NAME: &str = "leastwise.toml";

/// The settings of a project.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Config {
    /// The functions wanted; none means all.
    pub(super) functions: Vec<SmolStr>,
    /// The account.
    pub(super) account: Option<SmolStr>,
    /// The region.
    pub(super) region: Option<SmolStr>,
    /// The partition.
    pub(super) partition: Option<SmolStr>,
    /// Values of the template's parameters.
    pub(super) parameters: IndexMap<SmolStr, SmolStr>,
    /// Whether `generate` writes possible requirements.
    pub(super) include_possible: bool,
    /// Whether findings of `scan` make the exit code 1.
    pub(super) strict: bool,
    /// What the project teaches the catalog.
    catalog: Section,
    /// What the project leaves out of the checks of its policies.
    lint: lint::Section,
    /// The same, read.
    #[serde(skip)]
    pub(super) suppressed: lint::Suppressed,
}

/// Reads the file that was named, or the project's own where it has one, and the overlays that it states.
pub(super) fn read(named: Option<&Path>, disk: &dyn Disk) -> Result<(Config, Overlay), Failure> {
    let (shown, bytes) = match named {
        Some(path) => (path.display().to_string(), disk.read_given(path)),
        None => (NAME.to_owned(), disk.read(NAME)),
    };
    let bytes = match bytes {
        Ok(bytes) => bytes,
        Err(ReadError::Missing) if named.is_none() => return Ok(Default::default()),
        Err(error) => return Err(Failure::new(format!("cannot read `{shown}`: {error}"))),
    };
    let text = String::from_utf8_lossy(&bytes);
    let mut config: Config = toml::from_str(&text)
        .map_err(|error| overlay::failure(&OverlayError::of_toml(&shown, &text, &error)))?;
    config.suppressed = lint::read(&config.lint, &shown, &text)?;
    let overlay = overlay::read(&config.catalog, &shown, &text, disk)?;
    Ok((config, overlay))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::disk::MemoryDisk;
    use pretty_assertions::assert_eq;

    #[test]
    fn a_project_may_have_settings() {
        let disk = MemoryDisk::new([(
            NAME,
            "region = \"eu-west-1\"\nstrict = true\n[parameters]\nStage = \"prod\"\n",
        )]);
        let (config, overlay) = read(None, &disk).unwrap();
        assert_eq!(overlay, Overlay::default());
        assert_eq!(config.region.as_deref(), Some("eu-west-1"));
        assert_eq!(config.parameters.get("Stage").map(SmolStr::as_str), Some("prod"));
        assert!(config.strict);
        assert!(!read(None, &MemoryDisk::default()).unwrap().0.strict);
    }

    #[test]
    fn mistakes_are_said_with_their_line() {
        let disk = MemoryDisk::new([(NAME, "strict = true\nregoin = \"x\"\n")]);
        let failure = read(None, &disk).unwrap_err();
        assert!(failure.message().starts_with("`leastwise.toml:2:1`: unknown field `regoin`"), "{failure}");
        let failure = read(Some(Path::new("other.toml")), &disk).unwrap_err();
        assert_eq!(failure.message(), "cannot read `other.toml`: there is no such file");
    }
}
