//! Macros: the common ones as what they come to, others by the expressions in them.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Expr, ItemStatic, Macro, Pat, Token};

use crate::ir::{Argument, Node, NodeId};
use crate::text::{SmolStr, Span};

use super::control::Arms;
use super::format::{self, Part};
use super::{Lowering, name, span};

/// Macros that look at their arguments and forget them.
const WATCHING: [&str; 24] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "debug",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "ensure",
    "eprint",
    "eprintln",
    "error",
    "event",
    "info",
    "info_span",
    "log",
    "metric",
    "print",
    "println",
    "span",
    "trace",
    "warn",
    "write",
    "writeln",
    "debug_span",
];
/// Macros whose text is settled when the program is built.
const BUILT: [&str; 9] = [
    "column",
    "env",
    "file",
    "include_bytes",
    "include_str",
    "line",
    "module_path",
    "option_env",
    "stringify",
];
/// Macros that end the routine.
const LEAVING: [&str; 5] = ["bail", "panic", "todo", "unimplemented", "unreachable"];

impl Lowering {
    /// What a macro comes to.
    pub(super) fn expand(&mut self, call: &Macro) -> NodeId {
        let at = span(&call.path);
        let Some(last) = call.path.segments.last() else { return self.builder.unknown(at) };
        let called = name(&last.ident);
        if let Some(value) = self.own_macro(call) {
            return value;
        }
        match called.as_str() {
            "format" | "format_args" => self.text_with_places(&call.tokens, at),
            "vec" | "smallvec" => self.list(&call.tokens, at),
            "json" => match syn::parse2::<Json>(call.tokens.clone()) {
                Ok(json) => self.json(&json, at),
                Err(_) => self.unfamiliar(&called, &call.tokens, at),
            },
            "join" | "try_join" => {
                let elements = self.given(&call.tokens);
                self.builder.node(Node::List(elements), at)
            }
            "select" | "select_biased" => self.select(&call.tokens, at),
            "concat" => {
                let parts = self.given(&call.tokens).iter().map(Argument::value).collect();
                self.builder.node(Node::Concat(parts), at)
            }
            "dbg" | "pin" | "pin_mut" => {
                let values = self.given(&call.tokens);
                values.first().map_or_else(|| self.nil(at), Argument::value)
            }
            "matches" => {
                self.given(&call.tokens);
                self.call_native("<flag>", vec![], at)
            }
            "stream" | "try_stream" => match block_of(&call.tokens) {
                Some(block) => self.detached(&block, at),
                None => self.unfamiliar(&called, &call.tokens, at),
            },
            other if BUILT.contains(&other) => self.call_native("<text>", vec![], at),
            other if LEAVING.contains(&other) => {
                self.given(&call.tokens);
                self.left = true;
                self.never(at)
            }
            other if WATCHING.contains(&other) => {
                self.given(&call.tokens);
                self.nil(at)
            }
            _ => self.unfamiliar(&called, &call.tokens, at),
        }
    }

    /// What a macro of the project comes to.
    fn own_macro(&mut self, call: &Macro) -> Option<NodeId> {
        let expansion = self.macros.expand(call)?;
        let block = expansion.block()?;
        let at = span(&call.path);
        self.macros.enter(&expansion.of);
        let value = if self.builder.descend(at) { self.block(&block) } else { self.builder.unknown(at) };
        self.builder.ascend();
        self.macros.leave();
        Some(value)
    }

    /// The values in a macro, as far as they read as expressions.
    fn given(&mut self, tokens: &TokenStream) -> Vec<Argument> {
        let found = expressions(tokens);
        let known = found.iter().filter_map(Option::as_ref);
        known.map(|value| Argument::Plain(self.nested(value))).collect()
    }

    /// A macro that nobody knows: what it is handed goes to code outside.
    fn unfamiliar(&mut self, called: &str, tokens: &TokenStream, at: Span) -> NodeId {
        let found = expressions(tokens);
        let mut arguments = vec![];
        if found.iter().all(Option::is_some) {
            arguments = self.given(tokens);
        } else if let Some(block) = block_of(tokens) {
            arguments.push(Argument::Plain(self.detached(&block, at)));
        } else {
            let mut names = vec![];
            mentioned(tokens.clone(), &mut names);
            for mentioned in names {
                if let Some(variable) = self.variable(&mentioned) {
                    arguments.push(Argument::Plain(self.builder.read(&variable, at)));
                }
            }
        }
        let callee = self.native(&format!("{called}!"), at);
        self.builder.call(callee, arguments, at)
    }

