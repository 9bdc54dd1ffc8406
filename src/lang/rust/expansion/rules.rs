//! The rules of a macro: what each takes, and what it comes to.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use super::matching::{Value, Values, matches};
use super::moved;

/// One rule.
pub(super) struct Rule {
    pattern: Vec<Part>,
    body: TokenStream,
}

/// A part of what a rule takes.
#[derive(Clone)]
pub(super) enum Part {
    Token(TokenTree),
    Group(Delimiter, Vec<Part>),
    /// `$name:kind`
    Fragment(String, String),
    /// `$( … ) separator sign`
    Repeated(Vec<Part>, Option<TokenTree>, char),
}

/// The rules in the body of a macro; `None` where it does not read.
pub(super) fn rules(body: TokenStream) -> Option<Vec<Rule>> {
    let mut tokens = body.into_iter().peekable();
    let mut found = vec![];
    while let Some(first) = tokens.next() {
        let TokenTree::Group(pattern) = first else { return None };
        // `=>`
        tokens.next()?;
        tokens.next()?;
        let TokenTree::Group(body) = tokens.next()? else { return None };
        found.push(Rule { pattern: parts(pattern.stream())?, body: body.stream() });
        if matches!(tokens.peek(), Some(TokenTree::Punct(sign)) if sign.as_char() == ';') {
            tokens.next();
        }
    }
    Some(found)
}

/// The parts of a pattern.
fn parts(tokens: TokenStream) -> Option<Vec<Part>> {
    let mut tokens = tokens.into_iter().peekable();
    let mut found = vec![];
    while let Some(token) = tokens.next() {
        let part = match token {
            TokenTree::Punct(sign) if sign.as_char() == '$' => match tokens.next()? {
                TokenTree::Ident(name) => {
                    // `:`
                    tokens.next()?;
                    let TokenTree::Ident(kind) = tokens.next()? else { return None };
                    Part::Fragment(name.to_string(), kind.to_string())
                }
                TokenTree::Group(inner) => {
                    let (separator, sign) = repetition(&mut tokens)?;
                    Part::Repeated(parts(inner.stream())?, separator, sign)
                }
                _ => return None,
            },
            TokenTree::Group(group) => Part::Group(group.delimiter(), parts(group.stream())?),
            other => Part::Token(other),
        };
        found.push(part);
    }
    Some(found)
}

/// What stands behind `$( … )`: a separator, where there is one, and the sign.
fn repetition(tokens: &mut impl Iterator<Item = TokenTree>) -> Option<(Option<TokenTree>, char)> {
    let sign_of = |token: &TokenTree| match token {
        TokenTree::Punct(sign) if matches!(sign.as_char(), '*' | '+' | '?') => Some(sign.as_char()),
        _ => None,
    };
    let first = tokens.next()?;
    if let Some(sign) = sign_of(&first) {
        return Some((None, sign));
    }
    let sign = tokens.find_map(|token| sign_of(&token))?;
    Some((Some(first), sign))
}

impl Rule {
    /// What the rule makes of what a call is given, and how many of the tokens are left that there may be; `None` where it
    /// does not take that, or comes to more.
    pub(super) fn apply(
        &self,
        given: &[TokenTree],
        root: &Ident,
        at: Span,
        left: usize,
    ) -> Option<(TokenStream, usize)> {
        let mut values = Values::new();
        matches(&self.pattern, given, &mut values).filter(|rest| rest.is_empty())?;
        let mut writer = Writer { root, at, left };
        let written = writer.write(self.body.clone(), &values)?;
        Some((written, writer.left))
    }
}

/// Writes what a rule comes to.
struct Writer<'a> {
    /// What `$crate` means.
    root: &'a Ident,
    at: Span,
    left: usize,
}

