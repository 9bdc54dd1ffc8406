//! What AWS asks for.

pub mod configuration;
mod encryption;
mod facts;
mod names;
mod request;
mod require;
mod resource;
mod sdk;

pub use facts::CatalogFacts;
pub use names::Names;
pub use require::require;
pub use sdk::{AwsSdk, client_packages, described_packages, is_described};
