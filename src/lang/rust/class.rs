//! Structs, enums and traits as classes; implementations are their members.

use syn::{ImplItem, ItemImpl, TraitItem, Type};

use crate::ir::{Closure, Node, NodeId, Param, ParamKind, Receiver, RoutineKind};
use crate::text::{SmolStr, Span};

use super::names;
use super::{Lowering, Own, name, span};

/// The member that makes an object, which no program spells.
const NEW: &str = "<new>";

/// What a class is made of.
struct Parts<'a> {
    ident: &'a syn::Ident,
    generics: &'a syn::Generics,
    fields: Option<&'a syn::Fields>,
    default: bool,
    /// Whether a macro makes a builder of it.
    builder: bool,
    implementations: Vec<&'a ItemImpl>,
    /// The items of a trait.
    own: &'a [TraitItem],
    above: Vec<syn::Path>,
}

impl Lowering {
    /// Traits, structs and enums with what is implemented for them beside them.
    pub(super) fn classes(&mut self, items: &[&syn::Item]) {
        for item in items {
            if let syn::Item::Trait(item) = item {
                self.class(&Parts {
                    ident: &item.ident,
                    generics: &item.generics,
                    fields: None,
                    default: false,
                    builder: false,
                    implementations: vec![],
                    own: &item.items,
                    above: super::types::traits(item.supertraits.iter()),
                });
            }
        }
        for item in items {
            let (ident, generics, fields, attributes) = match item {
                syn::Item::Struct(item) => (&item.ident, &item.generics, Some(&item.fields), &item.attrs),
                syn::Item::Enum(item) => (&item.ident, &item.generics, None, &item.attrs),
                _ => continue,
            };
            let implementations = items
                .iter()
                .filter_map(|item| match item {
                    syn::Item::Impl(item) if is_for(item, ident) => Some(item),
                    _ => None,
                })
                .collect();
            let class = self.class(&Parts {
                ident,
                generics,
                fields,
                default: derives(attributes, |last| last == "Default"),
                builder: derives(attributes, |last| last.ends_with("Builder")),
                implementations,
                own: &[],
                above: vec![],
            });
            if let syn::Item::Enum(item) = item {
                self.enum_variants(item, class);
            }
        }
    }

    fn class(&mut self, parts: &Parts<'_>) -> NodeId {
        let at = span(parts.ident);
        let before = self.enter_generics(parts.generics);
        let implemented = parts.implementations.iter().filter_map(|item| item.trait_.as_ref());
        let above: Vec<syn::Path> =
            parts.above.iter().cloned().chain(implemented.map(|(path, _)| path.clone())).collect();
        let bases = above.iter().map(|base| self.path(base, None)).collect();
        let own = name(parts.ident);
        let variable = if self.builder.is_local(&own) { own.clone() } else { self.qualified(&own) };
        self.own.push(Own::Variable(variable.clone()));
        let id = self.builder.enter_class(own, NEW.into(), member_names(parts), at);
        self.fields(parts.fields);
        for item in &parts.implementations {
            let inner = self.enter_generics(&item.generics);
            self.implementation(item);
            self.leave_generics(inner);
        }
        for item in parts.own {
            self.provided(item);
        }
        if parts.default {
            self.derived_default(at);
        }
        if parts.builder {
            self.derived_builder(parts, at);
        }
        self.builder.leave();
        self.own.pop();
        self.leave_generics(before);
        let value = self.builder.node(Node::Class(id, bases), at);
        self.define(parts.ident, value);
        value
    }

    /// The declared types of fields.
    fn fields(&mut self, fields: Option<&syn::Fields>) {
        for (field, place) in fields.into_iter().flatten().zip(0usize..) {
            let own = field.ident.as_ref().map_or_else(|| place.to_string().into(), name);
            if let Some(declared) = self.declared(&field.ty) {
                self.builder.node(Node::Field(own, declared), span(&field.ty));
            }
        }
    }

    fn implementation(&mut self, item: &ItemImpl) {
        self.exposing = item.trait_.is_none() && names::is_taken_up(&item.attrs);
        for member in &item.items {
            match member {
                ImplItem::Fn(method) if !names::is_test(&method.attrs) => {
                    let value = self.method(&method.sig, Some(&method.block));
                    self.builder.assign(&name(&method.sig.ident), value, span(&method.sig.ident));
                }
                ImplItem::Const(constant) => {
                    let value = self.nested(&constant.expr);
                    self.builder.assign(&name(&constant.ident), value, span(&constant.ident));
                }
                _ => {}
            }
        }
        self.exposing = false;
    }

