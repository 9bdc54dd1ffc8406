//! Which variables a routine's body declares, and which it writes.

use tree_sitter::Node as Tree;

use super::tree;
use crate::text::{SmolStr, Source};

/// Whether what stands in a node is a routine or type of its own.
fn is_inner(kind: &str) -> bool {
    matches!(
        kind,
        "lambda_expression"
            | "anonymous_method_expression"
            | "local_function_statement"
            | "class_declaration"
            | "struct_declaration"
            | "record_declaration"
            | "interface_declaration"
            | "enum_declaration"
            | "namespace_declaration"
    )
}

/// The variables that the statements and expressions in `body` declare for their own routine.
pub(super) fn declared(body: Tree<'_>, source: &Source) -> Vec<SmolStr> {
    let mut names = vec![];
    let root = body.id();
    tree::walk(body, &mut |node| {
        let kind = node.kind();
        match kind {
            "variable_declarator"
            | "declaration_expression"
            | "declaration_pattern"
            | "recursive_pattern"
            | "var_pattern"
            | "list_pattern"
            | "catch_declaration"
            | "tuple_pattern"
            | "parenthesized_variable_designation"
            | "from_clause"
            | "local_function_statement" => {
                for name in tree::fields(node, "name").into_iter().filter(|name| name.kind() == "identifier")
                {
                    names.push(plain(name, source));
                }
            }
            "foreach_statement" => {
                let left = tree::field(node, "left").filter(|left| left.kind() == "identifier");
                names.extend(left.map(|left| plain(left, source)));
            }
            "let_clause" | "join_clause" | "join_into_clause" => {
                let first = tree::part_of_kind(node, "identifier");
                names.extend(first.map(|name| plain(name, source)));
            }
            "query_expression" => {
                // `select … into name`
                let parts = tree::named(node);
                names.extend(
                    parts.iter().filter(|part| part.kind() == "identifier").map(|name| plain(*name, source)),
                );
            }
            _ => {}
        }
        node.id() == root || !is_inner(kind)
    });
    names
}

/// The variables that `body` writes, those of routines inside too.
pub(super) fn written(body: Tree<'_>, source: &Source) -> Vec<SmolStr> {
    let mut names = declared(body, source);
    tree::walk(body, &mut |node| {
        match node.kind() {
            "assignment_expression" => {
                if let Some(left) = tree::field(node, "left") {
                    targets(left, source, &mut names);
                }
            }
            "argument" if tree::has_token(node, "out") || tree::has_token(node, "ref") => {
                names.extend(tree::part_of_kind(node, "identifier").map(|name| plain(name, source)));
            }
            _ => {}
        }
        true
    });
    names.sort_unstable();
    names.dedup();
    names
}

fn targets(left: Tree<'_>, source: &Source, names: &mut Vec<SmolStr>) {
    match left.kind() {
        "identifier" => names.push(plain(left, source)),
        "tuple_expression" | "argument" | "parenthesized_expression" => {
            for part in tree::named(left) {
                targets(part, source, names);
            }
        }
        _ => {}
    }
}

fn plain(name: Tree<'_>, source: &Source) -> SmolStr {
    tree::text(name, source).trim_start_matches('@').into()
}
