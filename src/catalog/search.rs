//! Finding operations, actions and condition keys by a part of their names.

use std::collections::BTreeMap;

use super::{Action, Catalog, Operation, spelling};

/// What was found, the nearest first: whole names, then beginnings, then parts.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Operations.
    pub operations: Vec<Operation>,
    /// Actions.
    pub actions: Vec<Action>,
    /// Condition keys, each with the number of actions that it can restrict.
    pub condition_keys: Vec<(&'static str, usize)>,
}

/// How well a name fits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    Beginning,
    Part,
}

/// What names are compared with.
struct Wanted {
    /// In lower case.
    text: String,
    /// The same without `_`, for names as programs spell them.
    plain: String,
    is_glob: bool,
}

impl Wanted {
    fn new(text: &str) -> Self {
        let text = text.to_ascii_lowercase();
        Self { is_glob: text.contains(['*', '?']), plain: text.replace('_', ""), text }
    }

    /// How a text fits one of the names that something has.
    fn fit(&self, names: &[&str]) -> Option<Fit> {
        names.iter().filter_map(|name| self.fit_one(name)).min()
    }

    fn fit_one(&self, name: &str) -> Option<Fit> {
        if self.is_glob {
            return spelling::matches(&self.text, name).then_some(Fit::Whole);
        }
        let name = name.to_ascii_lowercase();
        let place = name.find(&self.text).or_else(|| name.find(&self.plain))?;
        Some(match place {
            0 if name.len() == self.text.len() || name.len() == self.plain.len() => Fit::Whole,
            0 => Fit::Beginning,
            _ => Fit::Part,
        })
    }
}

impl Catalog {
    /// Finds what has a text in its name, whatever the case; a text with `*` or `?` is the form of a whole name.
    /// Operations are also found as `service.Operation` and as programs spell them (`put_item`).
    pub fn search(self, text: &str) -> Found {
        let wanted = Wanted::new(text);
        let operations = self.services().flat_map(super::Service::operations).filter_map(|operation| {
            let whole = format!("{}.{}", operation.service().name(), operation.name());
            Some((wanted.fit(&[&whole, operation.name()])?, operation))
        });
        let actions = self
            .all_actions()
            .filter_map(|action| Some((wanted.fit(&[&action.to_string(), action.name()])?, action)));
        let mut keys: BTreeMap<&'static str, usize> = BTreeMap::new();
        for action in self.all_actions() {
            action.condition_keys().for_each(|key| *keys.entry(key).or_default() += 1);
        }
        for kind in self.prefixes().flat_map(|prefix| self.resource_types(prefix)) {
            kind.condition_keys().for_each(|key| *keys.entry(key).or_default() += 0);
        }
        let keys = keys.into_iter().filter_map(|(key, count)| {
            let name = key.split_once(':').map_or(key, |(_, name)| name);
            Some((wanted.fit(&[key, name])?, (key, count)))
        });
        Found {
            operations: by_fit(operations.collect()),
            actions: by_fit(actions.collect()),
            condition_keys: by_fit(keys.collect()),
        }
    }
}

/// The nearest first; what fits equally well stays in its order.
fn by_fit<T>(mut found: Vec<(Fit, T)>) -> Vec<T> {
    found.sort_by_key(|(fit, _)| *fit);
    found.into_iter().map(|(_, item)| item).collect()
}
