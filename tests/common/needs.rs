//! Requirements, written shortly.

use leastwise::cloud::{Certainty, Evidence, Origin, Requirement, Resolution, Resource};
use leastwise::flow::Confidence;
use leastwise::text::{FileId, Site, Span};

use crate::common::template;

/// A certain requirement for the action on the resources; the line of its evidence is made of the action's length.
pub(crate) fn need(action: &str, resources: &[&str]) -> Requirement {
    let start = u32::try_from(action.len()).unwrap_or(0);
    let site = Site { file: FileId(0), span: Span::new(start, start + 1) };
    Requirement {
        action: action.into(),
        resources: resources.iter().map(|text| resource(text)).collect(),
        conditions: Vec::new(),
        carried: Vec::new(),
        certainty: Certainty::Certain,
        origin: Origin::Call,
        confidence: Confidence::Proven,
        evidence: vec![Evidence { site, what: action.into() }],
    }
}

fn resource(text: &str) -> Resource {
    let resolution = match text {
        "*" => Resolution::Any,
        _ if text.contains("{?}") => Resolution::Partial,
        _ if text.contains("{env:") => Resolution::Environment,
        _ => Resolution::Template,
    };
    Resource { arn: template(text), reference: None, kind: "resource".into(), resolution }
}
