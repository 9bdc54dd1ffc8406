//! The connectors of the serverless transform.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::PolicyStatement;

/// The catalog file.
pub(super) const TEXT: &str = include_str!("../../../catalogs/aws/sam_connectors.toml");

/// What a connector from a resource of one type to one of another grants.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Connector {
    /// The type of the source.
    from: String,
    /// The type of the destination.
    to: String,
    /// Whose role gets the statements.
    #[serde(default)]
    pub(crate) role: Side,
    /// The property that names that role, where the resource is no function.
    pub(crate) property: Option<String>,
    /// What the permission to read grants.
    #[serde(default, rename = "Read")]
    read: Vec<PolicyStatement>,
    /// What the permission to write grants.
    #[serde(default, rename = "Write")]
    write: Vec<PolicyStatement>,
}

/// An end of a connector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Side {
    /// Where it begins.
    #[default]
    Source,
    /// Where it leads.
    Destination,
    /// Neither: the destination's own policy lets the source in.
    None,
}

impl Connector {
    /// The statements of a permission by its name.
    pub(crate) fn statements(&self, permission: &str) -> &[PolicyStatement] {
        match permission {
            "Read" => &self.read,
            "Write" => &self.write,
            _ => &[],
        }
    }
}

#[derive(Default, Deserialize)]
struct File {
    becomes: FxHashMap<String, String>,
    connector: Vec<Connector>,
}

fn file() -> &'static File {
    static ALL: OnceLock<File> = OnceLock::new();
    ALL.get_or_init(|| toml::from_str(TEXT).unwrap_or_default())
}

/// The type that the transform makes of one of its own; any other type as it is.
pub(crate) fn transformed(kind: &str) -> &str {
    file().becomes.get(kind).map_or(kind, String::as_str)
}

/// What connects resources of these types, as CloudFormation calls them.
pub(crate) fn connector(from: &str, to: &str) -> Option<&'static Connector> {
    file().connector.iter().find(|row| row.from == from && row.to == to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_connector_grants_something_and_uses_known_words() {
        assert!(file().connector.len() > 10);
        let known = ["${Source.Arn}", "${Destination.Arn}", "${Destination.Name}"];
        for row in &file().connector {
            let statements = row.read.iter().chain(&row.write);
            let mut texts = statements.flat_map(|statement| &statement.resources).peekable();
            assert_eq!(texts.peek().is_some(), row.role != Side::None, "{row:?}");
            assert!(
                texts.all(|text| known.iter().any(|word| text.contains(word)) || !text.contains("tion."))
            );
        }
    }
}
