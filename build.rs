//! Packs the facts under `catalogs/` into the table that the program embeds.

#[path = "build/pack.rs"]
mod pack;
#[path = "build/policies.rs"]
mod policies;
#[path = "build/read.rs"]
mod read;
#[path = "build/table.rs"]
mod table;

#[path = "src/catalog/layout.rs"]
mod layout;

use std::error::Error;
use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "the build step reads the facts and writes the table")]
fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=catalogs/aws");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=src/catalog/layout.rs");
    let facts = read::read(Path::new("catalogs/aws"))?;
    let bytes = pack::pack(&facts)?;
    let output = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&output).join("catalog.bin"), bytes)?;
    Ok(())
}
