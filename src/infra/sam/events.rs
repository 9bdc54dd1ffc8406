//! `Events` of a serverless function.

use super::super::cloudformation::{Declared, Reading, null, on_failure};
use super::super::facts::{TriggerKind, triggers};
use super::super::model::{Function, Resource, Trigger};
use super::FUNCTION;
use crate::text::tree::Node;
use crate::text::{Hole, TemplateString};

/// Gives a function the triggers and settings of its events.
pub(in crate::infra) fn events(
    reading: &Reading<'_>,
    declared: &Declared,
    resource: &Resource,
    function: &mut Function,
) {
    if resource.kind != FUNCTION {
        return;
    }
    // The keys' places are those of the template; the values are evaluated.
    let Some(events) = declared.node.at(&["Properties", "Events"]).and_then(Node::as_map) else { return };
    for (name, written) in events {
        let Some(event) = resource.properties.at(&["Events", name]) else { continue };
        let site = reading.evaluator.site(written.key);
        let kind = event.get("Type").and_then(Node::as_str).unwrap_or_default();
        let Some(row) = triggers().iter().find(|row| row.sam_events.iter().any(|known| known == kind)) else {
            let shown = kind.escape_debug();
            reading.evaluator.problem(written.key, format!("the event type `{shown}` is not known"));
            continue;
        };
        let properties = event.get("Properties").cloned().unwrap_or_else(null);
        let source = source(row, &properties);
        function.settings.extend(on_failure(&properties, site.file, true));
        function.triggers.push(Trigger {
            kind: row.id.as_str().into(),
            source,
            properties,
            certain: true,
            site,
        });
    }
}

fn source(row: &TriggerKind, properties: &Node) -> Option<TemplateString> {
    let named = properties.get(row.sam_source.as_deref()?).and_then(Node::as_template);
    let named = named.or_else(|| row.sam_default.as_deref().map(TemplateString::resource))?;
    Some(source_arn(row, named))
}

/// The ARN of a source. What is none yet becomes one where the catalog says how.
pub(in crate::infra) fn source_arn(row: &TriggerKind, named: TemplateString) -> TemplateString {
    let is_arn = named.starts_with("arn:") || named.as_hole() == Some(&Hole::Unknown);
    let Some(template) = row.source_arn.as_deref().filter(|_| !is_arn) else { return named };
    TemplateString::filled(template, |_| named.clone())
}
