//! What the catalog knows of responses and of the platform.

use crate::text::{SmolStr, TemplateString};

/// The facts.
#[derive(Debug, Default)]
pub(super) struct Facts;
