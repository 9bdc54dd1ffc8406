//! Bytes and places in them: sources, spans, template strings. Knows no language and no cloud.

mod source;
mod template;

pub use smol_str::SmolStr;
pub use source::{FileId, LineColumn, Site, Source, Span};
pub use template::{Hole, Piece, TemplateString};
