//! What a template says, read into the model: functions, roles, triggers, and what the configuration asks for.
//!
//! A case is a template and the lines that the model prints as; see `show`.

mod cloudformation;
mod configuration;
mod hostile;
mod sam;
mod show;
