//! What IAM itself knows beside actions: condition keys with their types, partitions, and the names that the checks of
//! policies turn on.

use std::sync::OnceLock;

use indexmap::IndexMap;
use rustc_hash::FxHashMap;
use serde::Deserialize;
use smol_str::SmolStr;

use super::Catalog;

/// What a condition key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeyType {
    /// The kind of each value.
    pub holds: Holds,
    /// Whether a request may have several values under the key.
    pub is_many: bool,
}

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holds {
    /// Text.
    Text,
    /// An ARN.
    Arn,
    /// `true` or `false`.
    Flag,
    /// A number.
    Number,
    /// A date, or seconds since 1970.
    Date,
    /// An address, or a range of them.
    Address,
}

/// The facts of `iam.toml`.
#[derive(Debug, Default, Deserialize)]
pub struct IamFacts {
    /// Partitions, sorted.
    pub partitions: Vec<SmolStr>,
    /// The actions of trust policies.
    pub trust_actions: Vec<SmolStr>,
    /// The key that says whether a second factor was given.
    pub second_factor_key: SmolStr,
    /// Keys that hold an address of the internet.
    pub public_address_keys: Vec<SmolStr>,
    /// Keys that should not be used any more, with what takes their place.
    pub deprecated_keys: IndexMap<SmolStr, SmolStr>,
    /// The action that creates a service's own role, and the key that says which service's.
    pub service_role: ActionKey,
    /// Actions that hand out credentials.
    pub credentials: Credentials,
    /// Keys whose absence does no harm.
    pub harmless_when_absent: Vec<SmolStr>,
    /// Keys of which a request has one value or several, depending on the action.
    pub one_or_many_keys: Vec<SmolStr>,
    /// What resources may begin with in policies of resources beside `arn:`.
    pub short_resources: Vec<SmolStr>,
    /// What the authorization reference lacks.
    pub unlisted: Unlisted,
    /// Types that are other than the reference has them.
    key_types: IndexMap<SmolStr, SmolStr>,
    /// Global condition keys, by name, with the type that the reference gives them.
    global_keys: IndexMap<SmolStr, SmolStr>,
}

/// What there is although the authorization reference lacks it.
#[derive(Debug, Default, Deserialize)]
pub struct Unlisted {
    /// Actions.
    pub actions: Vec<SmolStr>,
    /// Condition keys of actions.
    pub keys: IndexMap<SmolStr, Vec<SmolStr>>,
    /// ARN templates of what actions act on.
    pub resource_types: IndexMap<SmolStr, Vec<SmolStr>>,
}

impl Unlisted {
    /// Whether it is such an action, whatever its case.
    pub fn has_action(&self, action: &str) -> bool {
        self.actions.iter().any(|other| other.eq_ignore_ascii_case(action))
    }
}

/// An action and a condition key that goes with it.
#[derive(Debug, Default, Deserialize)]
pub struct ActionKey {
    /// The action.
    pub action: SmolStr,
    /// The key.
    pub key: SmolStr,
}

/// Actions that hand out credentials.
#[derive(Debug, Default, Deserialize)]
pub struct Credentials {
    /// All of them, sorted.
    pub actions: Vec<SmolStr>,
    /// Those that functions need every day, sorted.
    pub ordinary: Vec<SmolStr>,
}

/// The keys of services by their type, as `condition_keys.json` has them.
type Listed = IndexMap<SmolStr, Vec<SmolStr>>;

impl KeyType {
    fn of(name: &str) -> Self {
        let (name, is_many) = match name.strip_prefix("ArrayOf") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let holds = match name {
            "ARN" => Holds::Arn,
            "Bool" => Holds::Flag,
            "Numeric" => Holds::Number,
            "Date" => Holds::Date,
            "IPAddress" => Holds::Address,
            _ => Holds::Text,
        };
        Self { holds, is_many }
    }
}

