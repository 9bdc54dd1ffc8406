//! The embedded facts: what each SDK operation is checked against, and what each IAM action acts on.
//!
//! The facts are files under `catalogs/`, packed by the build step into one table that is read in place; opening
//! it costs nothing. A user's overlays become a second, small table of the same shape, whose services and prefixes
//! stand in front of those of the first. Everything handed out here is a small copyable handle or text that lives as long as the program.

mod action;
mod arn;
mod coverage;
mod entries;
mod facts;
mod filter;
mod graphql;
mod iam;
mod layout;
mod library;
mod library_files;
mod names;
mod operation;
mod overlay;
mod pack;
mod partiql;
mod path;
mod pattern;
mod platform;
mod policies;
mod responses;
mod risks;
mod search;
mod spelling;
mod table;
mod when;
mod writer;

use layout::Section;
use table::{Range, Table};

pub use action::{AccessLevel, Action, ResourceType};
pub use arn::{ArnPiece, ArnTemplate, ParameterHole};
pub use coverage::{Coverage, Tally};
pub use entries::{Entries, EntryRule};
pub use filter::{Filter, Filtered, is_arn};
pub use iam::{ActionKey, Credentials, Holds, IamFacts, KeyType, is_same_key};
pub use library::{
    Behaviour, Call as LibraryCall, Class as LibraryClass, FILTERS, Form, Keep, Library, PathPattern,
    Setters, Test as LibraryTest, Value,
};
pub use library_files::{LIBRARY_FILES, LibraryFile};
pub use names::SdkNames;
pub use operation::{
    Authorization, Class, ConditionRule, Operation, ResourceRule, Rule, RuleConfidence, Service,
};
pub use overlay::{Overlay, OverlayError, OverlayFile, OverlaySource};
pub use path::{Path, Step};
pub use platform::{EventCredentials, Platform};
pub use responses::{
    Answer as ResponseFact, Credentials as ResponseCredentials, Principal as ResponsePrincipal, Responses,
};
pub use risks::Risks;
pub use search::Found;
pub use spelling::is_same_name;
pub use when::{Answer, Presence, Request, Texts, When};

/// The catalog.
#[derive(Clone, Copy)]
pub struct Catalog {
    table: Table,
    overlay: Option<Table>,
}

impl Catalog {
    /// The catalog inside the binary.
    pub fn embedded() -> Self {
        let table = Table::embedded();
        debug_assert!(table.is_sound(), "the packed catalog has another shape than its reader expects");
        Self { table, overlay: None }
    }

    fn fact(self, index: u32) -> &'static str {
        self.table.row(Section::Facts, index).text(0)
    }

    /// The date of the authorization data (`2026-09-26`).
    pub fn date(self) -> &'static str {
        self.fact(0)
    }

    /// A hash of all facts inside the binary, in hexadecimal digits.
    pub fn hash(self) -> &'static str {
        self.fact(1)
    }

    /// The tables, first the one that counts where both know a name.
    fn tables(self) -> impl Iterator<Item = Table> {
        self.overlay.into_iter().chain([self.table])
    }

    /// The records of a section whose first word is a name, by name; of two of one name the overlay's.
    fn named(self, section: Section) -> Vec<(Table, u32)> {
        let all = |table: Table| table.all(section).indices().map(move |index| (table, index));
        let name = |(table, index): &(Table, u32)| table.row(section, *index).text(0);
        let mut found: Vec<(Table, u32)> = self.tables().flat_map(all).collect();
        if self.overlay.is_some() {
            found.sort_by(|left, right| name(left).cmp(name(right)));
            found.dedup_by(|later, earlier| name(later) == name(earlier));
        }
        found
    }

    /// All services, by name.
    pub fn services(self) -> impl ExactSizeIterator<Item = Service> {
        self.named(Section::Services).into_iter().map(|(table, index)| Service { table, index })
    }

    /// The service of that client name (`dynamodb`).
    pub fn service(self, name: &str) -> Option<Service> {
        self.tables().find_map(|table| {
            let order = |index| table.row(Section::Services, index).text(0).cmp(name);
            table.all(Section::Services).search(order).map(|index| Service { table, index })
        })
    }

    /// All action prefixes, by name.
    pub fn prefixes(self) -> impl ExactSizeIterator<Item = &'static str> {
        self.named(Section::Prefixes)
            .into_iter()
            .map(|(table, index)| table.row(Section::Prefixes, index).text(0))
    }

    /// All actions, by prefix and name.
    pub fn all_actions(self) -> impl ExactSizeIterator<Item = Action> {
        let actions: Vec<Action> = self.prefixes().flat_map(|prefix| self.actions(prefix)).collect();
        actions.into_iter()
    }

    /// The actions of a prefix, whatever its case.
    pub fn actions(self, prefix: &str) -> impl ExactSizeIterator<Item = Action> {
        let (table, range) = self.prefix_range(prefix, 1);
        range.indices().map(move |index| Action { table, index })
    }

    /// The action of that name (`s3:GetObject`), whatever its case.
    pub fn action(self, name: &str) -> Option<Action> {
        let (prefix, name) = name.split_once(':')?;
        let (table, range) = self.prefix_range(prefix, 1);
        let order = |index| spelling::compare(table.row(Section::Actions, index).text(1), name);
        range.search(order).map(|index| Action { table, index })
    }

    /// The actions that a pattern of a policy stands for (`s3:Get*`), whatever its case, by prefix and name.
    pub fn expand(self, pattern: &str) -> Vec<Action> {
        let Some((prefix, name)) = pattern.split_once(':') else {
            let is_all = !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*');
            return if is_all { self.all_actions().collect() } else { Vec::new() };
        };
        let prefixes = self.prefixes().filter(|candidate| spelling::matches(prefix, candidate));
        prefixes
            .flat_map(|candidate| self.actions(candidate))
            .filter(|action| spelling::matches(name, action.name()))
            .collect()
    }

    /// The resource type of that name among those of a prefix.
    pub fn resource_type(self, prefix: &str, name: &str) -> Option<ResourceType> {
        let (table, range) = self.prefix_range(prefix, 3);
        let order = |index| table.row(Section::ResourceTypes, index).text(0).cmp(name);
        range.search(order).map(|index| ResourceType { table, index })
    }

    /// The resource types of a prefix, by name.
    pub fn resource_types(self, prefix: &str) -> impl ExactSizeIterator<Item = ResourceType> {
        let (table, range) = self.prefix_range(prefix, 3);
        range.indices().map(move |index| ResourceType { table, index })
    }

    /// The run of actions (1) or resource types (3) of a prefix.
    fn prefix_range(self, prefix: &str, column: usize) -> (Table, Range) {
        let found = self.tables().find_map(|table| {
            let order = |index| spelling::compare(table.row(Section::Prefixes, index).text(0), prefix);
            let index = table.all(Section::Prefixes).search(order)?;
            Some((table, table.row(Section::Prefixes, index).range(column)))
        });
        found.unwrap_or((self.table, Range { first: 0, count: 0 }))
    }
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Catalog({} {})", self.date(), self.hash())
    }
}
