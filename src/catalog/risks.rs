//! What makes a grant weigh more, or less, than its access level says. `catalogs/aws/risks.toml` has the facts.

use std::sync::OnceLock;

use serde::Deserialize;

use crate::text::SmolStr;

/// The facts of `risks.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risks {
    exfiltration: Vec<SmolStr>,
    destructive: Vec<SmolStr>,
    ordinary: Vec<SmolStr>,
}

impl Risks {
    /// The facts inside the binary.
    pub fn embedded() -> &'static Self {
        static RISKS: OnceLock<Risks> = OnceLock::new();
        // What stands in the file is tested; where it did not read, only access levels would count.
        RISKS
            .get_or_init(|| toml::from_str(include_str!("../../catalogs/aws/risks.toml")).unwrap_or_default())
    }

    /// Whether the action hands out the data itself.
    pub fn exfiltrates(&self, action: &str) -> bool {
        has(&self.exfiltration, action)
    }

    /// Whether the name of the action says that it destroys something.
    pub fn destroys(&self, action: &str) -> bool {
        let name = action.split_once(':').map_or(action, |(_, name)| name);
        self.destructive.iter().any(|verb| name.starts_with(verb.as_str()))
    }

    /// Whether nearly every function holds the action, and it does no harm.
    pub fn is_ordinary(&self, action: &str) -> bool {
        has(&self.ordinary, action)
    }
}

/// Whether a sorted list has the action.
fn has(list: &[SmolStr], action: &str) -> bool {
    list.binary_search_by(|other| other.as_str().cmp(action)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_are_readable_and_sorted() {
        let risks = Risks::embedded();
        for list in [&risks.exfiltration, &risks.destructive, &risks.ordinary] {
            assert!(!list.is_empty() && list.is_sorted());
        }
    }
}
