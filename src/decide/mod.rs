//! Requirements → policy; needed against held; findings.

mod model;

pub use model::{Difference, EntryPoint, FunctionAnalysis, HeldBy, Row, Severity};
