//! The project's own macros (`macro_rules!`), expanded where they stand. What comes of one stands at the place of the call.

mod definitions;
mod matching;
mod rules;

use proc_macro2::{Ident, Span, TokenStream};
use syn::Macro;
use syn::parse::{ParseStream, Parser as _};

use super::super::SharedText;
use super::name;
use crate::text::SmolStr;

pub(super) use definitions::shared;
use definitions::{Definition, read};
use rules::Rule;

/// How deep what macros come to holds further macros.
const MAX_DEPTH: usize = 24;
/// How many expansions there are in one file, and how many tokens they come to.
const MAX_EXPANSIONS: usize = 2000;
const MAX_TOKENS: usize = 300_000;

/// The macros that a file may call.
pub(super) struct Macros {
    /// The crate of the file, where it is known.
    own: Option<SmolStr>,
    /// Those of the file itself come first, as they stand.
    known: Vec<Definition>,
    /// The crates that the file imports from.
    used: Vec<SmolStr>,
    /// The crates that the macros which are being expanded come from, innermost last.
    within: Vec<SmolStr>,
    /// How many expansions and tokens there may still be.
    left: (usize, usize),
}

impl Macros {
    /// The macros for a file, of its own text and of what the files of the project share.
    pub(super) fn new(path: &str, tokens: &TokenStream, shared: &[SharedText]) -> Self {
        let own = definitions::crate_of(path, shared);
        let mut known = vec![];
        read(tokens, own.clone().unwrap_or_default().as_str(), &mut known);
        for text in shared.iter().filter(|text| text.file != path) {
            known.extend(Definition::of(text));
        }
        Self { own, known, used: vec![], within: vec![], left: (MAX_EXPANSIONS, MAX_TOKENS) }
    }

    /// Takes note of what a file imports.
    pub(super) fn uses(&mut self, items: &[syn::Item]) {
        for item in items {
            if let syn::Item::Use(item) = item {
                let first =
                    super::names::uses(item).into_iter().filter_map(|used| used.path.into_iter().next());
                self.used.extend(first.map(|first| name(&first)));
            }
        }
    }

    /// The tokens that a call comes to; `None` where no macro of the project has its name, or fits.
    pub(super) fn expand(&mut self, call: &Macro) -> Option<Expansion> {
        if self.known.is_empty() || self.within.len() >= MAX_DEPTH {
            return None;
        }
        let (of, rules) = self.find(call)?;
        self.left.0 = self.left.0.checked_sub(1)?;
        let at = call.path.segments.last()?.ident.span();
        let root = if Some(&of) == self.own.as_ref() || of.is_empty() { "crate" } else { of.as_str() };
        let root = Ident::new(root, at);
        let given: Vec<_> = call.tokens.clone().into_iter().collect();
        let (tokens, left) = rules.iter().find_map(|rule| rule.apply(&given, &root, at, self.left.1))?;
        self.left.1 = left;
        super::tokens::too_deep(tokens.clone()).is_none().then_some(Expansion { tokens, of })
    }

    /// Notes that what follows came of a macro of that crate, until [`Self::leave`].
    pub(super) fn enter(&mut self, of: &SmolStr) {
        self.within.push(of.clone());
    }

    /// See [`Self::enter`].
    pub(super) fn leave(&mut self) {
        self.within.pop();
    }

    /// The macro that a call means, and its crate.
    fn find(&self, call: &Macro) -> Option<(SmolStr, Vec<Rule>)> {
        let path: Vec<SmolStr> = call.path.segments.iter().map(|segment| name(&segment.ident)).collect();
        let (last, before) = path.split_last()?;
        let named: Vec<&Definition> = self.known.iter().filter(|known| known.name == *last).collect();
        let of = |wanted: &str| named.iter().find(|known| known.of == wanted).copied();
        let stated = before.iter().rev().find_map(|part| match part.as_str() {
            "crate" | "self" | "super" => self.own.as_deref().and_then(of),
            part => of(part),
        });
        let near = || {
            named
                .iter()
                .find(|known| known.is_here)
                .copied()
                .or_else(|| self.within.iter().rev().find_map(|within| of(within)))
                .or_else(|| self.own.as_deref().and_then(of))
                .or_else(|| self.used.iter().find_map(|used| of(used)))
        };
        let found = stated.or_else(near).or(match named.as_slice() {
            [only] => Some(*only),
            _ => None,
        })?;
        Some((found.of.clone(), found.rules()?))
    }
}

/// What a call came to.
pub(super) struct Expansion {
    pub(super) tokens: TokenStream,
    /// The crate of the macro.
    pub(super) of: SmolStr,
}

impl Expansion {
    /// As the items of a module.
    pub(super) fn items(&self) -> Vec<syn::Item> {
        let parse = |input: ParseStream<'_>| {
            let mut items = vec![];
            while !input.is_empty() {
                items.push(input.parse::<syn::Item>()?);
            }
            Ok(items)
        };
        parse.parse2(self.tokens.clone()).unwrap_or_default()
    }

    /// As the inside of a block.
    pub(super) fn block(&self) -> Option<syn::Block> {
        super::macros::block_of(&self.tokens)
    }
}

/// The items of a module, with what its macros come to in their place.
pub(super) fn expand_items(items: Vec<syn::Item>, macros: &mut Macros) -> Vec<syn::Item> {
    macros.uses(&items);
    let mut expanded = vec![];
    for item in items {
        match item {
            syn::Item::Macro(call) if call.ident.is_none() => match macros.expand(&call.mac) {
                Some(expansion) => {
                    macros.enter(&expansion.of);
                    expanded.extend(expand_items(expansion.items(), macros));
                    macros.leave();
                }
                None => expanded.push(syn::Item::Macro(call)),
            },
            syn::Item::Mod(mut module) => {
                if let Some((brace, inner)) = module.content.take() {
                    module.content = Some((brace, expand_items(inner, macros)));
                }
                expanded.push(syn::Item::Mod(module));
            }
            other => expanded.push(other),
        }
    }
    expanded
}

/// Puts a token, with what is in it, at another place.
fn moved(tokens: TokenStream, to: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            if let proc_macro2::TokenTree::Group(group) = &token {
                let inner = moved(group.stream(), to);
                token = proc_macro2::Group::new(group.delimiter(), inner).into();
            }
            token.set_span(to);
            token
        })
        .collect()
}