    /// What a trait brings along for those that do not say otherwise.
    fn provided(&mut self, item: &TraitItem) {
        match item {
            TraitItem::Fn(method) if method.default.is_some() => {
                let value = self.method(&method.sig, method.default.as_ref());
                self.builder.assign(&name(&method.sig.ident), value, span(&method.sig.ident));
            }
            TraitItem::Const(constant) => {
                if let Some((_, value)) = &constant.default {
                    let value = self.nested(value);
                    self.builder.assign(&name(&constant.ident), value, span(&constant.ident));
                }
            }
            _ => {}
        }
    }

    fn method(&mut self, signature: &syn::Signature, body: Option<&syn::Block>) -> NodeId {
        self.function(signature, body, true)
    }

    /// `#[derive(Default)]`
    fn derived_default(&mut self, at: Span) {
        let routine = self.builder.enter("default".into(), RoutineKind::Plain, vec![], [], at);
        self.builder.set_receiver(routine, Receiver::None);
        let class = self.own(at);
        let made = self.builder.call(class, vec![], at);
        self.builder.node(Node::Return(made), at);
        self.builder.leave();
        let value =
            self.builder.closure(Closure { routine, defaults: vec![], declared: vec![], result: None }, at);
        self.builder.assign("default", value, at);
    }

    /// A builder that a macro makes: the object itself, whose fields are set by methods of their names.
    fn derived_builder(&mut self, parts: &Parts<'_>, at: Span) {
        let members = parts.implementations.iter().flat_map(|item| &item.items);
        let written = members.filter_map(|member| match member {
            ImplItem::Fn(method) => Some(name(&method.sig.ident)),
            _ => None,
        });
        let written: Vec<SmolStr> = written.collect();
        for own in derived_names(parts).into_iter().filter(|own| !written.contains(own)) {
            let names: &[&str] = match own.as_str() {
                "builder" => &[],
                "build" => &["self"],
                _ => &["self", "value"],
            };
            let params = names.iter().map(|name| Param { name: (*name).into(), kind: ParamKind::Plain });
            let routine = self.builder.enter(own.clone(), RoutineKind::Plain, params.collect(), [], at);
            let made = if names.is_empty() {
                self.builder.set_receiver(routine, Receiver::None);
                let class = self.own(at);
                self.builder.call(class, vec![], at)
            } else {
                self.builder.read("self", at)
            };
            if names.len() == 2 {
                let value = self.builder.read("value", at);
                self.builder.store(made, own.clone(), value, at);
            }
            self.builder.node(Node::Return(made), at);
            self.builder.leave();
            let closure = Closure { routine, defaults: vec![], declared: vec![], result: None };
            let value = self.builder.closure(closure, at);
            self.builder.assign(&own, value, at);
        }
    }

    /// Each variant is a class below its enum; one without fields is an object of it.
    fn enum_variants(&mut self, item: &syn::ItemEnum, class: NodeId) {
        for variant in &item.variants {
            let at = span(&variant.ident);
            let own = name(&variant.ident);
            let places = place_names(unnamed(&variant.fields));
            let id = self.builder.enter_class(own.clone(), NEW.into(), places, at);
            self.fields(Some(&variant.fields));
            self.builder.leave();
            let mut value = self.builder.node(Node::Class(id, vec![class]), at);
            if matches!(variant.fields, syn::Fields::Unit) {
                value = self.builder.call(value, vec![], at);
            }
            self.builder.store(class, own, value, at);
        }
    }

    /// Implementations for types that stand in other files or crates.
    pub(super) fn implementations_elsewhere(&mut self, items: &[&syn::Item]) {
        for item in items {
            let syn::Item::Impl(implementation) = item else { continue };
            let here = items.iter().any(|other| match other {
                syn::Item::Struct(other) => is_for(implementation, &other.ident),
                syn::Item::Enum(other) => is_for(implementation, &other.ident),
                _ => false,
            });
            if !here {
                self.extension(implementation);
            }
        }
    }

