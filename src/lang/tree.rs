//! What the front ends on tree-sitter share: nodes, their bytes and text, and what the parser could not read.

use tree_sitter::{Language as Grammar, Node, Parser, Tree};

use crate::ir::Builder;
use crate::text::{Source, Span};

/// How many places of one file that the grammar does not fit are told.
const MAX_ERRORS: usize = 8;

/// Parses a text; `None` where the grammar itself cannot be used.
pub(super) fn parse(grammar: &Grammar, source: &Source) -> Option<Tree> {
    let mut parser = Parser::new();
    parser.set_language(grammar).ok()?;
    parser.parse(source.text(), None)
}

/// The bytes of a node.
pub(super) fn span(node: Node<'_>) -> Span {
    let count = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
    Span::new(count(node.start_byte()), count(node.end_byte()))
}

/// The text of a node.
pub(super) fn text<'s>(node: Node<'_>, source: &'s Source) -> &'s str {
    source.slice(span(node))
}

/// The parts of a node that the grammar names, without comments.
pub(super) fn named(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.is_extra()).collect()
}

/// All parts of a node, signs and keywords too, without comments.
pub(super) fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).filter(|child| !child.is_extra()).collect()
}

/// The part that stands in a field of the grammar.
pub(super) fn field<'t>(node: Node<'t>, name: &str) -> Option<Node<'t>> {
    node.child_by_field_name(name)
}

/// All parts that stand in a field of the grammar.
pub(super) fn fields<'t>(node: Node<'t>, name: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(name, &mut cursor).filter(Node::is_named).collect()
}

/// The first named part of a kind.
pub(super) fn part_of_kind<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    named(node).into_iter().find(|child| child.kind() == kind)
}

/// Whether a keyword or sign is a part of a node.
pub(super) fn has_token(node: Node<'_>, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| child.kind() == token)
}

/// Calls `visit` with a node and everything in it, the outer before the inner, for as long as `visit` wants to go inside.
/// However deep the tree, no stack is used.
pub(super) fn walk<'t>(node: Node<'t>, visit: &mut dyn FnMut(Node<'t>) -> bool) {
    let mut cursor = node.walk();
    loop {
        if visit(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// Notes what the parser could not read. Everything else of the file is read all the same.
pub(super) fn problems(tree: &Tree, builder: &mut Builder) {
    if !tree.root_node().has_error() {
        return;
    }
    let mut found = vec![];
    walk(tree.root_node(), &mut |node| {
        if found.len() < MAX_ERRORS && (node.is_error() || node.is_missing()) {
            found.push(node);
        }
        node.has_error() && !node.is_error()
    });
    for node in found {
        let message = if node.is_missing() {
            format!("syntax error: a `{}` is missing", node.kind())
        } else {
            "syntax error: what stands here is not read".to_owned()
        };
        builder.problem(span(node), message);
    }
}
