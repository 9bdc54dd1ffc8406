//! What the catalog knows of responses and of the platform.

use crate::text::{SmolStr, TemplateString};

/// The facts.
#[derive(Debug, Default)]
pub(super) struct Facts;

impl Facts {
    pub(super) fn context_member(&self, _name: &str) -> Option<TemplateString> {
        None
    }
    pub(super) fn is_own_credential(&self, _variable: &str) -> bool {
        false
    }
    pub(super) fn response(&self, _service: &str, _path: &str) -> Option<SmolStr> {
        None
    }
    pub(super) fn principal(&self, _service: &str, _operation: &str) -> Option<Option<&str>> {
        None
    }
}