    fn text_with_places(&mut self, tokens: &TokenStream, at: Span) -> NodeId {
        let Ok(given) = Punctuated::<FormatArgument, Token![,]>::parse_terminated.parse2(tokens.clone())
        else {
            self.given(tokens);
            return self.call_native("<text>", vec![], at);
        };
        let mut given = given.into_iter();
        let text = given.next().and_then(|first| super::item::text_of(&first.value));
        let values: Vec<(Option<SmolStr>, NodeId)> =
            given.map(|argument| (argument.name, self.nested(&argument.value))).collect();
        let Some(text) = text else { return self.call_native("<text>", vec![], at) };
        let mut next = 0;
        let mut parts = vec![];
        for part in format::parts(&text) {
            let value = match part {
                Part::Text(text) => self.builder.text(&text, at),
                Part::Formatted(is_next) => {
                    next += usize::from(is_next);
                    self.call_native("<text>", vec![], at)
                }
                Part::Place(None) => {
                    next += 1;
                    values.get(next - 1).map_or_else(|| self.builder.unknown(at), |(_, value)| *value)
                }
                Part::Place(Some(place)) => self.named_place(&place, &values, at),
            };
            parts.push(value);
        }
        if parts.is_empty() { self.builder.text("", at) } else { self.builder.node(Node::Concat(parts), at) }
    }

    fn named_place(&mut self, place: &str, values: &[(Option<SmolStr>, NodeId)], at: Span) -> NodeId {
        let by_number = place.parse::<usize>().ok().and_then(|place| values.get(place));
        let named = values.iter().find(|(known, _)| known.as_deref() == Some(place));
        if let Some((_, value)) = named.or(by_number) {
            return *value;
        }
        match self.variable(place) {
            Some(variable) => self.builder.read(&variable, at),
            None => self.builder.unknown(at),
        }
    }

    fn list(&mut self, tokens: &TokenStream, at: Span) -> NodeId {
        let repeated = |input: ParseStream<'_>| {
            let element: Expr = input.parse()?;
            input.parse::<Token![;]>()?;
            input.parse::<Expr>()?;
            Ok(element)
        };
        let elements = match repeated.parse2(tokens.clone()) {
            Ok(element) => vec![Argument::Plain(self.nested(&element))],
            Err(_) => self.given(tokens),
        };
        self.builder.node(Node::List(elements), at)
    }

    fn json(&mut self, json: &Json, at: Span) -> NodeId {
        match json {
            Json::Null => self.nil(at),
            Json::Value(value) => self.nested(value),
            Json::Array(elements) => {
                let elements =
                    elements.iter().map(|element| Argument::Plain(self.json(element, at))).collect();
                self.builder.node(Node::List(elements), at)
            }
            Json::Object(pairs) => {
                let mut lowered = vec![];
                for (key, value) in pairs {
                    let key = self.nested(key);
                    lowered.push((Some(key), self.json(value, at)));
                }
                self.builder.node(Node::Record(lowered), at)
            }
        }
    }

    fn select(&mut self, tokens: &TokenStream, at: Span) -> NodeId {
        let Ok(select) = syn::parse2::<Select>(tokens.clone()) else {
            return self.unfamiliar("select", tokens, at);
        };
        let mut arms = Arms::new(self);
        for branch in &select.branches {
            arms.lower(self, |lowering| {
                if let Some((pattern, value)) = &branch.waits {
                    let value = lowering.nested(value);
                    lowering.bind(pattern, value);
                }
                lowering.nested(&branch.body)
            });
        }
        arms.join(self, false, at)
    }
}

/// The statics in `lazy_static! { … }` or `thread_local! { … }`.
pub(super) fn statics(call: &Macro) -> Vec<ItemStatic> {
    let is_lazy = call
        .path
        .segments
        .last()
        .is_some_and(|last| last.ident == "lazy_static" || last.ident == "thread_local");
    if !is_lazy {
        return vec![];
    }
    // `static ref X: T = …;` is no item of the language, `static X: T = …;` is.
    let is_mark = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if *word == "ref");
    let mut tokens: Vec<TokenTree> =
        call.tokens.clone().into_iter().filter(|token| !is_mark(token)).collect();
    if !tokens.last().is_some_and(|token| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';')) {
        tokens.push(TokenTree::Punct(proc_macro2::Punct::new(';', proc_macro2::Spacing::Alone)));
    }
    let parse = |input: ParseStream<'_>| {
        let mut found = vec![];
        while !input.is_empty() {
            found.push(input.parse::<ItemStatic>()?);
        }
        Ok(found)
    };
    parse.parse2(tokens.into_iter().collect()).unwrap_or_default()
}

