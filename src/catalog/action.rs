//! IAM's side of the catalog: actions, what they act on, and under which keys they can be restricted.

use super::layout::Section;
use super::table::{Row, Table};

/// How much an action can do, as the authorization reference sorts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AccessLevel {
    /// Sees that resources exist.
    List,
    /// Sees what is in them.
    Read,
    /// Changes their tags.
    Tagging,
    /// Creates, changes and deletes.
    Write,
    /// Grants access to others.
    PermissionsManagement,
}

impl AccessLevel {
    pub(super) const fn from_word(word: u32) -> Self {
        match word {
            0 => Self::List,
            1 => Self::Read,
            2 => Self::Tagging,
            4 => Self::PermissionsManagement,
            _ => Self::Write,
        }
    }

    /// The name that the authorization reference uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::List => "List",
            Self::Read => "Read",
            Self::Tagging => "Tagging",
            Self::Write => "Write",
            Self::PermissionsManagement => "Permissions management",
        }
    }
}

/// An IAM action.
#[derive(Clone, Copy)]
pub struct Action {
    pub(super) table: Table,
    pub(super) index: u32,
}

impl Action {
    fn row(self) -> Row {
        self.table.row(Section::Actions, self.index)
    }

    /// Its number: those inside the binary are numbered without gaps, by prefix and name.
    pub const fn index(self) -> u32 {
        self.index
    }

    /// The prefix (`s3`).
    pub fn prefix(self) -> &'static str {
        self.table.row(Section::Prefixes, self.row().word(0)).text(0)
    }

    /// The name (`GetObject`).
    pub fn name(self) -> &'static str {
        self.row().text(1)
    }

    /// How much it can do.
    pub fn access_level(self) -> AccessLevel {
        AccessLevel::from_word(self.row().word(2))
    }

    /// The types of resources that it acts on, each with whether a request always names one. Empty where the
    /// action takes no resource: it can only be allowed on `*`.
    pub fn resource_types(self) -> impl ExactSizeIterator<Item = (ResourceType, bool)> {
        let (table, range) = (self.table, self.row().range(3));
        (0..range.count).map(move |index| {
            let word = range.first + index * 2;
            let kind = ResourceType { table, index: table.list_word(word) };
            (kind, table.list_word(word + 1) != 0)
        })
    }

    /// The condition keys that a policy can restrict it by, besides the global ones.
    pub fn condition_keys(self) -> impl ExactSizeIterator<Item = &'static str> {
        self.table.texts(self.row().range(5))
    }

    /// Other actions that the authorization reference says may be needed with it.
    pub fn dependents(self) -> impl ExactSizeIterator<Item = &'static str> {
        self.table.texts(self.row().range(7))
    }
}

impl std::fmt::Display for Action {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.prefix(), self.name())
    }
}

impl std::fmt::Debug for Action {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Action({self})")
    }
}

impl PartialEq for Action {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index && self.table == other.table
    }
}

impl Eq for Action {}

impl std::hash::Hash for Action {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.index.hash(state);
    }
}

/// A kind of resource.
#[derive(Clone, Copy)]
pub struct ResourceType {
    pub(super) table: Table,
    pub(super) index: u32,
}

impl ResourceType {
    fn row(self) -> Row {
        self.table.row(Section::ResourceTypes, self.index)
    }

    /// The name (`table`).
    pub fn name(self) -> &'static str {
        self.row().text(0)
    }

    /// The patterns of its ARNs, with `${Partition}`, `${Region}`, `${Account}` and a variable for each further part.
    pub fn arn_patterns(self) -> impl ExactSizeIterator<Item = &'static str> {
        self.table.texts(self.row().range(1))
    }

    /// The condition keys that describe such a resource.
    pub fn condition_keys(self) -> impl ExactSizeIterator<Item = &'static str> {
        self.table.texts(self.row().range(3))
    }
}

impl std::fmt::Debug for ResourceType {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ResourceType({})", self.name())
    }
}