    fn extension(&mut self, item: &ItemImpl) {
        let before = self.enter_generics(&item.generics);
        let at = span(&item.self_ty);
        let declared = self.declared(&item.self_ty);
        let target = declared.unwrap_or_else(|| self.builder.unknown(at));
        if let Some((path, _)) = &item.trait_
            && declared.is_some()
        {
            let base = self.path(path, None);
            self.builder.node(Node::Implement(target, base), at);
        }
        self.own.push(Own::Type(item.self_ty.clone()));
        for member in &item.items {
            if let ImplItem::Fn(method) = member
                && !names::is_test(&method.attrs)
            {
                let at = span(&method.sig.ident);
                let value = self.method(&method.sig, Some(&method.block));
                let field = name(&method.sig.ident);
                if method.sig.receiver().is_some() || declared.is_some() {
                    self.builder.node(Node::Extend { base: target, field, value }, at);
                }
            }
        }
        self.own.pop();
        self.leave_generics(before);
    }

    /// `Order { id, ..base }`
    pub(super) fn literal(&mut self, literal: &syn::ExprStruct) -> NodeId {
        let at = literal.path.segments.last().map_or_else(|| span(literal), |last| span(&last.ident));
        let class = self.path(&literal.path, literal.qself.as_ref());
        let mut fields = vec![];
        for field in &literal.fields {
            let value = self.nested(&field.expr);
            fields.push((Some(member_name(&field.member)), value));
        }
        let made = self.builder.node(Node::Make(class, fields), at);
        match &literal.rest {
            Some(base) => {
                let base = self.nested(base);
                self.call_native("<fill>", vec![made, base], at)
            }
            None => made,
        }
    }
}

/// Whether an implementation is for the type of that name beside it.
fn is_for(item: &ItemImpl, ident: &syn::Ident) -> bool {
    match item.self_ty.as_ref() {
        Type::Path(path) => {
            path.qself.is_none()
                && path.path.segments.len() == 1
                && path.path.segments.first().is_some_and(|first| first.ident == *ident)
        }
        _ => false,
    }
}

fn unnamed(fields: &syn::Fields) -> usize {
    match fields {
        syn::Fields::Unnamed(fields) => fields.unnamed.len(),
        _ => 0,
    }
}

fn place_names(count: usize) -> Vec<SmolStr> {
    (0..count).map(|place| SmolStr::from(place.to_string())).collect()
}

/// The names of a class's members; places first, as arguments fill them in order.
fn member_names(parts: &Parts<'_>) -> Vec<SmolStr> {
    let mut names = place_names(parts.fields.map_or(0, unnamed));
    for member in parts.implementations.iter().flat_map(|item| &item.items) {
        match member {
            ImplItem::Fn(method) => names.push(name(&method.sig.ident)),
            ImplItem::Const(constant) => names.push(name(&constant.ident)),
            _ => {}
        }
    }
    for item in parts.own {
        match item {
            TraitItem::Fn(method) if method.default.is_some() => names.push(name(&method.sig.ident)),
            TraitItem::Const(constant) if constant.default.is_some() => names.push(name(&constant.ident)),
            _ => {}
        }
    }
    if parts.default {
        names.push("default".into());
    }
    for name in derived_names(parts) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The methods of a builder that a macro makes: one for each field, and what begins and ends it.
fn derived_names(parts: &Parts<'_>) -> Vec<SmolStr> {
    if !parts.builder {
        return vec![];
    }
    let fields = parts.fields.into_iter().flatten().filter_map(|field| field.ident.as_ref());
    let ends = ["builder", "build"].map(SmolStr::from);
    fields.map(name).chain(ends).collect()
}

fn derives(attributes: &[syn::Attribute], is_meant: impl Fn(&str) -> bool) -> bool {
    let mut found = false;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
        // What does not read as a list of paths derives nothing that matters.
        let _ = attribute.parse_nested_meta(|meta| {
            let last = meta.path.segments.last();
            found |= last.is_some_and(|last| is_meant(&name(&last.ident)));
            Ok(())
        });
    }
    found
}

/// The name of a field, or its place.
pub(super) fn member_name(member: &syn::Member) -> SmolStr {
    match member {
        syn::Member::Named(ident) => name(ident),
        syn::Member::Unnamed(place) => place.index.to_string().into(),
    }
}
