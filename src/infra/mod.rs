//! Deployment text → functions and resources, one room a format.

mod model;

pub use model::{Code, Deployment, Function, HeldPolicy, Parameter, Resource, Role, Setting, Trigger};
