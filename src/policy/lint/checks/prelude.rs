//! What nearly every check uses.

pub(super) use super::super::question::{Lint, Report, has_wildcard, is_everything};
pub(super) use super::super::{Check, Kind};
pub(super) use crate::policy::Severity;
