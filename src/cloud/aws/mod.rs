//! What AWS asks for.

pub mod cdk;
pub mod configuration;
mod encryption;
mod escalation;
mod facts;
mod handed;
mod names;
mod narrowing;
mod request;
mod require;
mod resource;
mod sdk;
pub mod workflow;

pub use escalation::escalations;
pub use facts::{CatalogFacts, CatalogLintFacts};
pub use names::Names;
pub use require::require;
pub use sdk::{AwsSdk, client_packages, described_packages, is_described, may_send};
