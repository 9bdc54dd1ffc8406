//! What people and programs read: every format, on one small project whose analysis is built by hand.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on should stop, and reads the published schemas"
)]

mod json;
mod markdown;
mod present;
mod sample;
mod sarif;
mod text;
