//! Bytes and places in them: sources, spans, template strings, documents. Knows no language and no cloud.

mod source;
mod template;
pub mod tree;
pub mod yaml;

pub use smol_str::SmolStr;
pub use source::{FileId, LineColumn, Problem, Site, Source, Sources, Span};
pub use template::{Hole, Piece, TemplateString};