impl Catalog {
    /// What IAM knows beside actions.
    pub fn iam(self) -> &'static IamFacts {
        static FACTS: OnceLock<IamFacts> = OnceLock::new();
        FACTS.get_or_init(|| toml::from_str(include_str!("../../catalogs/aws/iam.toml")).unwrap_or_default())
    }

    /// The type of a condition key, whatever its case; `None` for one that is not known. A key with a name of the
    /// author's own in it (`aws:ResourceTag/team`) has the type of its pattern.
    pub fn key_type(self, key: &str) -> Option<KeyType> {
        let key = key.to_ascii_lowercase();
        let types = key_types();
        let own = |key: &str| types.get(key).copied();
        let places = key.match_indices([':', '/']).skip(1);
        own(&key).or_else(|| places.filter_map(|(at, _)| own(key.get(..=at)?)).last())
    }

    /// Whether every service may see the key.
    pub fn is_global_key(self, key: &str) -> bool {
        let facts = self.iam();
        let names = facts.global_keys.keys().chain(facts.deprecated_keys.keys());
        names.into_iter().any(|name| is_same_key(name, key))
    }
}

/// Whether a key is the one of that name; `${TagKey}` and `<key>` in a name stand for what the author writes there.
pub fn is_same_key(name: &str, key: &str) -> bool {
    let Some((before, pattern)) = place(name).and_then(|at| name.split_at_checked(at)) else {
        return name.eq_ignore_ascii_case(key);
    };
    let after = pattern.split_once(['}', '>']).map_or("", |(_, after)| after);
    let (key, before, after) =
        (key.to_ascii_lowercase(), before.to_ascii_lowercase(), after.to_ascii_lowercase());
    key.strip_prefix(before.as_str())
        .is_some_and(|rest| rest.len() > after.len() && rest.ends_with(after.as_str()))
}

/// Where a name has a place that the author of a policy fills; the reference spells it in three ways.
fn place(name: &str) -> Option<usize> {
    name.find("${").or_else(|| name.find('<')).or_else(|| Some(name.strip_suffix("tag-key")?.len()))
}

/// The types of all keys by their names in small letters; a pattern by what stands before its place.
fn key_types() -> &'static FxHashMap<String, KeyType> {
    static TYPES: OnceLock<FxHashMap<String, KeyType>> = OnceLock::new();
    TYPES.get_or_init(|| {
        let listed: Listed =
            serde_json::from_str(include_str!("../../catalogs/aws/condition_keys.json")).unwrap_or_default();
        let facts = Catalog::embedded().iam();
        let global = &facts.global_keys;
        let services = listed.iter().flat_map(|(name, keys)| keys.iter().map(move |key| (key, name)));
        let spelled = |key: &SmolStr| {
            let open = place(key).unwrap_or(key.len());
            key.get(..open).unwrap_or(key).to_ascii_lowercase()
        };
        services
            .chain(global)
            .chain(&facts.key_types)
            .map(|(key, name)| (spelled(key), KeyType::of(name)))
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_are_readable_and_sorted() {
        let facts = Catalog::embedded().iam();
        assert!(facts.partitions.is_sorted() && facts.partitions.len() > 3);
        assert!(facts.credentials.actions.is_sorted() && facts.credentials.ordinary.is_sorted());
        assert!(key_types().len() > 1_000);
    }

    #[test]
    fn the_actions_named_exist() {
        let catalog = Catalog::embedded();
        let facts = catalog.iam();
        let named = facts.credentials.actions.iter().chain(&facts.trust_actions);
        for action in named.chain([&facts.service_role.action]) {
            assert!(catalog.action(action).is_some(), "{action}");
        }
    }

    #[test]
    fn keys_have_types_whatever_their_case() {
        let catalog = Catalog::embedded();
        let holds = |key: &str| catalog.key_type(key).map(|kind| (kind.holds, kind.is_many));
        assert_eq!(holds("AWS:SourceIP"), Some((Holds::Address, false)));
        assert_eq!(holds("aws:TagKeys"), Some((Holds::Text, true)));
        assert_eq!(holds("aws:ResourceTag/team"), Some((Holds::Text, false)));
        assert_eq!(holds("s3:max-keys"), Some((Holds::Number, false)));
        assert_eq!(holds("aws:Nothing"), None);
    }

    #[test]
    fn a_name_may_have_a_place() {
        assert!(is_same_key("aws:ResourceTag/${TagKey}", "aws:resourcetag/team"));
        assert!(is_same_key("codebuild:x/${name}.value", "codebuild:x/y.value"));
        assert!(!is_same_key("aws:ResourceTag/${TagKey}", "aws:ResourceTag/"));
        assert!(!is_same_key("aws:TagKeys", "aws:TagKey"));
        let kms = Catalog::embedded().key_type("kms:EncryptionContext:aws:s3:arn");
        assert!(kms.is_some_and(|kind| kind.holds == Holds::Text));
    }
}
