//! What nearly every check uses.

pub(super) use super::super::question::{Lint, Report, is_everything};
pub(super) use super::super::{Check, Kind};
pub(super) use crate::policy::Severity;
pub(super) use crate::policy::arn::has_wildcard;
