//! The combinations of AWS's actions with which a role can become more than it is.

use std::sync::OnceLock;

use crate::policy::Escalations;

/// The combinations of `escalations.toml`.
pub fn escalations() -> &'static Escalations {
    static ESCALATIONS: OnceLock<Escalations> = OnceLock::new();
    ESCALATIONS.get_or_init(|| {
        Escalations::parse(include_str!("../../../catalogs/aws/escalations.toml")).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn the_facts_are_readable_and_sorted() {
        let all = escalations();
        assert!(all.paths.len() > 60);
        assert!(all.paths.is_sorted_by(|a, b| a.id < b.id));
        let actions = all.paths.iter().flat_map(|path| &path.actions).chain([&all.passing.action]);
        for action in actions {
            assert!(Catalog::embedded().action(action).is_some(), "{action}");
        }
    }
}
