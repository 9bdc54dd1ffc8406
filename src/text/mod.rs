//! Bytes and places in them: sources, spans, template strings, patterns, documents. Knows no language and no cloud.

mod glob;
mod mappings;
pub mod paths;
mod source;
mod template;
pub mod tree;
mod verdict;
pub mod yaml;

pub use glob::{Bits, Found, Glob, Product, TooMuch};
pub use mappings::{SourceMap, bytes_of_base64};
pub use smol_str::SmolStr;
pub use source::{FileId, LineColumn, Problem, Site, Source, Sources, Span};
pub use template::{Hole, Piece, TemplateString};
pub use verdict::Verdict;
