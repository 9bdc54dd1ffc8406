//! Which names a part of the source writes to.

use tree_sitter::Node as Part;

use crate::text::{SmolStr, Source};

use super::tree::{self, field, named};

/// The names that something is assigned to, or that grow in place, anywhere in a part.
pub(super) fn written(part: Part<'_>, source: &Source) -> Vec<SmolStr> {
    let mut found: Vec<SmolStr> = vec![];
    tree::walk(part, &mut |part| {
        let target = match part.kind() {
            "assignment_expression" => field(part, "left"),
            "update_expression" => named(part).first().copied(),
            "method_invocation" => grown(part, source),
            "expression_statement" => changed(part),
            _ => None,
        };
        if let Some(target) = target.filter(|target| target.kind() == "identifier") {
            found.push(tree::text(target, source).into());
        }
        true
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// The text behind a chain of calls that make it grow: `text.append(a).append(b)`.
pub(super) fn grown<'t>(part: Part<'t>, source: &Source) -> Option<Part<'t>> {
    let mut object = part;
    while object.kind() == "method_invocation" {
        let name = field(object, "name")?;
        if !matches!(tree::text(name, source), "append" | "insert") {
            return None;
        }
        object = field(object, "object")?;
    }
    (object != part).then_some(object)
}

/// The variable whose object a statement may change by a chain of calls with arguments: `request.setName(a)`.
pub(super) fn changed(statement: Part<'_>) -> Option<Part<'_>> {
    let call = named(statement).first().copied().filter(|part| part.kind() == "method_invocation")?;
    let mut object = call;
    while object.kind() == "method_invocation" {
        field(object, "arguments").filter(|list| !named(*list).is_empty())?;
        object = field(object, "object")?;
    }
    (object.kind() == "identifier").then_some(object)
}

/// The fields of a class's own objects that something in it is assigned to.
pub(super) fn assigned_fields(part: Part<'_>, source: &Source) -> Vec<SmolStr> {
    let mut found: Vec<SmolStr> = vec![];
    tree::walk(part, &mut |part| {
        if part.kind() == "assignment_expression"
            && let Some(left) = field(part, "left")
        {
            let name = match left.kind() {
                "identifier" => Some(left),
                "field_access" => field(left, "field"),
                _ => None,
            };
            found.extend(name.map(|name| SmolStr::from(tree::text(name, source))));
        }
        true
    });
    found.sort_unstable();
    found.dedup();
    found
}
