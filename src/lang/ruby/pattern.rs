//! Patterns of `case … in`: the variables that they bind.

use ruby_prism::Node as Tree;

use crate::ir::{Node, NodeId};

use super::{Lowering, call, span};

impl Lowering<'_> {
    /// Binds the variables of a pattern to the parts of a value.
    pub(super) fn pattern(&mut self, pattern: &Tree<'_>, subject: NodeId) {
        let at = span(&pattern.location());
        if let Some(either) = pattern.as_alternation_pattern_node() {
            self.pattern(&either.left(), subject);
            self.pattern(&either.right(), subject);
        } else if let Some(capture) = pattern.as_capture_pattern_node() {
            self.pattern(&capture.value(), subject);
            self.bind(&capture.target().as_node(), subject);
        } else if let Some(guarded) = pattern.as_if_node() {
            let inner = guarded.statements().and_then(|inner| inner.body().first());
            if let Some(inner) = inner {
                self.pattern(&inner, subject);
            }
            self.nested(&guarded.predicate());
        } else if let Some(list) = pattern.as_array_pattern_node() {
            let element = self.builder.node(Node::Element(subject), at);
            let parts: Vec<Tree<'_>> = list.requireds().iter().chain(list.posts().iter()).collect();
            for part in &parts {
                self.pattern(part, element);
            }
            if let Some(rest) = list.rest() {
                self.bind(&rest, subject);
            }
        } else if let Some(record) = pattern.as_hash_pattern_node() {
            for pair in record.elements().iter().filter_map(|tree| tree.as_assoc_node()) {
                let key = self.builder.text(&call::symbol(&pair.key()).unwrap_or_default(), at);
                let part = self.builder.node(Node::Index(subject, key), at);
                match pair.value().as_implicit_node() {
                    Some(named) => self.pattern(&named.value(), part),
                    None => self.pattern(&pair.value(), part),
                }
            }
            let rest =
                record.rest().and_then(|rest| rest.as_assoc_splat_node()).and_then(|rest| rest.value());
            if let Some(rest) = rest {
                self.bind(&rest, subject);
            }
        } else {
            self.bind(pattern, subject);
        }
    }
}
