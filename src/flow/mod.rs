//! The abstract run from an entry over the value graph. Knows no language, no cloud and no service name.

mod model;

pub use model::{ApiCall, Argument, BlindKind, BlindSpot, Confidence, Field, Principal, Record, Step};
