//! The table while it is written: sections grow, equal texts and equal runs are kept once.

use std::collections::BTreeMap;
use std::error::Error;

use super::layout::{MAGIC, Section, VERSION};

/// All sections, in the order of the header.
const SECTIONS: [Section; 14] = [
    Section::Texts,
    Section::Words,
    Section::Facts,
    Section::Services,
    Section::Operations,
    Section::Rules,
    Section::Resources,
    Section::Conditions,
    Section::Prefixes,
    Section::Actions,
    Section::ResourceTypes,
    Section::Policies,
    Section::Blocks,
    Section::Blobs,
];

/// The table while it is written.
#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) sections: BTreeMap<usize, Vec<u8>>,
    texts: BTreeMap<String, u32>,
    runs: BTreeMap<(usize, Vec<u32>), u32>,
}

impl Writer {
    /// A table in which the empty text has position 0.
    pub(crate) fn new() -> Result<Self, Box<dyn Error>> {
        let mut writer = Self::default();
        writer.text("")?;
        Ok(writer)
    }

    /// The position of a text.
    pub(crate) fn text(&mut self, text: &str) -> Result<u32, Box<dyn Error>> {
        if let Some(position) = self.texts.get(text) {
            return Ok(*position);
        }
        let length = u16::try_from(text.len()).map_err(|_| format!("a text is too long: {text}"))?;
        let bytes = self.sections.entry(Section::Texts as usize).or_default();
        let position = u32::try_from(bytes.len())?;
        bytes.extend(length.to_le_bytes());
        bytes.extend(text.as_bytes());
        self.texts.insert(text.to_owned(), position);
        Ok(position)
    }

    /// The number of records that a section has so far.
    pub(crate) fn count(&self, section: Section) -> Result<u32, Box<dyn Error>> {
        let bytes = self.sections.get(&(section as usize)).map_or(0, Vec::len);
        Ok(u32::try_from(bytes / (section.width() * 4).max(1))?)
    }

    /// Adds a record.
    pub(crate) fn push(&mut self, section: Section, record: &[u32]) {
        debug_assert_eq!(record.len(), section.width(), "{section:?}");
        let bytes = self.sections.entry(section as usize).or_default();
        bytes.extend(record.iter().flat_map(|word| word.to_le_bytes()));
    }

    /// Adds records as a run, or finds the equal run: its first index and its count.
    pub(crate) fn run(&mut self, section: Section, words: Vec<u32>) -> Result<[u32; 2], Box<dyn Error>> {
        let count = u32::try_from(words.len() / section.width())?;
        if count == 0 {
            return Ok([0, 0]);
        }
        let key = (section as usize, words);
        if let Some(first) = self.runs.get(&key) {
            return Ok([*first, count]);
        }
        let first = self.count(section)?;
        for record in key.1.chunks(section.width()) {
            self.push(section, record);
        }
        self.runs.insert(key, first);
        Ok([first, count])
    }

    /// Adds a list of texts: its first word and its count.
    pub(crate) fn texts<'a>(
        &mut self,
        texts: impl IntoIterator<Item = &'a String>,
    ) -> Result<[u32; 2], Box<dyn Error>> {
        let words = texts.into_iter().map(|text| self.text(text)).collect::<Result<Vec<_>, _>>()?;
        self.run(Section::Words, words)
    }

    /// The bytes of the table.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, Box<dyn Error>> {
        let mut header = [MAGIC, VERSION].map(u32::to_le_bytes).concat();
        let mut body = Vec::new();
        let start = header.len() + SECTIONS.len() * 8;
        for section in SECTIONS {
            let count = self.count(section)?;
            header.extend(u32::try_from(start + body.len())?.to_le_bytes());
            header.extend(count.to_le_bytes());
            body.extend(self.sections.remove(&(section as usize)).unwrap_or_default());
        }
        Ok([header, body].concat())
    }
}
