//! Text for people at a terminal: the answer first, under it why, with places that terminals turn into links.
//! Everything can be understood without colour.

mod catalog;
mod compare;
mod diff;
mod explain;
mod generate;
mod lint;
mod page;
mod parts;
mod review;
mod scan;

use super::Format;

/// `--format text`, which is used when no format is asked for.
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
    ..Format::named("text")
};
