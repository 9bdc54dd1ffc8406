//! Source maps: which place of a source a place of what was built of it came from.

use serde::Deserialize;

/// How many segments of one map are read.
const MAX_SEGMENTS: usize = 4_000_000;

/// A source map, read.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    /// The sources by the names that the map has for them, with their texts where it has these.
    pub sources: Vec<(String, Option<String>)>,
    /// For each line of what was built its segments by column.
    lines: Vec<Vec<Segment>>,
}

/// The column in what was built, then the source, line and column that it came from, all from 0.
type Segment = (u32, u32, u32, u32);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(default)]
    source_root: Option<String>,
    #[serde(default)]
    sources: Vec<Option<String>>,
    #[serde(default)]
    sources_content: Vec<Option<String>>,
    #[serde(default)]
    mappings: String,
}

impl SourceMap {
    /// Reads a map; `None` for what is none.
    pub fn read(text: &str) -> Option<Self> {
        // A line before the document keeps it from being taken for a program.
        let document = if text.starts_with(")]}") { text.split_once('\n')?.1 } else { text };
        // A list would be read as the members in order.
        let document = document.trim_start().starts_with('{').then_some(document)?;
        let written: Written = serde_json::from_str(document).ok()?;
        let root = written.source_root.unwrap_or_default();
        let root = if root.is_empty() || root.ends_with('/') { root } else { format!("{root}/") };
        let mut texts = written.sources_content.into_iter();
        let named = |name: Option<String>| name.map_or_else(String::new, |name| format!("{root}{name}"));
        let sources = written.sources.into_iter().map(|name| (named(name), texts.next().flatten())).collect();
        Some(Self { sources, lines: decoded(&written.mappings)? })
    }

    /// The source, line and column (all from 0) that a place came from; columns count UTF-16 units.
    pub fn original(&self, line: u32, column: u32) -> Option<(u32, u32, u32)> {
        let segments = self.lines.get(usize::try_from(line).ok()?)?;
        let behind = segments.partition_point(|(start, ..)| *start <= column);
        let (_, source, line, column) = segments.get(behind.checked_sub(1)?)?;
        Some((*source, *line, *column))
    }
}

/// The segments of each line. Numbers are differences from the segment before, in base 64, five bits a letter.
fn decoded(mappings: &str) -> Option<Vec<Vec<Segment>>> {
    let mut lines = vec![];
    let mut known = 0;
    let (mut source, mut line, mut place) = (0_i64, 0_i64, 0_i64);
    for written in mappings.split(';') {
        let mut segments = vec![];
        let mut column = 0_i64;
        for segment in written.split(',').filter(|segment| !segment.is_empty()) {
            let numbers = numbers(segment)?;
            column += numbers.first().copied().unwrap_or_default();
            // One number alone is a place that came from nowhere.
            let [_, from, down, along, ..] = numbers.as_slice() else { continue };
            source += from;
            line += down;
            place += along;
            known += 1;
            let whole = |number: i64| u32::try_from(number).ok();
            segments.push((whole(column)?, whole(source)?, whole(line)?, whole(place)?));
        }
        if known > MAX_SEGMENTS {
            return None;
        }
        segments.sort_unstable();
        lines.push(segments);
    }
    Some(lines)
}

fn numbers(segment: &str) -> Option<Vec<i64>> {
    let mut numbers = vec![];
    let (mut value, mut shift) = (0_i64, 0_u32);
    for letter in segment.bytes() {
        let digit = i64::from(digit(letter)?);
        value |= (digit & 31).checked_shl(shift)?;
        if digit & 32 == 0 {
            numbers.push(if value & 1 == 1 { -(value >> 1) } else { value >> 1 });
            (value, shift) = (0, 0);
        } else {
            shift += 5;
            if shift > 55 {
                return None;
            }
        }
    }
    Some(numbers)
}

/// The bytes that a text in base 64 stands for.
pub fn bytes_of_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![];
    let (mut value, mut bits) = (0_u32, 0_u32);
    for letter in text.trim_end_matches('=').bytes().filter(|letter| !letter.is_ascii_whitespace()) {
        value = (value << 6) | u32::from(digit(letter)?);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((value >> bits) & 255).ok()?);
            value &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

const fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_led_back() {
        let map = r#"{"version":3,"sources":["../src/a.ts","b.ts"],"sourcesContent":["one",null],"mappings":"AAAA;EACE,SCAF"}"#;
        let map = SourceMap::read(map).unwrap();
        assert_eq!(map.sources.first().unwrap(), &("../src/a.ts".to_owned(), Some("one".to_owned())));
        assert_eq!(map.original(0, 5), Some((0, 0, 0)));
        assert_eq!(map.original(1, 2), Some((0, 1, 2)));
        assert_eq!(map.original(1, 12), Some((1, 1, 0)));
        assert_eq!(map.original(1, 0), None);
        assert_eq!(map.original(9, 0), None);
    }

    #[test]
    fn what_is_no_map_is_none() {
        for text in [
            "",
            "{",
            "[]",
            r#"{"mappings":"!"}"#,
            r#"{"mappings":"AAAD"}"#,
            r#"{"mappings":"gggggggggggggggg"}"#,
        ] {
            assert!(SourceMap::read(text).is_none(), "{text}");
        }
        assert!(SourceMap::read("{}").unwrap().original(0, 0).is_none());
    }

    #[test]
    fn base_64_is_read() {
        assert_eq!(bytes_of_base64("eyJ4IjoxfQ==").as_deref(), Some(br#"{"x":1}"#.as_slice()));
        assert_eq!(bytes_of_base64("!"), None);
    }
}
