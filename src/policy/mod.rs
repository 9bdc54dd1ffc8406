//! The IAM policy language: parse, print, match, contain, subtract, quotas. Knows no program and no template format.

mod model;
mod parse;

pub use model::{Condition, Document, Effect, Pattern, Patterns, Statement};
pub use parse::parse;
