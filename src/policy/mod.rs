//! The IAM policy language: parse, print, match, contain, subtract, quotas. Knows no program and no template format.

pub mod algebra;
pub mod arn;
mod condition;
mod contain;
mod escalation;
mod evaluate;
mod facts;
pub mod lint;
mod literal;
mod model;
mod parse;
pub mod print;
pub mod quota;
mod severity;

pub use condition::{Context, Operator, implied};
pub use contain::{Coverage, Doubt, Grant, Grants, Need};
pub use escalation::{Category, Escalation, EscalationPath, Escalations, Passing, Ways, denies_all};
pub use evaluate::{Decision, Request, evaluate};
pub use facts::{Access, ActionFacts};
pub use model::{Condition, Document, Effect, Pattern, Patterns, Statement};
pub use parse::{VERSION, parse, parse_statements};
pub use severity::Severity;
