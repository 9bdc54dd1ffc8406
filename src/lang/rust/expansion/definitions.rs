//! Where macros are defined: in the file, and in the other files of the project, of which only their text is kept.

use std::str::FromStr as _;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::super::super::{ReadText, SharedText};
use super::super::cargo;
use super::super::name;
use super::rules::{Rule, rules};
use crate::text::{SmolStr, paths};

/// The word that defines a macro.
const WORD: &str = "macro_rules";
/// How many macros of a project are kept.
const MAX_SHARED: usize = 400;
/// How long the text of one is at most.
const MAX_TEXT: usize = 60_000;

/// A macro.
#[derive(Clone)]
pub(super) struct Definition {
    pub(super) name: SmolStr,
    /// The name of its crate.
    pub(super) of: SmolStr,
    /// Whether it stands in the file itself.
    pub(super) is_here: bool,
    body: Body,
}

#[derive(Clone)]
enum Body {
    Tokens(TokenStream),
    Text(String),
}

impl Definition {
    /// One that another file of the project has.
    pub(super) fn of(shared: &SharedText) -> Option<Self> {
        let (of, name) = shared.name.split_once("::")?;
        let body = Body::Text(shared.text.clone());
        Some(Self { name: name.into(), of: of.into(), is_here: false, body })
    }

    /// Its rules; `None` where it does not read.
    pub(super) fn rules(&self) -> Option<Vec<Rule>> {
        match &self.body {
            Body::Tokens(tokens) => rules(tokens.clone()),
            Body::Text(text) => rules(TokenStream::from_str(text).ok()?),
        }
    }
}

/// The macros that tokens define, however deep inside.
pub(super) fn read(tokens: &TokenStream, of: &str, found: &mut Vec<Definition>) {
    each(tokens, &mut |name, group| {
        let body = Body::Tokens(group.stream());
        found.push(Definition { name, of: of.into(), is_here: true, body });
    });
}

fn each(tokens: &TokenStream, visit: &mut dyn FnMut(SmolStr, &Group)) {
    let mut levels = vec![tokens.clone().into_iter()];
    // `macro_rules`, `!` and the name, as far as they came by.
    let mut seen = 0;
    let mut called = SmolStr::default();
    while let Some(level) = levels.last_mut() {
        let Some(token) = level.next() else {
            levels.pop();
            continue;
        };
        match &token {
            TokenTree::Ident(word) if *word == WORD => seen = 1,
            TokenTree::Punct(sign) if seen == 1 && sign.as_char() == '!' => seen = 2,
            TokenTree::Ident(word) if seen == 2 => {
                called = name(word);
                seen = 3;
            }
            TokenTree::Group(group) => {
                if seen == 3 {
                    visit(std::mem::take(&mut called), group);
                } else if group.delimiter() == Delimiter::Brace {
                    levels.push(group.stream().into_iter());
                }
                seen = 0;
            }
            _ => seen = 0,
        }
    }
}

/// The macros that the files of a project define, for each other.
pub(in super::super) fn shared(files: &[String], read: &ReadText<'_>) -> Vec<SharedText> {
    let crates = cargo::crates(files, read);
    let mut found = vec![];
    for file in files.iter().filter(|file| file.rsplit_once('.').is_some_and(|(_, ending)| ending == "rs")) {
        let Some(text) = read(file).filter(|text| text.contains(WORD)) else { continue };
        proc_macro2::extra::invalidate_current_thread_spans();
        let Ok(tokens) = TokenStream::from_str(&text) else { continue };
        let of = crates
            .iter()
            .filter(|(folder, _)| paths::is_below(file, folder))
            .max_by_key(|(folder, _)| folder.len());
        let of = of.map(|(_, name)| name.clone()).unwrap_or_default();
        each(&tokens, &mut |name, group| {
            let range = group.span().byte_range();
            let body = text.get(range.start + 1..range.end.saturating_sub(1)).unwrap_or_default();
            if found.len() < MAX_SHARED && body.len() <= MAX_TEXT {
                let name = format!("{of}::{name}").into();
                found.push(SharedText { file: file.clone(), name, text: body.to_owned() });
            }
        });
    }
    // Without a macro nobody asks which crate a file is of.
    if !found.is_empty() {
        let crates =
            crates.into_iter().map(|(folder, name)| SharedText { file: folder, name, text: String::new() });
        found.extend(crates);
    }
    found
}

/// The crate that a file belongs to.
pub(super) fn crate_of(path: &str, shared: &[SharedText]) -> Option<SmolStr> {
    let is_around = |known: &&SharedText| !known.name.contains("::") && paths::is_below(path, &known.file);
    let nearest = shared.iter().filter(is_around).max_by_key(|known| known.file.len());
    nearest.map(|known| known.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_macros_of_a_project_are_found_by_crate() {
        let files = ["kit/Cargo.toml", "kit/src/lib.rs", "app/src/main.rs"].map(str::to_owned);
        let read = |path: &str| match path {
            "kit/Cargo.toml" => Some("[package]\nname = \"order-kit\"\n".to_owned()),
            "kit/src/lib.rs" => {
                Some("mod inner { #[macro_export] macro_rules! put { ($a:expr) => { $a }; } }".to_owned())
            }
            _ => Some("fn main() {}".to_owned()),
        };
        let found = shared(&files, &read);
        let found: Vec<(&str, &str, &str)> =
            found.iter().map(|text| (text.file.as_str(), text.name.as_str(), text.text.as_str())).collect();
        assert_eq!(
            found,
            [("kit/src/lib.rs", "order_kit::put", " ($a:expr) => { $a }; "), ("kit", "order_kit", "")]
        );
    }
}
