//! Requirements → policy; needed against held; findings.

mod blind;
mod compact;
mod compare;
mod explain;
mod finding;
mod granted;
mod keep;
mod model;
mod name;
mod narrow;
mod policies;
mod proof;
mod review;
mod risk;
mod symbols;
mod synthesize;
mod target;
mod templates;

pub use compact::compact;
pub use compare::{compare, compare_sharing};
pub use explain::{Explanation, Question, explain};
pub use finding::{Finding, findings, role_findings, stranger};
pub use granted::{ungranted, ungranted_as};
pub use keep::{denied, kept, with_kept};
pub use model::{
    Difference, EntryPoint, FunctionAnalysis, HeldBy, Kept, NamedPolicy, NeededBy, PolicyKind,
    PolicyTemplateUse, Row, Severity, Synthesis,
};
pub use narrow::narrowed;
pub use policies::{PolicyDifference, PolicyRow, PolicySet, compare_policies};
pub use proof::{Defect, prove};
pub use review::{Change, review};
pub use synthesize::{Include, synthesize};
pub use target::{Target, Widened};
pub use templates::with_templates;
