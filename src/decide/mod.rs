//! Requirements → policy; needed against held; findings.

mod compare;
mod escalation;
mod finding;
mod model;
mod name;
mod proof;
mod risk;
mod synthesize;
mod target;

pub use compare::compare;
pub use escalation::{Escalation, escalations};
pub use finding::{Finding, Related, Rule, blind_spot, findings};
pub use model::{Difference, EntryPoint, FunctionAnalysis, HeldBy, Row, Severity};
pub use proof::{Defect, prove};
pub use synthesize::{Include, synthesize};
pub use target::{Target, Widened};
