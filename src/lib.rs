//! `leastwise` works out which permissions a cloud function needs from its source and from the template that
//! deploys it, writes the smallest policy that grants them, and compares that policy, by meaning, with the one in force.
//!
//! The rooms stand on floors; a room uses only rooms below it. `ARCHITECTURE.md` has the map.

pub mod app;
pub mod catalog;
pub mod cloud;
pub mod decide;
pub mod flow;
pub mod infra;
pub mod ir;
pub mod lang;
pub mod policy;
pub mod report;
pub mod text;
