//! What a rule takes of what a call is given.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser as _};

use super::rules::{Part, names_of};

/// How often one part is repeated at most.
const MAX_TURNS: usize = 500;

/// What the names of a pattern stand for.
pub(super) type Values = BTreeMap<String, Value>;

/// What a name of a pattern stands for.
#[derive(Clone)]
pub(super) enum Value {
    Tokens(TokenStream),
    /// One for each turn of what is repeated.
    Each(Vec<Value>),
}

/// Matches tokens from the first on; gives the rest.
pub(super) fn matches<'t>(
    parts: &[Part],
    mut given: &'t [TokenTree],
    values: &mut Values,
) -> Option<&'t [TokenTree]> {
    for part in parts {
        given = match part {
            Part::Token(wanted) => {
                let (first, rest) = given.split_first()?;
                is_same(wanted, first).then_some(rest)?
            }
            Part::Group(delimiter, inner) => {
                let (TokenTree::Group(group), rest) = given.split_first()? else { return None };
                let within: Vec<TokenTree> = group.stream().into_iter().collect();
                let is_taken = group.delimiter() == *delimiter
                    && matches(inner, &within, values).is_some_and(<[TokenTree]>::is_empty);
                is_taken.then_some(rest)?
            }
            Part::Fragment(name, kind) => {
                let count = length(kind, given)?;
                let (taken, rest) = given.split_at_checked(count)?;
                values.insert(name.clone(), Value::Tokens(fragment(kind, taken)));
                rest
            }
            Part::Repeated(inner, separator, sign) => {
                let (rest, turns) = repeated(inner, separator.as_ref(), *sign, given, values);
                if *sign == '+' && turns == 0 {
                    return None;
                }
                rest
            }
        };
    }
    Some(given)
}

fn repeated<'t>(
    inner: &[Part],
    separator: Option<&TokenTree>,
    sign: char,
    mut given: &'t [TokenTree],
    values: &mut Values,
) -> (&'t [TokenTree], usize) {
    let mut names = BTreeSet::new();
    names_of(inner, &mut names);
    let mut found: BTreeMap<String, Vec<Value>> = names.into_iter().map(|name| (name, vec![])).collect();
    let mut turns = 0;
    while turns < MAX_TURNS && !(sign == '?' && turns == 1) {
        let mut rest = given;
        if let Some(separator) = separator.filter(|_| turns > 0) {
            match rest.split_first() {
                Some((first, behind)) if is_same(separator, first) => rest = behind,
                _ => break,
            }
        }
        let mut own = Values::new();
        let Some(behind) = matches(inner, rest, &mut own).filter(|behind| behind.len() < given.len()) else {
            break;
        };
        for (name, each) in &mut found {
            each.extend(own.remove(name));
        }
        given = behind;
        turns += 1;
    }
    values.extend(found.into_iter().map(|(name, each)| (name, Value::Each(each))));
    (given, turns)
}

fn is_same(wanted: &TokenTree, given: &TokenTree) -> bool {
    match (wanted, given) {
        (TokenTree::Ident(wanted), TokenTree::Ident(given)) => wanted == given,
        (TokenTree::Punct(wanted), TokenTree::Punct(given)) => wanted.as_char() == given.as_char(),
        (TokenTree::Literal(wanted), TokenTree::Literal(given)) => wanted.to_string() == given.to_string(),
        _ => false,
    }
}

/// How many tokens a fragment of a kind takes; `None` where there is none.
fn length(kind: &str, given: &[TokenTree]) -> Option<usize> {
    let first = given.first();
    match kind {
        "ident" => matches!(first, Some(TokenTree::Ident(word)) if word != "_").then_some(1),
        "lifetime" => is_lifetime(first).then_some(2),
        "tt" => first.map(|_| if is_lifetime(first) { 2 } else { 1 }),
        "literal" => match first? {
            TokenTree::Literal(_) => Some(1),
            TokenTree::Ident(word) if word == "true" || word == "false" => Some(1),
            TokenTree::Punct(sign) if sign.as_char() == '-' => {
                matches!(given.get(1), Some(TokenTree::Literal(_))).then_some(2)
            }
            // What another macro took for one.
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => Some(1),
            _ => None,
        },
        "block" => {
            matches!(first?, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace).then_some(1)
        }
        "expr" | "expr_2021" => parsed::<syn::Expr>(given, syn::Expr::parse),
        "ty" => parsed::<syn::Type>(given, syn::Type::parse),
        "path" => parsed::<syn::Path>(given, syn::Path::parse),
        "pat" => parsed::<syn::Pat>(given, syn::Pat::parse_multi_with_leading_vert),
        "pat_param" => parsed::<syn::Pat>(given, syn::Pat::parse_single),
        "item" => parsed::<syn::Item>(given, syn::Item::parse),
        "meta" => parsed::<syn::Meta>(given, syn::Meta::parse),
        "vis" => parsed::<syn::Visibility>(given, syn::Visibility::parse),
        "stmt" => statement(given),
        _ => None,
    }
}

fn is_lifetime(first: Option<&TokenTree>) -> bool {
    matches!(first, Some(TokenTree::Punct(sign)) if sign.as_char() == '\'')
}

/// How many tokens belong to what a parser reads.
fn parsed<T>(given: &[TokenTree], read: fn(ParseStream<'_>) -> syn::Result<T>) -> Option<usize> {
    let parser = |input: ParseStream<'_>| {
        read(input)?;
        let rest: TokenStream = input.parse()?;
        Ok(rest.into_iter().count())
    };
    let rest = parser.parse2(given.iter().cloned().collect()).ok()?;
    given.len().checked_sub(rest)
}

/// A statement without the `;` behind it.
fn statement(given: &[TokenTree]) -> Option<usize> {
    let is_let = matches!(given.first(), Some(TokenTree::Ident(word)) if word == "let");
    if is_let {
        let end =
            given.iter().position(|token| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';'));
        return Some(end.unwrap_or(given.len()));
    }
    let as_item = || parsed::<syn::Item>(given, syn::Item::parse);
    parsed::<syn::Expr>(given, syn::Expr::parse).or_else(as_item)
}

/// What a fragment stands for: one that is an expression or a type stays together wherever it is put.
fn fragment(kind: &str, taken: &[TokenTree]) -> TokenStream {
    let tokens: TokenStream = taken.iter().cloned().collect();
    if taken.len() > 1 && matches!(kind, "expr" | "expr_2021" | "ty") {
        return TokenTree::Group(Group::new(Delimiter::None, tokens)).into();
    }
    tokens
}
