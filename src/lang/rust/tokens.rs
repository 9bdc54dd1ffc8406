//! Text → syn's tree. What nests so deep that the parser itself would not come back is refused before.

use std::str::FromStr as _;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::span_of;
use crate::text::Span;

/// How deep brackets may nest.
const MAX_DEPTH: usize = 180;
/// How many tokens may stand in one expression at one level.
const MAX_RUN: usize = 3000;
/// How many signs may stand in a row.
const MAX_SIGNS: usize = 120;

/// Parses a file; gives its tokens too.
///
/// # Errors
/// Where and why the text is no Rust, or cannot be parsed within the limits.
pub(super) fn parse(text: &str) -> Result<(TokenStream, syn::File), (Span, String)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let tokens = TokenStream::from_str(text).map_err(|error| (span_of(error.span()), error.to_string()))?;
    if let Some(span) = too_deep(tokens.clone()) {
        return Err((span, format!("nested deeper than {MAX_DEPTH} levels")));
    }
    let file = syn::parse2(tokens.clone()).map_err(|error| (span_of(error.span()), error.to_string()))?;
    Ok((tokens, file))
}

/// Where tokens nest, or follow one another in one expression, further than the parser should go.
pub(super) fn too_deep(tokens: TokenStream) -> Option<Span> {
    let mut levels = vec![Level::new(tokens)];
    while let Some(level) = levels.last_mut() {
        let Some(token) = level.tokens.next() else {
            levels.pop();
            continue;
        };
        if level.goes_on_for_too_long(&token) {
            return Some(span_of(token.span()));
        }
        if let TokenTree::Group(group) = token {
            if levels.len() >= MAX_DEPTH {
                return Some(span_of(group.span()));
            }
            levels.push(Level::new(group.stream()));
        }
    }
    None
}

/// The tokens between two brackets.
struct Level {
    tokens: proc_macro2::token_stream::IntoIter,
    /// How many of them belong to the current expression.
    run: usize,
    /// How many signs stand in a row.
    signs: usize,
    /// Whether a block just ended, behind which something new may begin.
    ended: bool,
}

impl Level {
    fn new(tokens: TokenStream) -> Self {
        Self { tokens: tokens.into_iter(), run: 0, signs: 0, ended: false }
    }

    fn goes_on_for_too_long(&mut self, token: &TokenTree) -> bool {
        let sign = match token {
            TokenTree::Punct(sign) => Some(sign.as_char()),
            _ => None,
        };
        let continues = match token {
            TokenTree::Ident(word) => *word == "else" || *word == "as",
            TokenTree::Punct(_) => sign != Some('#'),
            _ => false,
        };
        if matches!(sign, Some(';' | ',')) || self.ended && !continues {
            self.run = 0;
        }
        self.run += 1;
        self.signs = if sign.is_some_and(|sign| sign != ';') { self.signs + 1 } else { 0 };
        self.ended = matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        self.run > MAX_RUN || self.signs > MAX_SIGNS
    }
}
