//! Requirements → policy; needed against held; findings.

mod explain;
mod finding;
mod model;
mod name;
mod proof;
mod synthesize;
mod target;

pub use explain::{Explanation, Question, explain};
pub use finding::{Finding, findings};
pub use model::{
    Difference, EntryPoint, FunctionAnalysis, HeldBy, NamedPolicy, PolicyKind, Row, Severity, Synthesis,
};
pub use proof::{Defect, prove};
pub use synthesize::{Include, synthesize};
pub use target::{Target, Widened};
