//! Which names a file declares, and which variables code writes.

use tree_sitter::Node as Part;

use crate::text::{SmolStr, Source};

use super::tree::{self, field, named};

/// Whether what stands in a node has variables of its own.
fn is_inner(kind: &str) -> bool {
    matches!(
        kind,
        "function_definition"
            | "method_declaration"
            | "anonymous_function"
            | "arrow_function"
            | "class_declaration"
            | "trait_declaration"
            | "enum_declaration"
            | "interface_declaration"
            | "anonymous_class"
    )
}

/// The classes, functions and constants that a file declares.
pub(super) fn of_file(root: Part<'_>, source: &Source) -> Vec<SmolStr> {
    let mut names: Vec<SmolStr> = vec![];
    tree::walk(root, &mut |part| {
        match part.kind() {
            "class_declaration"
            | "interface_declaration"
            | "trait_declaration"
            | "enum_declaration"
            | "function_definition" => {
                names.extend(field(part, "name").map(|name| SmolStr::from(tree::text(name, source))));
            }
            "const_element" => {
                names.extend(named(part).first().map(|name| SmolStr::from(tree::text(*name, source))));
            }
            "function_call_expression" => names.extend(defined(part, source)),
            _ => {}
        }
        let is_routine = matches!(part.kind(), "anonymous_function" | "arrow_function");
        !is_routine && (!is_inner(part.kind()))
    });
    names
}

/// The constant that a call of `define` makes.
pub(super) fn defined(call: Part<'_>, source: &Source) -> Option<SmolStr> {
    let function = field(call, "function")?;
    if tree::text(function, source).trim_start_matches('\\') != "define" {
        return None;
    }
    let first = named(field(call, "arguments")?).into_iter().next()?;
    let text =
        named(first).into_iter().next().filter(|text| matches!(text.kind(), "string" | "encapsed_string"))?;
    Some(tree::text(text, source).trim_matches(['\'', '"']).into())
}

/// The variables that code writes, not those of routines inside.
pub(super) fn written(part: Part<'_>, source: &Source) -> Vec<SmolStr> {
    let mut names: Vec<SmolStr> = vec![];
    let root = part.id();
    tree::walk(part, &mut |part| {
        match part.kind() {
            "assignment_expression"
            | "reference_assignment_expression"
            | "augmented_assignment_expression" => {
                if let Some(left) = field(part, "left") {
                    targets(left, source, &mut names);
                }
            }
            "foreach_statement" => {
                for target in named(part).into_iter().skip(1) {
                    if Some(target) != field(part, "body") {
                        targets(target, source, &mut names);
                    }
                }
            }
            "catch_clause" | "static_variable_declaration" => {
                names.extend(field(part, "name").map(|name| SmolStr::from(tree::text(name, source))));
            }
            "update_expression" => {
                if let Some(argument) = field(part, "argument") {
                    targets(argument, source, &mut names);
                }
            }
            _ => {}
        }
        part.id() == root || !is_inner(part.kind())
    });
    names.sort();
    names.dedup();
    names
}

/// The variables that are read or written, not those of routines inside.
pub(super) fn mentioned(part: Part<'_>, source: &Source) -> Vec<SmolStr> {
    let mut names: Vec<SmolStr> = vec![];
    let root = part.id();
    tree::walk(part, &mut |part| {
        if part.kind() == "variable_name" {
            names.push(tree::text(part, source).into());
        }
        if part.kind() == "anonymous_function_use_clause" {
            return true;
        }
        part.id() == root || !is_inner(part.kind()) || part.kind() == "arrow_function"
    });
    names.sort();
    names.dedup();
    names
}

/// What an assignment writes: a variable, or the variables in a list.
fn targets(target: Part<'_>, source: &Source, names: &mut Vec<SmolStr>) {
    match target.kind() {
        "variable_name" => names.push(tree::text(target, source).into()),
        "list_literal" | "array_creation_expression" | "array_element_initializer" | "by_ref" | "pair" => {
            for inner in named(target) {
                targets(inner, source, names);
            }
        }
        // A store to an element makes the variable where there is none.
        "subscript_expression" => {
            if let Some(base) = named(target).first() {
                targets(*base, source, names);
            }
        }
        _ => {}
    }
}

/// What is appended to, as it is spelled.
pub(super) fn appended(root: Part<'_>, source: &Source) -> Vec<SmolStr> {
    let mut names: Vec<SmolStr> = vec![];
    tree::walk(root, &mut |part| {
        if part.kind() == "assignment_expression"
            && let Some(left) = field(part, "left").filter(|left| left.kind() == "subscript_expression")
            && let [base] = named(left).as_slice()
        {
            names.push(tree::text(*base, source).into());
        }
        if part.kind() == "function_call_expression"
            && let Some(function) = field(part, "function")
            && tree::text(function, source) == "array_push"
            && let Some(first) = field(part, "arguments").and_then(|all| named(all).into_iter().next())
        {
            names.push(tree::text(first, source).into());
        }
        true
    });
    names.sort();
    names.dedup();
    names
}

/// Whether a body hands out elements one by one.
pub(super) fn yields(body: Part<'_>) -> bool {
    let mut found = false;
    let root = body.id();
    tree::walk(body, &mut |part| {
        found |= part.kind() == "yield_expression";
        !found && (part.id() == root || !is_inner(part.kind()))
    });
    found
}
