//! Which names a file or class declares, and which variables a part writes to.

use tree_sitter::Node as Part;

use crate::text::{SmolStr, Source};

use super::tree::{self, field, named, part_of_kind};

/// The names that a list of declarations declares.
pub(super) fn declared(body: Part<'_>, source: &Source) -> Vec<SmolStr> {
    named(body).into_iter().flat_map(|part| names_of(part, source)).collect()
}

/// The names that a declaration declares.
pub(super) fn names_of(part: Part<'_>, source: &Source) -> Vec<SmolStr> {
    let text = |part: Part<'_>| SmolStr::from(tree::text(part, source).trim_matches('`'));
    match part.kind() {
        "class_declaration" | "object_declaration" | "enum_entry" => {
            own(part).map(text).into_iter().collect()
        }
        "function_declaration" if field(part, "receiver").is_none() => {
            own(part).map(text).into_iter().collect()
        }
        "property_declaration" if field(part, "receiver").is_none() => {
            variables(part).into_iter().filter_map(own).map(text).collect()
        }
        "companion_object" => {
            part_of_kind(part, "class_body").map(|body| declared(body, source)).unwrap_or_default()
        }
        _ => vec![],
    }
}

/// The part that names a declaration.
fn own(part: Part<'_>) -> Option<Part<'_>> {
    let is_name = |part: &Part<'_>| matches!(part.kind(), "simple_identifier" | "type_identifier");
    named(part).into_iter().find(is_name)
}

/// The variables of a declaration, of several in parentheses too.
pub(super) fn variables(part: Part<'_>) -> Vec<Part<'_>> {
    let all = named(part);
    match all.iter().find(|part| part.kind() == "multi_variable_declaration") {
        Some(several) => named(*several),
        None => all.into_iter().filter(|part| part.kind() == "variable_declaration").take(1).collect(),
    }
}

/// The variable whose object a statement may change by a chain of calls with arguments: `request.setName(a)`.
pub(super) fn changed(statement: Part<'_>) -> Option<Part<'_>> {
    let mut object = statement;
    while object.kind() == "call_expression" {
        let arguments = part_of_kind(object, "call_suffix").map(named).unwrap_or_default();
        let callee = named(object).first().copied().filter(|part| part.kind() == "navigation_expression")?;
        object = named(callee).first().copied().filter(|_| !arguments.is_empty())?;
    }
    (object != statement && object.kind() == "simple_identifier").then_some(object)
}

/// The names whose variables may be others behind a loop: that something is assigned to, or whose objects statements change.
pub(super) fn changing(part: Part<'_>, source: &Source) -> Vec<SmolStr> {
    let mut found = written(part, source);
    tree::walk(part, &mut |part| {
        if part.kind() == "statements" {
            let changed = named(part).into_iter().filter_map(changed);
            found.extend(changed.map(|variable| SmolStr::from(tree::text(variable, source))));
        }
        true
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// The names that something is assigned to anywhere in a part.
pub(super) fn written(part: Part<'_>, source: &Source) -> Vec<SmolStr> {
    let mut found: Vec<SmolStr> = vec![];
    tree::walk(part, &mut |part| {
        let target = match part.kind() {
            "assignment" => part_of_kind(part, "directly_assignable_expression"),
            "postfix_expression" | "prefix_expression"
                if tree::has_token(part, "++") || tree::has_token(part, "--") =>
            {
                Some(part)
            }
            _ => None,
        };
        let inside = target.map(named).unwrap_or_default();
        if let [only] = inside.as_slice()
            && only.kind() == "simple_identifier"
        {
            found.push(tree::text(*only, source).into());
        }
        true
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether a part uses `it`, not counting lambdas inside that have parameters of their own.
pub(super) fn uses_it(part: Part<'_>, source: &Source) -> bool {
    let mut found = false;
    tree::walk(part, &mut |part| {
        found |= part.kind() == "simple_identifier" && tree::text(part, source) == "it"
            || part.kind() == "interpolated_identifier" && tree::text(part, source) == "it";
        !found && (part.kind() != "lambda_literal" || part_of_kind(part, "lambda_parameters").is_none())
    });
    found
}
