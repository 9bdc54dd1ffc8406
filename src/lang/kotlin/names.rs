//! Which names a file or class declares, and which variables a part writes to.

use tree_sitter::Node as Part;

use crate::text::{SmolStr, Source};

use super::dialect;
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
        "infix_expression" => object_in_a_line(part).map(|(name, _)| text(name)).into_iter().collect(),
        "companion_object" => {
            part_of_kind(part, "class_body").map(|body| declared(body, source)).unwrap_or_default()
        }
        _ => vec![],
    }
}

/// The name and the members of `object Name { … }` in one line, which the grammar takes for `object Name lambda`.
pub(super) fn object_in_a_line(part: Part<'_>) -> Option<(Part<'_>, Option<Part<'_>>)> {
    let inside = if part.kind() == "infix_expression" { named(part) } else { return None };
    let [object, name, members] = inside.as_slice() else { return None };
    let is_object = object.kind() == "object_literal" && members.kind() == "lambda_literal";
    is_object.then(|| (*name, part_of_kind(*members, "statements")))
}

/// What stands in the lambda behind a call.
pub(super) fn statements_behind(suffix: Part<'_>) -> Option<Part<'_>> {
    let lambda = part_of_kind(suffix, "annotated_lambda")?;
    part_of_kind(part_of_kind(lambda, "lambda_literal")?, "statements")
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

/// The properties among the parameters and members of a class that something may be assigned to behind their making.
pub(super) fn variables_of<'a, 't: 'a>(
    parameters: impl Iterator<Item = &'a Part<'t>>,
    members: &[Part<'t>],
    source: &Source,
) -> Vec<SmolStr> {
    let is_variable = |part: &Part<'_>| {
        part_of_kind(*part, "binding_pattern_kind").is_some_and(|kind| tree::text(kind, source) == "var")
    };
    let text = |name: Part<'_>| SmolStr::from(tree::text(name, source));
    let parameters = parameters.copied().filter(is_variable).filter_map(own).map(text);
    let companions = members.iter().filter(|part| part.kind() == "companion_object");
    let inside = companions.filter_map(|part| part_of_kind(*part, "class_body")).flat_map(named);
    let properties = members.iter().copied().chain(inside).filter(is_variable);
    parameters.chain(properties.flat_map(|part| names_of(part, source))).collect()
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

/// Whether a part uses `it` of its own: what lambdas inside it call so is theirs, but for those that are run with a receiver.
pub(super) fn uses_it(part: Part<'_>, source: &Source) -> bool {
    let mut found = false;
    tree::walk(part, &mut |part| {
        let names_it = matches!(part.kind(), "simple_identifier" | "interpolated_identifier")
            && tree::text(part, source) == "it";
        found |= names_it;
        !found && (part.kind() != "lambda_literal" || !has_it(part, source))
    });
    found
}

/// Whether `it` in a lambda is the lambda's own.
fn has_it(lambda: Part<'_>, source: &Source) -> bool {
    let suffix = lambda.parent().and_then(|part| part.parent()).filter(|part| part.kind() == "call_suffix");
    let callee = suffix.and_then(|part| part.parent()).and_then(|call| named(call).first().copied());
    let has_receiver = callee.is_some_and(|callee| dialect::has_receiver(tree::text(callee, source)));
    part_of_kind(lambda, "lambda_parameters").is_none() && !has_receiver && !fills(lambda)
}

/// Whether a lambda sets members of what it is run with: `name = value`, `this.name = value`.
pub(super) fn fills(lambda: Part<'_>) -> bool {
    let statements = part_of_kind(lambda, "statements").map(named).unwrap_or_default();
    let declared: Vec<Part<'_>> = statements.iter().copied().flat_map(variables).collect();
    let assignments = statements.iter().filter(|part| part.kind() == "assignment");
    let mut targets =
        assignments.filter_map(|part| part_of_kind(*part, "directly_assignable_expression")).map(named);
    declared.is_empty()
        && targets.any(|target| match target.as_slice() {
            [only] => only.kind() == "simple_identifier",
            [first, ..] => first.kind() == "this_expression",
            [] => false,
        })
}
