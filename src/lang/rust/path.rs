//! Paths: names of variables, of items, of modules and of other crates.

use proc_macro2::Ident;

use crate::ir::{Node, NodeId};
use crate::text::{SmolStr, Span};

use super::{Lowering, Own, name, span, span_of};

/// Crates that are no part of any project.
pub(super) const OWN_CRATES: [&str; 4] = ["std", "core", "alloc", "proc_macro"];

impl Lowering {
    /// The value of a path in an expression or type.
    pub(super) fn path(&mut self, path: &syn::Path, qualified: Option<&syn::QSelf>) -> NodeId {
        if let Some(qualified) = qualified {
            let at = span(path);
            let declared = self.declared(&qualified.ty);
            let own = declared.unwrap_or_else(|| self.builder.unknown(at));
            let rest: Vec<&Ident> =
                path.segments.iter().skip(qualified.position).map(|segment| &segment.ident).collect();
            return self.members(own, &rest);
        }
        let parts: Vec<&Ident> = path.segments.iter().map(|segment| &segment.ident).collect();
        self.path_of(&parts, None)
    }

    /// The value of a path by its parts. `bound`: the name that the path is about to get, which is not meant by it.
    pub(super) fn path_of(&mut self, parts: &[&Ident], bound: Option<&str>) -> NodeId {
        let Some((first, rest)) = parts.split_first() else { return self.builder.unknown(Span::default()) };
        let at = span_of(first.span());
        let first = name(first);
        match first.as_str() {
            "Self" => {
                let own = self.own(at);
                self.members(own, rest)
            }
            "crate" => {
                let root = self.builder.import("crate".into(), 1, None, at);
                self.members(root, rest)
            }
            "self" if !rest.is_empty() => self.path_of(rest, bound),
            "super" => self.above(rest, at),
            "None" if rest.is_empty() => self.nil(at),
            _ => self.named(&first, rest, bound, at),
        }
    }

    fn named(&mut self, first: &SmolStr, rest: &[&Ident], bound: Option<&str>, at: Span) -> NodeId {
        if let Some((_, bounds)) = self.generics.iter().rev().find(|(known, _)| known == first) {
            let bounds = bounds.clone();
            let values = bounds.iter().map(|bound| self.path(bound, None)).collect();
            let value = self.builder.one_of(values, at);
            return self.members(value, rest);
        }
        // `use order::order` means the module of that name, unless only a variable has it.
        let variable = self.variable(first).filter(|_| bound != Some(first.as_str()));
        if let Some(variable) = variable {
            let value = self.builder.read(&variable, at);
            return self.members(value, rest);
        }
        let is_crate = first.starts_with(|letter: char| letter.is_lowercase() || letter == '_');
        let value = if is_crate && (!rest.is_empty() || bound.is_some()) {
            self.builder.import(first.clone(), 0, None, at)
        } else {
            self.builder.node(Node::Free(first.clone()), at)
        };
        self.members(value, rest)
    }

    /// `super::…`
    fn above(&mut self, rest: &[&Ident], at: Span) -> NodeId {
        let more = rest.iter().take_while(|part| **part == "super").count();
        let rest = rest.get(more..).unwrap_or_default();
        let levels = more + 1;
        if levels <= self.modules.len() {
            let kept = self.modules.len() - levels;
            let inner = self.modules.split_off(kept);
            let value = self.path_of(rest, None);
            self.modules.extend(inner);
            return value;
        }
        let levels = u32::try_from(levels - self.modules.len()).unwrap_or(1);
        let module = self.builder.import("super".into(), levels, None, at);
        self.members(module, rest)
    }

    /// Members of a module, class or value, one behind the other.
    pub(super) fn members(&mut self, value: NodeId, parts: &[&Ident]) -> NodeId {
        parts.iter().fold(value, |value, part| {
            self.builder.node(Node::Member(value, name(part)), span_of(part.span()))
        })
    }

    /// The variable behind a name: of the routine, else of the innermost module that has it.
    pub(super) fn variable(&self, name: &str) -> Option<SmolStr> {
        if self.builder.is_local(name) {
            return Some(name.into());
        }
        (0..=self.modules.len()).rev().find_map(|depth| {
            let known = self.qualified_at(depth, name);
            self.items.contains_key(&known).then_some(known)
        })
    }

    /// The name of an item of the current module.
    pub(super) fn qualified(&self, name: &str) -> SmolStr {
        self.qualified_at(self.modules.len(), name)
    }

    fn qualified_at(&self, depth: usize, name: &str) -> SmolStr {
        let mut path = String::new();
        for module in self.modules.iter().take(depth) {
            path.push_str(module);
            path.push_str("::");
        }
        path.push_str(name);
        path.into()
    }

    /// `Self`.
    pub(super) fn own(&mut self, at: Span) -> NodeId {
        match self.own.last().cloned() {
            Some(Own::Variable(name)) => self.builder.read(&name, at),
            Some(Own::Type(declared)) => {
                let value = self.declared(&declared);
                value.unwrap_or_else(|| self.builder.unknown(at))
            }
            None => self.builder.unknown(at),
        }
    }
}
