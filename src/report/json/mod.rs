//! JSON for other programs: the published contract, as its own structs. The inner types may change; these may not
//! without a new `schema_version`. `schemas/` holds a JSON Schema for each.

mod argument;
mod catalog;
mod compare;
mod diff;
mod explain;
mod generate;
mod lint;
mod parts;
mod review;
mod scan;

use serde::Serialize;

use super::{Format, escape};

/// The version of every shape in this room.
const SCHEMA_VERSION: u32 = 1;

/// `--format json`
pub(super) const FORMAT: Format = Format {
    scan: Some(scan::scan),
    generate: Some(generate::generate),
    diff: Some(diff::diff),
    review: Some(review::review),
    lint: Some(lint::lint),
    checks: Some(lint::rules),
    compare: Some(compare::compare),
    explain: Some(explain::explain),
    catalog_show: Some(catalog::show),
    catalog_service: Some(catalog::service),
    catalog_search: Some(catalog::search),
    catalog_coverage: Some(catalog::coverage),
    ..Format::named("json")
};

pub(super) use generate::document;
pub(super) use review::GITHUB;

/// Pretty JSON with a line end behind it.
pub(super) fn print(value: &impl Serialize) -> String {
    // Keys are text and numbers are finite in every struct of this room, so that nothing can fail here.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    escape::json(text)
}
