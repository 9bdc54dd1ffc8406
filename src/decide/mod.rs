//! Requirements → policy; needed against held; findings.

mod model;
mod name;
mod proof;
mod synthesize;
mod target;

pub use model::{Difference, EntryPoint, FunctionAnalysis, HeldBy, Row, Severity};
pub use proof::{Defect, prove};
pub use synthesize::{Include, synthesize};
pub use target::{Target, Widened};
