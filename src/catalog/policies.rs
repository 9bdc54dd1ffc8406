//! The policies that AWS manages, kept compressed and unpacked when one is asked for.

use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::Catalog;
use super::layout::Section;

/// No block is longer than this; the build step cuts them well below.
const LONGEST_BLOCK: usize = 16 << 20;

impl Catalog {
    /// The document of the managed policy of that ARN or name, as JSON.
    pub fn managed_policy(self, name: &str) -> Option<String> {
        let table = self.table;
        // The partition varies, the rest of the ARN does not.
        let wanted = name.split_once(":iam::aws:policy/").map_or(name, |(_, path)| path);
        let has_path = wanted.len() < name.len();
        let index = table.all(Section::Policies).indices().find(|index| {
            let row = table.row(Section::Policies, *index);
            let path = row.text(0);
            path == wanted || (!has_path && row.text(1) == wanted)
        })?;
        let row = table.row(Section::Policies, index);
        let block = table.row(Section::Blocks, row.word(2));
        let packed = table.blob(block.word(0), block.word(1));
        let text = decompress_to_vec_with_limit(packed, LONGEST_BLOCK).ok()?;
        let start = row.word(3) as usize;
        let document = text.get(start..start + row.word(4) as usize)?;
        String::from_utf8(document.to_vec()).ok()
    }

    /// The names of all managed policies, by the path behind `policy/` in their ARNs.
    pub fn managed_policies(self) -> impl ExactSizeIterator<Item = &'static str> {
        let table = self.table;
        table.all(Section::Policies).indices().map(move |index| table.row(Section::Policies, index).text(0))
    }
}
