//! What a document of GraphQL asks for, and the API that a URL is of.

use crate::text::{Hole, Piece, TemplateString};

/// The kinds of operation and the types that their fields are of.
const OPERATIONS: [(&str, &str); 3] =
    [("mutation", "Mutation"), ("query", "Query"), ("subscription", "Subscription")];
/// What stands for a hole.
const HOLE: char = '\u{fffc}';

/// `Type/fields/name` of the first operation; `*` for what is not known, and for the name where there are several.
pub(super) fn field(document: &TemplateString) -> TemplateString {
    let text = plain(document);
    let mut rest = text.trim_start();
    let mut kind = None;
    if rest.starts_with('{') {
        kind = Some("Query");
    }
    while kind.is_none() {
        let end = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        kind = OPERATIONS.iter().find(|(name, _)| *name == word).map(|(_, kind)| *kind);
        // Fragments may stand before the operation.
        let next = if kind.is_some() { behind } else { behind.split_once('}').map_or("", |(_, rest)| rest) };
        rest = next.trim_start();
        if rest.is_empty() {
            break;
        }
    }
    let mut result = kind.map_or_else(|| Hole::Unknown.into(), TemplateString::from);
    result.push_str("/fields/");
    match names(rest).as_slice() {
        [only] if kind.is_some() && !only.contains(HOLE) => result.push_str(only),
        _ => result.push_hole(Hole::Unknown),
    }
    result
}

/// The fields at the top of an operation, by their own names.
fn names(operation: &str) -> Vec<&str> {
    let mut names: Vec<&str> = vec![];
    let (mut braces, mut brackets) = (0_u32, 0_u32);
    let mut start: Option<usize> = None;
    for (at, letter) in operation.char_indices() {
        let is_part = letter.is_alphanumeric() || letter == '_' || letter == HOLE;
        if braces == 1 && brackets == 0 && is_part {
            start.get_or_insert(at);
            continue;
        }
        if let Some(name) = start.take().and_then(|start| operation.get(start..at)) {
            names.push(name);
        }
        match letter {
            '(' => brackets += 1,
            ')' => brackets = brackets.saturating_sub(1),
            '{' if brackets == 0 => braces += 1,
            '}' if brackets == 0 => {
                braces = braces.saturating_sub(1);
                if braces == 0 {
                    break;
                }
            }
            // What stands in front of it was only another name for what follows.
            ':' if braces == 1 && brackets == 0 => drop(names.pop()),
            _ => {}
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// The text without comments, and with a sign for each hole.
fn plain(document: &TemplateString) -> String {
    let mut text = String::new();
    for piece in document.pieces() {
        match piece {
            Piece::Text(known) => text.push_str(known),
            Piece::Hole(_) => text.push(HOLE),
        }
    }
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default());
    lines.collect::<Vec<&str>>().join("\n")
}

/// The API whose URL it is.
pub(super) fn api(url: &TemplateString) -> TemplateString {
    let mut behind = url.clone();
    // What a program takes for the host may be a whole URL of the deployment.
    while let Some(rest) = behind.strip_prefix("https://") {
        behind = rest;
    }
    let host = behind.split('/').into_iter().next().unwrap_or_default();
    let first = host.split('.').into_iter().next().unwrap_or_default();
    match first.pieces().first() {
        Some(Piece::Hole(hole @ Hole::Resource { .. })) => hole.clone().into(),
        _ => Hole::Unknown.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_an_operation_asks_for() {
        let of = |document: &str| field(&document.into()).to_string();
        assert_eq!(
            of("mutation Put($id: ID!) {\n  put(id: $id, at: {x: 1}) { id } }"),
            "Mutation/fields/put"
        );
        assert_eq!(of("# all\n{ orders { id } }"), "Query/fields/orders");
        assert_eq!(of("query { mine: orders(first: 1) { id } }"), "Query/fields/orders");
        assert_eq!(of("query { orders { id } clients { id } }"), "Query/fields/*");
        assert_eq!(
            of("fragment F on Order { id }\nsubscription S { placed { id } }"),
            "Subscription/fields/placed"
        );
        assert_eq!(of("whatever"), "*/fields/*");
        assert_eq!(field(&Hole::Unknown.into()).to_string(), "*/fields/*");
    }

    #[test]
    fn tells_the_api_of_a_resource() {
        let mut url = TemplateString::from("https://");
        url.push_hole(Hole::Resource { id: "Api".into(), attribute: "ApiId".into() });
        url.push_str(".appsync-api.eu-west-1.amazonaws.com/graphql");
        assert!(matches!(api(&url).as_hole(), Some(Hole::Resource { .. })));
        assert_eq!(api(&"https://abc.appsync-api.eu-west-1.amazonaws.com/graphql".into()).to_string(), "*");
    }
}
