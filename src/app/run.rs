//! The path from a project to an analysis: the rooms in order, no step back.

use super::disk::Disk;
use super::failure::Failure;
use super::settings::Settings;
use crate::decide::{Difference, Finding, FunctionAnalysis, Synthesis};
use crate::report::OperationRules;
use crate::text::Sources;

/// Everything that the answers are made from.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// The functions that were asked for.
    pub functions: Vec<FunctionAnalysis>,
    /// For `generate`, the policies of each function, in the same order.
    pub syntheses: Vec<Synthesis>,
    /// For `diff`, the difference of each function, in the same order.
    pub differences: Vec<Difference>,
    /// What to tell people beside the answer.
    pub findings: Vec<Finding>,
    /// What the catalog says of each operation that is called.
    pub rules: Vec<OperationRules>,
    /// The files that sites point into.
    pub sources: Sources,
    /// The date and hash of the catalog.
    pub catalog: String,
}

/// Analyses the project on `disk`.
pub fn analyse(settings: &Settings, disk: &dyn Disk) -> Result<Analysis, Failure> {
    let _ = (settings, disk);
    Err(Failure::new("this build has no analysis"))
}

/// What the catalog says of an operation.
pub fn operation(service: &str, operation: &str) -> Result<OperationRules, Failure> {
    Err(Failure::new(format!("nothing is known of `{service}` `{operation}`")))
}
