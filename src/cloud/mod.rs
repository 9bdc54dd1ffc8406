//! What a cloud asks for: API calls and settings → requirements.

pub mod aws;
mod requirement;

pub use requirement::{Carried, Cause, Certainty, Evidence, Origin, Requirement, Resolution, Resource};
