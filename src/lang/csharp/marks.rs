//! What types and their members are marked with: attributes, and what makes a member open to all.

use tree_sitter::Node as Tree;

use crate::ir::Mark;
use crate::text::SmolStr;

use super::class::has_modifier;
use super::{Lowering, tree};

/// The modifier of what everybody may call. No attribute has such a name.
const PUBLIC: &str = "public";

impl<'s> Lowering<'s> {
    /// Notes a marking of the innermost type, or of a member of it where one is named.
    pub(super) fn mark(&mut self, name: &str, member: &str, text: Option<SmolStr>) {
        let Some(place) = self.scopes.innermost_type() else { return };
        let path = self.scopes.path_to(place);
        let class = path.iter().map(SmolStr::as_str).collect::<Vec<&str>>().join(".").into();
        let member = (!member.is_empty()).then(|| member.into());
        self.builder.mark(Mark { name: name.into(), class, member, text, result: None });
    }

    /// Notes methods of objects that everybody may call: frameworks enter such without any other marking.
    pub(super) fn mark_open(&mut self, method: Tree<'s>, name: &str) {
        if has_modifier(method, PUBLIC, self) && !has_modifier(method, "static", self) {
            self.mark(PUBLIC, name, None);
        }
    }

    /// The first text that an attribute states.
    pub(super) fn stated_text(&self, attribute: Tree<'s>) -> Option<SmolStr> {
        let list = tree::part_of_kind(attribute, "attribute_argument_list")?;
        let text =
            tree::named(list).into_iter().find_map(|stated| tree::part_of_kind(stated, "string_literal"))?;
        tree::part_of_kind(text, "string_literal_content").map(|content| self.text(content).into())
    }
}
