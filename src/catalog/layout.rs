//! The shape of the packed catalog, shared by the build step that writes it and the room that reads it.
//!
//! The table is a header and sections. The header is the magic word, the version and, for each section, its first
//! byte and its number of records. A record is a row of little-endian words of 32 bits; a text is the position of its
//! length (16 bits) and bytes in the section of texts; a list is a first index and a count. Nothing is decoded
//! when the table is opened.

/// The first word: `LWC1`.
pub(crate) const MAGIC: u32 = u32::from_le_bytes(*b"LWC1");

/// The second word, raised with every change of the shape.
pub(crate) const VERSION: u32 = 1;

/// A part of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// Texts: bytes.
    Texts,
    /// Lists of words, mostly texts: one word.
    Words,
    /// Date, hash: texts.
    Facts,
    /// Services, by name: name, prefix, service id, operations (first, count), paginators (first word, count),
    /// waiters (first word, count; two words each: name, operation).
    Services,
    /// Operations, by service and lower-cased name: name, service, authorization, parameters (first word, count),
    /// rules (first, count).
    Operations,
    /// Rules: action, class and confidence, when, provenance, note, resources (first, count), conditions (first, count).
    Rules,
    /// Resources of rules: kind, ARN template, when.
    Resources,
    /// Conditions of rules: key, value, whether it only narrows.
    Conditions,
    /// IAM prefixes, by name: name, actions (first, count), resource types (first, count).
    Prefixes,
    /// Actions, by prefix and lower-cased name: prefix, name, access level, resource types (first word, count; two
    /// words each: name, whether required), condition keys (first word, count), dependents (first word, count).
    Actions,
    /// Resource types, by prefix and name: name, patterns (first word, count), condition keys (first word, count).
    ResourceTypes,
    /// Managed policies, by ARN: ARN, name, block, first byte in the block, bytes.
    Policies,
    /// Blocks of compressed policy documents: first byte among the blobs, bytes.
    Blocks,
    /// The compressed bytes.
    Blobs,
}

impl Section {
    /// Words in a record; 0 where the section is bytes.
    pub(crate) const fn width(self) -> usize {
        match self {
            Self::Texts | Self::Blobs => 0,
            Self::Words | Self::Facts => 1,
            Self::Blocks => 2,
            Self::Resources | Self::Conditions => 3,
            Self::Prefixes | Self::ResourceTypes | Self::Policies => 5,
            Self::Operations => 7,
            Self::Services | Self::Rules | Self::Actions => 9,
        }
    }
}
