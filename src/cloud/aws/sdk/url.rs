//! The parts of a URL that is known in part.

use crate::text::{Piece, TemplateString};

/// Whether a filter asks for a part of a URL: `host`, `segment.NAME` (what follows the segment of that name in the path),
/// `query.NAME` (a parameter's value).
pub(super) fn asks(filter: &str) -> bool {
    filter == "host" || filter.starts_with("segment.") || filter.starts_with("query.")
}

/// The part that a filter asks for; `None` where the URL has none.
pub(super) fn part(url: &TemplateString, filter: &str) -> Option<TemplateString> {
    match filter.split_once('.') {
        Some(("segment", name)) => segment(url, name),
        Some((_, name)) => query(url, name),
        None => host(url),
    }
}

fn host(url: &TemplateString) -> Option<TemplateString> {
    let behind_scheme = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let host = before(&before(&behind_scheme, '/'), ':');
    (!host.is_empty()).then_some(host)
}

fn segment(url: &TemplateString, name: &str) -> Option<TemplateString> {
    let mut segments = before(url, '?').split('/').into_iter();
    segments.find(|segment| segment.as_literal() == Some(name))?;
    segments.next().filter(|segment| !segment.is_empty()).map(|segment| decoded(&segment))
}

fn query(url: &TemplateString, name: &str) -> Option<TemplateString> {
    let query = url.splitn(2, '?').into_iter().nth(1)?;
    query.split('&').into_iter().find_map(|pair| {
        let mut sides = pair.splitn(2, '=').into_iter();
        let is_named = sides.next()?.as_literal() == Some(name);
        is_named
            .then(|| sides.next())
            .flatten()
            .filter(|value| !value.is_empty())
            .map(|value| decoded(&value))
    })
}

fn before(text: &TemplateString, separator: char) -> TemplateString {
    text.splitn(2, separator).into_iter().next().unwrap_or_default()
}

/// A text without the `%2F` of URLs, where the bytes are ASCII.
fn decoded(text: &TemplateString) -> TemplateString {
    let mut plain = TemplateString::new();
    for piece in text.pieces() {
        match piece {
            Piece::Hole(hole) => plain.push_hole(hole.clone()),
            Piece::Text(text) => {
                let mut parts = text.split('%');
                plain.push_str(parts.next().unwrap_or_default());
                for part in parts {
                    let byte = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
                    match (byte.filter(u8::is_ascii), part.get(2..)) {
                        (Some(byte), Some(rest)) => {
                            plain.push_str(char::from(byte).encode_utf8(&mut [0; 4]));
                            plain.push_str(rest);
                        }
                        _ => {
                            plain.push_str("%");
                            plain.push_str(part);
                        }
                    }
                }
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Hole;

    fn known(url: &str, filter: &str) -> Option<String> {
        part(&url.into(), filter).map(|text| text.to_string())
    }

    #[test]
    fn takes_parts_of_urls() {
        let url =
            "http://localhost:2773/systemsmanager/parameters/get?name=%2Forders%2Fkey&withDecryption=true";
        assert_eq!(known(url, "query.name").as_deref(), Some("/orders/key"));
        assert_eq!(known(url, "query.version"), None);
        assert_eq!(known(url, "segment.parameters").as_deref(), Some("get"));
        assert_eq!(known(url, "segment.get"), None);
        assert_eq!(known(url, "host").as_deref(), Some("localhost"));
        assert_eq!(known("localhost/x", "host"), None);
        assert_eq!(known("http://h/?q=100%", "query.q").as_deref(), Some("100%"));
    }

    #[test]
    fn keeps_holes() {
        let mut url = TemplateString::from("https://");
        url.push_hole(Hole::Environment("HOST".into()));
        url.push_str(":5432/?DBUser=");
        url.push_hole(Hole::Environment("USER".into()));
        let hole = |name: &str| Some(TemplateString::hole(Hole::Environment(name.into())));
        assert_eq!(part(&url, "host"), hole("HOST"));
        assert_eq!(part(&url, "query.DBUser"), hole("USER"));
    }
}
