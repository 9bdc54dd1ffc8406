//! The packed catalog, read in place.

use super::layout::{MAGIC, Section, VERSION};

/// The bytes that the build step wrote.
static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalog.bin"));

/// The table. Reading outside of it gives zeros and empty texts, never an error: the build step wrote it.
#[derive(Clone, Copy)]
pub(super) struct Table {
    bytes: &'static [u8],
}

impl std::fmt::Debug for Table {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Table({} bytes)", self.bytes.len())
    }
}

/// A record of a section.
#[derive(Clone, Copy)]
pub(super) struct Row {
    table: Table,
    start: usize,
}

/// A run of records or words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) first: u32,
    pub(super) count: u32,
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.bytes, other.bytes)
    }
}

impl Table {
    /// A table that was written while the program runs. It lives as long as the program.
    pub(super) fn of_overlay(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.leak() }
    }

    /// The table inside the binary.
    pub(super) fn embedded() -> Self {
        Self { bytes: BYTES }
    }

    /// Whether the bytes are a table of this version.
    pub(super) fn is_sound(self) -> bool {
        self.word(0) == MAGIC && self.word(4) == VERSION
    }

    /// The word at a byte.
    fn word(self, at: usize) -> u32 {
        let bytes = self.bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
        bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes))
    }

    /// The first byte of a section and its number of records.
    fn section(self, section: Section) -> (usize, u32) {
        let entry = 8 + section as usize * 8;
        (self.word(entry) as usize, self.word(entry + 4))
    }

    /// All records of a section.
    pub(super) fn all(self, section: Section) -> Range {
        Range { first: 0, count: self.section(section).1 }
    }

    /// A record of a section.
    pub(super) fn row(self, section: Section, index: u32) -> Row {
        Row { table: self, start: self.section(section).0 + index as usize * section.width() * 4 }
    }

    /// A word of the lists.
    pub(super) fn list_word(self, index: u32) -> u32 {
        self.row(Section::Words, index).word(0)
    }

    /// A text by its position.
    pub(super) fn text(self, position: u32) -> &'static str {
        let start = self.section(Section::Texts).0 + position as usize;
        let Some(rest) = self.bytes.get(start..) else { return "" };
        let Some((length, rest)) = rest.split_first_chunk::<2>() else { return "" };
        let bytes = rest.get(..usize::from(u16::from_le_bytes(*length))).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// The texts of a list.
    pub(super) fn texts(self, range: Range) -> impl ExactSizeIterator<Item = &'static str> + Clone {
        range.indices().map(move |index| self.text(self.list_word(index)))
    }

    /// Bytes of the section of blobs.
    pub(super) fn blob(self, start: u32, count: u32) -> &'static [u8] {
        let start = self.section(Section::Blobs).0 + start as usize;
        self.bytes.get(start..start + count as usize).unwrap_or_default()
    }
}

impl Row {
    /// A word of the record.
    pub(super) fn word(self, index: usize) -> u32 {
        self.table.word(self.start + index * 4)
    }

    /// A text of the record.
    pub(super) fn text(self, index: usize) -> &'static str {
        self.table.text(self.word(index))
    }

    /// The run that two neighbouring words state.
    pub(super) fn range(self, index: usize) -> Range {
        Range { first: self.word(index), count: self.word(index + 1) }
    }
}

impl Range {
    /// The indices of the run.
    pub(super) fn indices(self) -> std::ops::Range<u32> {
        self.first..self.first + self.count
    }

    /// The index whose record `order` calls equal, in a run that is sorted by it.
    pub(super) fn search(self, order: impl Fn(u32) -> std::cmp::Ordering) -> Option<u32> {
        let mut low = self.first;
        let mut high = self.first + self.count;
        while low < high {
            let middle = low + (high - low) / 2;
            match order(middle) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }
}
