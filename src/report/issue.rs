//! The answer of `lint`: findings whose places are worked out already, because the files that they stand in come from
//! several folders.

use crate::policy::Severity;
use crate::text::LineColumn;

/// Something that a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// The id of the check.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What, as a sentence without a final period.
    pub message: String,
    /// What to do about it.
    pub help: &'static str,
    /// The file as the reader names it.
    pub file: String,
    /// Where it begins.
    pub start: LineColumn,
    /// Where it ends.
    pub end: LineColumn,
    /// The line of the file, without the space around it.
    pub excerpt: String,
}

/// The answer of `lint`.
#[derive(Clone, Copy, Debug)]
pub struct Linted<'a> {
    /// What was found, by file and place.
    pub issues: &'a [Issue],
    /// How many policies were looked at.
    pub policies: usize,
    /// How many findings the configuration left out.
    pub left_out: usize,
}
