//! What a file declares, and what a loop writes.

use rustc_hash::FxHashMap;
use syn::visit::{self, Visit};
use syn::{Expr, ItemUse, UseTree};

use super::name;
use crate::text::SmolStr;

/// What a name of a module stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A struct, with whether its fields have no names.
    Struct,
    /// An enum.
    Enum,
    /// A module: of a file of its own, or written here.
    Module,
    /// Anything else.
    Other,
}

/// Everything that a module declares, with what the modules written into it do.
pub(super) fn of_module(items: &[syn::Item]) -> FxHashMap<SmolStr, Item> {
    let mut found = FxHashMap::default();
    collect(items, "", &mut found);
    found
}

fn collect(items: &[syn::Item], prefix: &str, found: &mut FxHashMap<SmolStr, Item>) {
    for item in items.iter().filter(|item| !is_test(attributes(item))) {
        if let syn::Item::Mod(module) = item
            && let Some((_, inner)) = &module.content
        {
            collect(inner, &format!("{prefix}{}::", name(&module.ident)), found);
        }
        for (name, kind) in of_item(item) {
            found.insert(format!("{prefix}{name}").into(), kind);
        }
    }
}

/// The names that an item declares where it stands.
pub(super) fn of_item(item: &syn::Item) -> Vec<(SmolStr, Item)> {
    let other = |ident: &syn::Ident| vec![(name(ident), Item::Other)];
    match item {
        syn::Item::Fn(function) => other(&function.sig.ident),
        syn::Item::Const(constant) => other(&constant.ident),
        syn::Item::Static(constant) => other(&constant.ident),
        syn::Item::Trait(item) => other(&item.ident),
        syn::Item::Type(item) => other(&item.ident),
        syn::Item::Struct(item) => vec![(name(&item.ident), Item::Struct)],
        syn::Item::Union(item) => vec![(name(&item.ident), Item::Struct)],
        syn::Item::Enum(item) => vec![(name(&item.ident), Item::Enum)],
        syn::Item::Mod(item) => vec![(name(&item.ident), Item::Module)],
        syn::Item::Use(item) => {
            uses(item).into_iter().filter_map(|each| Some((each.bound?, Item::Other))).collect()
        }
        syn::Item::Macro(item) => super::macros::statics(&item.mac)
            .iter()
            .map(|constant| (name(&constant.ident), Item::Other))
            .collect(),
        _ => vec![],
    }
}

/// A path that `use` brings in.
pub(super) struct Used {
    /// Its parts.
    pub(super) path: Vec<syn::Ident>,
    /// The name that it gets here; none for everything in it.
    pub(super) bound: Option<SmolStr>,
}

/// What a `use` brings in.
pub(super) fn uses(item: &ItemUse) -> Vec<Used> {
    let mut found = vec![];
    flatten(&item.tree, &mut vec![], &mut found);
    found
}

fn flatten(tree: &UseTree, path: &mut Vec<syn::Ident>, found: &mut Vec<Used>) {
    match tree {
        UseTree::Path(part) => {
            path.push(part.ident.clone());
            flatten(&part.tree, path, found);
            path.pop();
        }
        UseTree::Name(last) => {
            let mut path = path.clone();
            if last.ident != "self" {
                path.push(last.ident.clone());
            }
            let bound = path.last().map(name);
            found.push(Used { path, bound });
        }
        UseTree::Rename(last) => {
            let mut path = path.clone();
            if last.ident != "self" {
                path.push(last.ident.clone());
            }
            found.push(Used { path, bound: Some(name(&last.rename)) });
        }
        UseTree::Glob(_) => found.push(Used { path: path.clone(), bound: None }),
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, path, found)),
    }
}

/// The attributes of an item.
pub(super) fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether something is compiled for tests alone.
pub(super) fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        if path.segments.last().is_some_and(|last| last.ident == "test") {
            return true;
        }
        let syn::Meta::List(list) = &attribute.meta else { return false };
        path.is_ident("cfg")
            && list.parse_args::<syn::Path>().is_ok_and(|condition| condition.is_ident("test"))
    })
}

/// Attributes of implementations that change nothing of who calls them.
const INERT: [&str; 14] = [
    "allow",
    "async_trait",
    "automock",
    "cfg",
    "cfg_attr",
    "coverage",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "instrument",
    "must_use",
    "rustfmt",
    "warn",
];

/// Whether a macro from outside takes up an implementation, so that its code may call what is in it.
pub(super) fn is_taken_up(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let last = attribute.path().segments.last().map(|last| name(&last.ident));
        let is_tool = attribute.path().segments.first().is_some_and(|first| first.ident == "rustfmt");
        !is_tool && last.is_some_and(|last| !INERT.contains(&last.as_str()))
    })
}

/// The variables that something writes, wherever they are declared.
pub(super) fn written(expression: &Expr) -> Vec<SmolStr> {
    let mut writes = Writes { names: vec![] };
    writes.visit_expr(expression);
    writes.names
}

/// As [`written`], for the body of a loop.
pub(super) fn written_in(block: &syn::Block) -> Vec<SmolStr> {
    let mut writes = Writes { names: vec![] };
    writes.visit_block(block);
    writes.names
}

struct Writes {
    names: Vec<SmolStr>,
}

impl Writes {
    fn write(&mut self, target: &Expr) {
        match target {
            Expr::Path(path) => {
                if let Some(ident) = path.path.get_ident() {
                    let name = name(ident);
                    if !self.names.contains(&name) {
                        self.names.push(name);
                    }
                }
            }
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|element| self.write(element)),
            Expr::Unary(unary) => self.write(&unary.expr),
            Expr::Paren(inner) => self.write(&inner.expr),
            _ => {}
        }
    }
}

impl<'ast> Visit<'ast> for Writes {
    fn visit_expr_assign(&mut self, assign: &'ast syn::ExprAssign) {
        self.write(&assign.left);
        visit::visit_expr_assign(self, assign);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if is_assignment(&binary.op) {
            self.write(&binary.left);
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if call.method == "push_str" {
            self.write(&call.receiver);
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

/// Whether an operator writes its left side.
pub(super) const fn is_assignment(operator: &syn::BinOp) -> bool {
    use syn::BinOp as B;
    matches!(
        operator,
        B::AddAssign(_)
            | B::SubAssign(_)
            | B::MulAssign(_)
            | B::DivAssign(_)
            | B::RemAssign(_)
            | B::BitXorAssign(_)
            | B::BitAndAssign(_)
            | B::BitOrAssign(_)
            | B::ShlAssign(_)
            | B::ShrAssign(_)
    )
}
