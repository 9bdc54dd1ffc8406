//! Requirements → policy; needed against held; findings.

mod explain;
mod finding;
mod model;

pub use explain::{Explanation, Question, explain};
pub use finding::{Finding, findings};
pub use model::{
    Difference, EntryPoint, FunctionAnalysis, HeldBy, NamedPolicy, PolicyKind, Row, Severity, Synthesis,
};
