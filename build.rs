//! Packs the facts under `catalogs/` into the table that the program embeds.

#[path = "build/policies.rs"]
mod policies;
#[path = "build/read.rs"]
mod read;

#[path = "src/catalog/facts.rs"]
mod facts;
#[path = "src/catalog/layout.rs"]
mod layout;
#[path = "src/catalog/pack.rs"]
mod pack;
#[path = "src/catalog/writer.rs"]
mod writer;

use std::error::Error;
use std::path::Path;

use layout::Section;
use writer::Writer;

#[expect(clippy::disallowed_methods, reason = "the build step reads the facts and writes the table")]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=catalogs/aws");
    println!("cargo::rerun-if-changed=build");
    for shared in ["facts", "layout", "pack", "writer"] {
        println!("cargo::rerun-if-changed=src/catalog/{shared}.rs");
    }
    let bytes = pack(&read::read(Path::new("catalogs/aws"))?)?;
    let output = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&output).join("catalog.bin"), bytes)?;
    Ok(())
}

/// A hash of everything written so far (FNV-1a).
fn hash(writer: &Writer) -> u64 {
    let bytes = writer.sections.values().flatten();
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The bytes of the table.
fn pack(facts: &read::Facts) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut writer = Writer::new()?;
    pack::pack(&mut writer, &facts.services, &facts.prefixes)?;
    policies::pack(&mut writer, &facts.policies)?;
    let hash = format!("{:016x}", hash(&writer));
    for fact in [&facts.date, &hash] {
        let text = writer.text(fact)?;
        writer.push(Section::Facts, &[text]);
    }
    writer.finish()
}
