//! What a template says, read into the model: functions, roles, triggers, and what the configuration asks for.
//!
//! A case is a template and the lines that the model prints as; see `show`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::format_collect,
    reason = "a test may stop where it stands"
)]

mod cloudformation;
mod configuration;
mod hostile;
mod sam;
mod serverless;
mod serverless_events;
mod show;
mod terraform;
