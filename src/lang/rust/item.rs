//! Items: what a module declares.

use crate::ir::{Argument, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::names;
use super::{Lowering, name, span, span_of};

impl Lowering {
    /// The items of a module: what others stand on first.
    pub(super) fn module(&mut self, items: &[syn::Item]) {
        let items: Vec<&syn::Item> =
            items.iter().filter(|item| !names::is_test(names::attributes(item))).collect();
        self.items_in_order(&items);
    }

    /// Items in the order in which they stand on one another.
    pub(super) fn items_in_order(&mut self, items: &[&syn::Item]) {
        for item in items {
            match item {
                syn::Item::Mod(module) if module.content.is_none() => self.declared_module(module),
                syn::Item::Use(item) => self.imports(item),
                _ => {}
            }
        }
        for item in items {
            if let syn::Item::Mod(module) = item
                && let Some((_, inner)) = &module.content
            {
                self.written_module(module, inner);
            }
        }
        self.classes(items);
        for item in items {
            match item {
                syn::Item::Const(constant) => self.constant(&constant.ident, &constant.expr, &constant.ty),
                syn::Item::Static(constant) => self.constant(&constant.ident, &constant.expr, &constant.ty),
                syn::Item::Macro(item) => {
                    for constant in super::macros::statics(&item.mac) {
                        self.lazy(&constant);
                    }
                }
                syn::Item::Type(alias) => {
                    if let Some(value) = self.declared(&alias.ty) {
                        self.define(&alias.ident, value);
                    }
                }
                syn::Item::Fn(function) => {
                    let value = self.function(&function.sig, Some(&function.block), false);
                    self.define(&function.sig.ident, value);
                }
                _ => {}
            }
        }
        self.implementations_elsewhere(items);
    }

    /// Gives an item of the current module, or of the current block, its value.
    pub(super) fn define(&mut self, ident: &syn::Ident, value: NodeId) {
        let own = name(ident);
        let variable = if self.builder.is_local(&own) { own } else { self.qualified(&own) };
        self.builder.assign(&variable, value, span_of(ident.span()));
    }

    /// `mod x;`: a file of its own.
    fn declared_module(&mut self, module: &syn::ItemMod) {
        let at = span(&module.ident);
        let stated = module.attrs.iter().find_map(|attribute| match &attribute.meta {
            syn::Meta::NameValue(pair) if pair.path.is_ident("path") => text_of(&pair.value),
            _ => None,
        });
        let mut path = SmolStr::new("self");
        for inner in &self.modules {
            path = format!("{path}.{inner}").into();
        }
        let path = match stated {
            Some(stated) => format!("./{stated}"),
            None => format!("{path}.{}", name(&module.ident)),
        };
        let value = self.builder.import(path.into(), 1, None, at);
        self.define(&module.ident, value);
    }

    /// A module written into the file: a class whose members are its items.
    fn written_module(&mut self, module: &syn::ItemMod, inner: &[syn::Item]) {
        let at = span(&module.ident);
        let prefix = format!("{}::", self.qualified(&name(&module.ident)));
        self.modules.push(name(&module.ident));
        self.module(inner);
        let mut members: Vec<(SmolStr, SmolStr)> = self
            .items
            .keys()
            .filter_map(|item| Some((item.strip_prefix(&prefix)?.into(), item.clone())))
            .filter(|(member, _): &(SmolStr, SmolStr)| !member.contains("::"))
            .collect();
        members.sort();
        self.modules.pop();
        let names: Vec<SmolStr> = members.iter().map(|(member, _)| member.clone()).collect();
        let id = self.builder.enter_class(name(&module.ident), "<new>".into(), names, at);
        for (member, item) in members {
            let value = self.builder.read(&item, at);
            self.builder.assign(&member, value, at);
        }
        self.builder.leave();
        let value = self.builder.node(Node::Class(id, vec![]), at);
        self.define(&module.ident, value);
    }

    pub(super) fn imports(&mut self, item: &syn::ItemUse) {
        for used in names::uses(item) {
            let parts: Vec<&syn::Ident> = used.path.iter().collect();
            let Some(last) = parts.last() else { continue };
            let at = span_of(last.span());
            match &used.bound {
                Some(bound) if bound == "_" => {}
                Some(bound) => {
                    let value = self.path_of(&parts, Some(bound));
                    let local = self.builder.is_local(bound);
                    let variable = if local { bound.clone() } else { self.qualified(bound) };
                    self.builder.assign(&variable, value, at);
                }
                None => self.everything(&parts, at),
            }
        }
    }

    /// `use x::*`
    fn everything(&mut self, parts: &[&syn::Ident], at: Span) {
        let inside = !self.modules.is_empty() && parts.first().is_some_and(|first| *first == "super");
        // What is around a module written into the file is seen from inside anyway.
        if inside && parts.len() == 1 {
            return;
        }
        let value = self.path_of(parts, Some("*"));
        self.builder.node(Node::Open(value), at);
    }

    pub(super) fn constant(&mut self, ident: &syn::Ident, value: &syn::Expr, declared: &syn::Type) {
        let at = span(value);
        let value = self.nested(value);
        let value = self.cast(value, declared, at);
        self.define(ident, value);
    }

    /// What is worked out when it is first asked for.
    fn lazy(&mut self, constant: &syn::ItemStatic) {
        let at = span(&constant.ident);
        let routine = self.thunk(&constant.expr, at);
        let value = self.builder.call(routine, vec![], at);
        let value = self.cast(value, &constant.ty, at);
        self.define(&constant.ident, value);
    }

    /// Arguments by position.
    pub(super) fn plain<'e>(&mut self, values: impl IntoIterator<Item = &'e syn::Expr>) -> Vec<Argument> {
        values.into_iter().map(|value| Argument::Plain(self.nested(value))).collect()
    }
}

/// The text of a literal.
pub(super) fn text_of(expression: &syn::Expr) -> Option<String> {
    match expression {
        syn::Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}