/// The expressions between commas. Marks of logging macros in front of one (`name = `, `%`, `?`) are left out; `None` for
/// what does not read as one.
fn expressions(tokens: &TokenStream) -> Vec<Option<Expr>> {
    let mut parts: Vec<Vec<TokenTree>> = vec![vec![]];
    for token in tokens.clone() {
        match &token {
            TokenTree::Punct(sign) if matches!(sign.as_char(), ',' | ';') => parts.push(vec![]),
            _ => {
                if let Some(part) = parts.last_mut() {
                    part.push(token);
                }
            }
        }
    }
    let read = |part: &Vec<TokenTree>| {
        let marks = [0, 1, 2, 3];
        let whole = |skipped: usize| {
            let tokens: TokenStream = part.iter().skip(skipped).cloned().collect();
            syn::parse2::<Expr>(tokens).ok()
        };
        let sign = |place: usize| match part.get(place) {
            Some(TokenTree::Punct(sign)) => Some(sign.as_char()),
            _ => None,
        };
        // `count = 3`, `target: "x"`, but neither `a == b` nor `a::b`.
        let is_named = matches!(sign(1), Some('=' | ':')) && sign(2) != sign(1);
        let skips = marks.into_iter().filter(|skipped| !(is_named && *skipped < 2));
        skips.filter(|skipped| *skipped < part.len()).find_map(whole)
    };
    parts.iter().filter(|part| !part.is_empty()).map(read).collect()
}

/// Tokens as the inside of a block.
pub(super) fn block_of(tokens: &TokenStream) -> Option<syn::Block> {
    let group = TokenTree::Group(Group::new(Delimiter::Brace, tokens.clone()));
    syn::parse2(TokenStream::from(group)).ok()
}

/// The names in tokens.
fn mentioned(tokens: TokenStream, names: &mut Vec<SmolStr>) {
    let mut levels = vec![tokens.into_iter()];
    while let Some(level) = levels.last_mut() {
        match level.next() {
            Some(TokenTree::Ident(ident)) => {
                let found = name(&ident);
                if !names.contains(&found) {
                    names.push(found);
                }
            }
            Some(TokenTree::Group(group)) => levels.push(group.stream().into_iter()),
            Some(_) => {}
            None => {
                levels.pop();
            }
        }
    }
}

/// An argument of `format!`.
struct FormatArgument {
    name: Option<SmolStr>,
    value: Expr,
}

impl Parse for FormatArgument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let is_named = input.peek(syn::Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]);
        let named = if is_named {
            let ident: syn::Ident = input.parse()?;
            input.parse::<Token![=]>()?;
            Some(name(&ident))
        } else {
            None
        };
        Ok(Self { name: named, value: input.parse()? })
    }
}

/// A document in `json!`.
enum Json {
    Null,
    Array(Vec<Json>),
    Object(Vec<(Expr, Json)>),
    Value(Box<Expr>),
}

impl Parse for Json {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(syn::token::Brace) {
            let inner;
            syn::braced!(inner in input);
            let pairs = Punctuated::<Pair, Token![,]>::parse_terminated(&inner)?;
            return Ok(Self::Object(pairs.into_iter().map(|pair| (pair.key, pair.value)).collect()));
        }
        if input.peek(syn::token::Bracket) {
            let inner;
            syn::bracketed!(inner in input);
            let elements = Punctuated::<Self, Token![,]>::parse_terminated(&inner)?;
            return Ok(Self::Array(elements.into_iter().collect()));
        }
        let value: Expr = input.parse()?;
        let is_null = matches!(&value, Expr::Path(path) if path.path.is_ident("null"));
        Ok(if is_null { Self::Null } else { Self::Value(Box::new(value)) })
    }
}

struct Pair {
    key: Expr,
    value: Json,
}

impl Parse for Pair {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = input.parse()?;
        input.parse::<Token![:]>()?;
        Ok(Self { key, value: input.parse()? })
    }
}

/// The branches of `select!`.
struct Select {
    branches: Vec<Branch>,
}

struct Branch {
    /// What is waited for, and what takes its value.
    waits: Option<(Pat, Expr)>,
    body: Expr,
}

impl Parse for Select {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut branches = vec![];
        if input.peek(syn::Ident) && input.peek2(Token![;]) {
            input.parse::<syn::Ident>()?;
            input.parse::<Token![;]>()?;
        }
        while !input.is_empty() {
            branches.push(input.parse()?);
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(Self { branches })
    }
}

impl Parse for Branch {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let is_default = input.peek(Token![else]) || input.peek2(Token![=>]);
        let waits = if is_default {
            input.parse::<TokenTree>()?;
            None
        } else {
            let pattern = Pat::parse_multi_with_leading_vert(input)?;
            input.parse::<Token![=]>()?;
            let value = input.parse()?;
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
                input.parse::<Token![if]>()?;
                input.parse::<Expr>()?;
            }
            Some((pattern, value))
        };
        input.parse::<Token![=>]>()?;
        Ok(Self { waits, body: input.parse()? })
    }
}
