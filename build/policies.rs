//! Managed policies: many small documents that say nearly the same, compressed in blocks.

use std::error::Error;

use miniz_oxide::deflate::compress_to_vec;

use crate::layout::Section;
use crate::writer::Writer;

/// A block is closed at this size: large enough to compress well, small enough to unpack in a millisecond.
const BLOCK: usize = 256 << 10;

/// Adds the policies to the table.
pub(crate) fn pack(writer: &mut Writer, policies: &[(String, String)]) -> Result<(), Box<dyn Error>> {
    let mut block = Vec::new();
    for (arn, document) in policies {
        if block.len() >= BLOCK {
            close(writer, &mut block)?;
        }
        let path = arn.split_once(":policy/").map_or(arn.as_str(), |(_, path)| path);
        let name = path.rsplit('/').next().unwrap_or(path);
        let (path, name) = (writer.text(path)?, writer.text(name)?);
        let place =
            [writer.count(Section::Blocks)?, u32::try_from(block.len())?, u32::try_from(document.len())?];
        writer.push(Section::Policies, &[&[path, name][..], &place[..]].concat());
        block.extend(document.as_bytes());
    }
    if block.is_empty() { Ok(()) } else { close(writer, &mut block) }
}

/// Compresses a block and begins the next one.
fn close(writer: &mut Writer, block: &mut Vec<u8>) -> Result<(), Box<dyn Error>> {
    let packed = compress_to_vec(block, 9);
    let blobs = writer.sections.entry(Section::Blobs as usize).or_default();
    let start = u32::try_from(blobs.len())?;
    blobs.extend(&packed);
    writer.push(Section::Blocks, &[start, u32::try_from(packed.len())?]);
    block.clear();
    Ok(())
}
