//! What AWS asks for.

pub mod configuration;