impl Writer<'_> {
    fn write(&mut self, body: TokenStream, values: &Values) -> Option<TokenStream> {
        let mut tokens = body.into_iter().peekable();
        let mut written = TokenStream::new();
        while let Some(token) = tokens.next() {
            self.left = self.left.checked_sub(1)?;
            match token {
                TokenTree::Punct(sign) if sign.as_char() == '$' => match tokens.next()? {
                    TokenTree::Ident(word) if word == "crate" => {
                        written.extend([TokenTree::Ident(self.root.clone())]);
                    }
                    TokenTree::Ident(word) => match values.get(&word.to_string()) {
                        Some(Value::Tokens(tokens)) => {
                            self.left = self.left.checked_sub(size(tokens))?;
                            written.extend(tokens.clone());
                        }
                        Some(Value::Each(_)) => return None,
                        None => written.extend([TokenTree::Punct(sign), TokenTree::Ident(word)]),
                    },
                    TokenTree::Group(inner) => {
                        let (separator, _) = repetition(&mut tokens)?;
                        written.extend(self.repeat(&inner.stream(), separator.as_ref(), values)?);
                    }
                    other => written.extend([other]),
                },
                TokenTree::Group(group) => {
                    let inner = self.write(group.stream(), values)?;
                    let mut group = Group::new(group.delimiter(), inner);
                    group.set_span(self.at);
                    written.extend([TokenTree::Group(group)]);
                }
                other => written.extend(moved(other.into(), self.at)),
            }
        }
        Some(written)
    }

    fn repeat(
        &mut self,
        inner: &TokenStream,
        separator: Option<&TokenTree>,
        values: &Values,
    ) -> Option<TokenStream> {
        let mut used = vec![];
        mentioned(inner.clone(), &mut used);
        let repeated = || {
            used.iter().filter_map(|name| match values.get(name) {
                Some(Value::Each(each)) => Some((name, each)),
                _ => None,
            })
        };
        let count = repeated().map(|(_, each)| each.len()).max().unwrap_or(0);
        let mut written = TokenStream::new();
        for turn in 0..count {
            let mut own: Values = values.clone();
            for (name, each) in repeated() {
                own.insert(name.clone(), each.get(turn)?.clone());
            }
            if turn > 0 {
                written.extend(
                    separator
                        .cloned()
                        .map(|separator| moved(separator.into(), self.at))
                        .into_iter()
                        .flatten(),
                );
            }
            written.extend(self.write(inner.clone(), &own)?);
        }
        Some(written)
    }
}

/// How many tokens there are, with those inside of others.
fn size(tokens: &TokenStream) -> usize {
    let mut levels = vec![tokens.clone().into_iter()];
    let mut count = 0;
    while let Some(level) = levels.last_mut() {
        match level.next() {
            Some(TokenTree::Group(group)) => levels.push(group.stream().into_iter()),
            Some(_) => count += 1,
            None => {
                levels.pop();
            }
        }
    }
    count
}

/// The names behind a `$` in tokens.
fn mentioned(tokens: TokenStream, names: &mut Vec<String>) {
    let mut levels = vec![tokens.into_iter()];
    let mut marked = false;
    while let Some(level) = levels.last_mut() {
        match level.next() {
            Some(TokenTree::Punct(sign)) => marked = sign.as_char() == '$',
            Some(TokenTree::Ident(word)) => {
                if std::mem::take(&mut marked) {
                    names.push(word.to_string());
                }
            }
            Some(TokenTree::Group(group)) => {
                marked = false;
                levels.push(group.stream().into_iter());
            }
            Some(TokenTree::Literal(_)) => marked = false,
            None => {
                levels.pop();
            }
        }
    }
}

/// The names of fragments in a pattern.
pub(super) fn names_of(parts: &[Part], names: &mut BTreeSet<String>) {
    for part in parts {
        match part {
            Part::Fragment(name, _) => {
                names.insert(name.clone());
            }
            Part::Group(_, inner) | Part::Repeated(inner, _, _) => names_of(inner, names),
            Part::Token(_) => {}
        }
    }
}
